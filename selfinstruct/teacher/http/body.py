"""Read raw reply bodies: pure functions that never raise, so that a journal can be read again at any time.

Reading is strict (RFC 8259): NaN, duplicate keys, excessive nesting and excessively long numbers make a body malformed.
"""

import html
import json
import re
from typing import Any

from selfinstruct.records import Reply, Usage
from selfinstruct.teacher.http.logprobs import first_token
from selfinstruct.teacher.http.provider_error import is_filtered, status_within, words_of
from selfinstruct.teacher.http.stream import assemble, is_stream
from selfinstruct.teacher.http.thoughts import Spoken, split_thought
from selfinstruct.teacher.http.usage import read_usage, reasoning_tokens

LARGEST_BODY = 8 * 2**20
"""Maximum bytes read of a response; a chat reply of 4,000 tokens has about 20 kB."""

_WHOLE = set(
    "stop eos eos_token end_turn end stop_sequence stop_token complete completed completed_normally done normal finish finished success".split()  # noqa: SIM905 - words
)
"""Finish reasons of a whole answer, in lower case; none at all is one too. Any other one is a cut."""
_FILTERED = (
    "content_filter",
    "safety",
    "sensitive",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "refusal",
    "moderation",
)


def read_reply(status: int, body: bytes) -> Reply:
    """Return the reply in a raw body; an unusable one has `fault` set."""
    if len(body) >= LARGEST_BODY:
        return Reply(fault="oversize")
    data = object_of(body)
    if not 200 <= status < 300 or status_within(data):
        said = data or parsed(body)
        return Reply(fault="content_filtered" if is_filtered(said) else "request_rejected", text=words_of(said))
    choice = _first(data.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        return Reply(fault="content_filtered" if is_filtered(data) else "malformed_reply", text=words_of(data))
    finish = _text(choice.get("finish_reason"))
    spoken = _spoken(message)
    usage = read_usage(data)
    return Reply(
        text=spoken.answer,
        thought=spoken.thought,
        finish_reason=finish,
        cut=bool(data.get("error")) or (bool(finish) and finish.lower() not in _WHOLE),
        model=_text(data.get("model")),
        usage=usage,
        first_token=first_token(choice),
        fault=_fault(message, finish, spoken, reasoning_tokens(data)),
    )


def _fault(message: dict[str, Any], finish: str, spoken: Spoken, reasoning: int) -> str:
    if any(word in finish.lower() for word in _FILTERED):
        return "content_filtered"
    if spoken.answer.strip():
        return ""
    if _text(message.get("refusal")):
        return "content_filtered"
    return "all_thought" if spoken.thought or reasoning else "empty_reply"


def _spoken(message: dict[str, Any]) -> Spoken:
    """Return the answer of a message and the thought in it or beside it."""
    answer, within = _content(message.get("content"))
    spoken = split_thought(answer)
    beside = next((_text(message[name]) for name in ("reasoning_content", "reasoning") if _text(message.get(name))), "")
    return Spoken(spoken.answer, "\n".join(part for part in (beside, within, spoken.thought) if part))


def _content(content: Any) -> tuple[str, str]:
    """Return (text, thought) of a content: a text, or parts of which some are thought."""
    if isinstance(content, str):
        return content, ""
    parts = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    answer = "".join(_text(one.get("text")) for one in parts if one.get("type") in {"text", "output_text", None})
    thought = "".join(_thinking(one) for one in parts if one.get("type") in {"thinking", "reasoning"})
    return answer, thought


def _thinking(part: dict[str, Any]) -> str:
    inner = part.get("thinking", part.get("text", part.get("summary")))
    if isinstance(inner, list):
        return "".join(_text(one.get("text")) for one in inner if isinstance(one, dict))
    return _text(inner)


def usage_of(body: bytes) -> Usage | None:
    """Return the usage of a raw body, or None."""
    return read_usage(object_of(body))


def error_of(body: bytes) -> str:
    """Return the provider's words in an error, at most 300 characters; empty if there are none."""
    return words_of(object_of(body) or parsed(body))


def parsed(body: bytes) -> Any:
    """Return a body as JSON of any kind, or as text; of a web page its title."""
    text = body[:LARGEST_BODY].decode("utf-8-sig", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _title(text) if text[:1] == "<" else text[:2000]


def _title(page: str) -> str:
    found = re.search(r"<title[^>]{0,200}>([^<]{0,300})<", page[:20_000], re.IGNORECASE)
    return html.unescape(found[1]).strip() if found else ""


def object_of(body: bytes) -> dict[str, Any]:
    """Return a body read as a JSON object, a stream as the object that it says; empty if it is none.

    Bytes that are not UTF-8 become U+FFFD, which a content rule detects.
    """
    if is_stream(body):
        return assemble(body[:LARGEST_BODY])
    try:
        text = body[:LARGEST_BODY].decode("utf-8-sig", "replace")
        value = json.loads(text, parse_constant=_reject_constant, object_pairs_hook=_reject_duplicate_keys)
    except (ValueError, RecursionError):  # also numbers of more than 4,300 digits
        return {}
    return value if isinstance(value, dict) else {}


def _reject_constant(constant: str) -> None:
    raise ValueError(constant)


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands twice")
    return value


def _first(choices: Any) -> dict[str, Any]:
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
