"""Turns that go with a picture, a film or sound which the row names in a field of its own, as LLaMA-Factory's, LLaVA's and ms-swift's rows do."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from selfinstruct.dataset.conversations.records import Said

_FIELD = re.compile(
    r"(?:images?|videos?|audios?|pictures?|img|图片|图像|视频|音频)(?:_?(?:paths?|urls?|files?|ids?|list))?",
    re.IGNORECASE,
)
"""Names of a field with files; one with another ending, such as `image_count`, holds none."""
_CERTAIN = {"images", "image", "videos", "video", "audios", "audio"}
_PLACE = re.compile(r"<(?:\|)?(?:image|img|video|audio|picture|speech)(?:_?(?:pad|\d{1,3}))?(?:\|)?>", re.IGNORECASE)
"""Where a picture stands in a text: `<image>`, `<image_00>`, `<|image_pad|>`."""


def with_media(value: Mapping[str, Any], said: Sequence[Said]) -> tuple[Said, ...]:
    """Return the turns of a row; those that go with its pictures, films or sound are no turns by name.

    Without a place in any text, the media of a row belong to its first question.
    """
    fields = [
        name for name, held in value.items() if isinstance(name, str) and _FIELD.fullmatch(name) and _is_held(held)
    ]
    if not fields:
        return tuple(said)
    places = [number for number, one in enumerate(said) if "<" in one.turn.text and _PLACE.search(one.turn.text)]
    named = [name for name in fields if name.lower() in _CERTAIN]
    if not places and named:
        places = [number for number, one in enumerate(said) if one.turn.role == "user"][:1]
    detail = f"goes with `{(named or fields)[0]}` of its row; a row holds text alone"
    without = {
        number: one._replace(turn=one.turn._replace(text=""), defect=one.defect or detail)
        for number, one in enumerate(said)
        if number in places
    }
    return tuple(without.get(number, one) for number, one in enumerate(said))


def _is_held(value: Any) -> bool:
    return any(map(_is_held, value)) if isinstance(value, list) else value not in (None, "", {})
