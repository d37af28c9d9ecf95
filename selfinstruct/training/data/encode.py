"""From a row to what the model sees and what it learns: token ids, and labels that are -100 on all but the answers.

The prompt is the model's own chat template, else an Alpaca prompt. Prompt and answer are tokenised apart and joined:
a tokenizer may merge letters across the border, and then masking by length is wrong (stanford_alpaca pull request 229).
An answer ends in exactly one end token, which is learned (alpaca-lora issue 439: without it answers never end). Rows that are
too long are left out, never cut. In a conversation every answer is learned, as in FastChat. Pure but for the tokenizer.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from selfinstruct.dataset.export.layouts import user_turn
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record, Row
from selfinstruct.training.data.alpaca_prompts import prompts_of

IGNORED = -100
"""Label of a position that is not learned; torch's own default."""
ANSWER = "\u2063answer\u2063"
"""Stands for an answer while a template is filled, so that the text around it can be taken apart."""


class TokenizedExample(TypedDict):
    """One row as the model takes it; both lists have the same length."""

    input_ids: list[int]
    labels: list[int]


class Format(Record):
    """How rows are written for one tokenizer."""

    prompt: str
    """chat, or the name of an Alpaca prompt."""
    start: tuple[int, ...]
    """Tokens before an Alpaca prompt: those that the tokenizer puts before a text. A chat template writes its own."""
    end: int
    """Token that ends an answer: of the turn in a chat template, else of the text."""


def format_of(tokenizer: Any, prompt: str = "auto") -> Format:
    """Return how rows are written for a tokenizer.

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
    """Return what the tokenizer puts before a text: nothing, a begin token, or GLM's two."""
    ids, plain = tokenizer("a")["input_ids"], _ids(tokenizer, "a")
    return tuple(ids[: ids.index(plain[0])])


def _end_of_turn(tokenizer: Any) -> int:
    """Return the first special token that the template writes after an answer; Gemma's is not its end-of-text token."""
    turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": ANSWER}]
    tail = _filled(tokenizer, turns).rpartition(ANSWER)[2]
    ids = _ids(tokenizer, tail.strip())
    return int(ids[0]) if ids and ids[0] in tokenizer.added_tokens_decoder else int(tokenizer.eos_token_id)


def encode(row: Row, tokenizer: Any, form: Format) -> TokenizedExample:
    """Return the whole row: prompt, answer and end token, the earlier turns before them; answers and end tokens are learned."""
    answers = [answer for _, answer in row.history] + [row.output]
    ids, labels = list(form.start), [IGNORED] * len(form.start)
    for part, learned in _parts(prompts(row, tokenizer, form), answers, tokenizer, form):
        ids += part
        labels += part if learned else [IGNORED] * len(part)
    return {"input_ids": ids, "labels": labels}


def prompt_ids(row: Row, tokenizer: Any, form: Format) -> list[int]:
    """Return the tokens up to where the row's own answer begins: what a model is given that shall answer it."""
    answers = [answer for _, answer in row.history]
    parts = _parts(prompts(row, tokenizer, form), answers, tokenizer, form)
    return [*form.start, *(one for part, _ in parts for one in part)]


def _parts(
    texts: Sequence[str], answers: Sequence[str], tokenizer: Any, form: Format
) -> Iterator[tuple[list[int], bool]]:
    """Yield (tokens, whether they are learned): text, answer and end token in turn.

    A chat template closes a turn in the text that follows; Alpaca does not, so there the end token is added.
    """
    closed = False
    for number, text in enumerate(texts):
        ids = _ids(tokenizer, text)
        if closed and (gap := _gap(ids, tokenizer, form)) is not None:
            yield ids[:gap], False
            yield [form.end], True
            ids = ids[gap + 1 :]
        yield ids, False
        if number < len(answers):
            # split_special_tokens: "<|im_end|>" inside an answer is text about it, not the end of the turn
            yield _ids(tokenizer, answers[number].strip(), split_special_tokens=True), True
            closed = form.prompt == "chat" and number + 1 < len(texts)
            if not closed:
                yield [form.end], True


def _gap(ids: list[int], tokenizer: Any, form: Format) -> int | None:
    """Return how many tokens of white space stand before the end token that begins a text (LLaMA 2 has one); None: it begins otherwise."""
    if form.end not in ids[:3]:
        return None
    gap = ids.index(form.end)
    return None if tokenizer.decode(ids[:gap]).strip() else gap


def prompts(row: Row, tokenizer: Any, form: Format) -> list[str]:
    """Return the text before each answer of a row; in a chat the user says instruction, blank line, input."""
    if form.prompt != "chat":
        return prompts_of(row, form.prompt)
    turns = []
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
    """Return the text that the model's chat template makes of some turns."""
    from jinja2 import TemplateError

    try:
        return str(tokenizer.apply_chat_template(turns, tokenize=False, **options))
    except TemplateError as error:
        raise ConfigError(
            f'[finetune.prompt]: the model\'s chat template cannot be filled ({error}); set prompt = "alpaca-v1"'
        ) from error


def _ids(tokenizer: Any, text: str, **options: bool) -> list[int]:
    """Return the tokens of a text and nothing else: no begin or end token added, whatever the tokenizer likes to do."""
    return list(tokenizer(text, add_special_tokens=False, **options)["input_ids"])
