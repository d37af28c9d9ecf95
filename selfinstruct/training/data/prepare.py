"""Preparation of the training data: encode rows, leave out long ones, split, mix in general rows."""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from selfinstruct.config import THRESHOLD, Finetune
from selfinstruct.errors import InputError
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Row, row_id
from selfinstruct.rouge import Index, tokens
from selfinstruct.system.files import to_line
from selfinstruct.training.data.encode import Format, TokenizedExample, encode, format_of
from selfinstruct.training.data.split import instruction_key, validation_flags
from selfinstruct.training.model.facts import ModelFacts
from selfinstruct.training.model.methods import virtual_tokens
from selfinstruct.training.records import TrainingJob


@dataclass(frozen=True)
class Encoded:
    """A row and its encoding."""

    row: Row
    example: TokenizedExample

    @property
    def length(self) -> int:
        """Number of tokens."""
        return len(self.example["input_ids"])


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

    @property
    def learned(self) -> list[TokenizedExample]:
        """All examples that are trained on."""
        return [one.example for one in self.train + self.replay]


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
    encoded = [Encoded(row, encode(row, tokenizer, form)) for row in rows]
    pad = form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    _check_vocabulary(pad, encoded, tokenizer, model, job.model)
    kept = [one for one in encoded if one.length <= limit.tokens]
    if len(kept) < 2:
        raise InputError(
            f"{len(kept)} of {len(rows)} rows fit into {limit.name}; training needs at least 2; {limit.remedy} or generate more rows"
        )
    flags = validation_flags([one.row for one in kept], job.settings.held_out, job.validation_ids)
    train = [one for one, measured in zip(kept, flags, strict=True) if not measured]
    validation = [one for one, measured in zip(kept, flags, strict=True) if measured]
    fresh = (Encoded(row, encode(row, tokenizer, form)) for row in unseen(general, validation, train))
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
    )


def _check_vocabulary(pad: int, rows: Sequence[Encoded], tokenizer: Any, model: ModelFacts, name: str) -> None:
    """Raise InputError for a token without an embedding, at which training would stop."""
    highest = max([pad, *(max(row.example["input_ids"]) for row in rows)])
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


def remarks(rows: Sequence[Row], data: Data, settings: Finetune) -> list[str]:
    """Return the warnings to show before training begins."""
    said = _long(rows, data) if data.left_out else []
    said += [*_left_aside(rows, data.form, settings), *_languages(rows, data)]
    if settings.replay and not data.replay:
        said.append(f"{settings.replay}: none of its rows could be mixed in")
    elif len(data.replay) < data.replay_wanted:
        said.append(
            f"{len(data.replay)} general rows are mixed in, {data.replay_wanted} were wanted; rows that are too long, learned "
            "anyway or near to a validation row are not taken"
        )
    return said


def _left_aside(rows: Sequence[Row], form: Format, settings: Finetune) -> list[str]:
    """Return warnings about parts of rows that the prompt format has no place for."""
    said = []
    if not form.is_own_end:
        said.append(
            f"answers end in token {form.end}, at which the model does not stop by itself: whole and merged models are saved so that they do; with "
            f"an adapter alone give `eos_token_id={form.end}` to whatever generates"
        )
    thoughts = sum(bool(row.reasoning) for row in rows)
    if thoughts and not form.teaches_thoughts:
        why = (
            "the prompt format has no place for it"
            if settings.thinking == "teach"
            else f'[finetune] thinking = "{settings.thinking}"'
        )
        said.append(f"the reasoning of {thoughts} rows is left out: {why}; answers are learned without it")
    told = sum(bool(row.system) for row in rows)
    if told and form.chat and not form.chat.takes_system:
        said.append(
            f"the chat template takes no system text: that of {told} rows is put before their first question, as servers of the model do"
        )
    return said


def _long(rows: Sequence[Row], data: Data) -> list[str]:
    """Return a warning with the longest left-out rows and counts by language; Chinese often needs more tokens."""
    longest = sorted(data.left_out, key=lambda one: -one.length)
    some = ", ".join(f"{one.row.language} {one.row.id} ({one.length})" for one in longest[:3])
    more = f" and {len(longest) - 3} more" if len(longest) > 3 else ""
    left, all_ = Counter(one.row.language for one in longest), Counter(row.language for row in rows)
    counts = ", ".join(f"{language} {left[language]} of {all_[language]}" for language in sorted(left))
    return [
        f"{len(longest)} of {len(rows)} rows are longer than {data.limit.name} and are left out, not cut ({counts}): {some}{more}"
    ]


def _languages(rows: Sequence[Row], data: Data) -> list[str]:
    """Return warnings about languages without training rows or without validation rows."""
    learned, measured = ({one.row.language for one in some} for some in (data.train, data.validation))
    said = []
    if len(learned) == 1:
        (mine,) = learned
        name, other = LANGUAGES[mine].name, next(one.name for one in LANGUAGES.values() if one.code != mine)
        which = "all rows" if {row.language for row in rows} == learned else "all rows that are learned"
        done = "learned" if measured - learned else "learned or measured"
        said.append(f"{which} are {name}: nothing is {done} in {other}, and what the model knew of it may fade")
    said += [
        f"no {LANGUAGES[language].name} row is for validation: what is learned in it is not measured"
        for language in sorted(learned - measured)
    ]
    return said
