"""Every decision, score and neighbour of the filter, held against `rouge-score` without any shortcut.

    python -m benchmarks.exactness alpaca.jsonl.gz --rows 5000
    python -m benchmarks.exactness --language zh --rows 3000

Rows are taken evenly from the file; without one they are made from the project's seed tasks (`benchmarks.synthetic`). Each is scored by
`rouge_score.rouge_scorer._score_lcs` against all rows kept before it, and by the scorer itself, tokenizing included, where it was near.
Prints one JSON document; exits with 1 and the first difference if there is one.
"""

import argparse
import json
import multiprocessing
import random
import sys
import time
from pathlib import Path
from typing import Any

from rouge_score import rouge_scorer

from benchmarks.synthetic import Synthesizer, instructions
from selfinstruct.dedup.filter import Decision, near_duplicates
from selfinstruct.rouge import tokens
from selfinstruct.system.files import bundled


class OurTokens:
    """Our tokens in the shape that rouge-score takes."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


SCORER = rouge_scorer.RougeScorer(["rougeL"], tokenizer=OurTokens())
DEFAULT_SCORER = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)


def texts_of(given: argparse.Namespace) -> list[str]:
    if given.source:
        every = instructions(given.source)
        step = max(len(every) // given.rows, 1)
        return every[::step][: given.rows]
    seeds = instructions(bundled("seed_tasks") / f"{given.language}.jsonl")
    made = Synthesizer(seeds, random.Random(given.seed), "" if given.language == "zh" else " ")
    return list(made.stream(given.rows))


class Check:
    """The decisions of a list, and the same from rouge-score; by number of a row, so that processes can share the work."""

    def __init__(self, texts: list[str], threshold: float) -> None:
        self.texts, self.threshold = texts, threshold
        self.tokens = [tokens(text) for text in texts]
        started = time.process_time()
        self.decisions = list(near_duplicates(texts, threshold))
        self.seconds = time.process_time() - started

    def difference(self, number: int) -> str:
        """Return what differs for a row, given that all rows before it were decided rightly."""
        mine, kept = self.decisions[number], [one.position for one in self.decisions[:number] if one.kept]
        score = rouge_scorer._score_lcs  # noqa: SLF001 - what the package computes, without tokenizing again for each pair
        scores = [score(self.tokens[other], self.tokens[number]).fmeasure for other in kept]
        highest = max(scores, default=0.0)
        nearest = kept[scores.index(highest)] if kept else None
        expected = Decision(number, nearest, highest, highest <= self.threshold, len(self.tokens[number]))
        if mine != expected:
            return f"row {number}: {mine}, rouge-score {expected}"
        return self._by_text(number, nearest, highest) if nearest is not None else ""

    def _by_text(self, number: int, nearest: int, highest: float) -> str:
        one, other = self.texts[nearest], self.texts[number]
        scorers = [SCORER, DEFAULT_SCORER] if (one + other).isascii() else [SCORER]
        found = [scorer.score(one, other)["rougeL"].fmeasure for scorer in scorers]
        return "" if all(value == highest for value in found) else f"row {number}: scorer {found}, ours {highest}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?", help="an instruction file")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--language", choices=["en", "zh"], default="zh")
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    check = Check(texts_of(given), given.threshold)
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(given.processes) as pool:
        differences = list(filter(None, pool.imap(check.difference, range(len(check.texts)), 20)))
    print(json.dumps(report(check, differences, given) | {"rouge_score_wall_s": round(time.perf_counter() - started)}))
    if differences:
        sys.exit(differences[0])


def report(check: Check, differences: list[str], given: argparse.Namespace) -> dict[str, Any]:
    kept = [one.kept for one in check.decisions]
    return {
        "source": given.source.name if given.source else f"made from the {given.language} seeds, seed {given.seed}",
        "rows": len(kept),
        "dropped": kept.count(False),
        "at_the_threshold": sum(one.score == given.threshold for one in check.decisions),
        "pairs": sum(kept[:number].count(True) for number in range(len(kept))),
        "differences": len(differences),
        "our_cpu_s": round(check.seconds, 3),
    }


if __name__ == "__main__":
    main()
