"""Figures of seed files, and the bounds that good ones keep. The figures are computed from the file each time, never stored."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from selfinstruct.dataset.load import guess_language
from selfinstruct.records import Seed
from selfinstruct.rouge import Index, tokens
from selfinstruct.seeds import SeedFile

MOST_SIMILAR = 0.5
"""Highest ROUGE-L between two seed instructions: seeds are to be further apart than rows (0.7)."""
MOST_IN_CATEGORY = 0.10
CLASSIFICATION = (0.15, 0.20)
WITH_INPUT = (0.55, 0.70)
MANY = 100
"""Bounds on shares are for files of at least this many tasks; a handful of seeds cannot keep them."""


def seed_figures(file: SeedFile) -> dict[str, Any]:
    """Return the figures of one seed file and the findings where a bound is broken."""
    seeds = file.seeds
    language = guess_language(" ".join(seed.instruction for seed in seeds))
    nearest = list(_nearest(seeds))
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
        "highest_similarity": max((score for _, score in nearest), default=0.0),
    }
    figures["category_count"] = len(figures["categories"])
    figures["leading_verb_count"] = len(figures["leading_verbs"])
    findings = [*_pairs(file, nearest), *_labels(file), *(_bounds(figures) if len(seeds) >= MANY else ())]
    return figures | {"findings": findings}


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
    """Yield classification tasks whose labels are not equally often shown, where they show more than one."""
    for line, seed in zip(file.lines, file.seeds, strict=True):
        counts = Counter(instance.output for instance in seed.instances)
        if seed.is_classification and len(set(counts.values())) > 1:
            yield _finding(
                line, "unbalanced_labels", f"field `instances`: {dict(counts)}; show each label equally often"
            )


def _bounds(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    name, most = next(iter(figures["categories"].items()))
    if most > MOST_IN_CATEGORY * figures["count"]:
        yield _finding(
            0,
            "large_category",
            f"field `category`: {name} holds {most} of {figures['count']}; at most {MOST_IN_CATEGORY:.0%}",
        )
    if figures["category_count"] < 20:
        yield _finding(0, "few_categories", f"field `category`: {figures['category_count']} categories; at least 20")
    for field, (low, high), key in (
        ("is_classification", CLASSIFICATION, "classification_share"),
        ("instances.input", WITH_INPUT, "input_share"),
    ):
        if not low <= figures[key] <= high:
            yield _finding(0, key, f"field `{field}`: share {figures[key]:.1%}; from {low:.0%} to {high:.0%}")
    if figures["language"] == "en" and figures["leading_verb_count"] < 80:
        yield _finding(
            0, "few_verbs", f"field `instruction`: {figures['leading_verb_count']} leading verbs; at least 80"
        )
