"""The state of a checkpoint is checked before transformers reads it; torch is not needed for that."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.loop.checkpoint import last_checkpoint
from selfinstruct.training.loop.trainer_state import STATE, check_state
from tests.support.strange import WHOLE, dumped, mutations

DOCUMENT = {
    "best_global_step": 3,
    "best_metric": 1.5,
    "best_model_checkpoint": "out/checkpoints/checkpoint-3",
    "epoch": 0.5,
    "eval_steps": 3,
    "global_step": 3,
    "is_hyper_param_search": False,
    "is_local_process_zero": True,
    "is_world_process_zero": True,
    "log_history": [
        {"epoch": 0.16, "grad_norm": 0.2, "learning_rate": 0.01, "loss": 3.1, "step": 1},
        {"epoch": 0.5, "eval_eos_rate": 0.0, "eval_loss": 2.5, "step": 3},
    ],
    "logging_steps": 1,
    "max_steps": 24,
    "num_input_tokens_seen": 300,
    "num_train_epochs": 4,
    "save_steps": 3,
    "stateful_callbacks": {"TrainerControl": {"args": {"should_save": True}, "attributes": {}}},
    "total_flos": 0.0,
    "train_batch_size": 4,
    "trial_name": None,
    "trial_params": None,
}


def write(folder: Path, text: str) -> Path:
    checkpoint = folder / "checkpoint-3"
    checkpoint.mkdir(exist_ok=True)
    (checkpoint / STATE).write_text(text, encoding="utf-8")
    return checkpoint


def test_the_state_of_a_checkpoint_is_read(tmp_path: Path) -> None:
    state = check_state(write(tmp_path, dumped(DOCUMENT)), DOCUMENT)
    assert (state.global_step, state.log_history[1].eval_loss) == (3, 2.5)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"global_step": -1}, "global_step"),
        ({"max_steps": "24"}, "max_steps"),
        ({"epoch": "@nan@"}, "a number that is none"),
        ({"log_history": []}, "the loss of a step"),
        ({"log_history": [{"step": 1, "loss": None}]}, r"log_history\.0"),
        ({"log_history": [{"step": 1, "loss": 1.0, "grad_norm": "x"}]}, r"log_history\.0\.grad_norm"),
        ({"best_global_step": 9}, "best step"),
        ({"best_model_checkpoint": 3}, "best_model_checkpoint"),
        ({"new": 3}, "`new` is not known to this transformers"),
    ],
)
def test_a_state_that_no_run_wrote_is_refused_by_field_with_what_to_do(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    checkpoint = write(tmp_path, dumped(DOCUMENT | change))
    with pytest.raises(InputError, match=f"trainer_state.json: .*{field}.*--fresh"):
        check_state(checkpoint, DOCUMENT)


def test_no_value_of_a_state_is_worse_than_a_refusal(tmp_path: Path) -> None:
    refused = 0
    for text in [*(dumped(changed) for _, changed in mutations(DOCUMENT)), *WHOLE.values()]:
        try:
            check_state(write(tmp_path, text), DOCUMENT)
        except InputError:
            refused += 1
    assert refused > 200


def test_a_folder_that_only_looks_like_a_checkpoint_is_none(tmp_path: Path) -> None:
    write(tmp_path, "{}")
    for name in ("checkpoint-", "checkpoint-x", "checkpoint-９", f"checkpoint-{'9' * 60}"):
        (tmp_path / name).mkdir()
        (tmp_path / name / STATE).write_text("{}", encoding="utf-8")
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-3"
