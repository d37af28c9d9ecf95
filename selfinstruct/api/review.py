"""People review a run, a dataset folder or a file: in a local page, in one file without a server, and the figures of what they read."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.outputs import check_files
from selfinstruct.api.settings import PathLike, existing, load_config, project_of
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.hub.operand import is_on_hub, parse_operand

if TYPE_CHECKING:
    from selfinstruct.dataset.release.reviewed import Reviewed
    from selfinstruct.review.kept import Kept
    from selfinstruct.review.material import Material
    from selfinstruct.review.merge import Merged
    from selfinstruct.review.server import ReviewServer
    from selfinstruct.review.session import Session
    from selfinstruct.runs.directory import RunDirectory

Say = Callable[[str], None]


LONGEST_NAME = 200
"""Characters of the name of a reviewer, as `review.jsonl` takes it."""


class How(NamedTuple):
    """How a dataset is reviewed."""

    reviewer: str = ""
    """Who reviews; empty: whom git names."""
    sample: int = 0
    """Rows to draw at random; 0: all, by risk."""
    base: str = ""
    """Git revision; rows that are not so there come earlier."""
    times: bool = False
    """Write down when each decision was taken."""
    language: str = ""
    """Language of the page, `en` or `zh`; empty: that of the browser."""


def reviewer_name(place: Path) -> str:
    """Return who reviews: `user.name` of git in a folder, or that of a file, else the name of the account."""
    from selfinstruct.system.git import git

    folder = place if place.is_dir() else place.parent
    try:
        found = (git("config", "user.name", folder=folder) or b"").decode("utf-8", "replace")
    except InputError:
        found = ""
    if name := _plain(found):
        return name[:LONGEST_NAME]
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise InputError("nobody knows who reviews: `git config user.name NAME`, or --reviewer NAME") from error


def _plain(name: str) -> str:
    from selfinstruct.system.text import harmless

    return " ".join(harmless(name).split())


def _reviewer(how: How, place: Path) -> str:
    """Return who reviews; raises InputError for a name that no decision can be kept under."""
    if not how.reviewer:
        return reviewer_name(place)
    name = _plain(how.reviewer)
    if not 0 < len(name) <= LONGEST_NAME:
        raise InputError(
            f"--reviewer: decisions are kept under a name of 1 to {LONGEST_NAME} characters, and this has {len(name)}"
        )
    return name


@contextmanager
def reviewing(dataset: PathLike, how: How, *, port: int, config: Config, say: Say) -> "Iterator[ReviewServer]":
    """Yield a server, bound and not serving yet, for the review of a run or file; its lines are put in order at the end.

    Raises InputError for what cannot be reviewed, and where another review holds it.
    """
    from selfinstruct.dataset.review.decisions import read_recorded
    from selfinstruct.dataset.review.file import held, session
    from selfinstruct.dataset.review.verdicts import write_recorded
    from selfinstruct.review.material import Material
    from selfinstruct.review.server import ReviewServer

    place, review, file = _place(dataset, say)
    with session(place):
        material = Material(place, say, review, file)
        found = _session(material, how, config, say)
        found.begin()
        with ReviewServer(found, port) as server:
            yield server
        if material.review.is_file():
            with held(material.review):
                write_recorded(material.review, read_recorded(material.review))


def review_page(dataset: PathLike, output: PathLike, how: How, *, config: Config, say: Say) -> tuple[Path, int]:
    """Write one file in which a person without Python reviews, and return its path and the number of rows in it."""
    from selfinstruct.review.page import file_page
    from selfinstruct.system.writing import write_text

    check_files([("the dataset", str(dataset))] if Path(dataset).is_file() else [], {"--page": output})
    material = _material(dataset, say)
    found = _session(material, how, config, say)
    html, rows = file_page(found)
    if rows < len(found.order):
        say(
            f"{output}: holds the first {rows:,} of {len(found.order):,} rows: a browser opens no more; --sample N draws a part"
        )
    write_text(Path(output), html)
    return Path(output), rows


def merge_review(dataset: PathLike, file: PathLike, *, say: Say) -> "Merged":
    """Take over the decisions of a file that the page without a server, or another review, wrote."""
    from selfinstruct.dataset.review.file import session
    from selfinstruct.review.material import Material
    from selfinstruct.review.merge import merge

    place, review, name = _place(dataset, say)
    with session(place):
        return merge(Material(place, say, review, name), existing(file), say)


def write_reviewed(dataset: PathLike, output: PathLike, *, say: Say) -> "Kept":
    """Write the rows of a file or folder as people left them: rejected ones are out, edited ones in their new text."""
    from selfinstruct.review.kept import write_kept

    check_files([("the dataset", str(dataset))] if Path(dataset).is_file() else [], {"--output": output})
    return write_kept(_material(dataset, say), Path(output))


def review_figures(dataset: PathLike, *, say: Say = lambda _: None) -> "dict[str, Reviewed]":
    """Return what the reading of people says, by group: all rows, a language, a recipe of a language; empty where nobody read."""
    from selfinstruct.dataset.review.statistics import statistics

    material = _material(dataset, say)
    return statistics(material.verdicts.values(), material.groups(), material.file, material.recipes)


def _place(dataset: PathLike, say: Say) -> tuple[Path, Path | None, str]:
    """Return what is reviewed; of a dataset of a hub also where decisions go, which is this folder and not beside the copy that was fetched, and its name."""
    from selfinstruct.dataset.release.lines import REVIEW
    from selfinstruct.review.material import place_of

    found = operand(dataset, say)
    if not is_on_hub(found.name):
        return place_of(found.path, say), None, ""
    review = Path(REVIEW)
    say(f"{found.name}: decisions go to {review} in this folder")
    return found.path, review, parse_operand(found.name).repository


def _material(dataset: PathLike, say: Say) -> "Material":
    from selfinstruct.review.material import Material

    place, review, file = _place(dataset, say)
    return Material(place, say, review, file)


def _session(material: "Material", how: How, config: Config, say: Say) -> "Session":
    from selfinstruct.review.marks import Marking
    from selfinstruct.review.origins import origins_of
    from selfinstruct.review.session import Session
    from selfinstruct.review.wish import Reader

    name, new, own = _reviewer(how, material.review), _new(material, how.base), _own(material.run, config)
    marking = Marking(material.rows, (own or config).validate_.disable)
    clock = (lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")) if how.times else None
    return Session(material, Reader(name, how.sample, clock, how.language), marking, origins_of(own, say), new)


def _own(run: "RunDirectory | None", config: Config) -> Config | None:
    """Return the configuration of a run: its own, with the paths of its project; None for what is no run."""
    if run is None or run.manifest() is None:
        return None
    found = load_config(run.config_lock) if run.config_lock.is_file() else config
    return found if project_of(run.path, found) == Path.cwd() else config


def _new(material: "Material", base: str) -> frozenset[str]:
    """Return the ids of the rows that are not at a revision as they are here; none without one."""
    if not base:
        return frozenset()
    if is_on_hub(material.file):
        raise InputError(
            f"--base {base}: is a revision of git, and {material.file} is a dataset of a hub; leave it out"
        )
    from selfinstruct.dataset.diff.read import Operand, read_sides
    from selfinstruct.records import text_hash

    path = str(material.place)
    before, now = read_sides(Operand(path, base), Operand(path))
    known = {(one.id, text_hash(one.instruction, one.input, one.output)) for one in before.entries}
    return frozenset(
        one.id for one in now.entries if (one.id, text_hash(one.instruction, one.input, one.output)) not in known
    )
