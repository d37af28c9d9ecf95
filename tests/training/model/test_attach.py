from pathlib import Path

import pytest

from selfinstruct.config import Finetune
from selfinstruct.training.model.attach import FIRST_WORDS, adapter_config, attach, parameters
from selfinstruct.training.model.load import load_model, locate
from selfinstruct.training.model.methods import METHODS, resolved
from tests.support.models import CHAT, FAMILIES, build_tokenizer, silent

pytestmark = pytest.mark.finetune


@pytest.mark.parametrize("method", ["prompt-tuning", "p-tuning-v2"])
@pytest.mark.parametrize("family", FAMILIES)
def test_virtual_tokens_begin_as_what_words_before_the_prompt_do(
    method: str, family: str, family_models: dict[str, Path]
) -> None:
    import torch

    source, tokenizer = locate(str(family_models[family]), silent), build_tokenizer(chat=CHAT)
    words = tokenizer(FIRST_WORDS, add_special_tokens=False)["input_ids"][:16]
    prompt = tokenizer("Name animal 7.", add_special_tokens=False)["input_ids"]
    settings = Finetune(method=method, virtual_tokens=16)
    with torch.inference_mode():
        expected = load_model(source)(input_ids=torch.tensor([words + prompt])).logits[:, -1]
        model = attach(load_model(source), settings, tokenizer).eval()
        found = model(input_ids=torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt))).logits[:, -1]
    assert torch.allclose(found, expected, atol=1e-5)


def test_few_words_are_repeated_to_as_many_virtual_tokens_as_are_wanted(chat_model: Path) -> None:
    settings = Finetune(method="p-tuning-v2", virtual_tokens=150)
    model = attach(load_model(locate(str(chat_model), silent)), settings, build_tokenizer(chat=CHAT))
    assert parameters(model)[0] == 150 * 2 * 2 * 16  # layers, keys and values, two heads of eight


@pytest.mark.parametrize("method", [method for method in METHODS if not METHODS[method].whole and method != "qlora"])
def test_only_the_method_s_own_values_are_trained(method: str, chat_model: Path) -> None:
    model = attach(load_model(locate(str(chat_model), silent)), resolved(Finetune(method=method)))
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert trained
    assert not [name for name in trained if not any(part in name for part in ("lora_", "ia3_", "prompt_encoder"))]


@pytest.mark.parametrize(
    ("method", "flag", "value"),
    [
        ("rslora", "use_rslora", True),
        ("dora", "use_dora", True),
        ("prefix-tuning", "prefix_projection", True),
        ("p-tuning-v2", "prefix_projection", False),
        ("p-tuning-v2", "num_virtual_tokens", 32),
    ],
)
def test_a_method_is_peft_s_own_with_the_settings_that_make_it(method: str, flag: str, value: object) -> None:
    assert getattr(adapter_config(resolved(Finetune(method=method))), flag) == value


def test_every_method_has_a_source_and_a_learning_rate_of_its_own() -> None:
    for name, method in METHODS.items():
        assert len(method.source) > 20, name
        assert resolved(Finetune(method=name)).learning_rate == method.learning_rate
        assert resolved(Finetune(method=name, learning_rate=0.5)).learning_rate == 0.5
