"""Preparation of the training data: encode rows, leave out long ones, split, mix in general rows."""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from selfinstruct.config import THRESHOLD, Finetune
from selfinstruct.errors import InputError
from selfinstruct.records import Row, row_id
from selfinstruct.rouge import Index, tokens
from selfinstruct.system.files import to_line
from selfinstruct.training.data.encode import Format, TokenizedExample, encode, format_of
from selfinstruct.training.data.messages import NoPlaceError
from selfinstruct.training.data.split import instruction_key, validation_flags
from selfinstruct.training.model.facts import ModelFacts
from selfinstruct.training.model.methods import virtual_tokens
from selfinstruct.training.records import TrainingJob


@dataclass(frozen=True)
class Encoded:
    """A row and its encoding."""

    row: Row
    examples: tuple[TokenizedExample, ...]
    """One, or more where the chat template writes earlier answers otherwise than they were learned."""

    @property
    def length(self) -> int:
        """Number of tokens of its longest example."""
        return max(len(one["input_ids"]) for one in self.examples)


class Limit(NamedTuple):
    """Maximum length of a row in tokens, with the setting that imposes it."""

    tokens: int
    name: str
    remedy: str


@dataclass(frozen=True)
class Data:
    """The encoded training, validation and replay rows of a run."""

    form: Format
    pad: int
    limit: Limit
    train: tuple[Encoded, ...]
    """Rows of the dataset; `replay` rows are trained on as well."""
    validation: tuple[Encoded, ...]
    replay: tuple[Encoded, ...]
    replay_wanted: int
    """Number of general rows that `replay_share` asks for; 0 without general rows."""
    left_out: tuple[Encoded, ...]
    """Rows longer than the limit."""
    no_place: Mapping[str, tuple[Row, ...]]
    """Reason -> rows that the prompt format has no place for."""

    @property
    def ids_without_place(self) -> dict[str, str]:
        """Row id -> what the prompt format has no place for."""
        return {row.id: why for why, rows in self.no_place.items() for row in rows}

    @property
    def learned(self) -> list[TokenizedExample]:
        """All examples that are trained on."""
        return examples_of(self.train + self.replay)


def examples_of(rows: Iterable[Encoded]) -> list[TokenizedExample]:
    """Return the examples of encoded rows in order."""
    return [one for row in rows for one in row.examples]


def prepare(
    rows: Sequence[Row],
    tokenizer: Any,
    job: TrainingJob,
    general: Sequence[Row] = (),
    model: ModelFacts = ModelFacts(),  # noqa: B008 - it is immutable
) -> Data:
    """Return the data of a run. Raises InputError below 2 rows, and for a tokenizer that is not the model's."""
    limit = limit_of(job.settings, model.context)
    form = format_of(tokenizer, job.settings.prompt, job.settings.thinking, job.day, model.ends)
    encoded, no_place = encoded_rows(rows, tokenizer, form)
    pad = form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    _check_vocabulary(pad, encoded, tokenizer, model, job.model)
    kept = [one for one in encoded if one.length <= limit.tokens]
    if len(kept) < 2:
        raise InputError(
            f"{len(kept)} of {len(rows)} rows fit into {limit.name}; training needs at least 2; {limit.remedy} or generate more rows"
            + "".join(f"; {len(left)} have no place in it: {why}" for why, left in no_place.items())
        )
    flags = validation_flags([one.row for one in kept], job.settings.held_out, job.validation_ids)
    train = [one for one, measured in zip(kept, flags, strict=True) if not measured]
    validation = [one for one, measured in zip(kept, flags, strict=True) if measured]
    fresh, _ = encoded_rows(unseen(general, validation, train), tokenizer, form)
    fitting = [one for one in fresh if one.length <= limit.tokens]
    _check_vocabulary(pad, fitting, tokenizer, model, job.model)
    share = job.settings.replay_share
    wanted = round(len(train) * share / (1 - share)) if general else 0
    return Data(
        form=form,
        pad=pad,
        limit=limit,
        train=tuple(train),
        validation=tuple(validation),
        replay=tuple(random.Random(f"{job.seed}/replay").sample(fitting, min(wanted, len(fitting)))),
        replay_wanted=wanted,
        left_out=tuple(one for one in encoded if one.length > limit.tokens),
        no_place=no_place,
    )


def encoded_rows(rows: Iterable[Row], tokenizer: Any, form: Format) -> tuple[list[Encoded], dict[str, tuple[Row, ...]]]:
    """Return (encoded rows, reason -> rows that the prompt format has no place for)."""
    found: list[Encoded] = []
    left: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        try:
            found.append(Encoded(row, tuple(encode(row, tokenizer, form))))
        except NoPlaceError as error:
            left[str(error)] = (*left.get(str(error), ()), row)
    return found, left


def _check_vocabulary(pad: int, rows: Sequence[Encoded], tokenizer: Any, model: ModelFacts, name: str) -> None:
    """Raise InputError for a token without an embedding, at which training would stop."""
    highest = max([pad, *(max(one["input_ids"]) for one in examples_of(rows))])
    if model.vocabulary is not None and highest >= model.vocabulary:
        raise InputError(
            f"{name}: the tokenizer writes token {highest} ({tokenizer.convert_ids_to_tokens(highest)}), the model has {model.vocabulary} "
            "embeddings: the two do not belong together; give the model its own tokenizer, or resize its embeddings and save it again"
        )


def limit_of(settings: Finetune, context: int | None) -> Limit:
    """Return the smaller of `max_length` and the model's context less its virtual tokens."""
    virtual = virtual_tokens(settings)
    if context is None or settings.max_length <= context - virtual:
        name = f"max_length = {settings.max_length} tokens"
        return Limit(settings.max_length, name, "raise max_length in [finetune]")
    less = f" of {context} less {virtual} virtual tokens" if virtual else ""
    name = f"the {context - virtual} tokens of the model's context{less}"
    return Limit(context - virtual, name, "take a model with a longer context")


def unseen(general: Sequence[Row], validation: Sequence[Encoded], train: Sequence[Encoded]) -> list[Row]:
    """Return the general rows that are neither training rows nor near-duplicates of validation rows."""
    validation_keys = {instruction_key(one.row.instruction) for one in validation}
    learned = {_identity(one.row) for one in train}
    index = Index()
    for one in validation:
        index.add(tokens(one.row.instruction))
    return [
        row
        for row in general
        if instruction_key(row.instruction) not in validation_keys
        and index.nearest(tokens(row.instruction), above=THRESHOLD) is None
        and _identity(row) not in learned
    ]


def _identity(row: Row) -> str:
    return row_id(row.language, row.instruction, row.input)


def dataset_sha256(rows: Sequence[Row]) -> str:
    """Return the sha256 of the rows as JSON lines of a dataset file, in the order given."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update((to_line(row.model_dump()) + "\n").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
