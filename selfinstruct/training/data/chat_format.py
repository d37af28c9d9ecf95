"""The format of a chat template, read off what it writes for placeholders: no family has to be known by name.

What a server hands to the model is the generation prompt; what is learned begins behind it and ends with the token that ends the turn.
Between the prompt and the answer a template may write something of its own: a line break (GLM-4), an empty block of thought (Qwen3,
GLM-4.5), the name of a channel (gpt-oss). It is learned too, since the model has to write it. A prompt that opens a block of thought
(DeepSeek-R1, QwQ) is closed by what is learned: an answer inside the block would be hidden from whoever asks. A template that marks itself
what the model writes is believed: what is outside of its marks is not learned, but for the end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import Any, Literal

from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record
from selfinstruct.training.data.filled import (
    ALPACA,
    ANSWER,
    ASKED,
    THOUGHT,
    THOUGHT_FIELDS,
    TOLD,
    Message,
    Written,
    call_thought_field,
    filled,
    filled_marked,
    takes_system,
)
from selfinstruct.training.data.generation_marks import Marked, marked_at, parts
from selfinstruct.training.data.tokens import Segment, ids_of, markers_of

Thinking = Literal["teach", "empty", "off"]

OPENED = re.compile(r"<([a-z][\w:]*)>(\s*)\Z")
"""A block that the generation prompt opens, such as `<think>`."""
_MARK = re.compile(r"<[^<>\s]{2,40}>")


class ChatFormat(Record):
    """What a template writes around an answer."""

    lead: Marked
    """Between the generation prompt and an answer without a thought."""
    thought_lead: Marked | None
    """The same with a thought, at THOUGHT; None where the template has no place for one, or none is wanted."""
    closing: Marked
    """Between an answer and its end token: white space, or a token of its own."""
    end: int
    ends: frozenset[int]
    """All tokens that end a turn."""
    thought_field: str
    """Field of an answer in which the template looks for a thought; empty where in none."""
    call_thought_field: str
    """The same of a call: some templates have a place there alone (Gemma 4). Empty also where no thought is wanted."""
    written: str
    """What the template writes between the role and an earlier answer, where the generation prompt has `served`."""
    served: str
    is_regular: bool
    """Whether each prompt of a conversation can be read off the whole conversation, filled once."""
    takes_system: bool
    day: str
    """What the template takes for today (ISO 8601); empty: today."""
    options: dict[str, bool]
    """Variables that the template is filled with."""

    def as_prompt(self, text: str, *, last: bool) -> str:
        """Return the text before an answer as the generation prompt ends it; `last`: it does already."""
        return text if last else text.removesuffix(self.written) + self.served


def chat_format(
    tokenizer: Any, thinking: Thinking = "teach", day: str = "", model_ends: Sequence[int] = ()
) -> ChatFormat:
    """Return the format of the tokenizer's chat template.

    `day` (ISO 8601) is what a template that writes the date takes for today; `model_ends` are the end tokens of the model's generation
    configuration. Raises ConfigError for a template that cannot be filled, InputError for one that drops answers or ends them in no token.
    """
    options = {"enable_thinking": False} if thinking == "off" else {}

    def written(messages: Sequence[Message], *, add_generation_prompt: bool = False) -> str:
        return filled(tokenizer, messages, day=day, add_generation_prompt=add_generation_prompt, **options)

    asked: list[Message] = [{"role": "user", "content": ASKED}]
    answer: Message = {"role": "assistant", "content": ANSWER}
    prompt = written(asked, add_generation_prompt=True).rpartition(ASKED)[2]
    lead, tail = _around(written([*asked, answer]))
    earlier, following = _in_conversation(written, asked, answer) or (lead, "")
    shared = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(earlier, prompt, strict=False)))
    closing, end = _end(tokenizer, tail, following, model_ends)
    with_thought, thought_field = _with_thought(written, asked, answer)
    thought_lead = _thought_lead(prompt, with_thought)
    marks = partial(_marks, tokenizer, day, options, asked)
    marked, closes = marks(answer, _lead(prompt, lead, thought_lead), closing)
    thinks = {**answer, thought_field: THOUGHT} if thought_field else answer
    return ChatFormat(
        lead=marked,
        thought_lead=marks(thinks, thought_lead)[0] if thought_lead and thinking == "teach" else None,
        closing=closes,
        end=end,
        ends=frozenset({end, *model_ends}),
        thought_field=thought_field,
        call_thought_field=call_thought_field(written, asked) if thinking == "teach" else "",
        written=earlier[shared:],
        served=prompt[shared:],
        is_regular=_is_regular(written, (earlier[shared:], prompt[shared:])),
        takes_system=takes_system(written, asked),
        day=day,
        options=options,
    )


def _marks(  # noqa: PLR0913, PLR0917 -- what a template is filled with, and what is looked for
    tokenizer: Any,
    day: str,
    options: Mapping[str, bool],
    asked: Sequence[Message],
    answer: Message,
    lead: str,
    closing: str = "",
) -> tuple[Marked, Marked]:
    """Return what stands before and behind an answer with the template's marks; marks that leave out the answer itself are none."""
    text, spans = filled_marked(tokenizer, [*asked, answer], day=day, **options)
    place = text.rfind(ANSWER)
    behind = place + len(ANSWER)
    if spans is not None and not all(learned for _, learned in parts(text, spans, place, behind)):
        spans = None
    return marked_at(text, spans, place - len(lead), lead), marked_at(text, spans, behind, closing)


