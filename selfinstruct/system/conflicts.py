"""Conflict markers that a git merge left in a file."""

from collections.abc import Iterable
from pathlib import Path

from selfinstruct.errors import InputError

_MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ")
_MIDDLE = b"======="
_REMEDY = (
    "choose among the rows between the markers, and delete every line of <<<<<<<, ======= and >>>>>>> (`git checkout --ours -- FILE` would drop "
    "all edits of the other side; after `selfinstruct git install` only rows that both sides changed conflict)"
)
_BEGIN = "<<<<<<<"
_REST = "the beginning of the conflict is gone already; delete what is left of its markers too"
ONE_LINE_EACH = "keep one line for each `id`, and delete every line of <<<<<<<, ======= and >>>>>>>"
"""What to do in a file that has one line for each row."""
_SHOWN = 40
"""Most characters of a marker in a message: it ends in the name of a branch."""
_LISTED = 12
"""Most line numbers in a message."""


class UnfinishedMergeError(InputError):
    """A file with conflict markers of git."""

    def with_all(self, lines: Iterable[tuple[int, bytes]]) -> "UnfinishedMergeError":
        """Return the error with the numbers of all markers among the numbered lines of the file."""
        markers = [number for number, line in lines if is_marker(line.rstrip(b"\r"))]
        return UnfinishedMergeError(f"{self}; markers stand on {listed(markers)}") if len(markers) > 1 else self


def listed(numbers: list[int]) -> str:
    """Return line numbers as a message names them: the first ones, and how many more there are.

    >>> listed([3]), listed([3, 5])
    ('line 3', 'lines 3, 5')
    """
    named = ", ".join(map(str, numbers[:_LISTED]))
    if len(numbers) > _LISTED:
        return f"lines {named} and {len(numbers) - _LISTED} more"
    return f"lines {named}" if len(numbers) > 1 else f"line {named}"


def is_marker(line: bytes) -> bool:
    """Return whether a line, without its end, is a conflict marker."""
    return line == _MIDDLE or line.startswith(_MARKERS)


def marker_line(data: bytes) -> int:
    """Return the number of the first line that is a conflict marker; 0 without any. No JSON begins so."""
    if not any(marker in data for marker in (*_MARKERS, _MIDDLE)):
        return 0
    lines = enumerate(data.split(b"\n"), 1)
    return next((number for number, line in lines if is_marker(line.strip())), 0)


def refuse_markers(paths: Iterable[Path], remedy: str = "", by_id: Iterable[Path] = ()) -> None:
    """Raise InputError if JSON or JSON Lines files have a conflict marker, or cannot be read; nothing for those that are not there.

    The message has the line of the first one, and names the others; those `by_id` come last, and have one line for each row.
    """
    found = [(path, lines) for path in paths if (lines := _markers(path))]
    remedy = remedy if found else ONE_LINE_EACH
    found += [(path, lines) for path in by_id if (lines := _markers(path))]
    if found:
        (path, lines), others = found[0], [f"{other}:{lines[0][0]}" for other, lines in found[1:]]
        all_lines = listed([number for number, _ in lines])
        remedy = remedy or (_REMEDY if any(line.startswith(_BEGIN) for _, line in lines) else _REST)
        if others:
            remedy = f"{remedy}; markers stand on {all_lines}, and in other files: {', '.join(others)}"
        elif len(lines) > 1:
            remedy = f"{remedy}; markers stand on {all_lines}"
        refuse_marker(lines[0][1], f"{path}:{lines[0][0]}", remedy)


def _markers(path: Path) -> list[tuple[int, str]]:
    """Return the numbered lines of a file that are conflict markers."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    if not marker_line(data):
        return []
    lines = enumerate(data.split(b"\n"), 1)
    return [(number, line.decode("utf-8", "replace")) for number, line in lines if is_marker(line.strip())]


def refuse_marker(line: str, where: str, remedy: str = "") -> None:
    """Raise UnfinishedMergeError if a line is a conflict marker; for readers that failed on it, since no JSON or table begins so."""
    line = line.strip()
    if is_marker(line[: _SHOWN + 1].encode("utf-8", "surrogatepass")):
        raise UnfinishedMergeError(
            f"{where}: `{line[:_SHOWN]}` is a conflict marker: a git merge was left unfinished here; {remedy or _REMEDY}"
        )


def refuse_marker_at(text: str, position: int, where: str) -> None:
    """Raise UnfinishedMergeError if the line around a position is a conflict marker."""
    begin = text.rfind("\n", 0, position) + 1
    refuse_marker(text[begin : begin + 2 * _SHOWN].partition("\n")[0], where)
