"""What a chat service's page leaves in a text: the labels of its buttons. English, Chinese, and half of each.

A label is a line of its own (or the bar over a block of code): a sentence that speaks of a button stays, and so does code.
"""

import re
from typing import NamedTuple

_COPY = r"(?:cop(?:y|ied)|复制|複製|拷贝|已复制|已複製)"
_CODE = r"(?:code|代码|代碼|程式碼|程序代码)"
_EDIT = r"(?:edit|编辑|編輯)"
_ANSWER = r"(?:response|answer|reply|message|回复|回覆|回答|回应|回應|响应|答案|消息)"
_MAKING = r"(?:generating|generation|responding|response|answer|生成|产生|產生|回答|响应|回复|回應)"
_AGAIN = r"(?:regenerate|regenerated|重新生成|重新产生|重新產生|重新回答|再次生成)"
_CONTINUE = rf"(?:continue|继续|繼續) *{_MAKING}"
_SECONDS = r"(?:a (?:few|couple of) seconds|\d+ ?(?:s|sec(?:ond)?s?|m(?:in(?:ute)?s?)?)?(?: \d+ ?s(?:econds?)?)?)"
_LABELS = (
    rf"{_COPY} *(?:{_CODE}|{_EDIT})(?: *{_EDIT})?!?",
    rf"{_COPY} ?\d+ chars? / \d+ words?",
    rf"{_AGAIN} *{_ANSWER}?",
    rf"(?:stop|停止) *{_MAKING}",
    r"(?:save|保存|儲存) *(?:&|and|并|並) *(?:submit|提交)(?: *(?:cancel|取消))?",
    r"(?:was|is) this (?:response|answer|conversation) (?:better or worse|helpful)(?: so far)?\?(?: *better *worse *same)?",
    r"(?:这次|此次|这个)?(?:回答|回复|响应|回應)(?:更好|是否更好|更佳)还是(?:更差|更糟)[？?]?",
    r"(?:chatgpt|you|claude|gemini|grok|copilot) said[:：]?",
    r"(?:chatgpt|claude|gemini|grok|deepseek|kimi|你|您) ?(?:说|說)[:：]",
    rf"(?:thought|reasoned|thinking|searched(?: the web)?) for {_SECONDS}",
    r"(?:已(?:深度)?思考|思考了|已推理) ?[（(]?(?:用时|用時)? ?\d+ ?(?:秒|s|seconds?)[)）]?",
    r"memory updated|(?:已更新|更新了)(?:保存的)?记忆|记忆已更新",
    r"(?:model: ?)?default \(gpt-[\d.]+\w*\)",
    r"(?:chatgpt|gemini|claude|copilot|grok|deepseek|kimi|文心一言|通义千问|豆包)[^.。\n]{0,20}(?:can make mistakes|may (?:produce|display) inaccurate|可能会?(?:犯错|出错|产生不准确|显示不准确))[^\n]{0,120}",
    r"chatgpt \w{3,9}\.? \d{1,2} version\b[^\n]*",
    r"(?:send a message|message chatgpt)(?:\.{3}|…)?",
    r"已?(?:搜索|阅读|浏览|参考)(?:到|了)? ?\d+ ?(?:个|篇|条)(?:网页|资料|来源|结果|文章)",
    r"(?:searched|read|found) \d+ (?:web ?)?(?:sites?|pages?|results?|sources?)",
    r"(?:free research preview|(?:以上|本)?(?:内容|回答)由 ?ai ?(?:大模型)?生成)[^\n]{0,120}",
)
_WEAK = re.compile(
    rf"\s*(?:{_COPY}|{_EDIT}|有帮助|没帮助|没有帮助|无帮助|点赞|点踩|赞|踩|分享|朗读|收藏|追问|不喜欢|喜欢|换一个|重试|再试一次|再来一次|share|retry|try again|like|dislike|"
    rf"good response|bad response|(?:not )?helpful|read aloud|report)\s*",
    re.IGNORECASE,
)
"""Words that are buttons where several stand behind an answer."""
_RETRY = re.compile(r"\s*(?:重试|再试一次|try again|retry)\s*", re.IGNORECASE)
_NAME = re.compile(
    r"\s*(?:chatgpt|gpt-4o?|claude|gemini|copilot|deepseek|kimi|豆包|通义千问|文心一言)\s*", re.IGNORECASE
)
_FINISHED = re.compile(r"(?:[.!?。！？…][\"”’)）*_]{0,3}|```|~~~)\s*\Z")
_POLICY = re.compile(
    r"\s*(?:(?:this|your) (?:content|message|prompt|conversation) (?:may|might)? ?violates?\b[^\n]{0,60}\bpolic[^\n]{0,200}"
    r"|(?:此|该|本|这条|这段|您的|你的)(?:内容|消息|回答|回复|对话)[^\n，。]{0,8}违反[^\n]{0,20}(?:政策|规定|准则|条款)[^\n]{0,80})\s*",
    re.IGNORECASE,
)
"""The service's note on an answer; in the place of one it is a notice."""
_COPY_SIGNS = ("cop", "复制", "複製", "拷贝")
_LABEL = re.compile(rf"\s*(?:{'|'.join(_LABELS)})\s*", re.IGNORECASE)
_PAGES = re.compile(r"\s*\d{1,2} ?/ ?\d{1,2}\s*")
"""Which of several answers is shown: `2 / 3`. Beside a label only, since it may be a fraction."""
_BAR = re.compile(rf"(?P<word>[A-Za-z][\w+#.-]{{0,14}}?)?{_COPY} ?(?:{_CODE}|{_EDIT})(?: ?{_EDIT})?", re.IGNORECASE)
"""The bar over a block of code as text: `pythonCopy code`, `pythonCopyEdit`, python复制代码."""
_COPIES = re.compile(rf"\s*{_COPY} *{_CODE}\s*", re.IGNORECASE)
_COPY_ALONE, _EDIT_ALONE = (re.compile(rf"\s*{word}\s*", re.IGNORECASE) for word in (_COPY, _EDIT))
_LANGUAGES = (
    r"(?:python|py|bash|sh|shell|zsh|powershell|console|terminal|javascript|js|jsx|typescript|ts|tsx|java|kotlin|swift|scala|c|c\+\+|cpp|c#|csharp|go|"
    r"golang|rust|ruby|php|perl|lua|r|julia|matlab|sql|mysql|html|css|scss|xml|json|yaml|toml|ini|dockerfile|makefile|markdown|md|latex|tex|"
    r"plaintext|text|diff|vba|dart|haskell|vue|nginx|graphql|assembly)"
)
_LANGUAGE = re.compile(rf"\s*{_LANGUAGES}\s*", re.IGNORECASE)
_GLUED = re.compile(
    rf"\s*(?P<word>{_LANGUAGES}) ?{_COPY} ?(?:{_CODE}|{_EDIT})(?: ?{_EDIT})?(?P<rest>(?:(?<!code)[a-z]|(?<=code)(?!s\b)[a-z]|[A-Z_0-9#<$@/(\[{{\"'*.!-]).*)",
    re.IGNORECASE,
)
"""A bar with the first line of the code behind it: python复制代码import os."""
_CODE_SIGN = re.compile(
    r"[(){}\[\]=;<>$\\#_]|^\s{2,}\S|^(?:import|from|use|npm|pip|git|cd|sudo|select|curl|docker)\b", re.IGNORECASE
)
_PAGE_OF = re.compile(
    r"\s*(?P<open><\s*)?(?P<shown>\d{1,2}) / (?P<of>\d{1,2})(?P<close>\s*>)?(?P<rest>(?=[A-Z\u4e00-\u9fff]).*|\s*)"
)
_NUMBERS = re.compile(
    r"\d|fraction|ratio|score|\bhal(?:f|ves)\b|third|quarter|probab|chance|odds|divid|number|percent|多少|几|分数|比例|概率|一半|除以|数字|比分|占比",
    re.IGNORECASE,
)
"""What a question has to which `1 / 2` may be the answer."""
_FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)\s*(?P<info>.*)")
_SIGNS = (
    "cop", "复制", "複製", "拷贝", "generat", "生成", "产生", "產生", "重新", "停止", "继续", "繼續", "respon", "answer", "said", "说", "說", "thought", "reasoned",
    "thinking", "searched", "思考", "推理", "submit", "提交", "memory", "记忆", "default (", "mistakes", "inaccurate", "犯错", "出错", "不准确", "preview",
    "更好", "更佳", "helpful", "搜索", "阅读", "浏览", "参考", "found ", "send a", "重试", "再试", "retry", "try again", "polic", "违反", "帮助", " / ",
)  # fmt: skip
"""One of these is in every label; a text without any is done at once."""


