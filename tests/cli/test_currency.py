"""Costs in CNY beside those in USD: in estimate, generate, status and the report, and nowhere that counts."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.command import Cli

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


def test_a_rate_changes_no_byte_of_the_dataset_and_is_not_in_the_manifest(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    selfinstruct("generate")
    run = tmp_path / "outputs/test"
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file() and "journal" not in path.parts}
    write_config("batch", RATE)
    assert selfinstruct("filter").returncode == 0
    lock = run / "config.lock.toml"
    assert {path for path, data in before.items() if path.read_bytes() != data} == {lock}
    write_config("batch")
    selfinstruct("filter")
    assert lock.read_bytes() == before[lock]


@pytest.mark.parametrize(("target", "rate"), [("en=1,zh=0", ""), ("en=0,zh=1", RATE)])
def test_an_estimated_cost_that_is_not_zero_is_not_shown_as_zero(
    selfinstruct: Cli, write_config: Callable[..., Path], target: str, rate: str
) -> None:
    write_config("batch", rate)
    said = selfinstruct("estimate", "--target", target).stdout
    shown = re.search(r"Cost: ([^P]*)\. Price", said)
    assert shown is not None, said
    assert [float(amount) > 0 for amount in re.findall(r"[\d.]+\d", shown[1])] == [True] * (4 if rate else 2), shown[0]
