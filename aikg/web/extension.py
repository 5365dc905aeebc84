"""Data extension: values of the graph for a client's columns (Reconciliation Service API 0.2).

Also the ids by which that API calls things and terms: what stands behind the namespace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term, native
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, RDFS, THING, XSD, compact, expand
from aikg.web.exchange import Call, Problem, Reply, json_reply
from aikg.web.site import Site

CELLS = 2_500
"""Values that one request may ask for."""
SUGGESTED = 20
"""Properties that are proposed where the client does not say how many."""
TOP = "Agent"
"""The type of what is not said to have another."""
VALUES = """
SELECT ?one ?property ?value ?label WHERE {{
  {things} VALUES ?property {{ {properties} }}
  ?one ?property ?value . OPTIONAL {{ ?value <{rdfs}label> ?label }}
}} ORDER BY ?one ?property ?value"""
EVERY = f'FILTER(STRSTARTS(STR(?one), "{THING}"))'
USED = """
SELECT DISTINCT ?property WHERE {{
  ?one a {kind} ; ?property ?value . FILTER(STRSTARTS(STR(?property), "{aikg}"))
}} ORDER BY ?property"""
Values = dict[tuple[str, str], list[tuple[Term, str | None]]]


def properties(site: Site, call: Call) -> Reply:
    """The properties that things of a type have values for (section 6.1 of the API)."""
    kind = call.one("type") or TOP
    limit = call.one("limit") or ""
    if not (limit.isascii() and limit.isdecimal()) and limit:
        raise Problem(400, "limit is a number")
    most = int(limit[:4]) if limit else SUGGESTED
    lexicon = site.graph.lexicon
    iri = iri_of(kind)
    rows = (site.graph.engine.select(USED.format(kind=NamedNode(iri), aikg=AIKG)).rows
            if iri else ())
    found = [compact(row[0].value) for row in rows if isinstance(row[0], NamedNode)]
    return json_reply({"type": kind, "limit": most, "properties": [
        {"id": id_of(curie), "name": lexicon.label(curie)} for curie in found[:most]]})


def extended(asked: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """The values of properties of things. Source: section 6.2 of the API."""
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise Problem(400, "extend holds `ids`, a list of texts")
    if not isinstance(wanted, list) or not all(map(_is_wanted, wanted)):
        raise Problem(400, "extend holds `properties`, a list of objects with `id` and, where "
                           "there are any, `settings`, an object")
    if len(ids) * max(1, len(wanted)) > CELLS:
        raise Problem(413, f"at most {CELLS} values are asked for at once")
    names = [one["id"] for one in wanted]
    known = {name: iri for name in names if (iri := iri_of(name))}
    things = {one: curie for one in ids if (curie := thing_of(one, graph.lexicon))}
    values = values_of(list(things.values()), list(known.values()), graph)
    cells = {key: [_cell(*pair) for pair in pairs] for key, pairs in values.items()}
    return {
        "meta": [{"id": name, "name": graph.lexicon.label(known.get(name, name))}
                 for name in names],
        "rows": {one: {name: cells.get((things.get(one, ""), known.get(name, "")), [])
                       for name in names} for one in ids},
    }


def _is_wanted(one: Any) -> bool:
    return (isinstance(one, dict) and isinstance(one.get("id"), str)
            and isinstance(one.get("settings", {}), dict))


def values_of(curies: Sequence[str] | None, iris: Sequence[str], graph: Graph) -> Values:
    """By the CURIE of a thing and the IRI of a property: its values, each with its label if any.

    None for `curies` stands for all things that have such a value.
    """
    found: Values = {}
    if (curies is not None and not curies) or not iris:
        return found
    things = " ".join(f"<{expand(curie)}>" for curie in curies or ())
    solutions = graph.engine.select(VALUES.format(
        things=f"VALUES ?one {{ {things} }}" if things else EVERY, rdfs=RDFS,
        properties=" ".join(str(NamedNode(iri)) for iri in dict.fromkeys(iris))))
    for one, prop, value, label in solutions.rows:
        if isinstance(one, NamedNode) and isinstance(prop, NamedNode) and value is not None:
            name = label.value if isinstance(label, Literal) else None
            found.setdefault((compact(one.value), prop.value), []).append((value, name))
    return found


def _cell(value: Term, label: str | None) -> dict[str, Any]:
    if not isinstance(value, Literal):
        curie = compact(value.value)
        if is_thing(curie):
            return {"id": id_of(curie), "name": label or curie}
        return {"str": label or value.value}  # what has no id here has no page to view it either
    plain = native(value)
    if isinstance(plain, int) and not isinstance(plain, bool):
        return {"int": plain}
    if value.datatype.value == XSD + "decimal":
        return {"float": float(value.value)}
    return {"date" if value.datatype.value == XSD + "dateTime" else "str": value.value}


def id_of(curie: str) -> str:
    """The id of a thing in the identifier space (`openai`), of a term in the schema space."""
    return curie.removeprefix("thing:").removeprefix("aikg:")


def is_thing(curie: str) -> bool:
    """Whether it has an id in the identifier space."""
    return curie.startswith("thing:")


def thing_of(text: str, lexicon: Lexicon) -> str | None:
    """The CURIE of a thing by its id, CURIE or IRI."""
    for curie in (f"thing:{text}", text, compact(text)):
        if is_thing(curie) and curie in lexicon.types:
            return curie
    return None


def iri_of(text: str) -> str | None:
    """The IRI of a class or property by its id, CURIE or IRI; None for what can be none."""
    iri = expand(text) or (text if "://" in text else AIKG + text)
    try:
        return NamedNode(iri).value
    except ValueError:
        return None
