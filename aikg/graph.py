"""The graph: opened once, asked in words, by stored query, or in SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.built import Built, load_built, repaired
from aikg.catalog import Catalog
from aikg.errors import NoAnswer, StoreError, UnknownQuestion
from aikg.evidence import rows_with_evidence
from aikg.names import RDFS, XSD
from aikg.proof import Prover
from aikg.query import Parameter, Query
from aikg.store import Engine, Solutions, Store

if TYPE_CHECKING:
    from aikg.lexicon import Lexicon
    from aikg.question import Matcher, Understanding

Value = str | int
NEVER_CLAIMED = "never-claimed"
LABELS = """
SELECT ?thing ?label WHERE {{
  VALUES ?thing {{ {things} }}
  ?thing <{rdfs}label> ?label .
}} ORDER BY ?thing DESC(?label)"""


def open_graph(*, store: str | None = None) -> Graph:
    """The graph that ships with the package, rebuilt if its authored files have changed.

    With the folder of a `store` that `aikg load` made, the graph in it. Raises UsageError where
    there is none, StoreError where it is damaged.
    """
    if store is None:
        return Graph(load_built())
    from aikg.disk import Disk

    return Graph(Disk(store))


class Graph:
    """A built graph with its stored queries. Everything is loaded when it is first needed."""

    def __init__(self, built: Built, engine: Engine | None = None) -> None:
        """`engine` answers the SPARQL; if it is None, the built graph, on disk or in memory."""
        self.built = built
        self._engine = engine

    @property
    def catalog(self) -> Catalog:
        """The stored queries, the lexicon and the rules."""
        return self.built.catalog

    @property
    def lexicon(self) -> Lexicon:
        """Names and words."""
        return self.catalog.lexicon

    @cached_property
    def engine(self) -> Engine:
        """What answers the SPARQL."""
        if self._engine is not None:
            return self._engine
        if self.built.engine is not None:
            return self.built.engine
        try:
            return self._store()
        except StoreError:
            self.built = repaired(self.built)
            return self._store()

    def _store(self) -> Store:
        main = self.built.read("graph.nt")
        if main is None:
            raise StoreError("the built graph is missing: run `aikg build`")
        return Store(main, lambda name: self.built.read(name + ".nt"))

    @cached_property
    def prover(self) -> Prover:
        """Proves facts from claims by the rules of the ontology."""
        return Prover(self.engine, lambda: self.catalog.rules, lambda: self.lexicon.kinds)

    @cached_property
    def matcher(self) -> Matcher:
        """Understands questions."""
        from aikg.question import Matcher

        return Matcher(self.catalog)

    def run(self, name: str, /, **slots: Value | Sequence[Value]) -> Answer:
        """The answer of a stored query; a slot takes a name, alias, CURIE, IRI, or a list of them.

        Raises UnknownQuery, UnknownSlot, UnknownName, AmbiguousName and QueryError. An answer
        without rows has a `reason` and a `diagnosis`.
        """
        query = self.catalog.query(name)
        values = {slot: self._texts(query.parameter(slot), value) for slot, value in slots.items()}
        return self.answer(query, {slot: texts for slot, texts in values.items() if texts})

    def ask(self, question: str) -> Answer:
        """The answer to a question in words.

        Raises UnknownQuestion, with the nearest questions, where the words do not lead to one
        stored query. A yes/no question gives a verdict: True, False, or None with a `reason`.
        """
        return self.answer_question(question, self.matcher.understand(question))

    def answer_question(self, question: str, understood: Understanding) -> Answer:
        """The answer to a question that was understood."""
        from aikg.question import why_not

        if understood.phrasing.asks == "yes-no":
            parts = map(self.matcher.understand, self.matcher.shortened(question))
            for part in parts:
                answer = self._verdict(part)
                if answer is not None and answer.verdict is False:
                    return answer
            answer = self._verdict(understood)
            best = understood.best
            sure = best is not None and len(best.values) > 1
            if answer is not None and not (sure and answer.diagnosis == NEVER_CLAIMED):
                return answer
        best = understood.best
        if best is None:
            raise UnknownQuestion(why_not(understood), self.matcher.nearest(understood))
        answer = self.answer(self.catalog.query(best.query), best.values)
        return self._as_verdict(answer, understood) if best.yes_no else answer

    def answer(self, query: Query, values: Mapping[str, Sequence[str]]) -> Answer:
        """The answer of a stored query for slot values that are resolved: IRIs or texts."""
        terms = {slot: [_term(query.parameter(slot), text) for text in texts]
                 for slot, texts in values.items()}
        sparql = query.bind(terms)
        solutions = self.engine.select(sparql, query.graphs)
        rows = rows_with_evidence(query, solutions, self.engine, self.prover)
        reason = diagnosis = None
        if not rows:
            from aikg.silence import explain

            silence = explain(query, values, self.engine, self.lexicon)
            reason, diagnosis = silence.reason, silence.kind
        return Answer(query.columns, rows, self.labels(rows), query.name,
                      {slot: tuple(texts) for slot, texts in values.items()}, sparql,
                      reason=reason, diagnosis=diagnosis)

    def sparql(self, text: str) -> Answer:
        """The answer to ad-hoc SPARQL: rows, a boolean or a graph, without evidence.

        Not for text from strangers: it runs in this process, without limits. Raises StoreError.
        """
        result = self.engine.query(text, ("links", "disputed", "ontology"))
        if isinstance(result, Solutions):
            rows = tuple(Row(solution) for solution in result.rows)
            return Answer(result.variables, rows, self.labels(rows), sparql=text)
        if isinstance(result, bool):
            return Answer(kind="boolean", verdict=result, sparql=text)
        return Answer(kind="graph", triples=result, sparql=text)

    def labels(self, rows: Iterable[Row]) -> dict[str, str]:
        """The label of each IRI in the rows that has one."""
        iris = {term.value for row in rows for term in row.values if isinstance(term, NamedNode)}
        if not iris:
            return {}
        things = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
        solutions = self.engine.select(LABELS.format(things=things, rdfs=RDFS))
        return {thing.value: label.value for thing, label in solutions.rows
                if isinstance(thing, NamedNode) and isinstance(label, Literal)}

    def _texts(self, parameter: Parameter, value: Value | Sequence[Value]) -> list[str]:
        """The values of a slot, resolved to IRIs where it takes things or classes."""
        values = [value] if isinstance(value, str | int) else list(value)
        if parameter.type == "entity":
            return [self.lexicon.resolve(str(item), parameter.of) for item in values]
        if parameter.type == "class":
            return [self.lexicon.resolve_class(str(item)) for item in values]
        return [str(item) for item in values]

    def _verdict(self, understood: Understanding) -> Answer | None:
        """The verdict on a yes/no question that sets two things in relation."""
        from aikg.verdict import Judge

        judge = Judge(self.engine, self.prover, self.lexicon, self.matcher.describes)
        verdict = judge.decide(understood.kinds)
        if verdict is None:
            return None
        best = understood.best
        reason = verdict.silence.reason if verdict.silence else None
        diagnosis = verdict.silence.kind if verdict.silence else None
        return Answer(("answer",), (verdict.row,) if verdict.row else (), {},
                      best.query if best else None, dict(best.values) if best else {},
                      kind="verdict", verdict=verdict.yes, reason=reason, diagnosis=diagnosis)

    def _as_verdict(self, answer: Answer, understood: Understanding) -> Answer:
        """The rows of a stored query as yes; none, or weak ones only, as not said."""
        from aikg.verdict import verdict_of_rows

        asked = understood.phrasing
        return verdict_of_rows(answer, asked.negated or any(
            word.stem == "lack" for word in asked.words))


def _term(parameter: Parameter, text: str) -> NamedNode | Literal:
    """The RDF term of a resolved value."""
    if parameter.type in ("entity", "class"):
        return NamedNode(text.removeprefix("<").removesuffix(">"))
    if parameter.type == "integer":
        try:
            return Literal(str(int(text)), datatype=NamedNode(XSD + "integer"))
        except ValueError as error:
            raise NoAnswer(f"not a whole number: {text[:40]!r}") from error
    try:
        return Literal(text)
    except ValueError as error:  # a lone surrogate, such as Python makes of bytes that are no text
        raise NoAnswer(f"not a text: {text[:40]!r}") from error
