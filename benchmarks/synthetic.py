"""Instructions made from instructions: any number of them, with the word frequencies and the near-duplicates of a self-instruct run.

    python -m benchmarks.synthetic 1000000 --seed 42 alpaca.jsonl > million.jsonl

Each is a crossover of two real ones at a word they share, in which one to four words of ten are replaced by words that were seen between
the same two neighbours; some of those, one in a hundred, by a word that nobody has used before. 15 in 100 are near-duplicates instead: an
earlier one with one or two edits. Without a file the project's own seed tasks are the real ones.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from selfinstruct.dataset.io.parse import load
from selfinstruct.system.files import bundled, to_line

NEAR_DUPLICATES = 0.15
NOVEL = 0.01


class Synthesizer:
    """Makes new texts from the words of real ones; `joint` stands between two words."""

    def __init__(self, texts: Sequence[str], rng: random.Random, joint: str = " ") -> None:
        self._rng, self._joint = rng, joint
        self._texts = [words for text in texts if len(words := self.words(text)) > 1]
        self._holding: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._between: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for number, words in enumerate(self._texts):
            for position, word in enumerate(words):
                self._holding[word].append((number, position))
                if 0 < position < len(words) - 1:
                    self._between[words[position - 1], words[position + 1]].append(word)
        self._novel = 0

    def words(self, text: str) -> list[str]:
        return text.split() if self._joint else list(text)

    def stream(self, count: int) -> Iterator[str]:
        """Yield new texts; an earlier one among the last 100,000 is the source of a near-duplicate."""
        made: list[list[str]] = []
        for number in range(count):
            if made and self._rng.random() < NEAR_DUPLICATES:
                words = self._edited(self._rng.choice(made))
            else:
                words = self._substituted(self._crossed())
            if len(made) < 100_000:
                made.append(words)
            else:
                made[number % 100_000] = words
            yield self._joint.join(words)

    def _crossed(self) -> list[str]:
        left = self._rng.choice(self._texts)
        cut = self._rng.randrange(len(left))
        number, position = self._rng.choice(self._holding[left[cut]])
        return left[:cut] + self._texts[number][position:]

    def _substituted(self, words: list[str]) -> list[str]:
        words = list(words)
        share = self._rng.uniform(0.1, 0.4)
        for position in range(1, len(words) - 1):
            if self._rng.random() < share:
                words[position] = self._rng.choice(self._between.get((words[position - 1], words[position + 1]), words))
                if self._rng.random() < NOVEL:
                    words[position] = self._new_word()
        return words

    def _edited(self, words: list[str]) -> list[str]:
        words = list(words)
        for _ in range(self._rng.randint(1, 2)):
            position = self._rng.randrange(len(words))
            if self._rng.random() < 0.5 and len(words) > 2:
                del words[position]
            else:
                words[position] = self._rng.choice(self._rng.choice(self._texts))
        return words

    def _new_word(self) -> str:
        self._novel += 1
        return f"novel{self._novel}" if self._joint else chr(0x4E00 + self._novel % 20_000)


def instructions(path: Path) -> list[str]:
    return [row.instruction for row in load(path, needs_answer=False)]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line says; its options may stand between count and file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("source", type=Path, nargs="?", help="an instruction file  [default: the project's seeds]")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    return parser.parse_intermixed_args(given)


def main() -> None:
    given = arguments()
    source = given.source or bundled("seed_tasks") / f"{given.language}.jsonl"
    made = Synthesizer(instructions(source), random.Random(given.seed), " " if given.language == "en" else "")
    for text in made.stream(given.count):
        sys.stdout.write(to_line({"instruction": text}) + "\n")


if __name__ == "__main__":
    main()
