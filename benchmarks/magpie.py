"""What the embedded teacher writes where a user's turn would begin: the samples that docs/decisions weighs Magpie by.

    python -m benchmarks.magpie OUTPUT [--model NAME] [--samples 200] [--min-p 0.1]

Writes one JSON line a sample: language, text, whether it ended by itself, and the rule that it breaks (Xu et al. 2024, Magpie: the template
up to the user's turn, temperature 1, top_p 1; the system text turns the language). Prints counts. Whether a sample is a sensible task is
for a reader to say.
"""

import argparse
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import INSTRUCTION_RULES
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.teacher.embedded.server import start
from selfinstruct.weights import fetch

SYSTEM: dict[LanguageCode, str] = {
    "en": "You are a helpful assistant. The user asks everyday questions in English.",
    "zh": "你是一位乐于助人的助手，用户用中文提各种日常问题。",
}
SLOTS, MOST_TOKENS = 8, 120


def sample(engine: Any, language: LanguageCode, seed: int, min_p: float) -> dict[str, object]:
    """Return one text of the user's turn, with what became of it."""
    body = {
        "prompt": f"<|im_start|>system\n{SYSTEM[language]}<|im_end|>\n<|im_start|>user\n",
        "max_tokens": MOST_TOKENS,
        "temperature": 1,
        "top_p": 1,
        "top_k": 0,
        "min_p": min_p,
        "seed": seed,
        "cache_prompt": True,
    }
    reply = engine.handle_completions(body)
    [choice] = reply["choices"]
    text = str(choice["text"]).strip()
    candidate = Candidate(language=language, index=0, position=0, instruction=text)
    broken = next((rule.__name__ for rule in INSTRUCTION_RULES if rule(candidate, LANGUAGES[language])), "")
    return {
        "language": language,
        "text": text,
        "ended": choice["finish_reason"] == "stop",
        "rule": broken or ("" if text else "empty"),
    }


def main() -> None:
    """Draw the samples, write them, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument(
        "--min-p",
        type=float,
        default=0.0,
        help="tail of the distribution to cut; 0 as Magpie does, 0.1 as the demo does",
    )
    given = parser.parse_args()
    weights = fetch(given.model, say=print)
    started = time.process_time()
    with TemporaryDirectory() as folder:
        engine = start(str(weights), f"{folder}/engine.sock", slots=SLOTS, context=512, threads=1)
        with ThreadPoolExecutor(SLOTS) as pool:
            asked = [(language, seed) for language in SYSTEM for seed in range(given.samples)]
            rows = list(pool.map(lambda one: sample(engine, *one, given.min_p), asked))
    given.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    for language in SYSTEM:
        mine = [row for row in rows if row["language"] == language]
        print(
            language, "ended", sum(bool(row["ended"]) for row in mine), "different", len({row["text"] for row in mine})
        )
        print(language, Counter(row["rule"] or "passes" for row in mine).most_common())
    print("processor seconds", round(time.process_time() - started))


if __name__ == "__main__":
    main()
