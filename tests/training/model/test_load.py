import hashlib
import json
import math
from pathlib import Path

import pytest

from selfinstruct.errors import InputError, StorageError
from selfinstruct.training.data.encode import format_of
from selfinstruct.training.model.load import load_model, load_tokenizer, locate
from selfinstruct.training.output.adapter import check_losses, check_tensors
from tests.support.encoded import encode_one
from tests.support.models import CHAT, build_model, build_tokenizer, silent, toy_rows

pytestmark = pytest.mark.finetune


def test_a_path_that_is_not_there_is_refused_with_what_is_accepted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such model; give a directory, a \.gguf file, or a hub id"):
        locate(str(tmp_path / "nothing"), silent)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not a model; it takes a directory with config\.json"):
        locate(str(tmp_path), silent)


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(chat=CHAT))
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"cannot be loaded .*\*\.safetensors"):
        load_model(locate(str(model), silent))


def test_a_model_whose_files_lack_a_tensor_is_refused_with_its_name(tmp_path: Path) -> None:
    """transformers would make it up at random and only log it."""
    from safetensors.torch import load_file, save_file

    model = build_model(tmp_path / "model", build_tokenizer(chat=CHAT))
    values = load_file(model / "model.safetensors")
    for name in ("model.layers.0.mlp.down_proj.weight", "model.norm.weight"):
        del values[name]
    save_file(values, model / "model.safetensors", {"format": "pt"})
    wanted = r"incomplete: none of its files has model\.layers\.0\.mlp\.down_proj\.weight and 1 more tensors"
    with pytest.raises(InputError, match=wanted):
        load_model(locate(str(model), silent))


def test_tied_weights_are_not_missing(tmp_path: Path) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4}
    LlamaForCausalLM(LlamaConfig(vocab_size=64, tie_word_embeddings=True, **shape)).save_pretrained(tmp_path)
    model = load_model(locate(str(tmp_path), silent))
    assert torch.equal(model.lm_head.weight, model.model.embed_tokens.weight)


@pytest.mark.parametrize("part", ["cut", "garbage", "another shape"])
def test_broken_weights_are_an_input_error(part: str, tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(chat=CHAT))
    weights = model / "model.safetensors"
    if part == "another shape":
        weights.write_bytes((build_model(tmp_path / "glm", build_tokenizer(), "qwen2") / weights.name).read_bytes())
        config = json.loads((model / "config.json").read_text(encoding="utf-8")) | {"intermediate_size": 96}
        (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    else:
        weights.write_bytes(weights.read_bytes()[:5000] if part == "cut" else b"garbage" * 100)
    with pytest.raises(InputError, match="cannot be loaded"):
        load_model(locate(str(model), silent))


def test_code_that_comes_with_a_model_is_never_run(tmp_path: Path) -> None:
    config = {"model_type": "mine", "auto_map": {"AutoConfig": "mine.Config", "AutoModelForCausalLM": "mine.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    with pytest.raises(InputError, match="brings code of its own, which is never run"):
        load_model(locate(str(tmp_path), silent))
    assert not (tmp_path / "ran").exists()


def test_a_name_with_a_slash_is_a_hub_id() -> None:
    assert not locate("owner/model-1.5B", silent).local


def test_a_file_that_is_no_gguf_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    fake = tmp_path / "fake.gguf"
    fake.write_bytes(b"not a model")
    with pytest.raises(InputError, match="not a GGUF model"):
        locate(str(fake), silent)
    assert list(tmp_path.iterdir()) == [fake]


def gguf_with_conversion(folder: Path) -> Path:
    gguf = folder / "tiny.gguf"
    gguf.write_bytes(b"weights")
    (folder / "tiny-transformers").mkdir()
    origin = folder / "tiny-transformers" / "converted-from.sha256"
    origin.write_text(hashlib.sha256(b"weights").hexdigest() + "\n", encoding="utf-8")
    return gguf


def test_a_converted_gguf_is_used_again(tmp_path: Path) -> None:
    gguf = gguf_with_conversion(tmp_path)
    assert locate(str(gguf), silent).name == str(tmp_path / "tiny-transformers")


def test_a_gguf_that_changed_is_converted_again(tmp_path: Path) -> None:
    gguf = gguf_with_conversion(tmp_path)
    gguf.write_bytes(b"other weights")
    with pytest.raises(InputError, match="not a GGUF model"):
        locate(str(gguf), silent)


def test_the_loss_is_counted_by_token_not_by_batch(chat_model: Path) -> None:
    from selfinstruct.training.loop.measure import measure

    source = locate(str(chat_model), silent)
    tokenizer, model = load_tokenizer(source), load_model(source)
    form = format_of(tokenizer)
    examples = [encode_one(row, tokenizer, form) for row in toy_rows(10)]
    losses = [measure(model, examples, pad=1, batch_size=size).loss for size in (1, 3, 10)]
    assert losses == pytest.approx([losses[0]] * 3, abs=1e-5)


def test_an_adapter_without_values_is_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"lora_A": torch.zeros(0, 4)}, tmp_path / "adapter.safetensors")
    with pytest.raises(StorageError, match="adapter is empty"):
        check_tensors(tmp_path / "adapter.safetensors")


def test_a_reloaded_adapter_with_another_loss_is_refused() -> None:
    check_losses(1.0, 1.00009, Path("out"))
    with pytest.raises(StorageError, match="do not use it"):
        check_losses(1.0, 1.0002, Path("out"))


def test_a_loss_that_is_no_number_is_never_taken_for_the_same() -> None:
    with pytest.raises(StorageError, match="do not use it"):
        check_losses(math.nan, math.nan, Path("out"))
