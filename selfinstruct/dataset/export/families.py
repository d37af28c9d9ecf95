"""Families of models, by name, and what each trainer calls their chat template. It reads no model and asks no hub.

The names are those of LLaMA-Factory 0.9.5 and ms-swift 4.6.0. What is empty is not known here.
"""

import re
from typing import NamedTuple


class Swift(NamedTuple):
    """What ms-swift must be told of a model."""

    model_type: str
    template: str


_FAMILIES = (
    (r"[-.\d]vl?\b|vision|omni|audio|llava|paligemma|pixtral|qvq|medgemma|multimodal|embedding|-vl", "", "", ""),
    (r"hermes|dolphin|tulu|wizard|orca", "", "", ""),
    (r"deepseek-r1-distill-llama", "deepseekr1", "llama", "deepseek_r1"),
    (r"deepseek-r1-distill", "deepseekr1", "qwen2", "deepseek_r1"),
    (r"deepseek-r1-.*qwen3", "deepseekr1", "qwen3", "deepseek_r1"),
    (r"deepseek-r1", "deepseekr1", "deepseek_v3", "deepseek_r1"),
    (r"deepseek-v3\.2", "deepseek3", "deepseek_v32", "deepseek_v3_1"),
    (r"deepseek-v3\.1", "deepseek3", "deepseek_v3", "deepseek_v3_1"),
    (r"deepseek-v3", "deepseek3", "deepseek_v3", "deepseek_v2_5"),
    (r"deepseek-v2\.5|deepseek-v2-chat-0628", "deepseek3", "deepseek_v2", "deepseek_v2_5"),
    (r"deepseek-coder-(?!v2)", "deepseekcoder", "", ""),
    (r"deepseek-prover-v2", "deepseek", "deepseek_v3", "deepseek_v2_5"),
    (r"deepseek-(coder-)?v2", "deepseek", "deepseek_v2", "deepseek"),
    (r"deepseek-(llm|math-7b)", "deepseek", "llama", "deepseek"),
    (r"deepseek-moe", "deepseek", "deepseek", "deepseek"),
    (r"deepseek", "deepseek", "", ""),
    (r"qwen3\.5-\d+b-a\d+b", "qwen3_5", "qwen3_5_moe", "qwen3_5"),
    (r"qwen3\.5", "qwen3_5", "qwen3_5", "qwen3_5"),
    (r"qwen3\.6-\d+b-a\d+b", "qwen3_6", "qwen3_5_moe", "qwen3_5"),
    (r"qwen3\.6", "qwen3_6", "qwen3_5", "qwen3_5"),
    (r"qwen3\.\d.*instruct", "qwen3_nothink", "", ""),
    (r"qwen3\.\d", "qwen3", "", ""),
    (r"qwen3-coder-next.*instruct", "qwen3_nothink", "qwen3_next", "qwen3_coder"),
    (r"qwen3-coder-next", "qwen3", "qwen3_next", "qwen3_coder"),
    (r"qwen3-coder.*instruct", "qwen3_nothink", "qwen3_moe", "qwen3_coder"),
    (r"qwen3-next.*instruct", "qwen3_nothink", "qwen3_next", "qwen3_nothinking"),
    (r"qwen3.*-a\d+b-instruct", "qwen3_nothink", "qwen3_moe", "qwen3_nothinking"),
    (r"qwen3.*instruct", "qwen3_nothink", "qwen3", "qwen3_nothinking"),
    (r"qwen3-next.*thinking", "qwen3", "qwen3_next", "qwen3_thinking"),
    (r"qwen3.*-a\d+b-thinking", "qwen3", "qwen3_moe", "qwen3_thinking"),
    (r"qwen3-\d+b-thinking", "qwen3", "qwen3", "qwen3_thinking"),
    (r"qwen3-\d+b-a\d+b", "qwen3", "qwen3_moe", "qwen3"),
    (r"qwen3-[\d.]+b", "qwen3", "qwen3", "qwen3"),
    (r"qwen3", "qwen3", "", ""),
    (r"qwq.*preview", "qwen", "qwen2", "qwq_preview"),
    (r"qwq", "qwen", "qwen2", "qwq"),
    (r"qwen2\.5-math", "qwen", "qwen2", "qwen2_5_math"),
    (r"qwen2\.5.*-1m", "qwen", "qwen2", "qwen"),
    (r"qwen2\.5", "qwen", "qwen2", "qwen2_5"),
    (r"qwen1\.5-moe|qwen2-57b", "qwen", "qwen2_moe", "qwen"),
    (r"qwen1\.5|qwen2-", "qwen", "qwen2", "qwen"),
    (r"^qwen-[\d_]+b", "qwen", "qwen", "qwen"),
    (r"qwen|qwq|codeqwen", "qwen", "", ""),
    (r"llama-?4", "llama4", "llama4", "llama4"),
    (r"llama-?3[._][123]", "llama3", "llama", "llama3_2"),
    (r"llama-?3(?!\d*b)", "llama3", "llama", "llama3"),
    (r"llama-?2|llama-\d+b", "llama2", "llama", "llama"),
    (r"gemma-4-e", "gemma4n", "gemma4", "gemma4_nothinking"),
    (r"gemma-4-12b", "gemma4", "gemma4_unified", "gemma4"),
    (r"gemma-4", "gemma4", "gemma4", "gemma4"),
    (r"gemma-3n", "gemma3n", "gemma3n", "gemma3n"),
    (r"gemma-3-(270m|1b)", "gemma2", "gemma3_text", "gemma3_text"),
    (r"gemma-2\b", "gemma2", "gemma2", "gemma"),
    (r"gemma-3", "gemma3", "gemma3_vision", "gemma3_vision"),
    (r"^(code)?gemma-(1\.1-)?\d+b", "gemma", "gemma", "gemma"),
    (r"gemma", "gemma", "", ""),
    (r"glm-4\.7-flash", "glm4_7", "glm4_moe_lite", "glm4_7"),
    (r"glm-4\.7", "glm4_7", "glm4_moe", "glm4_7"),
    (r"glm-4\.5|glm-4\.6", "glm4_moe", "glm4_moe", "glm4_5"),
    (r"glm-z1-rumination", "glmz1", "glm4", "glm4_z1_rumination"),
    (r"glm-z1", "glmz1", "glm4", "glm4"),
    (r"glm-4-.*0414", "glm4", "glm4", "glm4"),
    (r"glm-4-.*-hf", "glm4", "glm_edge", "chatglm4"),  # of the two types of its class the one without pictures
    (r"glm-4-9b", "glm4", "chatglm4", "chatglm4"),
    (r"glm-4", "glm4", "", ""),
    (r"chatglm3", "chatglm3", "chatglm3", "chatglm4"),
    (r"gpt-oss", "gpt_oss", "gpt_oss", "gpt_oss"),
    (r"ministral-3.*reasoning", "ministral3", "mistral3", "mistral_2512_thinking"),
    (r"ministral-3", "ministral3", "mistral3", "mistral_2512"),
    (r"ministral|mistral-nemo", "ministral", "mistral_nemo", "mistral_nemo"),
    (r"mistral-small-3\.1", "mistral_small", "mistral3", "mistral_2503"),
    (r"mistral-small-3\.2", "mistral_small", "mistral3_2506", "mistral_2506"),
    (r"mistral-small.*2501", "mistral_small", "mistral_2501", "mistral_2501"),
    (r"mistral-small.*2409", "mistral_small", "mistral_nemo", "mistral_nemo"),
    (r"devstral-small-2505", "mistral_small", "devstral", "devstral"),
    (r"mistral-small|devstral-small", "mistral_small", "", ""),
    (r"mistral-large.*2407", "mistral", "mistral_nemo", "mistral_nemo"),
    (r"mixtral", "mistral", "mixtral", "llama"),
    (r"mistral-7b", "mistral", "mistral", "llama"),
    (r"mistral", "mistral", "", ""),
    (r"phi-4-mini", "phi4_mini", "phi3", "phi3"),
    (r"phi-4$", "phi4", "phi4", "phi4"),
    (r"phi-4", "phi4", "", ""),
    (r"phi-3-small", "phi_small", "phi3_small", "phi3"),
    (r"phi-3\.5-moe", "phi", "phi3_moe", "phi3"),
    (r"phi-3", "phi", "phi3", "phi3"),
    (r"internlm3", "intern2", "internlm3", "internlm2"),
    (r"internlm2", "intern2", "internlm2", "internlm2"),
    (r"smollm2", "smollm2", "llama", "chatml"),
    (r"smollm-", "smollm", "llama", "chatml"),
    (r"smollm", "smollm", "", ""),
    (r"seed-oss", "seed_oss", "seed_oss", "seed_oss"),
    (r"granite-3", "granite3", "", ""),
    (r"granite-4", "granite4", "", ""),
    (r"hunyuan-a13b", "hunyuan", "hunyuan", "hunyuan_moe"),
    (r"hunyuan-[\d.]+b", "hunyuan", "hunyuan_v1_dense", "hunyuan"),
    (r"hunyuan", "hunyuan", "", ""),
    (r"falcon-h1", "falcon_h1", "", ""),
    (r"minicpm3", "cpm4", "minicpm3", "chatml"),
    (r"minicpm4", "cpm4", "minicpm_chatml", "chatml"),
    (r"minicpm-4", "cpm4", "", ""),
    (r"vicuna", "vicuna", "", ""),
    (r"^yi-coder", "yi", "yi", "yi_coder"),
    (r"^yi-", "yi", "yi", "chatml"),
)
"""(pattern of a model's name, LLaMA-Factory's template, ms-swift's model_type and template); the first that fits counts.
Models of pictures and sound, and those that others made from these with templates of their own, have none here."""
_OTHERS = (
    r"reward|rerank|guard|\brm\b|\bprm|\bocr|\basr\b|\btts\b|\bgte\b|openbuddy|codefuse|ovis|internvl|cogvlm|idefics|mplug|skywork|longwriter"
    r"|reflection|qwenlong|diffusion|nemotron-(super|ultra|nano)"
)
"""Names of models that others made from these, for which ms-swift has types and templates of their own."""
_DEFAULT_SYSTEM = {
    "smollm2": "You are a helpful AI assistant named SmolLM, trained by Hugging Face",
    "llama2": "",
    "mistral": "",
    "intern2": "",
}
"""LLaMA-Factory's template -> the system text that the model's own chat template takes for rows that have none, where trainers take another."""
_NO_SYSTEM = {"gemma", "gemma2", "gemma3", "gemma3n", "mistral"}
"""LLaMA-Factory's templates of models whose own chat template stops at a system turn, or writes it into the user's."""
_TURN_ENDS = {
    **dict.fromkeys(("gemma", "gemma2", "gemma3", "gemma3n"), "<end_of_turn>"),
    **dict.fromkeys(("gemma4", "gemma4n"), "<turn|>"),
    **dict.fromkeys(
        ("qwen", "qwen3", "qwen3_nothink", "qwen3_5", "qwen3_6", "yi", "intern2", "smollm2", "smollm"), "<|im_end|>"
    ),
    **dict.fromkeys(("phi", "phi_small", "phi4_mini"), "<|end|>"),
    **dict.fromkeys(("glm4", "glmz1", "glm4_moe", "glm4_7"), "<|user|>"),
    "phi4": "<|im_end|>",
    "llama3": "<|eot_id|>",
}
"""LLaMA-Factory's template -> the token that ends a turn, where the tokenizer of some of its models has another end of text."""


