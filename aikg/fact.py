"""A fact: subject, predicate and object as N-Triples text, such as `<iri>`, `_:b` or `"x"@en`."""

from __future__ import annotations

from aikg.names import RDF

Fact = tuple[str, str, str]
TYPE = f"<{RDF}type>"
