"""What is said of the data before training begins: what is left out or left aside, and what is not measured."""

from collections import Counter
from collections.abc import Sequence

from selfinstruct.config import Finetune
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Row
from selfinstruct.system.numbers import amount
from selfinstruct.training.data.encode import Format
from selfinstruct.training.data.messages import thoughts_in
from selfinstruct.training.data.prepare import Data


def remarks(rows: Sequence[Row], data: Data, settings: Finetune) -> list[str]:
    """Return the warnings to show before training begins."""
    said = _long(rows, data) if data.left_out else []
    said += [
        *_no_place(rows, data),
        *_rewritten(data),
        *_left_aside(rows, data.form, settings),
        *_languages(rows, data),
    ]
    if settings.replay and not data.replay:
        said.append(f"{settings.replay}: none of its rows could be mixed in")
    elif len(data.replay) < data.replay_wanted:
        said.append(
            f"{len(data.replay)} general rows are mixed in, {data.replay_wanted} were wanted; rows that are too long, learned "
            "anyway or near to a validation row are not taken"
        )
    return said


def _no_place(rows: Sequence[Row], data: Data) -> list[str]:
    """Return a warning for each reason why rows have no place in the prompt format."""
    return [
        f"{len(left)} of {len(rows)} rows are left out ({', '.join(row.id for row in left[:3])}{' ...' if len(left) > 3 else ''}): {why}; "
        "`selfinstruct export` hands them to other trainers"
        for why, left in data.no_place.items()
    ]


def _rewritten(data: Data) -> list[str]:
    """Return a warning about rows that are more than one example."""
    several = [one for one in (*data.train, *data.replay) if len(one.examples) > 1]
    if not several:
        return []
    examples = sum(len(one.examples) for one in several)
    written = "the chat template writes earlier answers otherwise than they were given, and each answer is learned behind what a server sends"
    return [f"{amount(len(several), 'conversation')} learned as {examples} examples: {written}"]


def _left_aside(rows: Sequence[Row], form: Format, settings: Finetune) -> list[str]:
    """Return warnings about parts of rows that the prompt format has no place for."""
    said = []
    if not form.is_own_end:
        said.append(
            f"answers end in token {form.end}, at which the model does not stop by itself: whole and merged models are saved so that they do; with "
            f"an adapter alone give `eos_token_id={form.end}` to whatever generates"
        )
    said += _thoughts(rows, form, settings)
    told = sum(bool(row.system) for row in rows)
    if told and form.chat and not form.chat.takes_system:
        said.append(
            f"the chat template takes no system text: that of {amount(told, 'row')} is put before their first question, as servers of the model do"
        )
    return said


def _thoughts(rows: Sequence[Row], form: Format, settings: Finetune) -> list[str]:
    """Return warnings about thoughts that are left out, before answers and before calls."""
    why = (
        "the prompt format has no place for it"
        if settings.thinking == "teach"
        else f'[finetune] thinking = "{settings.thinking}"'
    )
    before_answers, before_calls = (sum(some) for some in zip(*map(thoughts_in, rows), strict=True))
    said = []
    if before_answers and not form.teaches_thoughts:
        said.append(
            f"the reasoning of {amount(before_answers, 'row')} is left out: {why}; answers are learned without it"
        )
    if before_calls and form.chat and not form.teaches_thoughts_of_calls:
        said.append(
            f"the reasoning before calls of {amount(before_calls, 'row')} is left out: {why}; calls are learned without it"
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
