"""Lint: what DESIGN, section 7, demands of a stored query, rule by rule.

The structure of a query is read from rdflib's parser, so the rules see groups and expressions, not
text; a line is where the thing that a rule is about first stands.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyparsing import ParseException
from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from aikg import files
from aikg.errors import QueryError
from aikg.header import read_query
from aikg.names import AIKG, GRAPH, OWL, RDF, RDFS
from aikg.query import SLOT, Parameter, Query
from aikg.turtle import read


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong with a stored query."""

    file: str
    line: int
    """1-based."""
    rule: str
    message: str
    """What is wrong."""
    fix: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.rule}]; {self.fix}"


def lint(path: str, ontology: str | None = None) -> list[Finding]:
    """What is wrong with a .rq file, or with each one below a folder; sorted by file and line.

    `ontology` is the folder of the ontology's Turtle files; the package's own if None. Queries
    below a folder `check` hold rules, not questions, and are left out.
    Raises GraphError where the ontology does not parse, OSError where a file cannot be read.
    """
    terms = _terms(ontology or os.path.join(files.root(), "ontology"))
    named = list(_queries(path))
    cases = [case for case in (_read(file, name, terms) for file, name in named)]
    found = [finding for case in cases for finding in _findings(case)]
    return sorted({*found, *_shared_phrasings(cases)})


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Terms:
    """The terms of the ontology, by IRI."""

    classes: frozenset[str]
    properties: frozenset[str]
    others: frozenset[str]


@dataclass
class _Group:
    """A group of patterns between braces: what stands in it, and the groups within."""

    kind: str
    """`where`, `group`, `union`, `optional`, `exists`, `minus`, `graph` or `select`."""
    parent: _Group | None = None
    triples: list[tuple[Any, Any, Any]] = field(default_factory=list)
    filters: list[Any] = field(default_factory=list)
    binds: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    children: list[_Group] = field(default_factory=list)
    branches: tuple[_Group, ...] = ()
    """In a union all its branches, this one among them."""

    def walk(self) -> Iterator[_Group]:
        """This group and all within."""
        yield self
        for child in self.children:
            yield from child.walk()

    def outer(self) -> Iterator[_Group]:
        """The groups around this one, the nearest first."""
        if self.parent:
            yield self.parent
            yield from self.parent.outer()

    @property
    def required(self) -> frozenset[str]:
        """The variables of the triple patterns that every row of the group matches."""
        return frozenset(str(term) for triple in self.triples for term in (triple[0], triple[2])
                         if isinstance(term, Variable))


@dataclass(frozen=True)
class _Case:
    """One file under inspection."""

    file: str
    text: str
    terms: _Terms
    query: Query | None
    """What the header says; None where it is wrong."""
    tree: CompValue | None
    """The query as rdflib parses it; None where it does not."""
    errors: tuple[Finding, ...] = ()

    def finding(self, rule: str, at: str, message: str, fix: str) -> Finding:
        """A finding on the first line of the code, else of the file, that matches `at`."""
        match = re.search(at, self.code) or re.search(at, self.text)
        line = self.text.count("\n", 0, match.start()) + 1 if match else 1
        return Finding(self.file, line, rule, message, fix)

    @cached_property
    def code(self) -> str:
        """The text with comments, strings and IRIs blanked out, each character by a space."""
        return _INERT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), self.text)

    @cached_property
    def where(self) -> _Group:
        assert self.tree is not None
        return _group(self.tree.where, "where", None)

    @cached_property
    def triples(self) -> list[tuple[Any, Any, Any]]:
        return [triple for group in self.where.walk() for triple in group.triples]

    @property
    def projected(self) -> list[str]:
        assert self.tree is not None
        return [str(item.var or item.evar) for item in self.tree.projection or []]

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {one.name: one for one in self.query.parameters} if self.query else {}

    def iri(self, node: Any) -> str | None:
        """The IRI that a node of the parse tree stands for; None for any other node."""
        if isinstance(node, URIRef):
            return str(node)
        if not isinstance(node, CompValue) or node.name != "pname":
            return None
        namespace = re.search(rf"(?i)prefix\s+{node.prefix or ''}:\s*<([^>]*)>", self.text)
        return namespace[1] + (node.localname or "") if namespace else None


