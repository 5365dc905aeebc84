"""A picture: things, and the relations between them, with how firmly each is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aikg.answer import GRADES, Answer, Term
from aikg.card import Card, card_of
from aikg.errors import NoAnswer
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, RDF, compact
from aikg.relation import Relation, around, behind

MOST = 24
"""Relations that a picture shows unless all are wanted: more are hard to read."""
KINDS: Mapping[str, frozenset[str]] = {
    "money": frozenset("""funds drawsCapitalFrom dependsOnCapitalOf earnsFrom participatesIn
                       isRoundOf opensCapitalNetworksTo""".split()),
    "compute": frozenset({"suppliesTo"}),
    "rivalry": frozenset({"competesWith"}),
}
"""What each kind of relation consists of: properties, with all below them and their inverses."""
COLOURS: Mapping[str, str] = {
    "money": "#1a7f37", "compute": "#8250df", "rivalry": "#c0342b", "other": "#6e7781"}
"""On a light ground; templates/tokens.css has those on a dark one."""
WIDTHS: Mapping[str, float] = {"money": 3, "compute": 5, "rivalry": 2, "other": 1.5}
"""Widths of lines, in pixels."""
FIRM, WEAK, DERIVED = "solid", "dashed", "dotted"
Address = Callable[[str], str | None]


SAFE = ("https://", "http://")
"""How an address begins that a reader may be sent to; `javascript:` is an IRI too."""


def address(iri: str) -> str | None:
    """The IRI if it may stand in a link; else None."""
    return iri if iri.startswith(SAFE) else None


@dataclass(frozen=True)
class Node:
    """A thing of a picture."""

    label: str
    iri: str | None
    """None for a value."""
    focus: bool
    """Whether the picture is about it."""
    group: bool
    """Whether it stands for several agents together."""


@dataclass(frozen=True)
class Edge:
    """A relation of a picture, between two nodes by their index."""

    source: int
    target: int
    label: str
    kind: str
    """`money`, `compute`, `rivalry` or `other`."""
    grade: str | None
    both: bool
    """Whether it holds both ways."""
    denied: bool = False

    @property
    def stroke(self) -> str:
        """`solid` where it is said outright, `dotted` where it follows, `dashed` for the rest."""
        if self.grade in ("stated", "evaluated", None) and not self.denied:
            return FIRM
        return DERIVED if self.grade == "inferred" else WEAK


@dataclass(frozen=True)
class Picture:
    """Nodes and edges, with a title."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0
    """Relations that are known beside those shown."""

    @property
    def description(self) -> str:
        """The picture in words: each relation, with its grade."""
        said = [f"{self.nodes[edge.source].label} {edge.label} {self.nodes[edge.target].label}"
                + (f" ({edge.grade})" if edge.grade else "") for edge in self.edges]
        more = [f"{self.left_out} more are not shown"] if self.left_out else []
        return "; ".join([*said, *more]) + "."

    def svg(self) -> str:
        """The picture as an SVG document. Raises AikgError without the extra `draw`."""
        from aikg.svg import document

        return document(self)

    def mermaid(self) -> str:
        """The picture as a Mermaid flowchart."""
        from aikg.diagram import mermaid

        return mermaid(self)

    def dot(self) -> str:
        """The picture in Graphviz's language DOT."""
        from aikg.diagram import dot

        return dot(self)

    def __repr__(self) -> str:
        return f"<Picture {self.title}: {len(self.nodes)} nodes, {len(self.edges)} edges>"

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(what: str | Answer, graph: Graph, most: int | None = MOST) -> Picture:
    """The picture of an answer, of a stored query (by its name), or of a thing.

    It shows at most so many relations, all if `most` is None. Raises NoAnswer where there is
    nothing to draw, and as Graph.run and reference.find do.
    """
    if isinstance(what, str) and what in graph.catalog.content["queries"]:
        what = graph.run(what)
    if isinstance(what, Answer):
        return of_answer(what, graph, most)
    from aikg.reference import find

    return of_card(card_of(find(what, graph.lexicon, graph.engine), graph), graph, most)


