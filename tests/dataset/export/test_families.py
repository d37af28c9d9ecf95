"""What trainers are told of a model, by its name."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.families import name_of, swift_of
from selfinstruct.dataset.export.job import TrainerJob
from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
from selfinstruct.records import Row
from tests.support.exports import ROWS, Cli, hand_over
from tests.support.rich_rows import call, result, tool

FILES = {"llamafactory": "train.yaml", "axolotl": "axolotl.yaml", "swift": "swift.yaml"}
PAIRS = [row.model_copy(update={"rejected": "Mud."}) for row in ROWS]
sft_and_pairs = pytest.mark.parametrize("train", [ROWS, PAIRS], ids=["answers", "pairs"])


def told(name: str, model: str, train: list[Row] = ROWS, **changes: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what YAML reads from a trainer's configuration, and the advice."""
    yaml = pytest.importorskip("yaml")
    layout = TRAINER_FORMATS[name].layout(train, model, None)
    job = TrainerJob(train, [], model, Finetune(**changes), 7, layout, "0" * 64)
    return yaml.safe_load(TRAINER_FORMATS[name].configuration(job)[FILES[name]]), TRAINER_FORMATS[name].advice(job)


@sft_and_pairs
@pytest.mark.parametrize(
    ("model", "model_type", "template"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2", "qwen2_5"),
        ("Qwen/Qwen2.5-7B-Instruct-1M", "qwen2", "qwen"),
        ("Qwen/Qwen2-7B-Instruct", "qwen2", "qwen"),
        ("Qwen/Qwen3-8B", "qwen3", "qwen3"),
        ("Qwen/Qwen3-30B-A3B", "qwen3_moe", "qwen3"),
        ("Qwen/Qwen3-4B-Instruct-2507", "qwen3", "qwen3_nothinking"),
        ("Qwen/Qwen3-30B-A3B-Thinking-2507", "qwen3_moe", "qwen3_thinking"),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "llama", "llama3"),
        ("/models/Llama-3.2-1B-Instruct/", "llama", "llama3_2"),
        ("google/gemma-2-9b-it", "gemma2", "gemma"),
        ("google/gemma-3-1b-it", "gemma3_text", "gemma3_text"),
        ("google/gemma-3-27b-it", "gemma3_vision", "gemma3_vision"),
        ("zai-org/glm-4-9b-chat-hf", "glm_edge", "chatglm4"),
        ("zai-org/glm-4-9b-chat", "chatglm4", "chatglm4"),
        ("zai-org/GLM-4.5-Air", "glm4_moe", "glm4_5"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "qwen2", "deepseek_r1"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "llama", "deepseek_r1"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral", "llama"),
        ("HuggingFaceTB/SmolLM2-135M-Instruct", "llama", "chatml"),
        ("/c/models--Qwen--Qwen3-8B/snapshots/0f1e", "qwen3", "qwen3"),
    ],
)
def test_ms_swift_is_told_type_and_template(model: str, model_type: str, template: str, train: list[Row]) -> None:
    options, advice = told("swift", model, train, lora_dropout=0)
    assert (options["model_type"], options["template"], advice) == (model_type, template, ())


@pytest.mark.parametrize(
    "model",
    ["my/own", "ibm-granite/granite-3.1-8b-instruct", "Skywork/Skywork-Reward-Llama-3.1-8B", "Qwen/Qwen3-Reranker-4B"],
)
def test_of_a_model_that_is_not_known_ms_swift_is_told_no_type_and_the_person_is_what_to_set(model: str) -> None:
    options, (advice,) = told("swift", model)
    assert not {"model_type", "template", "system"} & set(options)
    assert all(word in advice for word in (model, "`model_type`", "`template`", "--model"))


