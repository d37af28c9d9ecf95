"""What a fine-tuning run is asked and what it reports; light, so that callers need no torch for it."""

from pathlib import Path

from selfinstruct.config import Finetune
from selfinstruct.records import Record


class TrainingJob(Record):
    """What one run is asked to do."""

    settings: Finetune
    """With the method's own defaults filled in."""
    model: str
    """Directory, `.gguf` file or hub id."""
    origin: str = ""
    """Hub id of the model, where `model` is a file of known weights."""
    output: Path
    seed: int
    held_out: frozenset[str] = frozenset()
    """Ids of the rows that the dataset itself holds out; none: the trainer splits."""
    max_steps: int | None = None
    """Beats `settings.epochs`."""
    merge: bool = False
    """Whether to write the base model with the adapter in it, too."""
    fresh: bool = False
    """Whether to leave aside the checkpoints of a run that did not end."""
    fingerprint: str = ""
    """Of the run that made the dataset, where it is known."""

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints; it is removed when the run is done."""
        return self.output / "checkpoints"


class Preview(Record):
    """What a run would do, found out without loading weights."""

    method: str
    model: str
    prompt: str
    train_rows: int
    held_out_rows: int
    replay_rows: int
    left_out: dict[str, int]
    """Row id -> tokens, of rows longer than `max_length` or the model's context."""
    lengths: dict[str, dict[str, int]]
    """Language -> rows, and the least, middle, 90th of 100 and greatest number of tokens, of all rows."""
    learned_share: float
    """Answer tokens among all tokens that are trained on."""
    padding_share: float
    steps: int
    trainable_parameters: int
    parameters: int
    memory_bytes: dict[str, int]
    """weights, training (gradients, optimizer), activations, and available."""
    remarks: tuple[str, ...]


class Result(Record):
    """How one run ended. Losses are nats per answer token over the rows held out, the end token included."""

    rows: int
    """All rows given: left_out + train_rows + held_out_rows."""
    left_out: int
    """Rows longer than `max_length` or the model's context."""
    train_rows: int
    held_out_rows: int
    replay_rows: int
    """General rows that were mixed in."""
    trainable_parameters: int
    parameters: int
    """Of the base model and the adapter together."""
    steps: int
    best_step: int
    """The step that is kept: its held-out loss was the lowest that was measured."""
    seconds: float
    """Wall time of the whole run: loading, measuring, training, saving, reloading."""
    tokens_per_second: float
    """Trained tokens without padding, while training."""
    padding_share: float
    peak_memory_bytes: int
    """Of this process; on a GPU of its memory."""
    loss_before: float
    """Of the base model."""
    loss_after: float
    loss_reloaded: float | None
    """Of a fresh base model with the adapter read back from disk; None where the model is cut among processes."""
    loss_merged: float | None = None
    """Of the merged model, read back from disk."""
    eos_rate_before: float
    eos_rate: float
    """Share of rows held out in which, after the whole answer, the end token is the likeliest next one."""
    adapter: Path
    merged: Path | None = None
    dataset_sha256: str
    """Over the canonical JSON lines of the rows, as in a file of the dataset."""
    remarks: tuple[str, ...] = ()

    @property
    def improved(self) -> bool:
        """Whether tuning lowered the loss on the rows held out."""
        return self.loss_after < self.loss_before
