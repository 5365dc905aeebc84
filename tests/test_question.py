"""Questions in words lead to the stored query they ask, in the right direction, or are refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aikg import Answer, Graph
from aikg.errors import AikgError, UnknownQuestion
from aikg.header import read_query
from aikg.names import compact
from aikg.words import tokens

HERE = Path(__file__).parent
# A question may be refused now and then; a wrong answer is worse.
LEAST_RIGHT = {"development": 0.96, "held-out": 0.92, "ordinary": 0.92, "free": 0.87,
               "sentences": 0.92, "mixed": 0.84, "varied": 0.90}
DEEP = ("free", "mixed", "varied")
SETS = [pytest.param(name, marks=[pytest.mark.deep] if name in DEEP else [])
        for name in LEAST_RIGHT]
MOST_WRONG = 0.01
LEAST_ASKED = {"development": 500, "held-out": 100, "ordinary": 250, "free": 700,
               "sentences": 280, "mixed": 800, "varied": 1_000}
LEAST_UNANSWERABLE = 40

Slots = dict[str, tuple[str, ...]]


class Case(NamedTuple):
    """A question of a set, with what would be a right answer to it."""

    question: str
    kind: str
    """answerable, yes, no; or the reason why it has no answer."""
    accepted: Sequence[tuple[str, Slots]]
    """The stored queries that answer it, each with the values of its slots."""
    answers: Sequence[str]
    """Words that a right answer holds, if any are listed."""
    stale: Sequence[str]
    """What is expected that no answer can be."""


def question_set(name: str, graph: Graph) -> list[Case]:
    lines = (HERE / "questions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [case(json.loads(line), graph) for line in lines]


def case(entry: Mapping[str, Any], graph: Graph) -> Case:
    answerable = entry["kind"] in ("answerable", "yes", "no")
    wanted = [*([entry] if answerable else []), *(entry.get("accept") or [])]
    accepted = []
    stale = []
    for one in (one for one in wanted if one.get("query")):
        try:
            accepted.append((one["query"], values(one["query"], one.get("slots") or {}, graph)))
        except AikgError as error:
            stale.append(f"{entry['id']}: {error}")
    return Case(entry["question"], entry["kind"], accepted, entry.get("answers") or (), stale)


def values(name: str, slots: Mapping[str, str], graph: Graph) -> Slots:
    """The values of slots as an answer's `bindings` hold them."""
    query = graph.catalog.query(name)
    return {slot: (value(query.parameter(slot).type, text, query.parameter(slot).of, graph),)
            for slot, text in slots.items()}


def value(kind: str, text: str, of: str | None, graph: Graph) -> str:
    if kind == "entity":
        return graph.lexicon.resolve(text, of)
    return graph.lexicon.resolve_class(text) if kind == "class" else text


def asked(question: str, graph: Graph) -> Answer | None:
    """The answer, if there is any: rows, or yes or no."""
    try:
        answer = graph.ask(question)
    except AikgError:
        return None
    says = answer.verdict is not None if answer.kind == "verdict" else answer.rows
    return answer if says else None


def outcome(case: Case, graph: Graph) -> str:
    """right, wrong or refused: the answer to a question held against what is accepted."""
    answer = asked(case.question, graph)
    if case.kind not in ("answerable", "yes", "no"):
        return "right" if answer is None or is_accepted(answer, case) else "wrong"
    if answer is None:
        return "refused"
    if answer.kind == "verdict" and case.kind in ("yes", "no"):
        return "right" if answer.verdict == (case.kind == "yes") else "wrong"
    if case.kind == "no":
        return "wrong"
    return "right" if is_accepted(answer, case) or has_words(answer, case) else "wrong"


def is_accepted(answer: Answer, case: Case) -> bool:
    return any(answer.query == query and slots.items() <= answer.bindings.items()
               for query, slots in case.accepted)


