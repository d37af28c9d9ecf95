"""The console: counters that run along instead of all verdicts again, and nothing foreign that is not made text first."""

import re
from collections.abc import Iterator

import pytest

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.cli.console import Screen, print_table
from selfinstruct.records import Candidate, Verdict
from selfinstruct.runs.caps import Caps
from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.teacher import Budget
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
    assert found == {"console.py"}
