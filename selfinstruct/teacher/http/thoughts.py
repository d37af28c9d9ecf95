"""Tell an answer from the thought before it; pure functions, so that a journal can be read again at any time.

Thinking models put their reasoning into the answer's text when the server has no parser for it: between tags, before a lone closing tag
(the chat template wrote the opening one), or in the `analysis` channel of OpenAI's harmony format.
Sources: vLLM `reasoning/` parsers, llama.cpp `common/chat.cpp`, openai/harmony, the chat templates of Qwen3, DeepSeek-R1, Magistral,
Seed-OSS, Kimi and Command A Reasoning.
"""

import re
from typing import NamedTuple

_ALWAYS = r"think|thinking|thought|thoughts|seed:think|antthinking|antml:thinking"
"""Tags that nothing but a thought stands between: a lone closing one ends a thought."""
_AT_START = rf"{_ALWAYS}|reasoning|reflection|analysis|scratchpad|inner_monologue"
"""Tags of a thought where the text begins with one; elsewhere they may be an answer about XML."""
_PAIRS = (
    (r"\[THINK\]", r"\[/THINK\]"),
    (r"◁think▷", r"◁/think▷"),
    (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
    (r"<\|START_OF_THINKING\|>", r"<\|END_OF_THINKING\|>"),
    (r"<unused94>", r"<unused95>"),
)
_OPENING = re.compile("|".join([rf"<(?:{_ALWAYS})\s*>", *(opening for opening, _ in _PAIRS)]), re.IGNORECASE)
_CLOSING = re.compile("|".join([rf"</(?:{_ALWAYS})\s*>", *(closing for _, closing in _PAIRS)]), re.IGNORECASE)


def _unquoted(tag: str) -> re.Pattern[str]:
    """Return the pattern of a tag that is not between quotation marks, as in an answer about chat templates.

    A mark on one side only is the end of the thought or the beginning of the answer.
    """
    return re.compile(rf"(?<![`'\"“])(?:{tag})|(?:{tag})(?![`'\"”])", re.IGNORECASE)


_OPENS, _CLOSES = _unquoted(_OPENING.pattern), _unquoted(_CLOSING.pattern)
_LATE = re.compile(rf"^[ \t]*(?:{_OPENING.pattern})", re.IGNORECASE | re.MULTILINE)
"""An opening tag at the start of a line: a thought after the answer."""
_FIRST = re.compile(rf"\s*<({_AT_START})\s*>", re.IGNORECASE)
_ANY = re.compile(r"[<\[◁][^<>]{0,24}(?:think|thought|unused9)", re.IGNORECASE)
"""Part of every tag that may stand anywhere: looked for first, in a tenth of the time."""
_WRAPPER = re.compile(r"<\|(?:begin|end)_of_solution\|>|<\|(?:START|END)_(?:RESPONSE|TEXT)\|>")

_CHANNEL = re.compile(
    r"(?:<\|start\|>\w*)?<\|channel\|>\s{0,9}(\w{1,40}+)[^<]{0,200}<\|message\|>(.*?)(?=<\|(?:end|return|call|start|channel)\|>|\Z)",
    re.DOTALL,
)
_BARE_HARMONY = re.compile(
    r"\s*analysis(?=[A-Z\u4e00-\u9fff])(.*?)assistantfinal(?=[A-Z0-9#\u4e00-\u9fff])(.*)", re.DOTALL
)
"""Harmony whose special tokens were left out on the way: `analysisThe user wants ...assistantfinalThe answer`."""


class Spoken(NamedTuple):
    """A text in two parts."""

    answer: str
    thought: str


def split_thought(text: str) -> Spoken:
    r"""Return the answer in a text, and the thought; the answer is empty where all is thought.

    >>> split_thought("<think>\nLet me see.\n</think>\n\nThe Loire.")
    Spoken(answer='The Loire.', thought='Let me see.')
    >>> split_thought("Let me see.</think>The Loire.").answer
    'The Loire.'
    >>> split_thought("<think>Let me see, and see").answer
    ''
    >>> split_thought("Wrap it in <b>bold</b>.")
    Spoken(answer='Wrap it in <b>bold</b>.', thought='')
    """
    if "<|channel|>" in text:
        return _by_channel(text)
    if bare := _BARE_HARMONY.match(text):
        return Spoken(bare[2].strip(), bare[1].strip())
    found = _FIRST.match(text)
    own = re.escape(found[1]) if found else ""
    ends = _spans(rf"</{own}\s*>", text) if own else set()
    if found and found[1].lower() not in _ALWAYS.split("|") and not ends:
        return Spoken(text, "")
    if not found and not _ANY.search(text):
        return Spoken(text, "")
    begins = _spans(rf"<{own}\s*>", text) if own else set()
    return _by_tag(
        text,
        begins | {one.span() for one in _OPENS.finditer(text)},
        ends | {one.span() for one in _CLOSES.finditer(text)},
    )


def _spans(tag: str, text: str) -> set[tuple[int, int]]:
    """Return where a tag stands; between quotation marks only where it stands nowhere else."""
    return {one.span() for one in _unquoted(tag).finditer(text)} or {
        one.span() for one in re.finditer(tag, text, re.IGNORECASE)
    }


def _by_tag(text: str, begins: set[tuple[int, int]], ends: set[tuple[int, int]]) -> Spoken:
    """Cut behind the last closing tag, and before a thought that is never closed; nothing that a thought holds is answer."""
    if ends:
        start, end = max(ends, key=lambda one: one[1])
        answer, thought = text[end:], text[:start]
        if not answer.strip():  # the last thought came after the answer, or there is none
            answer, thought = _outside(text, begins, ends) or (answer, thought)
        return _before(_OPENS.search(answer), answer, thought)
    opened = _LATE.search(text)
    return _before(opened, text, "") if opened else Spoken(text, "")


def _outside(text: str, begins: set[tuple[int, int]], ends: set[tuple[int, int]]) -> Spoken | None:
    """Return what stands outside of all tags, and inside; None where one closes what was never opened, which may be anywhere before."""
    parts: tuple[list[str], list[str]] = ([], [])
    depth = at = 0
    for start, end in sorted(begins | ends):
        parts[depth > 0].append(text[at:start])
        depth, at = depth + (1 if (start, end) in begins else -1), end
        if depth < 0:
            return None
    parts[depth > 0].append(text[at:])
    return Spoken(*("\n".join(part for part in found if part.strip()) for found in parts))


def _before(opened: re.Match[str] | None, answer: str, thought: str) -> Spoken:
    """Cut an answer where a thought begins that is never closed."""
    if opened:
        answer, thought = answer[: opened.start()], f"{thought}\n{answer[opened.start() :]}"
    rest = split_thought(answer) if _FIRST.match(answer) else Spoken(_WRAPPER.sub("", answer).strip(), "")
    return Spoken(rest.answer.strip(), "\n".join(part for part in (_bare(thought), rest.thought) if part))


def _bare(text: str) -> str:
    for tags in (_OPENING, _CLOSING, _WRAPPER):
        text = tags.sub("", text)
    return re.sub(rf"^\s*<(?:{_AT_START})\s*>", "", text, flags=re.IGNORECASE).strip()


def _by_channel(text: str) -> Spoken:
    parts = [(name, body.strip()) for name, body in _CHANNEL.findall(text)]
    answer = "\n".join(body for name, body in parts if name == "final")
    thought = "\n".join(body for name, body in parts if name != "final")
    return Spoken(answer.strip(), thought.strip())
