"""The example notebook: it runs, and gives the outputs that it is kept with."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

for library in ("nbclient", "nbformat", "ipykernel", "pandas", "igraph"):
    pytest.importorskip(library, reason=f"{library} is missing (extra test-all)")

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "queries" / "example.ipynb"


def outputs(notebook: Any) -> list[dict[str, str]]:
    """What each cell of code gives, by media type; the HTML of pandas is its own affair."""
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            shown = output.get("data") or {"text": output.get("text", output["output_type"])}
            texts = {kind: "".join(text) for kind, text in shown.items()}
            if "dataframe" in texts.get("text/html", ""):
                texts = {"text/plain": texts["text/plain"].split("\n")[0]}
            found.append(texts)
    return found


def test_it_gives_the_outputs_it_is_kept_with(monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat: Any = import_module("nbformat")
    client: Any = import_module("nbclient")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    kept = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(kept)
    run = nbformat.read(NOTEBOOK, as_version=4)
    client.NotebookClient(run, timeout=60, kernel_name="python3").execute(cwd=str(ROOT))
    assert outputs(run) == outputs(kept)
    kinds = {kind for output in outputs(run) for kind in output}
    assert kinds >= {"text/plain", "text/html", "image/svg+xml", "text"}


def test_no_place_or_time_is_kept_in_it() -> None:
    content = json.loads(NOTEBOOK.read_text("utf-8"))
    assert all("execution" not in cell["metadata"] for cell in content["cells"])
    assert str(Path.home()) not in NOTEBOOK.read_text("utf-8")
    assert content["metadata"]["kernelspec"]["name"] == "python3"
