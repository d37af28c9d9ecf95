"""Rules for text leaked into a field: template tokens, field headings, no-input markers, the next item."""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from selfinstruct.language import Language, is_no_input
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_CONTROL_TOKENS = (
    re.compile(r"<[|｜][\w▁ -]{2,40}[|｜]>|</?(?:start|end)_of_(?:turn|image|text)>|\[/?INST\]|<</?SYS>>|</?think>|</?tool_call>", re.IGNORECASE),
    re.compile(r"</s>|<(?:bos|eos|pad|unk|sep|cls|mask|eod|eot|eop|sop|gmask|extra_id_\d+|reserved_\d+|(?:end|start)oftext|pad_token|tokens_unused_\d+)>", re.IGNORECASE),
    re.compile(r"\[(?:gMASK|sMASK|CLS|SEP|PAD|EOS|BOS|UNK|UNUSED_TOKEN_\d+|AVAILABLE_TOOLS|TOOL_CALLS|Round \d{1,3})\]|<0x[0-9A-F]{2}>", re.IGNORECASE),
    re.compile(r"\A\s*<s>(?![^<]{0,200}</s>)|<(?:_user|_bot|user|assistant|system|human|bot|ai|im_start|im_end)>(?!.{0,4000}</)", re.IGNORECASE | re.DOTALL),
)  # fmt: skip
_STRIKE = re.compile(r"<s>[^<]{0,400}</s>", re.IGNORECASE)
_HEAD = re.compile(r"[ \t>]{0,8}([-*] |#{1,6}|\*\*|[\[【])?[ \t]{0,3}(?:(\d{1,3})[ \t]?[.)、])?[ \t]{0,3}\*{0,2}([A-Za-z]{1,12}|[\u4e00-\u9fff]{1,4})[ \t]?(\d{0,3})(?:\*\*|[\]】])?[ \t]{0,3}[:：]")  # fmt: skip
_FIELDS = {"instruction": "i", "指令": "i", "任务": "i", "input": "x", "输入": "x", "output": "o", "输出": "o"}
_SECTIONS = frozenset(["response", "answer", "human", "assistant", "user", "system", "回答", "回复", "答案", "响应", *_FIELDS])  # fmt: skip
_SPEAKERS = frozenset(["User", "Human", "Assistant", "AI", "System", "USER", "HUMAN", "ASSISTANT", "SYSTEM", "用户", "人类", "助手", "系统"])  # fmt: skip
_QUESTIONS, _ANSWERS = (frozenset(["q", "question", "问", "问题", "题目"]), frozenset(["a", "answer", "output", "response", "答", "答案", "回答", "输出"]))  # fmt: skip
_ITEMS = frozenset(["instruction", "task", "example", "指令", "任务", "示例"])
_MARKER = re.compile(r"^【(?:指令|任务|输入|输出|[回问][答题复]|答案|响应)】|<\\?no ?(?:in|out)put\\?>|<无输[入出]>", re.IGNORECASE | re.MULTILINE)  # fmt: skip
_PREAMBLE = re.compile(r"Below is an instruction that describes a task|Write a response that appropriately completes the request|[下面以]是.{0,8}描述.{0,4}任务的.{0,4}(?:指令|说明)|[写给]出.{0,12}[完满][成足].{0,4}[请要指][求令]的回[答应复]", re.IGNORECASE)  # fmt: skip
_OF_ITSELF = (
    re.compile(r"\bthis (?:task|instruction|question|prompt|example)\b[^.)\n]{0,60}\b(?:differ\w* from|the previous (?:ones|tasks|instructions)|(?:needs|requires) no input|new verb)", re.IGNORECASE),
    re.compile(r"(?:[本该此这][条个]?(?:任务|指令)|本条)[^。）)\n]{0,40}(?:第\s?\d+\s?条|[前之][面的]{1,2}(?:任务|指令)|不重复|没有重复|不同于|难度适中|符合要求|[无不]需要?输入)"),
)  # fmt: skip
"""A teacher's remark on its own item."""
_OFFERED = (
    re.compile(r"\A\W{0,3}(?:\w+\W{1,3})?(?:of course\W{1,3})?here(?:['’]s| is| are) (?:[\w-]+ ){1,5}?(?:tasks?|instructions?|prompts?)\b[^:\n]{0,80}[:\n]", re.IGNORECASE),
    re.compile(r"\A\W{0,3}(?:\w{2,4}[，,。！!]\s?)?(?:以下|下面|这)[是为给][^：:\n]{0,20}(?:任务|指令|题目|示例)[^：:\n]{0,20}[:：\n]"),
    re.compile(r"\A\W{0,4}(?:Task|Instruction|Prompt|Example|任务|指令|示例|题目)[ \t]{0,3}(?:#|No\.? ?)?\d{1,3}\W{0,2}[:：.)）、]", re.IGNORECASE),
    re.compile(r"^\s{0,8}(?:Topic|Start with|主题|开头用)\s{0,3}[:：]|\bTopic: .{1,80}\. Start with:|主题：.{1,40}。开头用：", re.IGNORECASE),
    re.compile(r"\A\s{0,4}(?:USER|Human|用户)\s?[:：]|(?:ASSISTANT|助手)\s?[:：]\s{0,4}\Z", re.IGNORECASE),
)  # fmt: skip
"""How an instruction begins in which a teacher announces its own item, or which our prompt steers."""
_ANNOUNCES = re.compile("[:：\n0-9]")
"""What every announcement has."""
_REMARKS = ("elow is an", "appropriately", "描述", "求的回", "令的回", "his task", "his instruction", "his question", "his prompt", "his example", "本条", "任务", "指令")  # fmt: skip
"""Words without which an answer has no preamble and no remark on its item."""
_CLOSING = re.compile(r"^\W{0,6}(?:end of (?:output|response|answer|task|example)|(?:output|response|answer) ends?|(?:输出|[回答][答案复])(?:到此)?结束|以上[是为]输出)\W{0,6}\Z", re.IGNORECASE | re.MULTILINE)  # fmt: skip
_CODE_LINE = re.compile(r"^\s*(?:def|print|class|import|for|return|int|var|let|const)\b|[();=]$", re.MULTILINE)
_TASK_LINE = re.compile(r"[ \t>*#-]{0,8}\d{1,3} {0,3}[.)、] {0,3}\*{0,2}(?:Write|Explain|List|Describe|Give|Name|Translate|Classify|Convert|Create|Generate|What|How|Why|Which)\b", re.IGNORECASE)  # fmt: skip
_TASK_LINE_HAN = re.compile(r"[ \t>*#-]{0,8}\d{1,3} {0,3}[.)、] {0,3}\*{0,2}(?:[请给写列说把将用举]|解释|描述|翻译|判断|设计|介绍|分析|根据)")  # fmt: skip
_WITHIN_LINE = re.compile(r"(?<=[.!?。！？])\s{0,4}\d{1,3}\. {0,2}(?:Instruction|指令)\s?[:：]", re.IGNORECASE)
_WORD_INPUT = re.compile(r"(?a:\b)(?:words?|terms?|values?|character|keyword|token|abbreviation|string|expression|cell|entry|literal)(?a:\b)|[字词值]|缩写")  # fmt: skip
_AMBIGUOUS = {"none", "n/a", "na", "null", "无", "空", "没有", "不适用", "暂无"}


