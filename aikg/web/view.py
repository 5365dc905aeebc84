"""The view: pages of the server from templates, and where their links lead."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from aikg import __version__
from aikg.names import BASE
from aikg.page import environment, on_the_web

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STATIC = os.path.join(HERE, "static")


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
        return iri if on_the_web(iri) else None


class View:
    """The templates of the pages."""

    def page(self, template: str, links: Links, **content: Any) -> str:
        """The page that a template makes of its content. Raises AikgError without Jinja2."""
        return environment().get_template(template).render(
            links=links, version=__version__, **content)


def static_files() -> dict[str, bytes]:
    """The files that pages refer to, by name: style sheets, scripts, pictures."""
    found = {}
    for entry in os.scandir(STATIC):
        if entry.is_file():
            with open(entry.path, "rb") as file:
                found[entry.name] = file.read()
    return found
