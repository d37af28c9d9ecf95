"""Classification tasks of the seeds on new texts: the teacher writes one for a drawn label, and labels it again without knowing which."""

import random
import re
from typing import Final

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.records import Candidate, Check, Drawn, Message, Reply, Request, Task
from selfinstruct.requests.plan import Plan
from selfinstruct.rouge import score, tokens
from selfinstruct.verifiers import label as proof
from selfinstruct.verifiers.quote import digest

KIND: Final = proof.KIND.name
_SHOWN = 4
"""Texts of the seed that are shown."""
_TOO_NEAR = 0.6
"""ROUGE-L of a new text to one that was shown, above which it is a copy."""
_LONGEST = 40
"""Characters of a label."""
_TEMPERATURE = 0.7
_TOKENS = 160


def classification_seeds(plan: Plan) -> list[Task]:
    """Return the seeds that ask for one of several labels of a text: plain ones for a small teacher where there are any."""
    found = [task for task in plan.seeds if has_labels(task)]
    return [task for task in found if task.plain == plan.config.small_teacher] or found


def has_labels(task: Task) -> bool:
    """Return whether a seed is a classification task that shows two labels or more."""
    return task.is_classification and len(_labels(task)) > 1


def compose_labelled(plan: Plan, index: int, rng: random.Random) -> Request:
    """Return a request for a text that has a drawn label, shown with the texts and labels of the seed."""
    seed = rng.choice(classification_seeds(plan))
    labels = _labels(seed)
    wanted = rng.choice(labels)
    template, language = plan.prompts.templates["label"], LANGUAGES[plan.language]

    def asked(label: str) -> Message:
        named = f"{language.label_words[0]}{language.colon}{language.gap}{label}"
        return template.turn("user", instruction=f"{seed.instruction}\n{named}")

    messages = [template.turn("system")]
    for one in rng.sample(seed.instances, min(len(seed.instances), _SHOWN)):
        messages += [asked(one.output), template.turn("assistant", label=one.output, input=one.input)]
    return plan.request(
        index,
        "passage",
        [*messages, asked(wanted)],
        temperature=_TEMPERATURE,
        max_tokens=min(_TOKENS, plan.config.teacher.max_answer_tokens),
        shown=(seed.id,),
        topic=seed.topic,
        drawn=Drawn(
            kind=KIND,
            level=plan.config.level,
            instruction=seed.instruction,
            output=wanted,
            checks=(Check(kind=KIND, arguments={"labels": labels}),),
            kept=tuple(label for label in labels if label in seed.instruction),
        ),
    )


def read_labelled(request: Request, drawn: Drawn, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a reply with label and text; a text that copies one it was shown is not fit."""
    label, text = read_label(reply.text.strip(), LANGUAGES[request.language])
    if not label:
        return candidate.model_copy(update={"fault": "unparsable"})
    shown = (message.content for message in request.messages if message.role == "assistant")
    copied = any(
        score(tokens(text), tokens(read_label(one, LANGUAGES[request.language])[1])) > _TOO_NEAR for one in shown
    )
    told = proof.names_label(text, drawn.output, request.language)
    if label.casefold() != drawn.output.casefold() or copied or told:
        return candidate.model_copy(update={"fault": "unfit_passage"})
    fields = {"instruction": drawn.instruction, "input": text, "output": drawn.output, "drawn": drawn}
    return sealed(candidate.model_copy(update=fields))


def sealed(candidate: Candidate) -> Candidate:
    """Return a candidate whose check holds what the teacher looks at: task, text and label."""
    labels = candidate.drawn.checks[0].arguments["labels"] if candidate.drawn else []
    asked = digest(f"{candidate.instruction}\n{candidate.input}", candidate.output)
    return candidate.model_copy(update={"checks": (Check(kind=KIND, arguments={"labels": labels, "asked": asked}),)})


def is_labelled(candidate: Candidate) -> bool:
    """Return whether a candidate is of this kind."""
    return candidate.drawn is not None and candidate.drawn.kind == KIND


def gives_label(reply: Reply, candidate: Candidate) -> bool:
    """Return whether a reply to task and text gives the label that the text was written for."""
    labels = candidate.checks[0].arguments["labels"]
    return not reply.fault and proof.label_in(reply.text, labels, candidate.language) == candidate.output


def read_label(text: str, language: Language) -> tuple[str, str]:
    """Return (label, input) of a label-first reply; "" for a missing part."""
    labels, inputs = ("|".join(map(re.escape, words)) for words in (language.label_words, language.input_words))
    colon = r"(?:[^\w:：]*+[:：])++"
    found = re.match(
        rf"^\W*+(?:{labels}){colon}\W{{0,40}}?(?P<label>[^\n]{{1,80}}?)\*{{0,4}}+[^\S\n]{{0,80}}+\n\W{{0,200}}+(?:{inputs}){colon}\**\s*(?P<input>.+)$",
        text,
        re.DOTALL | re.IGNORECASE,
    )
    if not found:
        return "", ""
    return found["label"].strip(" *`'\"“”。."), found["input"].strip()


def _labels(task: Task) -> list[str]:
    found = dict.fromkeys(one.output.strip() for one in task.instances if one.input)
    return list(found) if all(0 < len(label) <= _LONGEST for label in found) else []
