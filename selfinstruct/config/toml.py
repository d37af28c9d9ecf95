"""Serialise a configuration to TOML, the content of `config.lock.toml`."""

import json
import re
from typing import Any

from selfinstruct.config.config import SPELLING, Config


def to_toml(config: Config) -> str:
    """Return the resolved configuration as TOML: one table per section, defaults included."""
    sections = config.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in SPELLING:  # those that nobody set leave no trace
        if not sections["teacher"][name]:
            del sections["teacher"][name]
    for name in config.generate.unused:
        sections["generate"].pop(name, None)
    if not sections["validate"]["keep_reasoning"]:
        del sections["validate"]["keep_reasoning"]
    if sections["finetune"]["thinking"] == "teach":
        del sections["finetune"]["thinking"]
    lines = []
    for name, section in sections.items():
        lines += [f"[{name}]", *(f"{_key(key)} = {_toml(value)}" for key, value in section.items()), ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(text: str) -> str:
    """Return a basic string: JSON's, but TOML takes no raw delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
