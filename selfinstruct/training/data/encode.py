"""Encoding of a row: token ids, and labels that are -100 everywhere but on answers.

The prompt is the model's chat template, or else an Alpaca prompt. It is tokenized by itself, as a server does it, and the answer behind
it: a tokenizer may merge letters across the boundary, and then masking by length is wrong (stanford_alpaca pull request 229). Learned
is what stands between the generation prompt and the end of an answer, one end token included (alpaca-lora issue 439: without it answers
never end). Rows that are too long are left out, never truncated. In a conversation every answer is trained on, as in FastChat, in the
form that is served: also where the template writes earlier answers in another one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from selfinstruct.dataset.export.turns import system_in_user_turn, user_turn
from selfinstruct.dataset.io.thoughts import split_thought
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record, Row
from selfinstruct.training.data.alpaca_prompts import prompts_of
from selfinstruct.training.data.chat_format import ALPACA, ANSWER, ChatFormat, Thinking, chat_format, filled, segments
from selfinstruct.training.data.tokens import ids_behind, ids_of

IGNORED = -100
"""Label of a position that the loss ignores; torch's default."""


class TokenizedExample(TypedDict):
    """Model input for one row; both lists have the same length."""

    input_ids: list[int]
    labels: list[int]


class Format(Record):
    """The prompt format for one tokenizer."""

    prompt: str
    """`chat`, or the name of an Alpaca prompt."""
    start: tuple[int, ...] = ()
    """Tokens that the tokenizer puts before a text; none for a chat template, which writes its own."""
    end: int
    """Token that ends an answer: end of turn in a chat template, else end of text."""
    is_own_end: bool = True
    """Whether the model stops at it by itself, as far as its generation configuration says."""
    chat: ChatFormat | None = None

    @property
    def teaches_thoughts(self) -> bool:
        """Whether thoughts have a place in the prompt format."""
        return bool(self.chat and self.chat.thought_lead)


def format_of(
    tokenizer: Any, prompt: str = "auto", thinking: Thinking = "teach", day: str = "", model_ends: Sequence[int] = ()
) -> Format:
    """Return the prompt format for a tokenizer; the other arguments are those of `chat_format`.

    Raises InputError when it has no end token, ConfigError when the chat template that is asked for is not there.
    """
    if tokenizer.eos_token_id is None:
        raise InputError(
            "the model's tokenizer has no end-of-text token, so answers would never end; choose another model"
        )
    if prompt == "chat" and not tokenizer.chat_template:
        raise ConfigError("[finetune.prompt]: the model has no chat template; set prompt to alpaca-v1, or leave it out")
    if prompt == "auto":
        prompt = "chat" if tokenizer.chat_template else "alpaca-v1"
    if prompt == "chat":
        chat = chat_format(tokenizer, thinking, day, model_ends)
        return Format(prompt=prompt, end=chat.end, is_own_end=not model_ends or chat.end in model_ends, chat=chat)
    end = tokenizer.eos_token_id
    return Format(prompt=prompt, start=_start(tokenizer), end=end, is_own_end=not model_ends or end in model_ends)


def _start(tokenizer: Any) -> tuple[int, ...]:
    """Return the tokens that the tokenizer puts before a text: none, a begin token, or GLM's two."""
    ids, plain = tokenizer("a")["input_ids"], ids_of(tokenizer, "a")
    return tuple(ids[: ids.index(plain[0])])


def encode(row: Row, tokenizer: Any, form: Format) -> TokenizedExample:
    """Return the encoded row: prompt, earlier turns, answer and end token; answers and end tokens are trained on."""
    ids, labels = list(form.start), [IGNORED] * len(form.start)
    for part, learned in _parts(row, tokenizer, form):
        ids += part
        labels += part if learned else [IGNORED] * len(part)
    return {"input_ids": ids, "labels": labels}


