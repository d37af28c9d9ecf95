import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Finetune
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.training import TrainingJob, dry_run, finetune
from selfinstruct.training.model.memory import GIB, Memory, check
from selfinstruct.training.model.methods import METHODS
from selfinstruct.training.output.adapter import open_folder
from tests.support.models import CHAT, SETTINGS, build_model, build_tokenizer, silent, toy_rows

pytestmark = pytest.mark.finetune


def run(model: Path, output: Path, merge: bool = False, **changes: Any) -> Any:
    job = TrainingJob(
        settings=SETTINGS.model_copy(update=changes), model=str(model), output=output, seed=1, max_steps=1, merge=merge
    )
    return finetune(toy_rows(), [], job, silent)


@pytest.mark.parametrize("method", ["prefix-tuning", "p-tuning-v2"])
def test_checkpointing_of_activations_is_refused_for_prefixes_with_the_reason(method: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"gradient_checkpointing.*not with {method}.*from a cache"):
        run(tmp_path / "no-model", tmp_path / "out", method=method, gradient_checkpointing=True)


def test_qlora_is_refused_where_it_cannot_run(chat_model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"qlora needs .*bitsandbytes.*CUDA GPU.*use lora here"):
        run(chat_model, tmp_path, method="qlora")


@pytest.mark.parametrize("method", ["lora", "ia3"])
def test_a_target_module_that_is_not_there_is_refused_with_those_that_are(
    method: str, chat_model: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="no linear layer `q_porj`; it has down_proj, gate_proj, k_proj"):
        run(chat_model, tmp_path, method=method, target_modules=("q_proj", "q_porj"))


def gpt2(folder: Path) -> Path:
    from transformers import GPT2Config, GPT2LMHeadModel

    shape = {"n_embd": 32, "n_layer": 1, "n_head": 4, "bos_token_id": 1, "eos_token_id": 1}
    GPT2LMHeadModel(GPT2Config(vocab_size=512, n_positions=64, **shape)).save_pretrained(folder)
    build_tokenizer(chat=CHAT).save_pretrained(folder)
    return folder


def test_ia3_is_refused_for_a_model_without_its_layers_and_says_what_to_set(tmp_path: Path) -> None:
    model = gpt2(tmp_path / "gpt2")
    said = r"\[finetune\.method\]: ia3 adapts k_proj, .*no linear layer `k_proj`; it has c_attn, c_fc, c_proj; set target_modules"
    with pytest.raises(ConfigError, match=said):
        run(model, tmp_path / "out", method="ia3")
    assert run(model, tmp_path / "out", method="lora", target_modules=("c_attn",)).steps == 1


def test_target_modules_are_the_ones_that_are_trained(chat_model: Path, tmp_path: Path) -> None:
    run(chat_model, tmp_path, target_modules=("q_proj", "v_proj"))
    config = json.loads((tmp_path / "adapter_config.json").read_text(encoding="utf-8"))
    assert sorted(config["target_modules"]) == ["q_proj", "v_proj"]


@pytest.mark.parametrize("method", ["prompt-tuning", "full"])
def test_target_modules_of_a_method_that_has_none_are_refused(method: str, chat_model: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"target_modules.*{method} adapts no single layers"):
        run(chat_model, tmp_path, method=method, target_modules=("q_proj",))


