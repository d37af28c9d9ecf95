"""The derivation: replay the journal, buy what was told to be bought, write the views."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.bootstrap.choice import PROMPT
from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.errors import CapReachedError, InputError, InterruptedRunError, SelfInstructError
from selfinstruct.journal import Journal, in_use
from selfinstruct.runs.by_hand import emissions_of
from selfinstruct.runs.caps import INTERRUPTED, Caps, budget_of, with_spent
from selfinstruct.runs.derive.emit import Content, content_of
from selfinstruct.runs.derive.folder import check_folder, write_views
from selfinstruct.runs.derive.price import Price, price_of_views
from selfinstruct.runs.derive.purchase import Purchase
from selfinstruct.runs.derive.stories import Story, stories_of
from selfinstruct.runs.derive.views import View
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.inputs import Inputs, load_inputs
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.loop import run_loop
from selfinstruct.runs.merges import last_emission, made_of_journal
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.replay import replay
from selfinstruct.runs.resume import journal_faults, lacking_replies, tell_undecided
from selfinstruct.runs.run import Observer
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.teacher import bill_of, check_judge, check_teacher, open_with_judge, prices_of
from selfinstruct.teacher.address import tell_no_key
from selfinstruct.teacher.batch_api import check_outstanding
from selfinstruct.weights import Say


class DeriveJob(NamedTuple):
    """What is derived, and to where."""

    views: Sequence[View]
    output: Path
    buys: bool = False
    answers: int = 2
    """Answers to one question at most that are bought, the row's own among them."""


class Derived(NamedTuple):
    """What was derived."""

    folder: Path
    files: tuple[Path, ...]
    views: dict[str, dict[str, Any]]
    """{view: file, sha256, rows, emitted, left_out, and what else its ledger says}."""
    bought: int
    """Requests that were answered for it now."""
    to_buy: Price | None
    """What the answers that still lack would take; None where none can be bought."""
    notes: tuple[str, ...] = ()


def derive(config: Config, directory: RunDirectory, job: DeriveJob, observer: Observer) -> Derived:
    """Write views of a run; with `buys` other answers and words on them are bought first, under the run's journal and budget.

    Raises InputError for what is no run or has no journal, ConfigError for a folder that holds something else, and what stopped a purchase
    once all that was paid for is written.
    """
    name = _checked(directory)
    standing = check_folder(job.output, name)
    before = last_emission(directory)
    config, _ = with_every_language(before, config, asks=False)
    inputs = load_inputs(config, (PROMPT,))
    directory.check_same_asking(config, sources=inputs.sha256 if job.buys else None)
    buys = job.buys and any(view.buys for view in job.views)
    _check_journal(directory, made_of_journal(directory, before), observer.say, buys=buys)
    stop, bought = StopSignal(), 0
    if buys:
        bought = _buy(config, directory, inputs, job, observer, stop)
    with Journal(directory.journal, read_only=True) as journal:
        stories = _stories(config, directory, inputs, journal, observer.say)
    contents = {view.name: content_of(view, stories) for view in job.views}
    manifest = directory.manifest()
    run = {"name": name, "fingerprint": manifest.fingerprint if manifest else ""}
    document = write_views(job.output, run, contents, standing, observer.say)
    buying = [view for view in job.views if view.buys]
    price = price_of_views(config, stories, buying, job.answers) if buying else None
    if stop.error:
        journal = Journal(directory.journal, read_only=True)
        raise with_spent(stop.error, budget_of(config, bill_of(journal, prices_of(config))))
    entries = {view.name: document["views"][view.name] for view in job.views}
    files = tuple(job.output / view.file for view in job.views)
    return Derived(job.output, files, entries, bought, price, tuple(_notes(directory, contents)))


def _checked(directory: RunDirectory) -> str:
    """Return the name of a run that can be replayed; raises InputError with the remedy for what is none."""
    manifest = directory.manifest()
    if manifest is None:
        if (directory.path / "ledger.json").is_file() and (directory.path / "dataset").is_dir():
            raise InputError(
                f"{directory.path}: was made by `selfinstruct import`, from no journal; `selfinstruct export --dataset {directory.path}` writes it as "
                "alpaca, messages or sharegpt, and pairs need a run"
            )
        raise InputError(
            f"{directory.path}: holds no run; `selfinstruct generate` makes one, `selfinstruct translate` one of translations; or name another with --run"
        )
    if not directory.has_requests():
        raise InputError(f"{directory.path}: {directory.no_journal('derive from')}")
    if in_use(directory.journal):
        raise InputError(f"{directory.path}: another process works on this run; derive when it has ended")
    return manifest.name