def _around(text: str) -> tuple[str, str]:
    """Return what stands between question and answer, and after the answer."""
    before, found, after = text.rpartition(ANSWER)
    if not found:
        raise InputError(f"the model's chat template drops answers; {ALPACA} in [finetune]")
    return before.rpartition(ASKED)[2], after


def _in_conversation(written: Written, asked: list[Message], answer: Message) -> tuple[str, str] | None:
    """Return what stands before and after an earlier answer; None for a template that has no place for one."""
    try:
        return _around(written([*asked, answer, *asked], add_generation_prompt=True).rpartition(ASKED)[0])
    except (ConfigError, InputError):  # rows without earlier turns can be learned all the same
        return None


def _is_regular(written: Written, ending: tuple[str, str]) -> bool:
    """Return whether the prompt of an earlier answer is the whole conversation up to it, with the end that a prompt has.

    Not so where a template writes something beside the last question alone.
    """
    turns: list[Message] = [{"role": "user", "content": ASKED + "1"}]
    for number in "23":
        turns += [{"role": "assistant", "content": ANSWER}, {"role": "user", "content": ASKED + number}]
    before, after = ending

    def holds(told: list[Message]) -> bool:
        *earlier, _ = written([*told, *turns], add_generation_prompt=True).split(ANSWER)
        prompts = [written([*told, *turns[:count]], add_generation_prompt=True) for count in (1, 3)]
        found = [ANSWER.join(earlier[:count]) for count in (1, 2)]
        return all(
            one.endswith(before) and one.removesuffix(before) + after == prompt
            for one, prompt in zip(found, prompts, strict=True)
        )

    try:
        if not holds([]):
            return False
    except ConfigError:
        return False
    try:
        return holds([{"role": "system", "content": TOLD}])
    except ConfigError:  # the template takes no system text
        return True


def _with_thought(written: Written, asked: list[Message], answer: Message) -> tuple[str, str]:
    """Return (what stands before an answer with a thought, name of the field that the template reads); both empty if it reads none."""
    for field in THOUGHT_FIELDS:
        try:
            found = _around(written([*asked, {**answer, field: THOUGHT}]))[0]
        except (ConfigError, InputError):
            continue
        if found.count(THOUGHT) == 1:
            return found, field
    return "", ""


def _lead(prompt: str, written: str, thought_lead: str | None) -> str:
    """Return what stands before an answer without a thought: an empty one where the prompt has opened it."""
    lead = written.removeprefix(prompt) if written.startswith(prompt) else ""
    opened = OPENED.search(prompt)
    if opened and f"</{opened[1]}>" not in lead:
        return (thought_lead or "").replace(THOUGHT, "" if "\n" in opened[2] else "\n")
    return lead


def _thought_lead(prompt: str, written: str) -> str | None:
    if THOUGHT in written and written.startswith(prompt):
        return written.removeprefix(prompt)
    if opened := OPENED.search(prompt):
        return ("" if "\n" in opened[2] else "\n") + f"{THOUGHT}\n</{opened[1]}>\n\n"
    return None


def _end(tokenizer: Any, tail: str, following: str, model_ends: Sequence[int]) -> tuple[str, int]:
    """Return (what the template writes before it, end token) of an answer.

    It is the first token there that the model ends at, else the special token that the template writes (Command R7B ends the response,
    then the turn); where it writes none, the one that begins the next turn, if the model takes it for an end, as GLM does with
    `<|user|>`; else the end of the text.
    """
    for number, mark in enumerate(markers_of(tokenizer).finditer(tail)):
        token, before = int(ids_of(tokenizer, mark[0])[0]), tail[: mark.start()]
        in_every_turn = not number or following.startswith(tail[: mark.end()])  # some write one more after the last
        if (
            token in {*model_ends, tokenizer.eos_token_id}
            and in_every_turn
            and not markers_of(tokenizer).sub("", before).strip()
        ):
            return before, token
    for text, allowed in ((tail, None), (following, model_ends)):
        stripped = text.lstrip()
        ids = ids_of(tokenizer, stripped) if stripped else []
        if ids and ids[0] in tokenizer.added_tokens_decoder and (allowed is None or ids[0] in allowed):
            return text[: len(text) - len(stripped)], int(ids[0])
        if allowed is None and (written := _MARK.match(stripped)):
            raise InputError(
                f"the chat template ends answers with {written[0]}, which is no token of the tokenizer: answers would never end; {ALPACA} "
                "in [finetune], or give the tokenizer of this template"
            )
    return "", int(tokenizer.eos_token_id)


def segments(lead: Marked, thought: str, answer: str) -> Iterator[Segment]:
    """Yield what stands behind a generation prompt."""
    for text, learned in lead:
        before_it, found, after = text.partition(THOUGHT)
        yield Segment(before_it, is_own=False, is_learned=learned)
        if found:
            yield Segment(thought, is_own=True, is_learned=learned)
            yield Segment(after, is_own=False, is_learned=learned)
    yield Segment(answer, is_own=True)
