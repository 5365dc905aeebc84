"""Nanopublications: each claim as four small graphs under a trusty URI, which proves their content.

The assertion holds the claim as it is, and beside it the plain fact where the source says it
firmly, in its own voice, and no claim disputes it. Nothing is signed: whoever publishes one signs
it with a key of their own.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from aikg import __version__
from aikg.build import Sources, layer_of
from aikg.claim import Claim
from aikg.document import RELEASE
from aikg.errors import UsageError
from aikg.names import AIKG, CLAIM, DCTERMS, OWL, PREFIXES, PROV, RDF, XSD
from aikg.turtle import iri

NP = "http://www.nanopub.org/nschema#"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CODE = " "
"""Where the artifact code will stand in an IRI, until it is known (Trusty URI Specification)."""
PARTS = {"hasAssertion": "#assertion", "hasProvenance": "#provenance",
         "hasPublicationInfo": "#pubinfo"}

Statement = tuple[str, str, str, str | Literal]
"""Graph, subject, predicate and object; IRIs as text, in which CODE may stand."""


def nanopublications(sources: Sources) -> dict[str, bytes]:
    """A TriG file for each claim, by name; the passages of the claim are its provenance.

    dcterms:created stands there only if SOURCE_DATE_EPOCH says when: the sources bear no date.
    Raises UsageError if that is no number of seconds. Source: Nanopublication Guidelines.
    """
    created = _created(os.environ.get("SOURCE_DATE_EPOCH"))
    plain = _plain(sources)
    about: dict[str, list[Triple]] = defaultdict(list)
    for triple in sources.graph:
        about[iri(triple.subject)].append(triple)
    files = {}
    for claim in sources.claims:
        own = f"{claim.iri}/{CODE}"
        said = [*([_fact(claim)] if claim.iri in plain else []), *about[claim.iri]]
        statements = [*_head(own), *_in_graph(own + "#assertion", said),
                      *_provenance(own, claim, about), *_publication(own, created)]
        name = claim.iri.removeprefix(CLAIM).replace("/", "-")
        files[f"{name}.trig"] = _trig(claim.iri, statements)
    return files


def artifact_code(statements: Iterable[Statement]) -> str:
    """The code of some graphs, that makes their URI trusty: `RA` and 43 characters.

    Source: Trusty URI Specification, module RA, for graphs without blank nodes.
    """
    digest = hashlib.sha256()
    for *names, target in sorted(set(statements), key=_order):
        digest.update("".join(f"{text}\n" for text in (*names, _canonical(target))).encode())
    return "RA" + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _order(statement: Statement) -> tuple[object, ...]:
    """IRIs by their bytes; literals behind them, by text, then datatype, then language."""
    *names, target = statement
    key = [name.encode() for name in names]
    if isinstance(target, str):
        return (*key, False, target.encode())
    datatype = "" if target.language else target.datatype.value
    return (*key, True, target.value.encode(), datatype, target.language or "")


def _canonical(target: str | Literal) -> str:
    if isinstance(target, str):
        return target
    kind = f"@{target.language.lower()}" if target.language else f"^{target.datatype.value}"
    escaped = target.value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{kind} {escaped}"


def _plain(sources: Sources) -> set[str]:
    """IRIs of the claims whose fact is a triple: firm, undisputed, not of `some such thing`."""
    classes = sources.ontology.vocabulary.classes
    firm = {name for names in layer_of(sources).facts.values() for name in names}
    return {claim.iri for claim in sources.claims if claim.iri in firm
            and (claim.predicate == RDF + "type" or claim.object not in classes)}


def _fact(claim: Claim) -> Triple:
    target = claim.value if claim.object is None else NamedNode(claim.object)
    assert target is not None
    return Triple(NamedNode(claim.subject), NamedNode(claim.predicate), target)


def _head(own: str) -> Iterator[Statement]:
    graph = own + "#Head"
    yield graph, own, RDF + "type", NP + "Nanopublication"
    for predicate, part in PARTS.items():
        yield graph, own, NP + predicate, own + part


def _provenance(
    own: str, claim: Claim, about: Mapping[str, Sequence[Triple]],
) -> Iterator[Statement]:
    """The passages that the claim is stated in, with their places and digests, and the source."""
    graph, assertion = own + "#provenance", own + "#assertion"
    sources = {iri(one.object) for passage in claim.passages for one in about[passage]
               if one.predicate.value == AIKG + "inSource"}
    for passage in claim.passages:
        yield graph, assertion, PROV + "wasDerivedFrom", passage
        yield from _in_graph(graph, about[passage])
    for source in sorted(sources):
        yield graph, assertion, PROV + "hadPrimarySource", source
        yield from _in_graph(graph, about[source])
    if claim.attributed_to:
        yield graph, assertion, PROV + "wasAttributedTo", claim.attributed_to


def _publication(own: str, created: Literal | None) -> Iterator[Statement]:
    graph = own + "#pubinfo"
    yield graph, own, DCTERMS + "creator", Literal("The aikg authors")
    yield graph, own, DCTERMS + "license", LICENCE
    yield graph, own, DCTERMS + "isPartOf", f"{RELEASE}/{__version__}"
    yield graph, own, OWL + "versionInfo", Literal(__version__)
    if created is not None:
        yield graph, own, DCTERMS + "created", created


def _created(seconds: str | None) -> Literal | None:
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is no number of seconds: {seconds[:40]!r}") from error
    return Literal(f"{moment:%Y-%m-%dT%H:%M:%S}Z", datatype=NamedNode(XSD + "dateTime"))


def _in_graph(graph: str, triples: Iterable[Triple]) -> Iterator[Statement]:
    for triple in triples:
        assert not isinstance(triple.subject, BlankNode), "the authored files hold no blank nodes"
        assert isinstance(triple.object, NamedNode | Literal)
        target = triple.object if isinstance(triple.object, Literal) else triple.object.value
        yield graph, iri(triple.subject), triple.predicate.value, target


def _trig(name: str, statements: Sequence[Statement]) -> bytes:
    """The statements under their trusty URI, in TriG."""
    code = artifact_code(statements)

    def node(text: str) -> NamedNode:
        return NamedNode(text.replace(CODE, code))

    quads = [Quad(node(subject), node(predicate),
                  node(target) if isinstance(target, str) else target, node(graph))
             for graph, subject, predicate, target in sorted(set(statements), key=_order)]
    prefixes = {**PREFIXES, "np": NP, "this": f"{name}/{code}", "sub": f"{name}/{code}#"}
    used = {key: space for key, space in prefixes.items()
            if any(space in str(quad) for quad in quads)}
    content = serialize(quads, format=RdfFormat.TRIG, prefixes=used)
    assert content is not None, "there is no file to write to"
    return content
