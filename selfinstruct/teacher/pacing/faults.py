"""Faults that a human would stop a run for: the same one again and again, or hardly an answer that is one. Pure state machines.

A single refused request says nothing about the others; eight answers in a row that say the same do. Rate limits and outages are not
faults here: `rate_limiter.py` waits for their end.
"""

import re
from collections import Counter, deque
from typing import NamedTuple

STREAK = 8
"""Answers in a row with one fault that stop a run."""
WINDOW = 50
"""Answers of which more than half are failures that stop a run."""
_OUTAGE = 5
"""Failures in a row from which on they are an outage; the circuit breaker opens then too."""
_TRIES = 3
"""Refusals after which a request alone is at fault, if others are answered."""


class Fault(NamedTuple):
    """What is wrong with one answer."""

    rule: str
    """As in `Reply.fault`."""
    words: str = ""
    """What the provider said."""

    @property
    def kind(self) -> str:
        """The fault without what differs from request to request: digits, and anything after the first words."""
        if self.rule == "malformed_reply":
            return self.rule  # what stands in no known place may be the answer itself
        return f"{self.rule} {re.sub(r'[0-9a-f-]*[0-9][0-9a-f-]*', '#', self.words[:300].lower())[:60]}"


class FaultWatch:
    """Watches the answers of one endpoint."""

    def __init__(self, *, answered_before: bool = False) -> None:
        """`answered_before`: earlier commands of the same run were answered."""
        self._answered_before = answered_before
        self.good = 0
        """Usable answers so far."""
        self._kind = ""
        self._slots: list[str] = []
        self._outcomes: deque[bool] = deque(maxlen=WINDOW)
        """Whether each of the last answers was a failure."""
        self._pending = 0
        """Failures since the last success."""

    def answered(self) -> None:
        """Record a usable answer."""
        self.good += 1
        self._kind, self._slots = "", []
        self._succeeded()

    def faulty(self, slot: str, fault: Fault) -> bool:
        """Record an answer with a fault; returns whether it is one too many of the same."""
        if fault.kind != self._kind:
            self._kind, self._slots = fault.kind, []
        self._slots.append(slot)
        self._succeeded()
        return len(self._slots) >= STREAK

    def failed(self) -> bool:
        """Record a failed attempt (5xx, no whole answer); returns whether failures prevail among answers."""
        self._pending += 1
        return self._mostly_failures()

    def is_individual(self, slot: str, refusals: int, good_before: int) -> bool:
        """Return whether a refused request is refused for its own sake: others are answered meanwhile, or all that are left to ask are refused.

        A request that waits takes no place, so that others would have been asked between two refusals.
        """
        asked = Counter([*self._slots, slot])
        left = (self.good > 0 or self._answered_before) and min(asked.values()) >= _TRIES - 1
        return refusals >= _TRIES and (self.good > good_before or left)

    def _succeeded(self) -> None:
        if self._pending <= _OUTAGE:  # more of them in a row were an outage, which is over
            self._outcomes.extend([True] * self._pending)
        self._pending = 0
        self._outcomes.append(False)

    def _mostly_failures(self) -> bool:
        return len(self._outcomes) == WINDOW and 2 * sum(self._outcomes) > WINDOW


def explain_fault(fault: Fault, base_url: str, max_tokens: int) -> str:
    """Return why a run stops for a fault: what was heard, and what to set."""
    said = f' It says: "{fault.words}".' if fault.words else ""
    what, remedy = _REMEDIES[fault.rule if fault.rule in _REMEDIES else "malformed_reply"]
    return f"{base_url}: {STREAK} answers in a row {what}.{said} {remedy.format(max_tokens=max_tokens)}"


_THINKING_OFF = (
    'extra = {{ enable_thinking = false }} (Qwen), {{ thinking = {{ type = "disabled" }} }} (DeepSeek, GLM, Kimi, Doubao), '
    '{{ reasoning_effort = "none" }} or "minimal" (OpenAI, Gemini), {{ chat_template_kwargs = {{ enable_thinking = false }} }} (vLLM, SGLang)'
)
_AFRESH = "that changes what is asked, so run the same command with --fresh (`compare` needs none)"
_REMEDIES = {
    "request_rejected": (
        "refuse the request, and cost nothing",
        "Change how it is sent, [teacher] omit = [...] or rename = {{ ... }}, and run the same command again; or extra = {{ ... }} or "
        "max_tokens (now {max_tokens}): " + _AFRESH,
    ),
    "all_thought": (
        "are all thought and have no content",
        "Raise the limit of tokens (now {max_tokens}; [teacher] max_tokens, max_instruction_tokens and max_answer_tokens in the recipe steered; in `compare` "
        "--max-answer-tokens, of a judge [judge] max_tokens), or turn thinking off: " + _THINKING_OFF + f"; {_AFRESH}",
    ),
    "empty_reply": (
        "are empty",
        "Try [teacher] stream = true and run the same command again; or another model or a higher max_tokens (now {max_tokens}): "
        + _AFRESH,
    ),
    "content_filtered": (
        "are blocked by the provider's filter",
        "Look at the seeds and prompts, or choose another [teacher] model; " + _AFRESH,
    ),
    "oversize": (
        "do not end",
        "Check [teacher] base_url, or choose another model or provider, and run the same command again",
    ),
    "malformed_reply": (
        "hold no completion",
        "Check [teacher] base_url and model, and run the same command again",
    ),
}
"""Fault -> (what the answers are, what to do)."""
