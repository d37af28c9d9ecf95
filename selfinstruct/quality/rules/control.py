"""Rule for control tokens of a chat template in a text."""

import re
from collections.abc import Iterator

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_TOKENS = (
    re.compile(r"<[|｜][\w▁ -]{2,40}[|｜]>|</?(?:start|end)_of_(?:turn|image|text)>|\[/?INST\]|<</?SYS>>|</?think>|</?tool_call>|<(?:_user|_bot|im_start|im_end)>", re.IGNORECASE),
    re.compile(r"</s>|<(?:bos|eos|pad|unk|sep|cls|mask|eod|eot|eop|sop|gmask|extra_id_\d+|reserved_\d+|(?:end|start)oftext|pad_token|tokens_unused_\d+)>", re.IGNORECASE),
    re.compile(r"\[(?:gMASK|sMASK|CLS|SEP|PAD|EOS|BOS|UNK|UNUSED_TOKEN_\d+|AVAILABLE_TOOLS|TOOL_CALLS|Round \d{1,3})\]|<0x[0-9A-F]{2}>|\A\s*<s>(?![^<]{0,200}</s>)", re.IGNORECASE),
)  # fmt: skip
_STRIKE = re.compile(r"<s>[^<]{0,400}</s>", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:^|(?<=[.!?。！？]))[ \t]{0,8}<(user|assistant|system|human|bot|ai)>(?![/@\\])", re.IGNORECASE | re.MULTILINE)  # fmt: skip
"""Who speaks, where a turn begins: at the beginning of a line or behind a sentence."""


_LINE_ENDS = re.compile(r"[ \t\r]{0,8}(?:\n|\Z)")


def control_tokens(candidate: Candidate, language: Language) -> str:
    """Control tokens of a chat template in any field, where the task is not about them.

    Llama, Qwen, Gemma, Mistral, ChatGLM, Baichuan, DeepSeek, T5 and BERT families. The name of who speaks is one where a turn
    begins; in a generic type (`List<User>`) or a path (`/home/<user>/`) it is none.
    Source: AlpacaDataCleaned, defects 2 and 7
    """
    asked = candidate.instruction
    for text in (asked, candidate.input, candidate.output):
        bare = _STRIKE.sub(" ", text) if "<" in text or "[" in text else ""
        found = next(_tokens(bare), "") if bare else ""
        if not found:
            continue
        about = language.matches(language.about_markup, asked)
        inside = found in asked.strip()[1:-1] and language.matches(language.explains_code, asked)
        is_gap = "mask" in found.lower() and (text is candidate.input or found in asked)
        quoted = about and text is candidate.output and found not in prose(text)
        if not (is_gap or quoted or (found in asked and (about or inside))):
            return f"contains {found.strip()}"
    return ""


def _tokens(text: str) -> Iterator[str]:
    yield from (one[0] for pattern in _TOKENS for one in pattern.finditer(text) if not _is_placeholder(text, one))
    turns = list(_SPEAKER.finditer(text)) if "<" in text else []
    if not turns:
        return
    lowered, names = text.lower(), {one[1].lower() for one in turns}
    speakers = {name for name in names if f"</{name}>" not in lowered}  # what is closed is an element
    opening = len(text) - len(text.lstrip())
    for one in turns:
        is_alone = one.start() <= opening or _LINE_ENDS.match(text, one.end())
        if one[1].lower() in speakers and (len(speakers) > 1 or is_alone):
            yield one[0].strip()


def _is_placeholder(text: str, token: re.Match[str]) -> bool:
    """Return whether a name in angle brackets is a type's (`Set<Mask>`) or stands for a part of a path (`/data/<mask>/`)."""
    before, after = text[max(0, token.start() - 1) : token.start()], text[token.end() : token.end() + 1]
    name = token[0].strip("<>")
    typed = name.istitle() and (before.isalnum() or before == "_")
    return name.isalpha() and token[0][0] == "<" and (typed or before in {"/", "@", "\\"} or after in {"/", "@", "\\"})
