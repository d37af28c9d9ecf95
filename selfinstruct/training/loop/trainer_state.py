"""The state that transformers writes beside a checkpoint, checked before transformers reads it back; importable without torch."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, model_validator

from selfinstruct.errors import InputError
from selfinstruct.system.documents import Count, Number, Open, read_document

STATE = "trainer_state.json"
FRESH = "start anew with --fresh"
Amount = Annotated[Number, Field(ge=0)]


class LogEntry(Open):
    """One measurement; what else it holds are numbers."""

    __pydantic_extra__: dict[str, Number | None]
    step: Count
    epoch: Amount | None = None
    loss: Number | None = None
    eval_loss: Number | None = None

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if any(getattr(self, name) is None for name in {"loss", "eval_loss"} & self.model_fields_set):
            raise ValueError("must have a number as its loss")
        return self


class CheckpointState(Open):
    """What a training run had done at a checkpoint; the fields are those of `transformers.TrainerState`."""

    global_step: Count
    max_steps: Count
    epoch: Amount = 0.0
    logging_steps: Amount = 0
    eval_steps: Amount = 0
    save_steps: Amount = 0
    train_batch_size: Count | None = None
    num_train_epochs: Count = 0
    num_input_tokens_seen: Count = 0
    total_flos: Amount = 0.0
    log_history: tuple[LogEntry, ...]
    best_metric: Number | None = None
    best_global_step: Count | None = None
    best_model_checkpoint: str | None = None
    is_local_process_zero: StrictBool = True
    is_world_process_zero: StrictBool = True
    is_hyper_param_search: StrictBool = False
    trial_name: str | None = None
    trial_params: dict[str, Any] | None = None
    stateful_callbacks: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _logged(self) -> Self:
        steps = {entry.step for entry in self.log_history if entry.loss is not None}
        if not steps and self.global_step:
            raise ValueError("must have the loss of a step in log_history")
        if self.best_global_step is not None and self.best_global_step > self.global_step:
            raise ValueError("must have its best step before its last")
        return self


def check_state(checkpoint: Path, known: Collection[str]) -> CheckpointState:
    """Return the state of a checkpoint; raises InputError with file, field and remedy for one that cannot be gone on from.

    `known` are the fields that the installed transformers knows.
    """
    state = read_document(checkpoint / STATE, CheckpointState, FRESH)
    if unknown := sorted((state.model_extra or {}).keys() - set(known)):
        raise InputError(f"{checkpoint / STATE}: field `{unknown[0][:80]}` is not known to this transformers; {FRESH}")
    return state
