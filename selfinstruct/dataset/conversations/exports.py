"""Exports of chat services as turns: ChatGPT's tree of messages, Claude's list, and tables with a message a row.

Sources: `conversations.json` of ChatGPT's data export (`mapping`, `current_node`), of Claude's (`chat_messages`), and datasets of shared
conversations such as ShareChat (arXiv 2512.17843), which have one message a row.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_IDS = ("conversation_id", "conversation_hash", "conv_id", "chat_id", "thread_id", "share_id", "url")
"""Names of the field that says to which conversation a message belongs."""
_TEXTS = ("content", "text", "plain_text", "value", "message")
_SPEAKERS = ("role", "from", "sender", "author")
_CUT_OFF = {"length", "max_tokens", "max_output_tokens"}
_NAMES = ("id", "conversation_id", "conversation_hash", "uuid", "url")


def messages_of(value: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the turns of an export of ChatGPT or Claude, in the order in which they were said; None for another value."""
    mapping, said = value.get("mapping"), value.get("chat_messages")
    if isinstance(mapping, dict):
        return [*_branch(mapping, value.get("current_node"))]
    if isinstance(said, list):
        return [_of_claude(one) for one in said]
    return None


def name_of(value: Mapping[str, Any]) -> str:
    """Return the id that a conversation has in its file, or ""."""
    return next((held for key in _NAMES if isinstance(held := value.get(key), str) and held), "")


def cut_off(turn: Any) -> str:
    """Return what a turn states of its end when it says that it was cut off there, or ""."""
    if not isinstance(turn, dict):
        return ""
    stated = (turn.get(key) for key in ("finish_reason", "stop_reason", "finish_details"))
    named = (one.get("type") if isinstance(one, dict) else one for one in stated)
    return next((one for one in named if isinstance(one, str) and one.lower() in _CUT_OFF), "")


def gathered(values: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Yield the values of a file; rows with one message each that follow each other under one id become one conversation."""
    open_line, open_name, messages = 0, "", list[Any]()
    for line, value in values:
        name = _message_name(value)
        if messages and name != open_name:
            yield open_line, {"id": open_name, "messages": messages}
            messages = []
        if not name:
            yield line, value
            continue
        if not messages:
            open_line, open_name = line, name
        messages.append(_message(value))
    if messages:
        yield open_line, {"id": open_name, "messages": messages}


def _message_name(value: Any) -> str:
    """Return the id of the conversation that a row is one message of; "" for any other row."""
    if not isinstance(value, dict) or not any(isinstance(value.get(key), str) for key in _SPEAKERS):
        return ""
    if not any(key in value for key in _TEXTS):
        return ""
    held = next((value[key] for key in _IDS if isinstance(value.get(key), str | int) and value[key] != ""), "")
    return str(held)


def _message(value: Mapping[str, Any]) -> dict[str, Any]:
    speaker = next(key for key in _SPEAKERS if isinstance(value.get(key), str))
    text = next(key for key in _TEXTS if key in value)
    rest = {key: held for key, held in value.items() if key not in {speaker, text, *_IDS}}
    return {"role": value[speaker], "content": value[text]} | {k: rest[k] for k in _CARRIED if k in rest}


_CARRIED = (
    "finish_reason",
    "stop_reason",
    "reasoning",
    "reasoning_content",
    "thinking",
    "tool_calls",
    "tool_call_id",
    "name",
)


def _branch(mapping: Mapping[str, Any], leaf: Any) -> Iterator[dict[str, Any]]:
    """Yield the messages on the way to the node that was shown last, or without one to the last node of the file."""
    nodes = []
    at = leaf if isinstance(leaf, str) and leaf in mapping else next(reversed([*mapping]), None)
    passed = set[str]()
    while isinstance(at, str) and at in mapping and at not in passed:
        passed.add(at)
        node = mapping[at]
        nodes.append(node)
        at = node.get("parent") if isinstance(node, dict) else None
    for node in reversed(nodes):
        message = node.get("message") if isinstance(node, dict) else None
        if isinstance(message, dict) and not _is_hidden(message):
            yield _of_chatgpt(message)


def _is_hidden(message: Mapping[str, Any]) -> bool:
    """Return whether a message is scaffolding that nobody saw: an empty one of the system, or one that the export marks as hidden."""
    metadata = message.get("metadata")
    hidden = isinstance(metadata, dict) and metadata.get("is_visually_hidden_from_conversation")
    author = message.get("author")
    return bool(hidden) or (isinstance(author, dict) and author.get("role") == "system" and not _text_in(message))


def _text_in(message: Mapping[str, Any]) -> Any:
    """Return the content of a message: a text, or parts where one is none."""
    content = message.get("content")
    if not isinstance(content, dict):
        return content
    parts = content.get("parts")
    if not isinstance(parts, list):
        return next((content[key] for key in ("text", "result") if isinstance(content.get(key), str)), "")
    if all(isinstance(part, str) for part in parts):
        return "\n".join(parts)
    return [part if isinstance(part, str) else {"type": "picture or file"} for part in parts]


def _of_chatgpt(message: Mapping[str, Any]) -> dict[str, Any]:
    author, metadata = message.get("author"), message.get("metadata")
    role = author.get("role") if isinstance(author, dict) else None
    details = metadata.get("finish_details") if isinstance(metadata, dict) else None
    found = {"role": role, "content": _text_in(message)}
    if role == "assistant" and message.get("recipient") not in {None, "all"}:
        call = {"name": str(message["recipient"]), "arguments": _text_in(message)}
        return {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": call}]}
    return found | ({"finish_details": details} if details else {})


def _of_claude(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    content = one.get("content")
    text = one.get("text") if one.get("text") or not isinstance(content, list) else content
    return {"role": one.get("sender"), "content": text} | (
        {"stop_reason": one["stop_reason"]} if "stop_reason" in one else {}
    )
