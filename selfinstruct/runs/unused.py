"""What a user set or edited and this run does not use: files of prompts, topics of seeds, excluded ids. Said, never an error."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.prompts.template import LISTS, PARTS
from selfinstruct.records import row_of
from selfinstruct.seeds.read import read_seeds, topic_of
from selfinstruct.system.files import bundled, read_folder

_READ = {"batch": ("batch.txt",), "steered": (*(f"{step}.txt" for step in PARTS if step != "batch"), *LISTS)}
"""Recipe -> files of prompts that it reads; both read the judge's."""
_OTHER = {"batch": "steered", "steered": "batch"}
_JUDGE = "judge.txt"
_SHOWN = 4


def unused(config: Config) -> list[str]:
    """Return a line for each thing that was edited in seeds and prompts and that the recipe does not read."""
    return [*_prompts(config), *_topics(config)]


def unused_exclusions(config: Config, bootstraps: Mapping[str, Bootstrap]) -> list[str]:
    """Return a line for the ids of `[validate] exclude` that no candidate of the run has; none when there is no such id."""
    if not config.validate_.exclude:
        return []
    every = (
        one
        for bootstrap in bootstraps.values()
        for one in (*(verdict.candidate for verdict in bootstrap.verdicts), *bootstrap.unread_rows())
    )
    known = {row_of(candidate).id for candidate in every if candidate.instruction}
    if not (missing := [one for one in config.validate_.exclude if one not in known]):
        return []
    line = f"[validate] exclude: no row or candidate of this run has the id {_some(missing)}; correct it, or take it out of the list"
    return [line]


def _prompts(config: Config) -> Iterator[str]:
    if not config.run.prompts:
        return
    recipe = config.recipe
    edited = [path for language in sorted(config.target) for path in _edited(Path(config.run.prompts), language)]
    if ignored := [path for path in edited if path.name not in {*_READ[recipe], _JUDGE}]:
        yield (
            f"{_some(ignored)}: edited, and not used: the recipe `{recipe}` reads {', '.join(_READ[recipe])}. Write it there, or set "
            f'[generate] recipe = "{_OTHER[recipe]}" (--recipe {_OTHER[recipe]})'
        )
    if not config.judge_steps and (judge := [path for path in edited if path.name == _JUDGE]):
        yield f"{_some(judge)}: edited, and not used: the judge is off until [judge] least is set"


def _edited(folder: Path, language: str) -> list[Path]:
    """Return the prompt files that are not as they ship."""
    shipped = read_folder(bundled("prompts") / language)
    return [
        folder / language / name for name, text in read_folder(folder / language).items() if text != shipped.get(name)
    ]


def _topics(config: Config) -> Iterator[str]:
    if config.recipe != "steered" or not config.run.seeds:
        return
    for language in sorted(config.target):
        file = read_seeds(Path(config.run.seeds) / f"{language}.jsonl")
        if bare := [seed for seed in file.seeds if not seed.topic.strip()]:
            yield (
                f"{file.path}: {len(bare)} of {len(file.seeds)} seeds have no `topic`; the recipe `steered` shows their category instead, such "
                f"as `{topic_of(bare[0])}`. `selfinstruct seeds` lists them"
            )


def _some(names: Sequence[Path | str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(str, names[:_SHOWN])) + more
