"""Models that a stranger wrote: whatever is wrong with a file, it is refused by name, and nothing of it is run."""

import json
import pickle
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import ConfigError, InputError
from selfinstruct.training import EvaluationJob, TrainingJob, evaluate, finetune
from selfinstruct.training.evaluation.generate import respond
from selfinstruct.training.model.gguf import check_layout
from selfinstruct.training.model.load import Source, load_model, locate
from selfinstruct.training.model.strangers import check_config, reading
from tests.support.models import SETTINGS, make_row, silent, toy_rows

pytestmark = pytest.mark.finetune

DEEP = "[" * 100_000


def changed(model: Path, folder: Path, name: str, content: str | bytes) -> Path:
    """Return a copy of a model with one file replaced."""
    shutil.copytree(model, folder)
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return folder


def changed_json(path: Path, values: dict[str, Any]) -> str:
    return json.dumps(json.loads(path.read_text(encoding="utf-8")) | values)


def train(model: Path, output: Path) -> None:
    finetune(
        toy_rows(), [], TrainingJob(settings=SETTINGS, model=str(model), output=output, seed=1, max_steps=1), silent
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("config.json", text) for text in ("[]", "null", "{", DEEP, "\0")),
        *(("tokenizer.json", text) for text in ("[]", "", "{}", "\0\1", DEEP)),
        *(("tokenizer_config.json", text) for text in ("[]", DEEP, '{"tokenizer_class": 7}', '{"eos_token": [1]}')),
        *(("generation_config.json", text) for text in ("[]", DEEP)),
        *(("model.safetensors", data) for data in (b"", b"\xff" * 99, struct.pack("<Q", 100_000) + DEEP.encode())),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    chat_model: Path, tmp_path: Path, name: str, content: str | bytes
) -> None:
    with pytest.raises(InputError, match="hostile"):
        train(changed(chat_model, tmp_path / "hostile", name, content), tmp_path / "out")


@pytest.mark.parametrize(
    "values",
    [
        {"model_type": ["llama"]},
        {"hidden_size": "x"},
        {"num_attention_heads": 0},
        {"rope_scaling": [[[]]]},
        {"dtype": "evil"},
        {"eos_token_id": "x"},
        {"quantization_config": []},
        {"architectures": [{}]},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(chat_model: Path, tmp_path: Path, values: dict[str, Any]) -> None:
    content = changed_json(chat_model / "config.json", values)
    with pytest.raises(InputError, match="hostile"):
        train(changed(chat_model, tmp_path / "hostile", "config.json", content), tmp_path / "out")


@pytest.mark.parametrize("values", [{"hidden_size": 10**9}, {"vocab_size": 10**12}])
def test_a_model_larger_than_memory_is_refused_before_it_is_made(
    chat_model: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    content = changed_json(chat_model / "config.json", values)
    with pytest.raises(InputError, match="memory"):
        train(changed(chat_model, tmp_path / "hostile", "config.json", content), tmp_path / "out")


@pytest.mark.parametrize("key", ["num_hidden_layers", "n_layer", "num_experts", "n_routed_experts"])
@pytest.mark.parametrize("number", [-1, 5_000, 10**9])
def test_absurd_numbers_of_layers_are_refused_before_one_is_laid_out(tmp_path: Path, key: str, number: int) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"text_config": {key: number}}), encoding="utf-8")
    with pytest.raises(InputError, match=rf"config\.json: `{key}` is {number}, and none has more than 4096"):
        check_config(tmp_path / "config.json")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("model", 7),
        ("added_tokens", [{"id": "x"}]),
        ("pre_tokenizer", {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": False}),
    ],
)
def test_a_tokenizer_with_a_broken_part_is_refused(chat_model: Path, tmp_path: Path, part: str, value: Any) -> None:
    content = changed_json(chat_model / "tokenizer.json", {part: value})
    with pytest.raises(InputError, match="hostile: cannot be loaded"):
        train(changed(chat_model, tmp_path / "hostile", "tokenizer.json", content), tmp_path / "out")


@pytest.mark.parametrize("template", ["{{ 1 / 0 }}", "{{ messages.x.y }}", "{% for", "{{ ''.join(7) }}"])
def test_a_chat_template_that_fails_is_refused(chat_model: Path, tmp_path: Path, template: str) -> None:
    with pytest.raises(ConfigError, match="chat template cannot be filled"):
        train(changed(chat_model, tmp_path / "hostile", "chat_template.jinja", template), tmp_path / "out")


@pytest.mark.parametrize("field", ["attn_implementation", "_attn_implementation", "experts_implementation"])
@pytest.mark.parametrize("named", ["kernels-community/flash-attn2", "evil/kernel@main:f", "paged|evil/kernel"])
def test_attention_that_is_code_of_somebody_else_is_refused(
    chat_model: Path, tmp_path: Path, field: str, named: str
) -> None:
    content = changed_json(chat_model / "config.json", {field: named})
    model = changed(chat_model, tmp_path / "hostile", "config.json", content)
    with pytest.raises(
        InputError, match=rf"hostile: config\.json: field `{field.strip('_')}`: names code of somebody else"
    ):
        train(model, tmp_path / "out")


def test_attention_for_which_transformers_might_fetch_code_is_computed_by_torch(
    chat_model: Path, tmp_path: Path
) -> None:
    content = changed_json(chat_model / "config.json", {"attn_implementation": "flash_attention_2"})
    model = changed(chat_model, tmp_path / "hostile", "config.json", content)
    loaded = load_model(Source(name=str(model), local=True))
    assert loaded.config._attn_implementation == "sdpa"


