"""What a run that goes on is told before it does: damage, requests without an outcome, and what stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.journal import Journal
from selfinstruct.system.aside import Aside
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import prices_of
from selfinstruct.teacher.billing.bill import uncertain_cost
from selfinstruct.teacher.billing.budget import in_micro, in_usd
from selfinstruct.weights import Say


def warn(lines: Iterable[str], say: Say) -> None:
    """Say each line as a warning."""
    for line in lines:
        say(f"Warning: {line}")


def journal_faults(journal: Journal, before: Manifest | None, *, reads_only: bool = False) -> Iterator[str]:
    """Yield what of a journal cannot be read, by file and line, and how many replies of the last emission it lacks.

    One that is open for writing has put the bytes of a torn record aside.
    """
    if journal.damaged and not _is_made_good(journal, before):
        file, line = journal.damaged[0]
        yield (
            f"{journal.folder}: {amount(len(journal.damaged), 'damaged record')} (first: {file}, line {line}); put the file back from a copy, or "
            f"`selfinstruct generate` asks {'its request' if len(journal.damaged) == 1 else 'their requests'} again"
        )
    if journal.torn:
        file, line = journal.torn
        yield (
            f"{journal.folder}: the last record was cut off half-way ({file}, line {line}) and counts as never written; its bytes "
            f"{'will be' if reads_only else 'are'} kept in {Path(file).with_suffix('.torn')}"
        )
    if lacking := lacking_replies(journal, before):
        yield (
            f"{journal.folder}: lacks {amount(lacking, 'reply')} of those that the dataset was made of; put its files back from a copy, or "
            + (
                "`selfinstruct generate` asks again for what the dataset lacks without them"
                if journal.answered
                else "`selfinstruct generate --fresh` begins a new run"
            )
        )


def _is_made_good(journal: Journal, before: Manifest | None) -> bool:
    """Return whether nothing is to be asked for a damaged record any more: the run is at its target, with every reply that it was made of."""
    return bool(
        before and before.stop == "target reached" and not lacking_replies(journal, before) and not journal.unanswered
    )


def lacking_replies(journal: Journal, before: Manifest | None) -> int:
    """Return how many replies fewer a journal has than the last emission was made of."""
    answered = before.requests.answered if before and before.requests else 0
    return max(0, answered - len(journal.answered))


def tell_undecided(config: Config, journal: Journal, say: Say) -> None:
    """Say what may have been billed without a reply, and what becomes of it."""
    if undecided := set(journal.undecided):
        worst = uncertain_cost(journal, prices_of(config), undecided)
        rate = config.limits.cny_per_usd
        cost = "an unknown amount" if worst is None else f"{cost_in_words(in_usd(worst), rate)} at most"
        fate = _fate(config, journal, undecided)
        say(
            f"{amount(len(undecided), 'request')} may have been billed without a reply, for {cost}; {fate} ([limits] uncertain)"
        )


def _fate(config: Config, journal: Journal, undecided: Collection[str]) -> str:
    """Return what becomes of the requests without an outcome."""
    policy, they = config.limits.uncertain, "it is" if len(undecided) == 1 else "they are"
    if policy == "hold":
        return f"{they} left out"
    if policy == "resend":
        return f"{they} sent again{'' if _fit(config, journal, undecided) else ' once the budget has room'}"
    nameless = {slot for slot, attempt in journal.uncertain if (slot, attempt) not in journal.stored}
    are = "is" if len(nameless) == 1 else "are"
    left_out = f"; {len(nameless)} that it was not asked to keep {are} left out" if nameless else ""
    return f"the provider is asked for their completions before anything is sent again{left_out}"


def _fit(config: Config, journal: Journal, undecided: Collection[str]) -> bool:
    """Return whether the budget has room for all these requests at their worst, beside what is spent and may be."""
    if config.own_limits.budget_usd is None:
        return True
    unknown = sum(journal.uncertain.values())
    again = uncertain_cost(journal, prices_of(config), {*undecided}) or 0
    return journal.spent + unknown + sum(journal.awaited.values()) + again <= in_micro(config.own_limits.budget_usd)


def tell_what_stands(
    bootstraps: Mapping[str, Bootstrap], journal: Journal, decisions: Collection[Decision], say: Say
) -> None:
    """Say what is used again; rows that a person took out count towards the target, for nothing takes their place.

    Candidates are judged in the order of the requests: what came behind one that has no reply yet is named beside the rows, of which `status`
    counts what would stand without that reply.
    """
    if not journal.answered:
        return
    replies = amount(len(journal.answered), "reply")
    are = "is" if len(journal.answered) == 1 else "are"
    say(
        Aside(
            f"Continuing: {replies} in the journal {are} not asked for again, rows so far: {_standing(bootstraps, decisions)}"
        )
    )


def tell_rows_now(
    bootstraps: Mapping[str, Bootstrap], journal: Journal, decisions: Collection[Decision], say: Say
) -> None:
    """Say where a run stands that something stopped: the last line of its progress may be older."""
    if journal.answered:
        say(Aside(f"Rows now: {_standing(bootstraps, decisions)}"))


def _standing(bootstraps: Mapping[str, Bootstrap], decisions: Collection[Decision]) -> str:
    removed = {one.id for one in decisions if one.decision == "removed"}
    return ", ".join(
        f"{language} {len(bootstrap.rows)}/{bootstrap.target}{_gone(bootstrap, removed)}{_waiting(bootstrap)}"
        for language, bootstrap in bootstraps.items()
    )


def _gone(bootstrap: Bootstrap, removed: Collection[str]) -> str:
    gone = sum(row.id in removed for row in bootstrap.rows)
    return f" ({gone} of them removed by hand)" if gone else ""


def _waiting(bootstrap: Bootstrap) -> str:
    """Return how many candidates are there and not judged yet."""
    waiting = 0 if bootstrap.full else len(bootstrap.unread())
    return f" ({amount(waiting, 'candidate')} behind a reply that is still to come)" if waiting else ""
