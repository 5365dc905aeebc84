"""The view: HTML from templates. Jinja2 stands behind this module alone.

Whatever a template is given is escaped, and what it is not given is an error.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aikg import __version__
from aikg.names import BASE

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STATIC = os.path.join(HERE, "static")
SAFE = ("https://", "http://")
"""How an address begins that a reader may be sent to; `javascript:` is an IRI too."""


@dataclass(frozen=True)
class Links:
    """Where things are found on this server: the links are rewritten, the data is not."""

    prefix: str = ""
    """The path under which a proxy shows this server."""
    live: bool = True
    """Whether a server answers: files have neither forms nor other formats."""

    def to(self, path: str, **parameters: str) -> str:
        """The address of a path of ours, which begins with `/`."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.prefix + quote(path, safe="/:@!$&'()*+,;=~-._") + query

    def of(self, iri: str) -> str | None:
        """Where an IRI leads: ours to this server, others to where they are, None to nowhere."""
        if iri.startswith(BASE):
            return self.to("/" + iri[len(BASE):])
        return iri if iri.startswith(SAFE) else None


class View:
    """The templates of the pages."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(os.path.join(HERE, "templates")), autoescape=True,
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            keep_trailing_newline=True, auto_reload=False)
        self._environment.globals["version"] = __version__

    def page(self, template: str, links: Links, **content: Any) -> str:
        """The page that a template makes of its content."""
        return self._environment.get_template(template).render(links=links, **content)


def static_files() -> dict[str, bytes]:
    """The files that pages refer to, by name: style sheets, scripts, pictures."""
    found = {}
    for entry in os.scandir(STATIC):
        if entry.is_file():
            with open(entry.path, "rb") as file:
                found[entry.name] = file.read()
    return found
