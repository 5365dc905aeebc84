"""The form of a SPARQL query and the variables it projects, read from its text.

Not a parser: it reads as far as a caller must know what to expect of an endpoint, and gives None
where it cannot tell. SPARQL 1.1, sections 4.1 (prologue), 16.1 (projection) and 19.2 (escapes).
"""

from __future__ import annotations

import re

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# Possessive, or a text of many # would take for ever.
_BLANK = r"(?:\s|#[^\n\r]*+)"
_PROLOGUE = re.compile(
    rf"(?:{_BLANK}|PREFIX{_BLANK}*+[^\s:<>#]*+:{_BLANK}*+<[^<>]*>|BASE{_BLANK}*+<[^<>]*>)*+"
    r"([A-Za-z]++)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")
_TOKEN = re.compile(
    r"#[^\n\r]*+|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'"
    r"|<[^<>\"{}|^`\\\s]*+>|[?$]\w++|[(){}*]|\w++", re.DOTALL)


def form_of(text: str) -> str | None:
    """One of FORMS; None for an update, for what is not SPARQL, and where escapes hide which.

    An engine resolves code point escapes before it parses, so that one in a comment could end it.
    """
    found = {_form(text), _form(_ESCAPE.sub(lambda one: chr(int(one[1] or one[2], 16)), text))}
    return found.pop() if len(found) == 1 else None


def _form(text: str) -> str | None:
    begun = _PROLOGUE.match(text)
    word = begun[1].upper() if begun else ""
    return word if word in FORMS else None


def names_dataset(text: str) -> bool:
    """Whether a query says by FROM what it reads; a dataset in the request would take its place.

    SPARQL 1.1 Protocol, section 2.1.4.
    """
    return any(found[0].upper() == "FROM" and ":" not in text[found.end():found.end() + 1]
               and not text[:found.start()].endswith(":") for found in _TOKEN.finditer(text))


def projected(text: str) -> tuple[str, ...] | None:
    """The variables that a SELECT names, in order; None for `SELECT *` and other forms."""
    begun = _PROLOGUE.match(text)
    if not begun or begun[1].upper() != "SELECT":
        return None
    names: list[str] = []
    depth, last = 0, ""
    for token in map(re.Match.group, _TOKEN.finditer(text, begun.end())):
        if token[0] in "?$":
            last = token[1:]
            names += [] if depth else [last]
        elif depth == 0 and token == "*":
            return None
        elif depth == 0 and (token == "{" or token.upper() in ("WHERE", "FROM")):
            break
        elif token in ("(", ")"):
            depth += 1 if token == "(" else -1
            names += [last] if token == ")" and depth == 0 else []  # (expression AS ?last)
    return tuple(names)
