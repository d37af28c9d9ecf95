"""Cards and reports of a training show the names of models and folders as text."""

import ast
import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from selfinstruct.config import Finetune
from selfinstruct.records import Row
from selfinstruct.training.data.encode import Format
from selfinstruct.training.data.prepare import Data, Encoded, Limit
from selfinstruct.training.evaluation.report import Evaluation, Sample, ScoreGroup, Scores, markdown
from selfinstruct.training.output.card import card
from selfinstruct.training.records import Result, TrainingJob
from tests.support.hostile import FILE_NAME, PROBE, raw

TAGS = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "ul", "li", "strong"}
ROW = Row(id="0" * 16, language="en", instruction=PROBE, input=PROBE, output=PROBE)


def check(text: str) -> str:
    assert raw(text) == set()
    shown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    assert set(re.findall(r"</?([a-z]\w*)", shown)) <= TAGS
    outside = html.unescape(re.sub(r"<code.*?</code>", "", shown, flags=re.DOTALL))
    assert not re.search(r"@octocat|#1\b|evil\.example", outside)
    return str(shown)


def made(model: str, folder: Path) -> str:
    one = Encoded(ROW, ({"input_ids": [1], "labels": [1]},))
    form = Format(prompt="chat", start=(), end=1)
    data = Data(form, 0, Limit(9, "max_length", "raise it"), (one,), (one,), (), 0, (), {})
    counts = dict.fromkeys(("rows", "left_out", "train_rows", "held_out_rows", "replay_rows", "steps", "best_step"), 1)
    numbers = dict.fromkeys(("seconds", "tokens_per_second", "padding_share", "eos_rate_before", "eos_rate"), 0.5)
    losses = dict.fromkeys(("loss_before", "loss_after", "loss_reloaded"), 1.0)
    sizes = dict.fromkeys(("trainable_parameters", "parameters", "peak_memory_bytes"), 10)
    result = Result(**counts, **numbers, **losses, **sizes, adapter=folder, dataset_sha256="00", remarks=())
    job = TrainingJob(settings=Finetune(learning_rate=0.1), model=model, output=folder, seed=1, fingerprint=PROBE)
    return card(result, job, {"torch": "1"}, data)


def test_the_card_of_an_adapter_names_its_base_model_and_nothing_more() -> None:
    yaml = pytest.importorskip("yaml")
    text = made(PROBE, Path(FILE_NAME))
    _, front, body = text.split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["base_model"] == PROBE
    assert set(facts) == {"library_name", "base_model", "pipeline_tag", "language", "tags"}
    shown = check(body)
    assert (shown.count("<h1>"), shown.count("<h2>")) == (1, 2)
    code = ast.parse(html.unescape(re.findall(r'<code class="language-python">(.*?)</code>', shown, re.DOTALL)[0]))
    literals = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
    assert literals == {PROBE, Path(FILE_NAME).name}
    assert len(code.body) == 5


def test_a_plain_name_stays_legible_in_the_source_of_a_card() -> None:
    text = made("Qwen/Qwen2.5-0.5B-Instruct", Path("out/lora"))
    assert "# A lora adapter for `Qwen/Qwen2.5-0.5B-Instruct`" in text
    assert 'from_pretrained(base, "lora")' in text
    assert "`selfinstruct evaluate --adapter lora --ask TASK` has it and its base answer a task of yours." in text


def test_the_report_of_an_evaluation_shows_answers_groups_and_names_as_text() -> None:
    scores = Scores(loss=1.0, rouge_l=0.5, eos_rate=1.0)
    found = Evaluation(
        model=PROBE,
        adapter=Path(FILE_NAME),
        prompt="chat",
        dataset_sha256="00",
        rows=1,
        passed_over=0,
        remarks=(PROBE,),
        groups=(ScoreGroup(name=f"en/{PROBE}", rows=1, base=scores, tuned=scores),),
        samples=(Sample(row=ROW, base=PROBE, tuned=PROBE + "\n```\n# x"),),
    )
    shown = check(markdown(found))
    assert (shown.count("<h1>"), shown.count("<h2>"), shown.count("<pre>")) == (1, 1, 4)
