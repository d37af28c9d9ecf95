"""The ledger adds up, for any configuration, any replies, any that are missing, and after any kill."""

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.bootstrap import Bootstrap
from selfinstruct.held_out import Example, HeldOut
from selfinstruct.ledger import ledger
from selfinstruct.pipeline import refilter
from selfinstruct.records import LanguageCode, Reply, Request, Verdict
from selfinstruct.rules import RULE_NAMES
from selfinstruct.run_folder import RunFolder
from selfinstruct.standing import Standing
from tests.teacher_server import TeacherServer
from tests.test_bootstrap import make_plan, scripted
from tests.test_cli import Cli
from tests.test_interruptions import kill_during
from tests.test_pipeline import MakeConfig, start

ODD: dict[LanguageCode, tuple[str, ...]] = {
    "en": (
        "",
        "###\n1. Instruction: Describe a quiet harbour town at dawn.\n1. Input:\n<noinput>\n1. Output:\nGulls, then bells.",
        "###\n1. Instruction: Sort the words by length.\n1. Input:\n1. Output:\n",
        "1. Instruction: Name a river.\n1. Output: The Tay.\n##\n2. Instruction: Name a river.\n2. Output: The Tay.",
        "I am sorry, but as an AI language model I cannot do that.",
        "Describe a quiet harbour town at dawn.",
        "N/A",
        '[{"instruction": "Name the parts of a loom.", "input": "", "output": "Beam, heddle, reed."}, {"instruction": 3}]',
        "<|im_start|>assistant\n\x00",
    ),
    "zh": (
        "",
        "###\n1. 指令：描写清晨的渡口。\n1. 输入：\n<无输入>\n1. 输出：\n雾还没散，船夫已经在解缆绳了。",
        "###\n1. 指令：把下面的词语按笔画排序。\n1. 输入：\n1. 输出：\n",
        "1. 指令：说出一条河流。\n1. 输出：岷江。\n##\n2. 指令：说出一条河流。\n2. 输出：岷江。",
        "抱歉，作为一个人工智能语言模型，我无法完成这个请求。",
        "描写清晨的渡口。",
        "无",
        '[{"instruction": "说出织布机的部件。", "input": "", "output": "经轴、综、筘。"}, {"instruction": 3}]',
        "<|im_start|>assistant\n\x00",
    ),
}
FAULTS = ("content_filtered", "malformed_reply", "request_rejected", "held", "oversize")


