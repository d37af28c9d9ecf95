"""Statistics of seed files, and bounds for good ones; computed from the file each time."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from selfinstruct.language import LANGUAGES
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.rules import INSTRUCTION_RULES, all_broken
from selfinstruct.records import Candidate, LanguageCode, Seed
from selfinstruct.rouge import Index, tokens
from selfinstruct.seeds.read import SeedFile
from selfinstruct.system.numbers import amount

MOST_SIMILAR = 0.5
"""Highest ROUGE-L between two seed instructions; lower than that of rows (0.7)."""
MOST_IN_CATEGORY = 0.10
CLASSIFICATION = (0.15, 0.20)
WITH_INPUT = (0.55, 0.70)
FEWEST_CATEGORIES = 20
FEWEST_VERBS = 80
MANY = 100
"""Minimum number of tasks for bounds on shares."""
_NO_TOPIC = "field `topic` is missing, and the recipe steered shows the category in its place, or not the seed at all; name the subject in one to four words"
_EMPTY_TOPIC = "field `topic` is empty, and the recipe steered shows the category in its place, or not the seed at all; name the subject in one to four words"
_VENDORS = re.compile(
    r"\b(?:OpenAI|ChatGPT|GPT-\d\w*|Claude|Anthropic|Gemini|DeepSeek|Qwen|LLaMA|Mistral|language model)\b"
    r"|通义千问|文心一言|讯飞星火|豆包|语言模型|人工智能助手",
    re.IGNORECASE,
)


def seed_figures(file: SeedFile, *, topics: bool = False) -> dict[str, Any]:
    """Return the statistics of a seed file, with findings for broken bounds; `topics`: the recipe shows the topic of each seed."""
    seeds = file.seeds
    language = guess_language(" ".join(seed.instruction for seed in seeds))
    first = [_leading(seed.instruction, language) for seed in seeds]
    figures: dict[str, Any] = {
        "language": language,
        "count": len(seeds),
        "categories": dict(Counter(seed.category or "none" for seed in seeds).most_common()),
        "classification_share": _share(seed.is_classification for seed in seeds),
        "input_share": _share(bool(seed.instances[0].input) for seed in seeds),
        "local_share": _share(seed.is_local for seed in seeds),
        "leading_verbs": dict(Counter(first).most_common()),
        "output_length": _quantiles([len(instance.output) for seed in seeds for instance in seed.instances]),
        "highest_similarity": max((score for _, score in _nearest(seeds)), default=0.0),
    }
    figures["category_count"] = len(figures["categories"])
    figures["leading_verb_count"] = len(figures["leading_verbs"])
    found = findings_by_seed(file)
    found += _topics(file) if topics else ()
    if len(seeds) >= MANY:
        found += [*_categories(file, figures), *_shares(file), *_verbs(file, figures)]
    return figures | {"findings": sorted(found, key=_first)}


def findings_by_seed(file: SeedFile) -> list[dict[str, Any]]:
    """Return the findings on single seeds: what holds of them whatever other seeds there are, near ones aside."""
    if not file.seeds:
        return []
    language = guess_language(" ".join(seed.instruction for seed in file.seeds))
    found = [*_pairs(file, list(_nearest(file.seeds))), *_labels(file), *_uncategorized(file), *_rows(file, language)]
    return sorted(found, key=_first)


def _first(finding: dict[str, Any]) -> tuple[int, bool]:
    """Return where a finding stands: by line, and in each the wrong language before what else there is."""
    return finding["line"], finding["rule"] != "wrong_language"


def _nearest(seeds: Sequence[Seed]) -> Iterator[tuple[int, float]]:
    index = Index()
    for seed in seeds:
        query = tokens(seed.instruction)
        yield index.nearest(query) or (0, 0.0)
        index.add(query)


def _leading(instruction: str, language: str) -> str:
    return instruction.split(maxsplit=1)[0].strip(",.:").lower() if language == "en" else instruction[:2]


def _share(flags: Iterator[bool]) -> float:
    return round(float(np.mean(list(flags))), 4)


def _quantiles(lengths: Sequence[int]) -> dict[str, int]:
    return {name: int(np.quantile(lengths, q)) for name, q in (("min", 0), ("p50", 0.5), ("p90", 0.9), ("max", 1))}


def _finding(line: int, rule: str, detail: str) -> dict[str, Any]:
    return {"line": line, "rule": rule, "severity": "error", "detail": detail}


def _pairs(file: SeedFile, nearest: Sequence[tuple[int, float]]) -> Iterator[dict[str, Any]]:
    for position, (other, score) in enumerate(nearest):
        if score > MOST_SIMILAR:
            detail = f"field `instruction`: ROUGE-L {score:.3f} to line {file.lines[other]}; reword one of them"
            yield _finding(file.lines[position], "near_duplicate", detail)


def _labels(file: SeedFile) -> Iterator[dict[str, Any]]:
    """Yield findings on classification tasks with unequal label frequencies."""
    for line, seed in zip(file.lines, file.seeds, strict=True):
        counts = Counter(instance.output for instance in seed.instances)
        if seed.is_classification and len(set(counts.values())) > 1:
            yield _finding(
                line, "unbalanced_labels", f"field `instances`: {dict(counts)}; show each label equally often"
            )


def _uncategorized(file: SeedFile) -> Iterator[dict[str, Any]]:
    for line, seed in zip(file.lines, file.seeds, strict=True):
        if "category" not in seed.model_fields_set:
            yield _finding(line, "no_category", "field `category` is missing; name the kind of task")
        elif not seed.category.strip():
            yield _finding(line, "no_category", "field `category` is empty; name the kind of task")


def _rows(file: SeedFile, language: LanguageCode) -> Iterator[dict[str, Any]]:
    """Yield findings on instances that break a row rule, or name a model or its maker."""
    for line, seed in zip(file.lines, file.seeds, strict=True):
        alone, told = _of_instruction(seed, language), set[str]()
        for position, one in enumerate(seed.instances):
            fields = {"instruction": seed.instruction, "input": one.input, "output": one.output}
            candidate = Candidate(language=language, index=0, position=position, **fields)
            for rule, detail in _in_their_language(all_broken(candidate), candidate):
                if rule not in alone:
                    yield _finding(line, rule, f"field `instances.{position}`: {detail}")
                elif rule not in told:
                    yield _finding(line, rule, f"field `instruction`: {alone[rule]}")
                    told.add(rule)
            if named := _VENDORS.search(one.output):
                yield _finding(
                    line, "names_vendor", f"field `instances.{position}.output`: names {named[0]}; leave it out"
                )


def _in_their_language(broken: Sequence[tuple[str, str]], candidate: Candidate) -> list[tuple[str, str]]:
    """Return the broken rules; of a text in the wrong language only those that it breaks in its own too: it is counted and read otherwise there."""
    if "wrong_language" not in dict(broken):
        return list(broken)
    own: LanguageCode = "en" if candidate.language == "zh" else "zh"
    stays = {rule for rule, _ in all_broken(candidate.model_copy(update={"language": own}))} | {"wrong_language"}
    return [(rule, detail) for rule, detail in broken if rule in stays]


def _of_instruction(seed: Seed, language: LanguageCode) -> dict[str, str]:
    """Return {rule: detail} of the rules that the instruction breaks by itself, whatever stands in the instances."""
    alone = Candidate(language=language, index=0, position=0, instruction=seed.instruction, input="", output="")
    found = {rule.__name__: rule(alone, LANGUAGES[language]) for rule in INSTRUCTION_RULES}
    if detail := found.get("wrong_language"):
        found["wrong_language"] = f"{detail}; write it in the language of this file, or move it to the file of its own"
    return {name: detail for name, detail in found.items() if detail}


def _topics(file: SeedFile) -> Iterator[dict[str, Any]]:
    for line, seed in zip(file.lines, file.seeds, strict=True):
        if not seed.topic.strip():
            detail = _EMPTY_TOPIC if "topic" in seed.model_fields_set else _NO_TOPIC
            yield _finding(line, "no_topic", detail) | {"severity": "warning"}


def _categories(file: SeedFile, figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    most = int(MOST_IN_CATEGORY * figures["count"])
    for name, count in figures["categories"].items():
        if count > most:
            line = _line_of(file, most + 1, lambda seed, name=name: seed.category == name)  # type: ignore[misc]
            yield _finding(
                line, "large_category", f"field `category`: {name} holds {amount(count, 'task')}; at most {most}"
            )
    if figures["category_count"] < FEWEST_CATEGORIES:
        detail = f"field `category`: {figures['category_count']} categories; at least {FEWEST_CATEGORIES}"
        yield _finding(file.lines[-1], "few_categories", detail)


def _shares(file: SeedFile) -> Iterator[dict[str, Any]]:
    """Yield findings on shares out of bounds, at the first excess line, or at the last line if too few; plain seeds stand apart."""
    seeds = [seed for seed in file.seeds if not seed.plain] or file.seeds
    count = len(seeds)
    for field, (low, high), has in (
        ("is_classification", CLASSIFICATION, lambda seed: seed.is_classification),
        ("instances.0.input", WITH_INPUT, lambda seed: bool(seed.instances[0].input)),
    ):
        found = sum(map(has, seeds))
        if not low * count <= found <= high * count:
            line = _line_of(file, int(high * count) + 1, has)
            detail = f"field `{field}`: {found} of {count} tasks ({found / count:.1%}); from {low:.0%} to {high:.0%}"
            yield _finding(line, "share_out_of_bounds", detail)


def _verbs(file: SeedFile, figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if figures["language"] == "en" and figures["leading_verb_count"] < FEWEST_VERBS:
        detail = f"field `instruction`: {figures['leading_verb_count']} leading words; at least {FEWEST_VERBS}"
        yield _finding(file.lines[-1], "few_verbs", detail)


def _line_of(file: SeedFile, number: int, has: Callable[[Seed], bool]) -> int:
    """Return the line of the `number`th seed with a property, else the last line."""
    lines = [line for line, seed in zip(file.lines, file.seeds, strict=True) if has(seed)]
    return lines[number - 1] if len(lines) >= number else file.lines[-1]
