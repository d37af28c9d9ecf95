"""The cap that stopped a run, beside what the settings at hand say of it: a manifest tells the figures of the moment of the stop."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selfinstruct.config import Limits

_SAID = {
    "budget_usd": re.compile(r"^cap: the budget of \$([\d.]+)"),
    "max_candidates": re.compile(r"^cap: the cap of ([\d,]+) candidates? is reached"),
    "max_total_tokens": re.compile(r"^cap: the cap of ([\d,]+) tokens is reached"),
    "max_fruitless": re.compile(r"^cap: \w+: the last ([\d,]+) requests? brought no row"),
}
"""{setting: how `caps` and the budget say that it is reached}"""


def cap_now(stop: str, limits: "Limits") -> dict[str, Any] | None:
    """Return the setting whose cap stopped a run, what it was then and is now (None: not set); None where no cap did, or it is the same."""
    for setting, said in _SAID.items():
        if found := said.search(stop):
            then, now = found[1].replace(",", ""), getattr(limits, setting)
            if now is None or Decimal(str(now)) != Decimal(then):
                return {"setting": setting, "then": then if setting == "budget_usd" else int(then), "now": now}
    return None


def lets_go_on(cap: dict[str, Any]) -> bool:
    """Return whether a run that this cap stopped is no more at it."""
    return cap["now"] is None or Decimal(str(cap["now"])) > Decimal(str(cap["then"]))
