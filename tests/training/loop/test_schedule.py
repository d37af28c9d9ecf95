"""The learning rate: every step teaches, the first one of a run of one step too."""

from pathlib import Path

import pytest

from selfinstruct.training.loop.schedule import share, warmup_of
from selfinstruct.training.records import TrainingJob
from tests.support.models import SETTINGS, toy_rows

pytestmark = pytest.mark.finetune


@pytest.mark.parametrize("steps", [1, 2, 10, 33, 34, 100, 1000])
def test_every_step_has_a_rate_and_none_exceeds_the_one_that_is_set(steps: int) -> None:
    rates = [share(step, steps) for step in range(steps)]
    top = warmup_of(steps)
    assert all(0 < rate <= 1 for rate in rates)
    assert rates[top] == 1
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)


def test_a_run_of_one_step_learns(chat_model: Path, tmp_path: Path) -> None:
    from selfinstruct.training import finetune

    job = TrainingJob(settings=SETTINGS, model=str(chat_model), output=tmp_path, seed=1, max_steps=1)
    result = finetune(toy_rows(), [], job, lambda _: None)
    assert result.loss_after != result.loss_before
