"""What needs an extra names it before anything is done."""

from importlib.util import find_spec
from pathlib import Path

import pytest

import selfinstruct as si


def test_the_report_without_matplotlib_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "matplotlib" else find_spec(name))
    with pytest.raises(
        si.InputError, match=r"needs matplotlib, .*`make report`, or: pip install 'selfinstruct\[report\]'"
    ):
        si.report(tmp_path)
