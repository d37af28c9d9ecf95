"""What the filter is compared with. Each takes texts and returns the positions that it drops, or None when it only scores pairs.

The settings are what their users pick, one each and not tuned: a threshold of 0.54 on unigrams is the Jaccard similarity of two texts of
equal length at ROUGE-L 0.7, had order not counted.
"""

from collections.abc import Callable

Run = Callable[[list[str]], list[int] | None]
Share = Callable[[int], float]
THRESHOLD = 0.7
JACCARD = 0.54
_QUERIES = 40
"""Of rouge-score: each against every text before it."""
_BLOCK = 256


def decisions(texts: list[str]) -> list[int] | None:
    from selfinstruct.dedup.filter import near_duplicates

    return [one.position for one in near_duplicates(texts, THRESHOLD, neighbours="dropped") if not one.kept]


def two_workers(texts: list[str]) -> list[int] | None:
    from selfinstruct.dedup.filter import near_duplicates

    found = near_duplicates(texts, THRESHOLD, neighbours="dropped", workers=2)
    return [one.position for one in found if not one.kept]


def neighbours(texts: list[str]) -> list[int] | None:
    from selfinstruct.dedup.filter import near_duplicates

    return [one.position for one in near_duplicates(texts, THRESHOLD) if not one.kept]


def all_pairs(texts: list[str]) -> list[int] | None:
    from selfinstruct.dedup.filter import NearDuplicateFilter

    sieve = NearDuplicateFilter(texts[:0], "dropped")
    for _ in sieve.decide((text, 1.0) for text in texts):
        pass
    for _ in sieve.similarities():
        pass
    return None


def rouge_score(texts: list[str]) -> list[int] | None:
    """Score as self-instruct does: one text against all before it, here for a sample of evenly spread texts."""
    from rouge_score import rouge_scorer

    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    for query in _spread(len(texts)):
        for text in texts[:query]:
            scorer.score(texts[query], text)
    return None


def _spread(count: int) -> range:
    return range(count // _QUERIES // 2, count, max(1, count // _QUERIES))


def rouge_share(count: int) -> float:
    """Return the share of all pairs that `rouge_score` scores."""
    return sum(_spread(count)) / (count * (count - 1) / 2)


def rapidfuzz_cdist(texts: list[str]) -> list[int] | None:
    """Score all pairs, a block of texts against all up to its end."""
    from rapidfuzz import process
    from rapidfuzz.distance import LCSseq

    from selfinstruct.rouge import tokens

    letters: dict[str, str] = {}

    def encode(text: str) -> str:
        return "".join(letters.setdefault(token, _letter(len(letters) + 1)) for token in tokens(text))

    encoded = [encode(text) for text in texts]
    for begin in range(0, len(encoded), _BLOCK):
        end = min(begin + _BLOCK, len(encoded))
        process.cdist(encoded[begin:end], encoded[:end], scorer=LCSseq.similarity)
    return None


def _letter(code: int) -> str:
    return chr(code if code < 0xD800 else code + 0x800)


def datasketch_lsh(texts: list[str]) -> list[int] | None:
    from datasketch import MinHash, MinHashLSH

    from selfinstruct.rouge import tokens

    lsh, dropped = MinHashLSH(threshold=JACCARD, num_perm=128), []
    for position, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([token.encode() for token in tokens(text)])
        if lsh.query(sketch):
            dropped.append(position)
        else:
            lsh.insert(str(position), sketch)
    return dropped


def rensa_lsh(texts: list[str]) -> list[int] | None:
    from rensa import RMinHash, RMinHashLSH

    from selfinstruct.rouge import tokens

    lsh, dropped, kept = RMinHashLSH(threshold=JACCARD, num_perm=128, num_bands=32), [], {}
    for position, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(tokens(text))
        if any(sketch.jaccard(kept[other]) >= JACCARD for other in lsh.query(sketch)):
            dropped.append(position)
        else:
            lsh.insert(position, sketch)
            kept[position] = sketch
    return dropped


def semhash(texts: list[str]) -> list[int] | None:
    from semhash import SemHash

    found = SemHash.from_records(records=texts).self_deduplicate(threshold=0.9)
    selected = set(found.selected)
    return [position for position, text in enumerate(texts) if text not in selected]


TOOLS: dict[str, tuple[Run, Share | None]] = {
    "selfinstruct, decisions": (decisions, None),
    "selfinstruct, decisions, 2 workers": (two_workers, None),
    "selfinstruct, exact neighbours": (neighbours, None),
    "selfinstruct, all pairs": (all_pairs, None),
    "rouge-score, all pairs": (rouge_score, rouge_share),
    "rapidfuzz cdist, all pairs": (rapidfuzz_cdist, None),
    "datasketch MinHashLSH": (datasketch_lsh, None),
    "rensa RMinHashLSH": (rensa_lsh, None),
    "semhash": (semhash, None),
}
