"""An exchange: parameters, forms and problems, without any server."""

from __future__ import annotations

import json

import pytest

from aikg import errors
from aikg.web.exchange import Call, Problem, Reply, fields, only, problem_reply, refuse, status_of
from aikg.web.negotiation import CSV, HTML, JSON


@pytest.mark.parametrize(("text", "expected"), [
    ("", {}), ("a=1&a=2&b=", {"a": ["1", "2"], "b": [""]}), ("q=a+b%20c%2B", {"q": ["a b c+"]}),
    ("a", {"a": [""]}), ("&&=&", {"": [""]}), ("a=1;b=2", {"a": ["1;b=2"]}),
    ("%C3%A9=%C3%A9", {"\u00e9": ["\u00e9"]})])
def test_fields_of_a_form(text: str, expected: dict[str, list[str]]) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize("text", ["q=%FF", "%ff=1", "&".join(f"a{n}=1" for n in range(201))])
def test_a_wrong_form_is_400(text: str) -> None:
    with pytest.raises(Problem) as caught:
        fields(text)
    assert caught.value.status == 400


def test_a_parameter_is_given_once() -> None:
    assert only({"a": ["x"]}, "a") == "x"
    assert only({}, "a") is None
    with pytest.raises(Problem, match="2 times"):
        only({"a": ["x", "y"]}, "a")


@pytest.mark.parametrize(("call", "suffix", "expected"), [
    (Call("/"), "", JSON), (Call("/"), "csv", CSV), (Call("/", "format=csv"), "", CSV),
    (Call("/", "format=csv"), "json", JSON), (Call("/", accept="text/csv"), "", CSV),
    (Call("/", "format=json", accept="text/csv"), "", JSON),
    (Call("/", "format=exe"), "", 400), (Call("/"), "exe", 404),
    (Call("/", accept="image/png"), "", 406)])
def test_suffix_goes_before_parameter_before_accept(
    call: Call, suffix: str, expected: object,
) -> None:
    try:
        found: object = call.wants((JSON, CSV), suffix)
    except Problem as problem:
        found = problem.status
    assert found == expected


@pytest.mark.parametrize(("error", "status"), [
    (errors.UnknownQuery(""), 404), (errors.UnknownName(""), 404), (errors.UnknownSlot(""), 400),
    (errors.AmbiguousName(""), 422), (errors.UnknownQuestion(""), 422), (errors.TimeLimit(""), 504),
    (errors.UnknownFormat(""), 406), (errors.StoreError(""), 500), (errors.QueryError(""), 500)])
def test_errors_of_ours_have_a_status(error: errors.AikgError, status: int) -> None:
    assert status_of(error) == status
    with pytest.raises(Problem) as caught:
        refuse(error)
    assert caught.value.status == status


@pytest.mark.parametrize(("accept", "kind"), [
    (None, "application/problem+json"), ("*/*", "application/problem+json"),
    ("application/json", "application/problem+json"), ("text/plain", "text/plain"),
    ("text/html", "text/html"), ("image/png", "application/problem+json")])
def test_a_problem_is_sent_as_accepted(accept: str | None, kind: str) -> None:
    problem = Problem(404, "no such thing", {"allow": "GET"}, candidates=["OpenAI"])
    reply = problem_reply(problem, accept, Reply(b"<p>", HTML))
    assert (reply.status, reply.form.media_type) == (404, kind)
    assert reply.headers == {"allow": "GET"}
    if kind == "application/problem+json":
        assert json.loads(reply.body) == {
            "type": "about:blank", "title": "Not found", "status": 404,
            "detail": "no such thing", "candidates": ["OpenAI"]}
    if kind == "text/plain":
        assert reply.body == b"no such thing\ndid you mean: OpenAI\n"
