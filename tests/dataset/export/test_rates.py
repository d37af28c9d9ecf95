"""The learning rate of an export fits the size of the model, or it is said that it does not."""

from pathlib import Path

import pytest

from selfinstruct.dataset.export.rates import learning_rate, parameters_of, too_high
from tests.support.command import Cli
from tests.support.exports import hand_over
from tests.support.rows import distinct


@pytest.mark.parametrize(
    ("model", "billions"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", 7),
        ("Qwen/Qwen3-30B-A3B", 30),
        ("HuggingFaceTB/SmolLM2-135M-Instruct", 0.135),
        ("mistralai/Mixtral-8x7B-v0.1", 56),
        ("qwen2.5-coder-0.5b-instruct", 0.5),
        ("models/我的-1.5b/", 1.5),
        ("meta-llama/Meta-Llama-3-8B", 8),
        ("google/gemma-3-270m", 0.27),
        ("gpt2", None),
        ("mamba", None),
        ("baichuan2_13b_chat", 13),
    ],
)
def test_the_size_is_read_off_the_name(model: str, billions: float | None) -> None:
    assert parameters_of(model) == (None if billions is None else pytest.approx(billions * 1e9))


@pytest.mark.parametrize(
    ("method", "model", "rate"),
    [
        ("lora", "SmolLM2-135M", 1e-3),
        ("lora", "Qwen2.5-7B", 2e-4),
        ("dora", "Qwen2.5-7B", 2e-4),
        ("qlora", "Qwen2.5-72B", 1e-4),
        ("rslora", "Qwen2.5-7B", 1e-4),
        ("full", "Llama-2-7b", 2e-5),
        ("full", "Llama-2-13b", 1e-5),
        ("lora", "of-unknown-size", 2e-4),
    ],
)
def test_a_large_model_gets_a_rate_that_does_not_diverge(method: str, model: str, rate: float) -> None:
    assert learning_rate(method, model, 1e-3) == rate


def test_a_rate_that_somebody_set_is_spoken_of_only_where_it_is_far_too_high() -> None:
    assert too_high(1e-3, "lora", "Qwen2.5-7B").startswith("learning_rate = 0.001 is for a small model")
    assert too_high(3e-4, "lora", "Qwen2.5-7B") == ""  # alpaca-lora's
    assert too_high(1e-2, "lora", "SmolLM2-135M") == ""


@pytest.mark.parametrize("trainer", ["llamafactory", "axolotl", "swift"])
@pytest.mark.parametrize("set_by_hand", [False, True])
def test_each_export_writes_a_fitting_rate_or_says_that_it_is_not(
    selfinstruct: Cli, tmp_path: Path, trainer: str, set_by_hand: bool
) -> None:
    written = "learning_rate = 0.001\n" if set_by_hand else ""
    (tmp_path / "selfinstruct.toml").write_text(f"[finetune]\n{written}", encoding="utf-8")
    value = distinct(1, "zh")[0].model_dump(include={"instruction", "output"})
    said, _ = hand_over(selfinstruct, tmp_path, trainer, value, model="Qwen/Qwen2.5-7B-Instruct")
    (path,) = (tmp_path / "out").glob("*.yaml")
    rate = "0.001" if set_by_hand else "0.0002"
    assert f"learning_rate: {rate}\n" in path.read_text(encoding="utf-8")
    assert ("learning_rate = 0.001 is for a small model" in said) == set_by_hand
