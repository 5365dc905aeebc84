"""A page: HTML from a template of ours. Jinja2 stands behind this module alone.

Whatever a template is given is escaped, and what it is not given is an error. Style and script
stand within the page, each named by its digest in a content security policy, so that the page
works from a file and nothing else can run in it (CSP Level 3, section 2.3.1).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from aikg.errors import AikgError

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")


def page(template: str, content: Mapping[str, object]) -> str:
    """The page that a template makes of its content. Raises AikgError without the extra `docs`."""
    return _environment().get_template(template).render(content)


def on_the_web(iri: str) -> bool:
    """Whether an IRI is an address that a reader may be sent to; `javascript:` is an IRI too."""
    return iri.startswith(("https://", "http://"))


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise AikgError("pages are made with Jinja2: pip install 'aikg[docs]'") from error
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    functions: dict[str, Any] = {"on_the_web": on_the_web, "inline": _inline, "digest": _digest}
    environment.globals.update(functions)
    return environment


def _inline(name: str) -> str:
    """A file beside the templates, as it stands between the tags of a style or a script."""
    from markupsafe import Markup

    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="\n") as file:
        return Markup(file.read())


def _digest(name: str) -> str:
    """The source expression that allows such a file in a content security policy."""
    digest = hashlib.sha256(_inline(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
