"""Every page with every section, of small data that is Chinese throughout: whatever is English on one was written by the program."""

import json
from pathlib import Path
from typing import Any

from selfinstruct.comparison.result import Comparison, Decision, LengthControlled, Rate, SideSummary
from selfinstruct.dataset.diff import Checks, DatasetDiff, compare, parse_gates
from selfinstruct.dataset.diff.records import Setting, SpentTokens
from selfinstruct.dataset.release.funnel import STEPS
from selfinstruct.dataset.release.judge import LanguageFigures as JudgeInLanguage
from selfinstruct.dataset.release.judge import StatedCertificate
from selfinstruct.dataset.release.manifest import Counts, Manifest, Requests, Tokens
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.judging.calibration import KINDS
from selfinstruct.judging.certificate import Certificate, LanguageCertificate, Measured
from selfinstruct.judging.intervals import share_of
from selfinstruct.judging.reading import Reading
from selfinstruct.records import LanguageCode
from selfinstruct.reports.comparison import comparison_page
from selfinstruct.reports.diff import render
from selfinstruct.reports.diff.markdown import unmade
from selfinstruct.reports.imported import imported_page
from selfinstruct.reports.run.figures import Moment, figures_of
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.going_on import Survival, TurnShare
from selfinstruct.reports.run.origins import DocumentShare, RecipeShare, TranslationShare
from selfinstruct.reports.run.page import page
from tests.support.diff_rows import side, zh
from tests.support.reports import material, origins, rejection
from tests.support.rows import row

_TASKS = (
    "写一首关于春天的诗。",
    "解释什么是光合作用。",
    "列出三种水果。",
    "把这句话改得更礼貌。",
    "说明灯塔怎样工作。",
)
_NAME = "演示"
_READ = Reviewed(
    rows=900, read=59, accepted=57, rejected=1, edited=1, sample=59, seen=59, bad=2, at_most=0.1, more=60, both=9,
    reviewers=("小王", "小李"), kappa=0.8,
)  # fmt: skip


def pages(folder: Path, language: LanguageCode = "zh") -> dict[str, str]:
    """Return {name: text} of all pages, comments and texts for a terminal."""
    full = page(*_run(), language)
    compared, undecided = comparison(), comparison(refused=True)
    return {
        "run": full,
        "file": page(*_file(), language),
        "clone": page(*_clone(), language),
        "import": imported(folder, language),
        "comparison": comparison_page(compared, language=language),
        "ballot": comparison_page(compared, blind=True, language=language),
        "refused": comparison_page(undecided, language=language),
        "diff": render(edited(), "html", language),
        "comment": render(edited(), "markdown", language),
        "terminal": render(edited(), "text", language),
        "long comment": render(_long(), "markdown", language),
        "same": render(_same(), "html", language),
        "unmade": unmade("演示/新", "没有这个目录", language),
    }


def _rows() -> list[Any]:
    talk = row("再写一首。", "好的。", language="zh").model_copy(update={"history": (("写一首诗。", "春天来了。"),)})
    return [*(row(task, "是这样的。" * 9, "春天", language="zh") for task in _TASKS), row("Name it.", "It."), talk]


def _run() -> tuple[Material, Any]:
    counts = Counts(candidates=9, accepted=7, rejected={"too_short": 2}, pending=0)
    judge = JudgeInLanguage(pairs=62, accuracy=0.6, consistency=0.4, padding=0.5, unreadable=0.2, faults=_FAULTS)
    manifest = Manifest(
        schema=1,
        name=_NAME,
        fingerprint="a" * 64,
        stop="target reached",
        ledger={"zh": counts, "total": counts},
        funnel={"zh": {step: 9 - place for place, step in enumerate(STEPS)}},
        requests=Requests(answered=9),
        tokens=Tokens(prompt=900, completion=900),
        cost_usd="0.5",
        certificate=StatedCertificate(judge="裁判甲", passed=False, forced=True, languages={"zh": judge, "en": judge}),
    )
    rows = _rows()
    rejected = [
        rejection("near_duplicate", 1, instruction="列出水果。", text="列出水果。", nearest=rows[0].id, score=0.9)
    ]
    rejected.append(rejection("too_short", 2, text="长" * 7_000))
    given = material(
        rows,
        name=_NAME,
        manifest=manifest,
        provenance=origins(rows),
        rejected=rejected,
        reviewed={"total": _READ, "zh": _READ, "zh/batch": _READ},
        validation_ids=frozenset({rows[0].id}),
        seeds={"s1": "写一首诗。"},
    )
    figures = figures_of(given, {("zh", "one half"): [("是的。", -9.0)]})._replace(
        course=(Moment(1, 100, None, 1), Moment(2, 200, None, 2)),
        recipes=(RecipeShare("zh", "checked", 9, 7, 3, 2), RecipeShare("en", "steered", 0, 0, 0, 0)),
        documents=(DocumentShare("小镇", 3, None, 2, 90, 0.5),),
        survivals=(
            *(Survival("zh", "evolve", "constraint", number, 5, 3) for number in (1, 2)),
            *(
                Survival("zh", "conversation", move, 0, 5, 3)
                for move in ("follow_up", "correction", "constraint", "next_step")
            ),
        ),
        turns=(TurnShare("zh", 2, 3, (("too_short", 2), ("refusal", 1))), TurnShare("zh", 3, 1, ())),
        translations=(
            TranslationShare("zh", 9, 4, 2, 1, 1, 1, (0.5, 0.9), (("a" * 16, 0.5),)),
            TranslationShare("en", 0, 0, 0, 0, 0, 0, (), ()),
        ),
    )
    return given, figures


