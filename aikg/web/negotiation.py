"""Content negotiation: which form of a resource a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple


class Form(NamedTuple):
    """A form in which a resource can be had."""

    suffix: str
    """What it is called in an address: `/query/investors.csv`, `?format=csv`."""
    media_type: str
    """The type it is sent as."""
    also: tuple[str, ...] = ()
    """Further types that a client may call it by."""

    @property
    def content_type(self) -> str:
        """The value of Content-Type: text is UTF-8 (RFC 7303 and 8259 say so of XML and JSON)."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


HTML = Form("html", "text/html", ("application/xhtml+xml",))
JSON = Form("json", "application/json")
RESULTS_JSON = Form("json", "application/sparql-results+json", ("application/json",))
RESULTS_XML = Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml"))
JSON_LINES = Form("jsonl", "application/jsonl", ("application/x-ndjson", "application/x-jsonlines"))
CSV = Form("csv", "text/csv")
TSV = Form("tsv", "text/tab-separated-values")
MARKDOWN = Form("md", "text/markdown")
TURTLE = Form("ttl", "text/turtle", ("application/x-turtle",))
N_TRIPLES = Form("nt", "application/n-triples")
JSON_LD = Form("jsonld", "application/ld+json", ("application/json",))
RDF_XML = Form("rdf", "application/rdf+xml", ("application/xml", "text/xml"))
QUERY = Form("rq", "application/sparql-query")
PLAIN = Form("txt", "text/plain")

TABLES = (RESULTS_JSON, CSV, TSV, RESULTS_XML)
"""The four W3C formats of a SELECT, the first for a client that does not mind."""
GRAPHS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
"""The formats of a graph, the first for a client that does not mind."""

KEPT = 256
"""Choices that are kept: clients send the same few headers again and again."""
RANGES = 50
"""Media ranges that are looked at; browsers send ten."""
QUALITY = re.compile(r"[01]|[01]?\.[0-9]{0,3}")


class Range(NamedTuple):
    """A media range of an Accept header, such as `text/*;q=0.5`."""

    type: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> int:
        """How closely it names a media type: 3 exactly, 2 the main type, 1 any, 0 not at all."""
        main, _, sub = media_type.partition("/")
        if self.type == "*":
            return 1
        if self.type != main:
            return 0
        return 2 if self.subtype == "*" else 3 * (self.subtype == sub)


def choose(accept: str | None, forms: Sequence[Form]) -> Form | None:
    """The form that fits an Accept header best; None where the client refuses all of them.

    The highest quality wins, then what is named most exactly, then the first. For one form the
    closest range counts, so `text/csv;q=0, */*` refuses CSV.
    """
    return _chosen(accept or "*/*", tuple(forms))


@lru_cache(KEPT)
def _chosen(accept: str, forms: tuple[Form, ...]) -> Form | None:
    ranges = tuple(_ranges(accept))
    ranked = [(*_wanted(form, ranges), -place) for place, form in enumerate(forms)]
    quality, _, place = max(ranked, default=(0.0, 0, 0))
    return forms[-place] if quality else None


def _wanted(form: Form, ranges: Sequence[Range]) -> tuple[float, int]:
    """Quality and closeness with which the ranges ask for a form, by the best of its names."""
    best = (0.0, 0)
    for name in (form.media_type, *form.also):
        closeness = max((one.fits(name) for one in ranges), default=0)
        qualities = [one.quality for one in ranges if one.fits(name) == closeness > 0]
        if name == form.media_type and closeness == 3 and not max(qualities):
            return (0.0, 0)  # refused by its own name, whatever else it may be called
        best = max(best, (max(qualities, default=0.0), closeness))
    return best


def _ranges(accept: str) -> Iterator[Range]:
    for part in accept.split(",", RANGES)[:RANGES]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        main, _, sub = ("*/*" if name == "*" else name).partition("/")
        values = [text[2:].strip() for text in parameters if text.startswith("q=")]
        quality = values[0] if values else "1"
        if main and sub and QUALITY.fullmatch(quality) and quality != ".":
            yield Range(main, sub, min(float(quality), 1.0))