class _Head(NamedTuple):
    """A line that begins with a word and a colon."""

    line: int
    text: str
    mark: str
    is_numbered: bool
    word: str
    has_number: bool
    """Whether a number follows the word: `Task 3:`."""


@lru_cache(maxsize=8)
def _heads(text: str) -> tuple[_Head, ...]:
    """Return the headings of a text, in order."""
    lines = enumerate(text.split("\n"))
    found = ((n, _HEAD.match(line)) for n, line in lines if ":" in line[:40] or "：" in line[:40])
    return tuple(_Head(n, one[0].strip(), one[1] or "", bool(one[2]), one[3], bool(one[4])) for n, one in found if one)


def control_tokens(candidate: Candidate, language: Language) -> str:
    """Control tokens of a chat template in any field, where the task is not about them.

    Llama, Qwen, Gemma, Mistral, ChatGLM, Baichuan, DeepSeek, T5 and BERT families.
    Source: AlpacaDataCleaned, defects 2 and 7
    Finds: Name a fruit. → Apple<|im_end|>
    Keeps: What does the special token <|endoftext|> mark in GPT-2? → <|endoftext|> marks where a document ends.
    Finds: 说出一种水果。 → 苹果</s>
    Keeps: 解释 HTML 标签 <s> 的作用。 → 它给文字加删除线：<s>旧价</s>。
    """
    asked = candidate.instruction
    for text in (asked, candidate.input, candidate.output):
        bare = _STRIKE.sub(" ", text) if "<" in text or "[" in text else ""
        found = next((one[0] for pattern in _CONTROL_TOKENS if (one := pattern.search(bare))), "") if bare else ""
        if not found:
            continue
        about = language.matches(language.about_markup, asked)
        inside = found in asked.strip()[1:-1] and language.matches(language.explains_code, asked)
        is_gap = "mask" in found.lower() and (text is candidate.input or found in asked)
        quoted = about and text is candidate.output and found not in prose(text)
        if not (is_gap or quoted or (found in asked and (about or inside))):
            return f"contains {found.strip()}"
    return ""


