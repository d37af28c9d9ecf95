"""Causes of changed rows."""

from selfinstruct.dataset.diff import Checks, Origin, Side, compare, parse_gates
from selfinstruct.dataset.release.manifest import Manifest, Tokens
from selfinstruct.records import text_hash
from selfinstruct.reports.diff.words import money
from tests.support.diff_rows import ONE, TWO, Row, diff, entry, side, zh

FIRST, SECOND = Origin(request=0, model="a", score=0.2), Origin(request=1, model="a", score=0.65)


def _run(rows: list[Row], origins: list[Origin], **asking: object) -> Side:
    known = {entry(row).id: origin for row, origin in zip(rows, origins, strict=False)}
    entries = tuple(entry(row, origin=known.get(entry(row).id)) for row in rows)
    manifest = {"asking": {"teacher": {"model": asking.pop("model", "a")}}, "keeping": asking}
    return Side("run", entries, Manifest.model_validate(manifest), known)


def _hash(row: Row) -> str:
    return text_hash(row["instruction"], row["input"], row["output"])


def _causes(base: Side, head: Side) -> dict[str, dict[str, int]]:
    return {one.cause: {str(kind): count for kind, count in one.rows.items()} for one in compare(base, head).causes}


def test_a_row_edited_in_the_file_alone_was_edited_by_hand() -> None:
    base = _run([ONE, TWO], [FIRST, SECOND])
    assert _causes(base, _run([ONE | {"output": "改了。"}, TWO], [FIRST, SECOND])) == {"by_hand": {"changed": 1}}
    gone = Side("run", base.entries[:1], base.manifest, base.origins)
    assert _causes(base, gone) == {"by_hand": {"removed": 1}}
    new = _run([ONE, TWO, zh("给老师写一封短信。")], [FIRST, SECOND])
    assert _causes(base, new) == {"by_hand": {"added": 1}}


def test_another_answer_of_the_same_teacher_is_told_from_one_that_was_edited() -> None:
    """Both runs asked the same and say the same of the row, apart from what was written."""
    other = ONE | {"output": "又一首诗。"}
    one, two = (FIRST.model_copy(update={"text_hash": _hash(row)}) for row in (ONE, other))
    base, head = _run([ONE], [one]), _run([other], [two])
    assert _causes(base, head) == {"resampled": {"changed": 1}}
    assert _causes(base, _run([ONE | {"output": "改了。"}], [two])) == {"by_hand": {"changed": 1}}
    assert _causes(_run([ONE | {"output": "改了。"}], [one]), head) == {"by_hand": {"changed": 1}}
    assert _causes(base, Side("run", (), head.manifest, head.origins)) == {"by_hand": {"removed": 1}}


def test_another_model_a_moved_threshold_and_more_requests_are_told_apart() -> None:
    base = _run([ONE], [FIRST], filter={"threshold": {"zh": 0.6}})
    head = _run(
        [ONE, TWO, zh("介绍一种乐器。"), zh("比较茶和咖啡。")],
        [FIRST, Origin(request=0, position=1, model="a", score=0.65), Origin(request=1, model="b"), Origin(request=9, model="a", score=0.1)],
        filter={"threshold": {"zh": 0.7}},
    )  # fmt: skip
    assert _causes(base, head) == {"threshold": {"added": 1}, "teacher": {"added": 1}, "more_requests": {"added": 1}}
    keys = {one.key: (one.base, one.head) for one in compare(base, head).settings}
    assert keys == {"keeping.filter.threshold.zh": (0.6, 0.7)}


def test_a_moved_threshold_explains_what_the_higher_keeps_and_the_lower_does_not() -> None:
    base = _run([ONE], [FIRST], filter={"threshold": {"zh": 0.6}})
    scores = {"写一封信。": 0.6, "唱一首歌。": 0.61, "画一座山。": 0.7}
    origins = [FIRST, *(Origin(request=0, position=9, model="a", score=score) for score in scores.values())]
    head = _run([ONE, *map(zh, scores)], origins, filter={"threshold": {"zh": 0.7}})
    causes = {one.head.instruction: one.cause for one in compare(base, head).changes if one.head}
    assert causes == {"写一封信。": "settings", "唱一首歌。": "threshold", "画一座山。": "threshold"}


def test_other_settings_explain_what_nothing_more_definite_does() -> None:
    again = Origin(request=0, position=3, model="a", score=0.1)
    base, head = _run([ONE], [FIRST], seed=1), _run([ONE | {"output": "不同的诗。"}], [again], seed=2)
    assert _causes(base, head) == {"settings": {"changed": 1}}
    assert "seed: 1 -> 2" in compare(base, head).causes[0].detail


def test_without_provenance_nothing_is_blamed() -> None:
    assert [one.cause for one in diff([ONE], [TWO]).causes] == ["unknown"]


def test_money_and_tokens_come_from_the_manifests() -> None:
    base = side([ONE], manifest=Manifest(tokens=Tokens(prompt=10, completion=20), cost_usd="0.50"))
    head = side([ONE, TWO], manifest=Manifest(tokens=Tokens(prompt=30, completion=40), cost_usd=None))
    usage = compare(base, head).usage
    assert usage.prompt_tokens == (10, 30)
    assert (usage.cost_usd, usage.usd_per_row) == (("0.50", None), ("0.500000", None))


def test_of_money_and_tokens_only_what_changed_is_told() -> None:
    base = side([ONE], manifest=Manifest(tokens=Tokens(prompt=600, completion=20), cost_usd="0.50"))
    head = side([TWO], manifest=Manifest(tokens=Tokens(prompt=600, completion=40), cost_usd="0.50"))
    assert money(compare(base, head)) == ["reply tokens 20 → 40"]
    assert money(compare(base, base)) == []


def test_a_row_made_by_hand_in_a_run_that_breaks_a_rule_is_kept_and_flagged_and_another_one_is_not() -> None:
    first, second = (FIRST.model_copy(update={"text_hash": _hash(row)}) for row in (ONE, TWO))
    base, edited = _run([ONE, TWO], [first, second]), ONE | {"output": "抱歉，作为一个人工智能，我无法完成这个请求。"}
    added = zh("给老师写一封短信。", "")
    head = _run([edited, TWO, added], [first, second])._replace(of_run=True)
    told = {one.id: one.by_hand for one in compare(base, head).findings.introduced if one.severity == "error"}
    assert told == {entry(edited).id: True, entry(added).id: True}
    reasons = compare(base, head, Checks(conditions=parse_gates("findings>0"))).risk.reasons
    assert "2 rows made by hand newly break a rule (kept, flagged)" in reasons
    resampled = _run([edited, TWO], [FIRST.model_copy(update={"text_hash": _hash(edited)}), second])
    loose = head._replace(of_run=False)
    for other in (resampled._replace(of_run=True), loose):
        assert not any(one.by_hand for one in compare(base, other).findings.introduced)
        assert any(one.endswith("a rule (error)") for one in compare(base, other).risk.reasons)


def test_a_gate_counts_what_is_kept_and_flagged_too() -> None:
    base, added = _run([ONE], [FIRST]), zh("给老师写一封短信。", "")
    head = _run([ONE, added], [FIRST])._replace(of_run=True)
    [gate] = compare(base, head, Checks(conditions=parse_gates("findings>0"))).gates
    assert gate.failed
