"""Which of two models or files of answers is better, by checks and by a judge with a certificate."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.settings import PathLike, existing, load_config
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.records import LanguageCode
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.comparison.asking import Observer
    from selfinstruct.comparison.judge import Judge
    from selfinstruct.comparison.question import Question
    from selfinstruct.comparison.result import Comparison
    from selfinstruct.comparison.run import Job
    from selfinstruct.comparison.sides import Side

Operand = PathLike | Mapping[str, Any]
"""`teacher`, `embedded`, `embedded:MODEL`, `https://HOST/v1#MODEL`, a folder of a model, a file of answers, a hub id; or keys of `[teacher]`."""
SHIPPED = "shipped"
NO_JUDGE = "none"
PAGE, RESULT = "comparison.html", "comparison.json"


def compare(  # noqa: PLR0913 - each is an option of the command line
    a: Operand,
    b: Operand,
    *,
    questions: PathLike = SHIPPED,
    judge: Operand | None = None,
    output: PathLike | None = None,
    force: bool = False,
    blind: bool = False,
    votes: PathLike | None = None,
    per_language: int = 0,
    max_answer_tokens: int = 1024,
    batch_size: int = 8,
    api_key_env: Mapping[str, str | None] | None = None,
    prices: Mapping[str, str | None] | None = None,
    config: Config | None = None,
    say: Callable[[str], None] | None = None,
    observer: "Observer | None" = None,
    language: LanguageCode = "en",
) -> "Comparison":
    """Return which side is better, with a 95 % interval, and write it to a folder as `comparison.html` and `comparison.json`.

    `questions` are the shipped ones, a file, or a dataset, of whose validation split they are; `per_language` of each language at most, 0 for
    all. Checks decide where they can; elsewhere the `judge`, by default that of `[judge]` or else a teacher that is not embedded, once it has its certificate;
    "none" for checks alone. A judge below the bar is refused unless `force`. `blind` makes a page in which a person votes; `votes` is what it
    showed then. `language` is that of the page. `api_key_env` names the variables of the keys of "a", "b" and "judge", `prices` has IN,OUT in
    USD per million tokens of each, which a budget needs. Goes on where it was stopped; nothing is bought twice.
    Raises InputError for what cannot be compared, and, after what stands is written, CapReachedError, TeacherRefusedError or StorageError.

    >>> compare("nowhere.jsonl", "nothing.jsonl", judge="none")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: nowhere.jsonl: no such file or folder, and nothing else that can be compared: ...
    """
    from selfinstruct.comparison.asking import Observer

    config = config or load_config()
    keys, costs = api_key_env or {}, prices or {}
    sides = (_side(a, config, keys.get("a"), costs.get("a")), _side(b, config, keys.get("b"), costs.get("b")))
    asked = _chosen(_questions(questions, config), per_language)
    judging = (
        None if judge is None or judge == NO_JUDGE else _side(judge, config, keys.get("judge"), costs.get("judge"))
    )
    chosen = None if judge == NO_JUDGE else _judge(judging, sides, config, force, asked)
    folder = _folder(output, sides)
    job = _job(config, folder, sides, asked, _named(questions), (max_answer_tokens, batch_size), chosen)
    write = partial(_write, folder=folder, blind=blind, language=language)
    return _compared(job, votes, observer or Observer(say or to_stderr), write)


def _side(given: Operand, config: Config, key: str | None, price: str | None) -> "Side":
    from selfinstruct.comparison.sides import side_of

    return side_of(_operand(given), config, key, price)


def _job(  # noqa: PLR0913, PLR0917 - all that a comparison is of
    config: Config,
    folder: Path,
    sides: "tuple[Side, Side]",
    asked: "list[Question]",
    questions_from: str,
    most: tuple[int, int],
    judge: "Judge | None",
) -> "Job":
    from selfinstruct.comparison.answers import Settings
    from selfinstruct.comparison.run import Job

    return Job(config, folder, sides, asked, questions_from, Settings(config.run.seed, *most), judge)


def _compared(
    job: "Job", votes: PathLike | None, observer: "Observer", write: Callable[["Comparison"], None]
) -> "Comparison":
    """Return and write the result as far as it stands; raises what stopped it."""
    from selfinstruct.comparison.run import compare as run
    from selfinstruct.runs.stopping import StopSignal

    stop_signal = StopSignal()
    found = _with_votes(run(job, observer, stop_signal), votes)
    write(found)
    if stop_signal.error:
        raise stop_signal.error
    return found


def _operand(given: Operand) -> "str | Path | Mapping[str, Any]":
    return given if isinstance(given, str | Mapping) else Path(given)


def _questions(given: PathLike, config: Config) -> "list[Question]":
    from selfinstruct.comparison.questions import read_questions, shipped_questions

    if str(given) == SHIPPED:
        return shipped_questions()
    return read_questions(existing(given), config.finetune.held_out)


def _named(given: PathLike) -> str:
    """Return how a report names the questions: without the folders of this machine."""
    return "the shipped questions" if str(given) == SHIPPED else Path(given).resolve().name


def _chosen(questions: "list[Question]", per_language: int) -> "list[Question]":
    """Return at most so many questions of each language, evenly over the kinds."""
    if not per_language:
        return questions
    rank: dict[tuple[str, str], int] = {}
    places = []
    for one in questions:
        place = rank[one.language, one.kind] = rank.get((one.language, one.kind), -1) + 1
        places.append((place, one))
    kept = {
        one.id
        for language in ("en", "zh")
        for _, one in sorted((pair for pair in places if pair[1].language == language), key=lambda pair: pair[0])[
            :per_language
        ]
    }
    return [one for one in questions if one.id in kept]


def _judge(
    given: "Side | None", sides: "tuple[Side, Side]", config: Config, force: bool, questions: "list[Question]"
) -> "Judge | None":
    """Return the judge that was named, else that of the configuration; an embedded teacher, which passes no certificate, only where it is named."""
    from selfinstruct.comparison.judge import make_judge
    from selfinstruct.comparison.sides import endpoint_side

    if given is None and config.judge.speaks(config.teacher).kind == "embedded":
        return None
    side = given or endpoint_side(config.judge.speaks(config.teacher))
    languages = sorted({one.language for one in questions})
    return make_judge(config, side, sides, named=given is not None, forced=force, languages=languages)


def _folder(given: PathLike | None, sides: "tuple[Side, Side]") -> Path:
    """Return the folder of a comparison; raises ConfigError for one that holds something else."""
    from selfinstruct.system.plain import refuse_links

    slug = "-vs-".join(re.sub(r"[^\w.-]+", "-", side.name).strip("-._")[:40] or "side" for side in sides)
    folder = Path(given) if given else Path("outputs") / "compare" / slug
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"--output {folder}: is a file; name a folder, which may be new")
    names = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    if names and not names & {RESULT, "a", "b", "judge", "questions.jsonl"}:
        raise ConfigError(
            f"--output {folder}: holds something else than a comparison; name another folder, which may be new"
        )
    refuse_links(folder, ("a", "b", "judge", PAGE, RESULT))
    return folder


def _with_votes(found: "Comparison", votes: PathLike | None) -> "Comparison":
    from selfinstruct.comparison.votes import agreement, check_votes, read_votes

    if votes is None:
        return found
    path = existing(votes)
    said = read_votes(path)
    check_votes(said, found.key, path)
    return found.model_copy(update={"agreement": agreement(found.decisions, said.votes)})


def _write(found: "Comparison", folder: Path, *, blind: bool, language: LanguageCode) -> None:
    import json

    from selfinstruct.reports.comparison import comparison_page
    from selfinstruct.system.writing import write_text

    text = json.dumps(found.document(whole=True), ensure_ascii=False, indent=2)
    write_text(folder / RESULT, text + "\n", private=True)
    write_text(folder / PAGE, comparison_page(found, blind=blind, language=language), private=True)
