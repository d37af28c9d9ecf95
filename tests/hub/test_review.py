"""A dataset of a hub is reviewed by people: decisions go to the current folder, and mean the text that was read."""

import http.client
import json
import re
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.review import How, reviewing, write_reviewed
from selfinstruct.api.settings import load_config
from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.review.server import ReviewServer
from selfinstruct.system.interpreter import python
from tests.support.browsers import chromium
from tests.support.fake_hub import FakeHub
from tests.support.reviews import lines, row

NAME = "me/rivers"
EN = [row("Name a river in France.", "The Loire."), row("List three colours.", "Red, blue, green.")]
ZH = [row("写一句关于春天的话。", "春天来了。", "zh")]


def _jsonl(rows: list[Row]) -> bytes:
    return b"".join(line_of(one) for one in rows)


FILES = {"train/en.jsonl": _jsonl(EN), "train/zh.jsonl": _jsonl(ZH)}


def _asked(server: ReviewServer, method: str, path: str, body: Any = None) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    headers = {"X-Review-Token": server.token, "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return text


def _decide(operand: str, decision: str, how: How, **more: str) -> str:
    """Open the page of a review, decide about the row that it shows, end it; returns the id of the row."""
    with reviewing(operand, how, port=0, config=load_config(), say=lambda _: None) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        html = _asked(server, "GET", f"/?token={server.token}")
        found = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
        assert found
        shown = json.loads(found[1])["coming"][0]
        _asked(server, "POST", "/decide", {"n": shown["n"], "decision": decision, "was": ""} | more)
        server.shutdown()
        thread.join()
    return str(shown["id"])


def test_a_row_of_a_dataset_of_a_hub_is_decided_and_the_decision_lies_in_the_current_folder(
    hub: FakeHub, tmp_path: Path
) -> None:
    repository = hub.make(NAME, FILES)
    first = repository.refs["main"]
    name = _decide(f"hub:{NAME}@{first}", "rejected", How("Mei", sample=3), reason="unnatural")
    (line,) = lines(tmp_path / "review.jsonl")
    assert (line["id"], line["decision"], line["reviewer"], line["sample"]) == (name, "rejected", "Mei", 3)
    assert not list((tmp_path / "cache").rglob("review.jsonl"))
    write_reviewed(f"hub:{NAME}", tmp_path / "kept.jsonl", say=print)
    assert {one["id"] for one in lines(tmp_path / "kept.jsonl")} == {one.id for one in [*EN, *ZH]} - {name}


def test_a_branch_that_moved_keeps_the_decisions_about_rows_that_are_as_they_were(hub: FakeHub, tmp_path: Path) -> None:
    repository = hub.make(NAME, FILES)
    seen = {_decide(f"hub:{NAME}", "accepted", How("Mei")) for _ in range(3)}
    assert len(seen) == 3
    changed = EN[0].model_copy(update={"output": "The Seine."})
    repository.commit("main", {"train/en.jsonl": _jsonl([changed, EN[1]]), "train/zh.jsonl": _jsonl(ZH)})
    assert _decide(f"hub:{NAME}", "accepted", How("Mei")) == changed.id
    assert len(read_recorded(tmp_path / "review.jsonl").verdicts) == 4


def test_who_reviews_a_dataset_of_a_hub_is_whom_git_names_in_the_current_folder(hub: FakeHub, tmp_path: Path) -> None:
    hub.make(NAME, FILES)
    subprocess.run(("git", "init", "-q", tmp_path), check=True)
    subprocess.run(("git", "-C", tmp_path, "config", "user.name", "梅 Mei"), check=True)
    _decide(f"hub:{NAME}", "accepted", How())
    (line,) = lines(tmp_path / "review.jsonl")
    assert line["reviewer"] == "梅 Mei"


def test_a_dataset_that_is_not_there_opens_no_page(hub: FakeHub, tmp_path: Path) -> None:
    hub.make(NAME, FILES)
    for operand in ("hub:me/none", f"hub:{NAME}@v9", f"hub:{NAME}@main:none.jsonl"):
        with pytest.raises(InputError, match=re.escape(operand.partition("@main")[0])):
            _decide(operand, "accepted", How("Mei"))
    assert not (tmp_path / "review.jsonl").exists()


@pytest.mark.thorough
def test_the_page_in_a_browser_decides_about_a_dataset_of_a_hub(hub: FakeHub, tmp_path: Path) -> None:
    repository = hub.make(NAME, FILES)
    operand = f"hub:{NAME}@{repository.refs['main']}"
    command = python("-m", "selfinstruct", "review", operand, "--no-browser", "--reviewer", "Mei", "--time")
    with chromium() as browser, subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as review:
        assert review.stdout
        page = browser.new_page(locale="zh-CN")
        page.goto(review.stdout.readline().strip())
        page.wait_for_selector("#head code")
        page.keyboard.press("e")
        page.keyboard.type("改。")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#saved:text-is('已保存')")
        page.keyboard.press("a")
        page.wait_for_selector("#progress:text-is('已读 2 / 3 条')")
        review.terminate()
        review.wait(timeout=60)
    found = lines(tmp_path / "review.jsonl")
    assert sorted(one["decision"] for one in found) == ["accepted", "edited"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["time"]) for one in found)
    assert hub.requests
