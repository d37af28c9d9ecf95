"""The rows that a run translates: those of a file, a dataset or another run, or those that the other language of this run has; and the glossary."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from selfinstruct.bootstrap.translation import rules_of
from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.journal import Journal
from selfinstruct.records import LanguageCode, Original, Row
from selfinstruct.requests import Plan
from selfinstruct.requests.originals import OTHER, Key, following, key_of, originals_of, placed
from selfinstruct.system.files import read_text

PREFIX: Final = "translated/"
"""Of the names of sources that may change within a run: only what changed is asked again."""
_MOST_TERM: Final = 200
"""Characters of a term."""


class Sources(NamedTuple):
    """What a run translates, and by which terms."""

    rows: tuple[Row, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    sha256: Mapping[str, str] = {}


def read_sources(config: Config) -> Sources:
    """Return the rows and the glossary that a configuration names, where something is translated.

    Raises ConfigError for settings that do not go together, InputError for a file that cannot be read.
    """
    generate = config.generate
    if not translates(config):
        if generate.glossary or generate.translate_comments or generate.back_translate:
            name = next(one for one in ("glossary", "translate_comments", "back_translate") if getattr(generate, one))
            raise ConfigError(
                f"[generate] {name}: is of use to translations alone; set [generate] translate, use `selfinstruct translate`, or take it out"
            )
        return Sources()
    _check(config)
    glossary = read_glossary(Path(generate.glossary)) if generate.glossary else ()
    rows = () if generate.translate else _rows(generate.parents)
    sums = {"glossary": glossary, "rows": [row.model_dump_json() for row in rows]}
    sha256 = {f"{PREFIX}{name}": _sha256(repr(value)) for name, value in sums.items() if value}
    return Sources(tuple(rows), glossary, sha256)


def translates(config: Config) -> bool:
    """Return whether rows of any language are translations."""
    return bool(config.generate.translate) or "translate" in config.recipes


def with_originals(plan: Plan, sources: Sources) -> Plan:
    """Return the plan of a language with the rows that are translated into it."""
    plan = plan._replace(glossary=sources.glossary, seeds=())
    return plan._replace(originals=originals_of(sources.rows, rules_of(plan)))


def following_rows(plan: Plan, rows: Iterable[Row], journal: Journal) -> Plan:
    """Return the plan of a language that translates rows of the other language of its run, those that stand by now."""
    return in_place(plan._replace(originals=following(rows, rules_of(plan), set())), journal)


def in_place(plan: Plan, journal: Journal) -> Plan:
    """Return a plan in which each row has the number that it was asked for under."""
    if "translate" not in plan.config.recipes:
        return plan
    asked: dict[int, Key] = {
        one.request.index: key_of(one.request.drawn)
        for one in journal.recorded()
        if one.request.language == plan.language and one.request.step == "translate"
    }
    originals: list[Original] = [one for one in plan.originals if one]
    return plan._replace(originals=placed(originals, asked))


def read_glossary(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the terms of a file of `term<TAB>translation` lines; raises InputError with file, line and remedy."""
    terms: dict[str, str] = {}
    for number, line in enumerate(read_text(path).removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):
            raise InputError(f"{path}:{number}: write a term, one tab and its translation")
        if max(map(len, parts)) > _MOST_TERM:
            raise InputError(f"{path}:{number}: a term has at most {_MOST_TERM} characters")
        if terms.setdefault(parts[0], parts[1]) != parts[1]:
            raise InputError(
                f"{path}:{number}: `{parts[0]}` has another translation in an earlier line; keep one of them"
            )
    if not terms:
        raise InputError(
            f"{path}: holds no term; write a term, a tab and its translation on a line, or leave --glossary out"
        )
    return tuple(terms.items())


def _check(config: Config) -> None:
    """Raise ConfigError where what is translated, or into what, is not said."""
    generate = config.generate
    if generate.translate:
        other: LanguageCode = OTHER[generate.translate]
        if not (config.target.get(other) and config.target.get(generate.translate)):
            raise ConfigError(
                f'[generate] translate = "{generate.translate}": translates the rows that this run has in `{other}`; give both languages a target above 0'
            )
    if "translate" not in config.recipes:
        return
    if len(config.recipes) > 1 or generate.translate:
        raise ConfigError(
            "[generate] recipe or mix: `translate` stands alone; to have one language translated from the other in a run, set [generate] translate = "
            '"zh" (or "en") and leave the recipes to the other'
        )
    wanted = [language for language, count in config.target.items() if count]
    if not generate.parents or len(wanted) != 1:
        raise ConfigError(
            '[generate] recipe = "translate": needs `parents`, the rows to translate, and one language in [target], into which; '
            "`selfinstruct translate INPUT --to L --output DIR` sets both"
        )


def _rows(place: str) -> list[Row]:
    path = Path(place)
    if not path.exists():
        raise InputError(f"{place}: no such file or folder; name a run, a dataset or a file of rows")
    rows = load_rows(path)
    if not rows:
        raise InputError(f"{place}: holds no row; name another run, dataset or file")
    return rows


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
