"""Classification tasks of the seeds on new texts: written for a label, labelled again without it, proved as they were looked at."""

import random
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import Candidate, Instance, LanguageCode, Reply, Request, Task
from selfinstruct.requests import Plan, Visible
from selfinstruct.requests.checked import kind_at
from selfinstruct.requests.labelled import KIND, classification_seeds
from selfinstruct.runs.unused import unused
from tests.support.bootstraps import run, scripted
from tests.support.mixes import LANGUAGES, mixed_plan
from tests.support.runs import MakeConfig

pytestmark = pytest.mark.thorough  # whole runs

TEXTS = {"en": "The last train left without us, again.", "zh": "末班车又没赶上，只好走回去了。"}


def plan_of(language: LanguageCode, *labels: str) -> Plan:
    """Return a plan of the recipe `checked` whose only seed with labels has these."""
    plan = mixed_plan(language, {"checked": 1.0}, target=40, window=1)
    others = [task.model_copy(update={"is_classification": False}) for task in plan.seeds]
    instances = tuple(Instance(input=f"{number}", output=label) for number, label in enumerate(labels))
    seed = Task(
        id="seed_own",
        instruction=f"Which is it, {' or '.join(labels)}?",
        is_classification=True,
        instances=instances,
    )
    return plan._replace(seeds=(*others, seed))


def labelled(plan: Plan, text: str, again: str, label: str = "{}") -> Candidate:
    """Return how the first candidate of the kind ends, with a text and what the blind look says."""
    heard: list[Request] = []

    def answer(request: Request) -> Reply:
        heard.append(request)
        if request.drawn and request.drawn.kind == KIND:
            head = "Label: {}\nInput: {}" if plan.language == "en" else "标签：{}\n输入：{}"
            return Reply(text=head.format(label.format(request.drawn.output), text))
        first = next(
            (one for one in heard if one.drawn and one.drawn.kind == KIND and one.index == request.index), None
        )
        if request.step == "again" and first and first.drawn:
            assert request.sampling.temperature == 0
            return Reply(text=again.format(first.drawn.output))
        return scripted(request)

    bootstrap: Bootstrap = run(plan, answer, 1, random.Random(0))
    kinds = {one.index: one.drawn.kind for one in heard if one.drawn}
    return next(one.candidate for one in bootstrap.verdicts if kinds[one.candidate.index] == KIND)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_whose_label_is_found_again_becomes_a_row_that_is_proved(language: LanguageCode) -> None:
    found = labelled(plan_of(language, "lucky", "unlucky"), TEXTS[language], "It is {}.")
    assert (found.fault, found.input) == ("", TEXTS[language])
    row: dict[str, object] = {
        "language": language,
        "instruction": found.instruction,
        "input": found.input,
        "output": found.output,
    }
    row |= {"checks": [check.model_dump() for check in found.checks]}
    assert failed(row) == []
    for name, other in (("instruction", "Which?"), ("input", "Late."), ("output", "unlucky"), ("output", "lucky")):
        assert failed(row | {name: other}) or row[name] == other


def failed(row: dict[str, object]) -> list[str]:
    return [one.finding.detail for one in si.validate([row]).findings if one.finding.rule == "check_failed"]


@pytest.mark.parametrize(
    ("text", "again", "label", "fault"),
    [
        (TEXTS["en"], "lucky, or perhaps unlucky", "{}", "unsure_answer"),
        (TEXTS["en"], "neither", "{}", "unsure_answer"),
        (TEXTS["en"], "{}", "sad", "unfit_passage"),
        ("We were lucky, or unlucky?", "{}", "{}", "unfit_passage"),
        ("1", "{}", "{}", "unfit_passage"),
        ("", "{}", "{}", "unparsable"),
    ],
)
def test_what_is_not_labelled_alike_twice_is_no_row(text: str, again: str, label: str, fault: str) -> None:
    assert labelled(plan_of("en", "lucky", "unlucky"), text, again, label).fault == fault


@pytest.mark.parametrize("labels", [(), ("lucky",), ("lucky", "x" * 41)])
def test_without_a_seed_that_has_two_labels_the_kind_steps_aside(labels: tuple[str, ...]) -> None:
    plan = plan_of("en", *labels)
    assert KIND not in {kind_at(plan, Visible(number=number)) for number in range(300)}
    assert KIND in {kind_at(plan_of("en", "lucky", "unlucky"), Visible(number=number)) for number in range(300)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_teacher_is_shown_plain_seeds_and_a_strong_one_the_others(language: LanguageCode) -> None:
    for kind, plain in (("embedded", True), ("openai", False)):
        seeds = classification_seeds(mixed_plan(language, {"checked": 1.0}, kind=kind))
        assert len(seeds) >= 6
        assert {task.plain for task in seeds} == {plain}


def test_that_the_kind_steps_aside_is_said(make_config: MakeConfig, tmp_path: Path) -> None:
    seed = '{{"id": "s{0}", "name": "n", "category": "c", "instruction": "Say {0}.", "instances": [{{"input": "", "output": "{0}"}}]}}\n'
    (tmp_path / "en.jsonl").write_text("".join(seed.format(n) for n in range(3)), encoding="utf-8")
    said = unused(make_config("checked", run__seeds=str(tmp_path), target={"en": 2}))
    assert [line for line in said if "no seed is a classification task" in line]
    assert not [line for line in unused(make_config("checked", target={"en": 2})) if "classification" in line]
