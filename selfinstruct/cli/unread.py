"""What `status` says of candidates that were not judged, since the target stood before their turn."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_NAMED = 5


def unread_lines(run: Path, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many candidates were not judged, and where the first of them are."""
    count, places = found["requests"].get("unread", 0), found.get("unread", ())
    if not count:
        return
    yield f"Not judged, in replies beyond the target: {count}; a higher target judges what is there, free"
    if places:
        named, where = ", ".join(places[:_NAMED]), shlex.quote(str(run))
        more = (
            f" and {count - _NAMED:,} more (`selfinstruct status --run {where} --json` lists all)"
            if count > _NAMED
            else ""
        )
        yield f"Not judged are {named}{more}; `selfinstruct explain --run {where} {places[0]}` shows the first"
