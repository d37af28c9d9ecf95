"""What a reply says it took: tokens, hidden thoughts included, and money where the provider states it; pure functions.

Providers count thoughts in three ways: within `completion_tokens` (OpenAI, DeepSeek, Qwen), beside it but within `total_tokens` (Gemini, xAI),
or in a field of its own only. What is billed is the most of them.
"""

from decimal import ROUND_CEILING, Decimal
from typing import Any

from selfinstruct.records import Usage

_MAX_TOKENS = 2**31
"""Token counts from this on are invalid and not billed: no model generates as many."""
_MAX_USD = 1_000_000


def read_usage(data: dict[str, Any]) -> Usage | None:
    """Return the usage of a parsed body, or None when it reports none.

    >>> read_usage({"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}})
    Usage(prompt_tokens=10, completion_tokens=105, cost_micro_usd=None)
    """
    usage = data.get("usage")
    if not isinstance(usage, dict):
        return None
    prompt = _count(usage, "prompt_tokens", "input_tokens")
    completion = _count(usage, "completion_tokens", "output_tokens")
    if prompt is None or completion is None:
        return None
    total, reasoning = _count(usage, "total_tokens") or 0, reasoning_tokens(data)
    beside = completion + reasoning if reasoning > completion else completion
    return Usage(
        prompt_tokens=prompt, completion_tokens=max(beside, total - prompt), cost_micro_usd=_stated_cost(usage)
    )


def reasoning_tokens(data: dict[str, Any]) -> int:
    """Return the tokens of the thought, wherever they stand; 0 where none are reported."""
    usage = data.get("usage")
    if not isinstance(usage, dict):
        return 0
    places = [usage, *(usage.get(name) for name in ("completion_tokens_details", "output_tokens_details"))]
    names = ("reasoning_tokens", "thoughts_token_count", "thinking_tokens")
    return max(_count(place, name) or 0 for place in places if isinstance(place, dict) for name in names)


def _count(usage: dict[str, Any], *names: str) -> int | None:
    """Return the first of these keys; None when there is none, or when it is no count."""
    found = next((usage[name] for name in names if name in usage), None)
    return found if type(found) is int and 0 <= found < _MAX_TOKENS else None


def _stated_cost(usage: dict[str, Any]) -> int | None:
    """Return what the provider says it charged in micro-USD, as OpenRouter and Perplexity do; None where the figure may be another one."""
    details, cost = usage.get("cost_details"), usage.get("cost")
    if isinstance(cost, dict):
        cost = cost.get("total_cost")
    elif not isinstance(details, dict) and "is_byok" not in usage:
        return None
    upstream = details.get("upstream_inference_cost") if isinstance(details, dict) and usage.get("is_byok") else 0
    amounts: list[Any] = [cost, upstream or 0]
    if not all(type(one) in {int, float} and 0 <= one < _MAX_USD for one in amounts):
        return None
    total = sum((Decimal(str(one)) for one in amounts), Decimal(0))
    return int((total * 1_000_000).to_integral_value(ROUND_CEILING))
