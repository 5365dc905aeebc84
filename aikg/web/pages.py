"""The pages: what each shows, handed to its template. A page is a function to HTML text.

To add one: a function here that takes the graph, the view and the links, and a template that
extends `page.html`. The handler of its address (aikg/web/app.py lists them) calls it where the
client wants HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aikg.answer import Answer
from aikg.card import card_of
from aikg.graph import Graph
from aikg.query import Query
from aikg.web.adhoc import Outcome
from aikg.web.exchange import Problem
from aikg.web.search import Match
from aikg.web.site import Limits, served
from aikg.web.view import Links, View


def home(graph: Graph, view: View, links: Links) -> str:
    """The front page."""
    return view.page("home.html", links, queries=served(graph))


def queries(graph: Graph, view: View, links: Links) -> str:
    """The list of the stored queries."""
    return view.page("queries.html", links, queries=served(graph))


def query(
    view: View, links: Links, query: Query, values: Mapping[str, Sequence[str]],
    choices: Mapping[str, Sequence[str]], answer: Answer | None = None, following: str = "",
) -> str:
    """One stored query: the form, and under it the answer to what was filled in.

    `values` are the texts given for each slot, `choices` those that it may take; `answer` is None
    where a required slot is empty; `following` is the address of the next rows, if there are any.
    """
    return view.page("query.html", links, query=query, values=values, choices=choices,
                     answer=answer, following=following)


def ask(
    graph: Graph, view: View, links: Links, question: str, answer: Answer | None = None,
    problem: Problem | None = None,
) -> str:
    """The answer to a question in words, or why it was not understood."""
    near = [query for query in served(graph)
            if problem and query.summary in problem.more.get("candidates", ())]
    return view.page("ask.html", links, question=question, answer=answer, problem=problem,
                     near=near)


def search(view: View, links: Links, text: str, found: Sequence[Match]) -> str:
    """What bears a name like the text."""
    return view.page("search.html", links, text=text, found=found)


def resource(graph: Graph, view: View, links: Links, iri: str) -> str:
    """All that is known of one thing, claim, source, passage or term."""
    return view.page("resource.html", links, card=card_of(iri, graph))


def preview(graph: Graph, view: View, links: Links, iri: str) -> str:
    """A thing in a few lines, to be shown within the page of another program."""
    return view.page("preview.html", links, card=card_of(iri, graph))


def sparql(
    view: View, links: Links, limits: Limits, text: str = "", outcome: Outcome | None = None,
    problem: Problem | None = None,
) -> str:
    """The page to write SPARQL on, and what came of it.

    The body of `outcome` is in the W3C JSON format, or in Turtle.
    """
    table = json.loads(outcome.body) if outcome and outcome.kind != "graph" else None
    turtle = outcome.body.decode() if outcome and outcome.kind == "graph" else None
    return view.page("sparql.html", links, limits=limits, text=text, outcome=outcome, table=table,
                     turtle=turtle, problem=problem)


def problem(view: View, links: Links, problem: Problem) -> str:
    """What went wrong."""
    return view.page("problem.html", links, problem=problem)
