"""The run: from a configuration and a directory to a dataset, by the loop between the bootstraps and the teacher.

`generate` carries requests to the teacher and replies to the journal. What becomes a dataset is a pure function of configuration, seeds, prompts
and journal: what the bootstraps of `generate` decided as they heard, and what a `replay` decides, are the same.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import CapReachedError, InterruptedRunError, SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.runs.by_hand import record_changes
from selfinstruct.runs.caps import INTERRUPTED, Caps, budget_of, told_caps, used_up, with_spent
from selfinstruct.runs.certification import certified, check_same_judge
from selfinstruct.runs.dependencies import program
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import changed_documents, documents_read, in_words, tell_changed
from selfinstruct.runs.emission import begin, emit
from selfinstruct.runs.given_up import start_fresh, told_without_fresh
from selfinstruct.runs.gone import keep_in_bill
from selfinstruct.runs.inputs import Inputs, load_inputs
from selfinstruct.runs.kept import keep
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.loop import Bootstraps, run_loop
from selfinstruct.runs.merges import last_emission, made_of_journal
from selfinstruct.runs.rejudged import tell_rejudged
from selfinstruct.runs.replay import feed, is_sound, judged, verified
from selfinstruct.runs.resume import journal_faults, tell_rows_now, tell_undecided, tell_what_stands, warn
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.runs.targets import lower_targets
from selfinstruct.runs.unused import unused, unused_exclusions
from selfinstruct.system.aside import Aside
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.teacher import Budget, Confirm, bill_of, check_judge, check_teacher, open_with_judge, prices_of
from selfinstruct.teacher.address import tell_no_key
from selfinstruct.teacher.batch_api import MAX_OPEN_REQUESTS, check_outstanding
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.teacher.billing.budget import BudgetReachedError
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
    is_sound: bool
    """What is decided while replies come in is all that a replay would decide."""


def generate(  # noqa: PLR0913 -- a run, who watches it, and what is asked of it
    config: Config,
    directory: RunDirectory,
    observer: Observer,
    stop_signal: StopSignal,
    *,
    fresh: bool = False,
    verify: bool = False,
) -> dict[str, Any]:
    """Continue a run until every target stands or something stops it, emit it, and return its manifest.

    Works under a running event loop too. With `verify` the journal is replayed in the end, and its verdicts compared with those that were given as
    replies came. Raises what stopped it, after everything that was paid for is emitted.
    """
    with _session(config, directory, observer, stop_signal, fresh) as session:
        if _begin(session):
            run_coroutine(lambda: _ask_teacher(session, signals=True), session.interrupts.interrupt)
        return _end(session, verify=verify)


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
    program()  # as it is now: files may be replaced while it asks for hours
    directory.check_owner()
    if fresh:
        _check_teacher(config, observer)  # before the old run is moved for nothing
        start_fresh(directory, observer.say)
        observer.say(told_caps(config.own_limits))
    directory.check_journal(costs=config.teacher.kind == "openai", say=observer.say)
    directory.check_same_asking(config, inputs.sha256)
    begun, lowered = directory.journal.exists(), lower_targets(before, config, directory.path, directory.flags)
    warn((*lines, *lowered, *unused(config, is_begun=begun), *inputs.left_out), observer.say)
    _tell_documents(directory, inputs, observer.say)
    if not begun and any(config.target.values()):
        _check_teacher(config, observer)  # before anything is made that a run without a teacher would leave behind
    with Journal(directory.journal) as journal:
        made = made_of_journal(directory, before)
        for line in journal_faults(journal, made):
            observer.say(line)
        keep_in_bill(directory, journal, made, config, observer.say)
        tell_undecided(config, journal, observer.say)
        bill = bill_of(journal, prices_of(config))
        budget = budget_of(config, bill)
        caps = Caps(config.own_limits, bill.tokens, stop_signal.clock, unreported=bill.unreported.replies > 0)
        check_same_judge(config, journal)
        bootstraps = feed(inputs.plans, journal)
        tell_what_stands(bootstraps, journal, read_decisions(directory.review).values(), observer.say)
        warn(tell_rejudged(directory, before, config, inputs.sha256, bootstraps), observer.say)
        interrupts = Interrupts(stop_signal, observer.say, journal, costs=config.teacher.kind == "openai")
        found = (config, directory, inputs, journal, budget, bootstraps, stop_signal, interrupts, observer, caps)
        with told_without_fresh(fresh=fresh):
            yield _Session(*found, is_sound=is_sound(inputs.plans, journal))


def _begin(session: _Session) -> bool:
    """Return whether there is anything to ask or to collect; then the manifest says that the run is going on."""
    if not session.journal.shards and all(bootstrap.full for bootstrap in session.bootstraps.values()):
        warn(used_up(session.budget), session.observer.say)
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


def _end(session: _Session, *, silent: bool = False, verify: bool = False) -> dict[str, Any]:
    """Write the run down; raises what stopped it unless told to be silent."""
    config, directory, inputs, journal = session[:4]
    error = session.caps.at_end(session.stop_signal.error, lambda: bill_of(journal, prices_of(config)))
    error = error.after(_spent(session)) if isinstance(error, BudgetReachedError) else error
    bootstraps = judged(session.bootstraps, inputs.plans, journal, sound=session.is_sound)
    bootstraps = verified(bootstraps, inputs.plans, journal, session.observer.say) if verify else bootstraps
    manifest = emit(directory, config, inputs.sha256, bootstraps, journal, error, session.observer.say)
    keep(directory, config, inputs.sha256, bootstraps, journal)
    decided = read_decisions(directory.review).values()
    warn(unused_exclusions(config, bootstraps, decided), session.observer.say)
    if error and not silent:
        session.interrupts.tell_left()
        tell_rows_now(bootstraps, journal, decided, session.observer.say)
        raise with_spent(error, _spent(session))
    return manifest


def _spent(session: _Session) -> Budget:
    """Return the budget with what the journal says now."""
    return budget_of(session.config, bill_of(session.journal, prices_of(session.config)))


def _tell_documents(directory: RunDirectory, inputs: Inputs, say: Say) -> None:
    """Say how many documents were read, and which came or went since the run last asked."""
    if read := in_words(documents_read(inputs)):
        say(Aside(read))
    warn(tell_changed(changed_documents(directory.manifest(), inputs.sha256, directory.dataset)), say)


async def _ask_teacher(session: _Session, *, signals: bool) -> bool:
    """Ask until nothing is left to ask or something stops it; returns whether the task was cancelled."""
    config, journal, bootstraps = session.config, session.journal, session.bootstraps
    stop_signal, caps, batch_wait = session.stop_signal, session.caps, BatchWait()

    def changed(in_flight: int) -> None:
        session.observer.watch(bootstraps, in_flight, session.budget)
        for reason in caps.reached(bootstraps):
            stop_signal.set(CapReachedError(reason))
        batch_wait.tell(in_flight)
        if caps.out_of_time:
            batch_wait.leave()

    batch_wait.check, batch_wait.left_s = (lambda: changed(batch_wait.in_flight)), caps.left_s
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
                session.interrupts.in_flight = lambda: teacher.in_flight
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
            stop_signal.set(InterruptedRunError(INTERRUPTED))
            return True
        except SelfInstructError as error:
            stop_signal.set(error)
    return False
