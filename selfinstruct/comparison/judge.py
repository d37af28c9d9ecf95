"""The judge of a comparison: first its certificate, then its verdicts, both in both orders through its journal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from selfinstruct.comparison.asking import Session, ask_all
from selfinstruct.comparison.sides import Side
from selfinstruct.config import Config, Teacher
from selfinstruct.errors import ConfigError
from selfinstruct.judging.certificate import Certificate, Judged, certify
from selfinstruct.judging.pair import MOST_TOKENS, ORDERS, Pair, Speaker, compose_pair
from selfinstruct.judging.reading import Reading, read_pair
from selfinstruct.prompts.rubric import Rubric
from selfinstruct.records import LanguageCode
from selfinstruct.runs.certification import calibration_pairs, read_rubric

ROLE = "judge"
"""Its folder, beside those of the sides."""
Readings = tuple[Reading, Reading]
"""The answers as they stand, and swapped."""


class Judge(NamedTuple):
    """Who judges, by what."""

    side: Side
    rubrics: Mapping[LanguageCode, Rubric]
    seed: int
    forced: bool
    is_on_trial: bool
    """It is one of the sides, and the user named it."""
    max_tokens: int

    @property
    def teacher(self) -> Teacher:
        """Its endpoint."""
        assert self.side.teacher is not None  # noqa: S101 - looked at when it was made
        return self.side.teacher


def make_judge(  # noqa: PLR0913 - most by name
    config: Config, side: Side, sides: Sequence[Side], *, named: bool, forced: bool, languages: Iterable[LanguageCode]
) -> Judge:
    """Return the judge; raises ConfigError for one that is no endpoint, or that would judge itself without having been named."""
    if side.teacher is None:
        raise ConfigError(
            f"--judge: {side.name} is no endpoint, and a judge is asked as one; name teacher, embedded, embedded:MODEL or https://HOST/v1#MODEL"
        )
    is_on_trial = side.address in {one.address for one in sides}
    if is_on_trial and not named:
        raise ConfigError(
            f"the judge would be {side.name}, which is one of the sides; name another with --judge or [judge] model and base_url, or --judge none for "
            "checks alone"
        )
    rubrics = {language: read_rubric(config, language) for language in languages}
    return Judge(side, rubrics, config.run.seed, forced, is_on_trial, config.judge.max_tokens or MOST_TOKENS)


def certificate_of(session: Session, judge: Judge) -> Certificate | None:
    """Return what the judge is worth on the calibration pairs; None while its readings are not all there."""
    pairs = calibration_pairs(sorted(judge.rubrics))
    readings = read_pairs(session, judge, [one.pair() for one in pairs], "calibration readings")
    if len(readings) < len(pairs):
        return None
    judged = [Judged(one, *readings[one.pair().name]) for one in pairs]
    return certify(judge.side.name, judged, forced=judge.forced)


def read_pairs(session: Session, judge: Judge, pairs: Sequence[Pair], what: str) -> dict[str, Readings]:
    """Return {name of a pair: what the judge says of it in both orders} of the pairs of which both stand."""
    teacher = judge.teacher
    speaker = Speaker(teacher.model, judge.seed, judge.max_tokens, teacher.base_url)
    requests = {
        (pair.name, order): compose_pair(pair, order, judge.rubrics[pair.language], speaker)
        for pair in pairs
        for order in ORDERS
    }
    replies = ask_all(session, ROLE, teacher, list(requests.values()), what, typed=judge.side.typed)
    found = {}
    for pair in pairs:
        slots = [requests[pair.name, order].slot for order in ORDERS]
        if all(slot in replies for slot in slots):
            straight, swapped = (read_pair(replies[slot], pair.language, (pair.first, pair.second)) for slot in slots)
            found[pair.name] = (straight, swapped)
    return found
