"""Lint: what DESIGN, section 7, demands of a stored query, rule by rule.

The rules see groups and expressions, not text; what is wrong is shown at the first line where the
thing it is about stands.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from aikg import files
from aikg.catalog import OUTSIDE
from aikg.groups import Group, bare, is_text, nodes, variables
from aikg.inspection import Case, Finding, Hit, Rule, Text, read_case, read_terms
from aikg.names import AIKG, GRAPH, RDF, RDFS, expand
from aikg.query import FEDERATED, SLOT

__all__ = ["Finding", "lint"]

SERVICES = {"https://query.wikidata.org/sparql", "https://dbpedia.org/sparql"}
"""The endpoints that a federated query may name."""


def lint(path: str, ontology: str | None = None) -> list[Finding]:
    """What is wrong with a .rq file, or with each one below a folder; sorted by file and line.

    `ontology` is the folder of the ontology's Turtle files; the package's own if None. Queries in
    a folder `check` hold rules, not questions, and are left out.
    Raises GraphError where the ontology does not parse, OSError where a file cannot be read.
    """
    terms = read_terms(ontology or os.path.join(files.root(), "ontology"))
    found: set[Finding] = set()
    cases: list[Case] = []
    for file in _files(path):
        case = read_case(file, terms)
        found |= {*case.errors, *case.findings(TEXT_RULES)}
        if isinstance(case, Case):
            cases.append(case)
            found |= {*case.findings(RULES)}
    return sorted(found | {*_shared_phrasings(cases)})


def _files(path: str) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = sorted({*folders} - {"check"})
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".rq"))


# --- rules on the text, which need no sound query --------------------------------------------


def _slot_lines(case: Text) -> Iterator[Hit]:
    for match in re.finditer(r"(?i)VALUES[^{}]*\{[^{}]*\bUNDEF\b[^{}]*\}", case.code):
        if not SLOT.fullmatch(match[0]):
            yield re.escape(match[0]), "a slot that the binder does not see"


def _outside(case: Text) -> Iterator[Hit]:
    federated = isinstance(case, Case) and FEDERATED in case.query.tags
    for match in re.finditer(r"(?i)(?<![?$:\w])(SERVICE|FROM|LOAD|INSERT|DELETE|CLEAR|DROP|CREATE)"
                             r"(?![:\w])", case.code):
        if federated and match[1].upper() == "SERVICE":
            continue
        yield rf"(?<![?$:\w]){match[1]}\b", f"{match[1].upper()} reaches outside the graph"


# --- rules on the query as a whole -----------------------------------------------------------


def _star(case: Case) -> Iterator[Hit]:
    if not all(node.projection for node in case.selects):
        yield r"(?i)select\s+(\w+\s+)?\*", "SELECT * hides the columns"


def _order(case: Case) -> Iterator[Hit]:
    at = r"(?i)order\s+by" if case.tree.orderby else r"(?i)\bselect\b"
    for name in {*case.projected} - variables(case.tree.orderby):
        yield at, f"the order is left open: ORDER BY lacks ?{name}"


def _limit(case: Case) -> Iterator[Hit]:
    if any(node.limitoffset and not node.orderby for node in case.selects):
        yield r"(?i)\b(limit|offset)\b", "LIMIT without ORDER BY takes any rows"


def _aggregate(case: Case) -> Iterator[Hit]:
    forbidden = {"Aggregate_GroupConcat": "GROUP_CONCAT", "Aggregate_Sample": "SAMPLE"}
    for node in nodes(case.tree):
        if node.name in forbidden:
            name = forbidden[node.name]
            yield f"(?i){name}", f"what {name} gives differs from engine to engine"


def _once(case: Case) -> Iterator[Hit]:
    for name in {*case.projected} - variables(case.tree.where) - case.made:
        yield rf"\?{name}\b", f"?{name} is projected and never bound"
    for name, count in Counter(re.findall(r"[?$](\w+)", case.code)).items():
        if count == 1:
            yield rf"[?$]{name}\b", f"?{name} stands there only once"


def _bind_scope(case: Case) -> Iterator[Hit]:
    for group in case.groups:
        for name in group.binds:
            if any(name in outer.required for outer in group.outer()):
                yield (rf"(?i)\bas\s+\?{name}\b",
                       f"?{name} is bound here and matched outside, which rdflib does not join")


def _denied(case: Case) -> Iterator[Hit]:
    verbs = {case.iri(verb) for _, verb, _ in case.triples}
    if verbs & {AIKG + "object", AIKG + "value"} and not verbs & {
            AIKG + "denied", RDFS + "comment"}:
        yield r"aikg:(object|value)\b", "a denied claim would look affirmed"


def _term_names(case: Case) -> Iterator[Hit]:
    classes, properties = case.terms.classes, case.terms.properties
    known = classes | properties | case.terms.individuals
    used = {AIKG + name for name in re.findall(r"\baikg:(\w+)", case.code)}
    used |= {AIKG + name for name in re.findall(rf"<{AIKG}(\w+)>", case.text)}
    used |= {part[1:-1] for pattern in case.query.evidence for part in pattern if part[0] == "<"}
    used |= {expand(parameter.of) or "" for parameter in case.query.parameters if parameter.of}
    wrong = {("", iri): "is not in the ontology" for iri in used - known}
    for _, verb, target in case.triples:
        predicate, kind = case.iri(verb) or "", case.iri(target) or ""
        if predicate in known - properties:
            wrong["", predicate] = "is not a property"
        if predicate == RDF + "type" and kind in known - classes:
            wrong[r"(?<=\ba )\s*aikg:", kind] = "is not a class"
    for (before, iri), what in wrong.items():
        if iri.startswith(AIKG):
            name = iri.removeprefix(AIKG)
            yield rf"{before}\b{name}\b", f"aikg:{name} {what}"


# --- rules on text ---------------------------------------------------------------------------


def _text_patterns(case: Case) -> Iterator[Hit]:
    for _, _, node in case.triples:
        target = bare(node)
        if is_text(target):
            yield rf'(?<!- )"{re.escape(target)}"', f'the pattern finds only "{target}" itself'
        elif isinstance(target, Variable) and str(target) in case.texts:
            yield rf"VALUES \?{target} ", f"the slot {target} finds only the very same text"


def _text_filters(case: Case) -> Iterator[Hit]:
    for group in case.groups:
        for node in nodes(group.filters):
            for side in _compared(case, node):
                if isinstance(side, Variable):
                    yield (rf"(?i)\bfilter\b[^{{}}]*\?{side}\b",
                           f"?{side} is compared as a term, with its language")


def _compared(case: Case, node: CompValue) -> list[Any]:
    """The sides of an expression that compares texts; nothing for any other."""
    if node.name in ("Builtin_CONTAINS", "Builtin_STRSTARTS", "Builtin_STRENDS", "Builtin_REGEX"):
        return [bare(node.arg1 or node.text)]
    if node.name != "RelationalExpression" or not node.op:
        return []
    sides = [node.expr, *(node.other if node.op in ("IN", "NOT IN") else [node.other])]
    texts = [is_text(bare(side)) or variables(side) & case.texts for side in sides]
    return [bare(side) for side in sides] if any(texts) else []


# --- rules on slots --------------------------------------------------------------------------


def _slot_places(case: Case) -> Iterator[Hit]:
    for parameter in case.query.parameters:
        name = parameter.name
        places = case.places(name)
        if not places:
            yield rf"VALUES \?{name} ", f"the slot {name} stands outside WHERE"
        for group in places:
            if not (name in group.required or parameter.required or _guarded(group, name)):
                yield rf"VALUES \?{name} ", f"an empty slot {name} leaves ?{name} unbound"


def _guarded(group: Group, name: str) -> bool:
    """Whether a filter of the group asks if the variable is unbound."""
    return any(node.name == "UnaryNot" and isinstance(node.expr, CompValue)
               and node.expr.name == "Builtin_BOUND" and str(node.expr.arg) == name
               for node in nodes(group.filters))


def _slot_branches(case: Case) -> Iterator[Hit]:
    for name in (parameter.name for parameter in case.query.parameters):
        for group in (one for place in case.places(name) for one in (place, *place.outer())):
            if group.kind in ("optional", "exists", "minus"):
                yield (rf"VALUES \?{name} ",
                       f"in {group.kind.upper()} the slot {name} does not restrict the rows")
            if not all(any(name in inner.slots for inner in branch.walk())
                       for branch in group.branches):
                yield (rf"VALUES \?{name} ",
                       f"a branch of the UNION lacks the slot {name}: its rows always come")


def _slot_predicates(case: Case) -> Iterator[Hit]:
    verbs = {str(verb) for _, verb, _ in case.triples if isinstance(verb, Variable)}
    for name in verbs & {parameter.name for parameter in case.query.parameters}:
        yield rf"VALUES \?{name} ", f"the slot {name} is a predicate"


def _slot_targets(case: Case) -> Iterator[Hit]:
    for name in case.made & {parameter.name for parameter in case.query.parameters}:
        yield rf"(?i)\bas\s+\?{name}\b", f"?{name} is a slot and the target of AS"


# --- rules on what the header says of the query ----------------------------------------------


def _graphs(case: Case) -> Iterator[Hit]:
    used = {GRAPH + OUTSIDE if _is_snapshot(case, node.term) else case.iri(node.term)
            for node in nodes(case.tree) if node.name == "GraphGraphPattern"}
    named = {GRAPH + name for name in case.query.graphs}
    if used - named:
        yield r"(?i)(?<![?$:\w])graph\b(?!:)", "GRAPH reads what the header does not name"
    if named - used:
        yield r"#\+\s+graphs:", "the header names a graph that is not read"


def _is_snapshot(case: Case, term: Any) -> bool:
    """Whether a graph is any snapshot: a variable that a filter holds to their names."""
    held = rf'STRSTARTS\(STR\(\?{term}\), "{re.escape(GRAPH + OUTSIDE)}/"\)'
    return isinstance(term, Variable) and bool(re.search(held, case.text))


def _federated(case: Case) -> Iterator[Hit]:
    """A query that asks servers outside says so, names them, and is matched by no question."""
    services = [node.term for node in nodes(case.tree) if node.name == "ServiceGraphPattern"]
    tagged = FEDERATED in case.query.tags
    if tagged and not services:
        yield r"#\+ tags:", "it is tagged federated, and has no SERVICE"
    if tagged != (os.path.basename(os.path.dirname(case.file)) == FEDERATED):
        yield r"#\+ tags:", "the tag federated and the folder federated belong together"
    if tagged and case.query.phrasings:
        yield r"#\+\s+ask:", "a question would reach servers outside"
    for term in services if tagged else ():
        if case.iri(term) not in SERVICES:
            yield r"(?i)\bservice\b", "SERVICE must name Wikidata's or DBpedia's endpoint"


def _evidence(case: Case) -> Iterator[Hit]:
    used = {part[1:] for pattern in case.query.evidence for part in pattern if part[0] == "?"}
    for name in used - {*case.projected}:
        yield rf"#\+\s+- .*\?{name}\b", f"evidence rests on ?{name}, which is not projected"


def _columns(case: Case) -> Iterator[Hit]:
    if not case.projected:
        return
    for name in {*case.query.columns} - {*case.projected}:
        yield r"#\+\s+columns:", f"the column {name} is not projected"
    if not case.query.columns:
        yield r"#\+ x-aikg:", "no columns"


def _shared_phrasings(cases: Iterable[Case]) -> Iterator[Finding]:
    """The same phrasing in two queries: a question that reads two ways."""
    first: dict[str, Case] = {}
    for case in cases:
        for text in case.query.phrasings:
            other = first.setdefault(" ".join(text.lower().split()), case)
            if other is not case:
                yield case.finding("phrasing", "leave it to one of them", re.escape(text),
                                   f"{other.file} has the phrasing too")


TEXT_RULES: tuple[Rule[Text], ...] = (
    ("slot-line", "write VALUES ?name { UNDEF } on one line, with just these spaces", _slot_lines),
    ("outside", "ask only the built graph, and only read it", _outside),
)
RULES: tuple[Rule[Case], ...] = (
    ("select-star", "name the variables", _star),
    ("order", "add it at the end of ORDER BY", _order),
    ("limit", "add ORDER BY, or leave the limit out", _limit),
    ("aggregate", "project the variable; the renderer groups", _aggregate),
    ("once", "correct its name, leave it out, or write [] for what has no name", _once),
    ("bind-scope", "give it another name", _bind_scope),
    ("denied", "filter by aikg:denied, or show it or the claim's comment", _denied),
    ("term", "correct the name, or add the term to the ontology", _term_names),
    ("text", "compare in a FILTER, with STR or LCASE around the variable", _text_patterns),
    ("text", "put STR or LCASE around it", _text_filters),
    ("slot-place", "put it beside a pattern with the variable, or guard its FILTER with !BOUND",
     _slot_places),
    ("slot-branch", "put it into each branch, or before the UNION or OPTIONAL", _slot_branches),
    ("slot-predicate", "name the predicates in the query", _slot_predicates),
    ("slot-bound", "give the result another name", _slot_targets),
    ("graph", "list under `graphs` what GRAPH reads, by constant names, and no more", _graphs),
    ("federated", "keep such a query apart: folder and tag `federated`, a SERVICE, no phrasing",
     _federated),
    ("evidence", "add it to SELECT", _evidence),
    ("columns", "list under `columns` what is shown, all of it in SELECT", _columns),
)
