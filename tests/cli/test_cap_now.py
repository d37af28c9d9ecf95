"""A run that a cap stopped: `status` says the cap that holds now, and no more to raise what was raised."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.config import Limits
from selfinstruct.runs.cap_now import cap_now, lets_go_on
from tests.support.command import Cli

WriteConfig = Callable[..., Path]


def limited(path: Path, line: str) -> None:
    """Write a cap into the configuration, in place of the one that stands there."""
    name = line.split(" ", 1)[0]
    text = re.sub(rf"\n{name} = [^\n]*", "", path.read_text(encoding="utf-8"))
    path.write_text(text.replace("[limits]", f"[limits]\n{line}", 1), encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "then", "told", "zh"),
    [
        ("max_candidates", "3", "3 candidates", "3 个候选"),
        ("max_total_tokens", "200", "200 tokens", "200 个 token"),
        ("budget_usd", '"0.003"', "$0.003000", "$0.003000"),
    ],
)
def test_status_says_the_cap_that_holds_now(
    selfinstruct: Cli, write_config: WriteConfig, name: str, then: str, told: str, zh: str
) -> None:
    path = write_config("batch")
    text = path.read_text(encoding="utf-8").replace("en = 3", "en = 30").replace("zh = 3", "zh = 30")
    path.write_text(text.replace("concurrency = 4", "concurrency = 1"), encoding="utf-8")
    limited(path, f"{name} = {then}")
    stopped = selfinstruct("generate", "--run", "run")
    assert stopped.returncode == 3, stopped.stderr
    flag = "--" + name.replace("_", "-")

    def shown(*flags: str) -> str:
        return " ".join(selfinstruct("status", "--run", "run", *flags).stdout.split())

    assert f"raise {flag} to go on" in shown()
    assert f"goes on, with a higher {flag}" in shown()
    higher = '"1"' if name == "budget_usd" else "100000"
    limited(path, f"{name} = {higher}")
    now = "$1" if name == "budget_usd" else "100000"
    assert f"stopped by the cap of {told}; [limits] {name} is {now} now" in shown()
    assert "with a higher" not in shown()
    assert "to go on" not in shown()
    assert f"停在上限：{zh}；[limits] {name} 现为 {now}" in shown("--lang", "zh")
    lower = '"0.002"' if name == "budget_usd" else "2"
    limited(path, f"{name} = {lower}")
    assert f"[limits] {name} is {lower.replace(chr(34), '$', 1).rstrip(chr(34))} now" in shown()
    assert f"goes on, with a higher {flag}" in shown()
    path.write_text(re.sub(rf"\n{name} = [^\n]*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert f"[limits] {name} is not set now" in shown()
    assert "with a higher" not in shown()
    if name != "budget_usd":  # which let nothing be bought
        other = "max_total_tokens" if name != "max_total_tokens" else "max_candidates"
        limited(path, f"{other} = 1")
        assert f"goes on, with a higher --{other.replace('_', '-')}" in shown(), "another cap binds now"
        assert f"{other.replace('_', '-')}" in shown("--lang", "zh")
        path.write_text(re.sub(rf"\n{other} = [^\n]*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert f"[limits] {name} 现在没有设" in shown("--lang", "zh")
    assert "with a higher" not in shown()
    assert selfinstruct("generate", "--run", "run").returncode == 0
    assert "stopped by" not in shown()


STALL = "cap: zh: the last 5 requests brought no row (0 of 15 candidates: too_short 15), 2 requests before them 1 row; [limits] max_fruitless = 10 lets it go on"


@pytest.mark.parametrize(("now", "goes_on"), [(5, None), (10, True), (4, False)])
def test_a_stall_is_a_cap_too(now: int, goes_on: bool | None) -> None:
    cap = cap_now(STALL, Limits(max_fruitless=now))
    assert (cap and lets_go_on(cap)) == goes_on


@pytest.mark.parametrize("stop", ["target reached", "interrupted", "refused: the cap of 3 candidates is reached", ""])
def test_what_no_cap_stopped_has_none(stop: str) -> None:
    assert cap_now(stop, Limits(max_candidates=9)) is None
