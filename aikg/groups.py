"""The groups of a SPARQL query: what stands between which braces, as rdflib's parser sees it.

Only the lint reads queries so; what answers them never imports this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyparsing import ParseException
from rdflib import Literal, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from aikg.errors import QueryError


@dataclass
class Group:
    """A group of patterns between braces: what stands in it, and the groups within."""

    kind: str
    """`where`, `group`, `union`, `optional`, `exists`, `minus`, `graph` or `service`."""
    parent: Group | None = None
    triples: list[tuple[Any, Any, Any]] = field(default_factory=list)
    """Its triple patterns, as nodes of the parse tree."""
    filters: list[Any] = field(default_factory=list)
    """The expressions of its filters."""
    binds: list[str] = field(default_factory=list)
    """The variables that a BIND makes."""
    slots: list[str] = field(default_factory=list)
    """The variables of each VALUES that is left open."""
    children: list[Group] = field(default_factory=list)
    branches: tuple[Group, ...] = ()
    """In a union all its branches, this one among them."""

    def walk(self) -> Iterator[Group]:
        """This group and all within."""
        yield self
        for child in self.children:
            yield from child.walk()

    def outer(self) -> Iterator[Group]:
        """The groups around this one, the nearest first."""
        if self.parent:
            yield self.parent
            yield from self.parent.outer()

    @property
    def required(self) -> frozenset[str]:
        """The variables of the triple patterns that every row of the group matches."""
        return frozenset(str(term) for triple in self.triples for term in (triple[0], triple[2])
                         if isinstance(term, Variable))


def parse_tree(text: str, file: str) -> CompValue:
    """The parse tree of a query, without its prologue.

    Raises QueryError, with line where rdflib gives one, for what is not a SPARQL 1.1 query.
    """
    try:
        translateQuery(parseQuery(text))  # it changes its tree, and finds more than the grammar
        tree: CompValue = parseQuery(text)[1]
    except ParseException as error:
        raise QueryError(f"not SPARQL: {error.msg}", file, error.lineno) from error
    except Exception as error:  # rdflib has no class of its own for what its algebra refuses
        raise QueryError(f"not SPARQL: {error}", file) from error
    return tree


def groups(tree: CompValue) -> Group:
    """The outermost group of a query, with all within."""
    return _group(tree.where, "where", None)


_NESTED = {"OptionalGraphPattern": "optional", "MinusGraphPattern": "minus",
           "GraphGraphPattern": "graph", "ServiceGraphPattern": "service"}
_EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")


def _group(node: CompValue, kind: str, parent: Group | None) -> Group:
    group = Group(kind, parent)
    for part in (node.where if node.name == "SubSelect" else node).part or []:
        if part.name == "TriplesBlock":
            group.triples += [(run[at], bare(run[at + 1]), run[at + 2]) for run in part.triples
                              for at in range(0, len(run), 3)]
        elif part.name == "InlineData":
            group.slots += map(str, part.var if "UNDEF" in part.value else ())
        elif part.name in ("Filter", "Bind"):
            group.filters += [part.expr] * (part.name == "Filter")
            group.binds += [str(part.var)] * (part.name == "Bind")
            group.children += [_group(one.graph, "exists", group) for one in nodes(part.expr)
                               if one.name in _EXISTS]
        elif part.name == "GroupOrUnionGraphPattern":
            group.children += _branches(part.graph, group)
        else:
            group.children.append(_group(part.graph, _NESTED[part.name], group))
    return group


def _branches(graphs: list[CompValue], parent: Group) -> list[Group]:
    if len(graphs) == 1:
        return [_group(graphs[0], "group", parent)]
    branches = [_group(one, "union", parent) for one in graphs]
    for branch in branches:
        branch.branches = tuple(branches)
    return branches


def bare(node: Any) -> Any:
    """A node of the parse tree without the layers of the grammar that hold only it.

    A literal comes as such, and a path of one step without modifier as that step.
    """
    while isinstance(node, CompValue) and node.name not in ("pname", "literal"):
        inner = [value for value in node.values() if value not in (None, [], "")]
        if node.name.startswith(("Builtin", "Function", "Unary", "Aggregate")) or len(inner) != 1:
            return node
        node = inner[0][0] if isinstance(inner[0], list) and len(inner[0]) == 1 else inner[0]
    return node.string if isinstance(node, CompValue) and node.name == "literal" else node


def nodes(node: Any) -> Iterator[CompValue]:
    """All named nodes of a parse tree; of those in an EXISTS only the EXISTS itself."""
    if isinstance(node, CompValue):
        yield node
        if node.name not in _EXISTS:
            for value in node.values():
                yield from nodes(value)
    elif not isinstance(node, str) and isinstance(node, Iterable):
        for value in node:
            yield from nodes(value)


def variables(node: Any) -> set[str]:
    """The names of the variables of a node and all below it."""
    if isinstance(node, Variable):
        return {str(node)}
    if isinstance(node, str) or not isinstance(node, Iterable):
        return set()
    values = node.values() if isinstance(node, CompValue) else node
    return {name for value in values for name in variables(value)}


def is_text(node: Any) -> bool:
    """Whether a node is a literal that holds text: without datatype, or with a language."""
    return isinstance(node, Literal) and (node.datatype is None or bool(node.language))
