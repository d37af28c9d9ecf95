"""Tiny random models of each family, their tokenizer, and rows to teach them; only the tests that are selected import torch."""

import os
import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from selfinstruct.config import Finetune
from selfinstruct.records import LanguageCode, Row, row_id

collect_ignore = [] if find_spec("torch") else ["test_matrix.py"]
"""Torch comes with the [finetune] extra; the quick tests do without."""

CHAT = (
    "{% for message in messages %}<|start|>{{ message['role'] }}\n{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
FAMILIES = {"llama": "Llama", "glm": "Glm", "glm4": "Glm4", "qwen2": "Qwen2", "qwen3": "Qwen3", "gemma3": "Gemma3"}
"""Family -> beginning of its class names in transformers."""
SETTINGS = Finetune(epochs=8, learning_rate=1e-2, batch_size=4, micro_batch_size=4, max_length=256, lora_dropout=0)


def make_row(language: LanguageCode, instruction: str, output: str, input_text: str = "") -> Row:
    identity = row_id(language, instruction, input_text)
    return Row(id=identity, language=language, instruction=instruction, input=input_text, output=output)


def silent(_: str) -> None:
    pass


def toy_rows(count: int = 12) -> list[Row]:
    """Half English, half Chinese, all with an answer that is quickly learned; no two instructions are near-duplicates."""
    english = [make_row("en", f"Name animal {number}.", "a small grey cat") for number in range(count // 2)]
    chinese = [make_row("zh", f"动物{number}？", "一只小灰猫") for number in range(count // 2)]
    return english + chinese


def build_tokenizer(*, chat: str | None = None, bos: bool = False, pad: str | None = "<|end|>") -> Any:
    """Return a byte-level BPE tokenizer of 512 tokens that pads with its end token unless told otherwise."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special = ["<|start|>", "<|end|>", "<|text|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=512, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator([row.instruction + row.output for row in toy_rows()], trainer)
    if bos:
        inner.post_processor = processors.TemplateProcessing(single="<|text|> $A", special_tokens=[("<|text|>", 2)])
    named = {"bos_token": "<|text|>" if bos else None, "eos_token": "<|end|>", "pad_token": pad}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **named)
    tokenizer.chat_template = chat
    return tokenizer


def build_model(folder: Path, tokenizer: Any, family: str = "llama", layers: int = 2) -> Path:
    """Write a random model of few layers and its tokenizer, as a user's local model directory."""
    import torch
    import transformers

    torch.manual_seed(0)
    name = FAMILIES[family]
    text = "Text" if family == "gemma3" else ""
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": layers, "max_position_embeddings": 256}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8}
    ends = {"bos_token_id": None, "eos_token_id": 1, "pad_token_id": 1}
    config = getattr(transformers, f"{name}{text}Config")(vocab_size=512, **shape, **heads, **ends)
    getattr(transformers, f"{name}ForCausalLM")(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Tiny models are slower on several threads; quiet bars keep the output readable."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@pytest.fixture(scope="session")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_model(tmp_path_factory.mktemp("models") / "chat", build_tokenizer(chat=CHAT))


@pytest.fixture(scope="session")
def family_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, tokenizer = tmp_path_factory.mktemp("families"), build_tokenizer(chat=CHAT)
    return {family: build_model(folder / family, tokenizer, family) for family in FAMILIES}


@pytest.fixture
def selfinstruct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., CompletedProcess[str]]:
    """Run the command line in an empty directory, in this process: another one would spend its time on importing torch."""
    from selfinstruct.cli import main

    def run(*args: str | Path) -> CompletedProcess[str]:
        command = ["selfinstruct", *map(str, args)]
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", command)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return CompletedProcess(command, int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
