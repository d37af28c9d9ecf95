"""Rules for text leaked into a field: template tokens, field headings, no-input markers, the next item."""

import re
from collections.abc import Iterator

from selfinstruct.language import LANGUAGES, Language, is_no_input
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_CONTROL_TOKENS = (
    re.compile(r"<[|｜][\w▁ -]{2,40}[|｜]>|</?(?:start|end)_of_(?:turn|image|text)>|\[/?INST\]|<</?SYS>>|</?think>|</?tool_call>", re.IGNORECASE),
    re.compile(r"</s>|<(?:bos|eos|pad|unk|sep|cls|mask|eod|eot|eop|sop|gmask|extra_id_\d+|reserved_\d+|endoftext|startoftext|pad_token)>", re.IGNORECASE),
    re.compile(r"\[(?:gMASK|sMASK|CLS|SEP|PAD|EOS|BOS|UNK|UNUSED_TOKEN_\d+|AVAILABLE_TOOLS|TOOL_CALLS|Round \d{1,3})\]|<TOKENS_UNUSED_\d+>|<0x[0-9A-F]{2}>", re.IGNORECASE),
    re.compile(r"\A\s*<s>(?![^<]{0,200}</s>)|<(?:_user|_bot|user|assistant|system|human|bot|ai|im_start|im_end)>(?!.{0,4000}</)", re.IGNORECASE | re.DOTALL),
)  # fmt: skip
_STRIKE = re.compile(r"<s>[^<]{0,400}</s>", re.IGNORECASE)
_FIELDS = {
    word.lower(): kind
    for language in LANGUAGES.values()
    for kind, word in zip(
        "ixo", (language.instruction_words[0], language.input_words[0], language.output_words[0]), strict=True
    )
}
"""Heading -> i, x or o for instruction, input, output."""
_HEADING = re.compile(
    rf"^[ \t]{{0,8}}(?P<mark>#{{1,6}}[ \t]{{0,4}}|\*\*|[\[【])?(?P<number>\d{{1,3}}[ \t]?[.)、][ \t]?)?(?P<head>{'|'.join(map(re.escape, _FIELDS))})(?:\*\*|[\]】])?[ \t]{{0,3}}[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_SURE = re.compile(
    r"^【(?:指令|任务|输入|输出|[回问][答题复]|答案|响应)】|^#{2,6} {0,3}(?:Response|Answer|Output|Instruction|Input|Human|Assistant|User|System|回[答复]|答案|响应|指令|输[入出]) {0,3}[:：]|<\\?no ?(?:in|out)put\\?>|<无输[入出]>",
    re.IGNORECASE | re.MULTILINE,
)
"""Headings and markers that no answer has."""
_PREAMBLE = re.compile(
    r"Below is an instruction that describes a task|Write a response that appropriately completes the request"
    r"|[以下]?[下面]是.{0,8}描述.{0,4}任务的.{0,4}(?:指令|说明)|[写给]出.{0,12}(?:完成|满足).{0,4}(?:请求|要求|指令)的回[答应复]",
    re.IGNORECASE,
)
_ITEM = r"(?:tasks?|instructions?|prompts?)"
_OFFERED = (
    re.compile(rf"\A\W{{0,3}}(?:(?:sure|certainly|of course|okay|ok)\W{{1,3}})?here(?:['’]s| is| are) (?:[\w-]+ ){{1,5}}?{_ITEM}\b[^:\n]{{0,80}}[:\n]", re.IGNORECASE),
    re.compile(r"\A\W{0,3}(?:(?:好的|当然(?:可以)?|没问题|可以)[，,。！!]\s?)?(?:以下|下面|这)[是为给][^：:\n]{0,20}(?:任务|指令|题目|示例)[^：:\n]{0,20}[:：\n]"),
    re.compile(r"\A\W{0,4}(?:Task|Instruction|Prompt|Example|任务|指令|示例|题目)[ \t]{0,3}(?:#|No\.? ?)?\d{1,3}\W{0,2}[:：.)）、]", re.IGNORECASE),
    re.compile(r"^\s{0,8}(?:Topic|Start with|主题|开头用)\s{0,3}[:：]|\bTopic: .{1,80}\. Start with:|主题：.{1,40}。开头用：", re.IGNORECASE),
    re.compile(r"\A\s{0,4}(?:USER|Human|用户)\s?[:：]|(?:ASSISTANT|助手)\s?[:：]\s{0,4}\Z", re.IGNORECASE),
)  # fmt: skip
"""Beginnings of an instruction with which a teacher announces its own item, or our prompt steers it."""
_OF_ITSELF = re.compile(
    r"\bthis (?:task|instruction|question|prompt|example)\b[^.)\n]{0,60}\b(?:differ\w* from|the previous (?:ones|tasks|instructions)|(?:needs|requires) no input|new verb)"
    r"|(?:[本该此这][条个]?(?:任务|指令)|本条)[^。）)\n]{0,40}(?:第\s?\d+\s?条|[前之][面的]{1,2}(?:任务|指令)|不重复|没有重复|不同于|难度适中|符合要求|[无不]需要?输入)",
    re.IGNORECASE,
)
"""A teacher's remark on its own item."""
_TURN = re.compile(r"^[ \t]{0,4}(?:\*\*)?(?:User|Human|Assistant|AI|System|USER|HUMAN|ASSISTANT|SYSTEM|用户|人类|助手|系统)(?:\*\*)?[ \t]{0,3}[:：]", re.MULTILINE)  # fmt: skip
_ASKED_AND_ANSWERED = re.compile(
    r"^[ \t]{0,4}(?:Q|Question|问题?)[ \t]{0,3}\d{0,2}[:：][^\n]{0,300}\n{1,3}[ \t]{0,4}(?:A|Answer|答案?)[ \t]{0,3}\d{0,2}[:：]", re.IGNORECASE | re.MULTILINE
)  # fmt: skip
_CLOSING = re.compile(
    r"^\W{0,6}(?:end of (?:output|response|answer|task|example)|(?:output|response|answer) ends?|(?:输出|[回答][答案复])(?:到此)?结束|以上[是为]输出)\W{0,6}\Z",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED = r"^[ \t>*#-]{0,8}\d{1,3} {0,3}[.)、] {0,3}\*{0,2}"
_ANSWERED = r"[^\n]{2,300}\n{1,2}[ \t>*#-]{0,8}(?:Answer|A|Output|答案?|回答|输出)\*{0,2}[:：]"
_NEXT_ITEMS = (
    re.compile(r"^[ \t>*#-]{0,8}\d{1,3} {0,3}[.)、] {0,3}\*{0,2}(?:Instruction|Task|指令|任务) {0,3}\d{0,3}\*{0,2}[:：]", re.IGNORECASE | re.MULTILINE),
    re.compile(r"^【(?:指令|任务|题目)\d{0,3}】(?=.{2,200}\n)|^#{2,3}[ \t]{0,8}$|(?<=[.!?。！？])\s{0,4}\d{1,3}\. {0,2}(?:Instruction|指令)\s?[:：]", re.IGNORECASE | re.MULTILINE),
    re.compile(r"^[ \t>*#-]{0,8}(?:Task|Instruction|Example|任务|指令|示例)[ \t]{0,3}\d{1,3}\*{0,2}[ \t]{0,3}[:：]", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"{_NUMBERED}(?:Question|Q|问题|题目|问)\*{{0,2}}[:：]{_ANSWERED}", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"{_NUMBERED}(?:Write|Explain|List|Describe|Give|Name|Translate|Classify|Convert|Create|Generate|What|How|Why|Which)\b{_ANSWERED}", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"{_NUMBERED}(?:[请给写列说把将用举]|解释|描述|翻译|判断|设计|介绍|分析|根据){_ANSWERED}", re.IGNORECASE | re.MULTILINE),
    re.compile(r"(?<=\n)[ \t>*#-]{0,8}(?:Instruction|指令)\*{0,2}[:：][^\n]{2,300}\n{1,2}[ \t>*#-]{0,8}(?:Input|Output|Response|输[入出]|回答)\*{0,2}[:：]", re.IGNORECASE | re.MULTILINE),
)  # fmt: skip
_WORD_INPUT = re.compile(
    r"(?a:\b)(?:words?|terms?|values?|character|keyword|token|abbreviation|string|expression|cell|entry|literal)(?a:\b)|[字词值]|缩写"
)
_AMBIGUOUS = {"none", "n/a", "na", "null", "无", "空", "没有", "不适用", "暂无"}


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
    asked, said = candidate.instruction, candidate.output
    about = language.matches(language.about_prompts, asked)
    head = _HEADING.search(asked)
    if head and (head.start() == 0 or not about or not language.matches(language.about_prompts, asked[: head.start()])):
        yield head[0].strip()
    for text in (asked, candidate.input):
        if found := _SURE.search(text):
            yield found[0].strip()
    for pattern, text in ((_PREAMBLE, asked), (_PREAMBLE, said), (_OF_ITSELF, asked), (_OF_ITSELF, said)):
        if found := pattern.search(text):
            yield found[0].strip()
    for pattern in _OFFERED:
        if found := pattern.search(asked):
            yield found[0].strip()
    yield from _leaks_in_answer(said, candidate.input, is_asked=bool(about))


def _leaks_in_answer(said: str, given: str, *, is_asked: bool) -> Iterator[str]:
    """Yield a heading that no answer has: `### Response:` anywhere; `Output:` only first or with another one; turns, and closing words."""
    if ":" not in said and "：" not in said and "<" not in said and "【" not in said:
        if found := _CLOSING.search(said[-200:]):
            yield found[0].strip()
        return
    text = prose(said)
    if (found := _SURE.search(text)) and not _is_comment(found[0], said):
        yield found[0].strip()
    heads = [one for one in _HEADING.finditer(text) if not _is_comment(one[0], said)]
    heads = [one for one in heads if not one["number"] or _FIELDS[one["head"].lower()] == "i"]
    kinds = {_FIELDS[one["head"].lower()] for one in heads}
    first = heads[0] if heads and (len(kinds) > 1 or "i" in kinds or not said[: heads[0].start()].strip()) else None
    mirrored = first and first.start() == 0 and _HEADING.match(given)
    turns = list(_TURN.finditer(said))
    pair = next((one for one in _ASKED_AND_ANSWERED.finditer(said) if said[: one.start()].strip()), None)
    found = (None if mirrored else first) or (turns[0] if len(turns) > 1 else None) or pair or _CLOSING.search(said)
    if found and (not is_asked or (first and (first["mark"] or "").startswith("#"))):
        yield found[0].strip()


def _is_comment(head: str, text: str) -> bool:
    """Return whether a heading is a comment in code: `# Output: 9`."""
    is_output = re.match(r"# |#{1,3} ?(?:output|输出)", head.lstrip(), re.IGNORECASE)
    return bool(
        is_output
        and re.search(r"^\s*(?:def|print|class|import|for|return|int|var|let|const)\b|[();=]$", text, re.MULTILINE)
    )


def no_input_marker(candidate: Candidate, _: Language) -> str:
    """Input that only says there is none; an empty one says so.

    A bare `None` or `无` stays where the task is about a word or value.
    Source: AlpacaDataCleaned, defect 7
    Finds: Name a ripe fruit. ‖ <noinput> → Apple
    Finds: Name a ripe fruit. ‖ No input required. → Apple
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
    for text in (candidate.output, candidate.input):
        if not any(mark in text for mark in (":", "：", "【", "##")):
            continue
        found = next((one for pattern in _NEXT_ITEMS if (one := pattern.search(text))), None)
        if found and not _is_expected(found, candidate.instruction, language):
            return f"contains {found[0].strip()}"
    return ""


def _is_expected(found: re.Match[str], asked: str, language: Language) -> bool:
    """Return whether a heading is what the task wants: the end of a press release, or items in a task about items."""
    if not found[0].strip("# \t"):
        return bool(language.matches(language.about_press, asked))
    names_itself = "nstruction" in found[0] or "指令" in found[0]
    return (not names_itself or found.start() == 0) and bool(language.matches(language.about_prompts, asked))
