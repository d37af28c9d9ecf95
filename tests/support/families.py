"""Chat templates written after the forms of ten families, one tokenizer with their special tokens, and encoded rows as text."""

from typing import Any, NamedTuple

from selfinstruct.records import Row
from selfinstruct.training.data.chat_format import Thinking
from selfinstruct.training.data.encode import encode, format_of
from tests.support.encoded import marked
from tests.support.models import make_row
from tests.support.rich_rows import call, result, tool

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
    "<|observation|>",
    "<tool_call>",
    "</tool_call>",
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
_TOOLS = "{% if tools %}<|im_start|>system\nTools: {{ tools | tojson }}<|im_end|>\n{% endif %}"
_CALLS = '{% for c in m.tool_calls or [] %}<tool_call>{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}</tool_call>{% endfor %}'
_GLM_CALLS = "{% for c in m.tool_calls or [] %}{{ '\\n' }}<tool_call>{{ c.function.name }}{{ c.function.arguments | tojson }}</tool_call>{% endfor %}"
_MISTRAL_IDS = "{% for c in m.tool_calls or [] %}{% if (c.id or '') | length != 9 %}{{ raise_exception('ids of nine letters') }}{% endif %}{% endfor %}"
CALLING = {
    "Qwen2.5": Family(
        _TOOLS + _turns("<|im_start|>{{ m.role }}\n{{ m.content }}" + _CALLS + "<|im_end|>\n", _IM_PROMPT),
        ("<|im_end|>", "<|end_of_text|>"),
    ),
    "Qwen3": Family(
        _TOOLS + FAMILIES["Qwen3"].template.replace("{{ m.content }}", "{{ m.content }}" + _CALLS),
        ("<|im_end|>", "<|end_of_text|>"),
    ),
    "Qwen3-Thinking": Family(
        _TOOLS + FAMILIES["Qwen3-Thinking, QwQ"].template.replace("{{ m.content }}", "{{ m.content }}" + _CALLS),
        ("<|im_end|>", "<|end_of_text|>"),
    ),
    "GLM-4.5": Family(
        _GLM_THINKING.replace("[gMASK]<sop>", "[gMASK]<sop>{% if tools %}<|system|>\n{{ tools | tojson }}{% endif %}")
        .replace(
            "\n{{ m.content }}{% else %}",
            "{% if m.content %}{{ '\\n' + m.content }}{% endif %}" + _GLM_CALLS + "{% else %}",
        )
        .replace("<|{{ m.role }}|>", "<|{{ 'observation' if m.role == 'tool' else m.role }}|>"),
        ("<|end_of_text|>", "<|user|>", "<|observation|>"),
    ),
    "Mistral": Family(
        "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{% if m.role == 'user' %}<s>[INST] {{ m.content }} [/INST]"
        "{% elif m.role == 'tool' %}[TOOL_RESULTS]{{ m.content }}[/TOOL_RESULTS]{% else %}{{ m.content }}"
        + _CALLS
        + _MISTRAL_IDS
        + "</s>{% endif %}{% endfor %}",
        ("</s>",),
    ),
}
"""Family -> template that writes tools and calls."""
_MARKED_IM = "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}<|im_start|>assistant\n{{ m.content }}<|im_end|>\n{% endgeneration %}"
_SPOKEN = "{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ '\\n' }}{% generation %}{{ m.content }}"
MARKED = {
    "the whole turn": Family(
        _MARKED_IM
        + "{% else %}"
        + _IM
        + "{% endif %}{% endfor %}{% if add_generation_prompt %}"
        + _IM_PROMPT
        + "{% endif %}",
        ("<|im_end|>",),
    ),
    "answer and end": Family(
        "{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>"
        + _SPOKEN
        + _CALLS
        + "<|End|>{% endgeneration %}{% else %}<|{{ m.role }}|>\n{{ m.content }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<|assistant|>{% endif %}",
        ("<|End|>",),
    ),
    "the answer": Family(
        "{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>"
        + _SPOKEN
        + "{% endgeneration %}"
        + _CALLS
        + " <|End|>{% else %}<|{{ m.role }}|>\n{{ m.content }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<|assistant|>{% endif %}",
        ("<|End|>",),
    ),
}
"""Where the marks stand -> template that marks what the model writes: SmolLM3 has the form of the first, TRL puts that of the second in the place of others."""
ROWS = {
    "a question": make_row("en", "Name a river.", "The Seine."),
    "a thought": make_row("zh", "说出一条河。", "塞纳河。").model_copy(update={"reasoning": "巴黎的那条。"}),
    "a conversation": make_row("en", "A city on it?", "Paris.").model_copy(
        update={"history": (("Name a river.", "The Seine."),), "system": "Be brief."}
    ),
}
_WEATHER = make_row("zh", "巴黎天气如何？", "晴。").model_copy(
    update={"tools": (tool("weather"),), "calls": (call("weather", {"city": "巴黎"}), result("sunny"))}
)
CALLS = {
    "a call": _WEATHER,
    "a call with thoughts": _WEATHER.model_copy(
        update={
            "calls": ({**_WEATHER.calls[0], "reasoning_content": "要查。"}, _WEATHER.calls[1]),
            "reasoning": "晴天。",
        }
    ),
    "a call as the answer": _WEATHER.model_copy(update={"output": "", "calls": _WEATHER.calls[:1]}),
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


def page() -> str:
    """Return what is learned of each family, as `docs/finetune.md` shows it: a block for each kind of row."""
    blocks: tuple[tuple[str, dict[str, Family], Row, Thinking], ...] = (
        ("A question and its answer", FAMILIES, ROWS["a question"], "teach"),
        ("With a thought (`reasoning` of the row)", FAMILIES, ROWS["a thought"], "teach"),
        ('`thinking = "off"`', FAMILIES, ROWS["a question"], "off"),
        ("A conversation with a system text", FAMILIES, ROWS["a conversation"], "teach"),
        ("A call, its result and the answer", CALLING, CALLS["a call"], "teach"),
    )
    return "\n".join(_block(*one) for one in blocks)


def _block(title: str, families: dict[str, Family], row: Row, thinking: Thinking) -> str:
    lines = []
    for name, family in families.items():
        tokenizer = tokenizer_of(family)
        form = format_of(tokenizer, "auto", thinking, "2026-01-31", ends_of(family, tokenizer))
        for number, example in enumerate(encode(row, tokenizer, form)):
            text = marked(tokenizer, example).replace("\n", "\u23ce")
            lines.append(f"{'' if number else name:19} {text}")
    return f"{title}:\n\n```text\n" + "\n".join(lines) + "\n```\n"
