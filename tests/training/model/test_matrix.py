"""Every method on every family: `make test-all ARGS="-k matrix -v"`."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import ConfigError
from selfinstruct.training import TrainingJob, finetune
from selfinstruct.training.data.encode import format_of
from selfinstruct.training.evaluation.generate import respond
from selfinstruct.training.loop.measure import measure
from selfinstruct.training.model.load import Source, load_tokenizer
from selfinstruct.training.model.methods import METHODS
from selfinstruct.training.output.adapter import load_tuned
from tests.support.encoded import encode_one, prompt_ids
from tests.support.models import FAMILIES, SETTINGS, silent, toy_rows

pytestmark = pytest.mark.finetune

LEARNING_RATES = {
    "full": 5e-3,
    "ia3": 5e-2,
    "prompt-tuning": 5e-2,
    "p-tuning": 1e-2,
    "prefix-tuning": 1e-2,
    "p-tuning-v2": 5e-2,
}
"""High enough for a random model to learn something in twelve steps."""


def job_of(method: str, model: Path, output: Path, **changes: Any) -> TrainingJob:
    settings = {
        "method": method,
        "epochs": 2,
        "evaluations": 1,
        "learning_rate": LEARNING_RATES.get(method, 1e-2),
        "virtual_tokens": 8,
    }
    settings |= {name: changes.pop(name) for name in list(changes) if name not in TrainingJob.model_fields}
    return TrainingJob(
        settings=SETTINGS.model_copy(update=settings), model=str(model), output=output, seed=7, **changes
    )


@pytest.mark.parametrize("method", [method for method in METHODS if method != "qlora"])
@pytest.mark.parametrize("family", FAMILIES)
def test_matrix_trains_saves_reloads_generates_and_merges(
    family: str, method: str, family_models: dict[str, Path], tmp_path: Path
) -> None:
    job = job_of(method, family_models[family], tmp_path, merge=METHODS[method].mergeable)
    result = finetune(toy_rows(24), [], job, silent)
    assert result.loss_after < result.loss_before - 0.005
    assert result.loss_reloaded == pytest.approx(result.loss_after, abs=1e-4)
    if METHODS[method].mergeable:
        assert result.loss_merged == pytest.approx(result.loss_after, abs=1e-3)
    source = Source(name=str(family_models[family]), local=True)
    check_padding(load_tuned(source, tmp_path), load_tokenizer(source))


def check_padding(model: Any, tokenizer: Any) -> None:
    """A row answered or measured beside longer ones is answered and measured as when it is alone."""
    form = format_of(tokenizer)
    rows = [toy_rows(4)[0], toy_rows(4)[3].model_copy(update={"input": "猫 and dog " * 8}), toy_rows(4)[2]]
    prompts = [prompt_ids(row, tokenizer, form) for row in rows]
    answer = partial(respond, model, end=form.end, pad=form.end, most=12)
    assert answer(prompts, batch_size=3) == answer(prompts, batch_size=1)
    examples = [encode_one(row, tokenizer, form) for row in rows]
    losses = [measure(model, examples, pad=form.end, batch_size=size).loss for size in (3, 1)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


@pytest.mark.parametrize("method", [method for method in METHODS if not METHODS[method].mergeable])
def test_matrix_refuses_to_merge_what_cannot_be_merged(
    method: str, family_models: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="nothing to merge"):
        finetune(toy_rows(), [], job_of(method, family_models["llama"], tmp_path, merge=True), silent)


@pytest.mark.parametrize("method", ["lora", "full", "prompt-tuning", "p-tuning", "ia3"])
def test_matrix_checkpoints_activations_without_changing_what_is_learned(
    method: str, family_models: dict[str, Path], tmp_path: Path
) -> None:
    results = [
        finetune(
            toy_rows(),
            [],
            job_of(method, family_models["llama"], tmp_path / str(on), gradient_checkpointing=on),
            silent,
        )
        for on in (False, True)
    ]
    assert results[0].loss_after == pytest.approx(results[1].loss_after, abs=1e-5)
