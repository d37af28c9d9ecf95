"""Serialise a configuration to TOML, the content of `config.lock.toml`."""

import json
from typing import Any

from selfinstruct.config.config import Config


def to_toml(config: Config) -> str:
    """Return the resolved configuration as TOML: one table per section, defaults included."""
    sections = config.model_dump(mode="json", by_alias=True, exclude_none=True)
    lines = []
    for name, section in sections.items():
        lines += [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items()), ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
