"""What the certificate of a judge still takes, beside what each language needs."""

from collections.abc import Mapping

from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.records import Request
from selfinstruct.runs.certification import certificate_requests
from selfinstruct.runs.estimate.need import Need
from selfinstruct.runs.estimate.span import span, total
from selfinstruct.runs.estimate.turn import prompt_tokens

_READING = span(15, 80)
"""Tokens of a verdict on two answers: the object alone, or a sentence of reason."""


def with_certificate(config: Config, journal: Journal, needs: Mapping[str, Need]) -> dict[str, Need]:
    """Return the needs of all languages with the calibration readings that are not bought yet, where rows are missing and a judge is asked."""
    waiting = certificate_requests(config) if config.asks_judge else []
    missing = [one for one in waiting if one.slot not in journal.answered]
    return {
        language: _with(need, [one for one in missing if one.language == language]) if need.missing else need
        for language, need in needs.items()
    }


def _with(need: Need, readings: list[Request]) -> Need:
    if not readings:
        return need
    prompt = total(prompt_tokens(one.messages, one.sampling.model) for one in readings)
    changed = {
        "requests": total([need.requests, span(len(readings))]),
        "prompt": total([need.prompt, prompt]),
        "completion": total([need.completion, span(len(readings)) * _READING]),
    }
    return need.model_copy(update=changed)
