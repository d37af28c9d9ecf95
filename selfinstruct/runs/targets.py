"""Targets that a run was made for and the configuration does not have: a command that names no target cuts no row."""

import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Counts, Manifest
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.language import LANGUAGES
from selfinstruct.records import LanguageCode
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount


def with_kept_targets(
    before: Manifest | None, config: Config, named: Collection[str], *, asks: bool
) -> tuple[Config, list[str]]:
    """Return the configuration with no target below that of the last emission but in the languages `named`, and what to say of it.

    A target that a flag named below that of the configuration is kept too, until it is reached and the teacher is asked without such a flag; a
    language that a flag left out (0) stays out until one names it. A command that `asks` the teacher goes on to the target of a run that was stopped before it; of a finished one it keeps the rows that stand,
    and buys no more than the configuration wants.
    """
    if before is None:
        return config, []
    higher = {} if _is_untouched(before) else dict(_higher(before, config, named, asks))
    beyond = asks and not named and not is_unfinished(before)
    given = dict(_lower(before, config, named))
    lower = {language: wanted for language, wanted in given.items() if not (beyond and wanted)}
    lines = [
        *_kept(config, {**higher, **lower}, asks=asks),
        *(
            f"--target {language}={wanted}, for which the dataset was made, is reached: this command goes on to [target] {language} = {config.target[language]}"
            for language, wanted in given.items()
            if language not in lower
        ),
    ]
    return config.model_copy(update={"target": {**config.target, **higher, **lower}}), lines


def _kept(config: Config, kept: Mapping[LanguageCode, int], *, asks: bool) -> list[str]:
    """Return the line that says which targets a run keeps, and what sets those of the configuration; none where there is no difference."""
    if not kept:
        return []
    names = sorted(kept)
    stated = ", ".join(f"{language} {config.target[language]}" for language in names)
    flag = ",".join(f"{language}={config.target[language]}" for language in names)
    held = ", ".join(f"{language} {kept[language]}" for language in names)
    line = f"Target of this run: {held}; [target] says {stated}, which --target {flag} sets"
    return [line if asks else Aside(line)]


def _is_untouched(before: Manifest) -> bool:
    """Return whether a run was refused before it had a reply or a row: it has nothing that a lower target would cut."""
    rows = sum(one.accepted + one.added_by_hand for one in before.ledger.values())
    return bool(before.stop != "running" and before.requests and not before.requests.paid and not rows)


def is_unfinished(before: Manifest | None) -> bool:
    """Return whether a run was stopped before its targets stood, by whatever it was."""
    return before is not None and before.stop != "target reached"


def not_taken_over(before: Manifest | None, config: Config, named: Collection[str]) -> list[str]:
    """Return a line for each language whose target a new run takes from the configuration, while that of the old run was higher; or has none of."""
    wanted = before.keeping.target if before else {}
    rows = {name: one.accepted + one.added_by_hand for name, one in (before.ledger if before else {}).items()}
    return [
        f"--fresh begins a run without {language}, for which [target] has no number; the old run has {amount(rows[language], 'row')} of it, and "
        f"--target {language}={wanted.get(language, rows[language])} asks for it again"
        for language in LANGUAGES
        if language not in {*config.target, *named} and rows.get(language)
    ] + [
        f"--fresh takes [target] {language} = {config.target[language]} from the configuration; the old run was made for {wanted[language]}, which "
        f"--target {language}={wanted[language]} asks for again"
        for language in sorted(config.target)
        if language not in named and config.target[language] < wanted.get(language, 0)
    ]


def lower_targets(before: Manifest | None, config: Config, path: Path, flags: Collection[str] = ()) -> list[str]:
    """Return a line for each language whose rows were cut to a target below that of the last emission.

    `path` is the run's directory, `flags` are the keys that flags gave, such as `target.en`.
    """
    run = "" if path == Path("outputs") / config.run.name else f" --run {shlex.quote(str(path))}"
    wanted = before.keeping.target if before else {}
    return [
        _cut(
            language,
            config.target[language],
            wanted[language],
            stood=min(wanted[language], _taken(before.ledger[language])),
            by_flag=f"target.{language}" in flags,
            run=run,
        )
        for language in sorted(config.target)
        if config.target[language] < wanted.get(language, 0)
        and before is not None
        and language in before.ledger
        and config.target[language] < before.ledger[language].accepted
    ]


def _cut(  # noqa: PLR0913 - most by name
    language: LanguageCode, target: int, wanted: int, *, stood: int, by_flag: bool, run: str
) -> str:
    """Return what was cut, and how all rows that stood come back: a higher target than their number asks for more."""
    named = f"--target {language}={target}" if by_flag else f"[target] {language} = {target}"
    remedy = f"`selfinstruct filter --target {language}={stood}{run}` brings"
    remedy = remedy if by_flag else f"{stood} in the configuration, or {remedy}"
    made_for = f"{wanted} and had {amount(stood, 'row')}" if stood < wanted else str(wanted)
    return (
        f"{named}, and the dataset was made for {made_for}: the rows beyond are left out of the dataset and stay in the journal; "
        f"{remedy} them back, for free"
    )


def _lower(before: Manifest, config: Config, named: Collection[str]) -> Iterator[tuple[LanguageCode, int]]:
    for language, wanted in sorted(config.target.items()):
        given = before.given.get(f"target.{language}")
        if language not in named and isinstance(given, int) and given == before.keeping.target.get(language):
            yield from [(language, given)] if given < wanted else []


def _higher(before: Manifest, config: Config, named: Collection[str], asks: bool) -> Iterator[tuple[LanguageCode, int]]:
    for language, wanted in sorted(config.target.items()):
        made_for = before.keeping.target.get(language, 0)
        stands = _taken(before.ledger[language]) if language in before.ledger else 0
        kept = min(made_for, stands) if asks and not is_unfinished(before) else made_for
        if language not in named and wanted < (kept if is_unfinished(before) else min(kept, stands)):
            yield language, kept


def _taken(counts: Counts) -> int:
    """Return how many candidates the rules took; nothing takes the place of a row that a person removed afterwards."""
    return counts.accepted + counts.rejected.get(REMOVED, 0)
