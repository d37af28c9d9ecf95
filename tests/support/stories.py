"""Rows with other answers to their questions, as the journal of a run would give them."""

import json
from typing import Any

from selfinstruct.dataset.review.apply import Made
from selfinstruct.prompts import parse_prompts
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import Candidate, Check, Drawn, LanguageCode, Reply, Step, Verdict, row_of
from selfinstruct.requests import Plan
from selfinstruct.runs.derive.stories import Other, Story
from selfinstruct.system.files import bundled, read_folder
from tests.support.mixes import mixed_plan

ASKED: dict[LanguageCode, tuple[str, str]] = {
    "en": ("Name a fruit with a stone.", "A plum has a stone."),
    "zh": ("说出一种有核的水果。", "李子有核。"),
}
OTHER = {"en": "Cherries carry one hard seed each.", "zh": "樱桃里面也有一粒硬核。"}
NONE = {"en": "N/A", "zh": "无"}
"""An answer that a rule finds."""


def plan_for(language: LanguageCode) -> Plan:
    """Return a plan that has the prompt of the comparison too."""
    plan = mixed_plan(language, {"checked": 0.5, "evolve": 0.5})
    folder = bundled("prompts") / language
    later = (*later_prompts(plan.config), "compare")
    return plan._replace(prompts=parse_prompts(language, read_folder(folder), str(folder), judge=True, later=later))


def story(
    language: LanguageCode,
    heard: dict[Step, str] | None = None,
    twins: tuple[Other, ...] = (),
    edit: dict[str, str] | None = None,
    **more: Any,
) -> Story:
    """Return a row of its language's question; `heard` are replies, `edit` is what a person changed, `more` fields of the candidate."""
    instruction, output = ASKED[language]
    fields: dict[str, Any] = {"recipe": "steered", "instruction": instruction, "output": output} | more
    candidate = Candidate(language=language, index=3, position=0, **fields)
    row = row_of(candidate)
    changed = row.model_copy(update=edit or {})
    replies = {step: Reply(text=_said(step, text)) for step, text in (heard or {}).items()}
    made = Made(changed, False, Verdict(candidate=candidate), "edited" if edit else "", row.id if edit else "")
    slots = (f"{language}/3.0/instruction", f"{language}/3.0/answer")
    return Story(made, plan_for(language), (), slots, replies, twins, {one.key: {} for one in twins if one.key})


def with_condition(language: LanguageCode, heard: dict[Step, str] | None = None) -> Story:
    """Return a row of the recipe `checked`: the teacher's task with a condition on commas."""
    task, _ = ASKED[language]
    condition = "Do not use any commas." if language == "en" else "不要使用逗号。"
    gap = " " if language == "en" else ""
    return story(
        language,
        heard,
        recipe="checked",
        instruction=f"{task}{gap}{condition}",
        checks=(Check(kind="no_comma"),),
        drawn=Drawn(kind="no_comma", instruction=condition),
    )


def _said(step: Step, text: str) -> str:
    """Return a reply; of a judge `A`, `B` and `C` stand for a verdict: the first, the second, neither."""
    if not step.startswith("prefer") or text not in "ABC":
        return text
    return json.dumps({"reason": "It fits.", "better": {"A": "1", "B": "2", "C": "tie"}[text]})
