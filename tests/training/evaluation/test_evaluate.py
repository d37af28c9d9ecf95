import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from selfinstruct.api.comparison import compare
from selfinstruct.api.tuned import evaluate as api_evaluate
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.system.writing import write_jsonl
from selfinstruct.training import Evaluation, EvaluationJob, TrainingJob, evaluate, finetune
from selfinstruct.training.evaluation.report import markdown
from tests.support import judges
from tests.support.judges import Shown
from tests.support.models import CHAT, SETTINGS, build_model, build_tokenizer, make_row, silent, toy_rows
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.finetune

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def adapter(chat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole model, really: an adapter of a random model has nothing to build on and learns next to nothing."""
    output = tmp_path_factory.mktemp("trained") / "tuned"
    settings = SETTINGS.model_copy(update={"method": "full", "epochs": 20, "learning_rate": 1e-2, "evaluations": 1})
    finetune(toy_rows(24), [], TrainingJob(settings=settings, model=str(chat_model), output=output, seed=7), silent)
    return output


def evaluated(model: Path, adapter: Path, rows: list[Row], categories: dict[str, str] | None = None) -> Evaluation:
    return evaluate(rows, categories or {}, EvaluationJob(model=str(model), adapter=adapter, max_new_tokens=12), silent)


def test_the_tuned_model_is_measured_beside_its_base_on_rows_that_it_did_not_learn(
    chat_model: Path, adapter: Path
) -> None:
    found = evaluated(chat_model, adapter, toy_rows(24))
    summary = json.loads((adapter / "finetune.json").read_text(encoding="utf-8"))["result"]
    everything = found.groups[0]
    assert (found.rows, found.passed_over) == (summary["held_out_rows"], summary["train_rows"])
    assert everything.base.loss == pytest.approx(summary["loss_before"], abs=1e-4)
    assert everything.tuned.loss == pytest.approx(summary["loss_after"], abs=1e-4)
    assert everything.tuned.rouge_l > everything.base.rouge_l + 0.3
    assert everything.tuned.eos_rate == 1.0


def test_it_says_how_it_stands_to_the_model_card(chat_model: Path, adapter: Path) -> None:
    assert evaluated(chat_model, adapter, toy_rows(24)).remarks == (
        "These are the rows of the model card, and its losses.",
    )
    other = evaluated(chat_model, adapter, [make_row("zh", "新的。", "一只小灰猫在睡觉")])
    assert other.remarks[0].startswith("The model card measured other rows: loss ")
    card = (adapter / "README.md").read_text(encoding="utf-8")
    few = json.loads((adapter / "finetune.json").read_text(encoding="utf-8"))["result"]["held_out_rows"]
    assert f"{few} rows measured: too few to tell whether tuning helped" in card


def test_it_says_how_far_each_model_is_with_its_answers(chat_model: Path, adapter: Path) -> None:
    rows, said = [make_row("zh", f"新的{n}。", "一只小灰猫在睡觉") for n in range(3)], list[str]()
    evaluate(
        rows, {}, EvaluationJob(model=str(chat_model), adapter=adapter, max_new_tokens=2, batch_size=2), said.append
    )
    assert [line for line in said if "answers" in line] == [
        f"{name} model: {done} of 3 answers" for name in ("base", "tuned") for done in (0, 3)
    ]


def test_each_language_and_category_has_its_own_scores_that_add_up(chat_model: Path, adapter: Path) -> None:
    rows = [
        *(make_row("en", f"New {n}.", "a small grey cat") for n in range(3)),
        make_row("zh", "新的。", "一只小灰猫在睡觉"),
    ]
    found = evaluated(chat_model, adapter, rows, {rows[0].id: "naming"})
    sizes = {group.name: group.rows for group in found.groups}
    assert sizes == {"all": 4, "en": 3, "en/naming": 1, "zh": 1}
    rouge = {group.name: group.tuned.rouge_l for group in found.groups}
    assert rouge["all"] == pytest.approx((3 * rouge["en"] + rouge["zh"]) / 4)


def test_chinese_answers_are_compared_by_character(chat_model: Path, adapter: Path) -> None:
    zh = evaluated(chat_model, adapter, [make_row("zh", "动物99？", "一只小灰猫")])
    assert zh.groups[0].tuned.rouge_l > 0.9


def test_rows_that_were_all_learned_are_refused(chat_model: Path, adapter: Path) -> None:
    trained = set(json.loads((adapter / "split.json").read_text(encoding="utf-8"))["train"])
    with pytest.raises(InputError, match=r"all \d+ rows were learned"):
        evaluated(chat_model, adapter, [row for row in toy_rows(24) if row.id in trained])


def test_the_page_shows_scores_and_answers_side_by_side_and_no_text_breaks_out(chat_model: Path, adapter: Path) -> None:
    row = make_row("en", "Fence it.", "```\n# not a heading\n```")
    page = markdown(evaluated(chat_model, adapter, [row]))
    assert "| `all` | 1 |" in page
    assert "````text\n```\n# not a heading\n```\n````" in page
    assert page.index("**Base**") < page.index("**Tuned**")


def test_the_command_writes_json_and_markdown_and_knows_the_base_model(
    selfinstruct: Run, adapter: Path, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "new.jsonl", [row.model_dump() | {"category": "animals"} for row in toy_rows(40)])
    done = selfinstruct("evaluate", "--adapter", adapter, "--dataset", "new.jsonl", "--rows", "2", "--max-new-tokens", "8",
                        "--output", "found", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert value == json.loads((tmp_path / "found" / "evaluation.json").read_text(encoding="utf-8"))
    assert [group["name"] for group in value["groups"]] == ["all", "en", "en/animals", "zh", "zh/animals"]
    assert value["rows"] == 4
    assert (tmp_path / "found" / "evaluation.md").read_text(encoding="utf-8").startswith("# `tuned` against ")


@pytest.mark.parametrize("method", ["lora", "p-tuning-v2"])
def test_the_adapter_of_another_model_is_refused(method: str, family_models: dict[str, Path], tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"method": method})
    job = TrainingJob(settings=settings, model=str(family_models["llama"]), output=tmp_path, seed=7, max_steps=1)
    finetune(toy_rows(), [], job, silent)
    other = build_model(tmp_path / "other", build_tokenizer(chat=CHAT), "glm", layers=3)
    with pytest.raises(InputError, match="another base model"):
        evaluated(other, tmp_path, [make_row("en", "New.", "cat")])


@pytest.mark.parametrize("method", ["full", "prompt-tuning"])
def test_rows_longer_than_the_model_s_context_are_passed_over_and_counted(method: str, tmp_path: Path) -> None:
    """GPT-2 has a vector for each of its positions and none beyond; an answer ends there too."""
    from transformers import GPT2Config, GPT2LMHeadModel

    shape = {"n_embd": 32, "n_layer": 1, "n_head": 4, "bos_token_id": 1, "eos_token_id": 1}
    GPT2LMHeadModel(GPT2Config(vocab_size=512, n_positions=64, **shape)).save_pretrained(tmp_path / "gpt2")
    build_tokenizer(chat=CHAT).save_pretrained(tmp_path / "gpt2")
    settings = SETTINGS.model_copy(update={"method": method, "virtual_tokens": 8})
    long = make_row("en", "Tell a long tale of a cat.", "a small grey cat " * 12)
    job = TrainingJob(settings=settings, model=str(tmp_path / "gpt2"), output=tmp_path / "out", seed=7, max_steps=1)
    result = finetune([*toy_rows(), long], [], job, silent)
    assert result.left_out == 1
    whole = EvaluationJob(model=str(tmp_path / "gpt2"), adapter=tmp_path / "out", max_new_tokens=256)
    found = evaluate([*toy_rows(), long], {}, whole, silent)
    assert (found.too_long, found.rows + found.passed_over) == (1, 12)
    with pytest.raises(InputError, match=r"none of 1 row .* fits into"):
        evaluate([long], {}, whole, silent)


@pytest.mark.thorough
def test_a_judge_of_the_configuration_compares_the_answers_too(
    chat_model: Path, adapter: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    """The judge takes the answer that is its question's reference; the tuned model has learned to give just that."""

    def say(pair: Shown) -> str:
        if pair.question in judges.RIGHT:
            return judges.perfect(pair)
        right = ["cat" in one or "猫" in one for one in (pair.first, pair.second)]
        return "tie" if right[0] == right[1] else "1" if right[0] else "2"

    server.script = judges.script(say)
    dataset = tmp_path / "rows.jsonl"
    write_jsonl(dataset, [row.model_dump() for row in toy_rows(24)])
    config = make_config(judge__model="judge", finetune__model=str(chat_model))
    found = api_evaluate(
        adapter, dataset, output=tmp_path / "out", max_new_tokens=12, samples=1, config=config, say=silent
    )
    assert found.comparison is not None
    assert found.comparison["certificate"]["passed"]
    assert found.comparison["questions"] == found.rows > len(found.samples)
    assert found.comparison["wins"]["B"] > found.comparison["wins"]["A"]
    assert "tuned wins" in (tmp_path / "out" / "evaluation.md").read_text(encoding="utf-8")
    asked = len(server.requests)
    assert (
        api_evaluate(adapter, dataset, output=tmp_path / "out", max_new_tokens=12, samples=1, config=config, say=silent)
        == found
    )
    assert len(server.requests) == asked


@pytest.mark.thorough
def test_models_on_this_machine_are_sides_and_their_answers_are_kept(
    chat_model: Path, adapter: Path, tmp_path: Path
) -> None:
    rows = toy_rows(24)[:6]
    questions = tmp_path / "questions.jsonl"
    write_jsonl(questions, [{"instruction": row.instruction, "input": row.input} for row in rows])
    found = compare(
        chat_model,
        adapter,
        questions=questions,
        judge="none",
        output=tmp_path / "out",
        max_answer_tokens=12,
        say=silent,
    )
    assert found.sides[1].answered == len(found.decisions)
    assert {one.b for one in found.decisions} <= {row.output for row in toy_rows(24)}
    kept = sorted((tmp_path / "out" / "b" / "journal").glob("*.jsonl"))
    before = [path.read_bytes() for path in kept]
    again = compare(
        chat_model,
        adapter,
        questions=questions,
        judge="none",
        output=tmp_path / "out",
        max_answer_tokens=12,
        say=silent,
    )
    assert (again, [path.read_bytes() for path in kept]) == (found, before)


@pytest.mark.parametrize("method", ["full", "p-tuning-v2"])
def test_both_models_answer_tasks_of_one_s_own_and_nothing_is_written(
    selfinstruct: Run, method: str, chat_model: Path, adapter: Path, tmp_path: Path
) -> None:
    folder = adapter
    if method != "full":
        job = TrainingJob(
            settings=SETTINGS.model_copy(update={"method": method}),
            model=str(chat_model),
            output=(folder := tmp_path / method),
            seed=7,
            max_steps=1,
        )
        finetune(toy_rows(), [], job, silent)
    before = sorted(folder.rglob("*"))
    learned = toy_rows(24)[1]
    asked = (
        "evaluate",
        "--adapter",
        folder,
        "--max-new-tokens",
        "12",
        "--ask",
        learned.instruction,
        "--ask",
        "动物99？",
    )
    done = selfinstruct(*asked, "--json")
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)["answers"]
    assert [one["instruction"] for one in answers] == [learned.instruction, "动物99？"]
    if method == "full":
        assert answers[0]["tuned"] == learned.output != answers[0]["base"]
    assert sorted(folder.rglob("*")) == before
    shown = selfinstruct(*asked).stdout
    assert [line.split(":")[0] for line in shown.splitlines() if line.startswith("  ") and line[2] != " "] == [
        "  base model",
        "  tuned model",
    ] * 2


@pytest.mark.parametrize(
    ("task", "told"),
    [(" ", "task 1 is empty; give an instruction"), ("cat " * 5000, "task 2 is longer than the context")],
)
def test_a_task_that_cannot_be_asked_is_named(selfinstruct: Run, adapter: Path, task: str, told: str) -> None:
    good = () if "1" in told else ("--ask", "Name a bird.")
    done = selfinstruct("evaluate", "--adapter", adapter, *good, "--ask", task)
    assert (done.returncode, told in " ".join(done.stderr.split())) == (2, True), done.stderr
