"""Chat templates written after the forms of ten families, one tokenizer with their special tokens, and encoded rows as text."""

from itertools import groupby
from typing import Any, NamedTuple

from selfinstruct.training.data.encode import IGNORED, TokenizedExample, encode, format_of
from tests.support.models import make_row

SPECIAL = (
    "<|end_of_text|>",
    "<|im_start|>",
    "<|im_end|>",
    "<think>",
    "</think>",
    "<s>",
    "</s>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "[gMASK]",
    "<sop>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|Begin|>",
    "<|End|>",
    "<|start|>",
    "<|channel|>",
    "<|message|>",
    "<|end|>",
    "<|return|>",
)


class Family(NamedTuple):
    """A chat template, and the end tokens of the generation configuration that comes with it."""

    template: str
    ends: tuple[str, ...]


def _turns(body: str, prompt: str = "") -> str:
    return "{% for m in messages %}" + body + "{% endfor %}" + "{% if add_generation_prompt %}" + prompt + "{% endif %}"


_HEADER = "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content | trim }}<|eot_id|>"
_LLAMA_3 = _turns(_HEADER, "<|start_header_id|>assistant<|end_header_id|>\n\n")
_IM = "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
_IM_PROMPT = "<|im_start|>assistant\n"
_LAST = "{% set ns = namespace(last=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}"
_THINKING = (
    _LAST
    + "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    + "{% if m.role == 'assistant' and loop.index0 > ns.last %}<think>\n{{ m.reasoning_content or '' }}\n</think>\n\n{% endif %}"
    + "{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}"
    + _IM_PROMPT
)
_ALTERNATE = "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
_GLM_THINKING = (
    _LAST
    + "[gMASK]<sop>{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>\n"
    + "<think>{% if loop.index0 > ns.last %}{{ m.reasoning_content or '' }}{% endif %}</think>\n{{ m.content }}"
    + "{% else %}<|{{ m.role }}|>\n{{ m.content }}{% endif %}{% endfor %}"
    + "{% if add_generation_prompt %}<|assistant|>{% if enable_thinking is defined and not enable_thinking %}{{ '\\n<think></think>' }}{% endif %}{% endif %}"
)
FAMILIES = {
    "Qwen2.5, SmolLM2": Family(_turns(_IM, _IM_PROMPT), ("<|im_end|>", "<|end_of_text|>")),
    "Qwen3": Family(
        _THINKING
        + "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
        ("<|im_end|>", "<|end_of_text|>"),
    ),
    "Qwen3-Thinking, QwQ": Family(_THINKING + "<think>\n{% endif %}", ("<|im_end|>", "<|end_of_text|>")),
    "DeepSeek-R1": Family(
        "<|Begin|>"
        + _turns(
            "{% if m.role == 'user' %}<|user|>{{ m.content }}{% elif m.role == 'assistant' %}<|assistant|>"
            "{{ m.content.split('</think>')[-1] }}<|End|>{% else %}{{ m.content }}{% endif %}",
            "<|assistant|><think>\n",
        ),
        ("<|End|>",),
    ),
    "Llama 2": Family(
        "{% for m in messages %}{% if m.role == 'user' %}<s>[INST] {{ m.content | trim }} [/INST]{% elif m.role == 'assistant' %} "
        "{{ m.content | trim }} </s>{% endif %}{% endfor %}",
        ("</s>",),
    ),
    "Llama 3": Family(_LLAMA_3, ("<|eot_id|>", "<|end_of_text|>")),
    "Llama 3.2": Family(
        "<|start_header_id|>system<|end_header_id|>\n\nToday Date: {{ strftime_now('%d %b %Y') }}<|eot_id|>" + _LLAMA_3,
        ("<|eot_id|>", "<|end_of_text|>"),
    ),
    "Gemma 2": Family(
        _ALTERNATE
        + _turns(
            "<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end_of_turn>\n",
            "<start_of_turn>model\n",
        ),
        ("<end_of_turn>", "<|end_of_text|>"),
    ),
    "GLM-4": Family(
        "[gMASK]<sop>" + _turns("<|{{ m.role }}|>\n{{ m.content }}", "<|assistant|>"), ("<|end_of_text|>", "<|user|>")
    ),
    "GLM-4.5": Family(_GLM_THINKING, ("<|end_of_text|>", "<|user|>")),
    "gpt-oss": Family(
        "{% for m in messages %}{% if m.role == 'assistant' %}<|start|>assistant"
        "{% if m.thinking and loop.last %}<|channel|>analysis<|message|>{{ m.thinking }}<|end|><|start|>assistant{% endif %}"
        "<|channel|>final<|message|>{{ m.content }}{{ '<|return|>' if loop.last else '<|end|>' }}"
        "{% else %}<|start|>{{ m.role }}<|message|>{{ m.content }}<|end|>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|start|>assistant{% endif %}",
        ("<|return|>", "<|end_of_text|>"),
    ),
}
"""Family -> template."""
ROWS = {
    "a question": make_row("en", "Name a river.", "The Seine."),
    "a thought": make_row("zh", "说出一条河。", "塞纳河。").model_copy(update={"reasoning": "巴黎的那条。"}),
    "a conversation": make_row("en", "A city on it?", "Paris.").model_copy(
        update={"history": (("Name a river.", "The Seine."),), "system": "Be brief."}
    ),
}


def tokenizer_of(family: Family) -> Any:
    """Return a byte-level tokenizer with the special tokens of all families."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {text: number for number, text in enumerate([*SPECIAL, *letters])}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    inner.add_special_tokens(list(SPECIAL))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    named = dict.fromkeys(("eos_token", "pad_token"), "<|end_of_text|>")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **named)
    tokenizer.chat_template = family.template
    return tokenizer


def ends_of(family: Family, tokenizer: Any) -> tuple[int, ...]:
    """Return the end tokens of the family's generation configuration."""
    return tuple(tokenizer.convert_tokens_to_ids(list(family.ends)))


def marked(tokenizer: Any, example: TokenizedExample) -> str:
    """Return an encoded row as text, with [[ ]] around what is learned."""
    pairs = zip(example["input_ids"], example["labels"], strict=True)
    found = ""
    for learned, run in groupby(pairs, key=lambda pair: pair[1] != IGNORED):
        text = str(tokenizer.decode([token for token, _ in run]))
        found += f"[[{text}]]" if learned else text
    return found


def page() -> str:
    """Return what is learned of each family, as `docs/finetune.md` shows it: a block for each kind of row."""
    blocks = []
    for title, row, thinking in (
        ("A question and its answer", "a question", "teach"),
        ("With a thought (`reasoning` of the row)", "a thought", "teach"),
        ('`thinking = "off"`', "a question", "off"),
        ("A conversation with a system text", "a conversation", "teach"),
    ):
        lines = []
        for name, family in FAMILIES.items():
            tokenizer = tokenizer_of(family)
            form = format_of(tokenizer, "auto", thinking, "2026-01-31", ends_of(family, tokenizer))  # type: ignore[arg-type]
            text = marked(tokenizer, encode(ROWS[row], tokenizer, form)).replace("\n", "\u23ce")
            lines.append(f"{name:19} {text}")
        blocks.append(f"{title}:\n\n```text\n" + "\n".join(lines) + "\n```\n")
    return "\n".join(blocks)