def template_of(model: str) -> str:
    """Return LLaMA-Factory's name of the chat template of a model, by its name; empty for one that is not known.

    >>> template_of("Qwen/Qwen2.5-7B-Instruct"), template_of("my/model")
    ('qwen', '')
    """
    return _found(model)[0]


def swift_of(model: str) -> Swift | None:
    """Return what ms-swift must be told of a model, by its name; None for one that is not known."""
    _, model_type, name = _found(model)
    if not model_type or re.search(_OTHERS, name_of(model), re.IGNORECASE):
        return None
    return Swift(model_type, name)


def turn_end_of(model: str) -> str:
    """Return the token that ends a turn of a model's chat template; empty where it is the tokenizer's end of text, or not known."""
    return _TURN_ENDS.get(template_of(model), "")


def default_system_of(model: str) -> str | None:
    """Return the system text that a model's own chat template takes for rows that have none; None where trainers know it."""
    return _DEFAULT_SYSTEM.get(template_of(model))


def has_no_system(model: str) -> bool:
    """Return whether a model's own chat template knows no system turn, so that the text belongs into the first user turn."""
    return template_of(model) in _NO_SYSTEM


def name_of(model: str) -> str:
    """Return the name of a model without its owner and folders.

    >>> name_of("/c/models--Qwen--Qwen3-8B/snapshots/0f1e"), name_of("out/Qwen3-8B/")
    ('Qwen3-8B', 'Qwen3-8B')
    """
    cached = re.search(r"models--.+--([^/]+)/snapshots/", model)
    return cached[1] if cached else model.rstrip("/").rpartition("/")[2]


def _found(model: str) -> tuple[str, str, str]:
    """Return LLaMA-Factory's template, ms-swift's model_type and its template, each empty where it is not known."""
    name = name_of(model)
    fitting = (names for pattern, *names in _FAMILIES if re.search(pattern, name, re.IGNORECASE))
    template, model_type, swift = next(fitting, ("", "", ""))
    return template, model_type, swift
