"""Progress of the training loop as plain lines: step, loss, speed, time left."""

import time
from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback


class Progress(TrainerCallback):  # type: ignore[misc]
    """Says a line at each log event of the Trainer."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.say = say
        self.clock = clock
        self.started = clock()

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        """Start the clock."""
        self.started = self.clock()

    def on_log(self, _args: Any, state: Any, _control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Say where training stands; the Trainer's closing summary has no loss of a step and is passed over."""
        if not logs or "loss" not in logs:
            return
        elapsed = max(self.clock() - self.started, 1e-9)
        left = minutes(elapsed / state.global_step * (state.max_steps - state.global_step))
        speed = int(state.num_input_tokens_seen / elapsed)
        step = f"step {state.global_step}/{state.max_steps}"
        self.say(f"{step}  loss {logs['loss']:.3f}  {speed} tokens/s  {left} left")


def minutes(seconds: float) -> str:
    """Return a duration as 3:07 or 2:05:00."""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
