"""What there is to report on: a run directory with all it holds, or any instruction file or dataset folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows, validation_ids
from selfinstruct.journal import Journal
from selfinstruct.records import Row
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.system.files import read_jsonl
from selfinstruct.teacher import price_of, read_reply
from selfinstruct.teacher.billing.budget import cost


class ReplyFigures(NamedTuple):
    """One reply of the journal, in the order in which they came."""

    request: tuple[str, int]
    """Language and number of the request that it belongs to."""
    tokens: int
    """In prompt and reply, as the teacher counted them."""
    cost: int | None
    """Micro-USD; None when the price is not known."""


class Material(NamedTuple):
    """All that a report is made of; what a folder does not hold is None."""

    name: str
    rows: list[Row]
    held_out: frozenset[str] | None
    manifest: Mapping[str, Any] | None
    provenance: Mapping[str, Mapping[str, Any]] | None
    """By row id."""
    rejected: list[dict[str, Any]] | None
    replies: list[ReplyFigures] | None
    seeds: Mapping[str, str]
    """{id: instruction}."""


def gather(path: Path, config: Config) -> Material:
    """Return what a run directory, dataset folder or instruction file holds; raises InputError for one that holds no rows to read."""
    run = RunDirectory(path) if path.is_dir() else None
    manifest = run.manifest() if run else None
    rows = load_rows(path)
    held_out = validation_ids(path)
    if run is None or manifest is None:
        return Material(path.name, rows, held_out, None, None, None, None, {})
    return Material(
        name=str(manifest["name"]),
        rows=rows,
        held_out=held_out,
        manifest=manifest,
        provenance=_provenance(path / "provenance.jsonl"),
        rejected=_lines(path / "rejected.jsonl"),
        replies=list(_replies(run, config)) if any(run.journal.glob("*.jsonl")) else None,
        seeds={seed.id: seed.instruction for plan in load_inputs(config).plans.values() for seed in plan.seeds},
    )


def _lines(path: Path) -> list[dict[str, Any]] | None:
    return [line for _, line in read_jsonl(path)] if path.exists() else None


def _provenance(path: Path) -> Mapping[str, Mapping[str, Any]] | None:
    lines = _lines(path)
    return None if lines is None else {str(line.get("id")): line for line in lines}


def _replies(run: RunDirectory, config: Config) -> Iterator[ReplyFigures]:
    price = price_of(config)
    for recorded in Journal(run.journal, read_only=True).recorded():
        usage = read_reply(recorded.status, recorded.body).usage
        known = recorded.cost or (cost(price, usage) if price and usage else None if price is None else 0)
        tokens = usage.prompt_tokens + usage.completion_tokens if usage else 0
        yield ReplyFigures((recorded.request.language, recorded.request.index), tokens, known)
