"""A SPARQL endpoint: the same queries, answered by any server that speaks the SPARQL 1.1 Protocol.

The one module that imports SPARQLWrapper, for the request. The reply is read strictly, in the W3C's
JSON format, by the parser that the embedded engine has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.request import Request

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)
from pyoxigraph import Triple as OxigraphTriple
from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper

from aikg import __version__, dialect
from aikg.errors import EndpointError, StoreError
from aikg.transport import Courier
from aikg.form import form_of, names_dataset, projected
from aikg.names import GRAPH, MAIN_GRAPH
from aikg.reply import Reply
from aikg.store import Result, Solutions

AGENT = f"aikg/{__version__} (https://w3id.org/aikg)"
TIMEOUT = 60.0
"""Seconds for a request, from the first byte sent to the last one read."""
LONGEST_GET = 2_000
"""Characters of a query that goes by GET, which caches understand; a longer one goes by POST."""
RESULTS = ("application/sparql-results+json", "application/json")
GRAPHS = {"application/n-triples": RdfFormat.N_TRIPLES, "text/turtle": RdfFormat.TURTLE,
          "application/x-turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML,
          "text/plain": RdfFormat.N_TRIPLES, "text/n3": RdfFormat.TURTLE}
ACCEPT = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"


class Endpoint:
    """A SPARQL endpoint that holds the graph; an aikg.store.Engine."""

    def __init__(
        self, url: str, *, default_graph: str | None = MAIN_GRAPH, timeout: float = TIMEOUT,
        agent: str = AGENT, credentials: tuple[str, str] | None = None,
    ) -> None:
        """`default_graph` is the IRI of the graph that queries see; None leaves it to the server.

        `timeout` is in seconds for each request; `credentials`, user and password, are shown to
        this server only, when it asks (aikg.credentials finds them). Raises UsageError for a URL
        that is not http or https, or that holds a user.
        """
        self.url = url
        self.timeout = timeout
        self.requests = 0
        """How many were sent."""
        self._default_graph = default_graph
        self._agent = agent
        self._courier = Courier(url, credentials)
        self.name = self._courier.name
        """The URL as messages show it."""

    def query(self, text: str, graphs: Sequence[str] = ()) -> Result:
        """The result of any query form; see Engine. `graphs` are short names of our graphs.

        Raises StoreError for an update, which is not sent, and EndpointError where the server does
        not answer, refuses or does not answer what was asked.
        """
        form = form_of(text)
        if form is None:
            raise StoreError("not SPARQL that only reads: begin with SELECT, ASK, CONSTRUCT or "
                             "DESCRIBE")
        request = _Request(self.url, text, form, self._agent)
        if not names_dataset(text):
            if self._default_graph is not None:
                request.addParameter("default-graph-uri", self._default_graph)
            for name in graphs:
                request.addParameter("named-graph-uri", GRAPH + name)
        self.requests += 1
        reply = self._courier.send(request.request(), self.timeout)
        try:
            if reply.status != 200 or (part := dialect.cut_short(reply.headers)):
                raise ValueError(part if reply.status == 200 else f"HTTP {reply.status}")
            return _triples(reply) if form in ("CONSTRUCT", "DESCRIBE") else _result(
                reply, form, text)
        except (SyntaxError, ValueError) as error:
            said = getattr(error, "msg", None) or str(error)
            raise EndpointError(f"{self.name}: not an answer: {said}", reply.status) from error

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        """The solutions of a SELECT; see Engine."""
        if form_of(text) in ("ASK", "CONSTRUCT", "DESCRIBE"):
            raise StoreError("not a SELECT")
        result = self.query(text, graphs)
        assert isinstance(result, Solutions)
        return result


class _Request(SPARQLWrapper):
    """One request as SPARQLWrapper writes it, of the form that we have read.

    SPARQLWrapper takes the first word that looks like a form, in a comment too, and would send what
    it takes for an update to be executed.
    """

    def __init__(self, url: str, text: str, form: str, agent: str) -> None:
        self._form = form
        super().__init__(url, agent=agent)
        self.setQuery(text)
        self.setReturnFormat(JSON)
        self.setOnlyConneg(True)  # else three parameters that strict servers refuse
        self.setMethod(GET if len(text) <= LONGEST_GET else POST)

    def _parseQueryType(self, query: str) -> str:
        return self._form

    def _getAcceptHeader(self) -> str:
        return ACCEPT if self._form in ("CONSTRUCT", "DESCRIBE") else ", ".join(RESULTS)

    def request(self) -> Request:
        """The request for urllib."""
        if "?" not in self.endpoint or self.method == POST:
            return self._createRequest()
        path, _, parameters = self.endpoint.partition("?")  # as in .../repository?infer=false
        self.endpoint = path
        request = self._createRequest()
        request.full_url = f"{request.full_url}&{parameters}"
        return request


def _result(reply: Reply, form: str, text: str) -> Solutions | bool:
    """Rows or a boolean from the W3C's SPARQL 1.1 Query Results JSON Format."""
    if reply.media_type not in RESULTS:
        raise ValueError(f"{reply.media_type or 'no content type'} where JSON results belong: "
                         "is this the address of a SPARQL endpoint?")
    found: Solutions | bool | None = _parsed(dialect.readable(reply.body))
    if form == "ASK" and isinstance(found, Solutions):
        found = dialect.ask_value(found)
    if isinstance(found, bool) != (form == "ASK"):
        raise ValueError("rows where a boolean belongs" if form == "ASK" else
                         "a boolean where rows belong")
    if not isinstance(found, Solutions):
        return bool(found)
    found = dialect.canonical(found, text)
    names = projected(text)
    if names is None or names == found.variables:
        return found
    if sorted(names) != sorted(found.variables):
        raise ValueError("other columns than the query names")
    order = [found.variables.index(name) for name in names]  # Callers count on the query's order.
    return Solutions(names, tuple(tuple(row[index] for index in order) for row in found.rows))


def _parsed(body: bytes) -> Solutions | bool:
    parsed = parse_query_results(body, QueryResultsFormat.JSON)
    try:
        if isinstance(parsed, QueryBoolean):
            json.loads(body)  # the parser ends its reading with the boolean
            return bool(parsed)
        assert isinstance(parsed, QuerySolutions)
        variables = tuple(variable.value for variable in parsed.variables)
        return Solutions(variables, tuple(map(tuple, parsed)))
    finally:
        del parsed  # or an error's traceback keeps it for another thread, where it may not end


def _triples(reply: Reply) -> tuple[OxigraphTriple, ...]:
    """The triples of a reply, each once."""
    if reply.media_type not in GRAPHS:
        raise ValueError(f"{reply.media_type or 'no content type'} where RDF belongs: "
                         "is this the address of a SPARQL endpoint?")
    quads = parse(reply.body, GRAPHS[reply.media_type])
    return tuple(dict.fromkeys(quad.triple for quad in quads))
