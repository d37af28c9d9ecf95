"""The estimate: a range that the run then falls into, from its own yield where there is one; nothing sent, nothing written."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.config import Config, parse_config
from selfinstruct.errors import CapReachedError, ConfigError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate, first_requests
from selfinstruct.runs.estimate.need import ENOUGH_TURNS
from selfinstruct.runs.estimate.span import mean, span
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

BIG = {
    "target": {"en": 26000, "zh": 26000},
    "teacher.kind": "openai",
    "teacher.base_url": "https://api.deepseek.com/v1",
    "teacher.model": "deepseek-flash",
    "limits.concurrency": 64,
}


def spans(value: Any) -> list[dict[str, float]]:
    """Return all ranges in a JSON document."""
    if not isinstance(value, dict):
        return []
    if set(value) == {"low", "high"}:
        return [value]
    return [one for inner in value.values() for one in spans(inner)]


def estimate_of(config: Config, folder: Path) -> dict[str, Any]:
    return estimate(config, RunDirectory(folder)).document()


def test_ranges_add_multiply_and_divide() -> None:
    assert span(1, 2) + span(3) == span(4, 5)
    assert span(1, 2) * span(3, 4) == span(3, 8)
    assert span(1, 2) / span(2, 4) == span(0.25, 1)
    assert mean([span(1, 2), span(3, 6)]) == span(2, 4)
    assert mean([]) == span(0)


def test_of_52000_rows_it_gives_every_figure_as_a_range_in_both_languages(tmp_path: Path) -> None:
    found = estimate_of(parse_config("", "test", BIG), tmp_path / "run")
    assert found["missing"] == {"en": 26000, "zh": 26000}
    assert found["basis"] == "assumptions"
    assert set(found["languages"]) == {"en", "zh"}
    assert all(0 < one["low"] < one["high"] for one in spans(found))
    assert found["requests"]["low"] > 52000 / 12
    assert found["tokens"]["prompt"]["low"] > 1000 * found["requests"]["low"]
    dearest = 0.30 * found["tokens"]["prompt"]["high"] + 1.20 * found["tokens"]["completion"]["high"]
    assert found["cost_usd"]["high"] == pytest.approx(dearest / 1e6, rel=0.01)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rate_limits_of_the_account_lengthen_the_time_where_they_bind(tmp_path: Path, language: str) -> None:
    def of(**limits: int) -> dict[str, Any]:
        settings = BIG | {"target": {language: 26000}} | {f"limits.{name}": value for name, value in limits.items()}
        return estimate_of(parse_config("", "test", settings), tmp_path / "run")

    free = of()
    assert of(requests_per_minute=10**6, tokens_per_minute=10**9)["minutes"] == free["minutes"]
    slow = of(tokens_per_minute=20_000)
    tokens = {end: free["tokens"]["prompt"][end] + free["tokens"]["completion"][end] for end in ("low", "high")}
    assert slow["minutes"] == {end: pytest.approx(count / 20_000, abs=0.1) for end, count in tokens.items()}
    assert of(requests_per_minute=1)["minutes"]["low"] == pytest.approx(free["requests"]["low"], abs=1)
    assert "no rate limit is counted" in free["assumptions"][-1]
    assert "at most 20,000 tokens a minute" in slow["assumptions"][-1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_with_a_rate_the_cost_is_there_in_cny_too(tmp_path: Path, language: str) -> None:
    settings = BIG | {"target": {language: 260}}
    found = estimate_of(parse_config("[limits]\ncny_per_usd = 7\n", "test", settings), tmp_path / "run")
    assert found["cost_cny"]["low"] == pytest.approx(7 * found["cost_usd"]["low"], abs=1e-5)
    assert found["cost_cny"]["high"] == pytest.approx(7 * found["cost_usd"]["high"], abs=1e-5)
    assert "cost_cny" not in estimate_of(parse_config("", "test", settings), tmp_path / "run")


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_with_an_exact_tokenizer_the_prompts_are_those_of_the_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str, language: str
) -> None:
    """The sum over the prompts sent, counted by the same tokenizer, lies in the range per request."""
    from selfinstruct.teacher.billing.tokens import likely_tokens

    config = make_config(recipe, target={language: 4}, teacher__model="gpt-4o-mini")
    found = estimate_of(config, tmp_path / "run")
    start(config, tmp_path / "run")
    counted = [
        sum(likely_tokens(one["content"], "gpt-4o-mini")[0] for one in body["messages"]) for body in server.requests
    ]
    per_request = sum(counted) / len(counted)
    prompt, requests = found["tokens"]["prompt"], found["requests"]
    assert 0.7 * prompt["low"] / requests["low"] < per_request < 1.3 * prompt["high"] / requests["high"]


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def test_a_begun_run_is_estimated_by_its_own_yield_and_ends_in_the_range(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe, target={"en": 24, "zh": 24}), tmp_path / "run")
    sent = len(server.requests)
    more = make_config(recipe, target={"en": 40, "zh": 40})
    found = estimate_of(more, tmp_path / "run")
    assert found["basis"] == "run"
    assert all(14 <= missing <= 16 for missing in found["missing"].values())  # a spare reply may already hold some
    manifest = start(more, tmp_path / "run")
    assert 0.8 * found["requests"]["low"] <= len(server.requests) - sent <= 1.2 * found["requests"]["high"] + 8
    assert found["spent_usd"] + found["cost_usd"]["low"] < 1.2 * float(manifest["cost_usd"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_from_how_many_settled_requests_on_it_goes_by_the_run(
    make_config: MakeConfig, tmp_path: Path, language: str
) -> None:
    config = make_config(target={language: 3})
    start(config, tmp_path / "run")
    found = estimate_of(make_config(target={language: 90}), tmp_path / "run")
    assert found["languages"][language]["basis"] == "assumptions"
    (told,) = [one for one in found["assumptions"] if "Settled so far" in one]
    settled = int(told.rpartition(f"{language} ")[2])
    assert 3 <= settled < ENOUGH_TURNS
    assert f"until a row stands and {ENOUGH_TURNS} requests of a language are settled, in order" in told
    assert f"按次序有 {ENOUGH_TURNS} 个请求出了结果为止" in in_chinese(f"Assumed: {told}")
    start(make_config(target={language: 20}), tmp_path / "run")
    found = estimate_of(make_config(target={language: 90}), tmp_path / "run")
    assert found["languages"][language]["basis"] == "run"
    (told,) = [one for one in found["notes"] if one.startswith("by the run's own figures, from so many settled")]
    assert int(told.rpartition(f"{language} ")[2]) >= ENOUGH_TURNS
    assert f"依据的是这么多个出了结果的请求：{language} " in in_chinese(f"Note: {told}")
    assert not [one for one in found["assumptions"] if f"Settled so far: {language}" in one]


@pytest.mark.parametrize(
    ("page", "words"),
    [("large-runs.md", "once\neight requests of a language"), ("large-runs.zh-CN.md", "某种语言有八个请求")],
)
def test_the_pages_have_the_number_of_requests(page: str, words: str) -> None:
    assert ENOUGH_TURNS == 8
    assert words in read_text(PACKAGE.parent / "docs" / page)


def test_a_run_whose_provider_reports_no_tokens_is_estimated_from_its_texts(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion(say(body))
        del answer["usage"]
        return Fault(body=json.dumps(answer).encode())

    server.script = script
    start(make_config(target={"zh": 12}), tmp_path / "run")
    found = estimate_of(make_config(target={"zh": 30}), tmp_path / "run")
    assert found["basis"] == "run"
    assert all(one["low"] > 0 for one in spans(found["tokens"]))


def test_where_the_target_stands_nothing_is_needed(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(), tmp_path / "run")
    found = estimate_of(make_config(), tmp_path / "run")
    assert found["basis"] == "nothing"
    assert all(one == {"low": 0, "high": 0} for one in spans(found))
    assert first_requests(make_config(), RunDirectory(tmp_path / "run")) == {}


def test_another_configuration_is_estimated_as_a_new_run_and_says_so(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(), tmp_path / "run")
    found = estimate_of(make_config(teacher__temperature=0.5), tmp_path / "run")
    assert found["missing"] == {"en": 3, "zh": 3}
    assert "changed: teacher.temperature" in found["notes"][0]


def test_an_unknown_price_is_null_and_refused_with_a_budget(make_config: MakeConfig, tmp_path: Path) -> None:
    found = estimate_of(make_config(teacher__price=None), tmp_path / "run")
    assert found["cost_usd"] is None
    assert "not known" in found["price"]
    with pytest.raises(ConfigError, match="price"):
        estimate(make_config(teacher__price=None, limits__budget_usd="1"), RunDirectory(tmp_path / "run"))


def test_more_at_once_takes_less_time_up_to_the_window(tmp_path: Path) -> None:
    minutes = [
        estimate_of(parse_config("", "test", BIG | {"limits.concurrency": number}), tmp_path)["minutes"]["high"]
        for number in (8, 64, 128, 256)
    ]
    assert minutes[0] > minutes[1] > minutes[2] == minutes[3]


def test_a_larger_embedded_teacher_takes_longer(tmp_path: Path) -> None:
    small = parse_config("", "test", {"teacher.threads": 1, "teacher.model": "qwen2.5-coder-0.5b-instruct"})
    large = parse_config("", "test", {"teacher.threads": 1, "teacher.model": "qwen2.5-coder-1.5b-instruct"})
    assert estimate_of(large, tmp_path)["minutes"]["low"] > 2 * estimate_of(small, tmp_path)["minutes"]["low"]
    assert estimate_of(small, tmp_path)["cost_usd"] == {"low": 0, "high": 0}


@pytest.mark.thorough
def test_the_verb_prints_a_table_or_json_and_takes_the_flags_of_generate(
    selfinstruct: Callable[..., Any], write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    write_config("batch")
    done = selfinstruct("estimate", "--target", "zh=100", "--concurrency", "2", "--budget-usd", "0.001", "--json")
    found = json.loads(done.stdout)
    assert {"missing", "requests", "tokens", "cost_usd", "minutes", "basis"} <= set(found)
    assert (found["missing"], done.stderr) == ({"en": 3, "zh": 100}, "")
    shown = selfinstruct("estimate", "--budget-usd", "0.001").stdout
    assert all(
        word in shown for word in ("en", "zh", "total", "Cost: $", "Time: ", "Assumed: ", "budget of $0.001 may")
    )
    assert selfinstruct("estimate", "-q").stdout == ""
    assert server.requests == []
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def test_a_dry_run_shows_the_very_prompts_that_are_sent_first(
    selfinstruct: Callable[..., Any],
    write_config: Callable[..., Path],
    server: TeacherServer,
    tmp_path: Path,
    recipe: str,
) -> None:
    write_config(recipe)
    prompts = json.loads(selfinstruct("generate", "--dry-run", "--json").stdout)["first_requests"]
    shown = selfinstruct("generate", "--dry-run").stdout
    assert server.requests == []
    assert not (tmp_path / "outputs").exists()
    for language in ("en", "zh"):
        assert f"{language}/0.0/" in shown
        assert all(line in shown for one in prompts[language]["messages"] for line in one["content"].split("\n"))
    selfinstruct("generate", "-q")
    sent = [body["messages"] for body in server.requests]
    assert all(prompts[language]["messages"] in sent for language in ("en", "zh"))


@pytest.mark.thorough
def test_a_dry_run_of_a_begun_run_shows_what_comes_next_and_writes_nothing(
    selfinstruct: Callable[..., Any],
    write_config: Callable[..., Path],
    make_config: MakeConfig,
    server: TeacherServer,
    tmp_path: Path,
) -> None:
    write_config("batch")
    folder = tmp_path / "outputs" / "test"
    with pytest.raises(CapReachedError):
        start(make_config("batch", limits__max_candidates=1, limits__concurrency=1), folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    sent = [body["messages"] for body in server.requests]
    done = selfinstruct("generate", "--dry-run", "--json")
    asked = json.loads(done.stdout)["first_requests"]
    assert asked
    assert not [one for one in asked.values() if one["messages"] in sent]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    changed = selfinstruct("generate", "--dry-run", "--recipe", "steered")
    assert (changed.returncode, "another configuration" in changed.stderr) == (2, True)
    fresh = selfinstruct("generate", "--dry-run", "--recipe", "steered", "--fresh").stdout
    assert re.search(r"=== en/0\.0/instruction", fresh)
    assert len(server.requests) == len(sent)
