"""When a run has to stop: caps on candidates, tokens and minutes, and a stall. The cap on money is the budget's, before each send."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config, Limits
from selfinstruct.errors import CapReachedError, InterruptedRunError, SelfInstructError
from selfinstruct.records import Reply, Request
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import Ask, Budget, price_of
from selfinstruct.teacher.billing.bill import Bill
from selfinstruct.teacher.billing.budget import BudgetReachedError, worst_case

Clock = Callable[[], float]
"""Seconds that only go forward."""
INTERRUPTED = "interrupted; run the same command again to go on"
"""What stops a run until it is known what that has cost."""
_SHOWN_RULES = 4
_CAPS = ("budget_usd", "max_candidates", "max_total_tokens", "max_minutes")


def budget_of(config: Config, bill: Bill) -> Budget:
    """Return the budget of a run after what it has cost so far; raises ConfigError for one whose price is not known."""
    return Budget(
        price_of(config),
        config.own_limits.budget_usd,
        bill.at_most,
        bill.beyond,
        bill.dearer,
        tokens=bill.prompt + bill.completion,
        unknown=bill.unknown,
        cny_per_usd=config.limits.cny_per_usd,
    )


def used_up(budget: Budget) -> Iterator[str]:
    """Yield that a budget is used up, where nothing was asked that would have said so."""
    if budget.limit is not None and budget.spent >= budget.limit:
        yield (
            f"the budget of {budget.told_limit()} is used up already: {budget.told_spent()}; this command needs no request, one that does "
            "stops; raise --budget-usd to go on"
        )


def with_spent(error: SelfInstructError, budget: Budget) -> SelfInstructError:
    """Return what stopped a run, an interrupt and a budget with what the run has cost; nothing is said of what costs nothing."""
    if isinstance(error, BudgetReachedError):
        return error.after(budget)
    if str(error) != INTERRUPTED or not budget.spent:
        return error
    return InterruptedRunError(f"interrupted: {budget.told_spent()}; run the same command again to go on")


class Caps:
    """The caps of one command on one run."""

    def __init__(self, limits: Limits, tokens: int, clock: Clock, *, unreported: bool = False) -> None:
        """`tokens` is what the run has used before, at most that where replies are `unreported`; minutes count from now."""
        self._limits = limits
        self._clock = clock
        self._started = clock()
        self.tokens = tokens
        self._unreported = unreported
        self._said: set[str] = set()
        """What was said of the cap on tokens."""
        self.out_of_time = False
        """Whether the minutes of this command are over."""

    def left_s(self) -> float:
        """Return the seconds until the minutes of this command are over; infinite without such a cap."""
        minutes = self._limits.max_minutes
        return math.inf if minutes is None else max(0.0, 60 * minutes - (self._clock() - self._started))

    def counted(self, ask: Ask) -> Ask:
        """Return `ask` with the tokens of its replies counted; one that reports none has used its worst case."""

        async def counting(request: Request) -> Reply:
            reply = await ask(request)
            self._unreported |= reply.usage is None
            usage = reply.usage or worst_case(request)
            self.tokens += usage.prompt_tokens + usage.completion_tokens
            return reply

        return counting

    def reached(self, bootstraps: Mapping[str, Bootstrap]) -> Iterator[str]:
        """Yield the reason of each cap that is reached, with what lets the run go on."""
        limits = self._limits
        candidates = sum(bootstrap.candidates for bootstrap in bootstraps.values())
        if limits.max_candidates is not None and candidates >= limits.max_candidates:
            yield f"the cap of {amount(limits.max_candidates, 'candidate')} is reached; raise --max-candidates to go on"
        if limits.max_total_tokens is not None and self.tokens >= limits.max_total_tokens:
            self._said.add(reason := _tokens_reached(limits.max_total_tokens, self.tokens, at_most=self._unreported))
            yield reason
        if limits.max_minutes is not None and self._clock() - self._started >= 60 * limits.max_minutes:
            self.out_of_time = True
            yield f"the cap of {limits.max_minutes:g} minutes is reached; run the same command again to go on"
        for language, bootstrap in bootstraps.items():
            if bootstrap.fruitless >= limits.max_fruitless and not bootstrap.full:
                yield f"{language}: {_stall(bootstrap)}; [limits] max_fruitless = {2 * bootstrap.fruitless} lets it go on"

    def at_end(self, error: SelfInstructError | None, bill: Callable[[], Bill]) -> SelfInstructError | None:
        """Return what stopped a run, the cap on tokens with those of the bill: replies in flight came in after it was reached."""
        most = self._limits.max_total_tokens
        if most is None or str(error) not in self._said:
            return error
        used = bill()
        return CapReachedError(_tokens_reached(most, used.tokens, at_most=used.unreported.replies > 0))


def _tokens_reached(most: int, tokens: int, *, at_most: bool) -> str:
    used = f"at most {tokens:,}" if at_most else f"{tokens:,}"
    return f"the cap of {most:,} tokens is reached ({used} used); raise --max-total-tokens to go on"


def told_caps(limits: Limits) -> str:
    """Return which caps hold for a run that begins, as flags; that none does where none is set."""
    flags = {f"--{name.replace('_', '-')}": getattr(limits, name) for name in _CAPS}
    held = [f"{flag} {value}" for flag, value in flags.items() if value is not None]
    if held:
        return f"Caps of the new run: {', '.join(held)}"
    return f"No cap holds for the new run; {', '.join(flags)} set one"


def _stall(bootstrap: Bootstrap) -> str:
    """Return the acceptance over the last requests, beside that before them, and what rejects."""
    first = bootstrap.settled - bootstrap.fruitless
    begun = bootstrap.plan.config.part.index_at(first)
    last = [verdict for verdict in bootstrap.verdicts if verdict.candidate.index >= begun]
    rules = Counter(verdict.rule for verdict in last if verdict.rule).most_common(_SHOWN_RULES)
    why = ", ".join(f"{rule} {count}" for rule, count in rules) or "nothing to read"
    return (
        f"the last {amount(bootstrap.fruitless, 'request')} brought no row (0 of {amount(len(last), 'candidate')}: {why}), "
        f"{amount(first, 'request')} before them {amount(len(bootstrap.rows), 'row')}"
    )
