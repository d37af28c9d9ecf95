"""What a run is made of besides its configuration: seeds, prompts, evaluation sets, documents and parents, read and checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
from selfinstruct.documents.read import SUFFIXES, read_documents
from selfinstruct.errors import ConfigError, SelfInstructError
from selfinstruct.prompts import Prompts, parse_prompts
from selfinstruct.prompts.template import later_files
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import LanguageCode
from selfinstruct.requests import Plan
from selfinstruct.requests.originals import OTHER
from selfinstruct.runs.originals import Sources, read_sources, with_originals
from selfinstruct.runs.parents import evaluated_seeds, read_parents, without_evaluated
from selfinstruct.seeds.read import read_seeds, seed_paths, tasks_of
from selfinstruct.system.files import bundled, read_folder


class Inputs(NamedTuple):
    """Seeds, prompts and evaluation sets of a run."""

    plans: dict[str, Plan]
    sha256: dict[str, str]
    """{file: sha256} of every seed, prompt and evaluation file."""
    left_out: tuple[str, ...] = ()
    """What is to be said of documents that are not asked about, of rows that nothing starts from, and of seeds that repeat an evaluation set."""


def load_inputs(config: Config, more: tuple[str, ...] = ()) -> Inputs:
    """Read and check the seeds and prompts that the configuration names; `more` are prompts that its recipes do not read."""
    seeds_folder = Path(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    evaluation_sets, sha256 = read_evaluation_sets([Path(file) for file in config.filter.held_out])
    documents = read_documents(_documents(config))
    parents, repeated = without_evaluated(read_parents(config), evaluation_sets, config)
    sources = read_sources(config)
    sha256 |= {**documents.sha256, **parents.sha256, **sources.sha256}
    with_seeds = seed_paths(seeds_folder, config.seeded_target)
    plans: dict[str, Plan] = {}
    for language in config.target:
        own = config.of_language(language)
        seeds = read_seeds(with_seeds[language]) if language in with_seeds else None
        prompts = _read_prompts(config, language, more)
        passages = tuple(one for one in documents.passages if one.language == language)
        if config.target[language] and "documents" in own.recipes and not passages:
            raise ConfigError(
                f"{config.generate.documents}: holds no text in the language `{language}` that is long enough to ask about; put some there, "
                f"set the target of {language} to 0, or take `documents` out of [generate] mix or recipe"
            )
        tasks = tasks_of(seeds.seeds, language) if seeds else ()
        plan = Plan(language, own, tasks, prompts, evaluation_sets, passages, parents.tasks(language))
        plans[language] = _translating(plan, config, sources) if "translate" in own.recipes else plan
        repeated = (*repeated, *evaluated_seeds(plan, seeds_folder / f"{language}.jsonl"))
        sha256 |= ({f"seed_tasks/{language}.jsonl": seeds.sha256} if seeds else {}) | prompts.sources
    return Inputs(dict(sorted(plans.items())), sha256, (*documents.left_out, *repeated))


def _read_prompts(config: Config, language: LanguageCode, more: tuple[str, ...] = ()) -> Prompts:
    folder = (Path(config.run.prompts) if config.run.prompts else bundled("prompts")) / language
    later = (*later_prompts(config.of_language(language)), *more)
    shipped = read_folder(bundled("prompts") / language) if later else {}
    files = {name: shipped[name] for name in later_files(later)} | read_folder(folder)
    return parse_prompts(language, files, str(folder), judge=config.asks_judge or "compare" in later, later=later)


def prompt_faults(config: Config) -> Iterator[str]:
    """Yield what is wrong with the prompts of each language: no run can begin with these."""
    for language in config.target:
        try:
            _read_prompts(config, language)
        except SelfInstructError as error:
            yield str(error)


def _translating(plan: Plan, config: Config, sources: Sources) -> Plan:
    """Return the plan of a language whose rows are translations."""
    plan = with_originals(plan, sources)
    return plan._replace(source=OTHER[plan.language]) if config.generate.translate == plan.language else plan


def _documents(config: Config) -> Path | None:
    """Return the place of the documents, if a recipe in use asks about them."""
    if "documents" not in config.recipes:
        return None
    if not config.generate.documents:
        raise ConfigError(
            "[generate] documents: is not set, and the recipe `documents` asks questions on them; name a file or folder of "
            f"{', '.join(SUFFIXES)}"
        )
    return Path(config.generate.documents)
