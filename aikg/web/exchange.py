"""An exchange: one request, as far as a handler needs it, and what is sent back.

Neither Starlette nor uvicorn is needed to make or read them, so handlers can be tried alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from aikg.errors import (
    AikgError,
    AmbiguousName,
    NoAnswer,
    TimeLimit,
    UnknownFormat,
    UnknownName,
    UnknownQuery,
    UsageError,
)
from aikg.web.negotiation import JSON, PLAIN, Form, choose

FIELDS = 200
"""Parameters that a request may have."""
PROBLEM = Form("json", "application/problem+json", ("application/json",))
TITLES = {
    400: "Bad request", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    406: "Not acceptable", 408: "Request timeout", 413: "Content too large",
    414: "URI too long", 415: "Unsupported media type", 422: "No answer",
    500: "Internal error", 503: "Busy", 504: "Time limit",
}


class Problem(Exception):
    """What went wrong, for the client: as problem details (RFC 9457), as text or as a page."""

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any,
    ) -> None:
        """`status` is that of HTTP; `more` are further members, such as `candidates`."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = {name: value for name, value in more.items() if value}

    @property
    def title(self) -> str:
        """The status in words."""
        return TITLES.get(self.status, "Error")


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    body: bytes
    form: Form
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request."""

    path: str
    """The path, decoded, without a slash at its end; `/` for the root."""
    query: str = ""
    """What stands behind the `?`, as it came."""
    method: str = "GET"
    accept: str | None = None
    base: str = "http://127.0.0.1:8000"
    """Scheme, host and prefix by which the client reaches this server; no slash at its end."""
    prefix: str = ""
    """The path under which a proxy shows this server."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the variable parts of the route stand for."""
    body: bytes = b""
    content_type: str = ""

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters of the address. Raises Problem for what is not UTF-8."""
        return fields(self.query)

    def one(self, name: str) -> str | None:
        """The value of a parameter; None where it is not given. Raises Problem for two."""
        return only(self.parameters, name)

    def wants(self, forms: Sequence[Form], suffix: str = "") -> Form:
        """The form to send: by suffix, else by the parameter `format`, else by Accept.

        Raises Problem: 404 for a suffix and 400 for a format that there is not, 406 where Accept
        refuses all that there are.
        """
        asked = self.one("format")
        for name, status in ((suffix, 404), (asked, 400)):
            if name:
                found = [form for form in forms if form.suffix == name]
                if not found:
                    raise Problem(status, f"there is no {name[:20]!r} here: choose {listed(forms)}")
                return found[0]
        return self.accepted(forms)

    def accepted(self, forms: Sequence[Form]) -> Form:
        """The form to send by Accept alone. Raises Problem 406 where it refuses all."""
        form = choose(self.accept, forms)
        if form is None:
            types = [form.media_type for form in forms]
            raise Problem(406, f"none of the types asked for is here: choose {', '.join(types)}",
                          types=types)
        return form


def fields(text: str) -> dict[str, list[str]]:
    """The fields of a form (application/x-www-form-urlencoded). Raises Problem for a wrong one."""
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except UnicodeDecodeError as error:
        raise Problem(400, "a parameter is not UTF-8") from error
    except ValueError as error:
        raise Problem(400, f"there are more than {FIELDS} parameters") from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def only(found: Mapping[str, Sequence[str]], name: str) -> str | None:
    """The one value of a field; None where it is not given. Raises Problem where it is twice."""
    values = found.get(name, ())
    if len(values) > 1:
        raise Problem(400, f"the parameter {name} is given {len(values)} times: give it once")
    return values[0] if values else None


def listed(forms: Sequence[Form]) -> str:
    """The suffixes of some forms, for a message."""
    return ", ".join(dict.fromkeys(form.suffix for form in forms))


def json_reply(content: Any, status: int = 200, form: Form = JSON) -> Reply:
    """A reply of JSON."""
    return Reply(json.dumps(content, ensure_ascii=False).encode() + b"\n", form, status)


def status_of(error: AikgError) -> int:
    """The HTTP status of an error of ours."""
    kinds = ((UnknownQuery, 404), (UnknownName, 404), (AmbiguousName, 422), (UnknownFormat, 406),
             (UsageError, 400), (NoAnswer, 422), (TimeLimit, 504))
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


def refuse(error: AikgError, status: int | None = None) -> NoReturn:
    """Raise the problem that an error of ours is to a client."""
    raise Problem(status or status_of(error), str(error),
                  candidates=list(getattr(error, "candidates", ()))) from error


def problem_reply(problem: Problem, accept: str | None, html: Reply | None = None) -> Reply:
    """A problem as the client wants it: JSON, text, or the page `html` if there is one."""
    forms = (PROBLEM, PLAIN, html.form) if html else (PROBLEM, PLAIN)
    form = choose(accept, forms) or PROBLEM
    if html and form == html.form:
        return Reply(html.body, html.form, problem.status, problem.headers)
    if form is PLAIN:
        lines = [problem.detail, *problem.more.get("excerpt", "").splitlines(),
                 *(f"did you mean: {one}" for one in problem.more.get("candidates", ()))]
        return Reply(("\n".join(lines) + "\n").encode(), PLAIN, problem.status, problem.headers)
    content = {"type": "about:blank", "title": problem.title, "status": problem.status,
               "detail": problem.detail, **problem.more}
    reply = json_reply(content, problem.status, PROBLEM)
    return Reply(reply.body, PROBLEM, problem.status, problem.headers)
