"""The graph as an owlready2 ontology: classes and individuals as Python objects.

Each call makes a World of its own, in memory; owlready2's default world is left alone. Nothing is
fetched: the ontology is merged in, so there are no imports.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from aikg.build import read_sources
from aikg.document import RELEASE
from aikg.errors import AikgError
from aikg.names import AIKG
from aikg.standalone import ntriples, standalone


def ontology(folder: str | None = None) -> Any:
    """The ontology with the graph, from the authored files (the package's own if None).

    Returns an owlready2 Ontology with the namespace of our terms: `Company` is an attribute of it,
    `search` and `individuals` are its methods, and all else is in its `world`.
    Raises AikgError without owlready2; GraphError, OntologyError or OSError for broken files.
    """
    try:
        import owlready2
    except ImportError:
        raise AikgError("classes as Python objects need owlready2: pip install owlready2") from None
    world = owlready2.World()
    content = ntriples(standalone(read_sources(folder)).triples)
    loaded = world.get_ontology(RELEASE + "#").load(fileobj=BytesIO(content), only_local=True)
    loaded.set_base_iri(AIKG, rename_entities=False)
    for namespace in (loaded, world.get_namespace(AIKG)):
        namespace.name = "aikg"
    return loaded
