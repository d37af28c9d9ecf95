"""Perplexity of answers under the embedded teacher: how surprising a small local model finds them."""

from collections.abc import Callable

from selfinstruct.config import Config
from selfinstruct.config.teacher import Teacher
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.quality import MEASURED, Likelihoods, shortened_for_measure, sides_of
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.teacher.embedded.launch import serve
from selfinstruct.teacher.embedded.likelihood import log_likelihoods


def measure(material: Material, config: Config, say: Callable[[str], None]) -> Likelihoods:
    """Return the log-probabilities of the answers drawn on each side, under the embedded teacher of the configuration, or the usual one.

    Raises ConfigError with the remedy where the engine is not installed. An answer that the engine cannot score is left out.
    """
    teacher = config.teacher if config.teacher.kind == "embedded" else Teacher()
    return run_coroutine(lambda: _measured(material, config.model_copy(update={"teacher": teacher}), say))


async def _measured(material: Material, config: Config, say: Callable[[str], None]) -> Likelihoods:
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    async with serve(config, say) as served:
        for language, sides in sides_of(material).items():
            for side in sides:
                pairs = [(one.question, shortened_for_measure(one.answer, language)) for one in side.drawn[:MEASURED]]
                scores = await log_likelihoods(served, pairs, config.limits.concurrency)
                found[language, side.name] = [
                    (text, score) for (_, text), score in zip(pairs, scores, strict=True) if score is not None
                ]
    return found
