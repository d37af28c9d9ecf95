"""A journal that a stranger wrote, checksums right: every verb that reads it reads it, or refuses it, and never ends as a defect."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfinstruct.cli import main
from selfinstruct.config import to_toml
from tests.support.runs import MakeConfig, start
from tests.support.strange import framed, places, replaced
from tests.support.strange_records import HOSTILE, journal_of_each_kind, one_of_each_kind

pytestmark = pytest.mark.bounds

RUN = ["--run", "run"]
VERBS = [
    ["status", *RUN],
    ["status", *RUN, "--json"],
    ["explain", "en/0.0", *RUN],
    ["estimate", *RUN],
    ["filter", *RUN],
    ["generate", "--replay", *RUN],
    ["report", *RUN],
]
SHORT = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def run(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[list[str]], tuple[int, str]]:
    """A run with its configuration in the working folder, and the command line in this process."""
    start(make_config("batch"), tmp_path / "run")
    (tmp_path / "selfinstruct.toml").write_text(to_toml(make_config("batch")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(arguments: list[str]) -> tuple[int, str]:
        sys.argv, err = ["selfinstruct", *arguments], StringIO()
        with redirect_stdout(StringIO()), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), err.getvalue()

    monkeypatch.setattr(sys, "argv", [])
    return call


@SHORT
@given(data=st.data())
def test_no_value_of_any_kind_of_record_is_a_defect(
    run: Callable[[list[str]], tuple[int, str]], tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "run" / "journal" / "000001.jsonl"
    copy = tmp_path / "recorded.jsonl"
    if not copy.exists():
        copy.write_bytes(path.read_bytes())
    records = journal_of_each_kind(copy.read_bytes().split(b"\n"))
    kinds = one_of_each_kind(records)
    number = data.draw(st.sampled_from(sorted(kinds.values())))
    place = data.draw(st.sampled_from(list(places(records[number]))))
    value = data.draw(st.sampled_from(list(HOSTILE.values())) | st.integers() | st.floats(allow_nan=False) | st.text())
    lines = [framed(one) for one in records]
    lines[number] = framed(replaced(records[number], place, value))
    path.write_bytes(b"".join(lines))
    verb = data.draw(st.sampled_from(VERBS))
    code, said = run(verb)
    assert code in {0, 2, 5}, f"{place} of {json.dumps(records[number])[:200]}: {verb}: {said}"