def _file() -> tuple[Material, Any]:
    given = material(_rows(), name=_NAME, provenance=None)
    return given, figures_of(given)._replace(documents=(DocumentShare("小镇", None, None, 2, 90, None),))


def _clone() -> tuple[Material, Any]:
    counts = Counts(candidates=0, accepted=0, rejected={}, pending=0)
    ledger = {"zh": counts, "total": counts}
    manifest = Manifest(schema=1, name=_NAME, stop="cap: 2", ledger=ledger)
    given = material([], name=_NAME, manifest=manifest)
    return given, figures_of(given)


_FAULTS = (
    "it names the right answer in 60% of the readings, at least 70% are wanted",
    "both orders say the same of 40% of the pairs, at least 50% are wanted",
    "20% of its readings cannot be read, at most 10% may be",
    "its accuracy of 60% on 20 pairs cannot be told from a coin's",
)


_APART = (
    "2 rows are not the same in zh.jsonl and in its split files (甲, 乙); both are read here, and "
    "`selfinstruct filter` takes what was changed and writes both anew"
)


def edited() -> DatasetDiff:
    """Return a diff with an item in every section."""
    base = [zh(task) for task in _TASKS] + [zh(f"用{one}字造句。", "我坐帐号。") for one in "甲乙丙"]
    head = [
        zh(_TASKS[0], "是这样的！"),
        zh("解释一下什么是光合作用。"),
        zh("列出三种水果。", "苹果"),
        zh("列出三种水果吧。", "苹果"),
        zh("说明灯塔怎样工作。", "是这样的。", "　"),
        *(zh(f"用{one}字造句。", "我坐账号。") for one in "甲乙丙"),
        *(zh(f"说出第 {one} 种动物的名字来。", "作为人工智能语言模型，我不知道。") for one in range(3)),
    ]
    notes = (
        f"演示: {_APART}",
        "演示 does not exist: taken as empty",
        "演示: own `id` of 3 rows replaced (甲, ...): a row's id is a hash of its text",
        "演示: `甲` of 2 rows and 1 further columns left out: a row has no place for them",
    )
    sides = (side(base, "演示/旧", notes=notes), side(head, "演示/新", apart=(_APART,)))
    found = compare(*sides, Checks(conditions=parse_gates("removed>1%, added>99, removed.zh>0")))
    usage = SpentTokens(
        prompt_tokens=(9, 8), completion_tokens=(None, 7), cost_usd=("0.5", None), usd_per_row=("0.1", "0.2")
    )
    said = found.changes[0].model_copy(update={"said": "rejected by 小王: 不通; edited by 小李"})
    setting = Setting(key="asking.teacher.model", base="甲", head="乙")
    return found.model_copy(
        update={
            "usage": usage,
            "reviewed": {"total": _READ, "zh": _READ},
            "changes": (said, *found.changes[1:]),
            "shifts": tuple(one.model_copy(update={"notable": True}) for one in found.shifts),
            "settings": (setting,),
            "gate_settings": (setting,),
        }
    )


def _long() -> DatasetDiff:
    found = edited()
    return found.model_copy(update={"changes": found.changes * 400, "near_duplicates": found.near_duplicates * 900})


