"""The teacher as a judge: a rubric as the prompt, scores as one JSON object, read strictly first and tolerantly where that fails.

A row is judged twice, the second time with the criteria in reverse order, because the order of what a model reads sways what it
says (Zheng et al. 2023, "Judging LLM-as-a-Judge", section 3.3). A reply that cannot be read is no score and is counted: FastChat's
`show_result.py` leaves such out without a word. Which rows are worth asking about is not decided here.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts.rubric import criteria_in
from selfinstruct.records import Candidate, Judgement, Reply, Request, Sampling, Step
from selfinstruct.requests import Plan

LOW, UNREADABLE = "judged_low", "unjudged"
"""The rules: a mean below `[judge] least`, and no judgement that could be read."""
MOST_TOKENS = 200
"""Three scores are 30 tokens; the rest is for a model that cannot help explaining itself."""
TEMPERATURE = 0.0
"""As FastChat's judge: a score is no place for variety."""
_OBJECT = re.compile(r"\{[^{}]*\}")
_MOST_OBJECTS = 100
"""Objects of a reply that are tried as scores, from the last; 200 tokens hold ten."""
_SCORE = r"\s*[\"'“”*`]{0,3}\s*[:=]\s*[\"'*`]{0,3}\s*([1-5])(?:\.0+)?(?!\s*[.\d])"


def criteria_of(plan: Plan) -> dict[str, str]:
    """Return {criterion: what is looked at} of the language's rubric, in its order."""
    assert plan.prompts.judge is not None  # noqa: S101 - it is read whenever the judge is on
    return criteria_in(plan.prompts.judge)


def compose_judge(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request that has a complete candidate judged; `judge.2` lists the criteria in reverse order."""
    assert plan.prompts.judge is not None  # noqa: S101 - it is read whenever the judge is on
    language, template = LANGUAGES[plan.language], plan.prompts.judge
    criteria = list(criteria_of(plan).items())
    if step == "judge.2":
        criteria.reverse()
    values = {
        "criteria": "\n".join(f"- {name}{language.colon}{meaning}" for name, meaning in criteria),
        "shape": "{" + ", ".join(f'"{name}": 1-5' for name, _ in criteria) + "}",
        "instruction": candidate.instruction,
        "input": candidate.input or language.no_input[0],
        "output": candidate.output,
    }
    rng = random.Random(f"{plan.config.run.seed}/{candidate.key}/{step}")
    return Request(
        language=plan.language,
        index=candidate.index,
        position=candidate.position,
        step=step,
        messages=(template.turn("system"), template.turn("user", **values)),
        sampling=Sampling(
            model=plan.config.teacher.model,
            temperature=TEMPERATURE,
            top_p=1.0,
            max_tokens=MOST_TOKENS,
            seed=rng.randrange(2**31),
        ),
        topic=candidate.topic,
    )


def read_judgement(reply: Reply, criteria: Sequence[str]) -> Judgement:
    """Return the scores of a reply, all criteria or none."""
    if reply.fault:
        return Judgement()
    text = unicodedata.normalize("NFKC", re.sub(r"\A\s*<think>.*?</think>", "", reply.text, flags=re.DOTALL)).strip()
    names = {unicodedata.normalize("NFKC", name): name for name in criteria}
    if scores := _of_object(text, names):
        return Judgement(scores=scores, strict=True)
    last = islice(reversed(_OBJECT.findall(text)), _MOST_OBJECTS)
    for found in last:  # a model that thinks aloud says its last word last
        if scores := _of_object(found, names, tolerant=True):
            return Judgement(scores=scores)
    return Judgement(scores=_of_prose(text, names))


def verdict_of(judged: Sequence[Judgement], least: float) -> tuple[str, str]:
    """Return (rule, detail) of the judgements on a row; no rule when it may stand."""
    means = [one.mean for one in judged if one.scores]
    if not means:
        return UNREADABLE, f"none of {len(judged)} judgements could be read"
    mean = sum(means) / len(means)
    shown = ", ".join(f"{one.mean:.2f}" if one.scores else "unreadable" for one in judged)
    return (
        (LOW, f"mean {mean:.2f} of {shown}, least {least:g}") if mean < least else ("", f"mean {mean:.2f} of {shown}")
    )


def agreement(judged: Iterable[Sequence[Judgement]], least: float) -> dict[str, float | int | None]:
    """Return how the judge did over all rows that it judged; shares are null where no row has two scores."""
    every = [tuple(one) for one in judged if one]
    single = [one for judgements in every for one in judgements]
    pairs = [(one[0].mean, one[1].mean) for one in every if len(one) == 2 and all(part.scores for part in one)]
    readable = [one.mean for one in single if one.scores]
    return {
        "rows": len(every),
        "judgements": len(single),
        "unreadable": len(single) - len(readable),
        "strict": sum(one.strict for one in single),
        "mean": _mean(readable),
        "least": min(readable, default=None),
        "most": max(readable, default=None),
        "pairs": len(pairs),
        "same_verdict": _mean([float((first < least) == (second < least)) for first, second in pairs]),
        "same_score": _mean([float(first == second) for first, second in pairs]),
        "mean_difference": _mean([abs(first - second) for first, second in pairs]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _of_object(text: str, names: dict[str, str], *, tolerant: bool = False) -> dict[str, int]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict) or (not tolerant and set(value) != set(names)):
        return {}
    scores = {name: _score(value.get(key), tolerant=tolerant) for key, name in names.items()}
    return {name: score for name, score in scores.items() if score} if all(scores.values()) else {}


def _score(value: object, *, tolerant: bool) -> int:
    """Return a score from 1 to 5, or 0 for what is none; tolerant: `4.0`, "4", "4/5", "4分" too."""
    if type(value) is int and 1 <= value <= 5:
        return value
    if not tolerant or isinstance(value, bool):
        return 0
    found = re.fullmatch(r"([1-5])(?:\.0+)?\s*(?:/\s*5|分)?", str(value).strip())
    return int(found[1]) if found else 0


def _of_prose(text: str, names: dict[str, str]) -> dict[str, int]:
    """Return the scores of `name: 4` lines; a name that is scored twice, differently, is no score."""
    scores = {}
    for key, name in names.items():
        found = set(re.findall(re.escape(key) + _SCORE, text, re.IGNORECASE))
        if len(found) != 1:
            return {}
        scores[name] = int(found.pop())
    return scores