def test_an_encoder_is_refused_as_the_wrong_kind(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForMaskedLM

    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertForMaskedLM(BertConfig(vocab_size=512, **shape)).save_pretrained(tmp_path / "bert")
    build_tokenizer(chat=CHAT).save_pretrained(tmp_path / "bert")
    with pytest.raises(InputError, match="BertForMaskedLM does not continue text"):
        run(tmp_path / "bert", tmp_path / "out")


def test_a_translator_is_refused_as_the_wrong_kind(tmp_path: Path) -> None:
    from transformers import T5Config

    T5Config(d_model=32, num_layers=1).save_pretrained(tmp_path / "t5")
    build_tokenizer(chat=CHAT).save_pretrained(tmp_path / "t5")
    with pytest.raises(InputError, match="`t5` model does not continue text"):
        run(tmp_path / "t5", tmp_path / "out")


def test_an_adapter_is_refused_as_a_base_model(chat_model: Path, tmp_path: Path) -> None:
    run(chat_model, tmp_path / "adapter")
    with pytest.raises(InputError, match=r"an adapter, not a base model; .* with --merge and give .*merged"):
        run(tmp_path / "adapter", tmp_path / "out")


def test_too_little_memory_is_said_before_training() -> None:
    much = Memory(weights=30 * GIB, training=60 * GIB, activations=GIB, available=16 * GIB)
    with pytest.raises(InputError, match=r"need 90\.0 GiB, 16\.0 GiB are free; use lora instead of full"):
        check(much, Finetune(method="full"))


def test_memory_that_may_not_be_enough_is_a_remark_with_what_to_set() -> None:
    tight = Memory(weights=8 * GIB, training=GIB, activations=10 * GIB, available=16 * GIB)
    assert "gradient_checkpointing" in check(tight, Finetune())[0]
    assert check(Memory(weights=1, training=1, activations=1, available=16 * GIB), Finetune()) == []


def test_a_run_is_refused_before_its_weights_are_loaded_when_memory_is_short(
    chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.training.model.memory.available", lambda: 1000)
    monkeypatch.setattr("selfinstruct.training.run.load_model", lambda *_: pytest.fail("weights were loaded"))
    with pytest.raises(InputError, match="too little memory"):
        run(chat_model, tmp_path)


def rehearsed(model: Path, output: Path, **changes: Any) -> Any:
    job = TrainingJob(settings=SETTINGS.model_copy(update=changes), model=str(model), output=output, seed=1)
    return dry_run(toy_rows(24), [], job, silent)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "qlora"])
def test_a_dry_run_knows_rows_steps_and_values_and_writes_nothing(
    method: str, chat_model: Path, tmp_path: Path
) -> None:
    plan = rehearsed(chat_model, tmp_path / "out", method=method, epochs=1, learning_rate=None)
    assert not (tmp_path / "out").exists()
    result = finetune(
        toy_rows(24),
        [],
        TrainingJob(
            settings=SETTINGS.model_copy(update={"method": method, "epochs": 1, "learning_rate": None}),
            model=str(chat_model),
            output=tmp_path / "out",
            seed=1,
        ),
        silent,
    )
    for name in ("train_rows", "held_out_rows", "steps", "trainable_parameters", "parameters", "padding_share"):
        assert getattr(plan, name) == getattr(result, name), name


def test_a_dry_run_shows_the_lengths_of_each_language(chat_model: Path, tmp_path: Path) -> None:
    plan = rehearsed(chat_model, tmp_path)
    assert plan.lengths["en"]["rows"] == plan.lengths["zh"]["rows"] == 12
    assert plan.lengths["en"]["least"] <= plan.lengths["en"]["middle"] <= plan.lengths["en"]["greatest"]
    assert 0 < plan.learned_share < 1
    assert plan.memory_bytes["weights"] == plan.parameters * 4


def test_more_processes_than_rows_in_a_step_are_refused(
    chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    from selfinstruct.training.loop.train import arguments

    job = TrainingJob(settings=SETTINGS, model=str(chat_model), output=tmp_path, seed=1)
    with pytest.raises(InputError, match="4 rows cannot be shared by 3 processes"):
        arguments(job, 12)


@pytest.mark.parametrize("family", ["llama", "glm"])
def test_a_plain_model_without_chat_template_starts_as_its_tokenizer_does(family: str, tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(bos=True), family)
    assert run(model, tmp_path / "out").steps == 1


def test_a_link_in_an_output_folder_is_refused_by_name_and_nothing_behind_it_is_touched(tmp_path: Path) -> None:
    victim, output = tmp_path / "victim", tmp_path / "out"
    victim.write_text("precious", encoding="utf-8")
    output.mkdir()
    (output / "chat_template.jinja").symlink_to(victim)
    with pytest.raises(InputError, match=r"chat_template\.jinja: is a link"):
        open_folder(output)
    assert victim.read_text(encoding="utf-8") == "precious"
