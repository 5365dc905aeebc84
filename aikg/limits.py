"""What a text may ask of a parser, looked at before one sees it.

The parsers behind pyoxigraph and py-horned-owl end the whole process where XML entities expand
without end, or brackets are nested deeper than their stack: no exception is raised then.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from aikg.errors import GraphError

DEEPEST = 200
"""Elements or brackets within each other; ontologies have about ten."""
MOST_ENTITIES = 200
LONGEST = 50 << 20
"""Characters that a text may grow by when its entities are expanded."""

ENTITY = re.compile(r"""<!ENTITY\s+([^\s"'<>]+)\s+(?:"([^"]*)"|'([^']*)')""")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|<[^<>\s]*|[()]', re.DOTALL)
"""A text, closed or not, or it would be sought anew at each quotation mark; an IRI; a bracket."""


def check_entities(text: str) -> None:
    """Raises GraphError for XML that grows beyond LONGEST, or whose entities cannot be told."""
    if "<!ENTITY" not in text:
        return
    entities = {name: one or other for name, one, other in ENTITY.findall(text)}
    if len(entities) > MOST_ENTITIES or text.count("<!ENTITY") != len(entities):
        raise GraphError("declares entities of XML that are not read here")
    if any(re.search("[&%<]", value) for value in entities.values()):
        raise GraphError("declares entities of XML within each other: that is no OWL")
    if sum(len(value) * text.count(f"&{name};") for name, value in entities.items()) > LONGEST:
        raise GraphError("grows too large when its entities of XML are expanded")


def check_elements(text: str) -> None:
    """Raises GraphError for XML whose elements are nested deeper than DEEPEST, or broken."""
    depth = 0

    def start(_: str, __: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise GraphError(f"nests elements deeper than {DEEPEST}: that is no OWL")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    check_entities(text)
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise GraphError(f"is not XML: {error}") from error


def check_brackets(text: str) -> None:
    """Raises GraphError for functional syntax nested deeper than DEEPEST."""
    depth = 0
    for token in TOKEN.finditer(text):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth > DEEPEST:
            raise GraphError(f"nests brackets deeper than {DEEPEST}: that is no OWL")
