"""Turtle in one normal form: read with pyoxigraph, written by us, byte for byte the same.

The normal form is the layout in which the authored files are kept: prefixes sorted, one block per
subject that starts at column 0, terms before individuals, predicates and objects in a fixed order.
Blank nodes are written inline and unlabelled (RDF 1.1 Turtle, section 2.6 to 2.8); only one that
two axioms have to share may be written by its label.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from aikg.errors import GraphError
from aikg.names import OWL, PREFIXES, RDF, RDFS, SKOS, XSD, compact

Node = NamedNode | BlankNode | Literal | Triple
"""What may stand in a triple; a triple itself (RDF 1.2) cannot be written in the normal form."""

WIDTH = 100
INDENT = "    "
INDENT_WIDTH = len(INDENT)
SUBJECT_RANK = {
    OWL + "Ontology": 0,
    OWL + "Class": 1,
    OWL + "ObjectProperty": 2,
    OWL + "DatatypeProperty": 3,
    OWL + "AnnotationProperty": 4,
}
PREDICATE_ORDER = (
    RDF + "type",
    RDFS + "subClassOf",
    OWL + "equivalentClass",
    OWL + "disjointWith",
    RDFS + "subPropertyOf",
    OWL + "propertyChainAxiom",
    OWL + "inverseOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "onProperty",
    *(OWL + name for name in (
        "annotatedSource", "annotatedProperty", "annotatedTarget",
        "sourceIndividual", "assertionProperty", "targetIndividual", "targetValue")),
    RDFS + "label",
    SKOS + "altLabel",
    SKOS + "definition",
    SKOS + "example",
    SKOS + "scopeNote",
    *(f"https://w3id.org/aikg/ontology/{name}" for name in (
        "subject", "predicate", "object", "value", "denied", "modality", "condition",
        "contradicts", "dimension", "comparedWith", "amount", "bound", "unit", "deal",
        "attributedTo", "validFrom", "validUntil", "validUntilEvent", "precision", "statedIn",
        "reading", "toReview")),
    RDFS + "comment",
)
LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
LIST_CELL = frozenset({RDF + "first", RDF + "rest"})


def read(path: str) -> list[Triple]:
    """The triples of a Turtle file, in the order of the file.

    Raises GraphError with file, line and the parser's message for a file that is not Turtle.
    """
    try:
        with open(path, "rb") as file:
            return [quad.triple for quad in parse(file, RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise GraphError(f"{error.msg}", file=path, line=error.lineno) from error
    except OSError as error:
        raise GraphError(error.strerror or str(error), file=path) from error


def write(
    triples: Iterable[Triple], prefixes: Mapping[str, str] = PREFIXES,
    labelled: Collection[BlankNode] = (),
) -> str:
    """The triples as Turtle in normal form.

    `prefixes` maps prefix names to namespaces; only those that are used are declared. The blank
    nodes in `labelled` are written by their labels, which the caller must choose so that they stay.
    Raises ValueError for another that is used twice or within a cycle: it has no inline form.
    """
    return _Writer(triples, prefixes, labelled).text()


class _Writer:
    """One document being written: the triples by subject, and the prefixes met so far."""

    def __init__(
        self, triples: Iterable[Triple], prefixes: Mapping[str, str],
        labelled: Collection[BlankNode],
    ) -> None:
        self.prefixes = prefixes
        self.labelled = frozenset(labelled)
        self.used: set[str] = set()
        self.by_subject: dict[Node, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self.inline: set[Node] = set()
        for triple in dict.fromkeys(triples):
            self.by_subject[triple.subject][triple.predicate].append(triple.object)
            self._note_use(triple.object)

    def _note_use(self, node: Node) -> None:
        if isinstance(node, BlankNode) and node not in self.labelled:
            if node in self.inline:
                raise ValueError(f"blank node used twice: {node}")
            self.inline.add(node)

    def text(self) -> str:
        written: set[Node] = set()
        subjects = sorted(set(self.by_subject) - self.inline, key=self._subject_key)
        blocks = [self._block(subject, written) for subject in subjects]
        if len(written) != len(self.by_subject):
            raise ValueError("blank nodes in a cycle")
        head = [f"@prefix {name}: <{self.prefixes[name]}> ." for name in sorted(self.used)]
        return "\n\n".join(["\n".join(head)] * bool(head) + blocks) + "\n"

    def _subject_key(self, subject: Node) -> tuple[object, ...]:
        types = self.by_subject[subject].get(NamedNode(RDF + "type"), [])
        rank = min((SUBJECT_RANK.get(iri(node), 5) for node in types), default=5)
        if isinstance(subject, BlankNode):
            return (6, 0, [self._term(node, 0, set()) for node in types],
                    natural(self._properties(subject, 1, set())))
        return (rank, *natural(iri(subject)))

    def _block(self, subject: Node, written: set[Node]) -> str:
        inline = isinstance(subject, BlankNode) and subject not in self.labelled
        name = "[]" if inline else self._term(subject, 0, written)
        return f"{name}\n{INDENT}{self._properties(subject, 1, written)} ."

    def _properties(self, subject: Node, depth: int, written: set[Node]) -> str:
        written.add(subject)
        margin = "\n" + INDENT * depth
        by_predicate = self.by_subject[subject]
        lines = []
        for predicate in sorted(by_predicate, key=predicate_key):
            name = "a" if iri(predicate) == RDF + "type" else self._term(predicate, depth, written)
            texts = sorted(
                (self._term(node, depth, written) for node in by_predicate[predicate]), key=natural)
            joined = ", ".join(texts)
            if len(texts) > 1 and len(joined) + len(name) + 4 * depth > WIDTH:
                joined = ("," + margin + INDENT).join(["", *texts])[1:]
                lines.append(name + joined)
            else:
                lines.append(f"{name} {joined}")
        return (" ;" + margin).join(lines)

    def _term(self, node: Node, depth: int, written: set[Node]) -> str:
        if isinstance(node, NamedNode):
            return self._iri(node.value)
        if isinstance(node, BlankNode):
            return (str(node) if node in self.labelled else
                    self._blank(node, depth, written))
        return self._literal(node)

    def _iri(self, iri: str) -> str:
        curie = compact(iri, self.prefixes)
        prefix, colon, local = curie.partition(":")
        if curie == iri or not colon or (local and not LOCAL_NAME.fullmatch(local)):
            return str(NamedNode(iri))
        self.used.add(prefix)
        return curie

    def _blank(self, node: BlankNode, depth: int, written: set[Node]) -> str:
        if NamedNode(RDF + "first") in self.by_subject[node]:
            return self._collection(self._members(node, depth + 1, written), depth)
        text = self._properties(node, depth + 1, written)
        lines = [line.strip() for line in text.split("\n")]
        if len(" ".join(lines)) + INDENT_WIDTH * depth <= WIDTH:
            return f"[ {' '.join(lines)} ]"
        return f"[\n{INDENT * (depth + 1)}{text}\n{INDENT * depth}]"

    def _collection(self, members: list[str], depth: int) -> str:
        flat = " ".join(members)
        if "\n" not in flat and len(flat) + INDENT_WIDTH * depth < WIDTH - 30:
            return f"( {flat} )"
        margin = "\n" + INDENT * (depth + 1)
        return "(" + margin + margin.join(members) + "\n" + INDENT * depth + ")"

    def _members(self, node: Node, depth: int, written: set[Node]) -> list[str]:
        texts = []
        while iri(node) != RDF + "nil":
            written.add(node)
            if {iri(predicate) for predicate in self.by_subject[node]} != LIST_CELL:
                raise ValueError(f"more than a list cell: {node}")
            [first] = self.by_subject[node][NamedNode(RDF + "first")]
            texts.append(self._term(first, depth, written))
            [node] = self.by_subject[node][NamedNode(RDF + "rest")]
        return texts

    def _literal(self, node: Node) -> str:
        if not isinstance(node, Literal):
            raise ValueError(f"no Turtle for {node}")
        datatype = node.datatype.value
        if not node.language and datatype == XSD + "boolean" and node.value in ("true", "false"):
            return node.value
        if datatype == XSD + "integer" and re.fullmatch(r"[+-]?[0-9]+", node.value):
            return node.value
        if datatype == XSD + "decimal" and re.fullmatch(r"[+-]?[0-9]*\.[0-9]+", node.value):
            return node.value
        if datatype.startswith(XSD) and datatype != XSD + "string":
            quoted = str(Literal(node.value))
            return f"{quoted}^^{self._iri(datatype)}"
        return str(node)


def natural(text: str) -> list[object]:
    """A sort key in which `p9` comes before `p10`.

    Each run of digits counts as a number (by its length, then its digits), each other run as text;
    the end comes first, and texts that count alike (`p1`, `p01`) go by their letters.
    """
    key: list[object] = []
    for part in re.split(r"([0-9]+)", text):
        digits = part.lstrip("0")
        if part:
            key.append((0, len(digits), digits) if part[0] in "0123456789" else (1, part))
    return [*key, (-1, text)]


def predicate_key(predicate: Node) -> tuple[int, str]:
    """A sort key for predicates: those of PREDICATE_ORDER first."""
    name = iri(predicate)
    known = PREDICATE_ORDER.index(name) if name in PREDICATE_ORDER else len(PREDICATE_ORDER)
    return known, name


def iri(node: Node) -> str:
    """The IRI of a term; empty for one that is none."""
    return node.value if isinstance(node, NamedNode) else ""
