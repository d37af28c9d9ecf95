"""What a fine-tuning run is asked and what it reports; light, so that callers need no torch for it."""

from pathlib import Path

from selfinstruct.config import Finetune
from selfinstruct.records import Record


class Job(Record):
    """What one run is asked to do."""

    settings: Finetune
    model: str
    """Directory, `.gguf` file or hub id."""
    output: Path
    seed: int
    max_steps: int | None = None
    """Beats `settings.epochs`."""


class Result(Record):
    """How one run ended. Losses are nats per answer token over the rows held out, the end token included."""

    rows: int
    """All rows given: left_out + train_rows + held_out_rows."""
    left_out: int
    """Rows longer than `max_length` tokens."""
    train_rows: int
    held_out_rows: int
    trainable_parameters: int
    parameters: int
    """Of the base model and the adapter together."""
    steps: int
    seconds: float
    """Wall time of the whole run: loading, measuring, training, saving, reloading."""
    loss_before: float
    """Of the base model."""
    loss_after: float
    loss_reloaded: float
    """Of a fresh base model with the adapter read back from disk."""
    eos_rate_before: float
    eos_rate: float
    """Share of rows held out in which, after the whole answer, the end token is the likeliest next one."""
    adapter: Path
    dataset_sha256: str
    """Over the canonical JSON lines of the rows, as in a file of the dataset."""

    @property
    def improved(self) -> bool:
        """Whether tuning lowered the loss on the rows held out."""
        return self.loss_after < self.loss_before
