"""The run: from a configuration and a directory to a dataset, by the loop between the bootstraps and the teacher.

`generate` carries requests to the teacher and replies to the journal. What becomes a dataset is decided by `replay` alone, a pure
function of configuration, seeds, prompts and journal; `generate` ends by calling it, `filter` does nothing else.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import CapReachedError, InputError, InterruptedRunError, SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.runs.by_hand import record_changes
from selfinstruct.runs.caps import Caps, budget_of
from selfinstruct.runs.certification import certified, check_same_judge
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import changed_documents, documents_read, in_words, tell_changed
from selfinstruct.runs.emission import begin, emit
from selfinstruct.runs.given_up import start_fresh
from selfinstruct.runs.inputs import Inputs, load_inputs
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.loop import Bootstraps, run_loop
from selfinstruct.runs.merges import last_emission, made_of_journal
from selfinstruct.runs.replay import feed, replay
from selfinstruct.runs.resume import journal_faults, tell_open_questions, tell_what_stands
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.runs.targets import lower_targets
from selfinstruct.runs.unused import unused, unused_exclusions
from selfinstruct.system.aside import Aside
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.teacher import Budget, Confirm, bill_of, check_judge, check_teacher, open_with_judge, prices_of
from selfinstruct.teacher.address import tell_no_key
from selfinstruct.teacher.batch_api import MAX_OPEN_REQUESTS, check_outstanding
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.weights import Progress, Say

Watch = Callable[[Bootstraps, int, Budget], None]
"""Called after every change with the bootstraps, the requests in flight and the money."""


class Observer(NamedTuple):
    """Who is told how a run goes, and who is asked."""

    say: Say
    watch: Watch
    progress: Progress | None = None
    """Told how far a download of weights is."""
    confirm: Confirm | None = None
    """Asked whether a key may go to a server that the configuration file names and that is new; None: there is nobody to ask."""
    trusts_endpoint: bool = False
    """The user named the server himself, so that nothing is asked."""
    trusts_judge: bool = False
    """The same of the judge's server."""
    asked: Callable[[int, int, int, Budget], None] = lambda *_: None
    """Told how far the purchase for a view is: rows that lack nothing any more, rows that did, requests in flight, and the money."""


class _Session(NamedTuple):
    config: Config
    directory: RunDirectory
    inputs: Inputs
    journal: Journal
    budget: Budget
    bootstraps: Bootstraps
    stop_signal: StopSignal
    interrupts: Interrupts
    observer: Observer
    caps: Caps


def generate(
    config: Config, directory: RunDirectory, observer: Observer, stop_signal: StopSignal, *, fresh: bool = False
) -> dict[str, Any]:
    """Continue a run until every target stands or something stops it, emit it, and return its manifest.

    Works under a running event loop too. Raises what stopped it, after everything that was paid for is emitted.
    """
    with _session(config, directory, observer, stop_signal, fresh) as session:
        if _begin(session):
            run_coroutine(lambda: _ask_teacher(session, signals=True), session.interrupts.interrupt)
        return _end(session)


async def generate_async(
    config: Config, directory: RunDirectory, observer: Observer, stop_signal: StopSignal, *, fresh: bool = False
) -> dict[str, Any]:
    """Do what `generate` does in the running event loop, and leave its signals alone.

    A cancelled task cancels the requests in flight; the run is emitted before CancelledError goes on.
    """
    with _session(config, directory, observer, stop_signal, fresh) as session:
        if not _begin(session):
            return _end(session)
        cancelled = await _ask_teacher(session, signals=False)
        manifest = _end(session, silent=cancelled)
    if cancelled:
        raise asyncio.CancelledError
    return manifest


@contextmanager
def _session(
    config: Config, directory: RunDirectory, observer: Observer, stop_signal: StopSignal, fresh: bool
) -> Iterator[_Session]:
    """Open a run: read its inputs, its journal, and what both together say so far."""
    before = None if fresh else last_emission(directory)
    config, lines = with_every_language(before, config, asks=True)
    inputs = load_inputs(config)
    directory.check_owner()
    if fresh:
        _check_teacher(config, observer)  # before the old run is moved for nothing
        start_fresh(directory, observer.say)
    directory.check_journal(costs=config.teacher.kind == "openai", say=observer.say)
    directory.check_same_asking(config, inputs.sha256)
    _tell((*lines, *lower_targets(before, config, directory.flags), *unused(config), *inputs.left_out), observer.say)
    _tell_documents(directory, inputs, observer.say)
    with Journal(directory.journal) as journal:
        bill = bill_of(journal, prices_of(config))
        tell_open_questions(config, journal, made_of_journal(directory, before), observer.say)
        budget = budget_of(config, bill)
        caps = Caps(config.own_limits, bill.tokens, stop_signal.clock)
        check_same_judge(config, journal)
        bootstraps = feed(inputs.plans, journal)
        tell_what_stands(bootstraps, journal, read_decisions(directory.review).values(), observer.say)
        interrupts = Interrupts(stop_signal, observer.say, costs=config.teacher.kind == "openai")
        yield _Session(config, directory, inputs, journal, budget, bootstraps, stop_signal, interrupts, observer, caps)


