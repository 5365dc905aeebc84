"""A small ontology in Turtle, and the forms of class expressions, for tests of axioms and rules."""

from __future__ import annotations

from pyoxigraph import RdfFormat, Triple, parse

from aikg.names import PREFIXES

DECLARED = """
aikg:A a owl:Class . aikg:B a owl:Class . aikg:C a owl:Class .
aikg:p a owl:ObjectProperty . aikg:q a owl:ObjectProperty . aikg:r a owl:ObjectProperty .
aikg:d a owl:DatatypeProperty . aikg:e a owl:DatatypeProperty .
aikg:note a owl:AnnotationProperty .
"""


def on_p(rest: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty aikg:p ; {rest} ]"


def defined(part: str) -> str:
    return f"aikg:A owl:equivalentClass {part} ."


def both(*parts: str) -> str:
    return f"[ a owl:Class ; owl:intersectionOf ( {' '.join(parts)} ) ]"


SOME = on_p("owl:someValuesFrom aikg:B")


def triples(turtle: str) -> list[Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prefixes + turtle, RdfFormat.TURTLE)]
