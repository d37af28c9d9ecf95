"""Short messages that said more, or less, than was so: each names what is at fault, and counts what is there."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.cli.recipes import print_recipes
from selfinstruct.cli.status import print_summary
from selfinstruct.config import parse_config
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.journal import Journal
from selfinstruct.runs.explanation.what_if import change
from selfinstruct.runs.stopping import Interrupts, StopSignal
from tests.support.command import Cli

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
KINDS = {"rarer.1": (2, 1), "constraint.2": (3, 1), "asks_for_more": (2, 2), "bill": (4, 3), "label": (1, 1)}


@LANGUAGES
def test_operations_and_turns_are_not_called_provable(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    kinds = {name: {"requests": asked, "rows": rows} for name, (asked, rows) in KINDS.items()}
    print_recipes({"kinds": {language: kinds}})
    assert capsys.readouterr().out.splitlines() == [
        f"Operations, {language}, rows of those asked: rarer.1 1 of 2, constraint.2 1 of 3",
        f"Provable tasks, {language}, rows of those asked: label 1 of 1, bill 3 of 4",
        f"Turns, {language}, rows of those asked: asks_for_more 2 of 2",
    ]


@LANGUAGES
def test_a_language_without_candidates_has_no_share_that_survived(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (other,) = {"en", "zh"} - {language}
    nothing = {"candidates": 0, "accepted": 0, "rejected": {}, "pending": 0, "survived": 0}
    some = {**nothing, "candidates": 4, "accepted": 4, "survived": 4}
    manifest = {
        "stop": "target reached",
        "target": {language: 4, other: 0},
        "ledger": {language: some, other: nothing, "total": some},
        "requests": {"answered": 1, "uncertain": 0},
        "tokens": {"prompt": 1, "completion": 1},
        "cost_usd": None,
        "uncertain_usd": None,
    }
    print_summary(Path("run"), manifest, quiet=False)
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "survived" in one]
    assert line.endswith(f": {language} 4 of 4 (100%)")


@LANGUAGES
def test_a_target_below_zero_is_blamed_on_the_flag_that_has_it(language: str) -> None:
    text = "[run]\nname = 'a'\n[target]\nen = 8\nzh = 8\n"
    with pytest.raises(ConfigError, match=r"^--target: must name en, zh or both"):
        parse_config(text, "my.toml", {f"target.{language}": -5})
    with pytest.raises(ConfigError, match=r"^my\.toml:3: \[target\]"):
        parse_config(text.replace(f"{language} = 8", f"{language} = -8"), "my.toml")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("near_duplicate", "--threshold 1"), ("in_evaluation_set", "held_out"), ("excluded", "exclude")],
)
def test_what_is_no_rule_is_not_called_an_unknown_one(name: str, remedy: str) -> None:
    with pytest.raises(InputError, match=f"--disable: {name} cannot be switched off; .*{remedy}"):
        change(parse_config("", "x"), None, [name])
    with pytest.raises(InputError, match="unknown rule refusals; did you mean refusal"):
        change(parse_config("", "x"), None, ["refusals"])


@pytest.mark.parametrize("costs", [True, False])
def test_replies_of_this_machine_are_not_called_paid_for(costs: bool, tmp_path: Path) -> None:
    said: list[str] = []

    async def interrupted() -> None:
        heard = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            heard.set()

        interrupts = Interrupts(StopSignal(), say, Journal(tmp_path), costs=costs)
        with interrupts.watch(None, signals=False):
            interrupts.interrupt()
            await heard.wait()

    asyncio.run(interrupted())
    assert ("paid for" in said[0]) == costs
    assert said[0].startswith("Stopping: waiting for the replies in flight")


@pytest.mark.parametrize("target", ["en=2013,zh=1777", "en=31,zh=17"])
def test_totals_of_an_estimate_are_the_sums_of_what_is_shown(selfinstruct: Cli, target: str) -> None:
    found = json.loads(selfinstruct("estimate", "--target", target, "--json").stdout)
    for end in ("low", "high"):
        parts = [found["languages"][language] for language in ("en", "zh")]
        assert found["requests"][end] == sum(one["requests"][end] for one in parts)
        for name in ("prompt", "completion"):
            assert found["tokens"][name][end] == sum(one["tokens"][name][end] for one in parts)


@pytest.mark.thorough
def test_a_run_without_its_journal_is_refused_and_nothing_else_is_said(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    shutil.rmtree(next(tmp_path.rglob("journal")))
    done = selfinstruct("generate", "--target", "en=1,zh=1")
    assert done.returncode == 2
    assert "has no journal" in done.stderr
    assert "left out" not in done.stderr