@pytest.mark.parametrize("held", ["tools", "calls", ""])
@pytest.mark.parametrize(("model", "knows"), [("google/gemma-2-9b-it", False), ("Qwen/Qwen3-8B", True)])
def test_ms_swift_is_told_how_to_write_tools_where_its_template_stops_at_them(
    model: str, knows: bool, held: str
) -> None:
    given = {"tools": (tool("weather"),), "calls": (call("weather", {}), result("21"))}
    changes = {held: given[held]} if held else {}
    options, advice = told("swift", model, [ROWS[0].model_copy(update=changes)])
    helped = bool(held) and not knows
    assert options.get("agent_template") == ("hermes" if helped else None)
    assert ["`agent_template`" in one for one in advice] == [True] * helped


def test_who_trains_glm4_on_calls_with_ms_swift_is_told_how_it_writes_them() -> None:
    called = ROWS[0].model_copy(update={"calls": (call("weather", {}), result("21"))})
    assert ["Python, not JSON" in one for one in told("swift", "zai-org/glm-4-9b-chat-hf", [called])[1]] == [True]
    assert told("swift", "zai-org/glm-4-9b-chat-hf")[1] == ()


@pytest.mark.parametrize("method", ["lora", "rslora", "qlora"])
@pytest.mark.parametrize(
    "model", ["zai-org/GLM-4.5-Air", "Qwen/Qwen3-Next-80B-A3B-Instruct", "deepseek-ai/DeepSeek-V3"]
)
def test_where_ms_swift_adapts_experts_the_dropout_is_0_and_said(model: str, method: str) -> None:
    options, advice = told("swift", model, method=method)
    assert (options["lora_dropout"], ["lora_dropout 0, not 0.05" in one for one in advice]) == (0, [True])


@pytest.mark.parametrize(
    ("model", "changes", "dropout"),
    [
        ("Qwen/Qwen3-30B-A3B", {}, 0.05),
        ("Qwen/Qwen3-8B", {}, 0.05),
        ("zai-org/GLM-4.5-Air", {"target_modules": ("q_proj", "v_proj")}, 0.05),
        ("zai-org/GLM-4.5-Air", {"method": "full"}, None),
        ("zai-org/GLM-4.5-Air", {"lora_dropout": 0}, 0),
    ],
    ids=["no layer by the experts' name", "no experts", "other layers", "all weights", "no dropout"],
)
def test_where_ms_swift_would_not_stop_the_dropout_is_what_was_set_and_nothing_is_said(
    model: str, changes: dict[str, Any], dropout: float | None
) -> None:
    options, advice = told("swift", model, **changes)
    assert (options.get("lora_dropout"), advice) == (dropout, ())


@pytest.mark.parametrize(("name", "stops"), [("swift", True), ("axolotl", True), ("llamafactory", False)])
@pytest.mark.parametrize(
    ("targets", "experts"), [((), True), (("q_proj", "mlp.up_proj"), True), (("q_proj",), False)], ids=str
)
def test_who_trains_experts_by_dora_is_told_where_that_stops(
    name: str, stops: bool, targets: tuple[str, ...], experts: bool
) -> None:
    _, advice = told(name, "zai-org/GLM-4.5-Air", method="dora", target_modules=targets)
    assert any("stops at DoRA where it adapts experts" in one for one in advice) == (stops and experts)


@pytest.mark.parametrize("name", ["swift", "llamafactory"])
@pytest.mark.parametrize(
    ("model", "system"),
    [
        ("HuggingFaceTB/SmolLM2-135M-Instruct", "You are a helpful AI assistant named SmolLM, trained by Hugging Face"),
        ("meta-llama/Llama-2-7b-chat-hf", ""),
        ("Qwen/Qwen2.5-7B-Instruct", None),
    ],
)
def test_the_system_text_of_rows_that_have_none_is_that_of_the_models_own_template(
    name: str, model: str, system: str | None
) -> None:
    options, _ = told(name, model)
    assert options.get({"swift": "system", "llamafactory": "default_system"}[name]) == system


@pytest.mark.parametrize("name", FILES)
def test_the_precision_is_left_to_the_trainer(name: str) -> None:
    options, _ = told(name, "Qwen/Qwen3-8B")
    assert "torch_dtype" not in options
    assert options.get("bf16") == ("auto" if name == "axolotl" else None)


