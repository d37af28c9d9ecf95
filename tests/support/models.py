"""Tiny random models of each family, their tokenizer, and rows to teach them; torch is imported where it is used."""

from pathlib import Path
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.records import LanguageCode, Row, row_id

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
