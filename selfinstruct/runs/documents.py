"""What is said of the documents of a run: how many were read, and which came or went since the run last asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.review.apply import some
from selfinstruct.errors import SelfInstructError
from selfinstruct.runs.inputs import Inputs
from selfinstruct.system.files import read_jsonl

_PREFIX: Final = "documents/"


def documents_read(inputs: Inputs) -> dict[str, Any]:
    """Return the number of documents, the passages in each language, and the documents without any; nothing where none are asked about."""
    names = _names(inputs.sha256)
    if not names:
        return {}
    passages = {language: plan.passages for language, plan in inputs.plans.items()}
    used = {one.document for some_ in passages.values() for one in some_}
    return {
        "documents": len(names),
        "passages": {language: len(found) for language, found in passages.items()},
        "without_passage": [name for name in names if name not in used],
    }


def in_words(read: Mapping[str, Any]) -> str:
    """Return what `documents_read` found, in a sentence; "" for nothing."""
    if not read:
        return ""
    passages = ", ".join(f"{language} {count:,}" for language, count in read["passages"].items())
    without = read["without_passage"]
    left = f"; too short, or in no language of [target], so that nothing is asked about them: {some(without)}"
    return f"Documents: {read['documents']:,} read, passages: {passages}{left if without else ''}"


def changed_documents(manifest: Manifest | None, sources: Mapping[str, str], dataset: Path) -> dict[str, Any]:
    """Return the documents that came and went since the run last asked; of the latter with the rows of the dataset that come from each."""
    before, now = _names(manifest.sources if manifest else {}), _names(sources)
    if manifest is None or not (before or now) or "documents" not in manifest.asking.generate.recipes:
        return {}
    gone, added = [name for name in before if name not in now], [name for name in now if name not in before]
    rows = _rows_by_document(dataset) if gone else {}
    found = {"added": added, "removed": {name: rows.get(name, 0) for name in gone}}
    return found if added or gone else {}


def tell_changed(changed: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `changed_documents` found."""
    if added := changed.get("added"):
        yield f"documents added since the run last asked: {some(added)}; requests to come ask about them too"
    if removed := changed.get("removed"):
        named = some([f"{name} ({count} row{'' if count == 1 else 's'})" for name, count in removed.items()])
        count = sum(removed.values())
        stay = f"the rows that come from them ({count}) stay" if count else "no row comes from them"
        yield f"documents removed since the run last asked: {named}; {stay}, and no further request asks about them"


def _names(sources: Mapping[str, str]) -> list[str]:
    return sorted(name.removeprefix(_PREFIX) for name in sources if name.startswith(_PREFIX))


def _rows_by_document(dataset: Path) -> Counter[str]:
    """Return {document: rows} of a dataset as it stands; a file that cannot be read has none, as others say what is wrong with it."""
    found: Counter[str] = Counter()
    for path in sorted(dataset.glob("*.jsonl")):
        try:
            rows = [value for _, value in read_jsonl(path)]
        except SelfInstructError:
            continue
        sources = (row.get("source") for row in rows)
        found.update(str(one.get("document", "")) for one in sources if isinstance(one, dict))
    return found
