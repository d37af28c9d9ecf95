"""Encoding of a row: token ids, and labels that are -100 everywhere but on answers.

The prompt is the model's chat template, or else an Alpaca prompt. Prompt and answer are tokenized separately and
joined: a tokenizer may merge letters across the boundary, and then masking by length is wrong (stanford_alpaca pull
request 229). An answer ends in exactly one end token, which is trained on (alpaca-lora issue 439: without it answers
never end). Rows that are too long are left out, never truncated. In a conversation every answer is trained on, as in
FastChat.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from selfinstruct.dataset.export.turns import user_turn
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record, Row
from selfinstruct.training.data.alpaca_prompts import prompts_of
from selfinstruct.training.data.chat_template import fill

IGNORED = -100
"""Label of a position that the loss ignores; torch's default."""
ANSWER = "\u2063answer\u2063"
"""Placeholder for an answer in a filled template, at which the text is split again."""


class TokenizedExample(TypedDict):
    """Model input for one row; both lists have the same length."""

    input_ids: list[int]
    labels: list[int]


class Format(Record):
    """The prompt format for one tokenizer."""

    prompt: str
    """`chat`, or the name of an Alpaca prompt."""
    start: tuple[int, ...]
    """Tokens that the tokenizer puts before a text; empty for a chat template, which writes its own."""
    end: int
    """Token that ends an answer: end of turn in a chat template, else end of text."""


def format_of(tokenizer: Any, prompt: str = "auto") -> Format:
    """Return the prompt format for a tokenizer.

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
        return Format(prompt=prompt, start=(), end=_end_of_turn(tokenizer))
    return Format(prompt=prompt, start=_start(tokenizer), end=tokenizer.eos_token_id)


def _start(tokenizer: Any) -> tuple[int, ...]:
    """Return the tokens that the tokenizer puts before a text: none, a begin token, or GLM's two."""
    ids, plain = tokenizer("a")["input_ids"], _ids(tokenizer, "a")
    return tuple(ids[: ids.index(plain[0])])


def _end_of_turn(tokenizer: Any) -> int:
    """Return the first special token that the template writes after an answer; Gemma's is not its end-of-text token."""
    turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": ANSWER}]
    tail = _filled(tokenizer, turns).rpartition(ANSWER)[2]
    ids = _ids(tokenizer, tail.strip())
    return int(ids[0]) if ids and ids[0] in tokenizer.added_tokens_decoder else int(tokenizer.eos_token_id)


def encode(row: Row, tokenizer: Any, form: Format) -> TokenizedExample:
    """Return the encoded row: prompt, earlier turns, answer and end token; answers and end tokens are trained on."""
    answers = [answer for _, answer in row.history] + [row.output]
    ids, labels = list(form.start), [IGNORED] * len(form.start)
    for part, learned in _parts(prompts(row, tokenizer, form), answers, tokenizer, form, row.unlearned):
        ids += part
        labels += part if learned else [IGNORED] * len(part)
    return {"input_ids": ids, "labels": labels}


def prompt_ids(row: Row, tokenizer: Any, form: Format) -> list[int]:
    """Return the tokens before the row's own answer: the input for generating it."""
    answers = [answer for _, answer in row.history]
    parts = _parts(prompts(row, tokenizer, form), answers, tokenizer, form)
    return [*form.start, *(one for part, _ in parts for one in part)]


def _parts(
    texts: Sequence[str], answers: Sequence[str], tokenizer: Any, form: Format, unlearned: Sequence[int] = ()
) -> Iterator[tuple[list[int], bool]]:
    """Yield (tokens, whether they are trained on) for each prompt text, answer and end token in turn.

    A chat template closes a turn in the text that follows; Alpaca does not, so there the end token is added.
    """
    closed = False
    for number, text in enumerate(texts):
        ids = _ids(tokenizer, text)
        if closed and (gap := _gap(ids, tokenizer, form)) is not None:
            yield ids[:gap], False
            yield [form.end], number - 1 not in unlearned
            ids = ids[gap + 1 :]
        yield ids, False
        if number < len(answers):
            # split_special_tokens: "<|im_end|>" inside an answer is ordinary text, not the end of the turn
            yield _ids(tokenizer, answers[number].strip(), split_special_tokens=True), number not in unlearned
            closed = form.prompt == "chat" and number + 1 < len(texts)
            if not closed:
                yield [form.end], number not in unlearned


def _gap(ids: list[int], tokenizer: Any, form: Format) -> int | None:
    """Return the number of whitespace tokens before a leading end token (LLaMA 2 has one), or None."""
    if form.end not in ids[:3]:
        return None
    gap = ids.index(form.end)
    return None if tokenizer.decode(ids[:gap]).strip() else gap


def prompts(row: Row, tokenizer: Any, form: Format) -> list[str]:
    """Return the prompt text before each answer of a row; in a chat the user turn is instruction, blank line, input."""
    if form.prompt != "chat":
        return prompts_of(row, form.prompt)
    turns = [{"role": "system", "content": row.system}] if row.system else []
    for asked, _ in row.history:
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": ANSWER}]
    turns.append({"role": "user", "content": user_turn(row)})
    texts = _filled(tokenizer, turns, add_generation_prompt=True).split(ANSWER)
    if len(texts) != len(row.history) + 1:
        raise InputError(
            f'row {row.id}: the model\'s chat template drops earlier answers; set prompt = "alpaca-v1" in [finetune], or '
            "leave out rows with `history`"
        )
    return texts


def _filled(tokenizer: Any, turns: Sequence[dict[str, str]], **options: bool) -> str:
    """Return the turns as text, formatted by the model's chat template."""
    try:
        return fill(tokenizer, turns, **options)
    except Exception as error:  # a template is a program, and ends in any class
        reason = " ".join(str(error)[:400].split())[:200] or type(error).__name__
        raise ConfigError(
            f'[finetune.prompt]: the model\'s chat template cannot be filled ({reason}); set prompt = "alpaca-v1"'
        ) from error


def _ids(tokenizer: Any, text: str, **options: bool) -> list[int]:
    """Return the token ids of a text without any added begin or end token."""
    return list(tokenizer(text, add_special_tokens=False, **options)["input_ids"])
