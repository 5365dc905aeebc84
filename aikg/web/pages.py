"""The pages: what each shows, handed to its template. A page is a function to HTML text.

To add one: a function here that takes the graph, the view and the links, and a template that extends
`page.html`. The handler of its address (aikg/web/app.py lists them) calls it for the form HTML.
"""

from __future__ import annotations

from aikg.graph import Graph
from aikg.web.exchange import Problem
from aikg.web.view import Links, View


def home(graph: Graph, view: View, links: Links) -> str:
    """The front page."""
    queries = sorted(graph.catalog.queries.values(), key=lambda query: query.name)
    return view.page("home.html", links, queries=queries)


def problem(view: View, links: Links, problem: Problem) -> str:
    """What went wrong."""
    return view.page("problem.html", links, problem=problem)
