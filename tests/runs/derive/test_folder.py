"""The folder of views, where a process ends in the middle, and where a twin's answers are."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import ConfigError
from selfinstruct.records import Reply, Request
from selfinstruct.runs.derive.emit import content_of
from selfinstruct.runs.derive.folder import LEDGER, check_folder, write_views
from selfinstruct.runs.derive.purchase import Purchase
from selfinstruct.runs.derive.stories import Other
from selfinstruct.runs.derive.views import VIEWS
from tests.support.runs import files_in
from tests.support.stories import OTHER, story

RUN = {"name": "test", "fingerprint": ""}


def silent(_: str) -> None:
    pass


def test_what_a_killed_process_left_is_written_anew(tmp_path: Path) -> None:
    content = content_of(VIEWS["alpaca"], [story("en"), story("zh")])
    broken = content._replace(values=[{"no": object()}])
    with pytest.raises(TypeError):
        write_views(tmp_path / "v", RUN, {"alpaca": content, "sharegpt": broken}, {}, silent)
    said: list[str] = []
    for folder in (tmp_path / "v", tmp_path / "whole"):
        standing = check_folder(folder, "test")
        write_views(folder, RUN, {"alpaca": content, "sharegpt": content}, standing, said.append)
    assert said == []
    left = {name: sha256 for name, sha256 in files_in(tmp_path / "v").items() if not name.startswith(".")}
    assert left == files_in(tmp_path / "whole")


@pytest.mark.parametrize("text", ["[]", "{", '{"schema": 2}', '{"schema": 1, "run": {"name": 3}, "views": {}}'])
def test_a_ledger_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / LEDGER).write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=r"derived\.json"):
        check_folder(tmp_path, "test")


def test_a_link_in_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "alpaca.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match=r"alpaca\.json"):
        check_folder(tmp_path / "v", "test")


def test_a_hidden_file_is_something_else_too(tmp_path: Path) -> None:
    (tmp_path / ".notes").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"holds \.notes"):
        check_folder(tmp_path, "test")


@pytest.mark.parametrize("order", [1, -1])
def test_a_purchase_ends_the_same_in_whatever_order_replies_come(order: int) -> None:
    twin = Other(OTHER["en"], "twin", "en/9.0/answer", "", "en/9.0")
    stories = [story("en", twins=(twin,)), story("zh")]
    purchase, heard = Purchase(stories, [VIEWS["pairs"]], 2), list[str]()
    assert (purchase.begins, purchase.target) == (True, 2)
    flying: list[Request] = []
    while not purchase.full:
        while asked := purchase.ask():
            flying.append(asked)
        if not flying:
            break
        request = flying.pop(0 if order > 0 else -1)
        heard.append(request.slot)
        purchase.hear(request, Reply(text=said(request)))
        assert len(heard) <= 5
    assert sorted(heard) == [
        "en/9.0/prefer.5", "en/9.0/prefer.6", "zh/3.0/prefer.7", "zh/3.0/prefer.8", "zh/3.0/second",
    ]  # fmt: skip
    assert sorted(purchase.rows) == ["en/3.0", "zh/3.0"]
    assert purchase.ask() is None


def test_a_request_that_was_not_answered_is_asked_again() -> None:
    purchase = Purchase([story("en")], [VIEWS["pairs"]], 2)
    request = purchase.ask()
    assert request
    assert purchase.ask() is None
    purchase.take_back(request)
    assert purchase.ask() == request


def said(request: Request) -> str:
    answers: dict[str, Any] = {
        "second": OTHER["zh"],
        "prefer.5": "A",
        "prefer.6": "B",
        "prefer.7": "B",
        "prefer.8": "A",
    }
    said = str(answers[request.step])
    chosen = {"A": "1", "B": "2"}.get(said)
    return f'{{"better": "{chosen}"}}' if chosen else said