def prompt_ids(row: Row, tokenizer: Any, form: Format) -> list[int]:
    """Return the tokens before the row's own answer, as a server has them: the input for generating it."""
    asked = row.model_copy(update={"unlearned": tuple(range(len(row.history)))})
    parts = [part for part, _ in _parts(asked, tokenizer, form)]
    return [*form.start, *(one for part in parts[:-_PARTS_OF_ANSWER] for one in part)]


_CONTEXT = 16
"""Characters of an answer that decide how the text behind it is tokenized."""
_PARTS_OF_ANSWER = 2
"""What is learned, and its end."""


def _parts(row: Row, tokenizer: Any, form: Format) -> Iterator[tuple[list[int], bool]]:
    """Yield (tokens, whether they are trained on) for each prompt text, answer and end in turn."""
    answers = [answer for _, answer in row.history] + [row.output]
    for number, (text, answer) in enumerate(zip(prompts(row, tokenizer, form), answers, strict=True)):
        last, learned = number == len(row.history), number not in row.unlearned
        ids = (
            ids_behind(tokenizer, answers[number - 1][-_CONTEXT:], [(text, False)])
            if number
            else ids_of(tokenizer, text)
        )
        if number and form.chat:
            length = _end_in(ids, tokenizer, form.chat)
            yield ids[:length], number - 1 not in row.unlearned
            ids = ids[length:]
        yield ids, False
        yield ids_behind(tokenizer, text, _behind_prompt(row, answer, form, last=last, learned=learned)), learned
        if last or not form.chat:
            closing = ids_behind(tokenizer, answer, [(form.chat.closing, False)]) if form.chat else []
            yield [*closing, form.end], learned


def _behind_prompt(row: Row, answer: str, form: Format, *, last: bool, learned: bool) -> Iterator[tuple[str, bool]]:
    """Return what follows a prompt text: what the template writes before an answer, the thought, and the answer.

    An answer that is context only is what the template makes of it: its text has all before it, and no thought.
    """
    thought, answer = (row.reasoning, answer) if last else split_thought(answer, half=False)
    if form.chat is None or not learned:
        return segments("", "", answer)
    lead = form.chat.thought_lead if thought and form.chat.thought_lead else form.chat.lead
    return segments(lead, thought, answer)


def _end_in(ids: list[int], tokenizer: Any, chat: ChatFormat) -> int:
    """Return the number of leading tokens that end the answer before: what closes it (LLaMA 2 has a blank) and the end token; 0 without one."""
    most = len(ids_of(tokenizer, chat.closing)) + 3
    place = next((at for at, one in enumerate(ids[:most]) if one in chat.ends), None)
    closes = place is not None and str(tokenizer.decode(ids[:place])).strip() in {"", chat.closing.strip()}
    return place + 1 if place is not None and closes else 0


def prompts(row: Row, tokenizer: Any, form: Format) -> list[str]:
    """Return the prompt text before each answer of a row; in a chat the user turn is instruction, blank line, input."""
    if form.chat is None:
        return prompts_of(row, form.prompt)
    row = row if form.chat.takes_system else system_in_user_turn(row)
    turns = [{"role": "system", "content": row.system}] if row.system else []
    for asked, _ in row.history:
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": ANSWER}]
    turns.append({"role": "user", "content": user_turn(row)})
    *earlier, last = filled(tokenizer, turns, add_generation_prompt=True, day=form.chat.day, **form.chat.options).split(
        ANSWER
    )
    if len(earlier) != len(row.history):
        raise InputError(
            f"row {row.id}: the model's chat template drops earlier answers; {ALPACA} in [finetune], or leave out rows with `history`"
        )
    learned = [
        _as_served(text, form.chat) if number not in row.unlearned else text for number, text in enumerate(earlier)
    ]
    return [*learned, last]


def _as_served(text: str, chat: ChatFormat) -> str:
    """Return the text before an earlier answer as the generation prompt ends it."""
    return text.removesuffix(chat.written) + chat.served if text.endswith(chat.written) else text