@pytest.mark.parametrize(("method", "said"), [("full", True), ("lora", False), ("qlora", False)])
def test_who_trains_all_weights_with_llamafactory_is_told_how_to_leave_float32(method: str, said: bool) -> None:
    _, advice = told("llamafactory", "Qwen/Qwen3-8B", method=method)
    assert ["`bf16: true`" in one for one in advice] == [True] * said


@sft_and_pairs
@pytest.mark.parametrize(
    ("model", "ends"),
    [
        ("google/gemma-2-2b-it", ["<end_of_turn>"]),
        ("google/gemma-3-1b-it", ["<end_of_turn>"]),
        ("google/gemma-4-31B-it", ["<turn|>"]),
        ("Qwen/Qwen3-8B-Base", ["<|im_end|>"]),
        ("microsoft/Phi-3-mini-4k-instruct", ["<|end|>"]),
        ("meta-llama/Llama-3.1-8B-Instruct", ["<|eot_id|>"]),
        ("meta-llama/Llama-2-7b-chat-hf", None),
    ],
)
def test_axolotl_is_told_what_ends_a_turn_and_takes_alpacas_prompt_where_there_is_no_template(
    model: str, ends: list[str] | None, train: list[Row]
) -> None:
    options, advice = told("axolotl", model, train)
    assert (options.get("eot_tokens"), advice) == (ends, ())
    assert options["chat_template"] == "tokenizer_default_fallback_alpaca"


@sft_and_pairs
def test_glm4_gets_a_template_for_axolotl_that_ends_the_last_turn(train: list[Row]) -> None:
    jinja2 = pytest.importorskip("jinja2")
    options, advice = told("axolotl", "zai-org/glm-4-9b-chat-hf", train)
    assert (options["chat_template"], options["eot_tokens"], advice) == ("jinja", ["<|user|>"], ())
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(options["chat_template_jinja"])
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a?"}]
    answered = [*asked, {"role": "assistant", "content": "b"}]
    prompt = "[gMASK]<sop><|system|>\nBe brief.<|user|>\na?<|assistant|>"
    assert template.render(messages=asked, add_generation_prompt=True) == prompt
    assert template.render(messages=answered, add_generation_prompt=False) == f"{prompt}\nb<|user|>"


@pytest.mark.parametrize(("model", "tools"), [("zai-org/GLM-4.5-Air", False), ("zai-org/glm-4-9b-chat-hf", True)])
def test_who_would_learn_no_end_of_the_last_turn_with_axolotl_is_told(model: str, tools: bool) -> None:
    train = [ROWS[0].model_copy(update={"tools": (tool("weather"),) if tools else ()})]
    options, (advice,) = told("axolotl", model, train)
    assert ("no end after the last answer" in advice, "chat_template_jinja" in options) == (True, False)


_R1 = "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["reasoning", "history"])
@pytest.mark.parametrize("reasoning", ["", "tags", "empty"])
def test_who_would_lose_thoughts_with_axolotl_is_told_how_many_rows_have_some(
    selfinstruct: Cli, tmp_path: Path, place: str, reasoning: str
) -> None:
    held = {"reasoning": "一加一。"} if place == "reasoning" else {"history": [["a?", "<think>\nb?\n</think>\n\nc."]]}
    row = {"instruction": "几？", "output": "二。", **held}
    said, _ = hand_over(selfinstruct, tmp_path, "axolotl", row, model=_R1, reasoning=reasoning)
    assert "DeepSeek-R1-Distill-Qwen-7B cuts thoughts, so axolotl learns none of those of 1 row:" in said


