"""A file in which a git merge was left unfinished: one error, with file, line and way out, wherever the markers stand."""

import json
from pathlib import Path

import pytest

from selfinstruct.dataset.io.values import values_of
from selfinstruct.errors import InputError
from selfinstruct.system.files import read_jsonl
from tests.support.command import Cli

pytestmark = pytest.mark.thorough  # every command once

ROWS = [
    {"instruction": "说出一条法国的河流。", "input": "", "output": "卢瓦尔河。"},
    {"instruction": "Name a lake in Italy.", "input": "", "output": "Lake Como."},
    {"instruction": "Name a hill in Italy.", "input": "", "output": "Monte Baldo."},
]
SHAPES = {
    "in.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS),
    "in.json": json.dumps(ROWS, ensure_ascii=False, indent=2) + "\n",
    "wrapped.json": json.dumps({"version": 1, "data": ROWS}, indent=2) + "\n",
    "columns.json": json.dumps({name: [row[name] for row in ROWS] for name in ROWS[0]}, indent=2) + "\n",
    "pretty.jsonl": "".join(json.dumps(row, indent=2) + "\n" for row in ROWS),
    "in.csv": "instruction,output\n" + "".join(f"{row['instruction']},{row['output']}\n" for row in ROWS),
}
PLACES = [(name, at) for name, text in SHAPES.items() for at in range(text.count("\n") + 1)]


def half_merged(text: str, at: int, branch: str = "feature/春") -> str:
    """Return a text in which what follows a line is the same on both sides of a conflict."""
    lines = text.splitlines()
    both = [*lines[:at], "<<<<<<< HEAD", *lines[at : at + 1], "=======", *lines[at : at + 1], f">>>>>>> {branch}"]
    return "\n".join([*both, *lines[at + 1 :]]) + "\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("name", "at"), PLACES)
def test_the_first_marker_is_named_with_its_line_wherever_it_stands(
    tmp_path: Path, name: str, at: int, end: str
) -> None:
    path = tmp_path / name
    path.write_bytes(half_merged(SHAPES[name], at).replace("\n", end).encode())
    with pytest.raises(InputError, match="is a conflict marker: a git merge was left unfinished here") as raised:
        list(values_of(path))
    assert str(raised.value).startswith(f"{path}:{at + 1}: `<<<<<<< HEAD`")


@pytest.mark.parametrize("left", ["=======", ">>>>>>> main"])
def test_a_marker_that_was_forgotten_is_named_too(tmp_path: Path, left: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(SHAPES["in.jsonl"] + f"{left}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f":4: `{left}` is a conflict marker"):
        list(values_of(path))


def test_seeds_and_all_other_json_lines_are_refused_alike(tmp_path: Path) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(half_merged(SHAPES["in.jsonl"], 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"en.jsonl:2: `<<<<<<< HEAD` is a conflict marker"):
        list(read_jsonl(path))


@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv"])
def test_a_row_about_conflict_markers_is_a_row(tmp_path: Path, suffix: str) -> None:
    text = "<<<<<<< HEAD\n甲\n=======\n乙\n>>>>>>> main"
    path = tmp_path / f"in.{suffix}"
    row = json.dumps({"instruction": text, "output": "Choose one."})
    path.write_text(f'instruction,output\n"{text}",Choose one.\n' if suffix == "csv" else f"[{row}]", encoding="utf-8")
    assert [value["instruction"] for _, value in values_of(path)] == [text]


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "in.jsonl"),
        ("validate", "in.jsonl", "--fix", "--output", "new.jsonl"),
        ("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("diff", "in.jsonl", "in.jsonl"),
        ("export", "--dataset", "in.jsonl", "--format", "alpaca", "--output", "out"),
        ("report", "--dataset", "in.jsonl", "--output", "r.html"),
    ],
)
def test_every_command_says_it_and_writes_nothing(selfinstruct: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "in.jsonl").write_text(half_merged(SHAPES["in.jsonl"], 2), encoding="utf-8")
    done = selfinstruct(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "in.jsonl:3: `<<<<<<< HEAD` is a conflict marker" in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".toml") == ["in.jsonl"]
