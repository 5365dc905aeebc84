"""Candidates: the things that a reconciliation query may mean, each with how well it fits.

Source: Reconciliation Service API 0.2, section 4, and its JSON schema of a query batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import compact
from aikg.web.exchange import Problem
from aikg.web.extension import id_of, iri_of, is_thing, thing_of, values_of
from aikg.web.search import EXACT, Match, matches, things_named

LONGEST = 200
"""Characters of a name that is looked for."""
SHOWN, MOST = 5, 50
"""Candidates of a query: where it does not say, and at most."""
LISTED = 50
"""Types and properties of a query that are looked at."""
FIELDS = frozenset({"query", "type", "limit", "properties", "type_strict"})
STRICT = ("any", "should", "all")
AGREEING = 20.0
"""What of the score of a name the properties of a query can decide."""
IDENTIFIED = EXACT - 1
"""The score of a thing by its bare id: a word, which may be meant as another's name."""
Wanted = Sequence[tuple[str, frozenset[str]]]
"""IRIs of properties, each with what its value may be called."""


class Query(NamedTuple):
    """One query of a batch."""

    text: str
    kinds: tuple[str, ...]
    """IRIs or ids of the types of which a candidate must have one."""
    every: bool
    """Whether it must have all of them."""
    given: tuple[Mapping[str, Any], ...]
    """Properties, each with `pid` and `v`."""
    limit: int


def read_query(query: Any) -> Query:
    """One query as it came. Raises Problem for what the schema does not allow."""
    if not isinstance(query, dict) or not {*query} <= FIELDS:
        raise Problem(400, f"a query is an object with some of {', '.join(sorted(FIELDS))}")
    text, strict = query.get("query", ""), query.get("type_strict", "any")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Problem(400, f"`query` is a text of up to {LONGEST} characters")
    if strict not in STRICT:
        raise Problem(400, f"`type_strict` is one of {', '.join(STRICT)}")
    given = _given(query.get("properties", []))
    if "query" not in query and not given:
        raise Problem(400, "a query has at least one of `query` and `properties`")
    return Query(text, _kinds(query.get("type", [])), strict == "all", given,
                 _limit(query.get("limit", SHOWN)))


def _kinds(kinds: Any) -> tuple[str, ...]:
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise Problem(400, "`type` is an id or a list of ids")
    return tuple(kinds[:LISTED])


def _limit(limit: Any) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 1 <= limit < 1e9:
        raise Problem(400, "`limit` is a number above 0")
    return min(int(limit), MOST)


def _given(given: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(given, list) or not all(map(_is_given, given)):
        raise Problem(400, "each of `properties` is an object with `pid` and `v`, which is a text, "
                           "a number, true, false, an object with an `id`, or a list of these")
    return tuple(given[:LISTED])


def _is_given(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("pid"), str):
        return False
    value = one.get("v")
    return all(map(_is_value, value if isinstance(value, list) else [value]))


def _is_value(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("id"), str) and isinstance(value.get("name", ""), str)
    return isinstance(value, str | int | float)


def candidates(query: Query, graph: Graph) -> list[dict[str, Any]]:
    """What a query may mean, best first; by its properties alone where it has no text."""
    lexicon = graph.lexicon
    kinds = [compact(iri_of(kind) or kind) for kind in query.kinds]
    wanted = [(iri, _texts(one["v"])) for one in query.given if (iri := iri_of(one["pid"]))]
    found = _named(query.text, lexicon) if query.text.strip() else _bearers(wanted, graph)
    found = [one for one in found
             if not kinds or _fits(one.curie, kinds, query.every, lexicon)][:MOST]
    alone = sum(one.score == EXACT for one in found) == 1
    agreement = _agreement([one.curie for one in found], wanted, graph) if found else {}
    results = [_candidate(one, lexicon, alone, agreement.get(one.curie)) for one in found]
    results.sort(key=lambda result: -result["score"])
    return results[:query.limit]


def _named(text: str, lexicon: Lexicon) -> list[Match]:
    """The things with a name like the text, behind that which has it as its identifier."""
    found = [one for one in matches(text, things_named(lexicon, text), lexicon.label)
             if is_thing(one.curie)]
    curie = thing_of(text.strip(), lexicon)
    if curie is None or any((one.curie, one.score) == (curie, EXACT) for one in found):
        return found
    score = IDENTIFIED if text.strip() == id_of(curie) else EXACT
    return [Match(curie, lexicon.label(curie), text, score),
            *(one for one in found if one.curie != curie)]


def _bearers(wanted: Wanted, graph: Graph) -> list[Match]:
    """The things that have some of the wanted values, those with the most first.

    None of a store on disk: too many may have them to be looked at while others wait.
    """
    if graph.built.path is not None:
        return []
    agreement = _agreement(None, wanted, graph)
    found = [Match(curie, graph.lexicon.label(curie), "", 0.0)
             for curie, share in agreement.items() if share and curie in graph.lexicon.types]
    return sorted(found, key=lambda one: (-agreement[one.curie], one.label, one.curie))


def _fits(curie: str, kinds: Sequence[str], every: bool, lexicon: Lexicon) -> bool:
    return (all if every else any)(kind in lexicon.types.get(curie, ()) for kind in kinds)


def _candidate(
    match: Match, lexicon: Lexicon, alone: bool, agreement: float | None,
) -> dict[str, Any]:
    """One candidate, and of what its score is made."""
    features = [{"id": "name", "value": match.score}] if match.score else []
    score = match.score
    if agreement is not None:
        features.append({"id": "properties", "value": round(agreement, 2)})
        score = round(score * (1 - AGREEING / 100) + AGREEING * agreement, 1)
    return {
        "id": id_of(match.curie), "name": match.label, "score": score,
        "match": alone and match.score == EXACT and agreement in (None, 1.0),
        "type": types_of(match.curie, lexicon), "features": features,
    }


def _agreement(curies: Sequence[str] | None, wanted: Wanted, graph: Graph) -> dict[str, float]:
    """For each thing, or for all that have any, the share of the properties with a wanted value."""
    if not wanted:
        return {}
    values = values_of(curies, [iri for iri, _ in wanted], graph)
    names = {key: {name.casefold() for value, label in pairs
                   for name in (id_of(compact(value.value)), label or "") if name}
             for key, pairs in values.items()}
    things = {curie for curie, _ in values if is_thing(curie)} if curies is None else curies
    return {curie: sum(bool(texts & names.get((curie, iri), set()))
                       for iri, texts in wanted) / len(wanted) for curie in things}


def _texts(value: Any) -> frozenset[str]:
    """What a value may be called: a text, a number, an entity with an id, or a list of them."""
    if isinstance(value, list):
        return frozenset(text for one in value[:LISTED] for text in _texts(one))
    if isinstance(value, dict):
        return frozenset(str(value[key]).casefold() for key in ("id", "name") if key in value)
    return frozenset({str(value).casefold()})


def types_of(curie: str, lexicon: Lexicon) -> list[dict[str, str]]:
    """The most telling types of a thing, as the API writes a type."""
    kinds = lexicon.kinds.get(curie, ())
    return [{"id": id_of(kind), "name": lexicon.label(kind)} for kind in kinds]
