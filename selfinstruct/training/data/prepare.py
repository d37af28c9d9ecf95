"""From rows to what is trained and what is measured: encoded, the long ones left out, split, general rows mixed in."""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from selfinstruct.config import Finetune
from selfinstruct.errors import InputError
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Row, row_id
from selfinstruct.rouge import Index, tokens
from selfinstruct.system.files import to_line
from selfinstruct.training.data.encode import Format, TokenizedExample, encode, format_of
from selfinstruct.training.data.split import NEAR, held_out, instruction_key
from selfinstruct.training.model.methods import virtual_tokens
from selfinstruct.training.records import TrainingJob


@dataclass(frozen=True)
class Encoded:
    """A row beside its tokens."""

    row: Row
    example: TokenizedExample

    @property
    def length(self) -> int:
        """Number of tokens."""
        return len(self.example["input_ids"])


class Limit(NamedTuple):
    """How long a row may be, and what says so."""

    tokens: int
    name: str
    remedy: str


@dataclass(frozen=True)
class Data:
    """The rows as the model takes them."""

    form: Format
    pad: int
    limit: Limit
    train: tuple[Encoded, ...]
    """Of the dataset; `replay` comes on top."""
    held_out: tuple[Encoded, ...]
    replay: tuple[Encoded, ...]
    replay_wanted: int
    """Rows that `replay_share` asks for, if there are general rows."""
    left_out: tuple[Encoded, ...]
    """Longer than the limit."""

    @property
    def learned(self) -> list[TokenizedExample]:
        """All examples that are trained on."""
        return [one.example for one in self.train + self.replay]


def prepare(
    rows: Sequence[Row], tokenizer: Any, job: TrainingJob, general: Sequence[Row] = (), context: int | None = None
) -> Data:
    """Return the data of a run on a model of so many positions; raises InputError when too few rows are left."""
    form, limit = format_of(tokenizer, job.settings.prompt), limit_of(job.settings, context)
    encoded = [Encoded(row, encode(row, tokenizer, form)) for row in rows]
    kept = [one for one in encoded if one.length <= limit.tokens]
    if len(kept) < 2:
        raise InputError(
            f"{len(kept)} of {len(rows)} rows fit into {limit.name}; training needs at least 2; {limit.remedy} or generate more rows"
        )
    flags = held_out([one.row for one in kept], job.settings.held_out, job.held_out)
    train = [one for one, held in zip(kept, flags, strict=True) if not held]
    measured = [one for one, held in zip(kept, flags, strict=True) if held]
    fresh = (Encoded(row, encode(row, tokenizer, form)) for row in unknown(general, measured, train))
    fitting = [one for one in fresh if one.length <= limit.tokens]
    share = job.settings.replay_share
    wanted = round(len(train) * share / (1 - share)) if general else 0
    return Data(
        form=form,
        pad=form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        limit=limit,
        train=tuple(train),
        held_out=tuple(measured),
        replay=tuple(random.Random(f"{job.seed}/replay").sample(fitting, min(wanted, len(fitting)))),
        replay_wanted=wanted,
        left_out=tuple(one for one in encoded if one.length > limit.tokens),
    )


def limit_of(settings: Finetune, context: int | None) -> Limit:
    """Return the lesser of `max_length` and what the model's context leaves beside virtual tokens."""
    virtual = virtual_tokens(settings)
    if context is None or settings.max_length <= context - virtual:
        name = f"max_length = {settings.max_length} tokens"
        return Limit(settings.max_length, name, "raise max_length in [finetune]")
    less = f" of {context} less {virtual} virtual tokens" if virtual else ""
    name = f"the {context - virtual} tokens of the model's context{less}"
    return Limit(context - virtual, name, "take a model with a longer context")


def unknown(general: Sequence[Row], measured: Sequence[Encoded], train: Sequence[Encoded]) -> list[Row]:
    """Return the general rows that are not learned anyway, and near to none that is measured, as the split counts near."""
    secret = {instruction_key(one.row.instruction) for one in measured}
    learned = {_identity(one.row) for one in train}
    index = Index()
    for one in measured:
        index.add(tokens(one.row.instruction))
    return [
        row
        for row in general
        if instruction_key(row.instruction) not in secret
        and index.nearest(tokens(row.instruction), above=NEAR) is None
        and _identity(row) not in learned
    ]


def _identity(row: Row) -> str:
    return row_id(row.language, row.instruction, row.input)


def dataset_sha256(rows: Sequence[Row]) -> str:
    """Return the sha256 of the rows as lines of a dataset file, in the order given."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update((to_line(row.model_dump()) + "\n").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def remarks(rows: Sequence[Row], data: Data, settings: Finetune) -> list[str]:
    """Return what the user should know before training begins."""
    said = _long(rows, data) if data.left_out else []
    said += _languages(rows, data)
    if settings.replay and not data.replay:
        said.append(f"{settings.replay}: none of its rows could be mixed in")
    elif len(data.replay) < data.replay_wanted:
        said.append(
            f"{len(data.replay)} general rows are mixed in, {data.replay_wanted} were wanted; rows that are too long, learned "
            "anyway or near to one held out are not taken"
        )
    return said


def _long(rows: Sequence[Row], data: Data) -> list[str]:
    """Name the longest rows that are left out, and count all by language: Chinese often needs more tokens."""
    longest = sorted(data.left_out, key=lambda one: -one.length)
    some = ", ".join(f"{one.row.language} {one.row.id} ({one.length})" for one in longest[:3])
    more = f" and {len(longest) - 3} more" if len(longest) > 3 else ""
    left, all_ = Counter(one.row.language for one in longest), Counter(row.language for row in rows)
    counts = ", ".join(f"{language} {left[language]} of {all_[language]}" for language in sorted(left))
    return [
        f"{len(longest)} of {len(rows)} rows are longer than {data.limit.name} and are left out, not cut ({counts}): {some}{more}"
    ]


def _languages(rows: Sequence[Row], data: Data) -> list[str]:
    """Tell of a language that is not learned, or learned and not measured."""
    learned, measured = ({one.row.language for one in some} for some in (data.train, data.held_out))
    said = []
    if len(learned) == 1:
        (mine,) = learned
        name, other = LANGUAGES[mine].name, next(one.name for one in LANGUAGES.values() if one.code != mine)
        which = "all rows" if {row.language for row in rows} == learned else "all rows that are learned"
        done = "learned" if measured - learned else "learned or measured"
        said.append(f"{which} are {name}: nothing is {done} in {other}, and what the model knew of it may fade")
    said += [
        f"no {LANGUAGES[language].name} row is held out: what is learned in it is not measured"
        for language in sorted(learned - measured)
    ]
    return said
