"""What replies cost that a journal held and has no more: it stays in the bill of the run.

The manifest of the last emission states replies, tokens and money of the whole run. Where the journal has fewer replies, because lines were
deleted or damaged, these totals are recorded in it: they count for all that came before, also where it is put back. What came after that
emission and is gone too cannot be known.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.release.lines import read_any_provenance, read_rejections
from selfinstruct.dataset.release.manifest import Manifest, Tokens
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal, Paid, Send, in_use
from selfinstruct.records import CERTIFICATE_STEPS, FIRST_STEPS
from selfinstruct.requests.another import STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import bill_of, prices_of
from selfinstruct.teacher.billing.bill import Bill
from selfinstruct.teacher.billing.budget import in_micro, in_usd
from selfinstruct.weights import Say

_NOT_JUDGED = STEPS | CERTIFICATE_STEPS
"""Steps whose reply no verdict waits for."""


def keep_in_bill(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config, say: Say) -> None:
    """Record what had been paid for where an open journal lacks replies of the last emission, and say what those cost."""
    if (missed := missed_in(directory, journal, before, config)) is None:
        return
    journal.miss(missed.paid)
    cost = [] if missed.cost is None else [cost_in_words(in_usd(missed.cost), config.limits.cny_per_usd)]
    lacking = ", ".join((amount(missed.tokens, "token"), *cost))
    say(f"{journal.folder}: what the lacking replies cost stays in the bill: {lacking}")


def count_missed(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config) -> None:
    """Count what a journal that is open for reading has no more and no record of; one that is being written is taken as it is.

    One that has every reply may miss what it recorded of others: where an older copy was put over it.
    """
    if not directory.has_requests() or in_use(directory.journal):
        return
    if missed := missed_in(directory, journal, before, config):
        journal.miss(missed.paid)


class Missed(NamedTuple):
    """What was paid for by the last emission, where a journal has less."""

    paid: Paid
    tokens: int
    """Of what is lacking."""
    cost: int | None
    """Of what is lacking, in micro-USD; None where that is not known, or nothing."""


def missed_in(directory: RunDirectory, journal: Journal, before: Manifest | None, config: Config) -> Missed | None:
    """Return what was paid for where a journal has not all replies of the last emission nor a record of them; None where it has.

    A request that stands without its reply is paid for, and uncertain no more. One whose reply the provider still has stays in the bill at
    its worst case: where no other reply is gone, money is not counted twice.
    """
    if before is None or before.requests is None:
        return None
    if not journal.payments.stated and len(journal.answered) >= before.requests.paid:
        return None
    bill, stated = bill_of(journal, prices_of(config)), before.tokens or Tokens()
    lacking = before.requests.paid - bill.replies
    if lacking <= 0:
        return None
    paid = Paid(
        number=journal.payments.numbers[-1] + 1,
        replies=before.requests.paid,
        prompt=max(stated.prompt, bill.prompt),
        completion=max(stated.completion, bill.completion),
        without_usage=max(stated.replies_without_usage, bill.unreported.replies),
        at_most_unreported=max(stated.at_most_unreported, bill.unreported.tokens),
        cost=bill.spent,
    )
    tokens = paid.prompt + paid.completion + paid.at_most_unreported - bill.tokens
    alone = [*_without_reply(directory, journal, before.requests.uncertain)]
    sends = [] if _goes_on(directory) else [send for send in alone if _is_out_of_reach(journal, send)]
    if lacking <= len(alone) - len(sends) or lacking < len(sends):
        return Missed(paid, tokens, 0)
    spent = None if before.cost_usd is None or bill.spent is None else max(in_micro(before.cost_usd), bill.spent)
    paid = paid.model_copy(update={"sends": tuple(sorted(sends)), "cost": spent})
    return Missed(paid, tokens, None if spent is None or bill.spent is None else (spent - bill.spent) or None)


def united(journals: Sequence[Journal], config: Config) -> Paid | None:
    """Return what was paid for in several journals that become one; None where none of them has missed a reply."""
    if not any(journal.payments.stated for journal in journals):
        return None
    bills = [bill_of(journal, prices_of(config)) for journal in journals]
    spent = [bill.spent for bill in bills if bill.spent is not None]
    return Paid(
        number=1 + max(journal.payments.numbers[-1] for journal in journals),
        replies=sum(bill.replies for bill in bills),
        prompt=sum(bill.prompt for bill in bills),
        completion=sum(bill.completion for bill in bills),
        without_usage=sum(bill.unreported.replies for bill in bills),
        at_most_unreported=sum(bill.unreported.tokens for bill in bills),
        cost=sum(spent) if len(spent) == len(bills) else None,
    )


def requests_in(journal: Journal, bill: Bill) -> dict[str, int]:
    """Return what a manifest says of the replies that were paid for: those that count, those gone, and those beside them that were bought again."""
    answered = len(journal.answered)
    counts = {"gone": bill.replies - bill.in_journal, "twice": bill.in_journal - answered}
    return {"answered": answered} | {name: count for name, count in counts.items() if count}


def _goes_on(directory: RunDirectory) -> bool:
    """Return whether the run ended without notice: replies came since the last emission, which take the place of others in what is counted."""
    manifest = directory.manifest()
    return manifest is not None and manifest.stop == "running"


def _is_out_of_reach(journal: Journal, send: Send) -> bool:
    """Return whether the provider does not keep the reply of a send, so that it is not found again."""
    return send in journal.uncertain and send not in journal.stored


def _without_reply(directory: RunDirectory, journal: Journal, uncertain_before: int) -> Iterator[Send]:
    """Yield the uncertain or awaited sends whose reply is gone: the last one of a request that the last emission judged.

    Of the others, whose reply nothing stands on, all are yielded where the emission knew of none that is uncertain among them, which counts say.
    """
    judged = _judged(directory)
    undecided = {*journal.undecided}
    open_sends = {*journal.awaited, *(send for send in journal.uncertain if send[0] in undecided)} - journal.lost
    last = dict(sorted(open_sends)).items()
    known = [send for send in last if _place(send[0]) in judged]
    others = [send for send in last if send not in known and send in journal.uncertain]
    yield from known
    if len(journal.uncertain) - uncertain_before == len([one for one in known if one in journal.uncertain]) + len(
        others
    ):
        yield from others


def _judged(directory: RunDirectory) -> set[tuple[str | None, int | None, int | None]]:
    """Return (language, number, position) of what the last emission judged, the position None for the first request of a candidate."""
    judged: set[tuple[str | None, int | None, int | None]] = set()
    with suppress(InputError):  # of a file that cannot be read whoever needs it says what is wrong
        rows, _ = read_any_provenance(directory.provenance)
        for one in (*rows.values(), *(read_rejections(directory.rejected) or ())):
            judged |= {(one.language, one.request, one.position), (one.language, one.request, None)}
    return judged


def _place(slot: str) -> tuple[str, int, int | None] | None:
    """Return (language, number, position) of a request as `_judged` has it; None of one that no verdict waits for."""
    language, place, step = slot.split("/")
    index, _, position = place.partition(".")
    if step in _NOT_JUDGED:
        return None
    return language, int(index), None if step in FIRST_STEPS else int(position)
