"""Which of the rows that stand are about which decisions: by their text, by the id of it, and by the id that their line states."""

from collections.abc import Iterable, Mapping, Sequence

from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.standing import Stood

GONE, GIVEN = b"", None
Text = bytes | None
"""What became of a row: its line; GONE; GIVEN, which is as the run has it, and for an added row that there is none."""
Texts = Mapping[str, Mapping[Text, Stood | None]]
"""Key of a decision -> what became of its row in a file, each text with the row that has it; more than one where a merge left both."""


def text_of(decision: Decision | None) -> Text:
    """Return what a decision makes of a row."""
    if decision is None:
        return GIVEN
    return line_of(decision.row) if decision.row else GONE


class Claims:
    """The keys of some sides' decisions, and how their rows are known."""

    def __init__(
        self, sides: Sequence[Decisions], given: Sequence[Mapping[str, bytes]], heard: Mapping[str, frozenset[bytes]]
    ) -> None:
        """Take decisions, the rows that stood beside them without one, and the rows that replies give."""
        self._given, self._heard = given, heard
        self._lines: dict[bytes, set[str]] = {}
        self._names: dict[str, str] = {}
        self._keys: set[str] = set().union(*sides)
        self._own: dict[str, set[str]] = {}
        for key, row in ((key, one.row) for side in sides for key, one in side.items()):
            if row:
                self._lines.setdefault(line_of(row), set()).add(key)
                self._names.setdefault(row.id, key)
                self._own.setdefault(key, set()).add(row.id)

    def of(self, rows: Iterable[Stood]) -> tuple[dict[str, dict[Text, Stood | None]], list[Stood]]:
        """Return what became of each decision's row, and the rows that are about none."""
        found: dict[str, dict[Text, Stood | None]] = {key: {} for key in self._keys}
        left, rest = [], []
        for stood in rows:
            keys = self._by_text(stood)
            for key in keys:
                found[key][self._text(key, stood.line)] = stood
            left += [] if keys else [stood]
        for stood in left:
            stated = stood.stated
            key = stated if stated in self._keys else self._names.get(stated, "")
            if key and not found[key]:
                found[key][stood.line] = stood
            else:
                rest.append(stood._replace(stated=stood.row.id) if key else stood)
        return {key: texts or {_nothing(key): None} for key, texts in found.items()}, rest

    def merged(self, key: str, sides: Sequence[Mapping[str, bytes]]) -> set[Text] | None:
        """Return what a merge by row, without a conflict, leaves of a decision's row; None where there is one. `sides` are base, ours and theirs."""
        lines = set[bytes]()
        for name in {key.removeprefix("+"), *self._own.get(key, ())}:
            base, ours, theirs = (side.get(name, GONE) for side in sides)
            if len({base, ours, theirs}) == 3:
                return None
            lines.add(theirs if ours == base else ours)
        return {self._text(key, line) for line in lines - {GONE}} or {_nothing(key)}

    def _by_text(self, stood: Stood) -> set[str]:
        if keys := self._lines.get(stood.line):
            return keys
        name = stood.row.id
        if f"+{name}" in self._keys and not self._is_given(name, stood.line):
            return {f"+{name}"}
        key = name if name in self._keys else self._names.get(name)
        return {key} if key else set()

    def _text(self, key: str, line: bytes) -> Text:
        is_decided = key in self._lines.get(line, ())
        return GIVEN if not is_decided and self._is_given(key, line) else line

    def _is_given(self, name: str, line: bytes) -> bool:
        return line in self._heard.get(name, ()) or any(side.get(name) == line for side in self._given)


def _nothing(key: str) -> Text:
    return GIVEN if key.startswith("+") else GONE
