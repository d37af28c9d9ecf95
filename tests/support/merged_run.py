"""A finished run in a git repository, with a merge that is not emitted yet: each of its files as one side has it, the other, or both."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.git.merge import merge
from selfinstruct.records import row_id
from tests.support.edited_run import Case
from tests.support.hand_edits import Rows, change, read, whole
from tests.support.repository import git

KINDS = ("answer", "question", "removed", "added")
TAKEN = ("ours", "theirs", "both")


TEXTS = {
    "en": {"theirs": "They wrote this by hand.", "ours": "This is written by us."},
    "zh": {"theirs": "这是他们手写的。", "ours": "我们自己写了这一句。"},
}


class Taken(NamedTuple):
    """What was taken of each file in a merge."""

    whole: str
    splits: str
    provenance: str
    review: str


EVERY = [Taken(*four) for four in itertools.product(TAKEN, repeat=4)]


def _edit(kind: str, place: int, text: str) -> Callable[[Rows], Rows]:
    def edit(rows: Rows) -> Rows:
        row, rest = rows[place], [one for at, one in enumerate(rows) if at != place]
        if kind == "added":
            return [*rows, {**row, "id": "", "instruction": text, "output": text * 2}]
        if kind == "removed":
            return rest
        field = {"answer": "output", "question": "instruction"}[kind]
        return [{**row, field: text}, *rest]

    return edit


class MergedRun:
    """Both sides changed the first row; theirs did one thing more to the second, ours to the third."""

    def __init__(self, case: Case, language: str, theirs: str, ours: str) -> None:
        self.case, self.language, self.texts = case, language, TEXTS[language]
        self.kinds = {"theirs": theirs, "ours": ours}
        (case.path.parent / ".gitignore").write_text("journal/\nrejected.jsonl\n*.toml\n", encoding="utf-8")
        self.first, self.second, self.third = read(whole(case, language))
        git(case.path.parent, "init", "--quiet", "--initial-branch=main")
        self.base = self._side("main", [])
        git(case.path.parent, "checkout", "--quiet", "-b", "theirs")
        edits = {
            "theirs": _edit(theirs, 1, self.texts["theirs"]),
            "ours": _edit(ours, 2, self.texts["ours"]),
        }
        places = {"theirs": self.second, "ours": self.third}
        self.rows = places
        self.theirs = self._side("theirs", [edits["theirs"], self._first("theirs")])
        git(case.path.parent, "checkout", "--quiet", "main")
        self.ours = self._side("main", [edits["ours"], self._first("ours")])
        git(case.path.parent, "merge", "--quiet", "--no-commit", "-s", "ours", "theirs")

    def _first(self, side: str) -> Callable[[Rows], Rows]:
        return lambda rows: [
            {**row, "output": self.texts[side] * 2} if row["id"] == self.first["id"] else row for row in rows
        ]

    def _side(self, branch: str, edits: list[Callable[[Rows], Rows]]) -> dict[str, bytes]:
        for edit in edits:
            change(whole(self.case, self.language), edit)
        if edits:
            self.case.filter()
        git(self.case.path.parent, "add", "--all")
        git(self.case.path.parent, "commit", "--quiet", "-m", branch)
        return self._files()

    def _files(self) -> dict[str, bytes]:
        found = (
            path
            for path in self.case.path.rglob("*")
            if path.is_file() and not {"journal", ".verdict_cache"} & set(path.parts)
        )
        return {path.relative_to(self.case.path).as_posix(): path.read_bytes() for path in found}

    def take(self, taken: Taken) -> None:
        """Write each file as it is taken; of the row that both changed ours, where both are."""
        for name in sorted({*self.ours, *self.theirs, *self._files()}):
            data = self._taken(name, self._how(name, taken))
            path = self.case.path / name
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)

    def _how(self, name: str, taken: Taken) -> str:
        named = {"provenance.jsonl": taken.provenance, "review.jsonl": taken.review}
        if name.startswith("dataset/") and name.endswith(".jsonl"):
            return taken.splits if name.count("/") > 1 else taken.whole
        return named.get(name, "ours")

    def _taken(self, name: str, how: str) -> bytes | None:
        sides = {"ours": self.ours.get(name), "theirs": self.theirs.get(name)}
        if how != "both":
            return sides[how]
        if not name.endswith(".jsonl"):
            return sides["ours"]
        base, ours, theirs = ((data or b"").decode() for data in (self.base.get(name), *sides.values()))
        return merge(base, ours, theirs, prefers_ours=True).text.encode()

    def lost(self) -> Iterator[str]:
        """Yield what was done and does not stand, whether a file still holds it or git alone does."""
        rows = {row["id"]: row["output"] for row in read(whole(self.case, self.language))}
        for side in ("theirs", "ours"):
            if not self._stands(side, rows):
                yield f"{self.kinds[side]} of {side}"
        if rows.get(self.first["id"]) not in [text * 2 for text in self.texts.values()]:
            yield "the row that both changed"
        if self._parts() != rows:
            yield "the split files"

    def _stands(self, side: str, rows: dict[str, str]) -> bool:
        kind, row, text = self.kinds[side], self.rows[side], self.texts[side]
        if kind == "removed":
            return row["id"] not in rows
        if kind == "answer":
            return rows.get(row["id"]) == text
        made = rows.get(row_id(self.language, text, row["input"]))
        if kind == "added":
            return made == text * 2 and row["id"] in rows
        return made == row["output"] and row["id"] not in rows

    def _parts(self) -> dict[str, str]:
        paths = [self.case.path / "dataset" / split / f"{self.language}.jsonl" for split in ("train", "held_out")]
        return {row["id"]: row["output"] for path in paths if Path(path).is_file() for row in read(path)}
