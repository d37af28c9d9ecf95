"""Two branches of a finished run, edited by two people, and the merge of both; and what has to stand after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.git.merge import merge
from tests.support.edited_run import Case
from tests.support.hand_edits import read, whole, write
from tests.support.repository import git

QUESTIONS = {
    "en": (
        "Describe how a lighthouse works.",
        "Explain why leaves turn red in autumn.",
        "Explain how salt keeps food fresh.",
    ),
    "zh": ("说明灯塔是怎样工作的。", "解释树叶为什么在秋天变红。", "说明盐为什么能让食物保鲜。"),
}
ANSWERS = {"en": ("One way.", "Another way.", "A third way."), "zh": ("一种说法。", "另一种说法。", "第三种说法。")}
Text = tuple[str, str] | None
"""Question and answer of a row; None for one that was taken out."""


class Step(NamedTuple):
    """What somebody does."""

    kind: str
    """`question`, `answer`, `removed`, `split` (the answer, in the split file alone) or `filter`."""
    place: int = 0
    text: int = 0


class Taken(NamedTuple):
    """What is taken of each kind of file in a merge: `ours`, `theirs`, or `both` with the chosen side's lines where both differ."""

    whole: str = "both"
    splits: str = "ours"
    review: str = "both"
    records: str = "ours"
    chosen: str = "ours"


