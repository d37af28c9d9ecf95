"""Column types of a card, against what `datasets` itself reads and writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.hub.features import features_of

PLAIN = {"id": "a", "language": "zh", "instruction": "问", "input": "", "output": "答"}
RICH = PLAIN | {
    "id": "b",
    "history": [["Hi", "Hello"]],
    "reasoning": "so",
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "calls": [{"role": "assistant", "tool_calls": []}, {"role": "tool", "content": "1"}],
    "unlearned": [0],
    "source": {"file": "a.txt", "start": 1, "end": 2},
}


def test_plain_rows_are_texts() -> None:
    assert features_of([PLAIN]) == [{"name": name, "dtype": "string"} for name in PLAIN]


def test_objects_with_other_keys_are_json_and_those_with_the_same_a_struct() -> None:
    found = {one["name"]: one for one in features_of([PLAIN, RICH])}
    assert found["calls"] == {"name": "calls", "list": {"dtype": "json"}} or found["calls"] == {
        "name": "calls",
        "list": "json",
    }
    assert found["history"] == {"name": "history", "list": {"list": "string"}}
    assert found["source"]["struct"][0] == {"name": "file", "dtype": "string"}


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")
def test_datasets_reads_every_file_with_these_types(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    (tmp_path / "plain.jsonl").write_text(json.dumps(PLAIN) + "\n", encoding="utf-8")
    (tmp_path / "rich.jsonl").write_text(json.dumps(RICH) + "\n", encoding="utf-8")
    features = datasets.Features._from_yaml_list(features_of([PLAIN, RICH]))
    files = [str(tmp_path / name) for name in ("plain.jsonl", "rich.jsonl")]
    loaded = datasets.load_dataset(
        "json", data_files=files, split="train", features=features, cache_dir=str(tmp_path / "cache")
    )
    plain, rich = loaded
    assert {name: rich[name] for name in RICH} == RICH
    assert {name: plain[name] for name in PLAIN} == PLAIN


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(["x", "y"]), VALUES, max_size=2), max_size=4))
def test_any_rows_have_types_and_their_order_does_not_matter(rows: list[dict[str, Any]]) -> None:
    def by_name(values: list[dict[str, Any]]) -> dict[str, str]:
        return {one["name"]: str(sorted(one.items(), key=str)) for one in features_of(values)}

    found = by_name(rows)
    assert set(found) == {name for row in rows for name in row}
    assert set(by_name(rows[::-1])) == set(found)
