"""The header of a stored query: `#+` lines that hold one YAML mapping, which grlc reads too.

Read at build time only; what it says goes into the catalog. Every mistake is a QueryError that
names file and line, and never spoils the other queries.
"""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # libyaml's, ten times as fast
except ImportError:  # a PyYAML without it
    from yaml import SafeLoader  # type: ignore[assignment]

from aikg.errors import QueryError
from aikg.names import PREFIXES, RDF, expand
from aikg.query import SLOT, Parameter, Query

KEYS = frozenset({"summary", "description", "tags", "x-aikg"})
OWN_KEYS = frozenset({"ask", "params", "evidence", "columns", "graphs"})
PARAMETER_KEYS = frozenset({"type", "class", "required", "label"})
PARAMETER_TYPES = frozenset({"entity", "class", "text", "integer"})
RESERVED = frozenset({
    "help", "format", "output", "endpoint", "store", "sources", "as-of", "as_of", "limit", "page",
    "name", "grade", "evidence", "iris", "published-by", "published_by", *keyword.kwlist,
})
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*$")
DEEPEST = 9
"""Mappings and lists within each other; libyaml ends the process at some ten thousand."""


def read_query(path: str, file: str) -> Query:
    """The stored query in a .rq file; `file` is the name by which errors call it.

    Raises QueryError with file and line for a header that is not as DESIGN, section 7 has it.
    """
    name = os.path.basename(path).removesuffix(".rq")
    if not NAME.match(name):
        raise QueryError("the file name is the query's name and must be kebab-case", file)
    try:
        with open(path, encoding="utf-8-sig") as stream:
            text = stream.read()
    except UnicodeDecodeError as error:
        raise QueryError(f"not UTF-8 at byte {error.start}", file) from error
    except OSError as error:
        raise QueryError(error.strerror or str(error), file) from error
    return _Header(text, file).query(name)


