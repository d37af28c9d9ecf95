"""The estimate of a whole run, all languages together."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from selfinstruct.config import Config, Price
from selfinstruct.errors import InputError
from selfinstruct.records import Record, Request
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import documents_read
from selfinstruct.runs.estimate.certificate import with_certificate
from selfinstruct.runs.estimate.minutes import minutes, speeds
from selfinstruct.runs.estimate.need import Need, from_own, need_of, until_own
from selfinstruct.runs.estimate.remarks import describe_teacher, remarks
from selfinstruct.runs.estimate.span import Span, total
from selfinstruct.runs.estimate.standing import notes_on, paid, standing, told_of_journal
from selfinstruct.runs.estimate.turn import ANSWERS, INPUTS, JUDGED_KEPT, KEPT, OF_A_SEED, OF_AN_ANSWER, PROVED
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.originals import translates
from selfinstruct.runs.unused import unused
from selfinstruct.teacher import Budget, price_of
from selfinstruct.teacher.billing.budget import MICRO
from selfinstruct.teacher.billing.prices import describe_price


class Estimate(Record):
    """What a run still needs."""

    languages: dict[str, Need]
    requests: Span
    prompt: Span
    completion: Span
    cost_usd: Span | None
    """None when the price is not known."""
    cny_per_usd: str | None
    minutes: Span
    spent_usd: float | None
    without_usage: int
    """Replies without `usage`, whose cost is part of `spent_usd` at its worst case."""
    uncertain: int
    """Sends that may have been billed without a reply, beside `spent_usd`."""
    uncertain_usd: float | None
    """What they cost at most."""
    in_flight: int
    """Sends whose reply a process at work waits for."""
    in_flight_usd: float | None
    budget_usd: float | None
    price: str
    teacher: str
    """Whom these figures are of, in words."""
    basis: str
    """`run`, `assumptions`, or both joined by a plus; `nothing` when every target stands."""
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    documents: dict[str, Any]
    """How many documents were read, with their passages by language; empty where none are asked about."""
    warnings: tuple[str, ...]
    """What is hardly meant: a teacher too small, a key that is not set, files that are not used."""

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        needs = self.languages.values()
        rounded = {"prompt": _sum(one.prompt for one in needs), "completion": _sum(one.completion for one in needs)}
        return {
            "missing": {language: need.missing for language, need in self.languages.items()},
            "requests": _sum(one.requests for one in needs),
            "tokens": rounded,
            "cost_usd": self.cost_usd and _rounded(self.cost_usd, 6),
            **self._in_cny(),
            "minutes": _rounded(self.minutes, 1),
            "basis": self.basis,
            "languages": {
                language: {
                    "missing": need.missing,
                    "requests": _whole(need.requests),
                    "tokens": {"prompt": _whole(need.prompt), "completion": _whole(need.completion)},
                    "basis": need.basis,
                }
                for language, need in self.languages.items()
            },
            "spent_usd": self.spent_usd,
            **({"replies_without_usage": self.without_usage} if self.without_usage else {}),
            **({"uncertain": self.uncertain, "uncertain_usd": self.uncertain_usd} if self.uncertain else {}),
            **({"in_flight": self.in_flight, "in_flight_usd": self.in_flight_usd} if self.in_flight else {}),
            "price": self.price,
            "teacher": self.teacher,
            "assumptions": list(self.assumptions),
            "notes": list(self.notes),
            **self.documents,
            "warnings": list(self.warnings),
        }

    def _in_cny(self) -> dict[str, Any]:
        if not self.cny_per_usd:
            return {}
        span = self.cost_usd and _rounded(self.cost_usd * Span(low=(rate := float(self.cny_per_usd)), high=rate), 6)
        return {"cost_cny": span, "cny_per_usd": self.cny_per_usd}


def estimate(config: Config, folder: RunDirectory, *, fresh: bool = False) -> Estimate:
    """Return what is still missing of a run; one that was made with another configuration, or `fresh`, counts as not begun.

    Raises ConfigError when a budget is set and the price is not known, as `generate` does.
    """
    note = "" if fresh else _other_run(config, folder)
    inputs = load_inputs(config)
    bootstraps, used, journal = standing(inputs, folder, begun=not fresh and not note)
    price = price_of(config)
    so_far = paid(config, folder, journal)
    Budget(price, config.own_limits.budget_usd, so_far.bill.at_most)
    needs = {language: need_of(bootstrap, used[language]) for language, bootstrap in bootstraps.items()}
    needs = with_certificate(config, journal, needs)
    requests, prompt, completion = (
        total(getattr(need, name) for need in needs.values()) for name in ("requests", "prompt", "completion")
    )
    bases = sorted({need.basis for need in needs.values()} - {"nothing"}, reverse=True)
    return Estimate(
        languages=needs,
        requests=requests,
        prompt=prompt,
        completion=completion,
        cost_usd=money(price, prompt, completion),
        cny_per_usd=config.limits.cny_per_usd,
        minutes=minutes(config, requests, prompt, completion),
        spent_usd=so_far.spent_usd,
        without_usage=so_far.bill.unreported.replies,
        uncertain=so_far.uncertain,
        uncertain_usd=so_far.uncertain_usd,
        in_flight=so_far.in_flight,
        in_flight_usd=so_far.in_flight_usd,
        budget_usd=None if config.limits.budget_usd is None else float(config.own_limits.budget_usd or 0),
        price=describe_price(config),
        teacher=describe_teacher(config),
        basis=" + ".join(bases) or "nothing",
        assumptions=tuple(_assumptions(config, "assumptions" in bases, until_own(bootstraps, needs))) if bases else (),
        notes=(*([note] if note else []), *from_own(bootstraps, needs), *notes_on(folder, journal)),
        documents=documents_read(inputs),
        warnings=(
            *told_of_journal(config, folder, journal),
            *remarks(config, needs),
            *unused(config, is_begun=not fresh and folder.journal.exists()),
        ),
    )


def first_requests(config: Config, folder: RunDirectory, *, fresh: bool = False) -> dict[str, Request]:
    """Return the request that `generate` would send first in each language; a language whose target stands has none."""
    bootstraps, _, _ = standing(load_inputs(config), folder, begun=not fresh)
    asked = {language: bootstrap.ask() for language, bootstrap in bootstraps.items()}
    return {language: request for language, request in asked.items() if request}


def _other_run(config: Config, folder: RunDirectory) -> str:
    try:
        folder.check_same_asking(config, load_inputs(config).sha256)
    except InputError as error:
        return f"this is for a new run, because `generate` would not continue the one that is there: {error}"
    return ""


def money(price: Price | None, prompt: Span, completion: Span) -> Span | None:
    """Return what so many tokens cost in USD; None where the price is not known."""
    if price is None:
        return None
    per_prompt, per_completion = (float(Decimal(text) / MICRO) for text in (price.input, price.output))
    return Span(
        low=prompt.low * per_prompt + completion.low * per_completion,
        high=prompt.high * per_prompt + completion.high * per_completion,
    )


def _assumptions(config: Config, assumed: bool, until: Iterable[str]) -> list[str]:
    lines = []
    if assumed:
        proved = [name for name in config.recipes if name not in {"batch", "steered", "translate"}]
        own = set(config.recipes) - {"translate"}
        kept = [f"{KEPT.low:.0%} to {KEPT.high:.0%} of the tasks"] if own - set(proved) else []
        kept += [f"{PROVED.low:.0%} to {PROVED.high:.0%} of those of {' and '.join(proved)}"] if proved else []
        lines += [f"rows: {', '.join(kept)} become rows"] if kept else []
        lines += (
            ["translations: each row of the source is asked about once, in its own length"]
            if translates(config)
            else []
        )
    if assumed and "batch" in config.recipes:
        lines.append(
            f"replies: tasks are {OF_A_SEED.low:.0%} to {OF_A_SEED.high:.0%} as long as the seeds, and end at max_tokens"
        )
    elif assumed and "steered" in config.recipes:
        lines.append(
            f"replies: instructions are {OF_A_SEED.low:.0%} to {OF_A_SEED.high:.0%}, answers {OF_AN_ANSWER.low:.0%} to "
            f"{OF_AN_ANSWER.high:.0%} as long as those of the seeds; an instruction buys {ANSWERS.low:g} to {ANSWERS.high:g} "
            f"answers and {INPUTS.low:g} to {INPUTS.high:g} inputs or labels"
        )
    if assumed and config.judge_steps:
        lines.append(
            f"judge: {len(config.judge_steps)} judgements on each row that passes the rules; {JUDGED_KEPT.low:.0%} to "
            f"{JUDGED_KEPT.high:.0%} of them stay"
        )
    if assumed and config.asks_judge:
        priced = "; what it is asked is counted at the teacher's price" if config.judge.is_named else ""
        lines.append(f"judge: first tried on pairs whose better answer is known{priced}")
    return [*lines, *until, speeds(config)]


def _whole(one: Span) -> dict[str, int]:
    return {"low": round(one.low), "high": round(one.high)}


def _sum(spans: Iterable[Span]) -> dict[str, int]:
    """Return the sum of what is shown of the parts."""
    whole = [_whole(one) for one in spans]
    return {end: sum(one[end] for one in whole) for end in ("low", "high")}


def _rounded(one: Span, digits: int) -> dict[str, float]:
    return {"low": round(one.low, digits), "high": round(one.high, digits)}
