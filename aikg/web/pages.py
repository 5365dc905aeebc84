"""The pages: what each shows, handed to its template. A page is a function to HTML text.

To add one: a function here that takes the graph, the view and the links, and a template that
extends `page.html`. The handler of its address (aikg/web/app.py lists them) calls it where the
client wants HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from aikg.answer import Answer
from aikg.card import Card, card_of
from aikg.errors import AikgError
from aikg.evidence import evidence_of, grade_of
from aikg.graph import Graph
from aikg.names import ONTOLOGY, compact, expand
from aikg.passage import passages_of
from aikg.picture import of_answer, of_card
from aikg.query import Query
from aikg.web import contents
from aikg.web.adhoc import Outcome
from aikg.web.exchange import Problem
from aikg.web.grades import MEANINGS
from aikg.web.search import Match
from aikg.web.site import Limits, served
from aikg.web.view import Links, View

EXAMPLES = ("who supplies OpenAI's compute", "who backs two rivals",
            "does Google need outside capital", "what risks does OpenAI face",
            "how does Anthropic differ from OpenAI", "who are OpenAI's competitors")
"""Questions that the front page offers; a test asks each."""
COMMON: Mapping[str, Any] = {
    "meanings": MEANINGS, "grade_of": grade_of, "compact": compact, "expand": expand}
"""What every template may use."""


def home(graph: Graph, view: View, links: Links) -> str:
    """The front page: a question to ask, what the graph knows, the stored questions by topic."""
    return _page(view, "home.html", links, topics=topics(graph), examples=EXAMPLES,
                 counts=contents.counts(graph))


def about(graph: Graph, view: View, links: Links) -> str:
    """What the graph is, and what the grades mean."""
    return _page(view, "about.html", links, counts=contents.counts(graph))


def queries(graph: Graph, view: View, links: Links) -> str:
    """The list of the stored queries, by topic."""
    return _page(view, "queries.html", links, topics=topics(graph))


def query(
    graph: Graph, view: View, links: Links, query: Query, values: Mapping[str, Sequence[str]],
    choices: Mapping[str, Sequence[str]], answer: Answer | None = None, following: str = "",
) -> str:
    """One stored query: the form, and under it the answer to what was filled in.

    `values` are the texts given for each slot, `choices` those that it may take; `answer` is None
    where a required slot is empty; `following` is the address of the next rows, if there are any.
    """
    given = urlencode([(slot, text) for slot, texts in values.items() for text in texts])
    return _page(view, "query.html", links, query=query, values=values, choices=choices,
                 answer=answer, following=following, given=f"?{given}" if given else "",
                 picture=_picture(answer, graph, links) if answer and answer.rows else "")


def ask(
    graph: Graph, view: View, links: Links, question: str, answer: Answer | None = None,
    problem: Problem | None = None,
) -> str:
    """The answer to a question in words, or why it was not understood."""
    near = [query for query in served(graph)
            if problem and query.summary in problem.more.get("candidates", ())]
    understood = _understood(answer, graph, links) if answer and answer.query else None
    picture = _picture(answer, graph, links) if answer and answer.rows else ""
    return _page(view, "ask.html", links, question=question, answer=answer, problem=problem,
                 near=near, understood=understood, examples=EXAMPLES, picture=picture)


def search(graph: Graph, view: View, links: Links, text: str, found: Sequence[Match]) -> str:
    """What bears a name like the text, and claims that hold it; all things without a text."""
    names = [graph.lexicon.label(curie) for curie in contents.things(graph.lexicon)]
    return _page(view, "search.html", links, text=text, found=found, names=names,
                 label=graph.lexicon.label, kinds=graph.lexicon.kinds,
                 claims=contents.saying(text, graph),
                 index={} if text else contents.index(graph.lexicon))


def resource(graph: Graph, view: View, links: Links, iri: str) -> str:
    """All that is known of one thing, claim, source, passage or term."""
    card = card_of(iri, graph)
    kind = contents.kind_of(iri, graph.lexicon)
    more: dict[str, Any] = {
        "told": contents.told(card, graph.lexicon), "claims": contents.by_modality(card),
        "said": contents.said(card)}
    if kind in ("thing", "term"):
        more["picture"] = _picture(card, graph, links)
    if kind == "other":
        more["terms"] = contents.terms(graph.lexicon) if iri == ONTOLOGY else {}
    if kind == "claim":
        modality = more["said"]["modality"][0].value
        more["modality"] = contents.definition(modality, graph)
        more["item"] = evidence_of([iri], graph.engine)[iri]
    if kind == "passage":
        more["before"], more["after"] = contents.beside(iri, graph)
    if kind == "source":
        passages = passages_of(iri, graph.engine)
        more |= {"passages": passages, "resting": contents.resting(iri, graph),
                 "coverage": contents.by_kind(passages)}
    return _page(view, f"{kind}.html", links, card=card, label=_label(graph, card.labels), **more)


def preview(graph: Graph, view: View, links: Links, iri: str) -> str:
    """A thing in a few lines, to be shown within the page of another program."""
    return _page(view, "preview.html", links, card=card_of(iri, graph))


def sparql(
    view: View, links: Links, limits: Limits, text: str = "", outcome: Outcome | None = None,
    problem: Problem | None = None,
) -> str:
    """The page to write SPARQL on, and what came of it.

    The body of `outcome` is in the W3C JSON format, or in Turtle.
    """
    table = json.loads(outcome.body) if outcome and outcome.kind != "graph" else None
    turtle = outcome.body.decode() if outcome and outcome.kind == "graph" else None
    return _page(view, "sparql.html", links, limits=limits, text=text, outcome=outcome, table=table,
                 turtle=turtle, problem=problem)


def problem(view: View, links: Links, problem: Problem) -> str:
    """What went wrong."""
    return _page(view, "problem.html", links, problem=problem)


def topics(graph: Graph) -> dict[str, list[Query]]:
    """The stored queries that are served, by the folder that they lie in."""
    found: dict[str, list[Query]] = {}
    for query in served(graph):
        found.setdefault(query.file.split("/")[-2], []).append(query)
    return dict(sorted(found.items()))


def _page(view: View, template: str, links: Links, **content: Any) -> str:
    return view.page(template, links, **COMMON, **content)


def _understood(answer: Answer, graph: Graph, links: Links) -> dict[str, Any]:
    """How a question was understood: the stored query, its slots in words, and its address."""
    query = graph.catalog.query(answer.query or "")
    slots = {query.parameter(slot).label: [
        graph.lexicon.label(text) if "://" in text else text for text in texts]
        for slot, texts in answer.bindings.items()}
    given = urlencode([(slot, compact(text)) for slot, texts in answer.bindings.items()
                       for text in texts])
    address = links.to(f"/query/{query.name}") + (f"?{given}" if given else "")
    return {"query": query, "slots": slots, "address": address}


def _label(graph: Graph, labels: Mapping[str, str]) -> Any:
    """A function from an IRI to what people call it."""
    return lambda iri: labels.get(iri) or graph.lexicon.label(iri)


def _picture(what: Card | Answer, graph: Graph, links: Links) -> str:
    """The picture as a part of a page; empty where there is nothing to draw, or no igraph."""
    from markupsafe import Markup

    from aikg.svg import element

    try:
        drawn = of_answer(what, graph) if isinstance(what, Answer) else of_card(what, graph)
        return Markup(element(drawn, links.of))
    except AikgError:
        return ""
