"""A folder: the pages as files, which work from `file://` and on any server of files.

They are the pages that `aikg serve` shows, by the same templates; what needs a server (questions in
words, values for slots, SPARQL, other formats) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import NamedNode

from aikg.graph import Graph
from aikg.names import AIKG, BASE, ONTOLOGY, expand
from aikg.page import on_the_web
from aikg.web import contents, pages
from aikg.web.site import served
from aikg.web.view import Links, View, static_files

WITH_PAGES = f"""
SELECT ?one WHERE {{
  VALUES ?kind {{ <{AIKG}Claim> <{AIKG}Passage> <{AIKG}Source> }}
  ?one a ?kind .
}} ORDER BY ?one"""


@dataclass(frozen=True)
class FileLinks(Links):
    """Where things are found from one file: by relative paths."""

    live: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    """The file of each path of the server."""
    up: str = ""
    """The way from the folder of the page to the uppermost one: `../` for each step."""

    def to(self, path: str, **parameters: str) -> str:
        """The relative path of a file. Raises KeyError for what is no file."""
        return self.up + quote(self.files[path])

    def of(self, iri: str) -> str | None:
        """Where an IRI leads: to its file, or where it is; None to nowhere."""
        if iri.startswith(BASE):
            path = "/" + iri[len(BASE):]
            return self.to(path) if path in self.files else None
        return iri if on_the_web(iri) else None


def folder(graph: Graph) -> dict[str, bytes]:
    """All files of the site, by their path in the folder; the same graph gives the same bytes."""
    view = View()
    made: dict[str, Callable[[Links], str]] = dict(_pages(graph, view))
    names = {path: file_of(path) for path in made}
    styles = {f"static/{name}": content for name, content in static_files().items()}
    links = {**names, **{f"/{name}": name for name in styles}}
    written = {names[path]: make(FileLinks(files=links, up="../" * names[path].count("/"))).encode()
               for path, make in made.items()}
    return {**written, **styles}


def file_of(path: str) -> str:
    """The file of a page. A property's name differs from a class's by more than a capital letter.

    Not all file systems tell `Modality` from `modality`.
    """
    if path == "/":
        return "index.html"
    _, _, term = path.partition("/ontology/")
    return f"{path[1:]}{'.property' if term[:1].islower() else ''}.html"


def _pages(graph: Graph, view: View) -> Iterator[tuple[str, Callable[[Links], str]]]:
    """Each path, and what makes its page."""
    yield "/", lambda links: pages.home(graph, view, links)
    yield "/about", lambda links: pages.about(graph, view, links)
    yield "/query", lambda links: pages.queries(graph, view, links)
    yield "/search", lambda links: pages.search(graph, view, links, "", [])
    for query in served(graph):
        yield f"/query/{query.name}", _query(query.name, graph, view)
    for iri in _resources(graph):
        yield f"/{iri.removeprefix(BASE)}", _resource(iri, graph, view)


def _resources(graph: Graph) -> list[str]:
    """The IRIs that have a page: things, terms, claims, passages, sources."""
    rows = graph.engine.select(WITH_PAGES).rows
    found = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
    found |= {expand(curie) or curie for curie in contents.things(graph.lexicon)}
    found |= {expand(curie) or curie for curie in graph.lexicon.labels if curie.startswith("aikg:")}
    return sorted({*found, ONTOLOGY})


def _query(name: str, graph: Graph, view: View) -> Callable[[Links], str]:
    def make(links: Links) -> str:
        query = graph.catalog.query(name)
        needs = any(parameter.required for parameter in query.parameters)
        answer = None if needs else graph.run(name)
        return pages.query(graph, view, links, query, {}, {}, answer)

    return make


def _resource(iri: str, graph: Graph, view: View) -> Callable[[Links], str]:
    return lambda links: pages.resource(graph, view, links, iri)
