"""Records of a fine-tuning run: job, preview and result; importable without torch."""

from pathlib import Path

from selfinstruct.config import Finetune
from selfinstruct.records import Record
from selfinstruct.system.numbers import amount

FEWEST_ROWS = 10
"""Rows from which a difference between two models is spoken of; resamples of fewer are nearly all alike, and an interval of them lies."""


def too_few(rows: int) -> str:
    """Return what to say of a measurement on so few rows; empty where there are enough.

    >>> too_few(6), too_few(10)
    ('6 rows measured: too few to tell whether tuning helped, which takes 10', '')
    """
    if rows >= FEWEST_ROWS:
        return ""
    return f"{amount(rows, 'row')} measured: too few to tell whether tuning helped, which takes {FEWEST_ROWS}"


class TrainingJob(Record):
    """The input of one fine-tuning run."""

    settings: Finetune
    """Method defaults are filled in."""
    model: str
    """Directory, `.gguf` file or hub id."""
    origin: str = ""
    """Hub id of the model when `model` is a file of known weights."""
    output: Path
    seed: int
    validation_ids: frozenset[str] = frozenset()
    """Ids of the dataset's own validation rows; empty: the trainer makes the split."""
    day: str = ""
    """The day of the run (ISO 8601), for chat templates that write the date; empty: the day of the beginning."""
    max_steps: int | None = None
    """Overrides `settings.epochs`."""
    merge: bool = False
    """Whether to also write the base model with the adapter merged in."""
    fresh: bool = False
    """Whether to ignore and remove the checkpoints of an unfinished run."""
    dataset: str = ""
    """The dataset of a hub, pinned to its commit; empty for files of this machine."""
    fingerprint: str = ""
    """Fingerprint of the run that made the dataset; empty when unknown."""

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints; removed when the run is done."""
        return self.output / "checkpoints"

    @property
    def unfinished(self) -> Path:
        """Folder in which the model is written and checked before it takes the place of an earlier one in `output`."""
        return self.checkpoints / "model"


class Preview(Record):
    """What a run would do, computed without loading weights."""

    method: str
    model: str
    prompt: str
    train_rows: int
    held_out_rows: int
    replay_rows: int
    left_out: dict[str, int]
    """Row id -> number of tokens, for rows longer than `max_length` or the model's context."""
    no_place: dict[str, str]
    """Row id -> what the prompt format has no place for."""
    lengths: dict[str, dict[str, int]]
    """Language -> number of rows, and minimum, median, 90th percentile and maximum of tokens per row."""
    learned_share: float
    """Share of answer tokens among all tokens of the training rows, 0 to 1."""
    padding_share: float
    steps: int
    warmup_steps: int
    """Those in which the learning rate rises."""
    learning_rate: float = 0.0
    """Its highest value: the one that was set, else what is usual for the method and the model's size."""
    trainable_parameters: int
    parameters: int
    memory_bytes: dict[str, int]
    """Bytes by part: weights, training (gradients, optimizer), activations; and available."""
    remarks: tuple[str, ...]


class Result(Record):
    """The result of one run; losses are nats per answer token over the validation rows, end token included."""

    rows: int
    """All rows given: left_out + no_place + train_rows + held_out_rows (the validation rows)."""
    left_out: int
    """Rows longer than `max_length` or the model's context."""
    no_place: int = 0
    """Rows with calls or tools that the prompt format has no place for."""
    train_rows: int
    held_out_rows: int
    replay_rows: int
    """General rows mixed into the training rows."""
    trainable_parameters: int
    parameters: int
    """Of base model and adapter together."""
    steps: int
    best_step: int
    """The step whose weights are kept: the one with the lowest validation loss."""
    seconds: float
    """Wall time of the whole run: loading, measuring, training, saving, reloading."""
    tokens_per_second: float
    """Training tokens per second of training, without padding."""
    padding_share: float
    peak_memory_bytes: int
    """Peak memory of this process; GPU memory when there is a GPU."""
    loss_before: float
    """Loss of the base model."""
    loss_after: float
    loss_reloaded: float | None
    """Loss of a fresh base model with the adapter read back from disk; None when the model is sharded among processes.
    """
    loss_merged: float | None = None
    """Loss of the merged model, read back from disk."""
    eos_rate_before: float
    eos_rate: float
    """Share of validation rows for which, after the whole answer, the end token is the most likely next token."""
    adapter: Path
    merged: Path | None = None
    dataset_sha256: str
    """Hash of the rows as JSON lines, as in a dataset file."""
    remarks: tuple[str, ...] = ()

    @property
    def improved(self) -> bool:
        """Whether tuning lowered the validation loss."""
        return self.loss_after < self.loss_before