def test_an_adapter_beside_a_model_is_refused(chat_model: Path, tmp_path: Path) -> None:
    content = json.dumps({"peft_type": "XLORA", "adapters": {"0": "evil/hub"}})
    model = changed(chat_model, tmp_path / "hostile", "adapter_config.json", content)
    with pytest.raises(InputError, match=r"hostile: holds adapter_config\.json beside a model"):
        train(model, tmp_path / "out")


def test_a_models_own_way_to_generate_is_not_followed(chat_model: Path, tmp_path: Path) -> None:
    content = changed_json(chat_model / "generation_config.json", {"num_beams": 3, "num_return_sequences": 3})
    model = load_model(
        Source(name=str(changed(chat_model, tmp_path / "hostile", "generation_config.json", content)), local=True)
    )
    assert [len(one.tokens) <= 2 for one in respond(model, [[5, 6]], end=1, pad=1, most=2, batch_size=1)] == [True]


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def header(tensors: int, keys: int, *parts: bytes) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, keys) + b"".join(parts)


LLAMA = text("general.architecture") + struct.pack("<I", 8) + text("llama")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGUF",
        b"GGUF" + bytes(range(256)),
        header(2**60, 2**60),
        header(0, 1, struct.pack("<Q", 2**62)),
        header(0, 1, text("a"), struct.pack("<IIQ", 9, 8, 2**60)),
        header(0, 1, text("a"), struct.pack("<I", 9), struct.pack("<IQ", 9, 1) * 20_000),
        header(0, 1, text("general.architecture"), struct.pack("<II", 4, 7)),
        header(0, 1, LLAMA),
        header(1, 1, LLAMA, text("t"), struct.pack("<IQQIQ", 2, 2**40, 2**40, 0, 0)),
        header(0, 2, LLAMA, text("llama.block_count"), struct.pack("<II", 4, 2**31)),
        header(0, 2, LLAMA, text("general.alignment"), struct.pack("<II", 4, 0)),
    ],
)
def test_a_broken_or_absurd_gguf_is_refused_and_leaves_nothing_behind(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "hostile.gguf").write_bytes(data)
    with pytest.raises(InputError, match=r"hostile\.gguf: "):
        locate(str(tmp_path / "hostile.gguf"), silent)
    assert [one.name for one in tmp_path.iterdir()] == ["hostile.gguf"]


def test_a_gguf_that_ends_before_its_tensors_says_so(tmp_path: Path) -> None:
    tensor = text("token_embd.weight") + struct.pack("<IQQIQ", 2, 64, 64, 0, 0)
    (tmp_path / "cut.gguf").write_bytes(header(1, 1, LLAMA, tensor) + b"\0" * 500)
    with pytest.raises(InputError, match=r"lists 16,384 bytes of tensors and has \d+; download it again"):
        locate(str(tmp_path / "cut.gguf"), silent)


def test_a_model_whose_values_cannot_be_in_its_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small.gguf").write_bytes(b"x" * 100)
    check_layout(tmp_path / "small.gguf", 800)
    with pytest.raises(InputError, match="a model of 801 values, of which the file can hold 800"):
        check_layout(tmp_path / "small.gguf", 801)


class Evil:
    """What a pickle can do."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.fixture(scope="module")
def adapter(chat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    train(chat_model, folder := tmp_path_factory.mktemp("adapter") / "out")
    return folder


def compare(model: Path, adapter: Path) -> None:
    rows = [make_row("en", f"Name plant {number}.", "a fern") for number in range(2)]
    options = {"rows_per_language": 2, "batch_size": 2, "max_new_tokens": 2, "samples": 1}
    evaluate(rows, {}, EvaluationJob.model_validate({"model": str(model), "adapter": adapter} | options), silent)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("adapter_config.json", text) for text in ("[]", "null", "{}", DEEP, '{"peft_type": "EVIL"}')),
        *(("finetune.json", text) for text in ("[]", "null", DEEP, '{"model": 7}')),
        *(("split.json", text) for text in ("[]", DEEP, '{"learned_instructions": 7}')),
        *(("adapter_model.safetensors", data) for data in (b"", b"\xff" * 99)),
    ],
)
def test_a_broken_adapter_is_refused(
    chat_model: Path, adapter: Path, tmp_path: Path, name: str, content: str | bytes
) -> None:
    with pytest.raises(InputError, match="hostile"):
        compare(chat_model, changed(adapter, tmp_path / "hostile", name, content))


@pytest.mark.parametrize("rank", ["x", 10**9])
def test_an_adapter_of_an_absurd_rank_is_refused(chat_model: Path, adapter: Path, tmp_path: Path, rank: Any) -> None:
    content = changed_json(adapter / "adapter_config.json", {"r": rank})
    with pytest.raises(InputError, match="hostile"):
        compare(chat_model, changed(adapter, tmp_path / "hostile", "adapter_config.json", content))


def test_an_adapter_as_a_pickle_is_not_read(chat_model: Path, adapter: Path, tmp_path: Path) -> None:
    content = pickle.dumps(Evil(tmp_path / "run"))
    folder = changed(adapter, tmp_path / "hostile", "adapter_model.bin", content)
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(InputError, match="safetensors"):
        compare(chat_model, folder)
    assert not (tmp_path / "run").exists()


def test_a_panic_of_a_library_in_rust_is_a_refusal_and_ctrl_c_is_none() -> None:
    panic = type("PanicException", (BaseException,), {})
    with (
        pytest.raises(InputError, match=r"cannot be loaded .index out of bounds.; try another"),
        reading("m", "try another"),
    ):
        raise panic("index out of bounds")
    with pytest.raises(KeyboardInterrupt), reading("m", "try another"):
        raise KeyboardInterrupt
