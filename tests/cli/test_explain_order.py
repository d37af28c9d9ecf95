"""`explain` says the decision and what would change it first, and what it was asked about."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.cli.explained_requests import cost_of
from selfinstruct.runs.explanation.sends import Outcome, Send
from tests.support.command import Cli


@pytest.fixture
def project(selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path) -> Path:
    """Return the folder of a finished run of the recipe `batch`."""
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    return tmp_path / "outputs" / "test"


def rows(run: Path, language: str) -> list[dict[str, str]]:
    text = (run / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_decision_comes_before_prompt_and_reply(selfinstruct: Cli, language: str) -> None:
    said = selfinstruct("explain", f"{language}/0.0").stdout
    heads = [
        "Candidate as read",
        "Rules, in the order of judgement",
        "What would change it\n",
        f"Request {language}/0.0",
    ]
    places = [said.index(head) for head in heads]
    assert places == sorted(places)
    assert re.search(r"\n  passed: \d+ rules \(--json names them\)", said)


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
def test_a_request_says_how_many_candidates_it_has_and_which_is_shown(selfinstruct: Cli) -> None:
    many = selfinstruct("explain", "zh/0").stdout.splitlines()
    assert re.fullmatch(
        r"its request brought [2-9] candidates; this is zh/0\.0, the others have other numbers behind the point",
        many[1],
    )
    assert re.match(
        r"这个请求带来 [2-9] 个候选；这里是 zh/0\.0，",
        selfinstruct("--lang", "zh", "explain", "zh/0").stdout.splitlines()[1],
    )
    assert "its request brought" not in selfinstruct("explain", "zh/0.0").stdout


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_id_of_a_seed_says_where_it_stands(selfinstruct: Cli, language: str) -> None:
    done = selfinstruct("explain", f"seed_{language}_002")
    assert done.returncode == 2
    assert re.search(rf"seed_{language}_002: is a seed, \S*{language}\.jsonl:\d+; no reply brought it", done.stderr)
    assert "nearest" not in done.stderr


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
def test_an_id_that_is_near_to_nothing_lists_nothing(selfinstruct: Cli) -> None:
    assert "nearest" not in selfinstruct("explain", "0123456789abcdef").stderr


@pytest.mark.thorough
def test_a_row_that_was_edited_into_a_defect_is_kept_by_hand_and_its_text_another(
    selfinstruct: Cli, project: Path
) -> None:
    row = rows(project, "zh")[0]
    path = project / "dataset" / "zh.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(json.dumps(row["output"], ensure_ascii=False), '"作为一个人工智能，我不能回答这个问题。"'),
        encoding="utf-8",
    )
    assert selfinstruct("filter").returncode == 0
    said = selfinstruct("explain", row["id"]).stdout
    assert said.splitlines()[0].endswith("accepted, kept by hand and flagged")
    assert "Candidate as read; the text of the row is another now" in said
    said = selfinstruct("--lang", "zh", "explain", row["id"]).stdout
    assert said.splitlines()[0].endswith("，手工保留，并已标出")
    assert "读出的候选；这一行现在的文字已经改过" in said


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("answered", ", $0.000000"), ("not billed", ""), ("lost", ", at most $0.000000")],
)
def test_what_was_not_billed_has_no_amount(outcome: Outcome, told: str) -> None:
    assert cost_of(Send(attempt=1, outcome=outcome, cost_usd=0.0), None) == told
