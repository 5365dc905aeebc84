"""What the catalog says of words: the lexicon, and the stored phrasings reduced."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from aikg.fact import TYPE, Fact
from aikg.likeness import LIGHT, load_sign
from aikg.names import RDF, RDFS, SKOS, THING, compact
from aikg.ontology import Ontology
from aikg.phrasing import Phrasing, Word, form_key, stored
from aikg.query import Query
from aikg.stranger import capitals
from aikg.turtle import iri
from aikg.words import AUXILIARIES, IRREGULAR, PREPOSITIONS, normal, stem, stem_key, tokens

LEAST_WEIGHT = 0.45
NOUN_OF = re.compile(r"(?:is )?(?:an? |the )?[\w -]*\w of")
"""`is subsidiary of`: the noun names what stands on the far side of the inverse."""
PASSIVE = re.compile(r"is \w+ by")


def lexicon_entry(
    ontology: Ontology, graph: Iterable[Triple], closure: Iterable[Fact],
) -> dict[str, Any]:
    """The lexicon of a catalog, IRIs as CURIEs, everything sorted."""
    content = list(graph)
    everything = [*ontology.triples, *content]
    named = {individual for individual, _ in ontology.individuals}
    named |= {iri(triple.subject) for triple in content if iri(triple.subject).startswith(THING)}
    kinds = _types(((iri(triple.subject), iri(triple.object)) for triple in everything
                    if triple.predicate.value == RDF + "type"), named, ontology)
    types = _types(((fact[0][1:-1], fact[2][1:-1]) for fact in closure if fact[1] == TYPE),
                   named, ontology)
    names = _texts(everything)
    opposites = sorted(ontology.vocabulary.inverses.items())
    inverses = {compact(one): compact(other) for one, other in opposites}
    terms = {compact(term) for term in ontology.vocabulary.classes | ontology.properties}
    return {
        "labels": {compact(term): texts[0] for term, texts in sorted(names.items())},
        "names": _by_text({term: texts for term, texts in names.items() if term in named}),
        "classes": _by_text({term: texts for term, texts in names.items()
                             if term in ontology.vocabulary.classes}),
        "kinds": kinds,
        "types": types,
        "above": {compact(term): sorted(compact(upper) for upper in uppers if upper != term)
                  for term, uppers in sorted(ontology.vocabulary.ancestors.items())},
        "forms": _forms({term: texts for term, texts in names.items() if compact(term) in terms},
                        ontology.properties, ontology.vocabulary.inverses),
        "inverse": inverses,
    }


def phrasings_entry(queries: Iterable[Query], lexicon: Mapping[str, Any]) -> dict[str, Any]:
    """The phrasings of all stored queries, reduced, each of their words once.

    Most of a table is of no use to one question, so a phrasing and a word are a text each, which
    aikg.likeness reads when it needs it: a text is parsed ten times as fast as a nested list.
    """
    by_name = {query.name: query for query in queries}
    names = sorted(by_name)
    table: dict[Word, int] = {}
    entries: dict[str, list[int]] = {}
    users: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    vocabulary: dict[str, set[int]] = {name: set() for name in names}
    for place, name in enumerate(names):
        for text in by_name[name].phrasings:
            phrasing = stored(text, lexicon["forms"])
            used = [table.setdefault(word, len(table)) for word in phrasing.words]
            entry = f"{place};{_reduced(phrasing)};{_numbers(used)}"
            if entries.setdefault(entry, used) is not used:
                continue
            kinds[name].add(phrasing.asks)
            vocabulary[name].update(used)
            for word in phrasing.words:
                users[word.stem] |= {name} if not word.light else set()
    weights = _weights({stem: used for stem, used in users.items() if used})
    heavy = [LIGHT if word.light else weights.get(word.stem, 1.0) for word in table]
    return {
        "queries": names, "list": list(entries),
        "loads": "".join(load_sign(sum(heavy[place] for place in used))
                         for used in entries.values()),
        "words": [f"{word.stem};{' '.join(sorted(word.meanings))};{word.light:d};{weight}"
                  for word, weight in zip(table, heavy, strict=True)],
        "vocabulary": {name: _numbers(sorted(used)) for name, used in vocabulary.items()},
        "places": _places(table), "users": _users(entries.values(), len(table)),
        "kinds": {name: sorted(asked) for name, asked in kinds.items()},
        "proper": _proper(by_name.values()),
        **_known_words(lexicon, by_name.values(), users), "stems": _by_stems(lexicon["names"]),
    }


def _reduced(phrasing: Phrasing) -> str:
    """A phrasing as the catalog holds it, but for its query and its words."""
    slots = " ".join(f"{name.slot}/{name.role}" for name in phrasing.names)
    return ";".join((phrasing.asks, str(phrasing.negated + 2 * phrasing.has),
                     " ".join(sorted(phrasing.limits)), " ".join(sorted(phrasing.pronouns)), slots))


def _places(table: Iterable[Word]) -> dict[str, str]:
    """The places in the table of the words of each stem and of each meaning."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(table):
        for key in {word.stem, *(meaning.rstrip("!") for meaning in word.meanings)}:
            found[key].append(place)
    return {key: _numbers(places) for key, places in sorted(found.items())}


