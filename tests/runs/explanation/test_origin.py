"""What `explain` says a candidate was made from, and what each later step decided, in both languages."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.cli.recipes import origin_lines
from selfinstruct.records import Reply, Request
from selfinstruct.runs.explanation import Explanation
from selfinstruct.runs.explanation.find import FoundCandidate
from selfinstruct.runs.explanation.origin import StepTaken, steps_of
from tests.support.bootstraps import make_plan, run, scripted
from tests.support.explanations import of
from tests.support.proved_runs import TEXTS, proved_run
from tests.support.runs import MakeConfig

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again


@pytest.fixture
def explained(make_config: MakeConfig, tmp_path: Path) -> dict[str, list[Explanation]]:
    """Return the explanations of all rows of a run, by recipe."""
    config, folder = proved_run(make_config, tmp_path)
    found: dict[str, list[Explanation]] = {}
    for line in (folder / "provenance.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        found.setdefault(one["recipe"], []).append(of(config, folder, one["id"]))
    return found


def shown(one: Explanation) -> str:
    return "\n".join(f"{title}\n" + "\n".join(lines) for title, lines in origin_lines(one))


def test_every_row_says_what_it_was_made_from(explained: dict[str, list[Explanation]]) -> None:
    assert {recipe: {one.origin.recipe for one in rows if one.origin} for recipe, rows in explained.items()} == {
        name: {name} for name in ("steered", "checked", "documents")
    }
    for one in explained["checked"]:
        assert one.origin
        assert one.origin.checks
        text = shown(one)
        assert f"kind {one.origin.kind}" in text
        assert f"proved by {one.origin.kind} {json.dumps(one.origin.checks[0].arguments, ensure_ascii=False)}" in text
    assert {"the teacher's wording is used", "not used: the words of code stay"} >= {
        step.decided for one in explained["checked"] for step in one.steps if step.step in {"computed", "wording"}
    }
    assert {step.step for one in explained["steered"] for step in one.steps} >= {"answer", "confirm", "again"}


def test_a_question_on_a_document_names_it_the_passage_and_the_quoted_words(
    explained: dict[str, list[Explanation]],
) -> None:
    for one in explained["documents"]:
        assert one.origin
        assert one.origin.span
        assert TEXTS[one.origin.document][slice(*one.origin.span)] == one.origin.quoted
        assert f"document {one.origin.document}, passage {one.asked[0].request.topic}" in shown(one)
        assert one.origin.quoted in shown(one)
        assert [step.step for step in one.steps] == ["reread", "closed"]
        assert one.steps[1].decided == "without the passage the teacher does not know the answer"


def test_a_rewording_that_was_used_is_told_from_one_that_was_not(explained: dict[str, list[Explanation]]) -> None:
    for one in explained["checked"]:
        assert one.origin
        if one.steps and one.steps[0].step == "computed":
            assert one.origin.by_code == (one.steps[0].decided == "not used: the words of code stay")


@pytest.mark.parametrize(
    ("token", "language", "said"),
    [
        ({"Yes": -0.01, "No": -4.0}, "en", "P(yes) 0.982, 0.6 needed: holds"),
        ({"否": -0.1, "是": -2.4}, "zh", "P(yes) 0.091, 0.6 needed: the answer is not sure"),
    ],
)
def test_a_second_look_is_shown_with_its_probability(token: dict[str, float], language: Any, said: str) -> None:
    plan = make_plan(language, "steered", target=2, confirm=True)

    def answer(request: Request) -> Reply:
        reply = scripted(request)
        return reply.model_copy(update={"first_token": token}) if request.step == "confirm" else reply

    bootstrap = run(plan, answer, 1, random.Random(0)) if said.endswith("holds") else _some(plan, answer)
    looked = [step for verdict in bootstrap.verdicts for step in _steps(bootstrap, verdict) if step.probability]
    assert {step.decided for step in looked} == {said}
    assert {step.probability for step in looked} == {float(said.split()[1].strip(","))}


def _some(plan: Any, answer: Any) -> Bootstrap:
    """Carry a few requests: a run none of whose answers is sure has no end."""
    bootstrap = Bootstrap(plan)
    for _ in range(40):
        if request := bootstrap.ask():
            bootstrap.hear(request, answer(request))
    return bootstrap


def _steps(bootstrap: Bootstrap, verdict: Any) -> tuple[StepTaken, ...]:
    candidate = verdict.candidate
    return steps_of(FoundCandidate(bootstrap, candidate.index, candidate.position, candidate, verdict))