_INERT = re.compile(r'''<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*''')


def _queries(path: str) -> Iterator[tuple[str, str]]:
    """Path and shown name of each .rq file."""
    if os.path.isfile(path):
        yield path, path
        return
    for folder, folders, names in sorted(os.walk(path)):
        folders[:] = sorted(set(folders) - {"check"})
        yield from ((os.path.join(folder, name),) * 2 for name in sorted(names)
                    if name.endswith(".rq"))


def _terms(folder: str) -> _Terms:
    triples = [triple for name in sorted(os.listdir(folder)) if name.endswith(".ttl")
               for triple in read(os.path.join(folder, name))]
    kinds: dict[str, set[str]] = {"Class": set(), "Property": set(), "": set()}
    for triple in triples:
        if triple.predicate.value == RDF + "type" and triple.subject.value.startswith(AIKG):
            kind = str(triple.object.value).removeprefix(OWL)
            kinds["Class" if kind == "Class" else "Property" if kind.endswith("Property") else
                  ""].add(triple.subject.value)
    return _Terms(*(frozenset(kinds[key]) for key in ("Class", "Property", "")))


def _read(path: str, file: str, terms: _Terms) -> _Case:
    query = tree = None
    errors = []
    with open(path, encoding="utf-8", errors="replace") as stream:
        text = stream.read()
    try:
        query = read_query(path, file)
    except QueryError as error:
        message = str(error).removeprefix(f"{file}:{error.line}: ").removeprefix(f"{file}: ")
        errors.append(Finding(file, error.line or 1, "header", message, "correct the header"))
    try:
        translateQuery(parseQuery(text))
        tree = parseQuery(text)[1]
    except ParseException as error:
        errors.append(Finding(file, error.lineno, "syntax", f"not SPARQL: {error.msg}",
                              "write a query that SPARQL 1.1 allows"))
    except Exception as error:  # noqa: BLE001 - rdflib says what is wrong by a bare Exception
        errors.append(Finding(file, 1, "syntax", f"not SPARQL: {error}",
                              "write a query that SPARQL 1.1 allows"))
    return _Case(file, text, terms, query, tree, tuple(errors))


_NESTED = {"OptionalGraphPattern": "optional", "MinusGraphPattern": "minus",
           "GraphGraphPattern": "graph", "ServiceGraphPattern": "service"}


