"""Record the outcome of a send in the journal and the budget."""

from selfinstruct.journal import Journal, Send
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.http.body import usage_of
from selfinstruct.teacher.http.classify import Meaning, Response, describe, is_free


async def settle(  # noqa: PLR0913, PLR0917 - all facts about one send
    journal: Journal, budget: Budget, send: Send, reserved: int, answer: Response, meaning: Meaning
) -> None:
    """Record a reply, or that nothing was billed, or that it may have been; returns when durable. Raises StorageError."""
    if meaning in {"done", "failed"}:
        spent = 0 if is_free(answer) else budget.settle(reserved, usage_of(answer.body))
        budget.release(reserved if is_free(answer) else 0)
        await journal.record(*send, answer.status, answer.body, spent)
    elif is_free(answer):
        await take_back(journal, budget, send, reserved)
    else:
        budget.write_off(reserved)
        await journal.lose(*send, describe(answer), answer.status, answer.body)


async def take_back(journal: Journal, budget: Budget, send: Send, reserved: int) -> None:
    """Record that a send was certainly not billed; returns when durable."""
    budget.release(reserved)
    await journal.take_back(*send)
