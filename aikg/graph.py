"""The graph: opened once, asked in words, by stored query, or in SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.built import Built, load_built, load_view, repaired
from aikg.catalog import OUTSIDE, Catalog
from aikg.errors import (
    AikgError,
    EndpointError,
    NoAnswer,
    StoreError,
    UnknownQuestion,
    UsageError,
)
from aikg.evidence import rows_with_evidence
from aikg.names import AIKG, GRAPH, MAIN_GRAPH, RDFS, UNFINISHED, XSD, compact
from aikg.proof import Prover
from aikg.query import Parameter, Query
from aikg.store import Engine, Solutions, Store, batches

if TYPE_CHECKING:
    from aikg.ahead import Ahead
    from aikg.lexicon import Lexicon
    from aikg.picture import Picture
    from aikg.question import Matcher
    from aikg.reading import Understanding

Value = str | int
NO_SNAPSHOT = ("no snapshot of what is said outside: run `aikg link refresh --endpoint "
               "https://query.wikidata.org/sparql`, then `aikg build`")
VIEW = "view/"
"""Behind the base of graph IRIs, before the name of a view."""
LABELS = """
SELECT ?thing ?label WHERE {{
  VALUES ?thing {{ {things} }}
  {begin} ?thing <{rdfs}label> ?label . {end}
}} ORDER BY ?thing DESC(?label)"""
HOLDS = (f"ASK {{ ?claim a <{AIKG}Claim> OPTIONAL {{ ?graph <{UNFINISHED}> ?mark }} "
         "FILTER(!BOUND(?mark)) }")
ONLY_STORE = ("--store cannot be combined with --endpoint, --sources, --as-of or --published-by: "
              "a store answers itself, and is one view")


def open_graph(
    endpoint: str | None = None, *, sources: str | Sequence[str] | None = None,
    as_of: str | None = None, published_by: str | None = None, store: str | None = None,
) -> Graph:
    """The graph that ships with the package, rebuilt if its authored files have changed.

    With the URL of an `endpoint`, its queries are answered there; see Graph.at. Another view is
    built when it is first opened: of some `sources` (ids, short names, collections, or "all"), of
    the claims that hold as of a day (YYYY-MM-DD), of the sources published by a day. With the
    folder of a `store` that `aikg load` made, it is the graph in that. Raises UsageError where
    nothing is left to select, where there is no store, and for a store with any of the others;
    StoreError for one that is damaged.
    """
    views = sources, as_of, published_by
    if store is not None:
        if endpoint is not None or views != (None, None, None):
            raise UsageError(ONLY_STORE)
        from aikg.disk import Disk

        return Graph(Disk(store))
    if views == (None, None, None):
        graph = Graph(load_built())
    else:
        from aikg.selection import selection

        graph = Graph(load_view(selection(*views)))
    return graph if endpoint is None else graph.at(endpoint)


class Graph:
    """A built graph with its stored queries. Everything is loaded when it is first needed."""

    def __init__(self, built: Built, engine: Engine | None = None) -> None:
        """`engine` answers the SPARQL; if it is None, the built graph, on disk or in memory."""
        self.built = built
        self._engine = engine
        self._ahead: Ahead[Store] | None = None
        self.wants_value = False
        """Whether a stored query with slots is run only if one is filled: else it may give millions
        of rows, each with a proof, and a server has one thread for them."""

    def at(self, url: str, timeout: float | None = None) -> Graph:
        """This graph with its SPARQL answered by the endpoint at a URL, which must hold it.

        Names, words and the stored queries are still those of this one. `timeout` is in seconds for
        each request. Credentials come from the environment or netrc. Raises UsageError for what is
        no URL of an endpoint, EndpointError where none answers or it does not hold the graph.
        """
        from aikg.credentials import credentials_for
        from aikg.endpoint import TIMEOUT, Endpoint

        main = self._main
        engine = Endpoint(url, default_graph=main, timeout=timeout or TIMEOUT,
                          credentials=credentials_for(url))
        if engine.query(HOLDS) is not True:  # else all that is asked would seem never claimed
            raise self._not_held(engine.name, main)
        return Graph(self.built, engine)

    def _not_held(self, name: str, main: str) -> AikgError:
        """That an endpoint of that name lacks a graph, and what would load it."""
        if not self.built.selection:
            return EndpointError(f"{name}: does not hold all of <{main}>: load it with `aikg push`")
        return UsageError(f"{name}: does not hold this view as <{main}>: load it with "
                          f"`aikg push URL{self.built.selection.options()}`")

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
            return self._ahead.take() if self._ahead else self._store()
        except StoreError:
            self.built = repaired(self.built)
            return self._store()

    def begin(self) -> None:
        """Begin to load the graph, in a thread of its own, while a question is still being read."""
        from aikg.ahead import Ahead

        if self._engine is None and self.built.path is None:
            self._ahead = Ahead(self._store)

    def _store(self) -> Store:
        main = self.built.read("graph.nt")
        if main is None:
            raise StoreError("the built graph is missing: run `aikg build`")
        return Store(main, lambda name: self.built.read(name.replace("/", "-") + ".nt"))

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
        return self.answer(query, self.resolve(query, slots))

    def resolve(
        self, query: Query, slots: Mapping[str, Value | Sequence[Value]],
    ) -> dict[str, list[str]]:
        """The values of a query's slots, names resolved to IRIs; raises as `run` does."""
        values = {slot: self._texts(query.parameter(slot), value) for slot, value in slots.items()}
        return {slot: texts for slot, texts in values.items() if texts}

    def ask(self, question: str) -> Answer:
        """The answer to a question in words.

        Raises UnknownQuestion, with the nearest questions, where the words do not lead to one
        stored query. A yes/no question gives a verdict: True, False, or None with a `reason`.
        """
        return self.answer_question(question, self.matcher.understand(question))

    def answer_question(self, question: str, understood: Understanding) -> Answer:
        """The answer to a question that was understood."""
        from aikg.reading import why_not

        if understood.phrasing.asks == "yes-no":
            from aikg.decision import decided

            answer = decided(self, question, understood)
            if answer is not None:
                return answer
        best = understood.best
        if best is None:
            answers = [self.answer(self.catalog.query(one.query), one.values)
                       for one in understood.tied]
            told = [answer for answer in answers if answer.rows]
            if len(told) == 1:
                return told[0]  # the others have nothing to say
            raise UnknownQuestion(why_not(understood), self.matcher.nearest(understood))
        answer = self.answer(self.catalog.query(best.query), best.values)
        if not best.yes_no:
            return answer
        from aikg.decision import as_verdict

        return as_verdict(answer, understood)

    def answer(self, query: Query, values: Mapping[str, Sequence[str]]) -> Answer:
        """The answer of a stored query for slot values that are resolved: IRIs or texts.

        Raises UsageError for a query that asks servers outside (aikg.federation makes one of it
        that does not), and NoAnswer for one that reads a snapshot where there is none, and where a
        value is wanted (see `wants_value`).
        """
        if self.wants_value and query.parameters and not values:
            slots = " or ".join(one.name for one in query.parameters)
            raise NoAnswer(f"{query.name} has too many rows here: give {slots}")
        if OUTSIDE in query.graphs:
            raise NoAnswer(NO_SNAPSHOT)
        terms = {slot: [_term(query.parameter(slot), text) for text in texts]
                 for slot, texts in values.items()}
        sparql = query.bind(terms)
        rows = self.rows(query, sparql)
        reason = diagnosis = None
        if not rows:
            from aikg.silence import explain

            silence = explain(query, values, self.engine, self.lexicon, self._may_lack(query))
            reason, diagnosis = silence.reason, silence.kind
        return Answer(query.columns, rows, self.labels(rows, query.graphs), query.name,
                      {slot: tuple(texts) for slot, texts in values.items()}, sparql,
                      reason=reason, diagnosis=diagnosis, named=self.built.names_sources)

    def rows(self, query: Query, sparql: str) -> tuple[Row, ...]:
        """The rows of a stored query whose slots are bound in `sparql`, what is disputed included.

        Raises StoreError.
        """
        solutions = self.engine.select(sparql, query.graphs)
        disputes = self.catalog.disputes
        if self.catalog.has_disputes and self.built.path is None:
            from aikg.disputed import with_disputed

            beside = with_disputed(self.engine, self._main, sparql, query.graphs)
            solutions = solutions._replace(rows=tuple(dict.fromkeys(solutions.rows + beside.rows)))
        return self.dated(
            rows_with_evidence(query, solutions, self.engine, self.prover, disputes))

    @property
    def _main(self) -> str:
        """The IRI of the main graph, at an endpoint."""
        return GRAPH + VIEW + self.built.view if self.built.view else MAIN_GRAPH

    def _may_lack(self, query: Query) -> bool:
        """Whether a query that matches nothing here is sound: it does match in other sources.

        A view, and a store, may well hold nothing of the kind.
        """
        return (self.built.view is not None or self.built.path is not None
                or query.name in self.catalog.others["more"])

    def dated(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The rows, with a mark on evidence without a time where the view is one of a time."""
        if not (self.built.selection and self.built.selection.as_of):
            return rows
        from aikg.evidence import undated

        bare = undated((item.claim for row in rows for item in row.evidence), self.engine)
        return tuple(row._replace(evidence=tuple(
            item._replace(undated=item.claim in bare) for item in row.evidence)) for row in rows)

    def more(self, answer: Answer) -> tuple[int, int]:
        """How many rows others would add to an answer of the default view; how many sources.

        Both are 0 where they add none.
        """
        if self.built.view or answer.query is None:
            return 0, 0
        entries = self.catalog.further(answer.query)
        if not entries:
            return 0, 0
        slots = [one.name for one in self.catalog.query(answer.query).parameters]
        wanted = {slots.index(name): {compact(value) for value in values}
                  for name, values in answer.bindings.items()}
        fitting = [sources for given, sources in entries
                   if all(given[index] in some for index, some in wanted.items())]
        known = {name for name, _, collection, _ in self.catalog.others["sources"]
                 if not collection}
        return len(fitting), len({one for sources in fitting for one in sources} - known)

    def sparql(self, text: str) -> Answer:
        """The answer to ad-hoc SPARQL: rows, a boolean or a graph, without evidence.

        Not for text from strangers: it runs in this process, without limits. Raises StoreError.
        """
        snapshot = [self.catalog.snapshot] if self.catalog.snapshot else []
        result = self.engine.query(text, ("links", "disputed", "ontology", *snapshot))
        if isinstance(result, Solutions):
            rows = tuple(Row(solution) for solution in result.rows)
            return Answer(result.variables, rows, self.labels(rows), sparql=text)
        if isinstance(result, bool):
            return Answer(kind="boolean", verdict=result, sparql=text)
        return Answer(kind="graph", triples=result, sparql=text)

    def owl(self) -> Any:
        """The graph and its ontology in owlready2: an Ontology, in a World of its own.

        >>> import aikg
        >>> owl = aikg.open().owl()
        >>> openai = owl.search_one(label="OpenAI", type=owl.Company)
        >>> sorted(str(one.label.first()) for one in openai.competesWith)
        ['Anthropic', 'Google', 'Meta Platforms', 'xAI']

        It holds what the authored files say, whatever view this graph is; see `world.ontology`.
        """
        from aikg.world import ontology

        return ontology()

    def draw(self, what: str | Answer, /, most: int | None = 24) -> Picture:
        """The picture of an answer, of a stored query (by its name), or of a thing.

        It shows at most so many relations, all if `most` is None; it has the methods `svg`,
        `mermaid` and `dot`, and shows itself in a notebook. Raises NoAnswer where there is nothing
        to draw, and as `run` does.
        """
        from aikg.picture import draw

        return draw(what, self, most)

    def labels(self, rows: Iterable[Row], graphs: Sequence[str] = ()) -> dict[str, str]:
        """The label of each IRI in the rows that has one, in the main graph or in a snapshot.

        `graphs` are the further graphs that the rows were read from.
        """
        iris = {term.value for row in rows for term in row.values if isinstance(term, NamedNode)}
        snapshots = [(name,) for name in graphs if name.startswith(OUTSIDE + "/")]
        found: dict[str, str] = {}
        for part in batches(sorted(iris)):
            things = " ".join(str(NamedNode(iri)) for iri in part)
            for read in (*snapshots, ()):  # the main graph has the last word
                begin, end = (f"GRAPH <{GRAPH}{read[0]}> {{", "}") if read else ("", "")
                solutions = self.engine.select(
                    LABELS.format(things=things, rdfs=RDFS, begin=begin, end=end), read)
                found.update({thing.value: label.value for thing, label in solutions.rows
                              if isinstance(thing, NamedNode) and isinstance(label, Literal)})
        return found

    def _texts(self, parameter: Parameter, value: Value | Sequence[Value]) -> list[str]:
        """The values of a slot, resolved to IRIs where it takes things or classes."""
        values = [value] if isinstance(value, str | int) else list(value)
        if parameter.type == "entity":
            return [self.lexicon.resolve(str(item), parameter.of) for item in values]
        if parameter.type == "class":
            return [self.lexicon.resolve_class(str(item)) for item in values]
        return [str(item) for item in values]


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