def has_words(answer: Answer, case: Case) -> bool:
    text = " | ".join([*(answer.text(term) for row in answer.rows for term in row.values),
                       *(item.comment for item in answer.evidence)]).lower()
    return answer.kind != "verdict" and bool(case.answers) and all(
        word.lower() in text for word in case.answers)


@pytest.fixture(scope="module")
def sets(graph: Graph) -> dict[str, list[Case]]:
    return {name: question_set(name, graph) for name in LEAST_RIGHT}


@pytest.fixture(scope="module")
def phrasings() -> set[str]:
    """Every stored phrasing, with a gap for each slot."""
    queries = [path for path in (HERE.parent / "queries").glob("*/*.rq")
               if path.parent.name != "check"]
    return {" ".join("{}" if item.startswith("{") else item for item in tokens(text))
            for path in queries for text in read_query(str(path), path.name).phrasings}


def is_phrasing(question: str, phrasings: set[str], graph: Graph) -> bool:
    return not phrasings.isdisjoint(with_gaps(tokens(question), graph))


def with_gaps(items: Sequence[str], graph: Graph) -> Iterator[str]:
    """The words with each choice of the names in them left out."""
    if not items:
        yield ""
        return
    for rest in with_gaps(items[1:], graph):
        yield f"{items[0]} {rest}".strip()
    for end in range(1, min(len(items), 8) + 1):
        name = " ".join(items[:end])
        if name in graph.lexicon.names or name in graph.lexicon.classes or name.isdigit():
            for rest in with_gaps(items[end:], graph):
                yield f"{{}} {rest}".strip()


def share(outcomes: Sequence[str], wanted: str) -> float:
    return outcomes.count(wanted) / len(outcomes)


@pytest.mark.parametrize("name", SETS)
def test_question_set(
    name: str, sets: dict[str, list[Case]], graph: Graph, measured: Callable[[str], None],
) -> None:
    outcomes = [outcome(case, graph) for case in sets[name]]
    measured(f"{name}: {len(outcomes)} questions, {share(outcomes, 'right'):.1%} right, "
             f"{share(outcomes, 'wrong'):.1%} wrong")
    assert share(outcomes, "wrong") <= MOST_WRONG
    assert share(outcomes, "right") >= LEAST_RIGHT[name]


def test_question_sets_are_large_and_tempting(sets: dict[str, list[Case]]) -> None:
    for name, cases in sets.items():
        assert len(cases) >= LEAST_ASKED[name]
        unanswerable = [case for case in cases if case.kind not in ("answerable", "yes", "no")]
        assert len(unanswerable) >= LEAST_UNANSWERABLE
    kinds = Counter(case.kind for cases in sets.values() for case in cases)
    assert min(kinds.values()) >= 10
    assert len(kinds) == 9


def test_a_filled_phrasing_is_told_from_another_question(
    phrasings: set[str], graph: Graph,
) -> None:
    assert len(phrasings) > 1000
    assert is_phrasing("Who funds Open-AI?", phrasings, graph)
    assert not is_phrasing("Who funds the lab called Open-AI?", phrasings, graph)


def test_no_question_is_a_phrasing(
    sets: dict[str, list[Case]], phrasings: set[str], graph: Graph,
) -> None:
    assert [case.question for cases in sets.values() for case in cases
            if is_phrasing(case.question, phrasings, graph)] == []


def test_no_question_is_asked_twice(sets: dict[str, list[Case]]) -> None:
    asked = Counter(" ".join(tokens(case.question)) for cases in sets.values() for case in cases)
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("name", LEAST_RIGHT)
def test_expectations_can_be_met(name: str, sets: dict[str, list[Case]]) -> None:
    assert [error for case in sets[name] for error in case.stale] == []


