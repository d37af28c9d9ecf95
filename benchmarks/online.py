"""A pool that is asked one text at a time, its index on disk, and what a second worker gains.

    python -m benchmarks.online TEXTS.json

Prints one JSON document: microseconds of a query with its exact nearest neighbour and the insert after it, tokenizing included, median
of the last texts; seconds to read the index back; seconds by the clock with one worker and with two, for decisions and for neighbours.
"""

import io
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Literal

from selfinstruct.dedup.filter import near_duplicates
from selfinstruct.rouge import Index, token_lists, tokens

_LATE = 2_000
"""Texts that are asked for one at a time, at the end."""
_AT_ONCE = 4_096


def online(texts: list[str]) -> dict[str, float]:
    """Return microseconds for a late text, and seconds to read the index back."""
    index, taken = Index(), []
    for begin in range(0, len(texts) - _LATE, _AT_ONCE):
        some = texts[begin : min(begin + _AT_ONCE, len(texts) - _LATE)]
        index.extend(index.block((one, 1.0) for one in token_lists(some)))
    for text in texts[-_LATE:]:
        began = time.perf_counter()
        query = tokens(text)
        index.nearest(query)
        index.add(query)
        taken.append(time.perf_counter() - began)
    file = io.BytesIO()
    index.save(file)
    file.seek(0)
    began = time.perf_counter()
    Index.load(file)
    return {
        "query_and_insert_us": round(statistics.median(taken) * 1e6, 1),
        "reload_s": round(time.perf_counter() - began, 3),
    }


def by_workers(texts: list[str], neighbours: Literal["all", "dropped"]) -> dict[str, float]:
    """Return the wall seconds with one worker and with two, and how much faster two are."""
    seconds = []
    for workers in (1, 2):
        began = time.perf_counter()
        for _ in near_duplicates(texts, neighbours=neighbours, workers=workers):
            pass
        seconds.append(time.perf_counter() - began)
    return {"one_s": round(seconds[0], 2), "two_s": round(seconds[1], 2), "times": round(seconds[0] / seconds[1], 2)}


def main() -> None:
    texts: list[str] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    list(near_duplicates(texts[:5_000]))  # imports and compiled code are not what is measured
    found: dict[str, Any] = online(texts)
    found |= {f"workers, {one}": by_workers(texts, one) for one in ("dropped", "all")}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
