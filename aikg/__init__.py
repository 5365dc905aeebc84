"""aikg: who funds, supplies, competes with and depends on whom in the AI industry, and who says so.

Four nouns: the ontology says what may be said, the graph what is said and by whom, a query what may
be asked, an answer what comes back, with evidence.

    import aikg

    graph = aikg.open()
    answer = graph.ask("who supplies OpenAI's compute")
    for row in answer:
        print(row["supplier"], row["grade"])
    graph.run("investors", company="Anthropic").evidence
"""

from __future__ import annotations

from aikg.answer import Answer as Answer
from aikg.answer import Evidence as Evidence
from aikg.answer import Row as Row
from aikg.errors import AikgError as AikgError
from aikg.errors import AmbiguousName as AmbiguousName
from aikg.errors import NoAnswer as NoAnswer
from aikg.errors import UnknownName as UnknownName
from aikg.errors import UnknownQuery as UnknownQuery
from aikg.errors import UnknownQuestion as UnknownQuestion
from aikg.graph import Graph as Graph
from aikg.graph import open_graph as open  # noqa: A004 - aikg.open() is the front door

__version__ = "0.1.0"

__all__ = [
    "AikgError",
    "AmbiguousName",
    "Answer",
    "Evidence",
    "Graph",
    "NoAnswer",
    "Row",
    "UnknownName",
    "UnknownQuery",
    "UnknownQuestion",
    "open",
]