class Stripped(NamedTuple):
    """A text without the labels of a page."""

    text: str
    changed: bool


def without_labels(text: str, asked: str | None = None) -> Stripped:
    r"""Return a text without lines that are a label of the page, and without bars over its code, whose language stays.

    `asked` is the question before it, if there is one: where that may be about numbers, a first line such as `2 / 2` is one unless a label stands beside it.

    >>> without_labels("Sure:\n\npythonCopy code\nprint(1)\n\nRegenerate response").text
    'Sure:\n\npython\nprint(1)'
    """
    lowered = text.lower()
    if not any(map(lowered.__contains__, _SIGNS)):
        return Stripped(text, changed=False)
    lines = text.split("\n")
    kept, fence = _without_lines(lines, bars=any(sign in lowered for sign in _COPY_SIGNS))
    kept = _without_edges(kept, asked, tail=not fence)
    if kept == lines:
        return Stripped(text, changed=False)
    return Stripped("\n".join(_joined(kept)).strip("\n"), changed=True)


def _without_lines(lines: list[str], *, bars: bool) -> tuple[list[str | None], str]:
    """Return lines with None for each label, and the fence that is open at the end, or ""; without `bars` none is looked for."""
    kept, fence, number = list[str | None](), "", 0
    while number < len(lines):
        line = lines[number]
        opening = _FENCE.fullmatch(line)
        if opening and not fence:
            fence = opening[1]
            bar = _bar_at(lines, number + 1, in_code=True) if bars else _Bar()
            head = _head(line, opening["info"])
            kept.append(head + bar.word if bar.size and bar.word and not _info(head) else head)
            kept += bar.in_place(word=False)
            number += 1 + bar.size
            continue
        if fence:
            fence = "" if line.strip() == fence else fence
        elif bars and (bar := _bar_at(lines, number, in_code=False)).size:
            kept += bar.in_place(word=True)
            number += bar.size
            continue
        kept.append(None if not fence and _LABEL.fullmatch(line) else line)
        number += 1
    return kept, fence


