"""The console: counters that run along instead of all verdicts again, and nothing foreign that is not made text first."""

import re
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.cli.console import Screen, print_table
from selfinstruct.records import Candidate, Verdict
from selfinstruct.runs.caps import Caps
from selfinstruct.system.aside import Aside
from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.teacher import Budget
from selfinstruct.training.evaluation.report import HEADERS
from tests.support.bootstraps import make_plan


class Counted(list[Verdict]):
    """Verdicts that may be appended to and counted, and not be gone through."""

    def __iter__(self) -> Iterator[Verdict]:
        raise AssertionError("all verdicts were gone through again")


@pytest.mark.parametrize("quiet", [True, False])
def test_a_reply_costs_the_same_after_many_verdicts(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    plan = make_plan("zh", "batch")
    bootstrap = Bootstrap(plan)
    bootstrap.acceptance.verdicts = bootstrap.verdicts = Counted()
    for number in range(3):
        candidate = Candidate(language="zh", index=number, position=0, instruction="写诗。")
        bootstrap.acceptance.record(Verdict(candidate=candidate, stage="instruction", rule="too_short"))
    Screen(quiet).run({"zh": bootstrap}, 1, Budget(None, None, 0))
    assert list(Caps(plan.config.limits, 0, lambda: 0.0).reached({"zh": bootstrap})) == []
    assert ("rejected 3: too_short 3" in capsys.readouterr().err) is not quiet


def test_a_cell_of_a_table_is_text_and_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["[b]head[/b]"], [["[red]one[/red]"], ["[/nothing]"], ["\x1b[2J:smile:"]])
    shown = capsys.readouterr().out
    assert all(cell in shown for cell in ("[b]head[/b]", "[red]one[/red]", "[/nothing]", "⟨1B⟩[2J:smile:"))


def test_the_verbs_write_through_the_console_alone() -> None:
    """What bypasses it would reach a terminal as it is."""
    found = {
        path.name
        for path in (PACKAGE / "cli").glob("*.py")
        if re.search(r"click\.s?echo\(|sys\.stdout\.write\(|(?<![\w.])print\(", read_text(path))
    }
    assert found == {"asking.py", "console.py"}


REAL = {
    "estimate": (
        ("language", "missing", "requests", "prompt tokens", "reply tokens", "from"),
        ("total", 52000, "110,000 to 239,000", "25.6M to 86.6M", "2.64M to 29.4M", "assumed"),
    ),
    "seeds": (
        ("file", "tasks", "categories", "classification", "with input", "local", "leading words", "highest pair"),
        ("zh.jsonl", 175, 26, 0.171, 0.629, 0.703, 160, 0.333),
    ),
    "evaluate": (HEADERS, ("zh/classical_chinese", 5200, 12.345, 1.1, 0.5, 0.5, 0.9, 0.9)),
    "uncertain": (
        ("slot", "attempt", "at_most_usd", "how", "now"),
        ("zh/123456.0/instruction", 1, "0.000123", "in flight when the run ended", "answered when sent again"),
    ),
    "中文": (("档案", "说明"), ("数据/" * 20, "逐字重复的说明" * 8)),
}
"""Command -> headers and a row as large as real ones."""


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("columns", [80, 60])
def test_a_table_is_as_wide_as_the_terminal_at_most_and_breaks_headers_between_words(
    name: str, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    headers, row = REAL[name]
    print_table(headers, [row])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= columns
    above = "\n".join(lines[: next(at for at, line in enumerate(lines) if "──" in line)])
    if columns == 80:
        assert all(word in above.split() for header in headers for word in header.split())
        kept = "".join("".join(lines).split())
        assert all(
            re.sub(r"\s", "", str(cell))[:12] in kept for cell in row if not isinstance(cell, float) and name != "中文"
        )


def test_quiet_hides_asides_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        Screen(quiet).say(Aside("step 1 of 2"))
        Screen(quiet).say("2 rows are left out")
    assert capsys.readouterr().err.splitlines() == ["2 rows are left out", "step 1 of 2", "2 rows are left out"]