def adds_up(entry: dict[str, Any]) -> bool:
    return bool(entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"])


def answered(request: Request, rng: random.Random) -> Reply | None:
    """Return a proper, odd, cut or faulty reply, or None for one that never came."""
    kind = rng.random()
    if kind < 0.45:
        return scripted(request)
    if kind < 0.8:
        text = rng.choice(ODD[request.language])
        return Reply(text=text, finish_reason=rng.choice(("stop", "length")), fault="" if text else "empty_reply")
    return Reply(fault=rng.choice(FAULTS)) if kind < 0.9 else None


def carry(machine: Bootstrap, rng: random.Random, most: int) -> None:
    """Send up to `most` requests and let their replies arrive in any order; some never do."""
    flying: list[tuple[Request, Reply]] = []
    for _ in range(most):
        request = machine.ask() if len(flying) < 5 else None
        if request is None and not flying:
            return
        if request and (reply := answered(request, rng)):
            flying.append((request, reply))
        elif request is None:
            machine.hear(*flying.pop(rng.randrange(len(flying))))


@settings(max_examples=150, deadline=None)
@given(
    language=st.sampled_from(("en", "zh")),
    recipe=st.sampled_from(("steered", "batch")),
    target=st.integers(0, 6),
    window=st.integers(1, 6),
    threshold=st.sampled_from((0.0, 0.4, 0.7, 1.0)),
    disable=st.lists(st.sampled_from(RULE_NAMES), max_size=4),
    held_out=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_it_adds_up_for_any_configuration_and_any_replies(
    language: LanguageCode,
    recipe: str,
    target: int,
    window: int,
    threshold: float,
    disable: list[str],
    held_out: bool,
    seed: int,
) -> None:
    plan = make_plan(language, recipe, target, window, threshold)
    rules = plan.config.validate_.model_copy(update={"disable": {language: tuple(disable)}})
    examples = [Example("exam", 1, language, text, "", "") for text in ODD[language][5:6] if held_out]
    config = plan.config.model_copy(update={"validate_": rules})
    machine = Bootstrap(plan._replace(config=config, held_out=HeldOut(examples)))
    carry(machine, random.Random(seed), 60)
    machine.close()
    counted = ledger({language: machine})
    assert adds_up(counted[language])
    assert counted["total"] == counted[language]
    assert counted[language]["candidates"] == len(machine.settled_keys()) == len(set(machine.settled_keys()))
    assert counted[language]["accepted"] == len(machine.rows) <= target


def settled(language: LanguageCode = "zh") -> Bootstrap:
    machine = Bootstrap(make_plan(language, "batch", 12))
    carry(machine, random.Random(1), 60)
    machine.close()
    assert len(machine.verdicts) > 3
    return machine


def drop(verdicts: list[Verdict]) -> None:
    verdicts.pop(2)


def double(verdicts: list[Verdict]) -> None:
    verdicts[2] = verdicts[1]


def tear(verdicts: list[Verdict]) -> None:
    position = next(number for number, verdict in enumerate(verdicts) if verdict.rule)
    verdicts[position] = verdicts[position].model_copy(update={"pending": True})


def accept(verdicts: list[Verdict]) -> None:
    position = next(number for number, verdict in enumerate(verdicts) if verdict.rule)
    verdicts[position] = Verdict(candidate=verdicts[position].candidate)


@pytest.mark.parametrize("damage", [drop, double, tear, accept])
def test_a_verdict_that_is_lost_doubled_torn_or_without_its_row_stops_as_a_bug(
    damage: Callable[[list[Verdict]], None],
) -> None:
    machine = settled()
    damage(machine.verdicts)
    with pytest.raises(AssertionError, match="the ledger of zh does not add up"):
        ledger({"zh": machine})


def test_a_request_that_settles_without_all_its_verdicts_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Bootstrap(make_plan("en", "batch", 3))
    record = Standing.record

    def forgetful(self: Standing, verdict: Verdict) -> None:
        if verdict.candidate.position != 1:
            record(self, verdict)

    monkeypatch.setattr(Standing, "record", forgetful)
    with pytest.raises(AssertionError, match="this is a bug"):
        carry(machine, random.Random(1), 40)


def test_a_run_that_does_not_add_up_leaves_the_last_emission_alone(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_config("batch"), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json*")}
    close = Bootstrap.close

    def forgetful(self: Bootstrap) -> None:
        close(self)
        self.verdicts.pop()

    monkeypatch.setattr(Bootstrap, "close", forgetful)
    with pytest.raises(AssertionError, match="nothing was written"):
        refilter(make_config("batch"), RunFolder(tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json*")} == before


@pytest.mark.kill
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_after_every_kill_it_adds_up_and_so_do_the_files(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Cli, tmp_path: Path, recipe: str
) -> None:
    config = write_config(recipe)
    for kill_at in (0, 1) if recipe == "batch" else (1, 9):
        folder = tmp_path / f"killed{kill_at}"
        server.requests.clear()
        kill_during(server, kill_at, config, folder)
        server.script = lambda _number, _body: None
        status, counted = (
            json.loads(selfinstruct(verb, "--config", config, "--run", folder, "--json").stdout)["ledger"]
            for verb in ("status", "filter")
        )
        assert all(adds_up(entry) for entry in (*status.values(), *counted.values()))
        rejected = Counter(json.loads(line)["rule"] for line in lines(folder / "rejected.jsonl"))
        assert rejected == counted["total"]["rejected"]
        rows = sum(len(lines(path)) for path in folder.glob("dataset/*.jsonl"))
        assert rows == len(lines(folder / "provenance.jsonl")) == counted["total"]["accepted"]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rejections(folder: Path) -> dict[str, dict[str, Any]]:
    return {one["candidate"]: one for one in map(json.loads, lines(folder / "rejected.jsonl"))}


def row_set(folder: Path) -> set[tuple[str, str, str]]:
    values = [json.loads(line) for path in folder.glob("dataset/*.jsonl") for line in lines(path)]
    return {(value["instruction"], value["input"], value["output"]) for value in values}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_that_is_switched_off_brings_back_exactly_its_rows_and_sends_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str
) -> None:
    config = {"target": {language: 100}, "limits__max_candidates": 60, "filter__threshold": 1.0}
    with pytest.raises(Exception, match="cap of 60 candidates"):
        start(make_config("batch", **config), tmp_path)
    sent, before, rows = len(server.requests), rejections(tmp_path), row_set(tmp_path)
    concerned = {key: one for key, one in before.items() if one["rule"] == "placeholder_output"}
    assert concerned
    refilter(make_config("batch", **config, validate__disable=["placeholder_output"]), RunFolder(tmp_path))
    now = rejections(tmp_path)
    changed = {key for key, one in before.items() if key not in now or now[key]["rule"] != one["rule"]}
    assert changed == set(concerned)
    assert set(now) <= set(before)
    back = {(one["instruction"], one["input"], one["output"]) for key, one in concerned.items() if key not in now}
    assert row_set(tmp_path) == rows | back > rows
    refilter(make_config("batch", **config), RunFolder(tmp_path))
    assert (rejections(tmp_path), row_set(tmp_path)) == (before, rows)
    assert len(server.requests) == sent


def test_a_rejected_line_says_all_that_is_known(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("batch"), tmp_path)
    refilter(make_config("batch", filter__threshold=0.3), RunFolder(tmp_path))
    one = next(value for value in rejections(tmp_path).values() if value["rule"] == "near_duplicate")
    assert list(one) == [
        "candidate", "language", "request", "position", "stage", "rule", "detail", "nearest", "nearest_text", "score",
        "held_out", "instruction", "input", "output", "text",
    ]  # fmt: skip
    assert one["candidate"] == f"{one['language']}/{one['request']}.{one['position']}"
    assert one["nearest"]
    assert one["nearest_text"]
    assert one["score"] > 0.3
    assert one["instruction"] in one["text"]
