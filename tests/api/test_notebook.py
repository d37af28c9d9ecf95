"""The notebook in a real Jupyter kernel, whose event loop runs while its cells do."""

import base64
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.system.files import PACKAGE
from tests.support.teacher_server import TeacherServer

NOTEBOOK = PACKAGE.parent / "examples" / "first_look.ipynb"
LARGEST = 100_000
"""Bytes of a notebook with its outputs: it is read in a pull request."""


@pytest.mark.notebook
def test_the_notebook_runs_from_seeds_to_a_plot(
    server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789abcdef")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE.parent))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    outputs: list[Any] = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output["data"].get("text/plain", "") for output in outputs if "data" in output]
    assert any("en 8/8, zh 8/8, target reached" in text for text in shown)
    pictures = [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert [base64.b64decode(picture)[:4] for picture in pictures] == [b"\x89PNG"]


def test_the_notebook_is_small_and_names_no_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert str(Path.home()) not in text
