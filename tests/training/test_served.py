"""What was learned is what is served: plain transformers generates exactly the taught answers; the day, the refusals, and what is said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.export.turns import messages_of, with_objects
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.training import EvaluationJob, TrainingJob, dry_run, evaluate, finetune
from selfinstruct.training.evaluation.report import markdown
from selfinstruct.training.run import dated
from tests.support.families import CALLING, FAMILIES, ROWS, Family, ends_of, tokenizer_of
from tests.support.models import CHAT, SETTINGS, build_model, build_tokenizer, make_row, silent, toy_rows
from tests.support.rich_rows import call, result, tool

pytestmark = pytest.mark.finetune

CITIES = ("Oslo", "Rome", "Lima", "Kyiv", "Bern", "Doha", "Riga", "Baku", "Male", "Suva")
THINGS = "河山海云风雨雪火石木"
TWENTY = [
    row.model_copy(update={"reasoning": "Hm."} if number % 2 else {})
    for number, row in enumerate(
        [make_row("en", f"Name {city.lower()}.", f"{city}, {place}") for place, city in enumerate(CITIES)]
        + [make_row("zh", f"说{thing}。", f"{thing}是{place}。") for place, thing in enumerate(THINGS)]
    )
]
TWENTY[-1] = make_row("zh", "再说一个。", "是土。").model_copy(
    update={"history": (("说水。", "水。"), ("一个。", "是金。"))}
)
CALLED = [
    make_row("en", f"Weather in {city}?", f"{sky} there.").model_copy(
        update={"tools": (tool("weather"),), "calls": (call("weather", {"city": city}), result(sky))}
    )
    for city, sky in zip(CITIES[:6], ("Rain", "Sun", "Snow", "Fog", "Wind", "Hail"), strict=True)
]
MEASURED = make_row("en", "Name another.", "Paris")
DATED = "Day {{ strftime_now('%Y-%m-%d') }}\n" + CHAT


def family_model(family: Family, folder: Path) -> Path:
    """Write a small random model that ends as the family does."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    tokenizer = tokenizer_of(family)
    shape = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
    ends = list(ends_of(family, tokenizer))
    config = LlamaConfig(vocab_size=len(tokenizer), **shape, bos_token_id=None, eos_token_id=ends, pad_token_id=0)
    model = LlamaForCausalLM(config)
    model.generation_config.eos_token_id = ends
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def answers_of(folder: Path, row: Row) -> Iterator[tuple[str, str]]:
    """Yield (what has to be answered, prompt and answer) as plain transformers has them, for each answer and call of a row."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model, tokenizer = (kind.from_pretrained(folder) for kind in (AutoModelForCausalLM, AutoTokenizer))
    messages = with_objects(messages_of(row))
    for place, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        asked = [{key: one[key] for key in one if key != "reasoning_content"} for one in messages[:place]]
        options = {"tools": list(row.tools)} if row.tools else {}
        ids = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", **options)[
            "input_ids"
        ]
        answer = model.generate(input_ids=ids, max_new_tokens=80, do_sample=False)[0][ids.shape[1] :]
        calls = "".join(function_text(one) for one in message.get("tool_calls", ()))
        yield message["content"] + calls, tokenizer.decode(ids[0]) + tokenizer.decode(answer)


def function_text(called: Mapping[str, Any]) -> str:
    function = called["function"]
    return "".join((function["name"], json.dumps(function["arguments"], ensure_ascii=False)))


def learned_by_heart(family: Family, rows: Sequence[Row], folder: Path) -> Path:
    """Return a folder with a model that saw the rows often enough."""
    often = {"method": "full", "epochs": 150, "learning_rate": 3e-3, "batch_size": 10, "micro_batch_size": 10}
    settings = SETTINGS.model_copy(update={**often, "evaluations": 1, "max_length": 512})
    job = TrainingJob(
        settings=settings,
        model=str(family_model(family, folder / "base")),
        output=folder / "tuned",
        seed=1,
        validation_ids=frozenset({MEASURED.id}),
    )
    finetune([*rows, MEASURED], [], job, silent)
    return folder / "tuned"


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "Llama 3.2"])  # it has the date of today
def test_a_model_that_learned_twenty_rows_by_heart_answers_exactly_so_through_plain_transformers(
    name: str, tmp_path: Path
) -> None:
    tuned = learned_by_heart(FAMILIES[name], TWENTY, tmp_path)
    ended = FAMILIES[name].ends[-1 if "GLM" in name else 0]
    for row in TWENTY:
        for wanted, text in answers_of(tuned, row):
            assert text.rstrip().removesuffix(ended).rstrip().endswith(wanted)
            assert text.count("<think>") == text.count("</think>")


@pytest.mark.parametrize("name", ["Qwen3", "GLM-4.5"])
def test_a_model_that_learned_calls_by_heart_calls_and_answers_through_plain_transformers(
    name: str, tmp_path: Path
) -> None:
    tuned = learned_by_heart(CALLING[name], CALLED, tmp_path)
    for row in CALLED:
        (called, first), (answered, second) = answers_of(tuned, row)
        ends = ("<|observation|>", "<|user|>") if name == "GLM-4.5" else ("<|im_end|>", "<|im_end|>")
        assert called.removeprefix("weather") in first
        assert first.endswith("</tool_call>" + ends[0])
        assert second.endswith(answered + ends[1])
    unseen = [
        row.model_copy(update={"instruction": f"{row.instruction}!", "output": "", "calls": row.calls[:1]})
        for row in CALLED
    ]
    asked = EvaluationJob(model=str(tmp_path / "base"), adapter=tuned, max_new_tokens=80)
    scores = evaluate([*unseen, MEASURED], {}, asked, silent).groups[0]
    assert scores.tuned.rouge_l > scores.base.rouge_l + 0.2
    assert scores.tuned.loss < scores.base.loss


def test_the_day_of_a_run_is_kept_for_resuming_and_for_evaluation(tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(chat=DATED))
    job = TrainingJob(
        settings=SETTINGS.model_copy(update={"epochs": 1}), model=str(model), output=tmp_path / "a", seed=1
    )
    then = job.model_copy(update={"day": "2020-02-29"})
    losses = [
        finetune(toy_rows(), [], one.model_copy(update={"output": tmp_path / name}), silent).loss_before
        for one, name in ((then, "a"), (then, "b"), (then.model_copy(update={"day": "1999-09-09"}), "c"))
    ]
    assert losses[0] == losses[1] != losses[2]
    assert json.loads((tmp_path / "a" / "finetune.json").read_text(encoding="utf-8"))["day"] == "2020-02-29"
    asked = [make_row("en", f"Say {number}?", "a small grey cat") for number in range(4)]
    found = [
        evaluate(asked, {}, EvaluationJob(model=str(model), adapter=tmp_path / name, max_new_tokens=4), silent)
        for name in "abc"
    ]
    base = [one.groups[0].base.loss for one in found]
    assert base[0] == base[1] != base[2]


def begun(folder: Path, day: str) -> TrainingJob:
    """Return a job that has a checkpoint of that day."""
    job = TrainingJob(settings=SETTINGS, model="m", output=folder, seed=1)
    checkpoint = job.checkpoints / "checkpoint-1"
    checkpoint.mkdir(parents=True)
    (checkpoint / "trainer_state.json").write_text("{}", encoding="utf-8")
    owner = {"method": "lora", "model": "m", "dataset": "0" * 64, "day": day}
    (job.checkpoints / "job.json").write_text(json.dumps(owner), encoding="utf-8")
    return job


def test_a_run_that_goes_on_has_the_day_on_which_it_began(tmp_path: Path) -> None:
    job = begun(tmp_path, "2020-02-29")
    assert dated(job).day == "2020-02-29"
    assert dated(job.model_copy(update={"fresh": True})).day > "2020-02-29"


def test_a_day_that_is_none_is_refused_by_file_and_field(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"job\.json.*day"):
        dated(begun(tmp_path, "2020-02-30"))


@pytest.mark.parametrize("where", ["template", "general row"])
def test_a_tokenizer_with_more_tokens_than_the_model_is_refused_before_training(where: str, tmp_path: Path) -> None:
    tokenizer = build_tokenizer(chat=CHAT if where == "general row" else "<|new512|>" + CHAT)
    general = [make_row("en", "Say <|new512|>.", "No.")] if where == "general row" else []
    tokenizer.add_tokens([f"<|new{number}|>" for number in range(len(tokenizer), 513)])
    model = build_model(tmp_path / "model", tokenizer)
    job = TrainingJob(settings=SETTINGS, model=str(model), output=tmp_path / "out", seed=1)
    with pytest.raises(InputError, match=r"token 512 \(<\|new512\|>\), the model has 512 embeddings"):
        dry_run(toy_rows(), general, job, silent)


def test_an_unreadable_generation_config_is_refused_by_name(tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(chat=CHAT))
    (model / "generation_config.json").write_text("{", encoding="utf-8")
    job = TrainingJob(settings=SETTINGS, model=str(model), output=tmp_path / "out", seed=1)
    with pytest.raises(InputError, match=r"generation_config\.json"):
        dry_run(toy_rows(), [], job, silent)


def test_a_whole_or_merged_model_stops_at_the_end_that_it_learned(tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(chat=CHAT.replace("<|end|>", "<|text|>")))
    settings = SETTINGS.model_copy(update={"epochs": 1})
    job = TrainingJob(settings=settings, model=str(model), output=tmp_path / "adapter", seed=1, merge=True)
    result = finetune(toy_rows(), [], job, silent)
    whole = job.model_copy(
        update={
            "settings": settings.model_copy(update={"method": "full"}),
            "output": tmp_path / "whole",
            "merge": False,
        }
    )
    finetune(toy_rows(), [], whole, silent)
    for folder in (tmp_path / "adapter" / "merged", tmp_path / "whole"):
        assert json.loads((folder / "generation_config.json").read_text(encoding="utf-8"))["eos_token_id"] == [1, 2]
    assert any("eos_token_id=2" in remark for remark in result.remarks)


def remarks(rows: list[Row], family: str, folder: Path, **changes: object) -> str:
    model = family_model(FAMILIES[family], folder)
    settings = SETTINGS.model_copy(update=changes)
    job = TrainingJob(settings=settings, model=str(model), output=folder / "out", seed=1)
    return "\n".join(dry_run(rows, [], job, silent).remarks)


def test_thoughts_that_are_not_taught_are_counted_with_the_reason(tmp_path: Path) -> None:
    rows = [*toy_rows(), ROWS["a thought"]]
    assert "the reasoning of 1 row is left out: the prompt format has no place" in remarks(
        rows, "Llama 3", tmp_path / "a"
    )
    assert 'left out: [finetune] thinking = "off"' in remarks(rows, "Qwen3", tmp_path / "b", thinking="off")
    assert "reasoning" not in remarks(rows, "Qwen3", tmp_path / "c")


def test_system_texts_that_move_are_counted(tmp_path: Path) -> None:
    rows = [*toy_rows(), ROWS["a conversation"]]
    assert "takes no system text: that of 1 row is put before" in remarks(rows, "Gemma 2", tmp_path / "a")
    assert "system" not in remarks(rows, "Llama 3", tmp_path / "b")


def test_an_evaluation_shows_the_first_tokens_as_they_stand(chat_model: Path, tmp_path: Path) -> None:
    job = TrainingJob(settings=SETTINGS, model=str(chat_model), output=tmp_path / "out", seed=1)
    finetune(toy_rows(), [], job, silent)
    asked = [make_row("en", "Name animal x.", "a small grey cat")]
    found = evaluate(asked, {}, EvaluationJob(model=str(chat_model), adapter=job.output, max_new_tokens=4), silent)
    assert found.samples[0].tuned_start
    assert f"**Tuned**; begins with <code>{json.dumps(found.samples[0].tuned_start)}</code>" in markdown(found)