# Query, slot, name, then questions in which the name fills that slot.
DIRECTIONS = (
    ("compute-suppliers", "customer", "OpenAI",
     "who supplies OpenAI's compute", "who supplies compute to OpenAI",
     "OpenAI gets its compute from whom", "by whom is OpenAI supplied with compute",
     "who are OpenAI's compute suppliers", "who gives OpenAI its computing power"),
    ("compute-suppliers", "supplier", "OpenAI",
     "who does OpenAI supply compute to", "who gets compute from OpenAI",
     "whom does OpenAI supply with compute", "OpenAI's compute customers"),
    ("compute-suppliers", "supplier", "Microsoft",
     "who does Microsoft supply with compute", "who gets its compute from Microsoft",
     "who is supplied with compute by Microsoft"),
    ("chip-suppliers", "customer", "OpenAI",
     "who supplies chips to OpenAI", "whose chips does OpenAI use", "who sells GPUs to OpenAI"),
    ("chip-suppliers", "supplier", "Nvidia",
     "who does Nvidia supply chips to", "who gets chips from Nvidia", "who buys Nvidia's chips"),
    ("chip-suppliers", "customer", "Nvidia",
     "who supplies chips to Nvidia", "who supplies Nvidia with chips"),
    ("suppliers", "customer", "Microsoft", "who supplies Microsoft", "Microsoft's suppliers"),
    ("suppliers", "supplier", "Microsoft", "who does Microsoft supply", "Microsoft's customers"),
    ("suppliers", "customer", "xAI",
     "who supplies data to xAI", "where does xAI get its data from", "who supplies xAI with data"),
    ("suppliers", "supplier", "xAI", "who gets data from xAI"),
    ("suppliers", "supplier", "X Corp.", "who gets data from X Corp."),
    ("investors", "company", "Anthropic",
     "who funds Anthropic", "who put money into Anthropic", "Anthropic's backers",
     "by whom is Anthropic funded", "who is Anthropic funded by", "who bankrolls Anthropic"),
    ("investments", "investor", "Anthropic",
     "who does Anthropic fund", "what did Anthropic invest in", "who is funded by Anthropic",
     "who gets money from Anthropic", "who does Anthropic bankroll"),
    ("investments", "investor", "Amazon",
     "who does Amazon fund", "who is backed by Amazon", "in which labs does Amazon invest"),
    ("strategic-investors", "company", "Anthropic",
     "who are Anthropic's strategic investors", "who strategically invests in Anthropic"),
    ("strategic-investors", "investor", "Amazon",
     "in whom did Amazon strategically invest", "Amazon's strategic investments"),
    ("dependencies", "company", "xAI",
     "who does xAI depend on", "what does xAI rely on", "on whom does xAI depend"),
    ("dependencies", "dependency", "xAI", "who depends on xAI", "who relies on xAI"),
    ("parents", "company", "Google",
     "who owns Google", "who is the parent of Google", "Google's parent company",
     "whose subsidiary is Google"),
    ("parents", "parent", "Google",
     "who does Google own", "who is Google the parent of",
     "which company is a subsidiary of Google"),
    ("founders-from", "company", "Anthropic",
     "where did Anthropic's founders come from", "which company did Anthropic's founders leave"),
    ("founders-from", "origin", "Anthropic",
     "whose founders came from Anthropic", "who has founders from Anthropic"),
    ("models", "provider", "Anthropic",
     "which models does Anthropic develop", "Anthropic's models",
     "what is Anthropic's model called"),
    ("models", "model", "Claude", "who develops Claude", "Claude's maker"),
    ("assets", "owner", "Google", "what does Google own"),
    ("round-participants", "participant", "Amazon", "which round does Amazon take part in"),
    ("round-participants", "round", "the latest round", "who takes part in the latest round"),
    ("route-followers", "agent", "OpenAI", "which route does OpenAI follow"),
    ("route-followers", "route", "scale first", "who follows the scale-first route"),
    ("emphases", "who", "Anthropic", "what does Anthropic emphasize"),
    ("emphases", "what", "AI safety", "who emphasizes AI safety", "who stresses safety"),
    ("risk-triggers", "risk", "valuation pressure", "what triggers valuation pressure"),
    ("risk-triggers", "trigger", "profit shortfall", "what does the profit shortfall trigger"),
    ("risks", "company", "OpenAI", "which risks does OpenAI face"),
    ("risks", "risk", "valuation pressure", "who faces valuation pressure"),
)


