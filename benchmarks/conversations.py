"""How long the import of 100,000 conversations takes, and how much memory.

    python -m benchmarks.conversations [COUNT]

The conversations are synthetic, half English and half Chinese, one to three exchanges of an instruction and an answer of about 80 words or 130
characters; one in six has a defect that is cut or mended. Prints one JSON document; on a busy machine look at the processor's seconds.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.synthetic import Synthesizer
from selfinstruct.system.files import bundled, read_jsonl

_DEFECTS = (
    "\n\nRegenerate response",
    "\n\n重新生成",
    "\n\nToo many requests in 1 hour. Try again later.",
    "\n[truncated]",
    "\n\nAs an AI language model, I have no opinion on that.",
    "\n作为一个人工智能语言模型，我没有个人观点。",
)
_BRACKETS = set('()[]{}<>（）【】《》「」“”"`$')
"""Their lines are not mixed with others: half a bracket is a defect."""
_LENGTH = {"en": 100, "zh": 170}


def texts(language: str, kind: str) -> list[str]:
    seeds = [seed for _, seed in read_jsonl(bundled("seed_tasks") / f"{language}.jsonl")]
    if kind == "instruction":
        return [seed["instruction"] for seed in seeds]
    return [
        sentence
        for seed in seeds
        for one in seed["instances"]
        for sentence in one["output"].split("\n")
        if len(sentence) > 8 and not set(sentence) & _BRACKETS
    ]


def conversations(count: int, seed: int = 42) -> Iterator[dict[str, Any]]:
    """Yield ShareGPT rows; the same ones for the same seed."""
    rng = random.Random(seed)
    streams = {}
    for language, joint in (("en", " "), ("zh", "")):
        asked, said = (Synthesizer(texts(language, kind), rng, joint) for kind in ("instruction", "output"))
        streams[language] = (asked.stream(count * 4), said.stream(count * 80), joint)
    for number in range(count):
        language = "en" if number % 2 else "zh"
        asked, said, joint = streams[language]
        turns: list[dict[str, str]] = []
        for _ in range(rng.randint(1, 3)):
            turns.append({"from": "human", "value": next(asked)})
            answer = [next(said)]
            while sum(len(one.split() if joint else one) for one in answer) < _LENGTH[language] * rng.uniform(0.3, 1.2):
                answer.append(next(said))
            turns.append(
                {"from": "gpt", "value": "\n".join(f"{one.rstrip('.。')}{'.' if joint else '。'}" for one in answer)}
            )
        if rng.random() < 1 / 6:
            turns[-1]["value"] += rng.choice(_DEFECTS)
        yield {"id": f"c{number}", "conversations": turns}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sharegpt.json"
        with path.open("w", encoding="utf-8") as file:
            for number, one in enumerate(conversations(count)):
                file.write(("[" if not number else ",\n") + json.dumps(one, ensure_ascii=False))
            file.write("]\n")
        command = [sys.executable, "-m", "selfinstruct", "import", str(path), "--output", f"{folder}/out", "--json"]
        started = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads(done.stdout)
        found = {
            "conversations": told["conversations"],
            "kept": told["kept"],
            "rejected": told["rejected"],
            "megabytes_read": round(path.stat().st_size / 1e6, 1),
            "seconds": round(seconds, 1),
            "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
            "most_megabytes": round(used.ru_maxrss / 1024, 1),
        }
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
