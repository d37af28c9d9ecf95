"""What must hold for any reply: nothing is lost. Shared by the property tests and the fuzzer."""

import re
from collections import Counter

from selfinstruct.prompts import Item
from selfinstruct.prompts.item_format.marks import read_fence, read_mark

_JSON_STRUCTURE = re.compile(r'"[^"\n]{1,40}"\s*:\s*(?=[\[{])|[\[\]{},;]')
_FENCE_SIGN = re.compile(r"```[a-zA-Z0-9]*|~~~[a-zA-Z0-9]*")


def lost(reply: str, items: list[Item]) -> str:
    """Return the characters of a reply, other than those of breaks, fences and JSON structure, that no item's text has."""
    lines = [line.rstrip("\r") for line in reply.split("\n")]
    content = "\n".join(line for line in lines if not _is_structure(line))
    kept = Counter("".join(item.text for item in items))
    return "".join(char for char in (Counter(_bare(content)) - kept).elements() if not char.isspace())


def _is_structure(line: str) -> bool:
    mark = read_mark(0, line)
    return (mark is not None and mark.field == "break") or read_fence(line, mark) is not None


def _bare(text: str) -> str:
    return _FENCE_SIGN.sub("", _JSON_STRUCTURE.sub("", text))
