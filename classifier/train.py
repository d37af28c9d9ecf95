"""Train the classifier: `python -m classifier.train` writes weights.bin and weights.json into the package; the same rows give the same bytes.

Needs scikit-learn, which the package does not. Rows: `classifier/rows/*.jsonl` (written for this purpose; Apache-2.0), the seeds, and
the labelled rows of the tests. Thresholds: five-fold cross-validation, per head.
"""

import hashlib
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.classifier.features import BITS, of_answer
from selfinstruct.quality.rules.wording import may_decline, may_stand
from selfinstruct.records import Candidate

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "selfinstruct" / "quality" / "classifier"
NAMES = {"speaks_of_itself": "self_reference"}
"""Defect of a row -> head."""
HEADS = ("refusal", "placeholder_output")
LOOKS_ALIKE = {
    "refusal": {"missing_input", "missing_media", "self_reference", "placeholder_output"},
    "placeholder_output": {"refusal", "unfinished_output"},
}
"""Head -> defects whose rows are left out: they may well have both."""
PRECISION = 0.98
MARGIN = {"refusal": 2.0, "placeholder_output": 1.0}
"""Added to each threshold: of the rows that a rule meets in files of others far fewer are faulty than of those it is trained on."""
FOLDS, C = 5, 30.0


class Row(NamedTuple):
    """A labelled row."""

    language: Any
    instruction: str
    input: str
    output: str
    defect: str


def rows() -> Iterator[Row]:
    """Yield all rows."""
    for path in sorted((ROOT / "classifier" / "rows").glob("*.jsonl")):
        for value in _values(path):
            defect = NAMES.get(value["defect"], value["defect"])
            yield Row(value["language"], value["instruction"], value["input"], value["output"], defect)
    for language in ("en", "zh"):
        for value in _values(ROOT / "tests" / "support" / "labelled" / f"{language}.jsonl"):
            rule, *fields = ("".join(value[name]) for name in ("rule", "instruction", "input", "output"))
            if not rule or rule in HEADS:
                yield Row(language, *fields, rule)
        for value in _values(ROOT / "seed_tasks" / f"{language}.jsonl"):
            if value.get("plain"):
                continue  # written after the weights were trained, and of no help to them
            first = value["instances"][0]
            yield Row(language, value["instruction"], first["input"], first["output"], "")


def matrix(found: list[Row]) -> sp.csr_matrix:
    """Return the features of all rows."""
    seen = [of_answer(row.instruction, row.input, row.output, row.language) for row in found]
    ends = np.cumsum([0, *(len(one.buckets) for one in seen)])
    columns = np.concatenate([one.buckets.astype(np.int64) for one in seen])
    table = sp.csr_matrix((np.concatenate([one.values for one in seen]), columns, ends), shape=(len(found), 1 << BITS))
    table.sum_duplicates()
    return table


def train() -> dict[str, Any]:
    """Write the weights; returns what weights.json says."""
    found = list(dict.fromkeys(rows()))
    folds = np.array(
        [zlib.crc32((one.instruction + one.input).encode("utf-8", "surrogatepass")) % FOLDS for one in found]
    )
    table = matrix(found)
    heads, weights = {}, []
    for name in HEADS:
        wrong = np.array([one.defect == name for one in found])
        used = np.array([one.defect not in LOOKS_ALIKE[name] for one in found])
        asked = np.array([_is_asked(name, one) for one in found])
        threshold, recall = _threshold((table[used], wrong[used], folds[used]), asked[used], MARGIN[name])
        fitted = _fit(table[used], wrong[used])
        scale = float(np.abs(fitted.coef_).max()) / 127
        weights.append(np.rint(fitted.coef_[0] / scale).astype(np.int8))
        heads[name] = {
            "scale": round(scale, 9),
            "intercept": round(float(fitted.intercept_[0]), 6),
            "threshold": round(threshold, 3),
            "recall": round(recall, 3),
            "rows": int(wrong.sum()),
        }
        sys.stdout.write(f"{name}: {heads[name]}\n")
    data = np.stack(weights).tobytes()
    about = {"sha256": hashlib.sha256(data).hexdigest(), "license": "Apache-2.0", "rows": len(found), "heads": heads}
    (PACKAGE / "weights.bin").write_bytes(data)
    (PACKAGE / "weights.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return about


def _threshold(
    rows: tuple[sp.csr_matrix, NDArray[np.bool_], NDArray[np.int64]], asked: NDArray[np.bool_], margin: float
) -> tuple[float, float]:
    """Return the lowest score above which the precision holds in cross-validation, with the recall there, over the rows of which the head is asked."""
    table, wrong, folds = rows
    scores = np.zeros(len(wrong))
    for fold in range(FOLDS):
        scores[folds == fold] = _fit(table[folds != fold], wrong[folds != fold]).decision_function(table[folds == fold])
    scores, wrong = scores[asked], wrong[asked]
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(wrong[order])
    precise = np.flatnonzero(right / np.arange(1, len(order) + 1) >= PRECISION)
    last = precise[-1] if len(precise) else 0
    threshold = float(scores[order[last]]) + margin
    return threshold, float((wrong & (scores >= threshold)).sum() / wrong.sum())


def _is_asked(name: str, row: Row) -> bool:
    """Return whether the rule asks its head about a row."""
    candidate = _candidate(row)
    return may_decline(candidate, LANGUAGES[row.language]) if name == "refusal" else may_stand(candidate)


def _candidate(row: Row) -> Candidate:
    fields = {"instruction": row.instruction, "input": row.input, "output": row.output}
    return Candidate(language=row.language, index=0, position=0, **fields)


def _fit(table: sp.csr_matrix, wrong: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=C, solver="liblinear", random_state=0, tol=1e-4).fit(table, wrong)


def _values(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    train()
