"""Costs in CNY beside those in USD: wherever a cost is shown, and nowhere that counts."""

import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.command import Cli
from tests.support.teacher_server import Fault, TeacherServer

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

RATE = "cny_per_usd = 7.1\n"


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def test_the_cost_is_shown_in_both_everywhere(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, recipe: str
) -> None:
    write_config(recipe, RATE)
    assert re.search(r"Cost: \$[\d.]+ to [\d.]+ \(¥[\d.]+ to [\d.]+\)", selfinstruct("estimate").stdout)
    generated = selfinstruct("generate")
    status = json.loads(selfinstruct("status", "--json").stdout)
    shown = f"${status['cost_usd']} (¥{status['cost_cny']})"
    assert Decimal(status["cost_cny"]) == pytest.approx(
        Decimal(status["cost_usd"]) * Decimal("7.1"), abs=Decimal("0.000001")
    )
    assert shown in generated.stdout
    assert shown in selfinstruct("status").stdout
    assert selfinstruct("report").returncode == 0
    page = (tmp_path / "outputs/test/report.html").read_text(encoding="utf-8")
    assert shown in page
    assert re.search(r"\(¥0\.\d+\)</b>cost of a row", page)
    assert f"| cost | {shown} |" in (tmp_path / "outputs/test/dataset/README.md").read_text(encoding="utf-8")


BOTH = r"\$[\d.]+ \(¥[\d.]+\)"


def test_what_is_said_on_the_way_and_of_one_question_is_in_both(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config("batch", RATE)
    checked = selfinstruct("teacher", "check").stdout
    assert re.search(rf"price +this question {BOTH}", checked)
    assert re.search(r"1,000 rows +about \$[\d.]+ to [\d.]+ \(¥[\d.]+ to [\d.]+\)", checked)
    selfinstruct("generate")
    stopped = selfinstruct("generate", "--target", "en=9,zh=9", "--budget-usd", "0.004")
    assert re.search(rf"tokens · {BOTH}", stopped.stderr)
    assert re.search(rf"budget of {BOTH} is reached: {BOTH} spent, the next request may cost {BOTH}", stopped.stderr)
    assert re.search(rf"attempt 1: answered \(status 200\), {BOTH}", selfinstruct("explain", "zh/0.0").stdout)


def test_the_tokens_on_the_way_are_those_that_the_cost_beside_them_is_of(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config("batch")
    first = selfinstruct("generate").stderr
    assert "tokens" not in first.splitlines()[0]
    used = json.loads(selfinstruct("status", "--json").stdout)
    again = selfinstruct("generate", "--target", "en=4,zh=4").stderr
    assert f"{sum(used['tokens'].values()):,} tokens · ${used['cost_usd']}" in again


def test_a_diff_has_the_rate_of_its_run_where_no_configuration_is(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    config = write_config("batch", RATE)
    selfinstruct("generate")
    shutil.copytree(tmp_path / "outputs/test", tmp_path / "before")
    selfinstruct("generate", "--target", "en=20,zh=20")
    told = rf"cost {BOTH} → {BOTH} per row {BOTH} → {BOTH}"
    for _ in ("with a configuration", "without"):
        shown = selfinstruct("diff", "before", "outputs/test").stdout
        assert re.search(told, " ".join(shown.split())), shown
        config.unlink(missing_ok=True)
    for run in ("before", "outputs/test"):
        (tmp_path / run / "config.lock.toml").unlink()
    assert "¥" not in selfinstruct("diff", "before", "outputs/test").stdout


def test_what_may_have_been_billed_without_a_reply_is_in_both(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer
) -> None:
    server.script = lambda number, _: Fault(body=b'"choices": [{"mess', hang_up=True) if number < 2 else None
    write_config("batch", RATE)
    selfinstruct("generate")
    status = " ".join(selfinstruct("status").stdout.split())
    assert re.search(rf"sends? uncertain, at most {BOTH}", status)
    assert re.search(r" \$[\d.]+ cut or late [\w ]*\(¥[\d.]+\)", status)  # folded in its cell


def test_a_rate_changes_no_byte_of_the_dataset_and_is_not_in_the_manifest(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    selfinstruct("generate")
    run = tmp_path / "outputs/test"
    before = {
        path: path.read_bytes()
        for path in run.rglob("*")
        if path.is_file() and not {"journal", ".verdict_cache"} & set(path.parts)
    }
    write_config("batch", RATE)
    assert selfinstruct("filter").returncode == 0
    manifest = run / "manifest.json"
    shown = {run / "config.lock.toml", run / "dataset/README.md", manifest}
    assert {path for path, data in before.items() if path.read_bytes() != data} == shown
    old, new = (json.loads(text) for text in (before[manifest], manifest.read_bytes()))
    assert {name for name in old if old[name] != new[name]} == {"cards"}  # the sha256 of the card
    write_config("batch")
    selfinstruct("filter")
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(("target", "rate"), [("en=1,zh=0", ""), ("en=0,zh=1", RATE)])
def test_an_estimated_cost_that_is_not_zero_is_not_shown_as_zero(
    selfinstruct: Cli, write_config: Callable[..., Path], target: str, rate: str
) -> None:
    write_config("batch", rate)
    said = selfinstruct("estimate", "--target", target).stdout
    shown = re.search(r"Cost: ([^P]*)\. Price", said)
    assert shown is not None, said
    assert [float(amount) > 0 for amount in re.findall(r"[\d.]+\d", shown[1])] == [True] * (4 if rate else 2), shown[0]
