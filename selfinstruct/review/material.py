"""The rows of a run, folder or file that people read, with what is known of them, and where decisions about them go."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.release.lines import REVIEW, Provenance, read_any_provenance, recipes_by_row
from selfinstruct.dataset.review.decisions import Decision, read_recorded
from selfinstruct.dataset.review.statistics import groups_of, place_in_sample
from selfinstruct.dataset.review.verdicts import Text, about, text_of
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.runs.directory import RunDirectory, run_around
from selfinstruct.system.numbers import amount


def place_of(path: Path, say: Callable[[str], None]) -> Path:
    """Return what is reviewed where a path is named: of a file or folder that a run wrote, the run."""
    run = run_around(path)
    if run:
        say(f"{path}: belongs to the run {run}, all of whose rows are reviewed")
    return run or path


class Material:
    """What is reviewed."""

    def __init__(self, place: Path, say: Callable[[str], None], review: Path | None = None, file: str = "") -> None:
        """Read a run directory, dataset folder or file, as `place_of` names it; decisions go to `review`, else into it or beside it. Raises InputError.

        `file` is what a dataset is called that is not at its own place, such as one of a hub.
        """
        self.place = place
        self.run = RunDirectory(self.place) if self.place.is_dir() else None
        if self.run:
            self.run.check_plain()
            self.run.check_owner()
            self.run.check_merged()
        self.review = review or (self.place / REVIEW if self.run else self.place.with_name(REVIEW))
        is_shared = review is not None or self.run is None  # it may be about rows of other files too
        self.file = (file or self.place.name) if is_shared else ""
        standing = _once(load_rows(self.place, say))
        if not standing:
            raise InputError(f"{self.place}: holds no row to review")
        self.standing = {text_of(row) for row in standing}
        recorded = read_recorded(self.review).verdicts
        ours = about(recorded, self.standing)
        self.verdicts: dict[str, Decision] = ours if is_shared else recorded
        # of a run, a row that was rejected is gone by that
        if others := sum(
            key not in ours and (is_shared or one.decision != "rejected") for key, one in recorded.items()
        ):
            say(
                f"{self.review}: {others:,} of {amount(len(recorded), 'decision')} {'is' if others == 1 else 'are'} about texts that are not in {place}: kept, and without effect here"
            )
        made = {text_of(one.row) for one in self.verdicts.values() if one.row}
        known = self.standing | made
        gone = [
            one.read for one in self.verdicts.values() if not is_shared and one.read and text_of(one.read) not in known
        ]
        self.rows: Sequence[Row] = [*standing, *_once(gone)]
        """Rows that stand, then those that are gone because somebody rejected or edited them."""
        self.texts: list[Text] = [text_of(row) for row in self.rows]
        self.at: dict[Text, int] = {text: at for at, text in enumerate(self.texts)}
        self.by_id: dict[str, int] = {row.id: at for at, row in reversed(list(enumerate(self.rows)))}
        self.made = made
        """Texts that a reviewer's edit made: they are no part of a sample of the rows as they were made."""

    @cached_property
    def provenance(self) -> Mapping[str, Provenance]:
        """Provenance of the rows by id; empty without a run."""
        return read_any_provenance(self.run.provenance)[0] if self.run else {}

    def row(self, name: str) -> Row | None:
        """Return the row with an id."""
        at = self.by_id.get(name)
        return None if at is None else self.rows[at]

    def stratum(self, at: int) -> str:
        """Return the recipe of a row; empty where its run has one recipe, or for a file."""
        return self.recipes.get(self.rows[at].id, "")

    def groups(self) -> dict[Text, tuple[str, ...]]:
        """Return the groups that each row which stands is counted in."""
        return {
            text: groups_of(self.rows[at].language, self.stratum(at))
            for text, at in self.at.items()
            if text in self.standing and text not in self.made
        }

    @cached_property
    def recipes(self) -> Mapping[str, str]:
        """Recipe of each row by its id as it was made, also of those that are gone; empty without a run."""
        return recipes_by_row(self.provenance, self.run.rejected) if self.run else {}

    def draw(self, number: int) -> list[int]:
        """Return a random sample of rows as they were made, the same for every reader, in the order of hashes; a longer one begins with it."""
        whole = [at for at, text in enumerate(self.texts) if text not in self.made]
        return sorted(whole, key=self.place_of)[:number]

    def place_of(self, at: int) -> bytes:
        """Return the place of a row in a random order that is the same for every reader."""
        return place_in_sample(self.rows[at].id)


def _once(rows: Sequence[Row]) -> list[Row]:
    """Return rows, of those that are the same word for word one."""
    return list({text_of(row): row for row in reversed(rows)}.values())[::-1]
