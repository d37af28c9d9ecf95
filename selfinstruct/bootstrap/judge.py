"""The judge of rows: a rubric as the prompt, scores as one JSON object, read strictly first and tolerantly where that fails.

A row is judged twice, the second time with the criteria in reverse order, because the order of what a model reads sways what it
says (Zheng et al. 2023, "Judging LLM-as-a-Judge", section 3.3). A reply that cannot be read is no score and is counted: FastChat's
`show_result.py` leaves such out without a word. Which rows are worth asking about is not decided here.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts.rubric import criteria_in
from selfinstruct.records import Candidate, Judgement, LanguageCode, Message, Reply, Request, Sampling, Step
from selfinstruct.requests import Plan

LOW, UNREADABLE = "judged_low", "unjudged"
"""The rules: a mean below `[judge] least`, and no judgement that could be read."""
MOST_TOKENS = 200
"""Three scores are 30 tokens; the rest is for a model that cannot help explaining itself."""
TEMPERATURE = 0.0
"""As FastChat's judge: a score is no place for variety."""
ROWS_STEPS: Final[tuple[Step, Step]] = ("judges.1", "judges.2")
ROWS_STEP_OF: Final[Mapping[Step, Step]] = {"judge.1": "judges.1", "judge.2": "judges.2"}
"""{step of one row: step in which it is judged with others of its reply}."""
ROWS_PROMPT: Final = "judge_rows"
_NUMBER: Final[Mapping[LanguageCode, str]] = {"en": "row", "zh": "序号"}
_MOST_PER_ROW = 60
"""Tokens of the scores of a row beside others."""
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
    messages = (template.turn("system"), template.turn("user", **values))
    return _request(plan, candidate, step, messages, MOST_TOKENS)


def compose_together(plan: Plan, rows: Sequence[Candidate], step: Step) -> Request:
    """Return the request that has rows of one reply judged, which it remembers by their places; `judges.2` has rows and criteria in reverse order."""
    assert plan.prompts.judge is not None  # noqa: S101 - it is read whenever the judge is on
    language, template = LANGUAGES[plan.language], plan.prompts.templates[ROWS_PROMPT]
    criteria, numbered = list(criteria_of(plan).items()), list(enumerate(rows, 1))
    if step == "judges.2":
        criteria.reverse()
        numbered.reverse()
    texts = [
        template.text(
            "row",
            number=str(number),
            instruction=one.instruction,
            input=one.input or language.no_input[0],
            output=one.output,
        )
        for number, one in numbered
    ]
    values = {
        "criteria": "\n".join(f"- {name}{language.colon}{meaning}" for name, meaning in criteria),
        "shape": f'{{"{_NUMBER[plan.language]}": {numbered[0][0]}, '
        + ", ".join(f'"{name}": 1-5' for name, _ in criteria)
        + "}",
        "rows": "\n\n".join(texts),
    }
    messages = (plan.prompts.judge.turn("system"), template.turn("user", **values))
    request = _request(plan, rows[0], step, messages, MOST_TOKENS + _MOST_PER_ROW * len(rows))
    return request.model_copy(update={"shown": tuple(str(one.position) for one in rows)})


def _request(
    plan: Plan, candidate: Candidate, step: Step, messages: tuple[Message, Message], most_tokens: int
) -> Request:
    judge = plan.config.judge
    return Request(
        language=plan.language,
        index=candidate.index,
        position=candidate.position,
        step=step,
        messages=messages,
        sampling=Sampling(
            model=judge.speaks(plan.config.teacher).model,
            temperature=TEMPERATURE,
            top_p=1.0,
            max_tokens=judge.max_tokens or most_tokens,
            seed=random.Random(f"{plan.config.run.seed}/{candidate.key}/{step}").randrange(2**31),
        ),
        topic=candidate.topic,
    )


class Together(NamedTuple):
    """A judgement on several rows, and the number in it of the one that is meant."""

    reply: Reply
    number: int


def read_one_of(together: Together, criteria: Sequence[str], language: LanguageCode) -> Judgement:
    """Return the scores of one row of several: nothing where it has none, or several that differ."""
    if together.reply.fault:
        return Judgement()
    text, names = _text_of(together.reply), {unicodedata.normalize("NFKC", name): name for name in criteria}
    found = []
    for one in _OBJECT.findall(text)[-_MOST_OBJECTS:]:
        scores = _of_object(one, names, tolerant=True)
        if scores and _number_in(one, language) == together.number and scores not in found:
            found.append(scores)
    return Judgement(scores=found[0], strict=True) if len(found) == 1 else Judgement()


def _number_in(text: str, language: LanguageCode) -> int:
    """Return the number that an object gives to its row; 0 where it gives none."""
    value = json.loads(text).get(_NUMBER[language])
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"[0-9]{1,3}", str(value)) else 0


def _text_of(reply: Reply) -> str:
    """Return what was said, without a thought before it."""
    text = re.sub(r"\A\s*<think>.*?</think>", "", reply.text, flags=re.DOTALL)
    return unicodedata.normalize("NFKC", text).strip()


def read_judgement(reply: Reply, criteria: Sequence[str]) -> Judgement:
    """Return the scores of a reply, all criteria or none."""
    if reply.fault:
        return Judgement()
    text = _text_of(reply)
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
