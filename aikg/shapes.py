"""Shapes: the SHACL of ontology/shapes/, run by pyshacl, which nothing else imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from aikg.authored import ERROR, WARNING, Authored, NotRun, short
from aikg.inspection import Finding
from aikg.names import OWL, RDF, RDFS

if TYPE_CHECKING:
    from rdflib import Graph

FOLDER = "ontology/shapes/"
SH = "http://www.w3.org/ns/shacl#"


def shapes(authored: Authored) -> Iterator[Finding]:
    """The graph has the SHACL shapes: classes are taken with all below them, nothing else inferred.

    Raises NotRun, with what to install, where pyshacl is missing.
    """
    try:
        from pyshacl import validate  # here, because it is slow and only the checks need it
    except ImportError:
        raise NotRun("the shapes need pyshacl: pip install 'aikg[check]'") from None
    wanted = [one for name, triples in authored.turtle.items() if name.startswith(FOLDER)
              for one in triples]
    data = [one for name, triples in authored.turtle.items() if name.startswith("graph/")
            for one in triples]
    data += [one for one in authored.merged if one.predicate.value == RDFS + "subClassOf"
             and isinstance(one.object, NamedNode)]
    _, report, _ = validate(_graph(data), shacl_graph=_graph(wanted))
    yield from (_finding(result, report, authored) for result in _results(report))


def _graph(triples: Iterable[Triple]) -> Graph:
    from rdflib import Graph

    said = (one for one in triples if one.predicate.value != OWL + "imports")
    return Graph().parse(data=serialize(said, format=RdfFormat.N_TRIPLES) or b"", format="nt")


def _results(report: Any) -> list[Any]:
    from rdflib import URIRef

    return list(report.subjects(URIRef(RDF + "type"), URIRef(SH + "ValidationResult")))


def _finding(result: Any, report: Any, authored: Authored) -> Finding:
    from rdflib import URIRef

    def of(name: str) -> Any:
        return report.value(result, URIRef(SH + name))

    wrong, _, fix = str(of("resultMessage")).partition("; ")
    terms = [str(of(name)) for name in ("value", "resultPath")
             if of(name) is not None and of(name) != of("focusNode")]
    about = f" ({' '.join(map(short, reversed(terms)))})" if terms else ""
    return authored.finding(
        str(of("sourceShape")).rpartition("/")[2], str(of("focusNode")),
        wrong[:1].lower() + wrong[1:] + about, fix.rstrip("."), at=terms,
        level=WARNING if str(of("resultSeverity")) == SH + "Warning" else ERROR)
