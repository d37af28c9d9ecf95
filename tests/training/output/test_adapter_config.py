"""Configurations of adapters that a stranger wrote: what PEFT itself writes is read, all else is refused by file and field."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.output.adapter import check_weights
from selfinstruct.training.output.adapter_config import ADAPTER, Lora, check_shape, read_adapter
from tests.support.strange import VALUES, dumped, mutations

COMMON = {
    "auto_mapping": None,
    "inference_mode": True,
    "revision": None,
    "task_type": "CAUSAL_LM",
    "modules_to_save": None,
}
COMMON |= {"base_model_name_or_path": "/models/tiny", "peft_version": "0.21.2"}
TOKENS = {"num_virtual_tokens": 20, "token_dim": 32, "num_layers": 2, "num_attention_heads": 4}
TOKENS |= {"num_transformer_submodules": 1}
OFF: tuple[str, ...] = (
    "alora_invocation_tokens",
    "arrow_config",
    "corda_config",
    "eva_config",
    "layer_replication",
    "megatron_config",
)
OFF += ("exclude_modules", "layers_pattern", "layers_to_transform", "target_parameters", "use_bdlora", "kasa_config")
LORA = {
    "peft_type": "LORA",
    "r": 8,
    "lora_alpha": 16,
    "lora_dropout": 0.05,
    "target_modules": ["q_proj", "model.layers.1.mlp.up_proj"],
}
LORA |= {
    "bias": "none",
    "fan_in_fan_out": False,
    "init_lora_weights": True,
    "use_dora": False,
    "use_rslora": True,
    "lora_bias": False,
}
LORA |= {
    "rank_pattern": {"^model.layers.0.q_proj": 4},
    "alpha_pattern": {},
    "loftq_config": {},
    "qalora_group_size": 16,
}
LORA |= {"megatron_core": "megatron.core", "use_qalora": False, "ensure_weight_tying": False, **dict.fromkeys(OFF)}
GENUINE: dict[str, dict[str, Any]] = {
    "LORA": COMMON | LORA,
    "IA3": COMMON
    | {"peft_type": "IA3", "target_modules": ["k_proj"], "feedforward_modules": [], "init_ia3_weights": True},
    "PROMPT_TUNING": COMMON
    | TOKENS
    | {
        "peft_type": "PROMPT_TUNING",
        "prompt_tuning_init": "TEXT",
        "prompt_tuning_init_text": "Answer.",
        "tokenizer_name_or_path": "a/b",
    },
    "P_TUNING": COMMON
    | TOKENS
    | {"peft_type": "P_TUNING", "encoder_hidden_size": 32, "encoder_num_layers": 2, "encoder_dropout": 0.0}
    | {"encoder_reparameterization_type": "MLP"},
    "PREFIX_TUNING": COMMON
    | TOKENS
    | {"peft_type": "PREFIX_TUNING", "encoder_hidden_size": 32, "prefix_projection": True},
}
ALPACA_LORA = {
    "base_model_name_or_path": "llama-7b",
    "bias": "none",
    "enable_lora": None,
    "fan_in_fan_out": False,
    "inference_mode": True,
    "lora_alpha": 16,
    "lora_dropout": 0.05,
    "merge_weights": False,
    "modules_to_save": None,
    "peft_type": "LORA",
    "r": 16,
    "target_modules": ["q_proj", "v_proj"],
    "task_type": "CAUSAL_LM",
}
ENDLESS = "((.+)+)+X"


def each(field: str, *values: Any) -> list[tuple[str, Any]]:
    return [(field, value) for value in values]


def put(folder: Path, value: Any) -> Path:
    (folder / ADAPTER).write_text(dumped(value), encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", GENUINE)
def test_what_peft_writes_of_our_methods_is_read(kind: str, tmp_path: Path) -> None:
    assert read_adapter(put(tmp_path, GENUINE[kind])).model_dump()["peft_type"] == kind


def test_an_adapter_of_alpaca_lora_is_read(tmp_path: Path) -> None:
    adapter = read_adapter(put(tmp_path, ALPACA_LORA))
    assert isinstance(adapter, Lora)
    assert (adapter.r, adapter.target_modules) == (16, ["q_proj", "v_proj"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *each("peft_type", "XLORA", "ADALORA", "lora", "\x1b[2J", ["LORA"], None, {}),
        *each("target_modules", ENDLESS, [ENDLESS], ["q_proj", 7], [""], {"q": 1}, 7, ["x" * 300]),
        *((field, ENDLESS) for field in ("exclude_modules", "modules_to_save", "layers_pattern")),
        *((field, {ENDLESS: 4}) for field in ("rank_pattern", "alpha_pattern")),
        *each("rank_pattern", {"q_proj": 10**9}, {"q_proj": "4"}, {"q_proj": 0}, [4], {"": 4}),
        *each("r", 0, -1, 10**9, "8", 8.5, True, None),
        *each("lora_dropout", 2, -0.1, "x"),
        *each("init_lora_weights", "loftq", "corda", "pissa_niter_999999", 7, None, []),
        *each("layers_to_transform", -1, [10**9], "1", [[0]], list(range(5_000))),
        ("layer_replication", [[0, 10**9]]),
        ("loftq_config", {"loftq_bits": 4}),
        ("arrow_config", {"router": "a/b"}),
        ("use_qalora", True),
        ("task_type", "SEQ_CLS"),
        ("adapters", {"0": "evil/hub"}),
    ],
)
def test_a_field_that_no_method_here_writes_is_refused_by_file_and_name(field: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{ADAPTER}: field `{field}[`.].*; train again, or give another folder"):
        read_adapter(put(tmp_path, GENUINE["LORA"] | {field: value}))


@pytest.mark.parametrize("kind", GENUINE)
def test_no_value_of_an_adapter_is_anything_but_read_or_refused(kind: str, tmp_path: Path) -> None:
    for _, changed in mutations(GENUINE[kind], VALUES | {"pattern": ENDLESS, "huge": 10**30, "far": 10**4200}):
        try:
            adapter = read_adapter(put(tmp_path, changed)).model_dump_json()
        except InputError as error:
            assert ADAPTER in str(error)  # noqa: PT017 - either is right
        else:
            assert ENDLESS not in adapter


@pytest.mark.parametrize(
    ("kind", "field"),
    [("PREFIX_TUNING", "num_layers"), ("PROMPT_TUNING", "token_dim"), ("P_TUNING", "encoder_hidden_size")],
)
def test_virtual_tokens_of_a_larger_model_are_refused_before_they_are_laid_out(
    kind: str, field: str, tmp_path: Path
) -> None:
    class Shape:
        hidden_size, num_hidden_layers = 32, 2

        def get_text_config(self) -> "Shape":
            return self

    check_shape(read_adapter(put(tmp_path, GENUINE[kind])), Shape(), tmp_path)
    with pytest.raises(InputError, match=rf"field `{field}`: is of another model"):
        check_shape(read_adapter(put(tmp_path, GENUINE[kind] | {field: 200})), Shape(), tmp_path)
    assert json.loads((tmp_path / ADAPTER).read_text())[field] == 200


def test_a_configuration_is_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "adapter_model.safetensors").write_bytes(b"x")
    check_weights(put(tmp_path, ALPACA_LORA))
    with pytest.raises(InputError, match="field `target_modules`"):
        check_weights(put(tmp_path, ALPACA_LORA | {"target_modules": ENDLESS}))


def test_weights_that_are_a_pipe_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "adapter_model.safetensors")
    with pytest.raises(InputError, match=r"has no adapter_model\.safetensors"):
        check_weights(put(tmp_path, ALPACA_LORA))
