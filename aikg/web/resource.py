"""Linked data: a thing, claim, source, passage, term or graph at the path that its IRI has.

The form is chosen by suffix or Accept. The links of the pages are rewritten to this server; the
data keeps its IRIs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pyoxigraph import BlankNode, NamedNode, Triple

from aikg.answer import Answer
from aikg.errors import AikgError, UnknownName
from aikg.graph import Graph
from aikg.names import AIKG, BASE, GRAPH, RDFS, THING
from aikg.render import render
from aikg.web import pages, results
from aikg.web.exchange import Call, Problem, Reply, json_reply
from aikg.web.negotiation import GRAPHS, HTML, JSON, N_TRIPLES, TURTLE, Form
from aikg.web.search import matches, names_of
from aikg.web.site import Site
from aikg.web.view import Links

FORMS = (*GRAPHS, HTML)
SUFFIXES = {form.suffix for form in FORMS}
NAMED = ("links", "ontology")
"""The graphs beside main in which something may be said of a resource."""
SHOWN = 20
"""Matches that a search gives."""
LONGEST = 200
"""Characters of a text that is looked for."""
MOST = 5_000
"""Triples of one description that point to the resource."""
OUT = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?s {{ {all} }}
  {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }}
}}"""
IN = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?o {{ {all} }}
  {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }}
  FILTER(ISIRI(?s))
}} ORDER BY ?s ?p LIMIT {most}"""
ANONYMOUS = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(ISBLANK(?s))
}"""
LABELS = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?s {{ {all} }} VALUES ?p {{ <{rdfs}label> <{aikg}passageId> }}
  {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }}
}}"""


def resource(site: Site, call: Call) -> Reply:
    """The document about the IRI that ends as the path does.

    Where the address is the very IRI (a proxy shows this server as its base), 303 leads from the
    thing to the document (Cool URIs for the Semantic Web, section 4.2); else it comes at once.
    """
    path, suffix = _split(call.path)
    iri = BASE + path[1:]
    if not exists(iri, site.graph):
        raise _unknown(iri, site.graph)
    form = call.wants(FORMS, suffix)
    place = f"{Links(call.prefix).to(path)}.{form.suffix}"
    if call.base == BASE.rstrip("/") and not suffix:
        return Reply(b"", form, 303, {"location": place})
    if form == HTML:
        body = pages.resource(site.graph, site.view, Links(call.prefix), iri).encode()
    else:
        body = described([NamedNode(iri)], site.graph, form, pointing=True)
    return Reply(body, form, headers={
        "content-location": place, "link": f'<{iri}>; rel="describes"'})


def whole_graph(site: Site, call: Call) -> Reply:
    """One of the named graphs, whole."""
    name, _, suffix = call.names["name"].partition(".")
    content = site.graph.built.dump(name)
    if content is None and GRAPH + name in site.graphs:
        raise Problem(404, "the graphs of a store on disk are not sent whole: ask /sparql")
    if content is None:
        raise Problem(404, f"there is no graph {name[:40]!r}",
                      candidates=[iri.removeprefix(GRAPH) for iri in site.graphs])
    form = call.wants((N_TRIPLES,), suffix)
    return Reply(content, form)


def search(site: Site, call: Call) -> Reply:
    """What bears a name like the parameter `q`, best first."""
    form = call.wants((JSON, HTML), call.names.get("suffix", ""))
    text = call.one("q") or ""
    if len(text) > LONGEST:
        raise Problem(422, f"a name has at most {LONGEST} characters")
    lexicon = site.graph.lexicon
    found = matches(text, names_of(lexicon, text), lexicon.label)[:SHOWN] if text.strip() else []
    if form == HTML:
        page = pages.search(site.graph, site.view, Links(call.prefix), text, found)
        return Reply(page.encode(), HTML)
    return json_reply({"query": text, "result": [
        {"iri": match.iri, "label": match.label, "name": match.name,
         "score": match.score} for match in found]})


def _split(path: str) -> tuple[str, str]:
    """The path without its suffix, and the suffix; ids of passages have dots that are none."""
    head, dot, suffix = path.rpartition(".")
    return (head, suffix) if dot and suffix in SUFFIXES else (path, "")


def exists(iri: str, graph: Graph) -> bool:
    """Whether anything is said of an IRI."""
    try:
        node = str(NamedNode(iri))
    except ValueError:
        return False
    return graph.engine.query(
        f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} }}", NAMED) is True


def _unknown(iri: str, graph: Graph) -> Problem:
    name = iri.rpartition("/")[2].replace("-", " ")
    candidates: Sequence[str] = ()
    if iri.startswith((THING, AIKG)):
        try:
            graph.lexicon.resolve(name[:100])
        except UnknownName as error:
            candidates = error.candidates
        except AikgError:
            pass
    return Problem(404, f"nothing is said of <{iri[:200]}>", candidates=list(candidates))


def described(
    resources: Iterable[NamedNode], graph: Graph, form: Form, pointing: bool = False,
) -> bytes:
    """What is said of some resources, with the names of all that is mentioned, in an RDF form.

    `pointing` adds the triples whose object they are.
    """
    nodes = sorted(map(str, resources))
    triples = _closed(nodes, graph)
    if pointing:
        triples |= _construct(IN.format(all=" ".join(nodes), most=MOST), graph)
    mentioned = {str(term) for triple in triples for term in triple if isinstance(term, NamedNode)}
    every = " ".join(sorted(mentioned))
    triples |= _construct(LABELS.format(all=every, rdfs=RDFS, aikg=AIKG), graph)
    ordered = tuple(sorted(triples, key=str))
    if form == TURTLE:
        return render(Answer(kind="graph", triples=ordered), "ttl").encode()
    return results.graph(ordered, form)


def _closed(nodes: Sequence[str], graph: Graph) -> set[Triple]:
    """The triples with these subjects, and with the blank nodes that they end in."""
    found = _construct(OUT.format(all=" ".join(nodes)), graph) if nodes else set()
    ends = [triple.object for triple in found if isinstance(triple.object, BlankNode)]
    below = _anonymous(graph) if ends else {}
    while ends:
        more = set(below.get(ends.pop(), ())) - found
        found |= more
        ends += [triple.object for triple in more if isinstance(triple.object, BlankNode)]
    return found


@lru_cache(4)
def _anonymous(graph: Graph) -> dict[BlankNode, list[Triple]]:
    """The triples whose subjects are blank nodes: the class expressions of the ontology."""
    found: dict[BlankNode, list[Triple]] = {}
    for triple in _construct(ANONYMOUS, graph):
        if isinstance(triple.subject, BlankNode):
            found.setdefault(triple.subject, []).append(triple)
    return found


def _construct(text: str, graph: Graph) -> set[Triple]:
    result = graph.engine.query(text, NAMED)
    assert isinstance(result, tuple)
    return set(result)  # type: ignore[arg-type]