@pytest.mark.parametrize(("query", "slot", "name", "question"), [
    (query, slot, name, question) for query, slot, name, *questions in DIRECTIONS
    for question in questions
])
def test_direction(query: str, slot: str, name: str, question: str, graph: Graph) -> None:
    answer = graph.ask(question)
    assert (answer.query, answer.bindings) == (query, values(query, {slot: name}, graph))


def test_every_relation_is_asked_in_both_directions() -> None:
    slots: dict[str, set[str]] = {}
    for query, slot, *_ in DIRECTIONS:
        slots.setdefault({"investments": "investors"}.get(query, query), set()).add(slot)
    assert [query for query, found in slots.items() if len(found) < 2] == ["assets"]


@pytest.mark.parametrize("question", ["who develops Anthropic", "what does Claude develop"])
def test_the_kind_of_a_name_does_not_turn_a_question_round(question: str, graph: Graph) -> None:
    assert asked(question, graph) is None


@pytest.mark.parametrize("question", [
    "who supplies OpenAI's compute", "WHO SUPPLIES OPENAI'S COMPUTE???",
    "who supplies openais compute", "who supplies OpenAI\u2019s compute?",
    "who supplies opnai's compute", "who supplys Open AI's compute",
    "Who supplies Open-AI's computing power?", "whose compute does OpenAI use, please?",
    "Tell me who supplies OpenAI's compute.", "list OpenAI's compute suppliers",
    "show me the compute suppliers of OpenAI", "openai compute supplier",
    "please give me the compute suppliers for OpenAI, thanks", "compute for OpenAI",
    "I want to know who supplies OpenAI's compute", "Hi! Who supplies OpenAI's compute?",
    "so who is it that supplies OpenAI's compute?", "  who\tsupplies\nOpenAI's compute ",
    "who, according to the article, supplies OpenAI's compute?",
])
def test_many_ways_to_ask_one_question(question: str, graph: Graph) -> None:
    answer = graph.ask(question)
    assert (answer.query, answer.bindings) == (
        "compute-suppliers", values("compute-suppliers", {"customer": "OpenAI"}, graph))


@pytest.mark.parametrize(("alias", "query", "slot"), [
    ("MSFT's investments", "investments", "investor"), ("Facebook's models", "models", "provider"),
    ("who owns Twitter", "parents", "company"), ("GOOG's parent", "parents", "company"),
    ("what did SoftBank Group invest in", "investments", "investor"),
    ("who funds antropic", "investors", "company"), ("nvidias customers", "suppliers", "supplier"),
])
def test_aliases_in_questions(alias: str, query: str, slot: str, graph: Graph) -> None:
    answer = graph.ask(alias)
    assert (answer.query, list(answer.bindings)) == (query, [slot])


@pytest.mark.parametrize(("question", "query"), [
    ("Where does Google's money for AI come from?", "capital-sources"),
    ("What is xAI short of?", "disadvantages"),
])
def test_of_equal_readings_the_one_that_has_an_answer_is_taken(
    question: str, query: str, graph: Graph,
) -> None:
    understood = graph.matcher.understand(question)
    assert len(understood.tied) > 1
    assert graph.answer_question(question, understood).query == query


@pytest.mark.parametrize("question", ["Who founded OpenAI?", "which companies are there"])
def test_equal_readings_of_one_query_or_with_several_answers_stay_refused(
    question: str, graph: Graph,
) -> None:
    with pytest.raises(UnknownQuestion):
        graph.ask(question)


