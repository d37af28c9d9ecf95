"""What is to be said of a send without an outcome: it is on its way, its reply is gone and paid for, or it may have been billed."""

from collections.abc import Sequence

from selfinstruct.config import Config
from selfinstruct.journal import Journal, in_use
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation.sends import Asked, Outcome, Send
from selfinstruct.runs.gone import count_missed
from selfinstruct.runs.merges import last_emission, made_of_journal


def settled(folder: RunDirectory, config: Config, asked: Sequence[Asked]) -> list[Asked]:
    """Return requests, their sends without an outcome as they stand: in flight only while a process works on the run."""
    if in_use(folder.journal) or not any(send.outcome == "in flight" for one in asked for send in one.sends):
        return [*asked]
    journal = Journal(folder.journal, read_only=True)
    count_missed(folder, journal, made_of_journal(folder, last_emission(folder)), config)
    paid = {send for stated in journal.payments.stated.values() for send in stated.sends}

    def seen(slot: str, send: Send) -> Send:
        if send.outcome != "in flight":
            return send
        ended: Outcome = "paid and gone" if (slot, send.attempt) in paid else "in flight when the run ended"
        return send.model_copy(update={"outcome": ended})

    return [one.model_copy(update={"sends": tuple(seen(one.slot, send) for send in one.sends)}) for one in asked]
