"""What a reader is shown: the diff of two datasets, and the page of a run or dataset."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.outputs import check_files
from selfinstruct.api.settings import PathLike, load_config, one_of, several
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.hub.operand import is_on_hub
from selfinstruct.language import LANGUAGES
from selfinstruct.records import LanguageCode

if TYPE_CHECKING:
    from selfinstruct.dataset.diff import DatasetDiff
    from selfinstruct.dataset.diff.read import Operand
    from selfinstruct.reports.run import Figures

DIFF_FORMATS = ("text", "markdown", "html", "json")
_MANY_ROWS = 500
"""Rows from which a second process pays for the rules: to compile their patterns takes a fifth of a second."""


def diff(  # noqa: PLR0913 - each is an option of the command line
    base: PathLike,
    head: PathLike,
    *,
    fail_on: str = "",
    held_out: Sequence[PathLike] = (),
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> "DatasetDiff":
    """Return what changed from one dataset to another, why, and what to read first.

    Each is a file, a dataset folder, a run directory, `git:REVISION:PATH` or `hub:OWNER/NAME@REVISION`; `base` may be a revision alone. `fail_on` holds
    conditions such as `removed>1%, near_duplicates>0`; `.gates` says which failed. `render` shows it.

    Rules, thresholds, seeds and evaluation sets are those of BASE: of selfinstruct.toml at its revision, of its run, or the defaults;
    `config` and `held_out` name others. What head's own would change is `.gate_settings`.

    >>> import tempfile
    >>> base, head = (Path(tempfile.mkdtemp()) / "rows.jsonl" for _ in range(2))
    >>> _ = base.write_text('{"instruction": "Name a river.", "output": "Loire"}', encoding="utf-8")
    >>> _ = head.write_text('{"instruction": "Name a river.", "output": "The Loire."}', encoding="utf-8")
    >>> found = diff(base, head, fail_on="changed>0")
    >>> found.counts["changed"], found.gates[0].failed
    (1, True)
    """
    from functools import partial

    from selfinstruct.api.gates import Named, checks
    from selfinstruct.dataset.diff import Findings, compare, later, parse_gates
    from selfinstruct.dataset.diff.read import operands, read_sides
    from selfinstruct.system.fork import run_in_fork

    conditions = parse_gates(fail_on)
    sides = read_sides(*(_here(one, say) for one in operands(os.fspath(base), os.fspath(head))))
    many = sum(len(side.entries) for side in sides) >= _MANY_ROWS
    held_against = checks(*sides, Named(config, several(held_out)), conditions)
    return compare(*sides, held_against, partial(run_in_fork, Findings) if many else later)


def _here(side: "Operand", say: Callable[[str], None]) -> "Operand":
    """Return a side with the local path of a dataset on a hub, and the name that it is pinned by."""
    if side.revision or not is_on_hub(side.path):
        return side
    path, name = operand(side.path, say)
    return side._replace(path=str(path), shown=name)


def render(diff: "DatasetDiff", format: str = "text", language: LanguageCode = "en") -> str:  # noqa: A002 - the word of the command line
    """Return a diff as `text`, `markdown`, `html` (one offline page) or `json`; `language` is that of the reader, and rows and JSON stay as they are.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rows.jsonl"
    >>> _ = file.write_text('{"instruction": "Name a river.", "output": "Loire"}', encoding="utf-8")
    >>> '"unchanged": 1' in render(diff(file, file), "json")
    True
    """
    from selfinstruct.reports.diff import render

    return render(diff, one_of("format", format, DIFF_FORMATS), _language(language))


def _language(named: str) -> LanguageCode:
    return "zh" if one_of("language", named, tuple(LANGUAGES)) == "zh" else "en"


class Report(NamedTuple):
    """A page that was written, and the numbers on it."""

    path: Path
    rows: int
    figures: "Figures"


def report(  # noqa: PLR0913 - each is an option of the command line
    dataset: PathLike,
    output: PathLike | None = None,
    *,
    perplexity: bool = False,
    language: LanguageCode = "en",
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Write one offline HTML page of a run, dataset or file: funnel, rejections, recipes, documents, quality, verbs, cost, a sample to read.

    `language` is that of the page, "en" or "zh". `perplexity`: of some answers, under the embedded teacher; needs the extra `local` and takes minutes. The page goes to `report.html` in the folder, beside the file, or here for a dataset of a hub, unless told otherwise. Needs the extra `report` (matplotlib).

    >>> report("nowhere")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: nowhere: holds no run; `selfinstruct generate` makes one, or name a file with --dataset
    """
    from selfinstruct.reports.run import figures_of, gather, measure, page
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.system.extras import require
    from selfinstruct.system.plain import refuse_links
    from selfinstruct.system.writing import write_text

    fetched = is_on_hub(os.fspath(dataset))
    path = operand(dataset, say).path if fetched else Path(dataset)
    require(["matplotlib"], "the report", "report")
    if not path.exists():
        raise InputError(f"{path}: holds no run; `selfinstruct generate` makes one, or name a file with --dataset")
    beside = Path() if fetched else path if path.is_dir() else path.parent
    target = Path(output) if output else beside / "report.html"
    if not target.parent.is_dir():
        raise InputError(f"--output {target}: the folder {target.parent} is not there; make it, or name another")
    if output is None:  # a folder that came from somebody else may have a pipe or a device of this name
        refuse_links(target.parent, (target.name,))
    if output is None and path.is_dir() and not fetched:
        RunDirectory(path).check_owner()
    check_files([] if path.is_dir() else [("the dataset", str(path))], {"--output": target})
    config = config or load_config()
    material = gather(path, config)
    figures = figures_of(material, measure(material, config, say) if perplexity else None)
    # A page that the user put somewhere is as open as he wants it; one in the run shows replies, as rejected.jsonl does.
    write_text(target, page(material, figures, _language(language)), private=output is None)
    return Report(target, len(material.rows), figures)
