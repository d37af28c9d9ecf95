"""Where a run stands that is estimated: what its journal holds, what it has cost, and what is to be said of the journal."""

from collections.abc import Iterator
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal, in_use
from selfinstruct.requests.another import STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate.need import Used
from selfinstruct.runs.gone import count_missed
from selfinstruct.runs.in_flight import apart, in_flight
from selfinstruct.runs.inputs import Inputs
from selfinstruct.runs.loop import Bootstraps
from selfinstruct.runs.merges import last_emission, made_of_journal
from selfinstruct.runs.replay import feed
from selfinstruct.runs.resume import journal_faults
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import bill_of, prices_of
from selfinstruct.teacher.billing.bill import Bill
from selfinstruct.teacher.billing.budget import MICRO


class Paid(NamedTuple):
    """What a run has cost, in USD; None where that is not known."""

    bill: Bill
    spent_usd: float | None
    uncertain: int
    """Sends that may have been billed without a reply, beside what is spent."""
    uncertain_usd: float | None
    """What they cost at most."""
    in_flight: int
    """Sends whose reply a process at work waits for."""
    in_flight_usd: float | None


def standing(inputs: Inputs, folder: RunDirectory, *, begun: bool) -> tuple[Bootstraps, dict[str, Used], Journal]:
    """Return what is there: bootstraps, what each language has used, and the journal, which is empty unless `begun`."""
    plans = inputs.plans
    journal = Journal(folder.journal if begun else folder.path / "no-journal", read_only=True)
    used = dict.fromkeys(plans, Used())
    for one in journal.recorded():
        if one.request.language in used and one.request.step not in STEPS:
            used[one.request.language] = used[one.request.language].plus(one)
    return feed(plans, journal), used, journal


def paid(config: Config, folder: RunDirectory, journal: Journal) -> Paid:
    """Return what a run has cost, replies that its journal has no more among it."""
    prices = prices_of(config)
    if _is_of(folder, journal):
        count_missed(folder, journal, _made(folder), config)
    bill = bill_of(journal, prices)
    flying = in_flight(folder, journal) if _is_of(folder, journal) else set()
    waited, uncertain = apart(journal, prices, flying)
    count = len(journal.uncertain) - len(flying)
    return Paid(bill, _usd(bill.spent), count, _usd(uncertain), len(flying), _usd(waited))


def told_of_journal(config: Config, folder: RunDirectory, journal: Journal) -> Iterator[str]:
    """Yield what of a journal is lost or cannot be read, as `generate` says it; nothing of a run that is not gone on with."""
    if not _is_of(folder, journal):
        return
    try:
        said: list[str] = []
        folder.check_journal(costs=config.teacher.kind == "openai", say=said.append)
        yield from said
    except InputError as error:
        yield str(error)
    if not in_use(folder.journal):
        yield from journal_faults(journal, _made(folder), reads_only=True)


def notes_on(folder: RunDirectory, journal: Journal) -> Iterator[str]:
    """Yield what the figures do not count."""
    if _is_of(folder, journal) and folder.lost_journal():
        yield "this is for everything anew, because the journal of the run is not here"
    if count := len(journal.awaited):
        yield f"{amount(count, 'request')} with the provider in batches; what they bring is not counted here yet"


def _is_of(folder: RunDirectory, journal: Journal) -> bool:
    """Return whether a journal is that of the run: none is read of one that begins anew."""
    return journal.folder == folder.journal


def _made(folder: RunDirectory) -> Manifest | None:
    return made_of_journal(folder, last_emission(folder))


def _usd(micro: int | None) -> float | None:
    return None if micro is None else micro / MICRO