def _users(entries: Iterable[Sequence[int]], words: int) -> list[str]:
    """The phrasings that use each word of the table; last, those that use none."""
    found: list[list[int]] = [[] for _ in range(words + 1)]
    for number, used in enumerate(entries):
        for place in set(used) or {words}:
            found[place].append(number)
    return [_numbers(numbers) for numbers in found]


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _weights(users: Mapping[str, set[str]]) -> dict[str, float]:
    """How telling each stem is: 1 for one of a single query, less the more queries use it."""
    most = log(max(map(len, users.values()), default=1)) or 1.0
    return {word: round(1 - (1 - LEAST_WEIGHT) * log(len(names)) / most, 3)
            for word, names in sorted(users.items())}


def _by_stems(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The things of each name of several words, by its stems."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, things in names.items():
        if " " in name:
            found[stem_key(name)].update(things)
    return {key: sorted(things) for key, things in sorted(found.items()) if key not in names}


def _proper(queries: Iterable[Query]) -> dict[str, str]:
    """The words that begin with a capital in phrasings, as stems, to the queries that have them."""
    found: dict[str, set[str]] = defaultdict(set)
    for query in queries:
        for word in capitals(" ".join(query.phrasings)):
            found[stem(word.lower())].add(query.name)
    return {word: " ".join(sorted(names)) for word, names in sorted(found.items())}


def _known_words(
    lexicon: Mapping[str, Any], queries: Iterable[Query], phrased: Iterable[str],
) -> dict[str, str]:
    """What a misspelt word may have been: the words of all names and phrasings, and bare stems."""
    texts = [text for query in queries for text in query.phrasings]
    names = {part for name in (*lexicon["names"], *lexicon["classes"]) for part in name.split()}
    words = names | {word for text in texts for word in tokens(text.replace("-", " "))
                     if word.isalpha()}
    bare = {part for text in (*lexicon["forms"], *phrased) for part in text.split()}
    bare |= set(map(stem, words))
    return {"known": " ".join(sorted(words)), "bare": " ".join(sorted(bare - words))}


def _texts(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """Label and other names of each term and thing; the label first."""
    labels: dict[str, str] = {}
    others: dict[str, list[str]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            if triple.predicate.value == RDFS + "label":
                labels[triple.subject.value] = triple.object.value
            elif triple.predicate.value == SKOS + "altLabel":
                others[triple.subject.value].append(triple.object.value)
    return {term: [label, *sorted(others[term])] for term, label in labels.items()}


def _by_text(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for term, texts in names.items():
        for text in filter(normal, texts):
            found[normal(text)].add(compact(term))
    return {text: sorted(terms) for text, terms in sorted(found.items())}


def _types(
    pairs: Iterable[tuple[str, str]], named: set[str], ontology: Ontology,
) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for individual, kind in pairs:
        if individual in named and kind in ontology.vocabulary.classes:
            found[compact(individual)].add(compact(kind))
    return {individual: sorted(kinds) for individual, kinds in sorted(found.items())}


def _forms(
    names: Mapping[str, Sequence[str]], properties: Collection[str],
    inverses: Mapping[str, str],
) -> dict[str, list[str]]:
    """The stems of each label of a term, to the terms.

    Another name of a property is a verb phrase in the third person (`bets on`), or a noun for what
    stands on its far side (`investor`), then marked `!`. The passive of an inverse (`is funded by`)
    is left to grammar.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for term, texts in names.items():
        for text in texts:
            if term in inverses and PASSIVE.fullmatch(text):
                continue
            key = form_key(tokens(text.replace("-", " ")))
            name, noun = term, term in properties and not _is_verb_phrase(text)
            if term in inverses and NOUN_OF.fullmatch(text):
                name, noun = inverses[term], True
            if key:
                found[key].add(compact(name) + "!" * noun)
    return {key: sorted(terms) for key, terms in sorted(found.items())}


def _is_verb_phrase(text: str) -> bool:
    words = text.lower().split()
    head = words[0] if words else ""
    if head == "has" and words[-1] not in PREPOSITIONS:
        return False  # `has subsidiary` names the far side, as `subsidiary` does
    return (head in AUXILIARIES or head.endswith(("ed", "ng")) or head in IRREGULAR
            or (head.endswith("s") and not head.endswith(("ss", "us", "is"))))