def of_answer(answer: Answer, graph: Graph, most: int | None = MOST) -> Picture:
    """The picture of an answer. Raises NoAnswer where there is nothing to draw."""
    title = graph.catalog.query(answer.query).summary if answer.query else "Answer"
    return picture(title, behind(answer, graph), graph.lexicon, (), most)


def of_card(card: Card, graph: Graph, most: int | None = MOST) -> Picture:
    """The picture of what a card is of. Raises NoAnswer where there is nothing to draw."""
    return picture(card.label, around(card, graph), graph.lexicon, (card.iri,), most)


def picture(
    title: str, relations: Iterable[Relation], lexicon: Lexicon, focus: Sequence[str] = (),
    most: int | None = MOST,
) -> Picture:
    """The picture of some relations, at most so many: money, compute and rivalry come first.

    `focus` holds the IRIs of the things that it is about. Raises NoAnswer without any relation.
    """
    found = sorted(_merged(relations, lexicon), key=lambda one: _rank(one, lexicon))
    if not found:
        raise NoAnswer(f"nothing to draw: no relation is claimed of {title}")
    shown = found[:most]
    terms = {_key(term, place): term for one in shown for place, term in _ends(one)}
    nodes = tuple(_node(term, lexicon, focus) for term in terms.values())
    index = {key: number for number, key in enumerate(terms)}
    edges = []
    for one in shown:
        source, target = (index[_key(term, place)] for place, term in _ends(one))
        edges.append(Edge(source, target, _label(one, lexicon), kind_of(one.predicate, lexicon),
                          one.grade, _both(one.predicate, lexicon), one.denied))
    return Picture(title, nodes, tuple(edges), len(found) - len(shown))


def _ends(one: Relation) -> tuple[tuple[str, Term], tuple[str, Term]]:
    """Both ends, each with its place; what a thing is to itself leads to a second box of it."""
    return ("", one.subject), ("again" if one.subject == one.object else "", one.object)


def _key(term: Term, place: str) -> str:
    return f"{place}{term}"


def kind_of(predicate: str, lexicon: Lexicon) -> str:
    """Which kind of relation a property (its IRI) is: a key of KINDS, or `other`."""
    curie = compact(predicate)
    names = {curie, lexicon.inverse.get(curie, curie)}
    names |= {above for name in names for above in lexicon.above.get(name, ())}
    names |= {lexicon.inverse[name] for name in names if name in lexicon.inverse}
    local = {name.removeprefix("aikg:") for name in names}
    return next((kind for kind, properties in KINDS.items() if local & properties), "other")


def _merged(relations: Iterable[Relation], lexicon: Lexicon) -> list[Relation]:
    """The relations; one that holds both ways only once."""
    kept: dict[object, Relation] = {}
    for one in relations:
        ends = (str(one.subject), str(one.object))
        same = frozenset(ends) if _both(one.predicate, lexicon) else ends
        kept.setdefault((same, one.predicate, one.denied), one)
    return list(kept.values())


def _both(predicate: str, lexicon: Lexicon) -> bool:
    return lexicon.inverse.get(compact(predicate)) == compact(predicate)


def _rank(one: Relation, lexicon: Lexicon) -> tuple[int, int, str, str, str]:
    kinds = [*KINDS, "other"]
    agents = all("aikg:Agent" in lexicon.types.get(compact(term.value), ())
                 for term in (one.subject, one.object))
    grade = GRADES.index(one.grade) if one.grade else len(GRADES)
    return (2 * kinds.index(kind_of(one.predicate, lexicon)) + (not agents), grade,
            one.predicate, str(one.subject), str(one.object))


def _node(term: Term, lexicon: Lexicon, focus: Sequence[str]) -> Node:
    if not isinstance(term, NamedNode):
        return Node(term.value, None, False, False)
    group = "aikg:Group" in lexicon.types.get(compact(term.value), ())
    return Node(lexicon.label(term.value), term.value, term.value in focus, group)


def _label(one: Relation, lexicon: Lexicon) -> str:
    is_type = one.predicate == RDF + "type"
    label = "is a" if is_type else lexicon.label(one.predicate)
    if not one.predicate.startswith(AIKG) and not is_type:
        label = compact(one.predicate)
    return f"denied: {label}" if one.denied else label
