"""Reading the material of a report: a run directory, a dataset folder or an instruction file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.diff.reviewed import reading_of
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.release.lines import Provenance, Rejection, read_provenance, read_rejections
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.dataset.review.sides import validation_ids
from selfinstruct.dataset.review.verdicts import text_of
from selfinstruct.documents import Passage
from selfinstruct.journal import Journal
from selfinstruct.records import Row, Task
from selfinstruct.requests.another import STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.teacher import prices_of, read_reply
from selfinstruct.teacher.billing.budget import cost


class ReplyFigures(NamedTuple):
    """Figures of one reply of the journal."""

    request: tuple[str, int]
    """(language, request number); no language for what a view of the rows asked."""
    tokens: int
    """Tokens of prompt and reply, as the teacher counted them."""
    cost: int | None
    """Cost in micro-USD; None when the price is unknown."""
    document: str = ""
    """Document that a first request of the recipe `documents` asks about."""


class Material(NamedTuple):
    """The input of a report; None for what a folder does not have."""

    name: str
    rows: list[Row]
    validation_ids: frozenset[str] | None
    manifest: Manifest | None
    provenance: Mapping[str, Provenance] | None
    """Provenance by row id."""
    rejected: list[Rejection] | None
    replies: list[ReplyFigures] | None
    seeds: Mapping[str, str]
    """{id: instruction}."""
    cny_per_usd: str | None = None
    """Rate by which costs are shown in CNY too."""
    seed_tasks: Mapping[str, Sequence[Task]] = {}
    """{language: seeds with their first answer}."""
    passages: Sequence[Passage] = ()
    """Of the documents that the run asks about."""
    reviewed: Mapping[str, Reviewed] = {}
    """What people read, by group."""


def gather(path: Path, config: Config) -> Material:
    """Return the material of a run directory, dataset folder or file; raises InputError when there are no rows."""
    run = RunDirectory(path) if path.is_dir() else None
    manifest = run.manifest() if run else None
    rows = load_rows(path)
    validation = validation_ids(path, config.finetune.held_out)
    if run is None or manifest is None:
        read = reading_of(path, None, ((text_of(row), row.language, "") for row in rows)).figures
        return Material(path.name, rows, validation, None, None, None, None, {}, reviewed=read)
    plans = load_inputs(config).plans
    return Material(
        name=manifest.name,
        rows=rows,
        validation_ids=validation,
        manifest=manifest,
        provenance=read_provenance(run.provenance),
        rejected=read_rejections(run.rejected),
        replies=list(_replies(run, config)) if any(run.journal.glob("*.jsonl")) else None,
        seeds={seed.id: seed.instruction for plan in plans.values() for seed in plan.seeds},
        cny_per_usd=config.limits.cny_per_usd,
        seed_tasks={language: plan.seeds for language, plan in plans.items()},
        reviewed=manifest.reviewed,
        passages=[passage for plan in plans.values() for passage in plan.passages],
    )


def _replies(run: RunDirectory, config: Config) -> Iterator[ReplyFigures]:
    prices = prices_of(config)
    for recorded in Journal(run.journal, read_only=True).recorded():
        usage, price = read_reply(recorded.status, recorded.body).usage, prices.of(recorded.request)
        known = recorded.cost or (cost(price, usage) if price and usage else None if price is None else 0)
        tokens = usage.prompt_tokens + usage.completion_tokens if usage else 0
        drawn = recorded.request.drawn
        document = drawn.source.document if drawn and drawn.source else ""
        of_a_row = recorded.request.step not in STEPS  # a row stands without what a view of it asked
        slot = (recorded.request.language, recorded.request.index) if of_a_row else ("", 0)
        yield ReplyFigures(slot, tokens, known, document)
