"""Log-probabilities in a reply, as OpenAI's chat API has them."""

import math
from collections.abc import Mapping
from typing import Any


def first_token(choice: Mapping[str, Any]) -> dict[str, float]:
    """Return {token: log-probability} of the likeliest first tokens of a choice; none where they are not given, or not as the API has them."""
    held = choice.get("logprobs")
    content = held.get("content") if isinstance(held, dict) else None
    first = content[0] if isinstance(content, list) and content else None
    top = first.get("top_logprobs") if isinstance(first, dict) else None
    found: dict[str, float] = {}
    for one in top if isinstance(top, list) else ():
        token, logprob = (one.get("token"), one.get("logprob")) if isinstance(one, dict) else (None, None)
        if isinstance(token, str) and isinstance(logprob, int | float) and math.isfinite(logprob):
            found.setdefault(token, float(logprob))
    return found
