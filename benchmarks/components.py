"""MinHash and connected components beside the exact filter, on one file: rows deleted wrongly, near-duplicates missed, time and memory.

    python -m benchmarks.components rows.jsonl --rows 60000

Texts that share a band of their MinHash signatures are joined, and of each connected component the first one stays, without any pair being checked:
the way of datatrove's `MinhashDedupCluster` and of text-dedup. A row is deleted wrongly that the exact filter keeps: its ROUGE-L to every row
kept before it is at most the threshold. A text shorter than a shingle is one shingle (datatrove leaves it out). The first setting has the defaults of datatrove's `MinhashConfig`; needs requirements-bench.txt.
"""

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from datasketch import MinHash

from selfinstruct.dataset.io.parse import load
from selfinstruct.dedup.filter import near_duplicates
from selfinstruct.rouge import tokens


class Setting(NamedTuple):
    """Words of a shingle, bands, and hashes of a band."""

    words: int
    bands: int
    hashes: int


SETTINGS = (Setting(5, 14, 8), Setting(1, 25, 5), Setting(1, 42, 3))


def first_of_components(texts: Sequence[str], setting: Setting) -> list[int]:
    """Return for each text the first text of its component."""
    parent = list(range(len(texts)))
    tables: list[dict[bytes, int]] = [{} for _ in range(setting.bands)]

    def root(text: int) -> int:
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for number, text in enumerate(texts):
        shingles = _shingles(tokens(text), setting.words)
        if not shingles:
            continue
        sketch = MinHash(num_perm=setting.bands * setting.hashes)
        sketch.update_batch([shingle.encode() for shingle in shingles])
        for band, table in enumerate(tables):
            key = sketch.hashvalues[band * setting.hashes : (band + 1) * setting.hashes].tobytes()
            one, other = root(table.setdefault(key, number)), root(number)
            parent[max(one, other)] = min(one, other)
    return [root(number) for number in range(len(texts))]


def _shingles(words: Sequence[str], size: int) -> set[str]:
    if len(words) < size:
        return {" ".join(words)} if words else set()
    return {" ".join(words[start : start + size]) for start in range(len(words) - size + 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=60_000)
    given = parser.parse_args()
    texts = [row.instruction for row, _ in zip(load(given.file, needs_answer=False), range(given.rows), strict=False)]
    began = time.process_time()
    kept = [one.kept for one in near_duplicates(texts, neighbours="dropped")]
    report = [{"setting": "exact", "deleted": kept.count(False)} | _used(began)]
    for setting in SETTINGS:
        began = time.process_time()
        first = first_of_components(texts, setting)
        stays = [one == number for number, one in enumerate(first)]
        pairs = list(zip(kept, stays, strict=True))
        found = {
            "deleted": stays.count(False),
            "wrongly": pairs.count((True, False)),
            "missed": pairs.count((False, True)),
            "largest component": Counter(first).most_common(1)[0][1],
        }
        report.append({"setting": setting._asdict()} | found | _used(began))
    print(json.dumps(report, indent=2))


def _used(began: float) -> dict[str, float]:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu_s": round(time.process_time() - began, 1), "peak_mb": memory // 1024}


if __name__ == "__main__":
    main()
