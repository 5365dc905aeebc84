"""What is disputed, read as if it stood in the main graph: here, or at an endpoint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aikg.names import GRAPH, graph_beside
from aikg.store import Engine, Solutions, Store

WHERE = re.compile(r"^WHERE \{", re.MULTILINE)
"""Where the text of a stored query goes on from what it selects."""
DISPUTED = "disputed"


def with_disputed(engine: Engine, main: str, sparql: str, graphs: Sequence[str]) -> Solutions:
    """The solutions of a stored query over the main graph and what is disputed.

    `main` is the IRI of the main graph at an endpoint, which is told the whole data set in the
    query (SPARQL 1.1, section 13.2); `graphs` are the names of the further graphs that it reads.
    """
    if isinstance(engine, Store):
        return engine.select(sparql, graphs, DISPUTED)
    dataset = [f"FROM <{main}>", f"FROM <{graph_beside(main, DISPUTED)}>",
               *(f"FROM NAMED <{GRAPH}{name}>" for name in graphs)]
    return engine.select(WHERE.sub(" ".join([*dataset, "WHERE {"]), sparql, count=1))
