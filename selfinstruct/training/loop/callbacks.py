"""Callbacks of the training loop: progress lines, early stopping, timed checkpoints, Ctrl-C."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from transformers import TrainerCallback

from selfinstruct.errors import InterruptedRunError
from selfinstruct.system.aside import Aside
from selfinstruct.training.data.batches import Order
from selfinstruct.training.distributed import world

LINES = 20
"""Approximate number of progress lines per run."""
AGAIN_S = 1.0
SAVE_EVERY_S = 600.0
"""Seconds between checkpoints: the most training that a crash can lose."""


class TrainingMonitor(TrainerCallback):  # type: ignore[misc]
    """Prints progress; stops the loop without improvement or when `stop` is set."""

    def __init__(
        self, say: Callable[[str], None], patience: int, order: Order, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.say, self.patience, self.order, self.clock = say, patience, order, clock
        self.stop = False
        self._first_step = self._first_tokens = 0
        self._began = self._step_began = self._saved = clock()
        self._in_steps = 0.0

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Record the first step of this command; a resumed run does not start at 0."""
        self._first_step, self._first_tokens = state.global_step, state.num_input_tokens_seen
        self._began = self._saved = self.clock()

    def on_epoch_begin(self, args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Set the epoch of the sampler; accelerate does too, except when a resumed run has several processes."""
        batches = -(-len(self.order) // (self.order.micro_batch_size * world()))
        self.order.set_epoch(state.global_step // -(-batches // args.gradient_accumulation_steps))

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        """Record when a step starts."""
        self._step_began = self.clock()

    def on_step_end(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        """Evaluate and save at the last step, save by the clock, stop on request."""
        now = self.clock()
        self._in_steps += now - self._step_began
        if state.global_step >= state.max_steps:
            control.should_evaluate = control.should_save = True
        if _any_process(self.stop):
            control.should_save = control.should_training_stop = True
        if _any_process(now - self._saved > SAVE_EVERY_S):
            control.should_save, self._saved = True, now

    def on_log(self, _args: Any, state: Any, _control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Print progress, about LINES times per run."""
        if not logs or "loss" not in logs:
            return
        step, last = state.global_step, state.max_steps
        if step % max(1, last // LINES) and step != last:
            return
        left = minutes((self.clock() - self._began) / max(step - self._first_step, 1) * (last - step))
        speed = int(self.tokens_per_second(state))
        self.say(Aside(f"step {step}/{last}  loss {logs['loss']:.3f}  {speed} tokens/s  {left} left"))

    def on_evaluate(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        """Print the validation loss; stop when the best is `patience` measurements old."""
        loss = _validation_losses(state)[-1]
        self.say(Aside(f"step {state.global_step}/{state.max_steps}  validation loss {loss:.4f}"))
        if self.over(state) and state.global_step < state.max_steps:
            self.say(Aside(f"no better for {self.patience} measurements: stopping early"))
            control.should_training_stop = True

    def over(self, state: Any) -> bool:
        """Return whether training is finished: all steps done, or no improvement for `patience` measurements."""
        losses = _validation_losses(state)
        stuck = bool(losses) and len(losses) - 1 - losses.index(min(losses)) >= self.patience > 0
        return stuck or state.global_step >= state.max_steps

    def tokens_per_second(self, state: Any) -> float:
        """Return training tokens per second, without padding, measuring and saving."""
        return float(state.num_input_tokens_seen - self._first_tokens) / max(self._in_steps, 1e-9)


def _validation_losses(state: Any) -> list[float]:
    return [entry["eval_loss"] for entry in state.log_history if "eval_loss" in entry]


def minutes(seconds: float) -> str:
    """Return a duration as 3:07 or 2:05:00."""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _any_process(wanted: bool) -> bool:
    """Return whether any process requests it; one that stopped or saved alone would wait for the others forever."""
    import torch

    if world() == 1:
        return wanted
    device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
    flag = torch.tensor(int(wanted), device=device)
    torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
    return bool(flag)


class StopOnInterrupt:
    """Context in which the first Ctrl-C or SIGTERM ends training after the current step, with a checkpoint.

    A second signal, more than a second later, has its usual effect; `timeout` and launchers forward signals that the
    process has already received, so earlier repetitions are ignored.
    """

    def __init__(self, watch: TrainingMonitor, folder: Path) -> None:
        self.watch, self.folder = watch, folder
        self._before: dict[int, Any] = {}
        self._told = 0.0

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._hear)
        return self

    def _hear(self, number: int, _frame: Any) -> None:
        now = self.watch.clock()
        if not self.watch.stop:
            self.watch.stop, self._told = True, now
            self.watch.say(Aside("stopping after this step, with a checkpoint; again to stop at once"))
        elif now - self._told > AGAIN_S:
            signal.signal(number, self._before[number])
            os.kill(os.getpid(), number)

    def __exit__(self, kind: object, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        if self.watch.stop and kind is None:
            raise InterruptedRunError(
                f"interrupted; {self.folder} has a checkpoint: run the same command again to go on"
            )
