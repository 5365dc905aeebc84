"""The built graph: the one that ships is used while it is true, else one is built, once."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aikg import built, files
from aikg.built import load_view
from aikg.errors import AikgError, GraphError
from aikg.graph import Graph, open_graph
from aikg.selection import Selection, selection
from tests.checkouts import copy_checkout

SOURCE = Path("graph/claims/bitpush.ttl")
ASK = "ASK { <https://w3id.org/aikg/thing/microsoft> ?p <https://w3id.org/aikg/thing/openai> }"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, its graph built."""
    folder = tmp_path_factory.mktemp("original")
    copy_checkout(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_HERE", str(folder / "aikg"))
        built.store_built(built.rebuild())
    return folder


@pytest.fixture
def checkout(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that copy, which a test may damage; the cache is beside it."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    monkeypatch.setenv("AIKG_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def installed(checkout: Path) -> Path:
    """The same as an installed package: its data beside the modules."""
    for part in files.SOURCES:
        (checkout / part).rename(checkout / "aikg" / part)
    return checkout


@pytest.fixture
def builds(original: Path, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """An entry for each build; what is built is what the original holds, to save time."""
    made: list[None] = []

    def counted() -> dict[str, bytes]:
        made.append(None)
        return files.read_folder(str(original / "aikg" / "built"))

    monkeypatch.setattr(built, "rebuild", counted)
    return made


def shipped(checkout: Path) -> Path:
    return checkout / "aikg" / "built"


def cached(checkout: Path) -> list[Path]:
    return sorted((checkout / "cache").iterdir()) if (checkout / "cache").exists() else []


def append(path: Path, text: str = "\n# another line\n") -> None:
    path.write_bytes(path.read_bytes() + text.encode())


def same_size(path: Path) -> None:
    """Change a file, keep its size, and give it the time of the catalog."""
    data = path.read_bytes()
    path.write_bytes(data.replace(b"OpenAI", b"0penAI", 1))
    assert path.read_bytes() != data


# Fresh or not


def test_the_graph_that_ships_is_used(checkout: Path, builds: list[None]) -> None:
    assert built.load_built().folder == str(shipped(checkout))
    assert (builds, cached(checkout)) == ([], [])


def test_a_file_that_is_only_newer_changes_nothing(
    checkout: Path, builds: list[None], monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a fresh clone, which is looked into at its first start only."""
    read: list[str] = []
    digest = built._sha256

    def noted(path: str) -> str:
        read.append(path)
        return digest(path)

    monkeypatch.setattr(built, "_sha256", noted)
    newer = list((checkout / "queries").rglob("*.rq"))
    for path in newer:
        os.utime(path)
    for _ in "ab":
        assert built.load_built().folder == str(shipped(checkout))
    assert (len(read), builds) == (len(newer), [])
    same_size(checkout / SOURCE)
    assert built.load_built().folder != str(shipped(checkout))


@pytest.mark.parametrize("change", [
    lambda top: append(top / SOURCE),
    lambda top: same_size(top / SOURCE),
    lambda top: (top / "queries" / "supply" / "compute-suppliers.rq").unlink(),
    lambda top: shutil.copy(top / "graph" / "entities.ttl", top / "graph" / "more.ttl"),
], ids=["longer", "same size", "removed", "added"])
def test_a_change_is_built_once_and_cached(
    change: Callable[[Path], object], checkout: Path, builds: list[None],
) -> None:
    change(checkout)
    first = built.load_built()
    assert (len(builds), first.note) == (1, None)
    [folder] = cached(checkout)
    second = built.load_built()
    assert (len(builds), second.folder) == (1, str(folder))
    assert second.read("graph.nt") == first.read("graph.nt")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_changed_builder_does_not_trust_the_cache(checkout: Path, builds: list[None]) -> None:
    append(checkout / SOURCE)
    built.load_built()
    append(checkout / "aikg" / "closure.py")
    built.load_built()
    assert len(builds) == 2


def test_an_installed_package_does_not_look_at_its_sources(
    installed: Path, builds: list[None],
) -> None:
    append(installed / "aikg" / SOURCE)
    assert built.load_built().folder == str(shipped(installed))
    assert builds == []


def test_without_a_cache_it_works_and_says_so(
    checkout: Path, builds: list[None], monkeypatch: pytest.MonkeyPatch,
) -> None:
    append(checkout / SOURCE)
    monkeypatch.setenv("AIKG_CACHE", os.devnull)
    found = built.load_built()
    assert found.folder is None
    assert found.note
    assert "AIKG_CACHE" in found.note
    assert Graph(found).engine.query(ASK) is True


def test_broken_sources_are_told_with_file_and_line(checkout: Path) -> None:
    append(checkout / SOURCE, "\nclaim:x a aikg:Claim ; .. \n")
    lines = (checkout / SOURCE).read_text("utf-8").count("\n")
    with pytest.raises(GraphError, match=rf"bitpush\.ttl:{lines}:"):
        built.load_built()


# Damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def garble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:1000] + b"\xff" * 10 + data[1010:])


def overwrite(content: object) -> Callable[[Path], object]:
    return lambda path: path.write_text(json.dumps(content), "utf-8")


DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "graph cut": ("graph.nt", cut), "graph garbled": ("graph.nt", garble),
    "graph gone": ("graph.nt", Path.unlink), "catalog cut": ("catalog.json", cut),
    "catalog garbled": ("catalog.json", garble), "catalog gone": ("catalog.json", Path.unlink),
    "catalog empty": ("catalog.json", lambda path: path.write_bytes(b"")),
    "catalog of another version": ("catalog.json", overwrite({"version": 0})),
    "catalog a list": ("catalog.json", overwrite([])),
    "catalog bare": ("catalog.json", overwrite({"version": 2})),
    "files a list": ("catalog.json", overwrite({"version": 2, "files": ["graph.nt"]})),
    "lexicon cut": ("lexicon.json", cut), "links gone": ("links.nt", Path.unlink),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_ships_damaged_is_built_again(
    damage: str, checkout: Path, builds: list[None],
) -> None:
    name, harm = DAMAGES[damage]
    harm(shipped(checkout) / name)
    graph = open_graph()
    assert graph.engine.query(ASK) is True
    assert graph.lexicon.labels["thing:openai"] == "OpenAI"
    assert (len(builds), len(cached(checkout))) == (1, 1)
    assert open_graph().engine.query(ASK) is True


@pytest.mark.parametrize("damage", ["graph cut", "graph garbled", "catalog garbled"])
def test_what_is_cached_damaged_is_built_again(
    damage: str, checkout: Path, builds: list[None],
) -> None:
    name, harm = DAMAGES[damage]
    append(checkout / SOURCE)
    open_graph()
    [folder] = cached(checkout)
    harm(folder / name)
    assert open_graph().engine.query(ASK) is True
    assert (len(builds), cached(checkout)) == (2, [folder])
    assert open_graph().engine.query(ASK) is True
    assert len(builds) == 2, "the cache is whole again"


@pytest.mark.parametrize("damage", ["graph garbled", "catalog gone"])
def test_an_installed_package_repairs_itself_in_the_cache(
    damage: str, installed: Path, builds: list[None],
) -> None:
    name, harm = DAMAGES[damage]
    harm(shipped(installed) / name)
    assert open_graph().engine.query(ASK) is True
    assert len(cached(installed)) == 1


def test_what_building_does_not_help_is_told(original: Path) -> None:
    content = files.read_folder(str(original / "aikg" / "built"))
    with pytest.raises(GraphError, match="did not help"):
        built.repaired(built.Built(None, content))


# Building on purpose


def test_the_same_sources_give_the_same_bytes(checkout: Path) -> None:
    content = built.rebuild()
    assert built.differing(content) == []
    assert built.store_built(content) == []


def test_differing_names_every_file_that_is_not_the_same(
    checkout: Path, builds: list[None],
) -> None:
    content = built.rebuild()
    (shipped(checkout) / "graph.nt").unlink()
    garble(shipped(checkout) / "links.nt")
    (shipped(checkout) / "left-over.nt").touch()
    assert built.differing(content) == ["graph.nt", "left-over.nt", "links.nt"]
    paths = built.store_built(content)
    assert [os.path.basename(path) for path in paths] == ["graph.nt", "left-over.nt", "links.nt"]
    assert built.differing(content) == []
    assert not (shipped(checkout) / "left-over.nt").exists()
    assert shipped(checkout).stat().st_mode & 0o777 == 0o755


def test_a_checkout_without_a_built_folder_gets_one(
    checkout: Path, builds: list[None],
) -> None:
    shutil.rmtree(shipped(checkout))
    content = built.rebuild()
    assert built.differing(content) == sorted(content)
    built.store_built(content)
    assert built.differing(content) == []
    assert built.load_built().folder == str(shipped(checkout))


def test_an_installed_package_builds_into_the_cache(
    installed: Path, builds: list[None], monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = built.rebuild()
    paths = built.store_built(content)
    [folder] = cached(installed)
    assert [Path(path) for path in paths] == [folder / name for name in sorted(content)]
    monkeypatch.setenv("AIKG_CACHE", os.devnull)
    with pytest.raises(AikgError, match="AIKG_CACHE"):
        built.store_built(content)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made unwritable in another way")
def test_a_checkout_that_cannot_be_written_is_told(checkout: Path, builds: list[None]) -> None:
    shutil.rmtree(shipped(checkout))
    shipped(checkout).write_bytes(b"a file in the way")
    with pytest.raises(AikgError, match="cannot write"):
        built.store_built(built.rebuild())
    assert shipped(checkout).read_bytes() == b"a file in the way"
    assert not list((checkout / "aikg").glob(".draft-*"))


# Views


@pytest.fixture
def trade(checkout: Path, builds: list[None], monkeypatch: pytest.MonkeyPatch) -> list[Selection]:
    """The checkout with a source of another collection; an entry for each view that is built."""
    name = "graph/collections/trade/sources/post.ttl"
    path = checkout / name
    path.parent.mkdir(parents=True)
    path.write_text("# not read here: what is built is counted\n", "utf-8")
    made: list[Selection] = []
    documents = [["bitpush-openai-financing", "Bitpush", "", None], ["post", "Post", "trade", None]]

    def counted(wanted: Selection | None = None) -> dict[str, bytes]:
        if wanted is not None:
            made.append(wanted)
        content = files.read_folder(str(shipped(checkout)))
        others = json.dumps({"sources": documents}).encode()
        catalog = json.loads(content["catalog.json"])
        catalog["files"]["others.json"] = len(others)
        return {**content, "others.json": others, "catalog.json": json.dumps(catalog).encode()}

    monkeypatch.setattr(built, "rebuild", counted)
    return made


def views(checkout: Path) -> list[Path]:
    return sorted((checkout / "cache" / "views").iterdir())


def test_a_view_is_built_once_and_cached_by_what_it_selects(
    checkout: Path, trade: list[Selection],
) -> None:
    first, again, other = (load_view(selection(sources, day)) for sources, day in (
        ("all", None), ("post,Bitpush", None), ("all", "2026-01-01")))
    assert (first.folder, first.view) == (again.folder, again.view)
    assert first.view != other.view
    assert len(trade) == len(views(checkout)) == 2
    assert first.read("graph.nt")


def test_the_default_sources_by_name_are_the_default_view(
    checkout: Path, trade: list[Selection],
) -> None:
    assert (load_view(selection("Bitpush")).view, trade) == (None, [])
    assert load_view(selection(None, "2026-01-01")).view


def test_a_changed_source_gives_another_view(checkout: Path, trade: list[Selection]) -> None:
    before = load_view(selection("all")).view
    append(checkout / "graph" / "entities.ttl")
    assert load_view(selection("all")).view != before


def test_the_cache_keeps_a_few_views_beside_the_graphs(
    checkout: Path, trade: list[Selection],
) -> None:
    for day in range(1, 7):
        load_view(selection("all", f"2026-01-0{day}"))
    assert len(views(checkout)) == files.KEPT


def test_a_view_in_use_outlives_its_place_in_the_cache(
    checkout: Path, trade: list[Selection],
) -> None:
    view = load_view(selection("all"))
    assert view.folder
    shutil.rmtree(view.folder)
    assert view.read("graph.nt")
    assert view.read("nothing.nt") is None


def test_a_damaged_view_is_built_again(checkout: Path, trade: list[Selection]) -> None:
    folder = load_view(selection("all")).folder
    assert folder
    Path(folder, "graph.nt").write_bytes(b"")
    assert load_view(selection("all")).read("graph.nt")
    assert len(trade) == 2


def test_without_a_cache_a_view_works_and_says_so(
    checkout: Path, trade: list[Selection], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "cache_folder", lambda: None)
    view = load_view(selection("all"))
    assert view.note == built.NO_CACHE
    assert view.read("graph.nt")
