"""The maker of synthetic rows: its own command parses, and the same seed makes the same rows."""

import random
import shlex
from itertools import takewhile

import pytest

synthetic = pytest.importorskip("benchmarks.synthetic", reason="not in the sdist")


def test_the_command_of_its_docstring_parses() -> None:
    (line,) = [line for line in synthetic.__doc__.splitlines() if "python -m" in line]
    words = list(takewhile(lambda word: word != ">", shlex.split(line)[3:]))
    given = synthetic.arguments(words)
    assert (given.count, str(given.source), given.seed) == (1_000_000, "alpaca.jsonl", 42)
    assert synthetic.arguments([words[0], *words[3:], *words[1:3]]) == given


@pytest.mark.parametrize("joint", [" ", ""])
def test_a_seed_makes_the_same_rows(joint: str) -> None:
    texts = (
        ["Name a river in France", "Write a poem about a river"]
        if joint
        else ["写一首关于河流的诗", "说出一条河流的名字"]
    )
    made = [list(synthetic.Synthesizer(texts, random.Random(7), joint).stream(20)) for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]) == 20
