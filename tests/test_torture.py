"""The torture harness in small: `make torture` is the whole of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.torture.faults import CONTENT, WAY, draw
from tests.torture.kill import POLICIES
from tests.torture.oracle import PROMISES
from tests.torture.report import write
from tests.torture.service import ROOT, Service


def figures(part: str, *options: str, code: int | None = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.torture.{part}", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert code is None or done.returncode == code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_faults_depend_on_the_request_and_not_on_the_order_of_arrival() -> None:
    keys = [f"key{number}" for number in range(2000)]
    there = {key: draw(7, key, 1, 0.5) for key in keys}
    assert there == {key: draw(7, key, 1, 0.5) for key in reversed(keys)}
    assert {fault.name for fault in there.values() if fault} == {*WAY, *CONTENT}
    content = [key for key, fault in there.items() if fault and fault.name in CONTENT]
    assert all(draw(7, key, 2, 0.5) == there[key] for key in content)


@pytest.mark.thorough
def test_stored_completions_are_found_by_their_metadata() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Explain rivers."}], "seed": 1}
    with Service() as service:
        bought = service.ask("/v1/chat/completions", body | {"store": True, "metadata": {"slot": "a"}})
        assert service.ask("/v1/chat/completions", body)["choices"] == bought["choices"]
        found = service.ask("/v1/chat/completions?metadata%5Bslot%5D=a")["data"]
        assert [one["id"] for one in found] == [bought["id"]]
        assert service.ask("/v1/chat/completions?metadata%5Bslot%5D=b")["data"] == []
        assert [send["number"] for send in service.sends()] == [1, 2]


@pytest.fixture(scope="module")
def kill() -> dict[str, Any]:
    options = ("--runs", "3", "--kills", "3", "--rows", "5", "--seed", "4", "--faults", "on")
    return figures("kill", *options, code=None)


@pytest.mark.kill
def test_a_run_that_is_killed_ends_with_the_same_bytes_whatever_becomes_of_uncertain_sends(
    kill: dict[str, Any],
) -> None:
    assert (kill["identical"], kill["kills"], kill["runs_with_faults"]) == (3, 9, 3)
    assert {policy: found["runs"] for policy, found in kill["policies"].items()} == dict.fromkeys(POLICIES, 1)
    assert {name: kill[name] for name in PROMISES if name != "canary"} == dict.fromkeys(PROMISES[:-1], 0)


@pytest.mark.kill
def test_the_key_is_nowhere_after_kills_and_echoes(kill: dict[str, Any]) -> None:
    assert kill["canary"] == 0


@pytest.mark.kill
def test_load_is_measured_and_written_down(kill: dict[str, Any], tmp_path: Path) -> None:
    load = figures("load", "--requests", "200", "--concurrency", "64")
    assert load["ours"]["served"] == load["bare"]["served"] == 200
    assert load["ours"]["open_files"] <= 64 + 32
    asked = {"rows": 2, "concurrency": 2, "outage": 0}
    counts = dict.fromkeys(("exit", "rows", "sends", "minutes", "withheld", "beyond_books_micro_usd", "key_found"), 0)
    night = counts | {"asked": asked, "faults": {"none": 2}}
    for name, part in (("load", load), ("kill", kill), ("night", night)):
        (tmp_path / f"{name}.json").write_text(json.dumps(part), encoding="utf-8")
    write(tmp_path, tmp_path / "reliability.md")
    assert "| replies lost | 0 | 0 |" in (tmp_path / "reliability.md").read_text(encoding="utf-8")
