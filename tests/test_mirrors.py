"""A mirror of Wikidata on servers that no one here wrote: links, snapshots and federation hold.

The data is that of tests/wikidata.py, in Wikidata's shape; see tests/servers.py for the servers.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import DefaultGraph, RdfFormat

from aikg import push
from aikg.authored import Authored
from aikg.confirmation import confirm
from aikg.names import THING
from aikg.patience import Patient, patient
from aikg.suggestion import suggest
from tests.servers import ENGINES, Server, running
from tests.test_federation import MORE, ROWS, table
from tests.test_federation import call as run
from tests.wikidata import WD, engine, gathered, store

EXTRA = 'wd:Q2214105 skos:altLabel "SoftBank"@en .' + MORE
MIRROR = "https://example.org/graph/wikidata"


@pytest.fixture(scope="module", params=ENGINES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
           ) -> Iterator[Server]:
    """A server that holds the data where Wikidata has it: in what a query sees by default."""
    data = store(EXTRA).dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    lines = [line.removesuffix(" .") for line in data.decode().splitlines()]
    with running(request.param, tmp_path_factory.mktemp(request.param)) as server:
        url, steps = server.store, list(push.store_steps({MIRROR: lines}, server.store))
        if server.name != "virtuoso":  # whose default graph is all graphs together
            text = " .\n".join(lines)
            url = server.update
            steps = [push.Step("", 0, push._update(url, f"INSERT DATA {{ {text} }}"))]
        push.send(steps, url, server.credentials)
        yield server


@pytest.fixture
def mirror(server: Server) -> Patient:
    return patient(server.query, 60.0, lambda _: None)


def test_a_harvest_is_the_same(mirror: Patient, cache: object) -> None:
    found, wanted = gathered(mirror), gathered(engine(EXTRA))
    assert sorted(found.statements, key=str) == sorted(wanted.statements, key=str)
    assert (found.labels, found.rows, found.digest) == (wanted.labels, wanted.rows, wanted.digest)


def test_the_links_are_confirmed(mirror: Patient) -> None:
    assert confirm(Authored(), mirror) == []


def test_suggestions_are_the_same(mirror: Patient) -> None:
    found = suggest(THING + "softbank", Authored(), mirror)
    assert found == suggest(THING + "softbank", Authored(), engine(EXTRA))
    assert WD + "Q2214105" in {one.item.iri for one in found}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_federated_query_has_the_same_rows(
    server: Server, name: str, capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("run", name, "--online", "--service", server.query) == 0
    wanted = [line.split("\t") for line in ROWS[name].splitlines()]
    assert table(capsys.readouterr().out) == wanted