def _group(node: CompValue, kind: str, parent: _Group | None) -> _Group:
    """The group that a node of the parse tree stands for, with all within."""
    group = _Group(kind, parent)
    for part in (node.where if node.name == "SubSelect" else node).part or []:
        if part.name == "TriplesBlock":
            group.triples += [_triple(run[at:at + 3]) for run in part.triples
                              for at in range(0, len(run), 3)]
        elif part.name == "InlineData":
            group.slots += [str(name) for name in part.var] if "UNDEF" in part.value else []
        elif part.name == "Filter":
            group.filters.append(part.expr)
        elif part.name == "Bind":
            group.binds.append(str(part.var))
        elif part.name == "GroupOrUnionGraphPattern":
            inner = "union" if len(part.graph) > 1 else "group"
            branches = [_group(one, inner, group) for one in part.graph]
            for branch in branches:
                branch.branches = tuple(branches)
            group.children += branches
        else:
            group.children.append(_group(part.graph, _NESTED[part.name], group))
        if part.name in ("Filter", "Bind"):
            group.children += [_group(one.graph, "exists", group) for one in _nodes(part.expr)
                               if one.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS")]
    return group


def _triple(run: Any) -> tuple[Any, Any, Any]:
    """A triple of the parse tree, its path of one step without modifier as that step."""
    subject, path, target = run
    return subject, _bare(path), target


def _bare(node: Any) -> Any:
    """A node without the layers of the grammar that hold only it."""
    while isinstance(node, CompValue) and node.name not in ("pname", "literal"):
        inner = [value for key, value in node.items() if value not in (None, [], "")]
        if node.name.startswith(("Builtin", "Function", "Unary", "Aggregate")) or len(inner) != 1:
            return node
        node = inner[0][0] if isinstance(inner[0], list) and len(inner[0]) == 1 else inner[0]
    return node.string if isinstance(node, CompValue) and node.name == "literal" else node


def _nodes(node: Any) -> Iterator[CompValue]:
    """All named nodes of a parse tree, those in the patterns of EXISTS left out."""
    if isinstance(node, CompValue):
        yield node
        if node.name not in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            for value in node.values():
                yield from _nodes(value)
    elif not isinstance(node, str) and isinstance(node, Iterable):
        for value in node:
            yield from _nodes(value)


def _variables(node: Any) -> set[str]:
    """The variables of an expression."""
    if isinstance(node, Variable):
        return {str(node)}
    if isinstance(node, str) or not isinstance(node, Iterable):
        return set()
    values = node.values() if isinstance(node, CompValue) else node
    return {name for value in values for name in _variables(value)}


# --- rules -----------------------------------------------------------------------------------

Found = Iterator[Finding]


def _findings(case: _Case) -> Found:
    yield from case.errors
    for rule in TEXT_RULES:
        yield from rule(case)
    if case.tree is not None:
        for rule in TREE_RULES:
            yield from rule(case)
    if case.tree is not None and case.query is not None:
        for rule in QUERY_RULES:
            yield from rule(case)


def _slot_lines(case: _Case) -> Found:
    for match in re.finditer(r"VALUES[^{}]*\{[^{}]*\bUNDEF\b[^{}]*\}", case.code, re.IGNORECASE):
        if not SLOT.fullmatch(match[0]):
            yield case.finding(
                "slot-line", re.escape(match[0]), "a slot that the binder does not see",
                "write VALUES ?name { UNDEF } on one line, with just these spaces")


def _outside(case: _Case) -> Found:
    for match in re.finditer(r"(?i)(?<![?$:\w])(SERVICE|FROM|LOAD|INSERT|DELETE|CLEAR|DROP|CREATE)"
                             r"(?![:\w])", case.code):
        yield case.finding(
            "outside", rf"(?<![?$:\w]){match[1]}\b", f"{match[1].upper()} reaches outside the graph",
            "ask only the built graph, and only read it")


def _star(case: _Case) -> Found:
    if any(node.name in ("SelectQuery", "SubSelect") and not node.projection
           for node in _nodes(case.tree)):
        yield case.finding("select-star", r"(?i)select\s+(\w+\s+)?\*", "SELECT * hides the columns",
                           "name the variables")


def _order(case: _Case) -> Found:
    assert case.tree is not None
    if case.tree.name != "SelectQuery":
        return
    missing = set(case.projected) - _variables(case.tree.orderby or [])
    if missing:
        yield case.finding(
            "order", r"(?i)order\s+by|select", "the order of the rows is left open: ORDER BY lacks "
            + ", ".join(f"?{name}" for name in sorted(missing)), "add them at its end")


def _limit(case: _Case) -> Found:
    for node in _nodes(case.tree):
        if node.name in ("SelectQuery", "SubSelect") and node.limitoffset and not node.orderby:
            yield case.finding("limit", r"(?i)\b(limit|offset)\b", "LIMIT without ORDER BY takes "
                               "any rows", "add ORDER BY, or leave the limit out")


def _aggregate(case: _Case) -> Found:
    for node in _nodes(case.tree):
        if node.name in ("Aggregate_GroupConcat", "Aggregate_Sample"):
            name = "GROUP_CONCAT" if node.name == "Aggregate_GroupConcat" else "SAMPLE"
            yield case.finding("aggregate", f"(?i){name}", f"{name} makes rows that engines "
                               "differ in", "project the variable; the renderer groups")


def _text_compare(case: _Case) -> Found:
    texts = {name for name, one in case.parameters.items() if one.type == "text"}

    def raw(node: Any, *, plain: bool) -> bool:
        """Whether a bare variable (plain: or a text itself) stands there."""
        bare = _bare(node)
        return isinstance(bare, Variable) or plain and _is_text(bare)

    for group in case.where.walk():
        for _, _, target in group.triples:
            if _is_text(_bare(target)) or isinstance(target, Variable) and str(target) in texts:
                yield case.finding(
                    "text", r'"' if _is_text(_bare(target)) else rf"\?{target}\b",
                    "a pattern finds only the very same text, in the same language",
                    "compare in a FILTER with STR or LCASE")
        for node in (one for expression in group.filters for one in _nodes(expression)):
            if node.name == "RelationalExpression" and node.op:
                sides = [node.expr, *(node.other if node.op in ("IN", "NOT IN") else [node.other])]
                compares = any(_is_text(_bare(side)) or _variables(side) & texts for side in sides)
                wrong = compares and any(raw(side, plain=False) for side in sides)
            else:
                first = node.arg1 or node.text
                wrong = node.name in _TEXT_TESTS and raw(first, plain=False)
            if wrong:
                names = sorted(_variables(node))
                yield case.finding("text", rf"(?i)filter.*\?{names[0]}\b" if names else "FILTER",
                                   "a text is compared as a term, language and all",
                                   "put STR or LCASE around each side that is a variable")


_TEXT_TESTS = ("Builtin_CONTAINS", "Builtin_STRSTARTS", "Builtin_STRENDS", "Builtin_REGEX")


def _is_text(node: Any) -> bool:
    return isinstance(node, Literal) and (node.datatype is None or bool(node.language))


def _once(case: _Case) -> Found:
    inside = _variables([case.tree.where]) if case.tree is not None else set()
    for name in case.projected:
        if name not in inside and not re.search(rf"(?i)\bas\s+\?{name}\b", case.code):
            yield case.finding("once", rf"\?{name}\b", f"?{name} is projected and never bound",
                               "bind it in WHERE, or leave it out")
    for name, count in Counter(re.findall(r"[?$](\w+)", case.code)).items():
        if count == 1:
            yield case.finding("once", rf"[?$]{name}\b", f"?{name} stands there only once",
                               "correct its name, or write [] for what has no name")


def _terms_exist(case: _Case) -> Found:
    known = case.terms.classes | case.terms.properties | case.terms.others
    used = {iri for node in _nodes(case.tree) if (iri := case.iri(node))}
    used |= {str(iri) for triple in case.triples for iri in triple if isinstance(iri, URIRef)}
    if case.query:
        used |= {part[1:-1] for pattern in case.query.evidence for part in pattern
                 if part.startswith("<")}
        used |= {one.of for one in case.query.parameters if one.of}
    for iri in sorted(used - known):
        if iri.startswith(AIKG):
            yield _no_term(case, iri, "is not in the ontology")
    for _, predicate, target in case.triples:
        iri, kind = case.iri(predicate) or "", case.iri(target) or ""
        if iri in known - case.terms.properties:
            yield _no_term(case, iri, "is not a property")
        if iri == RDF + "type" and kind in known - case.terms.classes:
            yield _no_term(case, kind, "is not a class")


def _no_term(case: _Case, iri: str, what: str) -> Finding:
    name = iri.removeprefix(AIKG)
    return case.finding("term", rf"\b{name}\b", f"aikg:{name} {what}",
                        "correct the name, or add the term to the ontology")


def _slot_places(case: _Case) -> Found:
    for name, parameter in case.parameters.items():
        places = [group for group in case.where.walk() if name in group.slots]
        at = rf"VALUES \?{name} "
        if not places:
            yield case.finding("slot-place", at, f"the slot {name} stands outside WHERE",
                               "put it into the group that it is for")
        for group in places:
            if not (name in group.required or parameter.required or _guarded(group, name)):
                yield case.finding(
                    "slot-place", at, f"left empty, the slot {name} leaves ?{name} unbound there",
                    "put it beside a triple pattern with the variable, make it required, or guard "
                    f"its FILTER with !BOUND(?{name})")
            for inner in (group, *group.outer()):
                if inner.kind in ("optional", "exists", "minus"):
                    yield case.finding("slot-branch", at, f"in {inner.kind.upper()} the slot {name}"
                                       " does not restrict the rows", "put it outside")
                if any(name not in (slot for one in branch.walk() for slot in one.slots)
                       for branch in inner.branches):
                    yield case.finding("slot-branch", at, f"a branch of the UNION has no slot {name}"
                                       ": its rows come whatever is asked",
                                       "put the slot into each branch, or before the UNION")


def _guarded(group: _Group, name: str) -> bool:
    """Whether a filter of the group lets every row pass while the variable is unbound."""
    return any(node.name == "UnaryNot" and isinstance(node.expr, CompValue)
               and node.expr.name == "Builtin_BOUND" and str(_bare(node.expr.arg)) == name
               for expression in group.filters for node in _nodes(expression))


def _slot_uses(case: _Case) -> Found:
    made = {name for group in case.where.walk() for name in group.binds}
    made |= {str(item.evar) for item in case.tree.projection or [] if item.evar} \
        if case.tree is not None else set()
    for name in case.parameters:
        if any(isinstance(verb, Variable) and str(verb) == name for _, verb, _ in case.triples):
            yield case.finding("slot-predicate", rf"\?{name}\b", f"the slot {name} is a predicate",
                               "name the predicates in the query")
        if name in made:
            yield case.finding("slot-bound", rf"(?i)\bas\s+\?{name}\b", f"?{name} is a slot and "
                               "the target of AS", "give the result another name")


def _bind_scope(case: _Case) -> Found:
    for group in case.where.walk():
        for name in group.binds:
            if any(name in outer.required for outer in group.outer()):
                yield case.finding(
                    "bind-scope", rf"(?i)\bas\s+\?{name}\b", f"?{name} is bound here and matched "
                    "outside the braces, which rdflib does not join", "give it another name")


def _graphs(case: _Case) -> Found:
    assert case.query is not None
    used = {case.iri(node.term) for node in _nodes(case.tree) if node.name == "GraphGraphPattern"}
    named = {GRAPH + name for name in case.query.graphs}
    if used - named:
        yield case.finding("graph", r"(?i)\bgraph\s+[\w?$<]", "GRAPH reads what the header does not "
                           "name", "list the graph under `graphs`, by a constant name")
    if named - used:
        yield case.finding("graph", r"#\+\s+graphs:", "the header names a graph that is not read",
                           "leave it out")


def _projection(case: _Case) -> Found:
    assert case.query is not None
    evidence = {part[1:] for pattern in case.query.evidence for part in pattern
                if part.startswith("?")}
    for name in sorted(evidence - set(case.projected)):
        yield case.finding("evidence", rf"#\+\s+- .*\?{name}\b", f"evidence rests on ?{name}, which "
                           "is not projected", "add it to SELECT")
    for name in sorted(set(case.query.columns) - set(case.projected)):
        yield case.finding("columns", r"#\+\s+columns:", f"the column {name} is not projected",
                           "add it to SELECT")
    if not case.query.columns:
        yield case.finding("columns", r"#\+ x-aikg:", "no columns", "list what is shown: columns")


def _phrasing_slots(case: _Case) -> Found:
    assert case.query is not None
    for text in case.query.phrasings:
        for name in set(re.findall(r"\{(\w+)\}", text)) - set(case.parameters):
            yield case.finding("phrasing", re.escape(text), f"the phrasing has {{{name}}}, which is "
                               "no slot", "name a slot under `params`")


def _denials(case: _Case) -> Found:
    """Section 5: what is denied must not look like what is affirmed."""
    verbs = {case.iri(verb) for _, verb, _ in case.triples}
    reads = {AIKG + "object", AIKG + "value"} & verbs
    if reads and not verbs & {AIKG + "denied", RDFS + "comment"}:
        yield case.finding("denied", r"aikg:(object|value)\b", "a denied claim would look affirmed",
                           "filter by aikg:denied, or show it or the claim's comment")


def _shared_phrasings(cases: Iterable[_Case]) -> Found:
    """The same phrasing in two queries: a question that reads two ways."""
    first: dict[str, _Case] = {}
    for case in cases:
        for text in case.query.phrasings if case.query else ():
            other = first.setdefault(" ".join(text.lower().split()), case)
            if other is not case:
                yield case.finding("phrasing", re.escape(text), f"{other.file} has the phrasing too",
                                   "leave it to one of them")


Rule = Callable[[_Case], Found]
TEXT_RULES: tuple[Rule, ...] = (_slot_lines, _outside)
TREE_RULES: tuple[Rule, ...] = (
    _star, _order, _limit, _aggregate, _text_compare, _once, _terms_exist, _slot_places, _slot_uses,
    _bind_scope, _denials)
QUERY_RULES: tuple[Rule, ...] = (_graphs, _projection, _phrasing_slots)
