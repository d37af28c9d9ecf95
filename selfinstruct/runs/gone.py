"""What replies cost that a journal held and has no more: it stays in the bill of the run.

The manifest of the last emission states replies, tokens and money of the whole run. Where the journal has fewer replies, because lines were
deleted or damaged, the difference is recorded in the journal, once. What came after that emission and is gone too cannot be known.
"""

from collections.abc import Iterator
from contextlib import suppress

from selfinstruct.config import Config
from selfinstruct.dataset.release.lines import read_any_provenance, read_rejections
from selfinstruct.dataset.release.manifest import Manifest, Tokens
from selfinstruct.errors import InputError
from selfinstruct.journal import Gone, Journal, Send, in_use
from selfinstruct.records import CERTIFICATE_STEPS, FIRST_STEPS
from selfinstruct.requests.another import STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import bill_of, prices_of
from selfinstruct.teacher.billing.budget import in_micro, in_usd
from selfinstruct.weights import Say

_NOT_JUDGED = STEPS | CERTIFICATE_STEPS
"""Steps whose reply no verdict waits for."""


def keep_in_bill(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config, say: Say) -> None:
    """Record what replies of the last emission cost that an open journal has no more, and say so."""
    if (gone := gone_of(directory, journal, before, config)) is None:
        return
    journal.miss(gone)
    tokens = amount(gone.prompt + gone.completion + gone.at_most_unreported, "token")
    paid = [] if gone.cost is None else [cost_in_words(in_usd(gone.cost), config.limits.cny_per_usd)]
    say(f"{journal.folder}: what the lacking replies cost stays in the bill: {', '.join((tokens, *paid))}")


def count_missed(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config) -> bool:
    """Count what a journal that is open for reading has no more and no record of; returns whether there is any.

    One that has every reply may miss what it recorded of others: where an older copy was put over it. One that is being written is
    taken as it is.
    """
    if not directory.has_requests() or in_use(directory.journal):
        return False
    if gone := gone_of(directory, journal, before, config):
        journal.miss(gone)
    return gone is not None


def gone_of(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config) -> Gone | None:
    """Return what replies of the last emission cost that a journal has no more and no record of; None where it has all of them.

    A request that stands without its reply is paid for, and uncertain no more. One whose reply the provider still has stays in the bill at
    its worst case: where no other reply is gone, money is not counted twice.
    """
    if before is None or before.requests is None:
        return None
    replies = before.requests.answered + before.requests.gone - len(journal.answered) - _replies(journal)
    if replies <= 0:
        return None
    bill, stated = bill_of(journal, prices_of(config)), before.tokens or Tokens()
    found = Gone(
        replies=replies,
        prompt=max(0, stated.prompt - bill.prompt),
        completion=max(0, stated.completion - bill.completion),
        without_usage=max(0, stated.replies_without_usage - bill.unreported.replies),
        at_most_unreported=max(0, stated.at_most_unreported - bill.unreported.tokens),
    )
    alone = [*_without_reply(directory, journal)]
    paid = [] if _goes_on(directory) else [send for send in alone if _is_out_of_reach(journal, send)]
    if replies <= len(alone) - len(paid) or replies < len(paid):
        return found.model_copy(update={"cost": 0})
    found = found.model_copy(update={"paid": tuple(sorted(paid))})
    if before.cost_usd is None or bill.spent is None:
        return found
    cost = in_micro(before.cost_usd) - bill.spent
    return found.model_copy(update={"cost": cost}) if cost > 0 else found


def gone_in(journal: Journal) -> dict[str, int]:
    """Return what a manifest says of the replies that are recorded as gone; nothing where none is."""
    return {"gone": replies} if (replies := _replies(journal)) else {}


def _replies(journal: Journal) -> int:
    return sum(one.replies for one in journal.gone)


def _goes_on(directory: RunDirectory) -> bool:
    """Return whether the run ended without notice: replies came since the last emission, which take the place of others in what is counted."""
    manifest = directory.manifest()
    return manifest is not None and manifest.stop == "running"


def _is_out_of_reach(journal: Journal, send: Send) -> bool:
    """Return whether the provider does not keep the reply of a send, so that it is not found again."""
    return send in journal.uncertain and send not in journal.stored


def _without_reply(directory: RunDirectory, journal: Journal) -> Iterator[Send]:
    """Yield the uncertain or awaited sends whose reply is gone, for the last emission judged by it: the last one of a request."""
    judged: set[tuple[str | None, int | None, int | None]] = set()
    with suppress(InputError):  # of a file that cannot be read whoever needs it says what is wrong
        rows, _ = read_any_provenance(directory.provenance)
        for one in (*rows.values(), *(read_rejections(directory.rejected) or ())):
            judged |= {(one.language, one.request, one.position), (one.language, one.request, None)}
    undecided = {*journal.undecided}
    open_sends = {*journal.awaited, *(send for send in journal.uncertain if send[0] in undecided)} - journal.lost
    for slot, attempt in dict(sorted(open_sends)).items():
        language, place, step = slot.split("/")
        index, _, position = place.partition(".")
        at = None if step in FIRST_STEPS else int(position)
        if step not in _NOT_JUDGED and (language, int(index), at) in judged:
            yield slot, attempt
