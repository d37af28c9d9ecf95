"""Filling a model's chat template, a program that anybody may have written, with a bound on what it may do.

transformers runs it in jinja2's sandbox, which keeps it from files and from Python, and not from running or growing without end: a loop
in a loop over `range(99999)` takes hours, forty doublings of a text all memory. Lines are counted, not seconds, so that the same
template ends the same way on every machine; seconds are a second bound, for lines that each take long. Memory is bounded by the system,
where it can be. Powers, and products of two variables, are refused unread: one of them may take hours without a line in between, and so
may a comparison of lists that share their parts, or a sort: therefore all of it is done in a child process, which the system ends.
"""

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

from selfinstruct.system.numbers import amount
from selfinstruct.system.timed_child import ChildEndedError, TimedChild
from selfinstruct.training.data.generation_marks import Spans

MOST_LINES = 1_000_000
"""Lines of a template and of jinja2's filters for one row; real templates take some hundred for each turn."""
_LINES_PER_TURN = 50_000
_MOST_SECONDS = 20
"""Of this thread on the processor, for one row; real templates take less than a thousandth."""
_SECONDS_OF_CHILD = 25
"""Of the child process, where one line alone takes longer than all may."""
_MORE_BYTES = 2**30
"""Memory that filling may take beyond what is in use."""
_LONGER, _PER_TURN = 4, 2**16
"""A filled template has at most four times the characters of its turns, and so many for each of them."""
_EVERY = 256
"""Lines between two looks at the clock."""
_RUN_BY_TEMPLATES = ("<template>", "/jinja2/filters.py", "/jinja2/runtime.py", "/jinja2/sandbox.py", "/jinja2/utils.py")

_GENERATION = re.compile(r"\{%[-+]?\s*generation\s*[-+]?%\}")
"""transformers' tag, around what the model writes."""


class TemplateError(Exception):
    """A template cannot be filled, or does more than any real one."""


def fill(tokenizer: Any, turns: Sequence[Mapping[str, Any]], *, day: str = "", **options: Any) -> str:
    """Return the turns as text, formatted by the model's chat template; raises TemplateError with the reason.

    `day` (ISO 8601) stands for now in a template that writes the date; `options` are the variables of the template, `tools` among them.
    """
    return str(_asked(tokenizer, turns, day, options, marked=False)["text"])


def fill_marked(
    tokenizer: Any, turns: Sequence[Mapping[str, Any]], *, day: str = "", **options: Any
) -> tuple[str, Spans | None]:
    """Return the same with the parts that the template marks as written by the model; None for a template without such marks."""
    if not _GENERATION.search(_template_of(tokenizer, options)):
        return fill(tokenizer, turns, day=day, **options), None
    answer = _asked(tokenizer, turns, day, options, marked=True)
    return str(answer["text"]), [(first, last) for first, last in answer["spans"]]


def _asked(
    tokenizer: Any, turns: Sequence[Mapping[str, Any]], day: str, options: Mapping[str, Any], *, marked: bool
) -> dict[str, Any]:
    """Return what the child process answers."""
    question = json.dumps([_template_of(tokenizer, options), turns, day, options, marked])
    try:
        answer: dict[str, Any] = json.loads(_CHILD.ask(tokenizer, question.encode(), _SECONDS_OF_CHILD))
    except ChildEndedError as error:
        raise TemplateError(str(error)) from error
    if "text" not in answer:
        raise TemplateError(answer["reason"])
    return answer


def _template_of(tokenizer: Any, options: Mapping[str, Any]) -> str:
    """Return the template, of several the one for tools where there are some."""
    tools = options.get("tools")
    return str(tokenizer.get_chat_template(tools=tools) if tools else tokenizer.get_chat_template())


def _answer(tokenizer: Any, question: bytes) -> bytes:
    """Fill a template; both sides of the pipe are JSON."""
    template, turns, day, options, marked = json.loads(question)
    answer: dict[str, Any]
    try:
        with _today(day):
            text, spans = _filled(tokenizer, template, turns, options, marked=marked)
            answer = {"text": text, "spans": spans}
    except Exception as error:  # noqa: BLE001 -- a template is a program, and ends in any class
        answer = {"reason": str(error)[:400] or type(error).__name__}
    return json.dumps(answer).encode()


