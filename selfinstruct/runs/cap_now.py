"""The cap that stopped a run, beside what the settings at hand say of it: a manifest tells the figures of the moment of the stop."""

import re
from collections.abc import Mapping
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


def at_cap(limits: "Limits", found: Mapping[str, Any]) -> dict[str, str]:
    """Return as `at_cap` the setting of a cap that a run has reached by what `status` found; nothing where it has room."""
    tokens = found["tokens"] or {}
    used = {
        "budget_usd": Decimal(found["cost_usd"] or 0) + Decimal(found["uncertain_usd"] or 0),
        "max_candidates": sum(one.get("candidates", 0) for name, one in found["ledger"].items() if name != "total"),
        "max_total_tokens": tokens.get("prompt", 0) + tokens.get("completion", 0),
    }
    caps = {name: getattr(limits, name) for name in used}
    return next(
        ({"at_cap": name} for name, cap in caps.items() if cap is not None and used[name] >= Decimal(str(cap))), {}
    )


def lets_go_on(cap: dict[str, Any]) -> bool:
    """Return whether a run that this cap stopped is no more at it."""
    return cap["now"] is None or Decimal(str(cap["now"])) > Decimal(str(cap["then"]))
