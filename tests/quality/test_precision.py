"""The tool that measures the rules on a file of the user's: what it draws, hides and counts."""

import json
from pathlib import Path

import pytest

from selfinstruct.errors import InputError
from tests import precision
from tests.support.command import rows


def data(folder: Path) -> Path:
    good = [
        {"instruction": f"Name {number} rivers that flow through Ireland.", "output": f"The Shannon and {number} more."}
        for number in range(20, 40)
    ]
    empty = [{"instruction": f"说出{number}条流经四川的河流。", "output": ""} for number in range(20, 24)]
    return rows(folder / "in.jsonl", *good, *empty)


def fill(sample: Path, defective: bool) -> None:
    values = [json.loads(line) for line in sample.read_text(encoding="utf-8").splitlines()]
    for value in values:
        bad = defective and not value["row"]["output"]
        value["verdict"] = "defective: empty" if bad else "good"
    rows(sample, *values)


def test_the_sample_does_not_say_what_the_rules_said_and_is_the_same_for_a_seed(tmp_path: Path) -> None:
    file = data(tmp_path)
    for name in ("one", "two"):
        precision.main([str(file), "--rejected", "3", "--accepted", "5", "--to", str(tmp_path / name)])
    text = (tmp_path / "one").read_text(encoding="utf-8")
    assert text == (tmp_path / "two").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 8
    assert {tuple(json.loads(line)) for line in text.splitlines()} == {("line", "verdict", "row")}


@pytest.mark.parametrize(
    ("defective", "told"),
    [
        (True, ("| empty_output | 4 | 3 | 3 | 100% |", "lost per 1,000: 0.0", "Defective rows found: 100%")),
        (False, ("| empty_output | 4 | 3 | 0 | 0% |", "no defective row judged")),
    ],
)
def test_verdicts_are_joined_with_what_the_rules_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], defective: bool, told: tuple[str, ...]
) -> None:
    file = data(tmp_path)
    precision.main([str(file), "--rejected", "3", "--accepted", "5"])
    fill(tmp_path / "in.jsonl.sample.jsonl", defective)
    precision.main([str(file), "--count"])
    shown = capsys.readouterr().out
    assert [one for one in told if one not in shown] == []


def test_an_open_verdict_and_a_sample_in_the_repository_are_refused(tmp_path: Path) -> None:
    file = data(tmp_path)
    precision.main([str(file)])
    with pytest.raises(InputError, match=r"sample\.jsonl:1: field `verdict`"):
        precision.main([str(file), "--count"])
    with pytest.raises(InputError, match="inside the repository"):
        precision.main([str(file), "--to", str(Path(__file__).parent / "sample.jsonl")])
