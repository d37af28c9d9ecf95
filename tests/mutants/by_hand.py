"""Mutants of what people decide about rows: nothing that they did may be lost, doubled or brought back."""

from tests.mutants.mutant import Mutant

BY_HAND = "tests/runs/test_by_hand.py"
_NOTICE, _APPLY, _EMISSION = "dataset/review/notice.py", "dataset/review/apply.py", "runs/by_hand.py"

MUTANTS = (
    Mutant(
        "removed rows come back",
        _NOTICE,
        "    for name in known.emitted.keys() - claimed:\n",
        "    for name in ():\n",
        BY_HAND,
    ),
    Mutant(
        "the copy of a row before the row",
        _NOTICE,
        "key=lambda one: one.row.id not in by_row and one.row.id not in known.emitted",
        "key=lambda one: 0",
        BY_HAND,
    ),
    Mutant(
        "decisions not yet applied are taken back",
        _NOTICE,
        "return {recorded.id: None} if written and written.by_hand else {}",
        "return {recorded.id: None}",
        BY_HAND,
    ),
    Mutant(
        "split files win over the whole one",
        _NOTICE,
        "return of_splits | of_whole, conflicts",
        "return of_whole | of_splits, conflicts",
        BY_HAND,
    ),
    Mutant(
        "removed rows stay accepted", _APPLY, 'if decision and decision.decision == "removed":', "if False:", BY_HAND
    ),
    Mutant("two rows of one task", _APPLY, "elif new is None and row.id in taken:", "elif False:", BY_HAND),
    Mutant(
        "edits without a candidate are lost",
        _APPLY,
        "others = {one.row.id: one for one in wanted.values() if one.row and one.id not in edits}",
        'others = {one.row.id: one for one in wanted.values() if one.row and one.decision == "added"}',
        BY_HAND,
    ),
    Mutant(
        "decisions are not written down",
        _EMISSION,
        "        write_decisions(directory.review, decisions.values())\n",
        "",
        BY_HAND,
    ),
    Mutant(
        "untouched files are searched",
        _EMISSION,
        "if path and _sum(path) not in known_sums.get(path, ())",
        "if path",
        BY_HAND,
    ),
    Mutant(
        "a decision that a merge dropped",
        _EMISSION,
        "{name: one for name, one in as_emitted.items() if name not in edited} | written",
        "written",
        BY_HAND,
    ),
    Mutant("excluded rows stay when edited", _EMISSION, " and not excluded & _ids(one)", "", BY_HAND),
)
