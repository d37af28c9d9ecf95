"""How sure an evaluation is: an interval that covers what it should, and no word about rows that are too few."""

import random
from pathlib import Path

import pytest

from selfinstruct.training.evaluation.confidence import intervals
from selfinstruct.training.evaluation.report import Evaluation, ScoreGroup, Scores, markdown, verdicts
from selfinstruct.weights import WEIGHTS


def columns(losses: list[float], ended: float = 1.0) -> dict[str, list[float]]:
    count = len(losses)
    return {"loss": losses, "tokens": [10.0] * count, "rouge_l": [0.5] * count, "ended": [ended] * count}


def evaluation(name: str, rows: int, found: dict[str, tuple[float, float]], tuned: Scores) -> Evaluation:
    base = Scores(loss=2.0, rouge_l=0.5, eos_rate=1.0)
    group = ScoreGroup(name=name, rows=rows, base=base, tuned=tuned, intervals=found)
    shown = ScoreGroup(name=f"{name}/rivers", rows=1, base=base, tuned=base)
    return Evaluation(
        model="m", adapter=Path("a"), prompt="chat", dataset_sha256="00", rows=rows, passed_over=0, groups=(group, shown), samples=()
    )  # fmt: skip


def test_rows_that_all_got_better_by_the_same_leave_no_doubt() -> None:
    losses = [float(number) for number in range(20, 40)]
    found = intervals(columns(losses), columns([loss - 1 for loss in losses]))
    assert found["loss"] == pytest.approx((-0.1, -0.1))  # per token
    assert found["rouge_l"] == found["eos_rate"] == (0.0, 0.0)


def test_the_interval_is_the_same_every_time_and_wider_with_fewer_rows() -> None:
    rng = random.Random(1)
    base = [rng.uniform(10, 30) for _ in range(200)]
    tuned = [loss + rng.uniform(-6, 4) for loss in base]
    many, few = (intervals(columns(base[:count]), columns(tuned[:count]))["loss"] for count in (200, 20))
    assert many == intervals(columns(base), columns(tuned))["loss"]
    assert few[1] - few[0] > 2 * (many[1] - many[0])


def test_of_fewer_than_ten_rows_there_is_no_interval() -> None:
    assert intervals(columns([1.0] * 9), columns([0.5] * 9)) == {}
    assert intervals(columns([1.0] * 10), columns([0.5] * 10)) != {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_six_rows_are_said_to_be_too_few(language: str) -> None:
    found = evaluation(language, 6, {}, Scores(loss=1.0, rouge_l=0.9, eos_rate=1.0))
    assert verdicts(found) == ["6 rows measured: too few to tell whether tuning helped, which takes 10"]
    assert "\n- 6 rows measured: too few" in markdown(found)
    assert "95 %" not in markdown(found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_score_is_better_worse_or_not_told_apart(language: str) -> None:
    spans = {"loss": (-0.4, -0.2), "rouge_l": (-0.1, 0.05), "eos_rate": (-0.3, -0.1)}
    (line,) = verdicts(evaluation(language, 40, spans, Scores(loss=1.7, rouge_l=0.48, eos_rate=0.8)))
    assert line == (
        f"{language}: loss -0.300 (-0.400 to -0.200), better; ROUGE-L -0.020 (-0.100 to +0.050), no sure difference; "
        "ended -0.200 (-0.300 to -0.100), worse"
    )


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (f"{Path.home()}/.cache/weights/{WEIGHTS['smollm2-135m-instruct'].file}", "smollm2-135m-instruct"),
        (f"{Path.home()}/models/mine", "mine"),
        ("Qwen/Qwen2.5-0.5B-Instruct", "Qwen/Qwen2.5-0.5B-Instruct"),
    ],
)
def test_the_page_says_what_the_model_is_called_and_not_where_it_lies(model: str, shown: str) -> None:
    found = evaluation("en", 6, {}, Scores(loss=1.0, rouge_l=0.9, eos_rate=1.0))
    remark = f"{Path.home()}/runs/lora: a later run in it has not ended"
    page = markdown(found.model_copy(update={"model": model, "remarks": (remark,)}))
    assert f"against `{shown}`" in page
    assert str(Path.home()) not in page
