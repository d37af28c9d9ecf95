"""What a view lacks is bought under the run's journal and budget: each once, whatever stops it, and the dataset stays."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.config import Config
from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.requests.later import AGAIN_TEMPERATURE
from selfinstruct.system.files import bundled
from selfinstruct.teacher import bill_of, price_of
from tests.support.command import Cli
from tests.support.kills import kill_command
from tests.support.runs import MakeConfig, digest, files_in, start
from tests.support.teacher_server import Fault, TeacherServer, completion

pytestmark = pytest.mark.thorough  # whole runs, views bought

VIEWS = "pairs,best"


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("steered", generate__confirm=True)


@pytest.fixture
def run(config: Config, tmp_path: Path) -> Path:
    start(config, tmp_path / "run")
    return tmp_path / "run"


def limited(make_config: MakeConfig, budget: Decimal) -> Config:
    return make_config("steered", generate__confirm=True, limits__budget_usd=f"{budget:.6f}")


def slots(run: Path) -> list[str]:
    with Journal(run / "journal", read_only=True) as journal:
        return [one.request.slot for one in journal.recorded()]


def spent(run: Path, config: Config) -> Decimal:
    with Journal(run / "journal", read_only=True) as journal:
        return Decimal(bill_of(journal, price_of(config)).spent or 0) / 1_000_000


@pytest.mark.thorough
def test_what_lacks_is_said_with_its_price_and_bought_within_it(
    config: Config, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    offer, asked, before = (
        si.derive(run, VIEWS, tmp_path / "v", config=config).to_buy,
        len(server.requests),
        spent(run, config),
    )
    assert offer
    assert offer.cost_usd
    done = si.derive(run, VIEWS, tmp_path / "v", config=config, buy=True)
    assert done.bought == len(server.requests) - asked
    assert offer.requests.low <= done.bought <= offer.requests.high
    assert float(spent(run, config) - before) > 0
    assert done.to_buy is None
    assert done.views["pairs"]["emitted"] >= 3


def test_nothing_is_bought_twice_and_the_dataset_stays(
    config: Config, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    before = digest(run)
    si.derive(run, VIEWS, tmp_path / "one", config=config, buy=True)
    asked = len(server.requests)
    again = si.derive(run, VIEWS, tmp_path / "two", config=config, buy=True)
    start(config, run)
    assert (again.bought, len(server.requests)) == (0, asked)
    assert digest(run) == before
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert max(Counter(slots(run)).values()) == 1


@pytest.mark.thorough
def test_the_manifest_states_what_was_bought(config: Config, run: Path, tmp_path: Path) -> None:
    si.derive(run, VIEWS, tmp_path / "v", config=config, buy=True)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert Decimal(manifest["cost_usd"]) == spent(run, config)
    assert manifest["requests"]["answered"] == len(slots(run))


@pytest.mark.thorough
def test_a_budget_is_never_passed_and_a_higher_one_goes_on_to_the_same_bytes(
    config: Config, run: Path, make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    budget = spent(run, config) + Decimal("0.0011")
    with pytest.raises(CapReachedError, match="--budget-usd"):
        si.derive(run, VIEWS, tmp_path / "v", config=limited(make_config, budget), buy=True)
    assert spent(run, config) <= budget
    assert (tmp_path / "v" / "pairs.jsonl").is_file()
    asked = len(slots(run))
    assert asked < len(server.requests) + 1
    si.derive(run, VIEWS, tmp_path / "v", config=config, buy=True)
    names = slots(run)
    assert len(names) == len(set(names)) > asked
    si.derive(run, VIEWS, tmp_path / "whole", config=config, buy=True)
    assert files_in(tmp_path / "v") == files_in(tmp_path / "whole")


@pytest.mark.thorough
def test_the_estimate_of_a_run_that_goes_on_does_not_count_what_views_asked(
    config: Config, run: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    more = make_config("steered", generate__confirm=True, target={"en": 9, "zh": 9})
    before = si.open_run(run, config=more).estimate()
    si.derive(run, VIEWS, tmp_path / "v", config=config, buy=True)
    after = si.open_run(run, config=more).estimate()
    assert (after.requests, after.prompt) == (before.requests, before.prompt)


@pytest.mark.thorough
def test_explain_shows_what_was_asked_for_a_view(config: Config, run: Path, tmp_path: Path) -> None:
    si.derive(run, VIEWS, tmp_path / "v", config=config, buy=True)
    name = next(name for name in slots(run) if "/prefer." in name)
    found = si.open_run(run, config=config).explain(name.rpartition("/")[0])
    assert name in {one.slot for one in found.asked}


@pytest.mark.thorough
def test_a_refused_answer_is_no_answer_and_is_not_asked_for_again(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    config, run = make_config("steered"), tmp_path / "run"
    start(config, run)
    body = json.dumps({"error": {"message": "content policy", "code": "content_filter"}}).encode()
    server.script = lambda _, asked: Fault(400, body) if asked["temperature"] == AGAIN_TEMPERATURE else None
    done = si.derive(run, "pairs", tmp_path / "v", config=config, buy=True)
    asked = len(server.requests)
    assert done.views["pairs"]["left_out"] == {"unusable": 6}
    assert si.derive(run, "pairs", tmp_path / "v", config=config, buy=True).bought == 0
    assert len(server.requests) == asked


@pytest.mark.thorough
def test_a_judge_that_cannot_be_read_stops_the_purchase_once(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    config, run = make_config("steered", target={"en": 16, "zh": 16}, limits__concurrency=1), tmp_path / "run"
    start(config, run)
    rambling = json.dumps(completion("I like both.")).encode()

    def script(_: int, asked: dict[str, Any]) -> Fault | None:
        return Fault(body=rambling) if re.search(r"=== (Answer|回答) 1 ===", asked["messages"][-1]["content"]) else None

    server.script = script
    with pytest.raises(
        CapReachedError, match=r"20 of the first 20 words .* cannot be read.*run the same command again"
    ):
        si.derive(run, "pairs", tmp_path / "v", config=config, buy=True)
    assert sum("/prefer." in slot for slot in slots(run)) == 20
    assert (tmp_path / "v" / "pairs.jsonl").is_file()
    prompts = shutil.copytree(bundled("prompts"), tmp_path / "prompts")
    reworded = prompts / "en" / "compare.txt"
    reworded.write_text(reworded.read_text("utf-8").replace("strictly", "very strictly"), encoding="utf-8")
    done = si.derive(
        run,
        "pairs",
        tmp_path / "v",
        config=config.model_copy(update={"run": config.run.model_copy(update={"prompts": str(prompts)})}),
        buy=True,
    )
    assert done.to_buy is None
    assert sum("/prefer." in slot for slot in slots(run)) > 20


@pytest.mark.thorough
@pytest.mark.kill
def test_killed_at_many_replies_and_resumed_it_ends_the_same_and_buys_nothing_twice(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Cli, tmp_path: Path
) -> None:
    path = write_config("steered", "\n[filter]\nthreshold = 0.7\n")

    def made(name: str) -> Path:
        assert selfinstruct("generate", "-q", "--config", path, "--run", tmp_path / name).returncode == 0
        return tmp_path / name

    def derived(run: Path) -> list[str]:
        names = ["derive", str(run), "--config", str(path), "--view", VIEWS, "--output", str(run) + "-views", "-q"]
        return [*names, "--buy", "--answers", "3"]

    whole = made("whole")
    server.requests.clear()
    assert selfinstruct(*derived(whole)).returncode == 0
    total, expected = len(server.requests), files_in(tmp_path / "whole-views")
    dataset = digest(whole)
    assert total > 12
    for kill_at in range(0, total, 4):
        run = made(f"killed{kill_at}")
        server.requests.clear()
        kill_command(server, kill_at, derived(run))
        server.script = lambda *_: None
        asked = set(answered(run))
        server.requests.clear()
        assert selfinstruct(*derived(run)).returncode == 0
        assert files_in(Path(f"{run}-views")) == expected
        assert digest(run) == dataset
        assert not asked & {(json.dumps(body["messages"]), body["seed"]) for body in server.requests}
        names = slots(run)
        assert len(names) == len(set(names))
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["requests"]["answered"] == len(names)


def answered(run: Path) -> list[tuple[str, int]]:
    """Return (messages, seed) of every request that was answered."""
    with Journal(run / "journal", read_only=True) as journal:
        requests = [one.request for one in journal.recorded()]
    return [(json.dumps([turn.model_dump() for turn in one.messages]), one.sampling.seed) for one in requests]