def leaked_scaffold(candidate: Candidate, language: Language) -> str:
    r"""Heads or preambles of a prompt in a field: `### Response:`, `Output:`, a turn of `User:` that nobody asked for.

    Source: AlpacaDataCleaned, defects 2 and 7
    Finds: Name a fruit. → ### Response:\nApple
    Finds: Name a fruit. → Apple\n\nUser: Name another one.\nAssistant: Pear
    Keeps: Write a short chat between a user and an assistant about tea. → User: Which tea is mild?\nAssistant: White tea.
    Keeps: Compute 5 factorial by a loop. → import math\nprint(math.prod(range(1, 6)))\n\n## Output:\n120
    Finds: 说出一种水果。 → 输出：苹果
    Keeps: 用循环求五的阶乘。 → import math\nprint(math.prod(range(1, 6)))\n\n## 输出：\n120
    Keeps: 为一个排序函数写测试用例，列出输入和输出。 → 输入：[3, 1]\n输出：[1, 3]
    """
    return next((f"contains {found}" for found in _leaks(candidate, language)), "")


def _leaks(candidate: Candidate, language: Language) -> Iterator[str]:
    asked, given, said = candidate.instruction, candidate.input, candidate.output
    if head := next((one for one in _heads(asked) if one.word.lower() in _FIELDS), None):
        before = "\n".join(asked.split("\n")[: head.line]).strip()
        if not (before and language.matches(language.about_prompts, before)):  # else it is said before all others too
            yield head.text
    remarks = (_PREAMBLE, *_OF_ITSELF)
    of_task = _OFFERED if _ANNOUNCES.search(asked) else ()
    patterns = (
        (asked, (*of_task, *(remarks if any(word in asked for word in _REMARKS) else ()))),
        (said, remarks if any(word in said for word in _REMARKS) else ()),
        *((text, (_MARKER,)) for text in (asked, given) if "<" in text or "【" in text),
    )
    for text, looked_for in patterns:
        yield from (found[0].strip() for pattern in looked_for if (found := pattern.search(text)))
    yield from (head.text for text in (asked, given) for head in _heads(text) if _is_section(head))
    heads = _heads(prose(said))
    yield from (head.text for head in heads if _is_section(head) and not _is_comment(head, said))
    if found := _MARKER.search(said) if "<" in said or "【" in said else None:
        yield found[0].strip()
    if not language.matches(language.about_prompts, asked):
        yield from _headings(said, heads, given)


def _is_section(head: _Head) -> bool:
    return head.mark.startswith("##") and head.word.lower() in _SECTIONS