class _Loader(SafeLoader):
    """YAML in which a key that stands twice is a mistake, not overwritten."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises ConstructorError for a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Header:
    """The header of one file, with the line of each of its keys for messages."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        lines = text.splitlines()
        self.numbers = [number for number, line in enumerate(lines, 1) if line.startswith("#+")]
        self.lines = [lines[number - 1][2:] for number in self.numbers]
        self.content = self._load()
        self.own: Mapping[str, Any] = self._mapping(self.content.get("x-aikg", {}), "x-aikg")

    def query(self, name: str) -> Query:
        self._known(self.content, KEYS)
        self._known(self.own, OWN_KEYS)
        parameters = tuple(self._parameter(key, value) for key, value in
                           self._mapping(self.own.get("params", {}), "params").items())
        self._check_slots([parameter.name for parameter in parameters])
        self._check_phrasings({parameter.name for parameter in parameters})
        summary = self.content.get("summary")
        if not isinstance(summary, str) or not summary.strip():
            raise self._error("no summary: add `#+ summary:` with the question", "summary")
        return Query(
            name, summary, self.text, self.file, self._description(),
            self._texts(self.content, "tags"), self._texts(self.own, "ask"), parameters,
            tuple(self._pattern(entry) for entry in self._list(self.own, "evidence")),
            self._texts(self.own, "columns"), self._texts(self.own, "graphs"))

    def _description(self) -> str:
        text = self.content.get("description", "")
        if not isinstance(text, str):
            raise self._error("description must be text", "description")
        return " ".join(text.split())

    def _load(self) -> Mapping[str, Any]:
        text = "\n".join(self.lines)
        try:
            self._check_depth(text)
            content = yaml.load(text, _Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            line = self.numbers[min(line, len(self.numbers) - 1)]
            raise QueryError(f"the header is not YAML: {error.problem}", self.file, line) from error
        except (yaml.YAMLError, ValueError) as error:
            raise self._error(f"the header is not YAML: {str(error).splitlines()[0]}") from error
        return self._mapping(content or {}, "header")

    def _check_depth(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                line = event.start_mark.line if event.start_mark else 0
                raise QueryError("the header is nested too deeply", self.file, self.numbers[line])

    def _error(self, message: str, key: object = "") -> QueryError:
        found = (number for number, line in zip(self.numbers, self.lines, strict=True)
                 if key != "" and re.match(rf"\s*(- )?{re.escape(str(key))}\b", line))
        return QueryError(message, self.file, next(found, self.numbers[0] if self.numbers else 1))

    def _mapping(self, value: object, key: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self._error(f"{key} must be a mapping", key)
        return value

    def _known(self, mapping: Mapping[str, Any], known: Iterable[str], place: str = "") -> None:
        for key in mapping:
            if key not in known:
                listed = ", ".join(sorted(known))
                # YAML reads `on`, `no` and numbers as other things than text
                where = place or (key if isinstance(key, str) else self._line_of(mapping, key))
                raise self._error(f"unknown key '{key}'; known are {listed}", where)

    def _line_of(self, mapping: Mapping[str, Any], key: object) -> str:
        """The text by which the line of a key that is no text is found: what stands before it."""
        words = [re.match(r"\s*([^\s:]+)", line) for line in self.lines]
        wanted = [word[1] for word in words if word and yaml.safe_load(word[1]) == key]
        return wanted[0] if wanted else ""

    def _list(self, mapping: Mapping[str, Any], key: str) -> list[Any]:
        value = mapping.get(key, [])
        if not isinstance(value, list):
            raise self._error(f"{key} must be a list", key)
        return value

    def _texts(self, mapping: Mapping[str, Any], key: str) -> tuple[str, ...]:
        values = self._list(mapping, key)
        for value in values:
            if not isinstance(value, str):
                raise self._error(f"{key} holds {value!r}, which is not text: quote it", key)
        return tuple(values)

    def _parameter(self, name: object, value: object) -> Parameter:
        if not isinstance(name, str):
            raise self._error(f"YAML reads the slot name as {name!r}: choose another", "params")
        content = self._mapping(value, name)
        self._known(content, PARAMETER_KEYS, name)
        if name in RESERVED or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise self._error(f"'{name}' cannot be the name of a slot", name)
        if str(content.get("type")) not in PARAMETER_TYPES:
            raise self._error(f"the type of {name} must be one of "
                              f"{', '.join(sorted(PARAMETER_TYPES))}", name)
        for key, kind in (("label", str), ("required", bool)):
            if not isinstance(content.get(key, kind()), kind):
                raise self._error(f"{key} of {name} must be {kind.__name__}", name)
        of = content.get("class")
        if of is not None and expand(str(of)) is None:
            raise self._error(f"unknown prefix in class {of}", name)
        return Parameter(name, content["type"], str(content.get("label", name)),
                         str(of) if of else None, bool(content.get("required", False)))

    def _check_slots(self, names: list[str]) -> None:
        slots = SLOT.findall(self.text)
        for name in names:
            if name not in slots:
                raise self._error(f"no slot for {name}: write VALUES ?{name} {{ UNDEF }}", name)
        for slot in slots:
            if slot not in names:
                raise self._error(f"slot ?{slot} is not among the params", "params")

    def _check_phrasings(self, names: set[str]) -> None:
        for text in self._texts(self.own, "ask"):
            for slot in re.findall(r"\{(\w*)\}", text):
                if slot not in names:
                    raise self._error(f"the phrasing '{text}' has a slot that is no param", "ask")

    def _pattern(self, entry: object) -> tuple[str, ...]:
        if isinstance(entry, Mapping) and list(entry) == ["claim"]:
            if not str(entry["claim"]).startswith("?"):
                raise self._error("evidence claim: must name a variable, ?claim", "evidence")
            return ("claim", str(entry["claim"]))
        parts = str(entry).split()
        if len(parts) != 3:
            raise self._error(f"evidence '{entry}' is neither three terms nor claim: ?variable",
                              "evidence")
        return tuple(self._evidence_term(part) for part in parts)

    def _evidence_term(self, part: str) -> str:
        if part.startswith("?"):
            return part
        iri = RDF + "type" if part == "a" else expand(part, PREFIXES)
        if iri is None:
            raise self._error(f"evidence term {part} is neither a variable nor a CURIE", "evidence")
        return f"<{iri}>"
