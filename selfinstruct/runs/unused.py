"""What a user set, edited or left in place and this run does not use, or hardly as meant. Said, never an error."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config, Generate
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.prompts.parts import PARTS
from selfinstruct.prompts.template import LISTS, later_files
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import row_of
from selfinstruct.requests.labelled import has_labels
from selfinstruct.seeds.read import read_seeds, seed_paths, tasks_of
from selfinstruct.seeds.topics import topic_of
from selfinstruct.system.files import bundled, read_folder

_BATCH, _ANSWERS = ("batch.txt",), ("input.txt", "answer.txt", "label.txt")
_STEERED = tuple(f"{step}.txt" for step in PARTS if step != "batch")
_JUDGE, _COMPARE = "judge.txt", "compare.txt"
"""Those of `compare`, `derive` and `evaluate` too, whatever the recipe."""
_OF_THE_DEMO = {(3, 1), (5, 0)}
"""In-context seeds and rows that selfinstruct.toml has for the embedded teacher."""
_SHOWN = 4


def unused(config: Config, *, is_begun: bool = False) -> list[str]:
    """Return a line for each thing in configuration, seeds and prompts that this teacher or recipe does not go with.

    Of a run that is begun the seeds without a topic are not spoken of: its requests have been asked with them.
    """
    return [
        *_demo_settings(config),
        *_shares(config),
        *_answers(config),
        *_prompts(config),
        *(() if is_begun else _topics(config)),
        *_labels(config),
    ]


def unused_exclusions(config: Config, bootstraps: Mapping[str, Bootstrap], decided: Collection[Decision]) -> list[str]:
    """Return lines for the ids of `[validate] exclude` that no candidate of the run has, and for those that a person worked on."""
    if not config.validate_.exclude:
        return []
    every = (
        one
        for bootstrap in bootstraps.values()
        for one in (*(verdict.candidate for verdict in bootstrap.verdicts), *bootstrap.unread_rows())
    )
    known = {row_of(candidate).id for candidate in every if candidate.instruction}
    known |= {name for one in decided for name in (one.id, one.row.id if one.row else "")}
    missing = [one for one in config.validate_.exclude if one not in known]
    ours = {name for one in decided for name in (one.id, one.row.id if one.row else "") if one.decision != "removed"}
    changed = [one for one in config.validate_.exclude if one in ours]
    lines = []
    if missing:
        lines.append(
            f"[validate] exclude: no row or candidate of this run has the id {_some(missing)}; correct it, or take it out of the list"
        )
    if changed:
        lines.append(f"[validate] exclude: leaves out what was edited or added by hand: {_some(changed)}")
    return lines


def _demo_settings(config: Config) -> Iterator[str]:
    generate = config.generate
    if "batch" in config.recipes and (generate.seeds_per_prompt, generate.machine_per_prompt) in _OF_THE_DEMO:
        wanted = Generate()
        yield (
            f"[generate] seeds_per_prompt = {generate.seeds_per_prompt}, machine_per_prompt = {generate.machine_per_prompt}: the demo's, for its "
            f"small teacher. Take both lines out: {wanted.seeds_per_prompt} and {wanted.machine_per_prompt}, as in Self-Instruct, is what the "
            "recipe `batch` then shows"
        )


def _answers(config: Config) -> Iterator[str]:
    """Yield that several answers are asked for where there is one, or where all are the same."""
    if not config.generate.answers:
        return
    if not {"steered", "checked", "evolve"} & set(config.recipes):
        yield f"[generate] answers: the recipe {config.recipe} has one answer to each instruction; steered, checked and evolve have several"
    elif config.teacher.answer_temperature == 0:
        yield "[generate] answers: at answer_temperature = 0 all answers to an instruction are the same; [teacher] answer_temperature = 0.7 is the default"


def _shares(config: Config) -> Iterator[str]:
    """Yield that one request of `batch` brings more than its share of a small target: requests do not depend on the target."""
    share, most = config.recipes.get("batch", 0), config.generate.tasks_per_request
    least = math.ceil(most / share) if 0 < share < 1 else 0
    if small := [f"{language} = {wanted}" for language, wanted in sorted(config.target.items()) if 0 < wanted < least]:
        yield (
            f"[generate] mix: one request of `batch` brings up to {most} rows, more than its share ({share:.0%}) of [target] {', '.join(small)}, so "
            f"that the rows miss the shares. Set tasks_per_request lower, or a target of at least {least}"
        )


def files_read(config: Config) -> tuple[str, ...]:
    """Return the files of prompts that the recipes in use read, beside the judge's."""
    steered = (*_ANSWERS,) if config.small_teacher else (*_STEERED, *LISTS)
    answers = {"checked": ("label.txt", "answer.txt"), "evolve": ("answer.txt",), "conversation": ("answer.txt",)}
    first = {"batch": _BATCH, "steered": steered} | answers
    found = [name for recipe in config.recipes for name in first.get(recipe, ())]
    translated = config.of_language(config.generate.translate) if config.generate.translate else config
    return tuple(dict.fromkeys([*found, *later_files(later_prompts(config)), *later_files(later_prompts(translated))]))


def _prompts(config: Config) -> Iterator[str]:
    if not config.run.prompts:
        return
    read = files_read(config)
    edited = [path for language in sorted(config.target) for path in _edited(Path(config.run.prompts), language)]
    if ignored := [path for path in edited if path.name not in {*read, _JUDGE, _COMPARE}]:
        other = next((recipe for recipe in ("batch", "steered") if recipe not in config.recipes), "")
        change = f', or set [generate] recipe = "{other}" (--recipe {other})' if other else ""
        yield (
            f"{_some(ignored)}: edited, and not used: the recipe `{config.recipe}` reads {', '.join(read)}. Write it there{change}"
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
    if "steered" not in config.recipes or config.small_teacher or not config.run.seeds:
        return
    for language, path in seed_paths(Path(config.run.seeds), config.seeded_target).items():
        file = read_seeds(path)
        bare = [topic_of(seed, language) for seed in file.seeds if not seed.topic.strip()]
        if shown := list(filter(None, bare)):
            yield (
                f"{file.path}: {len(bare)} of {len(file.seeds)} seeds have no `topic`; the recipe `steered` shows their category instead, such "
                f"as `{shown[0]}`. `selfinstruct seeds --recipe steered` lists them"
            )
        if "" in bare:
            yield (
                f"{file.path}: {len(bare)} of {len(file.seeds)} seeds have no `topic`; the recipe `steered` does not show those whose category is "
                "no Chinese word. `selfinstruct seeds --recipe steered` lists them"
            )


def _labels(config: Config) -> Iterator[str]:
    if "checked" not in config.recipes or not config.run.seeds:
        return
    for language in (code for code, target in sorted(config.target.items()) if target):
        file = read_seeds(Path(config.run.seeds) / f"{language}.jsonl")
        if not any(has_labels(task) for task in tasks_of(file.seeds, language)):
            yield (
                f"{file.path}: no seed is a classification task with two labels or more; the recipe `checked` asks for no task of the kind `label`"
            )


def _some(names: Sequence[Path | str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(str, names[:_SHOWN])) + more
