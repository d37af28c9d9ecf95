"""Tiny random models of known families, with the families' own chat templates.

The texts of the templates are those that TRL's package holds (Apache-2.0), read where `make test-trainers` unpacks it; the two that it
has not are written here after the form of the real ones.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.families import FAMILIES as WRITTEN


class Tokens(NamedTuple):
    """The special tokens of a family."""

    turn_end: str
    """Ends a turn."""
    text_end: str
    """Ends a text, and pads."""
    eos: str
    """The tokenizer's `eos_token`: one of the two."""
    begin: tuple[str, ...]
    """What the tokenizer puts before a text; its `bos_token` where it is one."""
    further: tuple[str, ...]


class Family(NamedTuple):
    """What makes a family."""

    name: str
    """Name that one of its models has on the hub; the exports go by it."""
    architecture: str
    """transformers' `model_type`."""
    template: str
    """Name of TRL's file, or the text itself."""
    tokens: Tokens
    thinks: bool = False


_IM = Tokens("<|im_end|>", "<|endoftext|>", "<|im_end|>", (), ("<|im_start|>", "<think>", "</think>"))
_HEADERS = Tokens(
    *("<|eot_id|>", "<|end_of_text|>", "<|eot_id|>"),
    ("<|begin_of_text|>",),
    ("<|start_header_id|>", "<|end_header_id|>"),
)
_GEMMA = Tokens("<end_of_turn>", "<eos>", "<eos>", ("<bos>",), ("<start_of_turn>",))
_R1_END = "<｜end▁of▁sentence｜>"
_R1 = Tokens(
    *(_R1_END, _R1_END, _R1_END),
    ("<｜begin▁of▁sentence｜>",),
    ("<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"),
)
_INST = Tokens("</s>", "</s>", "</s>", ("<s>",), ())
_PHI = Tokens("<|end|>", "<|endoftext|>", "<|endoftext|>", (), ("<|system|>", "<|user|>", "<|assistant|>"))
_ROLES = ("[gMASK]", "<sop>", "<|system|>", "<|assistant|>", "<|observation|>", "<think>", "</think>")
_GLM_4 = Tokens("<|user|>", "<|endoftext|>", "<|endoftext|>", ("[gMASK]", "<sop>"), _ROLES)
_GLM_4_5 = _GLM_4._replace(begin=())
_LLAMA_2 = (
    "{% if messages[0].role == 'system' %}{% set told = '<<SYS>>\\n' + messages[0].content + '\\n<</SYS>>\\n\\n' %}{% set turns = messages[1:] %}"
    "{% else %}{% set told = '' %}{% set turns = messages %}{% endif %}{% for m in turns %}{% if m.role == 'user' %}"
    "{{ bos_token + '[INST] ' + ((told if loop.first else '') + m.content).strip() + ' [/INST]' }}"
    "{% else %}{{ ' ' + m.content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
FAMILIES = {
    "Qwen2.5": Family("Qwen2.5-0.5B-Instruct", "qwen2", "qwen2_5", _IM),
    "Qwen3": Family("Qwen3-0.6B", "qwen3", "qwen3", _IM, thinks=True),
    "Qwen3-2507": Family("Qwen3-4B-Instruct-2507", "qwen3", "qwen3_instruct_2507", _IM),
    "R1-Distill": Family("DeepSeek-R1-Distill-Qwen-1.5B", "qwen2", "deepseek_r1_distill", _R1, thinks=True),
    "Llama 2": Family("Llama-2-7b-chat-hf", "llama", _LLAMA_2, _INST),
    "Llama 3": Family("Meta-Llama-3-8B-Instruct", "llama", "llama3", _HEADERS),
    "Llama 3.2": Family("Llama-3.2-1B-Instruct", "llama", "llama3_2", _HEADERS),
    "Gemma 2": Family("gemma-2-2b-it", "gemma2", "gemma", _GEMMA),
    "Gemma 3": Family("gemma-3-1b-it", "gemma3_text", "gemma3", _GEMMA),
    "Phi-3": Family("Phi-3-mini-4k-instruct", "phi3", "phi3", _PHI),
    "GLM-4": Family("glm-4-9b-chat-hf", "glm", WRITTEN["GLM-4"].template, _GLM_4),
    "GLM-4.5": Family("GLM-4.5-Air", "glm4_moe", "glm4moe", _GLM_4_5, thinks=True),
}
"""Family -> what makes it."""
_SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 1024,
}
_EXPERTS = {"moe_intermediate_size": 16, "n_routed_experts": 4, "num_experts_per_tok": 2}


def build(family: Family, templates: Path, folder: Path, larger: Mapping[str, int] | None = None) -> Path:
    """Write a random model of two layers, or of another shape, and its tokenizer, in a folder by the name that the model has on the hub."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, GenerationConfig

    tokenizer = _tokenizer(family.tokens)
    file = templates / f"{family.template}.jinja"
    tokenizer.chat_template = family.template if "{" in family.template else file.read_text("utf-8")
    ends = tokenizer.convert_tokens_to_ids([family.tokens.turn_end, family.tokens.text_end])
    named = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": ends, "pad_token_id": tokenizer.pad_token_id}
    shape = {"vocab_size": len(tokenizer), **_SHAPE, **(_EXPERTS if family.architecture.endswith("moe") else {})}
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(
        AutoConfig.for_model(family.architecture, **{**shape, **(larger or {})}, **named)
    )
    model.generation_config = GenerationConfig(**named)
    path = folder / family.name
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def _tokenizer(tokens: Tokens) -> Any:
    """Return a byte-level tokenizer with some special tokens; it joins no letters, so that a text has one encoding."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = list(dict.fromkeys([*tokens.begin, tokens.turn_end, tokens.text_end, *tokens.further]))
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE(vocab={text: number for number, text in enumerate([*special, *letters])}, merges=[]))
    inner.add_special_tokens(special)
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    if tokens.begin:
        numbers = [(token, number) for number, token in enumerate(tokens.begin)]
        inner.post_processor = processors.TemplateProcessing(single=[*tokens.begin, "$A"], special_tokens=numbers)
    bos = tokens.begin[0] if len(tokens.begin) == 1 else None
    named = {"bos_token": bos, "eos_token": tokens.eos, "pad_token": tokens.text_end}
    return PreTrainedTokenizerFast(tokenizer_object=inner, **named)
