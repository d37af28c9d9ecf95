"""Data and configuration for LLaMA-Factory, axolotl and ms-swift."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.job import TrainerJob
from selfinstruct.dataset.export.layouts import LAYOUTS, values
from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.io.write import save
from selfinstruct.records import Row
from tests.support.command import rows
from tests.support.exports import ROWS, Cli, hand_over
from tests.support.rich_rows import call, result, tool
from tests.support.rows import distinct


def configuration(name: str, train: list[Row], validation: list[Row], **changes: Any) -> dict[str, Any]:
    """Return {file: what YAML reads} of a hand-over."""
    yaml = pytest.importorskip("yaml")
    layout = TRAINER_FORMATS[name].layout([*train, *validation], "org/model", None)
    job = TrainerJob(train, validation, "org/model", Finetune(**changes), 7, layout, "0" * 64)
    return {file: yaml.safe_load(text) for file, text in TRAINER_FORMATS[name].configuration(job).items()}


def test_llamafactory_is_told_its_files_and_the_columns_that_each_has() -> None:
    files = configuration("llamafactory", ROWS[:2], ROWS[2:])
    columns = {"prompt": "instruction", "response": "output"}
    assert files["dataset_info.json"] == {
        "selfinstruct_train": {"file_name": "train.json", "formatting": "alpaca", "columns": columns},
        "selfinstruct_held_out": {
            "file_name": "held_out.json",
            "formatting": "alpaca",
            "columns": columns | {"history": "history"},
        },
    }
    options = files["train.yaml"]
    assert (options["dataset"], options["eval_dataset"]) == ("selfinstruct_train", "selfinstruct_held_out")


@pytest.mark.parametrize(
    ("name", "file", "model", "rate", "accumulation"),
    [
        ("llamafactory", "train.yaml", "model_name_or_path", 1e-05, 2),
        ("axolotl", "axolotl.yaml", "base_model", 1e-05, 2),
        ("swift", "swift.yaml", "model", 1e-05, 2),
    ],
)
def test_numbers_of_the_configuration_arrive_as_numbers(
    name: str, file: str, model: str, rate: float, accumulation: int
) -> None:
    options = configuration(name, ROWS, ROWS, learning_rate=1e-05, batch_size=8, micro_batch_size=4)[file]
    assert (options[model], options["learning_rate"], options["gradient_accumulation_steps"], options["seed"]) == (
        "org/model",
        rate,
        accumulation,
        7,
    )


@pytest.mark.parametrize(
    ("model", "template"),
    [
        ("Qwen/Qwen3-8B", "qwen3"),
        ("Qwen/Qwen3-4B-Instruct-2507", "qwen3_nothink"),
        ("/models/qwen2.5-7b-instruct", "qwen"),
        ("meta-llama/Llama-3.2-1B-Instruct", "llama3"),
        ("google/gemma-2-9b-it", "gemma2"),
        ("google/gemma-3-27b-it", "gemma3"),
        ("zai-org/GLM-4.5-Air", "glm4_moe"),
        ("zai-org/glm-4-9b-chat-hf", "glm4"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "deepseekr1"),
        ("/home/qwen/llama-3.1-8b", "llama3"),
        ("out/deepseek-teacher/Qwen3-8B/", "qwen3"),
        ("codellama/CodeLlama-34b-Instruct-hf", "llama2"),
        ("NousResearch/Hermes-3-Llama-3.1-8B", ""),
        ("/c/models--Qwen--Qwen3-8B/snapshots/0f1e", "qwen3"),
        ("deepseek-ai/deepseek-vl2", ""),
        ("Qwen/Qwen2.5-VL-7B-Instruct", ""),
        ("zai-org/GLM-4.1V-9B-Thinking", ""),
        ("my/own", ""),
    ],
)
def test_llamafactory_is_told_the_chat_template_of_the_model_or_the_person_is(model: str, template: str) -> None:
    layout = TRAINER_FORMATS["llamafactory"].layout(ROWS, model, None)
    job = TrainerJob(ROWS, [], model, Finetune(), 7, layout, "0" * 64)
    text = TRAINER_FORMATS["llamafactory"].configuration(job)["train.yaml"]
    assert (f'template: "{template}"' in text, "template:" in text) == (bool(template), bool(template))
    assert [
        "set `template` (of a base model `alpaca`)" in said for said in TRAINER_FORMATS["llamafactory"].advice(job)
    ] == [True] * (not template)


@pytest.mark.parametrize("name", TRAINER_FORMATS)
def test_a_side_without_rows_is_not_named(name: str) -> None:
    assert "held_out" not in str(configuration(name, ROWS, []))


@pytest.mark.parametrize("name", TRAINER_FORMATS)
def test_a_hand_over_has_both_sides_and_says_what_to_do_next(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    save(tmp_path / "in.jsonl", [one.model_dump() for one in distinct(30)])
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"cd out && {TRAINER_FORMATS[name].command}" in done.stdout
    ending = TRAINER_FORMATS[name].ending
    train, validation = (load_rows(tmp_path / "out" / f"{split}{ending}") for split in ("train", "held_out"))
    assert len(train) + len(validation) == 30
    assert not {one.id for one in train} & {one.id for one in validation}
    assert "HuggingFaceTB/SmolLM2-135M-Instruct" in "".join(
        path.read_text() for path in (tmp_path / "out").glob("*.yaml")
    )


@pytest.mark.parametrize(
    ("name", "file", "method", "expected"),
    [
        ("llamafactory", "train.yaml", "dora", {"finetuning_type": "lora", "use_dora": True, "lora_target": "all"}),
        ("llamafactory", "train.yaml", "qlora", {"finetuning_type": "lora", "quantization_bit": 4}),
        ("llamafactory", "train.yaml", "full", {"finetuning_type": "full"}),
        ("axolotl", "axolotl.yaml", "rslora", {"adapter": "lora", "peft_use_rslora": True, "lora_target_linear": True}),
        ("axolotl", "axolotl.yaml", "qlora", {"adapter": "qlora", "load_in_4bit": True}),
        ("swift", "swift.yaml", "rslora", {"tuner_type": "lora", "use_rslora": True, "target_modules": ["all-linear"]}),
        ("swift", "swift.yaml", "full", {"tuner_type": "full"}),
    ],
)
def test_a_hand_over_is_of_the_method_that_is_set(name: str, file: str, method: str, expected: dict[str, Any]) -> None:
    options = configuration(name, ROWS, [], method=method)[file]
    assert expected.items() <= options.items()
    assert ("lora_alpha" in options) == (method != "full")


@pytest.mark.parametrize(
    ("name", "file", "key", "value"),
    [
        ("llamafactory", "train.yaml", "lora_target", "q_proj,v_proj"),
        ("axolotl", "axolotl.yaml", "lora_target_modules", ["q_proj", "v_proj"]),
        ("swift", "swift.yaml", "target_modules", ["q_proj", "v_proj"]),
    ],
)
def test_a_hand_over_names_the_layers_that_are_set(name: str, file: str, key: str, value: object) -> None:
    assert configuration(name, ROWS, [], target_modules=("q_proj", "v_proj"))[file][key] == value


@pytest.mark.parametrize("name", TRAINER_FORMATS)
def test_finetune_hands_over_what_export_does_with_the_methods_learning_rate(
    selfinstruct: Cli, tmp_path: Path, name: str
) -> None:
    yaml = pytest.importorskip("yaml")
    save(tmp_path / "in.jsonl", [one.model_dump() for one in distinct(30)])
    selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "exported")
    done = selfinstruct("finetune", "--export", name, "--dataset", "in.jsonl", "--output", "handed")
    assert (done.returncode, done.stderr) == (0, "")
    folders = [{path.name: path.read_bytes() for path in (tmp_path / way).iterdir()} for way in ("exported", "handed")]
    assert folders[0] == folders[1]
    options = yaml.safe_load(next((tmp_path / "handed").glob("*.yaml")).read_text(encoding="utf-8"))
    assert options["learning_rate"] == 1e-3


def test_a_method_that_other_trainers_do_not_have_is_not_handed_over(selfinstruct: Cli, tmp_path: Path) -> None:
    save(tmp_path / "in.jsonl", [one.model_dump() for one in distinct(30)])
    options = ("--method", "p-tuning-v2", "--dataset", "in.jsonl", "--output", "out")
    done = selfinstruct("finetune", "--export", "axolotl", *options)
    assert done.returncode == 2
    assert "cannot train p-tuning-v2" in done.stderr
    assert not (tmp_path / "out").exists()


CALLED: dict[str, Any] = {
    "instruction": "How warm is Cork?",
    "output": "21.",
    "calls": [call("weather", {"city": "Cork"}), result("21")],
}


def test_few_calls_change_the_layout_of_both_sides_and_the_description(selfinstruct: Cli, tmp_path: Path) -> None:
    _, found = hand_over(selfinstruct, tmp_path, "llamafactory", CALLED)
    info = json.loads((tmp_path / "out" / "dataset_info.json").read_text(encoding="utf-8"))
    assert {one["formatting"] for one in info.values()} == {"sharegpt"}
    assert all("conversations" in one for one in found)


@pytest.mark.parametrize("name", ["alpaca", "sharegpt"])
def test_a_column_that_some_rows_have_is_a_text_in_all(name: str) -> None:
    told = ROWS[1].model_copy(update={"system": "Be brief.", "tools": (tool("weather"),)})
    found = values([ROWS[0], told], LAYOUTS[name])
    assert [(one["system"], bool(one["tools"])) for one in found] == [("", False), ("Be brief.", True)]


@pytest.mark.parametrize(
    "calls",
    [
        [{"role": "assistant", "content": "Let me see."}, call("weather", {}), result("21")],
        [call("weather", {})],
        [call("weather", {}) | {"reasoning_content": "hm"}, result("21")],
    ],
)
def test_calls_that_llamafactory_would_drop_are_left_out_and_counted(
    selfinstruct: Cli, tmp_path: Path, calls: list[dict[str, Any]]
) -> None:
    strange: dict[str, Any] = {"instruction": "How cold?", "output": "Very.", "history": [["a", "b"]], "calls": calls}
    turned = [{"turn": 0, **one} for one in CALLED["calls"]]
    earlier: dict[str, Any] = {**CALLED, "history": [["How cold?", ""]], "calls": turned}
    said, found = hand_over(selfinstruct, tmp_path, "llamafactory", *[CALLED] * 3, strange, earlier)
    assert ("row" in said and "left out" in said, len(found)) == (True, 3)


@pytest.mark.parametrize("name", ["axolotl", "swift", "llamafactory"])
def test_arguments_that_are_no_json_reach_no_trainer(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    broken = json.loads(json.dumps(CALLED))
    broken["calls"][0]["tool_calls"][0]["function"]["arguments"] = "{"
    said, found = hand_over(selfinstruct, tmp_path, name, CALLED, CALLED, broken)
    assert ("1 row left out" in said, len(found)) == (True, 2)


def test_pairs_for_axolotl_are_texts_without_tools_and_thoughts(selfinstruct: Cli, tmp_path: Path) -> None:
    pair = {"instruction": "Name a sea.", "chosen": "Aral\n", "rejected": "Como", "reasoning": "Not a lake."}
    said, found = hand_over(selfinstruct, tmp_path, "axolotl", pair, pair, pair | {"tools": [tool("weather")]})
    assert "1 row left out" in said
    assert "reasoning of 2 rows left out" in said
    assert [(one["chosen"], one["rejected"]) for one in found] == [("Aral", "Como")] * 2


@pytest.mark.parametrize("name", ["alpaca", "sharegpt", "chatglm", "llamafactory", "swift"])
def test_a_field_of_thoughts_that_nothing_reads_is_refused(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    rows(tmp_path / "in.jsonl", {"instruction": "Name a sea.", "output": "Aral", "reasoning": "Not a lake."})
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o", "--reasoning", "field")
    assert (done.returncode, "has no field that is read" in done.stderr) == (2, True)


def test_a_second_hand_over_to_axolotl_is_prepared_anew(selfinstruct: Cli, tmp_path: Path) -> None:
    """It names what it has prepared by path and settings, so that other rows in the same folder would never be read."""
    names = set()
    for output in ("Aral", "Baikal", "Aral"):
        hand_over(selfinstruct, tmp_path, "axolotl", {"instruction": "Name a lake.", "output": output})
        lines = (tmp_path / "out" / "axolotl.yaml").read_text(encoding="utf-8").splitlines()
        names.add(next(line for line in lines if line.startswith("dataset_prepared_path")))
    assert len(names) == 2


@pytest.mark.parametrize(
    ("name", "file"), [("axolotl", "axolotl.yaml"), ("swift", "swift.yaml"), ("llamafactory", "train.yaml")]
)
def test_a_configuration_that_somebody_changed_is_kept_beside_the_new_one(
    selfinstruct: Cli, tmp_path: Path, name: str, file: str
) -> None:
    row = {"instruction": "Name a lake.", "output": "Aral"}
    hand_over(selfinstruct, tmp_path, name, row)
    path = tmp_path / "out" / file
    text = path.read_text(encoding="utf-8")
    said, _ = hand_over(selfinstruct, tmp_path, name, row)
    assert "is kept as" not in said
    path.write_text(f"{text}# mine\n", encoding="utf-8")
    said, _ = hand_over(selfinstruct, tmp_path, name, row)
    assert f"{file} stood there with other text, which is kept as {file}.1" in " ".join(said.split())
    assert (path.read_text(encoding="utf-8"), path.with_name(f"{file}.1").read_text(encoding="utf-8")) == (
        text,
        f"{text}# mine\n",
    )


@pytest.mark.parametrize(
    ("name", "ending"), [("axolotl", "train.jsonl"), ("llamafactory", "train.json"), ("alpaca", "alpaca.json")]
)
def test_a_file_of_rows_that_stood_there_with_other_content_is_named(
    selfinstruct: Cli, tmp_path: Path, name: str, ending: str
) -> None:
    given = rows(tmp_path / "rows.jsonl", *[one.model_dump() for one in distinct(4)])
    export = ("export", "--dataset", given, "--format", name, "--output", tmp_path / "out")
    assert selfinstruct(*export).returncode == 0
    assert "Replaced" not in selfinstruct(*export).stderr
    path = tmp_path / "out" / ending
    path.write_text("[]", encoding="utf-8")
    said = " ".join(selfinstruct(*export).stderr.split())
    assert f"Replaced, as it was there already: {path}" in said
    assert not path.with_name(f"{path.name}.1").exists()


@pytest.mark.parametrize("key", ["weight", "train", "loss"])
@pytest.mark.parametrize("name", ["axolotl", "swift", "llamafactory", "trl"])
def test_a_call_that_is_context_only_is_told_so_or_left_out(
    selfinstruct: Cli, tmp_path: Path, name: str, key: str
) -> None:
    context = CALLED | {"calls": [CALLED["calls"][0] | {key: 0}, CALLED["calls"][1]]}
    said, found = hand_over(selfinstruct, tmp_path, name, CALLED, context)
    told = {"axolotl": {"train": False}, "swift": {"loss": False}}
    if name in told:
        assert [told[name].items() <= one["messages"][1].items() for one in found] == [False, True]
        assert not {"weight", "train", "loss"} - set(told[name]) & set(found[1]["messages"][1])
    else:
        assert (len(found), "1 row left out: this layout cannot hold its tool calls" in said) == (1, True)
    if name == "axolotl":
        assert "message_field_training" in (tmp_path / "out" / "axolotl.yaml").read_text(encoding="utf-8")


def test_axolotl_passes_on_the_calls_whatever_the_template_is(selfinstruct: Cli, tmp_path: Path) -> None:
    _, (found,) = hand_over(selfinstruct, tmp_path, "axolotl", CALLED)
    assert found["messages"][1]["content"] == ""
    assert '"tool_calls": "tool_calls"' in (tmp_path / "out" / "axolotl.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["alpaca", "trl", "sharegpt", "chatglm"])
def test_a_layout_that_can_hold_no_row_writes_no_file(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    rows(tmp_path / "in.jsonl", {"instruction": "b?", "output": "c", "history": [["a", "b"]], "unlearned": [0]})
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, "context only" in done.stderr, (tmp_path / "o").exists()) == (2, True, False)


def test_parts_of_a_result_are_one_text_for_trl_and_results_come_in_the_order_of_the_calls(
    selfinstruct: Cli, tmp_path: Path
) -> None:
    calls = [{"id": name, **call(name, {})["tool_calls"][0]} for name in ("weather", "time")]
    results = [
        {"role": "tool", "tool_call_id": "time", "content": "noon"},
        {"role": "tool", "tool_call_id": "weather", "content": [{"type": "text", "text": "rain"}]},
    ]
    row = CALLED | {"calls": [{"role": "assistant", "content": None, "tool_calls": calls}, *results]}
    _, (found,) = hand_over(selfinstruct, tmp_path, "trl", row)
    assert [one["content"] for one in found["messages"][2:4]] == ["rain", "noon"]


def test_two_calls_at_once_are_left_out_where_the_template_of_llamafactory_stops_at_them(
    selfinstruct: Cli, tmp_path: Path
) -> None:
    both = CALLED["calls"][0] | {"tool_calls": CALLED["calls"][0]["tool_calls"] * 2}
    parallel = CALLED | {"calls": [both, result("21"), result("22")]}
    rows(
        tmp_path / "in.jsonl",
        CALLED,
        parallel,
        *({"instruction": one.instruction, "output": "x"} for one in distinct(12)),
    )
    for model, left in (("zai-org/glm-4-9b-chat-hf", True), ("Qwen/Qwen3-8B", False)):
        done = selfinstruct(
            "export", "--format", "llamafactory", "--dataset", "in.jsonl", "--output", "o", "--model", model
        )
        assert (done.returncode, "1 row left out" in done.stderr) == (0, left)


def test_calls_that_are_held_once_their_thoughts_are_dropped_choose_the_layout(
    selfinstruct: Cli, tmp_path: Path
) -> None:
    thinking = CALLED | {"calls": [CALLED["calls"][0] | {"reasoning_content": "hm"}, CALLED["calls"][1]]}
    rows(tmp_path / "in.jsonl", thinking, *({"instruction": one.instruction, "output": "x"} for one in distinct(12)))
    for reasoning, formatting in (("drop", "sharegpt"), ("tags", "alpaca")):
        options = ("--dataset", "in.jsonl", "--output", "o", "--reasoning", reasoning)
        assert selfinstruct("export", "--format", "llamafactory", *options).returncode == 0
        info = json.loads((tmp_path / "o" / "dataset_info.json").read_text(encoding="utf-8"))
        assert {one["formatting"] for one in info.values()} == {formatting}


def test_a_pair_with_a_call_that_is_context_only_is_held(selfinstruct: Cli, tmp_path: Path) -> None:
    pair = {"instruction": "How warm?", "chosen": "21.", "rejected": "9.", "calls": CALLED["calls"]}
    pair["calls"] = [pair["calls"][0] | {"weight": 0}, pair["calls"][1]]
    said, found = hand_over(selfinstruct, tmp_path, "trl", pair)
    assert ("left out" in said, "weight" in str(found), len(found)) == (False, False, 1)


def test_results_come_in_the_order_of_the_calls_for_axolotl_too(selfinstruct: Cli, tmp_path: Path) -> None:
    calls = [{"id": name, **call(name, {})["tool_calls"][0]} for name in ("weather", "time")]
    results = [{"role": "tool", "tool_call_id": name, "content": name} for name in ("time", "weather")]
    row = CALLED | {"calls": [{"role": "assistant", "content": None, "tool_calls": calls}, *results]}
    _, (found,) = hand_over(selfinstruct, tmp_path, "axolotl", row)
    assert [one["content"] for one in found["messages"][2:4]] == ["weather", "time"]


def test_who_trains_deepseek_on_calls_with_axolotl_is_told_what_its_template_leaves_out() -> None:
    layout = TRAINER_FORMATS["axolotl"].layout(ROWS, "m", None)
    called = ROWS[0].model_copy(update={"calls": tuple(CALLED["calls"])})
    for model, row, said in (
        ("DeepSeek-R1-Distill-Qwen-7B", called, 1),
        ("Qwen3-8B", called, 0),
        ("DeepSeek-R1", ROWS[0], 0),
    ):
        job = TrainerJob([row], [], model, Finetune(), 7, layout, "0" * 64)
        assert len(TRAINER_FORMATS["axolotl"].advice(job)) == said


def test_a_dataset_of_which_nothing_can_be_handed_over_says_why(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", {"instruction": "b?", "output": "c", "history": [["a", "b"]], "unlearned": [0]})
    done = selfinstruct("export", "--format", "llamafactory", "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, "context only" in done.stderr) == (2, True)


def test_trl_gets_arguments_as_objects_and_no_content_that_is_null(selfinstruct: Cli, tmp_path: Path) -> None:
    _, (found,) = hand_over(selfinstruct, tmp_path, "trl", CALLED)
    message = found["messages"][1]
    assert (message["content"], message["tool_calls"][0]["function"]["arguments"]) == ("", {"city": "Cork"})