@pytest.mark.parametrize(("question", "query"), [
    ("Which big companies fund Anthropic?", "investors"),
    ("what tech giants have financed OpenAI?", "investors"),
    ("Is it true that X Corp. used to be Twitter?", "former-names"),
    ("For which company is Microsoft a compute supplier?", "compute-suppliers"),
    ("I want to check whether SoftBank really participated in the financing of OpenAI.",
     "round-participants"),
    ("Is OpenAI in front on the scale-first path?", "route-followers"),
])
def test_words_that_only_colour_a_question_change_nothing(
    question: str, query: str, graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert (answer.query, bool(answer.rows)) == (query, True)
    assert answer.verdict in (None, True)


@pytest.mark.parametrize(("question", "reason", "nearest"), [
    ("who funds DeepSeek", "nothing in the graph is called 'deepseek'",
     "Who funds an organization?"),
    ("who supplies compute to Mistral", "nothing in the graph is called 'mistral'",
     "Who supplies computing power to an organization?"),
    ("who sued OpenAI", "nothing in the graph is called", ""),
    ("how many investors does OpenAI have", "no stored question asks this", ""),
    ("how much did Microsoft invest in OpenAI", "no stored question asks this", ""),
    ("when did Microsoft invest in OpenAI", "no stored question asks this", ""),
    ("why did Microsoft invest in OpenAI", "no stored question asks this", ""),
    ("who invested the most in OpenAI", "no stored question asks this", ""),
    ("who was the first to invest in OpenAI", "no stored question asks this", ""),
    ("largest investor in OpenAI", "'largest'", ""),
    ("what is the best model", "no stored question asks this", ""),
    ("who are its investors", "no stored question asks this", ""),
    ("who funds them", "no stored question asks this", ""),
    ("what does he own", "no stored question asks this", ""),
    ("who did not invest in OpenAI", "no stored question asks this", ""),
    ("who doesn't compete with OpenAI", "no stored question asks this", ""),
    ("who funds neither OpenAI nor Anthropic", "no stored question asks this", ""),
    ("who funds OpenAI but not Anthropic", "no stored question asks this", ""),
    ("Which rival of OpenAI is the strongest one?", "is called 'strongest'", ""),
    ("The company that makes Claude - who is bankrolling it?", "no stored question asks", ""),
    ("what is the weather today", "not understood", ""), ("", "not understood", ""),
    ("???", "not understood", ""),
    ("OpenAI Microsoft", "not understood", ""),
])
def test_refusals_say_why_and_offer_the_nearest(
    question: str, reason: str, nearest: str, graph: Graph,
) -> None:
    with pytest.raises(UnknownQuestion) as caught:
        graph.ask(question)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert nearest == "" or nearest in caught.value.candidates
    summaries = {query.summary for query in graph.catalog.queries.values()}
    assert set(caught.value.candidates) <= summaries


@pytest.mark.parametrize(("question", "slot"), [
    ("who does Microsoft rent compute to", "supplier"),
    ("who does OpenAI rent compute from", "customer"),
    ("to whom does Microsoft sell compute", "supplier"),
    ("from whom does OpenAI buy compute", "customer"),
    ("who buys computing capacity from Microsoft", "supplier"),
])
def test_a_preposition_left_alone_says_which_way(
    question: str, slot: str, graph: Graph,
) -> None:
    answer = asked(question, graph)
    assert answer is not None
    assert (answer.query, list(answer.bindings)) == ("compute-suppliers", [slot])


@pytest.mark.parametrize("question", [
    "what does this company depend on", "which of the two is better off", "and the lab's chips",
    "is the company open source or not", "where did that lab's founders come from",
    "who owns more GPUs, Google or Meta", "who paid more into Anthropic, Amazon or Google",
    "on which day did OpenAI close its latest round", "how big is the round",
    "who leads the financing of Anthropic", "is Microsoft on OpenAI's cloud",
])
def test_what_names_nobody_or_compares_amounts_is_refused(question: str, graph: Graph) -> None:
    assert asked(question, graph) is None


@pytest.mark.parametrize("part", [
    "OpenAI Microsoft capital Anthropic chips ", "suplieers investtors ", "to grow ", "who, ",
    "and Google ", "who funds OpenAI? ", "a ", "- ",
])
def test_the_longest_question_is_answered_or_refused_at_once(part: str, graph: Graph) -> None:
    question = ("does Google need " + part * 2_000)[:2_000]
    start = process_time()
    asked(question, graph)
    assert process_time() - start < 5  # it took minutes; a second is much


@pytest.mark.parametrize("question", [
    "who funds OpenAI or Anthropic", "what do industry boundaries reshape",
])
def test_no_name_is_passed_over(question: str, graph: Graph) -> None:
    answer = asked(question, graph)
    assert answer is None or answer.bindings


@pytest.mark.parametrize(("wrapped", "query"), [
    ("I am writing a report. Who funds Anthropic?", "investors"),
    ("Quick question: who funds Anthropic?", "investors"),
    ("Who funds Anthropic? I need it today.", "investors"),
])
def test_a_question_in_other_sentences(wrapped: str, query: str, graph: Graph) -> None:
    assert graph.ask(wrapped).query == query


@pytest.mark.parametrize("question", [
    "who funds Anthropic? who funds OpenAI?", "who funds Anthropic? who supplies OpenAI?",
    "OpenAI is no lab. Who funds Anthropic?",
])
def test_two_questions_or_a_denial_are_not_cut_down_to_one(question: str, graph: Graph) -> None:
    assert asked(question, graph) is None


@given(question=st.text(max_size=60) | st.lists(st.sampled_from(
    "who what does is not by of to and or supplies funds OpenAI Microsoft's compute chips { } ' \" "
    "2015 II.2.p4.s1 more most it its? \\ \0 ; never aikg:Claim thing:openai".split(" ")),
    max_size=12).map(" ".join))
@settings(max_examples=200, deadline=None, database=None)
def test_whatever_is_asked_gives_an_answer_or_our_error(question: str, graph: Graph) -> None:
    try:
        answer = graph.ask(question)
    except AikgError:
        return
    assert answer.rows or answer.reason or answer.verdict is not None


def test_a_year_to_compare_with(graph: Graph) -> None:
    assert asked("is OpenAI older than 2015", graph) is None


def test_understanding_shows_the_reading_and_its_score(graph: Graph) -> None:
    understood = graph.matcher.understand("who funds Anthropic")
    assert understood.best is not None
    assert understood.best.query == "investors"
    assert [compact(iri) for iri in understood.best.values["company"]] == ["thing:anthropic"]
    assert not understood.best.yes_no
    assert understood.readings[0] == understood.best
    scores = [reading.score for reading in understood.readings]
    assert scores == sorted(scores, reverse=True)
    assert understood.unknown == ()


def test_equally_good_readings_are_a_tie(graph: Graph) -> None:
    understood = graph.matcher.understand("who funds Anthropic")
    [first, *_] = understood.readings
    other = first._replace(query="investments", values={"investor": first.values["company"]})
    assert understood._replace(readings=(first, other)).best is None
    weaker = other._replace(score=first.score - 0.1)
    assert understood._replace(readings=(first, weaker)).best == first
    assert understood._replace(readings=(first._replace(score=0.5),)).best is None
    compare = first._replace(query="compare", values={"left": ("a",), "right": ("b",)})
    swapped = compare._replace(values={"left": ("b",), "right": ("a",)})
    assert understood._replace(readings=(compare, swapped)).best == compare


@pytest.mark.parametrize(("question", "shortened"), [
    ("does Google need outside money to keep up its research",
     ["does Google need outside money"]),
    ("does Google need money for OpenAI", []),
    ("does OpenAI have the ability to expand fast", []),
    ("is Nvidia to win", ["is Nvidia"]),
])
def test_a_purpose_may_be_left_out_unless_it_names_something(
    question: str, shortened: list[str], graph: Graph,
) -> None:
    assert graph.matcher.shortened(question) == shortened


@pytest.mark.parametrize("question", ["is Nvidia to win", "is Google to last"])
def test_what_a_purpose_leaves_is_no_question_of_its_own(question: str, graph: Graph) -> None:
    assert asked(question, graph) is None
