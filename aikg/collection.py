"""A collection: sources that are read together.

The default one, which ships, lies in `graph/`; another in `graph/collections/NAME/`, laid out the
same way: its entities, its sources, its claims.
"""

from __future__ import annotations

COLLECTIONS = "graph/collections/"


def collection_of(file: str) -> str:
    """The collection of an authored file, by its name under the root; empty for the default."""
    return file.removeprefix(COLLECTIONS).partition("/")[0] if file.startswith(COLLECTIONS) else ""


def folder_of(collection: str) -> str:
    """The folder of a collection under the root, with `/` at its end."""
    return f"{COLLECTIONS}{collection}/" if collection else "graph/"
