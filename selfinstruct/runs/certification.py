"""The judge of a run before its first verdict: the calibration pairs, asked through the run's journal and budget, and what came of them.

The requests are those of `compare`, each with its number from all that it asks, so that another judge has another certificate and the same one
is never asked twice.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from selfinstruct.config import Config
from selfinstruct.errors import FindingsError, InputError
from selfinstruct.journal import Journal
from selfinstruct.judging.calibration import Calibration, read_calibration
from selfinstruct.judging.certificate import Certificate, Judged, certify
from selfinstruct.judging.pair import MOST_TOKENS, ORDERS, Speaker, compose_pair
from selfinstruct.judging.reading import read_pair
from selfinstruct.prompts.rubric import FILES, Rubric, parse_rubric
from selfinstruct.records import CERTIFICATE_STEPS, LanguageCode, Reply, Request, Step
from selfinstruct.system.aside import Aside
from selfinstruct.system.files import bundled, read_folder, read_jsonl
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import judge_of, read_reply

_VERDICTS: Final[frozenset[Step]] = frozenset(("judge.1", "judge.2", "judges.1", "judges.2", "better.1", "better.2"))
"""Steps whose replies decide what becomes a row."""


def read_rubric(config: Config, language: LanguageCode) -> Rubric:
    """Return the rubric of a language: the project's own files where it has them, else those that ship."""
    shipped = bundled("prompts") / language
    folder = Path(config.run.prompts) / language if config.run.prompts else shipped
    own = {name: text for name, text in read_folder(folder).items() if name in FILES} if folder.is_dir() else {}
    files = {name: text for name, text in read_folder(shipped).items() if name in FILES} | own
    return parse_rubric(language, files, str(folder))


def calibration_pairs(languages: Iterable[LanguageCode]) -> list[Calibration]:
    """Return the pairs that ship with the package, of some languages."""
    paths = {language: bundled("comparison_tasks") / "calibration" / f"{language}.jsonl" for language in languages}
    return [one for language, path in paths.items() for one in read_calibration(read_jsonl(path), language, str(path))]


class Certification:
    """The calibration pairs as what is still to be asked; `run_loop` carries it to the judge like any bootstrap."""

    full = False
    """What follows is still to be asked when these stand."""
    fruitless = 0
    """Each reply counts."""

    def __init__(self, config: Config, journal: Journal) -> None:
        """Start with what the journal holds of them."""
        self._requests = certificate_requests(config)
        self.target = len(self._requests)
        self._waiting = [one for one in reversed(self._requests) if one.slot not in journal.answered | journal.withheld]
        self.rows = [one.slot for one in self._requests if one not in self._waiting]
        """Slots of the requests that are answered."""

    @property
    def missing(self) -> int:
        """Requests that wait to be asked."""
        return len(self._waiting)

    def ask(self) -> Request | None:
        """Return the next request."""
        return self._waiting.pop() if self._waiting else None

    def hear(self, request: Request, _: Reply) -> None:
        """Count a reply; what it says is read from the journal."""
        self.rows.append(request.slot)

    def take_back(self, request: Request) -> None:
        """Let a request that was not answered be asked again."""
        self._waiting.append(request)


def certificate_requests(config: Config) -> list[Request]:
    """Return the requests on all calibration pairs in the languages of a run, both orders of a pair beside each other."""
    return [request for _, requests in _asked(config) for request in requests]


def _asked(config: Config) -> Iterator[tuple[Calibration, list[Request]]]:
    languages = languages_of(config)
    rubrics = {language: read_rubric(config, language) for language in languages}
    judge = judge_of(config).teacher
    speaker = Speaker(judge.model, config.run.seed, config.judge.max_tokens or MOST_TOKENS, judge.base_url)
    for one in calibration_pairs(languages):
        pair = one.pair()
        yield one, [compose_pair(pair, order, rubrics[pair.language], speaker) for order in ORDERS]


def languages_of(config: Config) -> list[LanguageCode]:
    """Return the languages that a run wants rows of."""
    return sorted(language for language, wanted in config.target.items() if wanted)


def certificate_in(config: Config, journal: Journal) -> Certificate | None:
    """Return what the judge of a run is worth by the replies of its journal; None where they are not all there, or no judge is asked."""
    if not config.asks_judge:
        return None
    replies = {
        one.request.slot: Reply(fault="held") if one.kind == "held" else read_reply(one.status, one.body)
        for one in journal.recorded()
        if one.request.step in CERTIFICATE_STEPS
    }
    judged = [
        Judged(pair, *(read_pair(replies[one.slot], pair.language, (pair.better, pair.worse)) for one in requests))
        for pair, requests in (_asked(config) if replies else ())
        if all(one.slot in replies for one in requests)
    ]
    complete = len(judged) == len(calibration_pairs(languages_of(config)))
    forced = bool(config.judge.force)
    return certify(judge_of(config).teacher.title, judged, forced=forced) if judged and complete else None


async def certified(
    config: Config, journal: Journal, say: Callable[[str], None], carry: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> None:
    """Have the judge of a run tried before its first verdict, by `carry`, where it was not; nothing where no judge is asked.

    Raises FindingsError for a judge below the bar that is not forced.
    """
    if not config.asks_judge:
        return
    certification = Certification(config, journal)
    if certification.missing:
        say(Aside(f"The judge first: {amount(certification.missing, 'reading')} of pairs whose better answer is known"))
        await carry({"certificate": certification})
    certificate = certificate_in(config, journal)
    if certificate is None:
        return  # the run was stopped meanwhile
    for line in certificate.sentences():
        say(Aside(f"Judge {certificate.judge}, {line}"))
    if not (certificate.passed or certificate.forced):
        raise FindingsError(
            f"the judge {certificate.judge} is refused: {'; '.join(certificate.faults)}. Name another with [judge] model (and base_url), take "
            "its word with [judge] force = true, or do without: least = 0, answers = false"
        )


def stated(certificate: Certificate) -> dict[str, Any]:
    """Return what a manifest says of a certificate."""
    languages = {
        language: {
            "pairs": one.total.pairs,
            "accuracy": one.total.accuracy.share,
            "consistency": one.total.consistency.share,
            "padding": one.total.padding.share,
            "unreadable": one.total.unreadable.share,
            "said": said.partition(": ")[2],
            "faults": list(one.faults),
        }
        for (language, one), said in zip(certificate.languages.items(), certificate.sentences(), strict=True)
    }
    head = {"judge": certificate.judge, "passed": certificate.passed, "forced": certificate.forced}
    return head | {"languages": languages}


def check_same_judge(config: Config, journal: Journal) -> None:
    """Raise InputError where the verdicts of a run are another model's: its rows were chosen by that one."""
    if not config.asks_judge:
        return
    model = judge_of(config).teacher.model
    others = {one for one in judges_in(journal) if one != model}
    if others:
        raise InputError(
            f"[judge] model: the verdicts of this run are those of {', '.join(sorted(others))}, and it would go on with {model}. Set it back, use --run "
            "for a new directory, or --fresh to set this run aside"
        )


def judges_in(journal: Journal) -> Sequence[str]:
    """Return the models that verdicts on rows of a run were asked of."""
    return sorted({one.request.sampling.model for one in journal.recorded() if one.request.step in _VERDICTS})