@pytest.mark.parametrize(
    ("model", "reasoning", "row"),
    [
        (_R1, "", {"instruction": "几？", "output": "二。"}),
        (_R1, "drop", {"instruction": "几？", "output": "二。", "reasoning": "一加一。"}),
        (_R1, "", {"instruction": "几？", "chosen": "<think>\n一加一。\n</think>\n\n二。", "rejected": "三。"}),
        ("Qwen/Qwen3-8B", "", {"instruction": "几？", "output": "二。", "reasoning": "一加一。"}),
    ],
    ids=["no thoughts", "dropped", "dropped, pairs", "a template that writes them"],
)
def test_who_loses_no_thoughts_with_axolotl_or_wants_none_is_not_told(
    selfinstruct: Cli, tmp_path: Path, model: str, reasoning: str, row: dict[str, Any]
) -> None:
    said, _ = hand_over(selfinstruct, tmp_path, "axolotl", row, model=model, reasoning=reasoning)
    assert "cuts thoughts" not in said


def test_of_a_model_that_is_not_known_the_person_is_told_what_ends_a_turn_for_axolotl() -> None:
    options, (advice,) = told("axolotl", "my/own")
    assert ("eot_tokens" in options, "`eot_tokens`" in advice, "--model" in advice) == (False, True, True)


@pytest.mark.parametrize("language", [("Name a lake.", "In Asia."), ("说出一个湖泊。", "在亚洲。")], ids=["en", "zh"])
@pytest.mark.parametrize("rejected", ["", "Como"], ids=["answers", "pairs"])
@pytest.mark.parametrize("name", FILES)
def test_all_trainers_get_instruction_and_input_as_the_same_user_turn(
    selfinstruct: Cli, tmp_path: Path, name: str, language: tuple[str, str], rejected: str
) -> None:
    instruction, given = language
    answer = {"chosen": "Aral", "rejected": rejected} if rejected else {"output": "Aral"}
    row = {"instruction": instruction, "input": given, **answer}
    _, (found,) = hand_over(selfinstruct, tmp_path, name, row)
    turn = found["instruction"] if name == "llamafactory" else found["messages"][0]["content"]
    assert (turn, "input" in found) == (f"{instruction}\n\n{given}", False)


def test_llamafactory_is_told_of_no_column_that_it_would_join_with_one_break(selfinstruct: Cli, tmp_path: Path) -> None:
    hand_over(
        selfinstruct, tmp_path, "llamafactory", {"instruction": "Name a lake.", "input": "Big.", "output": "Aral"}
    )
    assert "query" not in (tmp_path / "out" / "dataset_info.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("history", [[], [["a?", "b."]]], ids=["alone", "after a turn"])
@pytest.mark.parametrize("name", ["swift", "axolotl"])
@pytest.mark.parametrize(("model", "folded"), [("google/gemma-2-9b-it", True), ("Qwen/Qwen3-8B", False)])
def test_a_system_text_goes_into_the_first_user_turn_where_the_model_knows_no_system_turn(
    selfinstruct: Cli, tmp_path: Path, name: str, model: str, folded: bool, history: list[list[str]]
) -> None:
    row = {"instruction": "c?", "output": "d.", "system": "Be brief.", "history": history}
    _, (found,) = hand_over(selfinstruct, tmp_path, name, row, model=model)
    first, second = found["messages"][:2]
    asked = "a?" if history else "c?"
    if folded:
        assert (first["role"], first["content"]) == ("user", f"Be brief.\n\n{asked}")
    else:
        assert (first["content"], second["content"]) == ("Be brief.", asked)


def test_a_model_is_known_by_its_own_name_and_not_by_its_folders() -> None:
    assert name_of("/home/qwen/llama-3.1-8b") == "llama-3.1-8b"
    assert swift_of("/home/qwen/my-own") is None


@pytest.mark.parametrize("name", FILES)
def test_the_command_says_what_is_not_known_of_a_model_and_nothing_of_one_that_is(
    selfinstruct: Cli, tmp_path: Path, name: str
) -> None:
    row = {"instruction": "Name a lake.", "output": "Aral"}
    said, _ = hand_over(selfinstruct, tmp_path, name, row, model="my/own")
    assert "my/own is not known here" in said or "my/own ends a turn is not known here" in said
    (tmp_path / "out").rename(tmp_path / "first")
    said, _ = hand_over(selfinstruct, tmp_path, name, row)
    assert said == ""