class Branches:
    """A run in a git repository with the branches `ours` and `theirs`."""

    def __init__(self, case: Case, language: str, begun: list[Step], folder: Path | None = None) -> None:
        self.case, self.language, self.folder = case, language, folder or case.path.parent
        (self.folder / ".gitignore").write_text("journal/\nrejected.jsonl\n*.toml\n", encoding="utf-8")
        self.origins: list[Text] = [(row["instruction"], row["output"]) for row in read(whole(case, language))]
        self.texts: dict[str, list[Text]] = {"base": list(self.origins)}
        self.files: dict[str, dict[str, bytes]] = {}
        self.are_filtered = True
        git(self.folder, "init", "--quiet", "--initial-branch=base")
        self._commit("base", begun, is_filtered=True)

    def branch(self, side: str, steps: list[Step], *, is_filtered: bool) -> None:
        """Make a branch with steps; without `is_filtered` it is committed as the last of them left it."""
        git(self.folder, "checkout", "--quiet", "base")
        git(self.folder, "checkout", "--quiet", "-b", side)
        self.texts[side] = list(self.texts["base"])
        self._commit(side, steps, is_filtered=is_filtered)

    def _commit(self, side: str, steps: list[Step], *, is_filtered: bool) -> None:
        for step in steps:
            self._do(side, step)
        self.are_filtered &= is_filtered
        if is_filtered:
            self.case.filter()
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "-m", side)
        self.files[side] = self._standing()

    def _do(self, side: str, step: Step) -> None:
        if step.kind == "filter":
            self.case.filter()
            return
        texts = self.texts[side]
        place = step.place % len(texts)
        text = texts[place]
        paths = self._parts() if step.kind == "split" else [whole(self.case, self.language)]
        for path in paths:
            rows = read(path)
            at = next((at for at, row in enumerate(rows) if text == (row["instruction"], row["output"])), None)
            if at is None:
                continue
            if step.kind == "removed":
                if len(rows) > 1:
                    write(path, [*rows[:at], *rows[at + 1 :]])
                    texts[place] = None
                continue
            new = {
                "question": {"instruction": f"{QUESTIONS[self.language][step.text]} ({side} {place})"},
            }.get(step.kind, {"output": f"{ANSWERS[self.language][step.text]} ({side})"})
            rows[at] = {**rows[at], **new}
            write(path, rows)
            texts[place] = (rows[at]["instruction"], rows[at]["output"])

    def _parts(self) -> list[Path]:
        paths = [self.case.path / "dataset" / split / f"{self.language}.jsonl" for split in ("train", "held_out")]
        return [path for path in paths if path.is_file()]

    @property
    def is_merged(self) -> bool:
        """Whether theirs did anything."""
        return self.files["theirs"] != self.files["base"]

    def _standing(self) -> dict[str, bytes]:
        found = (
            path
            for path in self.case.path.rglob("*")
            if path.is_file() and not {"journal", ".verdict_cache"} & set(path.parts)
        )
        return {
            path.relative_to(self.case.path).as_posix(): path.read_bytes()
            for path in found
            if "before-" not in str(path) and path.name != "rejected.jsonl"
        }

    def merge(self, taken: Taken) -> None:
        """Merge theirs into ours, and leave each file as it is taken."""
        git(self.folder, "checkout", "--quiet", "ours")
        git(self.folder, "merge", "--quiet", "--no-commit", "--no-ff", "-s", "ours", "theirs")
        for name in sorted({*self.files["ours"], *self.files["theirs"]}):
            data = self._taken(name, taken)
            if data:
                (self.case.path / name).write_bytes(data)
            else:
                (self.case.path / name).unlink(missing_ok=True)

    def _taken(self, name: str, taken: Taken) -> bytes | None:
        how = taken.records
        if name == "review.jsonl":
            how = taken.review
        elif name.startswith("dataset/") and name.endswith(".jsonl"):
            how = taken.splits if name.count("/") > 1 else taken.whole
        if how != "both":
            return self.files[how].get(name)
        if not name.endswith(".jsonl"):
            return self.files["ours"].get(name)
        other = "theirs" if taken.chosen == "ours" else "ours"
        base, first, second = ((self.files[side].get(name) or b"").decode() for side in ("base", taken.chosen, other))
        return chosen_lines(merge(base, first, second).text).encode()

    def lost(self, taken: Taken) -> Iterator[str]:
        """Yield what was done and neither stands nor is kept."""
        rows = self._rows([whole(self.case, self.language)])
        if self._rows(self._parts()) != rows:
            yield "the split files have other rows"
        review = self.case.path / "review.jsonl"
        kept = [row for one in (read(review) if review.exists() else []) for row in one.get("overruled", [])]
        for place, base in enumerate(self.texts["base"]):
            ours, theirs = self.texts["ours"][place], self.texts["theirs"][place]
            told = f"row {place}: {base} | {ours} | {theirs}"
            stand = [text for text in rows if text in {base, ours, theirs}]
            if base in {ours, theirs} or ours == theirs:
                wanted = theirs if ours == base else ours
                if stand != [wanted] * (wanted is not None):
                    yield f"{told}: {stand} stand"
            else:
                kept_texts = {(row["instruction"], row["output"]) for row in kept}
                yield from (f"{told}: {one}" for one in self._lost_of_two((ours, theirs), stand, kept_texts, taken))

    def _lost_of_two(
        self, sides: tuple[Text, Text], stand: list[tuple[str, str]], kept: set[tuple[str, str]], taken: Taken
    ) -> Iterator[str]:
        """Yield what is wrong where both sides changed a row: the chosen text has to stand, and the other one to be kept."""
        if not any(stand == [text] * (text is not None) for text in sides):
            yield f"{stand} stand"
            return
        chosen = sides[taken.chosen == "theirs"]
        if taken.whole == taken.review == "both" and self.are_filtered and stand != [chosen] * (chosen is not None):
            yield f"not the chosen one, but {stand}"
        if stand and not {text for text in sides if text} <= {*stand, *kept}:
            yield f"{sides} is not kept beside {stand}"

    @staticmethod
    def _rows(paths: list[Path]) -> list[tuple[str, str]]:
        return sorted((row["instruction"], row["output"]) for path in paths for row in read(path))


def chosen_lines(text: str, chosen: str = "ours") -> str:
    """Return a text without its conflicts: of each the lines of one side, also where these are none."""
    lines, side = [], ""
    for line in text.splitlines(keepends=True):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            side = {"<": "ours", "=": "theirs", ">": ""}[line[0]]
        elif side in {"", chosen}:
            lines.append(line)
    return "".join(lines)