_CHILD = TimedChild(_answer)


@contextmanager
def _today(day: str) -> Iterator[None]:
    """Make `day` what templates are told of the time, where one is given: transformers hands no function on to them."""
    from transformers.utils import chat_template_utils

    now = chat_template_utils.datetime
    if day:
        chat_template_utils.datetime = SimpleNamespace(now=lambda: datetime.fromisoformat(day))
    try:
        yield
    finally:
        chat_template_utils.datetime = now


def _filled(
    tokenizer: Any, template: str, turns: Sequence[Mapping[str, Any]], options: dict[str, Any], *, marked: bool
) -> tuple[str, list[Any]]:
    """Return the text, and the places of marked parts where they are asked for."""
    check(template)
    with _few_lines(max(MOST_LINES, _LINES_PER_TURN * len(turns))), _little_memory():
        if marked:
            text, spans = _rendered(tokenizer, template, turns, options)
        else:
            text = str(tokenizer.apply_chat_template(turns, chat_template=template, tokenize=False, **options))
            spans = []
    given = sum(len(json.dumps(one, ensure_ascii=False)) for one in (*turns, options))
    if len(text) > _LONGER * given + _PER_TURN * (1 + len(turns)):
        raise TemplateError(f"it makes {len(text):,} characters of {amount(len(turns), 'turn')}")
    return text, spans


def _rendered(
    tokenizer: Any, template: str, turns: Sequence[Mapping[str, Any]], options: dict[str, Any]
) -> tuple[str, list[Any]]:
    """Fill a template as `apply_chat_template` does, which gives marks in tokens alone: here they are in characters."""
    from transformers.utils.chat_template_utils import render_jinja_template

    kept = [{name: value for name, value in turn.items() if value is not None} for turn in turns]
    variables = {**tokenizer.special_tokens_map, **options}
    (text,), (spans,) = render_jinja_template(
        [kept], chat_template=template, return_assistant_tokens_mask=True, **variables
    )
    return text, spans


@lru_cache(maxsize=8)
def check(template: str) -> None:
    """Raise TemplateError for a power or a product of two variables in a template."""
    from jinja2 import Environment, nodes
    from jinja2.ext import loopcontrols

    tree = Environment(extensions=[_generation_tag(), loopcontrols], autoescape=True).parse(template)
    constant = nodes.Const
    products = (one for one in tree.find_all(nodes.Mul) if not isinstance(one.left, constant | nodes.TemplateData))
    if tree.find(nodes.Pow) or any(not isinstance(one.right, constant) for one in products):
        raise TemplateError("it takes powers, or multiplies two variables")


@lru_cache(maxsize=1)
def _generation_tag() -> Any:
    """Return the extension with transformers' own tag, around what an assistant says."""
    from jinja2 import nodes
    from jinja2.ext import Extension

    def parse(_: Any, parser: Any) -> Any:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body).set_lineno(line)

    return type("Generation", (Extension,), {"tags": {"generation"}, "parse": parse})


@contextmanager
def _few_lines(most: int) -> Iterator[None]:
    """Raise TemplateError once a template has run too many lines, or too long."""
    lines, until, before = 0, time.thread_time() + _MOST_SECONDS, sys.gettrace()

    def count(_: FrameType, event: str, __: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        if lines > most:
            raise TemplateError(f"it runs more than {most:,} lines")
        if not lines % _EVERY and time.thread_time() > until:
            raise TemplateError(f"it takes more than {_MOST_SECONDS} seconds")
        return count

    sys.settrace(lambda frame, event, _: count(frame, event, _) if _is_counted(frame) else None)
    try:
        yield
    finally:
        sys.settrace(before)


def _is_counted(frame: FrameType) -> bool:
    """Return whether a function is run by a template: not jinja2's compiler, which takes long for long templates, and ends."""
    return frame.f_code.co_filename.endswith(_RUN_BY_TEMPLATES)


@contextmanager
def _little_memory() -> Iterator[None]:
    """End allocations with MemoryError beyond so much more memory; without effect where the system does not tell or limit it."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([used + _MORE_BYTES, *known]), hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