class _Bar(NamedTuple):
    """A bar over a block of code, in one line or several."""

    size: int = 0
    """Lines."""
    word: str = ""
    """The language of the code."""
    rest: str | None = None
    """First line of the code, where it stands behind the bar."""

    def in_place(self, *, word: bool) -> list[str | None]:
        """Return what stands in the place of the bar."""
        held = [*([self.word] if word and self.word else []), *([self.rest] if self.rest is not None else [])]
        return [*([None] if self.size else []), *held]


def _bar_at(lines: list[str], at: int, *, in_code: bool) -> _Bar:
    """Return the bar that begins in a line."""
    line, *more = [*lines[at : at + 4], "", "", "", ""][:4]
    if found := _BAR.fullmatch(line.strip().rstrip(":：")):
        return _Bar(1, found["word"] or "")
    if found := _GLUED.fullmatch(line):
        return _Bar(1, found["word"], found["rest"])
    word, after = (line.strip(), more) if _LANGUAGE.fullmatch(line) else ("", [line, *more])
    size = int(bool(word))
    if word and _COPIES.fullmatch(after[0]):
        return _Bar(size + 1, word)
    if _COPY_ALONE.fullmatch(after[0]) and _EDIT_ALONE.fullmatch(after[1]):
        return _Bar(size + 2, word) if word or in_code or _CODE_SIGN.search(after[2]) else _Bar()
    return _Bar(size + 1, word) if word and in_code and _COPY_ALONE.fullmatch(after[0]) else _Bar()


def _joined(lines: list[str | None]) -> list[str]:
    """Return the lines that are left; where a label stood between two blank lines, one of them goes with it."""
    found, gone = list[str](), False
    for line in lines:
        if line is None:
            gone = True
        elif not (gone and not line.strip() and (not found or not found[-1].strip())):
            found.append(line)
            gone = False
    return found


def _without_edges(lines: list[str | None], asked: str | None, *, tail: bool) -> list[str | None]:
    """Return lines without what stands before and behind an answer: the number of the shown answer, and a run of buttons."""
    texts = [number for number, line in enumerate(lines) if line and line.strip()]
    if len(texts) < 2 and not (texts and _PAGE_OF.match(lines[texts[0]] or "")):
        return lines
    first, labelled = texts[0], None in lines
    if labelled and (_NAME.fullmatch(lines[first] or "")) and len(texts) > 1:
        lines[first] = None
        first = texts[1]
    if (page := _PAGE_OF.fullmatch(lines[first] or "")) and (first != texts[-1] or page["rest"].strip()):
        certain = bool(page["open"] and page["close"]) or labelled or not (asked is None or _NUMBERS.search(asked))
        if certain and 0 < int(page["shown"]) <= int(page["of"]) > 1:
            lines[first] = page["rest"] or None
    return _without_tail(lines, texts, labelled=labelled) if tail else lines


def _without_tail(lines: list[str | None], texts: list[int], *, labelled: bool) -> list[str | None]:
    """Return lines without the buttons behind the last sentence, and without the service's note on the answer."""
    end = len(texts)
    while end > 1 and (_WEAK.fullmatch(lines[texts[end - 1]] or "") or _PAGES.fullmatch(lines[texts[end - 1]] or "")):
        end -= 1
    run = texts[end:]
    before = lines[texts[end - 1]] or ""
    single = len(run) == 1 and (labelled or _RETRY.fullmatch(lines[run[0]] or ""))
    finished = _FINISHED.search(before[-200:]) or (labelled and not before.rstrip().endswith((":", "：")))
    if finished and (single or (len(run) > 1 and any(_WEAK.fullmatch(lines[one] or "") for one in run))):
        for one in run:
            lines[one] = None
        run = []
    if not run and end > 1 and _POLICY.fullmatch(lines[texts[end - 1]] or ""):
        lines[texts[end - 1]] = None
    return lines


def _info(head: str) -> str:
    found = _FENCE.fullmatch(head)
    return found["info"] if found else ""


def _head(line: str, info: str) -> str:
    """Return the first line of a fence without the button behind its language."""
    found = _BAR.fullmatch(info.strip())
    return line[: line.index(info)] + (found["word"] or "") if found and info else line
