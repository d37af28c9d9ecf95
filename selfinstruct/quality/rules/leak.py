"""Rules for text leaked into a field: template tokens, field headings, no-input markers, the next item."""

import re

from selfinstruct.language import LANGUAGES, Language, is_no_input
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_CONTROL_TOKEN = re.compile(
    r"<[|｜][\w▁ -]{2,40}[|｜]>|</?(?:start|end)_of_(?:turn|image|text)>|\[/?INST\]|<</?SYS>>|</?think>|</?tool_call>"
    r"|</s>|<(?:bos|eos|pad|unk|sep|cls|mask|eod|eot|eop|sop|gmask|extra_id_\d+|reserved_\d+|endoftext|startoftext|pad_token)>"
    r"|\[(?:gMASK|sMASK|CLS|SEP|PAD|EOS|BOS|UNK|UNUSED_TOKEN_\d+|AVAILABLE_TOOLS|TOOL_CALLS)\]|<TOKENS_UNUSED_\d+>|<0x[0-9A-F]{2}>"
    r"|\[Round \d{1,3}\]|\A\s*<s>(?![^<]{0,200}</s>)|<(?:_user|_bot|user|assistant|system|human|bot|ai|im_start|im_end)>(?!.{0,4000}</)",
    re.IGNORECASE | re.DOTALL,
)
_STRIKE = re.compile(r"<s>[^<]{0,400}</s>", re.IGNORECASE)
_HEADS = "|".join(
    re.escape(word)
    for language in LANGUAGES.values()
    for word in (language.instruction_words[0], language.input_words[0], language.output_words[0])
)
_SCAFFOLD = re.compile(
    rf"^[ \t]{{0,8}}(?:#{{1,6}}[ \t]{{0,4}}|\*\*|\[|【)?(?P<number>\d{{1,3}}[ \t]{{0,3}}[.)、][ \t]{{0,3}})?(?P<head>{_HEADS})(?:\*\*|\]|】)?[ \t]{{0,3}}[:：]"
    r"|^【(?:指令|任务|输入|输出|回答|答案|回复|响应|问题)】|^#{2,6}[ \t]{0,3}(?:Response|Answer|Output|Instruction|Input|Human|Assistant|User|System|回答|回复|答案|响应|指令|输入|输出)[ \t]{0,3}[:：]|<\\?no ?(?:in|out)put\\?>|<无输[入出]>",
    re.IGNORECASE | re.MULTILINE,
)
_INSTRUCTION = {language.instruction_words[0].lower() for language in LANGUAGES.values()}
_PREAMBLE = re.compile(
    r"Below is an instruction that describes a task|Write a response that appropriately completes the request"
    r"|以下是一个描述任务的指令|下面是一条描述任务的指令|请写出一个适当完成请求的回应"
    r"|以下是(?:一[个条])?(?:用来)?描述(?:一[个项])?任务的(?:一[个条])?(?:指令|说明)|(?:写|给)出(?:一个)?(?:能)?(?:恰当|适当|合适|正确)?(?:地)?(?:完成|满足)(?:该|此|上述)?(?:请求|要求|指令)的(?:回答|回应|回复|响应)",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\A\W{0,3}(?:(?:sure|certainly|of course|okay|ok|absolutely|great)\W{1,3}here(?:['’]s| is| are) (?:an?|the|your|some|one|my|another)|here(?:['’]s| is) (?:another|an? (?:new|different)|(?:the|your) next))"
    r" (?:[\w-]+ ){0,3}?(?:tasks?|instructions?|prompts?)(?a:\b)[^:\n]{0,80}[:\n]"
    r"|\A\W{0,3}(?:好的|当然(?:可以)?|没问题|可以)[，,。！!]\s?(?:以下|下面|这)(?:是|给出|为您?|为你)[^：:\n]{0,20}(?:任务|指令|题目|示例)[^：:\n]{0,20}[:：\n]"
    r"|\A\W{0,3}(?:以下|下面|这)是(?:另一|下一|一[个条道](?:新|不同))[^：:\n]{0,12}(?:任务|指令|题目)[^：:\n]{0,20}[:：\n]",
    re.IGNORECASE,
)
"""Phrases with which a teacher announces its own item."""
_ITEM_HEAD = re.compile(
    r"\A\W{0,4}(?:Task|Instruction|Prompt|Example|任务|指令|示例|题目)[ \t]{0,3}(?:#|No\.? ?)?\d{1,3}\W{0,2}[:：.)）、]",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"(?a:\b)this (?:task|instruction|question|prompt|example)(?a:\b)[^.)\n]{0,60}(?a:\b)(?:(?:different|differs) from (?:the )?(?:previous|other|above|earlier|all)|the previous (?:ones|tasks|instructions)|(?:needs|requires) no input|new verb)"
    r"|(?:本条|该任务|此任务|本任务|这[条个]任务|该指令|此指令|本指令|这条指令)[^。）)\n]{0,40}(?:第\s?\d+\s?条|前面的(?:任务|指令)|之前的(?:任务|指令)|不重复|没有重复|不同于|难度适中|符合要求|无需输入|不需要输入)",
    re.IGNORECASE,
)
"""A teacher's remark on its own item."""
_STEERING = re.compile(
    r"^\s{0,8}(?:Topic|Start with|主题|开头用)\s{0,3}[:：]|(?a:\b)(?:Topic: .{1,80}\. Start with:)|主题：.{1,40}。开头用：",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^[ \t]{0,4}(?:\*\*)?(?:User|Human|Assistant|AI|System|USER|HUMAN|ASSISTANT|SYSTEM|用户|人类|助手|系统)(?:\*\*)?[ \t]{0,3}[:：]",
    re.MULTILINE,
)
_ASKED_AND_ANSWERED = re.compile(
    r"^[ \t]{0,4}(?:Q|Question|问|问题)[ \t]{0,3}\d{0,2}[:：][^\n]{0,300}\n{1,3}[ \t]{0,4}(?:A|Answer|答|答案)[ \t]{0,3}\d{0,2}[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"^\W{0,6}(?:end of (?:output|response|answer|task|example)|(?:output|response|answer) ends?|(?:输出|回答|答案|回复)(?:到此)?结束|以上(?:是|为)输出)\W{0,6}\Z",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKER = re.compile(r"\A\s{0,4}(?:USER|Human|用户)\s?[:：]|(?:ASSISTANT|助手)\s?[:：]\s{0,4}\Z", re.IGNORECASE)
_NEXT_ITEM = re.compile(
    r"^[ \t>*#-]{0,8}\d{1,3}[ \t]{0,3}[.)、][ \t]{0,3}\*{0,2}(?:Instruction|Task|指令|任务)[ \t]{0,3}\d{0,3}\*{0,2}[:：]"
    r"|^【(?:指令|任务|题目)\d{0,3}】(?=.{2,200}\n)|^#{2,3}[ \t]{0,8}$|^[ \t>*#-]{0,8}(?:Task|Instruction|Example|任务|指令|示例)[ \t]{0,3}\d{1,3}\*{0,2}[ \t]{0,3}[:：]"
    r"|(?<=[.!?。！？])\s{0,4}\d{1,3}\. {0,2}(?:Instruction|指令)\s?[:：]"
    r"|^[ \t>*#-]{0,8}\d{1,3}[ \t]{0,3}[.)、][ \t]{0,3}\*{0,2}"
    r"(?:(?:Question|Q|问题|题目|问)\*{0,2}[:：]|(?:Write|Explain|List|Describe|Give|Name|Translate|Classify|Summari[sz]e|Convert|Create|Generate|Identify|What|How|Why|Which)(?a:\b)|[请给写列说把将用举]|解释|描述|翻译|判断|设计|介绍|分析|根据)"
    r"[^\n]{2,300}\n{1,2}[ \t>*#-]{0,8}(?:Answer|A|Output|答案|答|回答|输出)\*{0,2}[:：]"
    r"|(?<=\n)[ \t>*#-]{0,8}(?:Instruction|指令)\*{0,2}[:：][^\n]{2,300}\n{1,2}[ \t>*#-]{0,8}(?:Input|Output|Response|输入|输出|回答)\*{0,2}[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile("[:：【]|##")
"""What the head of a next item cannot do without."""
_WORD_INPUT = re.compile(
    r"(?a:\b)(?:words?|terms?|values?|character|keyword|token|abbreviation|string|expression|cell|entry|literal)(?a:\b)|字|词|值|字符|缩写"
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
    fields = (candidate.instruction, candidate.input, candidate.output)
    for text in fields:
        found = _CONTROL_TOKEN.search(_STRIKE.sub(" ", text)) if "<" in text or "[" in text else None
        if (
            found
            and not _is_spoken_of(found[0], candidate.instruction, language)
            and not (text is candidate.input and "mask" in found[0].lower())
            and not (
                text is candidate.output
                and found[0] not in prose(text)
                and language.matches(language.about_markup, candidate.instruction)
            )
        ):
            return f"contains {found[0].strip()}"
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
    asked = candidate.instruction
    for text in (asked, candidate.input):
        found = _SCAFFOLD.search(text)
        excused = (
            found
            and found["head"]
            and (text is not asked or language.matches(language.about_prompts, asked[: found.start()]))
        )
        if found and (not excused or (text is asked and found.start() == 0)):
            return f"contains {found[0].strip()}"
    if (
        found := _PREAMBLE.search(asked)
        or _PREAMBLE.search(candidate.output)
        or _STEERING.search(asked)
        or _OFFERED.search(asked)
        or _ITEM_HEAD.search(asked)
    ):
        return f"contains {found[0].strip()}"
    if found := _OF_ITSELF.search(asked) or _OF_ITSELF.search(candidate.output):
        return f"says {found[0].strip()}"
    if found := _SPEAKER.search(asked):
        return f"contains {found[0].strip()}"
    said = candidate.output
    turns = [*_TURN.finditer(said)]
    asked_next = next((one for one in _ASKED_AND_ANSWERED.finditer(said) if said[: one.start()].strip()), None)
    found = _scaffold(said) or (turns[0] if len(turns) > 1 else None) or asked_next or _CLOSING.search(said)
    mirrored = _SCAFFOLD.match(candidate.input) and found and found.start() == 0
    excused = found and found[0][0] not in "#<" and (mirrored or language.matches(language.about_prompts, asked))
    return f"contains {found[0].strip()}" if found and not excused else ""


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
        found = _NEXT_ITEM.search(text) if _MARKED.search(text) else None
        if found and not found[0].strip("# \t") and language.matches(language.about_press, candidate.instruction):
            continue  # a press release ends in ###
        listed = found and found.start() == 0 and language.matches(language.about_prompts, candidate.instruction)
        if found and not listed and not (found[0].strip("#") and _is_asked(found[0], language, candidate.instruction)):
            return f"contains {found[0].strip()}"
    return ""


def _scaffold(text: str) -> re.Match[str] | None:
    """Return a field heading that no answer has: `### Response:` anywhere; `Output:` only first or with another one."""
    found = [
        one
        for one in _SCAFFOLD.finditer(prose(text))
        if not (one["number"] and one["head"].lower() not in _INSTRUCTION) and not _is_comment(one[0], text)
    ]
    sure = next((one for one in found if one[0].lstrip()[:1] in "#<" or not one["head"]), None)
    kinds = {one["head"].lower() for one in found if one["head"]}
    first = found[0] if found and (len(kinds) > 1 or not text[: found[0].start()].strip()) else None
    told = next((one for one in found if one["head"] and one["head"].lower() in _INSTRUCTION), None)
    return sure or first or told


def _is_comment(head: str, text: str) -> bool:
    """Return whether a heading is a comment in code: `# Output: 9`."""
    return bool(re.match(r"# |#{1,3} ?(?:output|输出)", head.lstrip(), re.IGNORECASE)) and bool(
        re.search(r"^\s*(?:def|print|class|import|for|return|int|var|let|const)(?a:\b)|[();=]$", text, re.MULTILINE)
    )


def _is_spoken_of(token: str, instruction: str, language: Language) -> bool:
    """Return whether the instruction is about a token that it holds, by saying so or asking about it."""
    about = language.matches(language.about_markup, instruction)
    if token in instruction and token.strip("<>[]").lower() == "mask":
        return True  # a gap to be filled
    inside = token in instruction.strip()[1:-1] and language.matches(language.explains_code, instruction)
    return token in instruction and bool(about or inside)


def _is_asked(head: str, language: Language, instruction: str) -> bool:
    return (
        "nstruction" not in head and "指令" not in head and bool(language.matches(language.about_prompts, instruction))
    )