def _headings(said: str, heads: Sequence[_Head], given: str) -> Iterator[str]:
    """Yield headings that an answer has only from a prompt: `Output:` first or with another one, turns, a question that follows."""
    fields = [
        one
        for one in heads
        if (kind := _FIELDS.get(one.word.lower()))
        and (not one.is_numbered or kind == "i")
        and not _is_comment(one, said)
    ]
    kinds = {_FIELDS[one.word.lower()] for one in fields}
    is_first = fields and said.lstrip().startswith(fields[0].text)
    mirrored = is_first and [one.word.lower() for one in _heads(given)[:1]] == [fields[0].word.lower()]
    if fields and not mirrored and (is_first or len(kinds) > 1 or "i" in kinds):
        yield fields[0].text
    turns = [one for one in heads if one.word in _SPEAKERS and not one.is_numbered]
    if len(turns) > 1:
        yield turns[0].text
    for one, other in itertools.pairwise(heads):
        if (
            one.word.lower() in _QUESTIONS
            and other.word.lower() in _ANSWERS
            and 0 < other.line - one.line < 4
            and one.line
        ):
            yield one.text
    if found := _CLOSING.search(said[-200:]) if re.search("[Ee][Nn][Dd]|结束|以上", said[-60:]) else None:
        yield found[0].strip()


def _is_comment(head: _Head, text: str) -> bool:
    """Return whether a heading is a comment in code: `# Output: 9`."""
    return (head.mark == "#" or (bool(head.mark) and _FIELDS.get(head.word.lower()) == "o")) and _has_code(text)


@lru_cache(maxsize=8)
def _has_code(text: str) -> bool:
    return bool(_CODE_LINE.search(text))


def no_input_marker(candidate: Candidate, _: Language) -> str:
    """Input that only says there is none; an empty one says so.

    A bare `None` or `无` stays where the task is about a word or value.
    Source: AlpacaDataCleaned, defect 7
    Finds: Name a ripe fruit. ‖ <noinput> → Apple
    Keeps: Give a word that means the same as this word. ‖ none → zero
    Finds: 说出一种水果。 ‖ （无输入） → 苹果
    Keeps: 解释这个字的意思。 ‖ 无 → 就是没有的意思。
    """
    text = candidate.input.strip().replace("{\\no", "{no")
    last = text.rsplit("\n", 1)[-1].strip()
    if last != text and last[:1] in "<（(【[" and re.search("input|输入", last) and is_no_input(last):
        return f"the input ends in {last}"
    if not text or not is_no_input(text):
        return ""
    about_it = text.lower().strip(" .。\"'") in _AMBIGUOUS and _WORD_INPUT.search(candidate.instruction)
    return "" if about_it else f"the input is {text}"


def merged_items(candidate: Candidate, language: Language) -> str:
    r"""Answer or input that swallowed the next item of its reply.

    Source: AlpacaDataCleaned, defect 2 and its `tool_mergedInstructions.py`
    Finds: Name a fruit. → Apple\n\n18. Instruction: Name a car.
    Keeps: Explain how a CPU works. → 1. Instruction fetch: it reads the next instruction.\n2. Decode
    Finds: 说出一种水果。 → 苹果\n###\n6. 指令：说出一种车。
    Keeps: 写一份学习计划。 → ### 第一周\n读书
    """
    asked = candidate.instruction
    for text in (candidate.output, candidate.input):
        found = next(_next_items(text), "")
        names_itself = re.search("nstruction|指令", found)
        if found.strip("#") and not names_itself and language.matches(language.about_prompts, asked):
            continue
        if found and (found.strip("#") or not language.matches(language.about_press, asked)):
            return f"contains {found}"
    return ""


def _next_items(text: str) -> Iterator[str]:
    heads = _heads(text)
    lines = text.split("\n") if heads or "##" in text else []
    places = {head.line: head.word.lower() for head in heads}
    for one in heads:
        answered = {places.get(one.line + 1), places.get(one.line + 2)} & (_ANSWERS | {"input", "输入"})
        is_task = one.word.lower() in ("instruction", "指令") and one.line and answered
        is_question = one.is_numbered and one.word.lower() in _QUESTIONS and answered
        if one.word.lower() in _ITEMS and (one.is_numbered or one.has_number or "【" in one.mark):
            yield one.text
        if is_task or is_question:
            yield one.text
    if found := _WITHIN_LINE.search(text):
        yield found[0].strip()
    yield from (
        line.strip() for line in lines if line.startswith("##") and not line.strip("# \t") and len(line.strip()) < 4
    )
    for place, word in places.items():
        task = next(
            (line for line in lines[max(0, place - 2) : place] if _TASK_LINE.match(line) or _TASK_LINE_HAN.match(line)),
            "",
        )
        if task and word in _ANSWERS:
            yield task.strip()[:60]
