"""A store on disk is the generation that was committed last, whoever was stopped, and whenever."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from aikg.catalog import NAME, VERSION
from aikg.disk import Disk, drafting
from aikg.errors import AikgError, StoreError, UsageError

CATALOG = {NAME: json.dumps({"version": VERSION, "queries": {}}).encode()}


def fill(path: Path, word: str) -> None:
    """A store that holds one statement."""
    with drafting(str(path)) as draft:
        store = Store(draft.graph)
        store.bulk_load(f"<x:a> <x:b> <x:{word}> .".encode(), RdfFormat.N_TRIPLES)
        store.flush()
        del store
        draft.commit(CATALOG, triples=1)


def word(disk: Disk) -> str:
    [[term]] = disk.engine.select("SELECT ?o { ?s ?p ?o }").rows
    return str(term)


def generations(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.glob("generation-*"))


def test_what_was_committed_last_counts(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fill(tmp_path / "store", name)
        disk = Disk(str(tmp_path / "store"))
        assert word(disk) == f"<x:{name}>"
        assert disk.state["triples"] == 1
        assert generations(tmp_path / "store") == [os.path.basename(disk.generation)]
        del disk
        gc.collect()


def test_a_reader_keeps_what_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "one")
    reader = Disk(str(path))
    fill(path, "two")
    assert len(generations(path)) == 2
    assert (word(reader), word(Disk(str(path)))) == ("<x:one>", "<x:two>")
    del reader
    gc.collect()
    fill(path, "three")
    assert len(generations(path)) == 1


def test_what_is_not_committed_never_was(tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "one")
    before = generations(path)
    with pytest.raises(KeyboardInterrupt), drafting(str(path)):
        raise KeyboardInterrupt
    with drafting(str(path)):
        pass
    assert generations(path) == before
    assert word(Disk(str(path))) == "<x:one>"


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with drafting(str(path)):
        with pytest.raises(StoreError, match="another"), drafting(str(path)):
            pass
        with pytest.raises(UsageError, match="no store"):
            Disk(str(path))
    fill(path, "one")


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").touch()
    for path in (tmp_path, tmp_path / "thesis.doc"):
        with pytest.raises(UsageError), drafting(str(path)):
            pass
        with pytest.raises(UsageError, match="no store"):
            Disk(str(path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.doc"]


def graph_file(path: Path, ending: str) -> Path:
    return max(path.glob(f"generation-*/graph/{ending}"), key=lambda file: file.stat().st_size)


def garble(file: Path) -> None:
    file.write_bytes(bytes(byte ^ 0x55 for byte in file.read_bytes()))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("harm", [
    lambda path: (path / "store.json").write_bytes(b"{"),
    lambda path: (path / "store.json").write_bytes(b"\xff[]"),
    lambda path: (path / "store.json").write_bytes(b'{"version": 99}'),
    lambda path: (path / "store.json").write_bytes(b'{"version": 2, "generation": "none"}'),
    lambda path: garble(graph_file(path, "*.sst")), lambda path: cut(graph_file(path, "*.sst")),
    lambda path: graph_file(path, "*.sst").unlink(),
    lambda path: graph_file(path, "MANIFEST*").unlink(),
    lambda path: garble(graph_file(path, "MANIFEST*")),
    lambda path: graph_file(path, "CURRENT").unlink(),
    lambda path: garble(graph_file(path, "../catalog.json")),
    lambda path: graph_file(path, "../catalog.json").unlink(),
])
def test_a_damaged_store_says_what_to_do(harm: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "one")
    harm(path)
    with pytest.raises(AikgError) as error:
        word(Disk(str(path)))
    assert "aikg load" in str(error.value)
    assert "\n" not in str(error.value)
    fill(path, "two")
    assert word(Disk(str(path))) == "<x:two>"