def _begin(session: _Session) -> bool:
    """Return whether there is anything to ask or to collect; then the manifest says that the run is going on."""
    if not session.journal.shards and all(bootstrap.full for bootstrap in session.bootstraps.values()):
        return False
    check_outstanding(session.config, session.journal)
    _check_teacher(session.config, session.observer)
    tell_no_key(session.config, session.observer.say)
    record_changes(session.directory, session.config, session.bootstraps, session.observer.say)
    begin(session.directory, session.config, session.inputs.sha256)
    return True


def _check_teacher(config: Config, observer: Observer) -> None:
    check_teacher(config, observer.confirm, trusted=observer.trusts_endpoint)
    if config.asks_judge:
        check_judge(config, observer.confirm, trusted=observer.trusts_judge)


def _end(session: _Session, *, silent: bool = False) -> dict[str, Any]:
    """Write the run down; raises what stopped it unless told to be silent."""
    config, directory, inputs, journal = session[:4]
    error, bootstraps = session.stop_signal.error, replay(inputs.plans, journal)
    manifest = emit(directory, config, inputs.sha256, bootstraps, journal, error, session.observer.say)
    _tell(unused_exclusions(config, bootstraps, read_decisions(directory.review).values()), session.observer.say)
    if error and not silent:
        raise error
    return manifest


def refilter(
    config: Config, directory: RunDirectory, say: Say = lambda _: None, *, discard_edits: bool = False
) -> dict[str, Any]:
    """Parse, filter, validate and emit a run again from its journal, offline, and return its manifest.

    What was changed by hand in the dataset stays, as a decision in `review.jsonl`, unless `discard_edits`. `say` hears of both.
    """
    manifest = directory.manifest()
    nothing_answered = manifest is not None and manifest.requests is not None and not manifest.requests.answered
    if not directory.has_requests() and not nothing_answered:
        if manifest:
            raise InputError(f"{directory.path}: {directory.no_journal('filter again')}")
        raise InputError(
            f"{directory.path}: holds no run; `selfinstruct generate` makes one, or name another with --run"
        )
    before = last_emission(directory)
    config, lines = with_every_language(before, config, asks=False)
    inputs = load_inputs(config)
    directory.check_owner()
    directory.check_same_asking(config, sources=None)
    changed = changed_documents(manifest, inputs.sha256, directory.dataset)
    _tell((*lines, *_changed_since(directory, config, inputs), *tell_changed(changed)), say)
    with Journal(directory.journal) as journal:
        for line in journal_faults(journal, made_of_journal(directory, before)):
            say(line)
        bootstraps = replay(inputs.plans, journal)
        emitted = emit(directory, config, inputs.sha256, bootstraps, journal, None, say, discards_edits=discard_edits)
    _tell(unused_exclusions(config, bootstraps, read_decisions(directory.review).values()), say)
    _tell(lower_targets(before, config, directory.flags), say)
    return emitted


def _changed_since(directory: RunDirectory, config: Config, inputs: Inputs) -> Iterator[str]:
    """Yield which seeds and prompts are not those that the teacher was asked with."""
    if changed := directory.changed_asking(config, inputs.sha256):
        yield (
            f"{directory.path}: changed since the first request: {', '.join(changed)}; the rows that stand were asked for with what was there then, "
            "whose sha256 manifest and card keep"
        )


def _tell_documents(directory: RunDirectory, inputs: Inputs, say: Say) -> None:
    """Say how many documents were read, and which came or went since the run last asked."""
    if read := in_words(documents_read(inputs)):
        say(Aside(read))
    _tell(tell_changed(changed_documents(directory.manifest(), inputs.sha256, directory.dataset)), say)


def _tell(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(f"Warning: {line}")


async def _ask_teacher(session: _Session, *, signals: bool) -> bool:
    """Ask until nothing is left to ask or something stops it; returns whether the task was cancelled."""
    config, journal, bootstraps = session.config, session.journal, session.bootstraps
    stop_signal, caps = session.stop_signal, session.caps
    batch_wait = BatchWait()

    def changed(in_flight: int) -> None:
        session.observer.watch(bootstraps, in_flight, session.budget)
        for reason in caps.reached(bootstraps):
            stop_signal.set(CapReachedError(reason))
        batch_wait.tell(in_flight)
        if caps.out_of_time:
            batch_wait.leave()

    batch_wait.check = lambda: changed(batch_wait.in_flight)
    changed(0)
    if stop_signal.error and not journal.shards:
        return False
    in_batches = config.teacher.transport == "batch_api"
    with session.interrupts.watch(batch_wait if in_batches else None, signals=signals):
        try:
            async with open_with_judge(
                config, journal, session.budget, session.observer.say, session.observer.progress, batch_wait=batch_wait
            ) as teacher:
                stop_signal.stop = teacher.stop
                most = MAX_OPEN_REQUESTS if in_batches else config.limits.concurrency
                carry = partial(
                    run_loop,
                    ask=caps.counted(teacher),
                    at_once=lambda: most + teacher.waiting,
                    room=teacher.room,
                    stop_signal=stop_signal,
                    watch=changed,
                )
                await certified(config, journal, session.observer.say, carry)
                if not stop_signal.error:
                    await carry(bootstraps)
        except asyncio.CancelledError:
            stop_signal.set(InterruptedRunError("interrupted; run the same command again to go on"))
            return True
        except SelfInstructError as error:
            stop_signal.set(error)
    return False
