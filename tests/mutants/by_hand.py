"""Mutants of what people decide about rows: nothing that they did may be lost, doubled or brought back."""

from tests.mutants.mutant import Mutant

BY_HAND, UNMERGED = "tests/runs/test_by_hand.py", "tests/runs/test_unmerged.py"
MERGED = "tests/runs/test_merged.py"
_NOTICE, _APPLY, _EMISSION = "dataset/review/notice.py", "dataset/review/apply.py", "runs/by_hand.py"
SPLIT_ALONE, _TAKEN_OVER = "tests/dataset/diff/test_split_alone.py", "dataset/diff/taken_over.py"

MUTANTS = (
    Mutant(
        "a diff reads whole files alone",
        "dataset/diff/read.py",
        "return left, as_taken_over(left, right)",
        "return left, right",
        SPLIT_ALONE,
    ),
    Mutant("changes of the split files alone pass", _TAKEN_OVER, "return parts, ()", "return whole, ()", SPLIT_ALONE),
    Mutant("an edit hides a removal", _TAKEN_OVER, "return (), (*whole, *parts)", "return whole, parts", SPLIT_ALONE),
    Mutant(
        "removed rows come back",
        _NOTICE,
        "    for name in known.emitted.keys() - claimed if is_complete else ():\n",
        "    for name in ():\n",
        BY_HAND,
    ),
    Mutant(
        "split files win over the whole one",
        _NOTICE,
        "return of_splits | of_whole, conflicts",
        "return of_whole | of_splits, conflicts",
        BY_HAND,
    ),
    Mutant("a row claimed by its copy", _NOTICE, "and stood.stated not in claimed and", "and", BY_HAND),
    Mutant(
        "decisions not yet applied are taken back",
        _NOTICE,
        "        if not written.by_hand:\n            return None\n",
        "        if not written.by_hand and not self.decisions:\n            return None\n",
        BY_HAND,
    ),
    Mutant(
        "removed rows stay accepted", _APPLY, 'if decision and decision.decision == "removed":', "if False:", BY_HAND
    ),
    Mutant("two rows of one task", _APPLY, "elif new is None and row.id in taken:", "elif False:", BY_HAND),
    Mutant(
        "edits without a candidate are lost",
        _APPLY,
        '(one.decision == "added" or one.id not in edits)',
        'one.decision == "added"',
        BY_HAND,
    ),
    Mutant(
        "decisions are not written down",
        _EMISSION,
        "    write_decisions(directory.review, decisions)\n",
        "",
        BY_HAND,
    ),
    Mutant(
        "a decision that a merge dropped",
        "runs/known.py",
        "{name: one for name, one in as_emitted.items() if name not in edited} | written",
        "written",
        BY_HAND,
    ),
    Mutant(
        "an older split file takes an edit back",
        _NOTICE,
        "        if one is None and key in known.decisions and key not in of_whole and",
        "        if one is None and key in of_whole and",
        UNMERGED,
    ),
    Mutant(
        "what both sides of a merge began with is no matter",
        "runs/edits.py",
        "    if merge and (sides := sides_of(directory, merge, config, bootstrap)):\n",
        "    if False and (sides := sides_of(directory, merge, config, bootstrap)):\n",
        UNMERGED,
    ),
    Mutant(
        "a merge is never over",
        "runs/merges.py",
        "return merge if _is_of_sides(manifest, [_manifest(folder, side) for side in merge.sides]) else None",
        "return merge",
        UNMERGED,
    ),
    Mutant(
        "the text that was not chosen stands",
        "dataset/review/united.py",
        "if text_of(pair[0]) == reviewed",
        "if text_of(pair[1]) == reviewed",
        MERGED,
    ),
    Mutant(
        "the text that was not chosen is dropped",
        "dataset/review/united.py",
        "new = {key: _overruling(taken, left)}",
        "new = {key: taken}",
        MERGED,
    ),
    Mutant("excluded rows stay when edited", _EMISSION, " and not excluded & _ids(one)", "", BY_HAND),
)