def _check_journal(directory: RunDirectory, made: Manifest | None, say: Say, *, buys: bool) -> None:
    """Say what of the journal cannot be read; raises InputError for a purchase that would write the dataset with fewer rows."""
    with Journal(directory.journal, read_only=True) as journal:
        for line in journal_faults(journal, made, reads_only=True):
            say(line)
        if buys and lacking_replies(journal, made):
            raise InputError(
                f"{directory.path}: nothing is bought while the journal lacks replies that the dataset was made of; put its files back from a copy, "
                "or run `selfinstruct generate` first"
            )


def _notes(directory: RunDirectory, contents: dict[str, Content]) -> list[str]:
    manifest = directory.manifest()
    rows = max((content.ledger["rows"] for content in contents.values()), default=0)
    if manifest is None or manifest.stop == "target reached":
        return []
    stop = "it ended without notice" if manifest.stop == "running" else manifest.stop
    return [
        f"{directory.path}: the run is not finished ({stop}): these are views of the {rows} rows that stand; derive again after `selfinstruct generate`"
    ]


def _stories(config: Config, directory: RunDirectory, inputs: Inputs, journal: Journal, say: Say) -> list[Story]:
    """Return the rows as they stand in the dataset, edits by hand that no `filter` has recorded yet among them."""
    bootstraps = replay(inputs.plans, journal)
    emissions = emissions_of(directory, config, bootstraps, say, "look")
    return stories_of(bootstraps, {language: one.applied for language, one in emissions.items()})


def _buy(  # noqa: PLR0913, PLR0917 - all that a purchase goes by
    config: Config, directory: RunDirectory, inputs: Inputs, job: DeriveJob, observer: Observer, stop: StopSignal
) -> int:
    """Ask for what the views lack, until nothing is left or something stops it; return how many replies came."""
    directory.check_owner()
    asked = _direct(config, observer.say)
    with Journal(directory.journal) as journal:
        check_outstanding(asked, journal)
        named = set(journal_faults(journal, None))
        purchase = Purchase(_stories(config, directory, inputs, journal, observer.say), job.views, job.answers)
        before = len(journal.answered)
        if purchase.begins:
            check_teacher(asked, observer.confirm, trusted=observer.trusts_endpoint)
            check_judge(asked, observer.confirm, trusted=observer.trusts_judge)
            tell_no_key(asked, observer.say)
            tell_undecided(asked, journal, observer.say)
            interrupts = Interrupts(stop, observer.say, journal, costs=asked.teacher.kind == "openai")
            run_coroutine(lambda: _ask(asked, journal, purchase, observer, stop, interrupts), interrupts.interrupt)
            interrupts.tell_left()
        answered = len(journal.answered)

    def say(text: str) -> None:
        if text not in named:
            observer.say(text)

    manifest = directory.manifest()
    stated = manifest.requests.answered if manifest and manifest.requests else 0
    if purchase.begins or answered != stated:  # a process that was killed may have left it behind
        refilter(config, directory, say)  # manifest and card state the bill of the run
    return answered - before


def _direct(config: Config, say: Say) -> Config:
    """Return the configuration with requests sent one by one."""
    if config.teacher.transport == "direct":
        return config
    say("Warning: what a view lacks is bought one by one at the full price, not through the Batch API")
    return config.model_copy(update={"teacher": config.teacher.model_copy(update={"transport": "direct"})})


async def _ask(  # noqa: PLR0913, PLR0917 - all that a purchase is made of
    config: Config, journal: Journal, purchase: Purchase, observer: Observer, stop: StopSignal, interrupts: Interrupts
) -> None:
    bill = bill_of(journal, prices_of(config))
    budget = budget_of(config, bill)
    caps = Caps(config.limits, bill.tokens, stop.clock, unreported=bill.unreported.replies > 0)

    def changed(in_flight: int) -> None:
        for reason in caps.reached({}):
            stop.set(CapReachedError(reason))
        if purchase.doubt and not purchase.full:
            stop.set(CapReachedError(purchase.doubt))
        observer.asked(len(purchase.rows), purchase.target, in_flight, budget)

    changed(0)
    with interrupts.watch(None, signals=True):
        try:
            async with open_with_judge(config, journal, budget, observer.say, observer.progress) as teacher:
                stop.stop = teacher.stop
                interrupts.in_flight = lambda: teacher.in_flight
                most = config.limits.concurrency
                ask = caps.counted(teacher)
                await run_loop({"rows": purchase}, ask, lambda: most + teacher.waiting, teacher.room, stop, changed)
        except asyncio.CancelledError:
            stop.set(InterruptedRunError(INTERRUPTED))
        except SelfInstructError as error:
            stop.set(error)
