"""Encoding of a row: token ids, and labels that are -100 everywhere but on answers.

The prompt is the model's chat template, or else an Alpaca prompt. It is tokenized by itself, as a server does it, and the answer behind
it: a tokenizer may merge letters across the boundary, and then masking by length is wrong (stanford_alpaca pull request 229). Learned
is what stands between the generation prompt and the end of an answer, one end token included (alpaca-lora issue 439: without it answers
never end). Rows that are too long are left out, never truncated. In a conversation every answer is trained on, as in FastChat, each behind
what a server sends before it.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from selfinstruct.dataset.io.thoughts import split_thought
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record, Row
from selfinstruct.training.data.alpaca_prompts import prompts_of
from selfinstruct.training.data.chat_format import ChatFormat, Thinking, chat_format, segments
from selfinstruct.training.data.conversation import conversation_of
from selfinstruct.training.data.generation_marks import plain
from selfinstruct.training.data.messages import NoPlaceError
from selfinstruct.training.data.tokens import Segment, ids_behind, ids_of, learned_behind

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

    @property
    def teaches_thoughts_of_calls(self) -> bool:
        """Whether thoughts before calls have a place in it."""
        return bool(self.chat and self.chat.call_thought_field)


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


def encode(row: Row, tokenizer: Any, form: Format) -> list[TokenizedExample]:
    """Return the encoded row: prompt, earlier turns, answer and end token; answers and end tokens are trained on.

    It is one example, and more where the chat template writes earlier answers otherwise than they were learned: then each answer that does
    not continue the text before has one of its own. Raises NoPlaceError for what the prompt format has no place for.
    """
    if form.chat is None:
        return [_as_alpaca(row, tokenizer, form)]
    examples: list[TokenizedExample] = []
    text = ""
    for answer in conversation_of(row, tokenizer, form.chat).answers():
        continues = bool(examples) and answer.prompt.startswith(text)
        if not continues:
            examples.append({"input_ids": [], "labels": []})
        more = answer.prompt[len(text) :] if continues else answer.prompt
        _add(examples[-1], _behind(tokenizer, text, more) if continues else ids_of(tokenizer, more), learned=False)
        _add_marked(examples[-1], *learned_behind(tokenizer, answer.prompt, answer.segments))
        closing = [Segment(part, is_own=False, is_learned=learned) for part, learned in answer.closing]
        _add_marked(examples[-1], *learned_behind(tokenizer, answer.text[-_CONTEXT:], closing))
        _add(examples[-1], [answer.end], learned=True)
        text = answer.prompt + answer.text + plain(answer.closing) + str(tokenizer.convert_ids_to_tokens(answer.end))
    if not examples:
        raise NoPlaceError("all of its answers have weight 0")
    return examples


def asked_and_answered(row: Row, tokenizer: Any, form: Format) -> tuple[list[int], list[int]]:
    """Return (tokens before the row's own answer, as a server has them, tokens of the answer without its end)."""
    if form.chat is None:
        example = _as_alpaca(row, tokenizer, form)
        start = len(example["labels"]) - example["labels"][::-1].index(IGNORED)
        return example["input_ids"][:start], example["input_ids"][start:-1]
    *_, answer = conversation_of(row, tokenizer, form.chat).answers()
    return ids_of(tokenizer, answer.prompt), ids_behind(tokenizer, answer.prompt, answer.segments)


_CONTEXT = 16
"""Characters of a text that decide how what follows is tokenized."""


def _behind(tokenizer: Any, before: str, text: str) -> list[int]:
    return ids_behind(tokenizer, before[-_CONTEXT:], [Segment(text, is_own=False)])


def _add(example: TokenizedExample, ids: list[int], *, learned: bool) -> None:
    example["input_ids"] += ids
    example["labels"] += ids if learned else [IGNORED] * len(ids)


def _add_marked(example: TokenizedExample, ids: list[int], learned: list[bool]) -> None:
    example["input_ids"] += ids
    example["labels"] += [one if wanted else IGNORED for one, wanted in zip(ids, learned, strict=True)]


def _as_alpaca(row: Row, tokenizer: Any, form: Format) -> TokenizedExample:
    """Return a row under an Alpaca prompt, which knows neither tools nor thoughts."""
    if row.carries_tools:
        raise NoPlaceError("an Alpaca prompt has no place for tools")
    example: TokenizedExample = {"input_ids": [], "labels": []}
    _add(example, list(form.start), learned=False)
    answers = [split_thought(answer, half=False)[1] for _, answer in row.history] + [row.output]
    before = ""
    for number, (text, answer) in enumerate(zip(prompts_of(row, form.prompt), answers, strict=True)):
        _add(example, _behind(tokenizer, before, text) if number else ids_of(tokenizer, text), learned=False)
        ids = ids_behind(tokenizer, text, segments((), "", answer))
        _add(example, [*ids, form.end], learned=number not in row.unlearned)
        before = answer
    return example
