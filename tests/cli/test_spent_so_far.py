"""What `estimate` says was spent is as certain as what `status` says: replies without `usage`, and sends without a reply, are counted apart."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Cli
from tests.support.killed import as_killed
from tests.support.teacher_server import Fault, TeacherServer, completion, say

WriteConfig = Callable[..., Path]
pytestmark = pytest.mark.thorough


def without_usage(_: int, body: dict[str, Any]) -> Fault:
    answer = completion(say(body))
    del answer["usage"]
    return Fault(body=json.dumps(answer).encode())


def shown(selfinstruct: Cli, verb: str, *flags: str) -> str:
    return " ".join(selfinstruct(verb, "--run", "run", *flags).stdout.split())


def test_replies_without_usage_make_it_at_most(
    selfinstruct: Cli, write_config: WriteConfig, server: TeacherServer
) -> None:
    write_config("batch")
    server.script = without_usage
    assert selfinstruct("generate", "--run", "run").returncode == 0
    status = json.loads(selfinstruct("status", "--run", "run", "--json").stdout)
    cost, bare = status["cost_usd"], status["tokens"]["replies_without_usage"]
    assert f", at most ${cost}" in shown(selfinstruct, "status")
    said = shown(selfinstruct, "estimate", "--target", "en=9,zh=9")
    assert f"Spent so far: at most ${cost}, {bare} replies without `usage` at the worst case" in said
    told = shown(selfinstruct, "estimate", "--target", "en=9,zh=9", "--lang", "zh")
    assert f"已花费：最多 ${cost}，其中 {bare} 个回复没带 `usage`，按最坏情况计" in told
    found = json.loads(selfinstruct("estimate", "--run", "run", "--json").stdout)
    assert (found["spent_usd"], found["replies_without_usage"]) == (float(cost), bare)


def test_sends_without_a_reply_stand_beside_what_was_spent(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--run", "run").returncode == 0
    assert "uncertain" not in json.loads(selfinstruct("estimate", "--run", "run", "--json").stdout)
    segment = tmp_path / "run" / "journal" / "000001.jsonl"
    segment.write_bytes(segment.read_bytes()[:-20])
    as_killed(tmp_path / "run")
    worst = json.loads(selfinstruct("status", "--run", "run", "--json").stdout)["uncertain"][0]["at_most_usd"]
    found = json.loads(selfinstruct("estimate", "--run", "run", "--json").stdout)
    assert (found["uncertain"], found["uncertain_usd"]) == (1, float(worst))
    spent = f"${found['spent_usd']:.6f}"
    assert f"Spent so far: {spent}; 1 send uncertain, at most ${worst}" in shown(selfinstruct, "estimate")
    assert f"已花费：{spent}；存疑 1 次发送，最多 ${worst}" in shown(selfinstruct, "estimate", "--lang", "zh")
    assert re.search(r"slot attempt at most how now .* to be settled", shown(selfinstruct, "status"))
    assert re.search(r"请求 第几次 最多 怎样断的 后来 .* 尚未处理", shown(selfinstruct, "status", "--lang", "zh"))


@pytest.mark.parametrize(("budget", "may_end"), [("0.019", True), ("0.05", False)])
def test_a_budget_counts_what_sends_without_a_reply_may_cost(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path, budget: str, may_end: bool
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--run", "run").returncode == 0
    segment = tmp_path / "run" / "journal" / "000001.jsonl"
    segment.write_bytes(segment.read_bytes()[:-20])
    as_killed(tmp_path / "run")
    said = shown(selfinstruct, "estimate", "--budget-usd", budget)
    assert ("may end first" in said) == may_end
