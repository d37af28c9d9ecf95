"""From rows to what is trained and what is measured: encoded, the long ones left out, split, general rows mixed in."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.errors import InputError
from selfinstruct.files import to_line
from selfinstruct.finetune.encode import Example, Format, encode, format_of
from selfinstruct.finetune.result import Job
from selfinstruct.finetune.split import held_out, instruction_key
from selfinstruct.records import Row


@dataclass(frozen=True)
class Encoded:
    """A row beside its tokens."""

    row: Row
    example: Example

    @property
    def length(self) -> int:
        """Number of tokens."""
        return len(self.example["input_ids"])


@dataclass(frozen=True)
class Data:
    """The rows as the model takes them."""

    form: Format
    pad: int
    train: tuple[Encoded, ...]
    """Of the dataset; `replay` comes on top."""
    held_out: tuple[Encoded, ...]
    replay: tuple[Encoded, ...]
    left_out: tuple[Encoded, ...]
    """Longer than `max_length`."""

    @property
    def learned(self) -> list[Example]:
        """All examples that are trained on."""
        return [one.example for one in self.train + self.replay]


def prepare(rows: Sequence[Row], tokenizer: Any, job: Job, general: Sequence[Row] = ()) -> Data:
    """Return the data of a run; raises InputError when too few rows are left."""
    settings = job.settings
    form = format_of(tokenizer, settings.prompt)
    encoded = [Encoded(row, encode(row, tokenizer, form)) for row in rows]
    kept = [one for one in encoded if one.length <= settings.max_length]
    if len(kept) < 2:
        raise InputError(
            f"{len(kept)} of {len(rows)} rows fit into max_length = {settings.max_length} tokens; training needs "
            "at least 2; raise max_length in [finetune] or generate more rows"
        )
    flags = held_out([one.row for one in kept], settings.held_out, job.held_out)
    train = [one for one, held in zip(kept, flags, strict=True) if not held]
    measured = [one for one, held in zip(kept, flags, strict=True) if held]
    fitting = (Encoded(row, encode(row, tokenizer, form)) for row in general)
    return Data(
        form=form,
        pad=form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        train=tuple(train),
        held_out=tuple(measured),
        replay=tuple(
            mixed_in([one for one in fitting if one.length <= settings.max_length], measured, len(train), job)
        ),
        left_out=tuple(one for one in encoded if one.length > settings.max_length),
    )


def mixed_in(general: Sequence[Encoded], measured: Sequence[Encoded], own: int, job: Job) -> list[Encoded]:
    """Return general rows, drawn by the seed, that make up `replay_share` of all learned; none that is measured.

    Fewer when there are not so many.
    """
    secret = {instruction_key(one.row.instruction) for one in measured}
    free = [one for one in general if instruction_key(one.row.instruction) not in secret]
    share = job.settings.replay_share
    wanted = round(own * share / (1 - share))
    return random.Random(f"{job.seed}/replay").sample(free, min(wanted, len(free)))


def dataset_sha256(rows: Sequence[Row]) -> str:
    """Return the sha256 of the rows as lines of a dataset file, in the order given."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update((to_line(row.model_dump()) + "\n").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def remarks(rows: Sequence[Row], data: Data, settings: Finetune) -> list[str]:
    """Return what the user should know before training begins."""
    said = []
    if data.left_out:
        longest = sorted(data.left_out, key=lambda one: -one.length)
        some = ", ".join(f"{one.row.language} {one.row.id} ({one.length})" for one in longest[:3])
        more = f" and {len(longest) - 3} more" if len(longest) > 3 else ""
        said.append(
            f"{len(longest)} of {len(rows)} rows are longer than max_length = {settings.max_length} tokens and are left "
            f"out, not cut: {some}{more}"
        )
    languages = {row.language for row in rows}
    if len(languages) == 1:
        name, other = ("English", "Chinese") if languages == {"en"} else ("Chinese", "English")
        said.append(
            f"all rows are {name}: nothing is learned or measured in {other}, and what the model knew of it may fade"
        )
    if settings.replay and not data.replay:
        said.append(f"{settings.replay}: none of its rows could be mixed in")
    return said
