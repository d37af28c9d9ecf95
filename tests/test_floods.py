"""What reads, shows and compares texts takes at most a second of processor time for 200 KB of anything."""

import json

import pytest

from selfinstruct.bootstrap.judge import read_judgement
from selfinstruct.dataset.diff.edits import segments
from selfinstruct.dataset.diff.fold import formats_between
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.language import LANGUAGES, is_no_input
from selfinstruct.language.guess import guess_language
from selfinstruct.language.leading_verb import action
from selfinstruct.language.others import is_other_latin
from selfinstruct.prompts.item_format.items import parse_items, render_items
from selfinstruct.records import Candidate, Reply, Request, Sampling, Step, Task, folded
from selfinstruct.requests.read import fill, read
from selfinstruct.rouge import score, tokens
from selfinstruct.system.text import harmless, on_one_line, visible
from selfinstruct.teacher.http.body import read_reply
from selfinstruct.teacher.http.exchange import KeyRedactor
from tests.support.floods import UNITS, flood, slow

pytestmark = pytest.mark.bounds

CANDIDATE = Candidate(language="en", index=0, position=0, instruction="Name a river.")
SETS = EvaluationSets([EvaluationExample("exam.jsonl", 1, "en", "What is the capital of France?", "", "Paris")])
SAMPLING = Sampling(model="m", temperature=0, top_p=1, max_tokens=1, seed=1)
HEAD = "###\n1. Instruction: Name a river.\nInput:\n"
floods = pytest.mark.parametrize("unit", UNITS, ids=repr)
unicode_floods = pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "\ud83d"], ids=repr)
"""Half of a surrogate pair is refused where rows are read, and a reply has none: its bytes are UTF-8."""


def asked(step: Step) -> Request:
    return Request(language="en", index=0, step=step, messages=(), sampling=SAMPLING)


def answered(text: str) -> Reply:
    return Reply.model_construct(text=text, finish_reason="stop", model="m", usage=None, fault="")


@unicode_floods
def test_a_reply_is_read_without_delay(unit: str) -> None:
    text = flood(unit)
    work = {
        "items": lambda: parse_items(text),
        "items behind a head": lambda: parse_items(f"{HEAD}{text}\n2. Output:\nx", cut=True),
        "items as JSON": lambda: parse_items(f'[{{"instruction": "{text}"'),
        "an item": lambda: render_items([Task(id="a", instruction="a", output=text)], LANGUAGES["en"]),
        "an instruction": lambda: read(asked("instruction"), answered(text)),
        "an input": lambda: fill(CANDIDATE, "input", answered(text)),
        "a label": lambda: fill(CANDIDATE, "label", answered(f"Label: {text}\nInput: {text}")),
        "no label": lambda: fill(CANDIDATE, "label", answered(f"Label{text}")),
        "a judgement": lambda: read_judgement(answered(f"<think>{text}helpful{text}"), ["helpful", "correct"]),
    }
    assert slow(work) == {}


@floods
def test_a_body_is_read_without_delay(unit: str) -> None:
    data = flood(unit).encode("utf-8", "surrogatepass")
    error = json.dumps({"error": {"message": flood(unit)}}).encode()
    redact = KeyRedactor("sk-abcdefghij1234567")
    work = {
        "a reply": lambda: read_reply(200, data),
        "an error": lambda: read_reply(500, error),
        "the key": lambda: redact(data),
    }
    assert slow(work) == {}


@unicode_floods
def test_a_text_is_understood_without_delay(unit: str) -> None:
    text = f"{flood(unit)}x"
    work = {
        "language": lambda: guess_language(text),
        "another language": lambda: is_other_latin(text),
        "no input": lambda: is_no_input(text),
        "verb": lambda: action(text, "en"),
        "verb in Chinese": lambda: action(text, "zh"),
        "length": lambda: LANGUAGES["zh"].units(text),
        "id": lambda: folded(text),
        "tokens": lambda: tokens(text),
        "score": lambda: score(tokens(text), tokens(f"a{text}")[1:]),
        "evaluation sets": lambda: SETS.find(CANDIDATE.model_copy(update={"instruction": text, "output": text}), 0.7),
    }
    assert slow(work) == {}


@unicode_floods
def test_a_text_is_shown_and_compared_without_delay(unit: str) -> None:
    text = flood(unit)
    work = {
        "visible": lambda: visible(text),
        "on one line": lambda: on_one_line(text),
        "harmless": lambda: harmless(text),
        "edits": lambda: segments(f"b {text}", f"{text} c"),
        "formats": lambda: formats_between(text, f"{text} "),
    }
    assert slow(work) == {}