def _same() -> DatasetDiff:
    rows = [zh(task) for task in _TASKS]
    return compare(side(rows, "旧"), side(rows, "新"), Checks())


def imported(folder: Path, language: LanguageCode) -> str:
    """Return the page of an import with every table and two examples."""
    counts = {"read": 9, "kept": 5}
    entry = {
        "conversations": counts | {"cut": 2, "rejected": {"no_question": 2}, "cut_by": {"refusal": 1}},
        "turns": counts | {"cut": {"refusal": 3}},
        "mended": {"html": 1},
        "turn_languages": dict.fromkeys(("en", "zh", "mixed", "other", "none"), 1),
        "rows": 6,
    }
    ledger = dict.fromkeys(("en", "zh", "mixed", "other", "none", "total"), entry)
    settings = {"file": "对话", "sha256": "a" * 64, "max_tokens": 900, "threshold": {"en": 0.7, "zh": 0.7}}
    examples = (
        {"unit": "line", "line": 3, "turn": 2, "rule": "refusal", "outcome": "cut", "detail": "不会", "turns": [{"said": "好"}]},
        {"unit": "row", "line": 4, "rule": "near_duplicate", "outcome": "rejected", "row": "坏", "nearest": {"line": 2, "text": "好"}},
    )  # fmt: skip
    rejected = folder / "rejected.jsonl"
    rejected.write_text("".join(json.dumps(one) + "\n" for one in examples), encoding="utf-8")
    return imported_page({"import": settings, "ledger": ledger}, rejected, language)


def comparison(*, refused: bool = False) -> Comparison:
    """Return a comparison with a question of each outcome; `refused`: by a judge below the bar."""
    half = share_of([1.0, 0.0] * 10)
    measured = Measured(
        pairs=20,
        **dict.fromkeys(
            ("accuracy", "right_in_both_orders", "consistency", "padding", "first_place", "unreadable"), half
        ),
        in_other_language=0,
        unreadable_by={},
    )
    certificate = Certificate(
        judge="裁判甲",
        passed=not refused,
        languages={
            "zh": LanguageCertificate(total=measured, kinds=dict.fromkeys(KINDS, measured), faults=_FAULTS * refused)
        },
    )
    rate = Rate(
        questions=3, a=1, b=1, tie=1, win_rate=None if refused else 0.5, interval=None if refused else (0.3, 0.7)
    )
    sides = [
        SideSummary(name=name, answered=3, missing=1, missing_by={}, cut=1, checked=2, passed=1, mean_length=9.0)
        for name in ("甲", "乙")
    ]
    return Comparison(
        key="a" * 8,
        sides=(sides[0], sides[1]),
        judge="裁判甲",
        is_judge_on_trial=False,
        certificate=certificate,
        questions_from="the shipped questions",
        questions_sha256="b" * 64,
        total=rate,
        winner="" if refused else "tie",
        p_value=0.5,
        length_controlled=LengthControlled(why_not="the judge is refused"),
        more_questions=120,
        languages={"zh": rate},
        kinds={"writing": rate},
        decided_by={},
        readings=6,
        unreadable=0.1,
        unreadable_by={},
        in_other_language=0,
        inconsistent=1,
        remarks=(*(f"The judge is below the bar: zh: {fault}." for fault in _FAULTS), *_REMARKS),
        decisions=tuple(_decisions()),
    )


_REMARKS = (
    "1 question with the same answer from both sides: ties.",
    "A has no answer to 2 questions, and loses those that the other side answers.",
    "3 answers of A cut off at the limit of tokens; --max-answer-tokens raises it.",
    "No judge, which 2 questions would take: not counted.",
)


def _decisions() -> list[Decision]:
    better: tuple[Any, ...] = ("first", "second", "tie", "")
    readings = [Reading(better=one, reason="更贴题。", fault="" if one else "truncated") for one in better]
    given: dict[str, Any] = {
        "language": "zh",
        "kind": "writing",
        "question": "写一首诗。",
        "a": "好",
        "b": None,
        "reference": "诗",
    }
    return [
        Decision(id="1", by="judge", outcome="A", readings=(readings[0], readings[1]), **given),
        Decision(id="2", by="judge", outcome="tie", readings=(readings[2], readings[3]), **given),
        Decision(id="3", by="check", outcome="B", checks=("the number is 3, right is 4", ""), **given),
        Decision(id="4", by="pending", **given),
    ]
