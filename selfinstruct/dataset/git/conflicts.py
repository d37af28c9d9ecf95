"""Conflict markers that a git merge left in a file."""

_MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ")
_MIDDLE = b"======="


def is_marker(line: bytes) -> bool:
    """Return whether a line, without its end, is a conflict marker."""
    return line == _MIDDLE or line.startswith(_MARKERS)


def in_conflict(text: str) -> bool:
    """Return whether a text has both the first and the last marker of a git conflict."""
    lines = text.encode("utf-8", "surrogatepass").split(b"\n")
    return all(any(line.startswith(marker) for line in lines) for marker in (_MARKERS[0], _MARKERS[-1]))
