"""What a chat service's page leaves in a text: labels of its buttons, its own notices, and marks of a cut answer. English, Chinese, and half of each.

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
    r"(?:free research preview|(?:以上|本)?(?:内容|回答)由 ?ai ?(?:大模型)?生成)[^\n]{0,120}",
)
_LABEL = re.compile(rf"\s*(?:{'|'.join(_LABELS)})\s*", re.IGNORECASE)
_PAGES = re.compile(r"\s*\d{1,2} ?/ ?\d{1,2}\s*")
"""Which of several answers is shown: `2 / 3`. Beside a label only, since it may be a fraction."""
_BAR = re.compile(rf"(?P<word>[A-Za-z][\w+#.-]{{0,14}}?)?{_COPY} ?(?:{_CODE}|{_EDIT})(?: ?{_EDIT})?", re.IGNORECASE)
"""The bar over a block of code as text: `pythonCopy code`, `pythonCopyEdit`, python复制代码."""
_COPIES = re.compile(rf"\s*{_COPY} *{_CODE}?\s*", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"\s*(?:python|py|bash|sh|shell|zsh|powershell|console|terminal|javascript|js|jsx|typescript|ts|tsx|java|kotlin|swift|scala|c|c\+\+|cpp|c#|csharp|go|"
    r"golang|rust|ruby|php|perl|lua|r|julia|matlab|sql|mysql|html|css|scss|xml|json|yaml|toml|ini|dockerfile|makefile|markdown|md|latex|tex|"
    r"plaintext|text|diff|vba|dart|haskell|vue|nginx|graphql|assembly)\s*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)\s*(?P<info>.*)")
_SIGNS = (
    "cop", "复制", "複製", "拷贝", "generat", "生成", "产生", "產生", "重新", "停止", "继续", "繼續", "respon", "answer", "said", "说", "說", "thought", "reasoned",
    "thinking", "searched", "思考", "推理", "submit", "提交", "memory", "记忆", "default (", "mistakes", "inaccurate", "犯错", "出错", "不准确", "preview",
    "更好", "更佳", "helpful",
)  # fmt: skip
"""One of these is in every label; a text without any is done at once."""

_NOTICES = (
    r"(?:!\s*)?too many requests(?: in \d+ \w+)?[.!,;: ][^\n]{0,160}",
    r"too many requests[.!]?",
    r"(?:you['’]ve|you have|you) (?:reached|hit|exceeded) (?:the|your|our) [^\n.]{0,60}\b(?:limit|cap|quota)s?\b[^\n]{0,200}",
    r"(?:error: ?)?(?:rate|usage|message) limit (?:reached|exceeded|hit)\b[^\n]{0,200}",
    r"(?:something went wrong|an error occurred|there was an error generating a response|error in (?:body|message) stream|network error|internal server error|(?:the )?request timed out)\b(?:[.,!:;]? (?:if this|please|while|try)[^\n]{0,200}|[.!]?)",
    r"(?:hmm\W{1,3})?something (?:seems to have gone|went) wrong[^\n]{0,160}",
    r"(?:our|the) (?:systems?|servers?)(?: (?:is|are))? (?:a bit |currently |very )?(?:busy|overloaded|at capacity|unavailable)\b[^\n]{0,160}",
    r"chatgpt is (?:currently )?at capacity[^\n]{0,160}",
    r"(?:your|the) (?:session|login) has expired[^\n]{0,120}",
    r"the (?:message|conversation) you submitted (?:was|is) too long[^\n]{0,160}",
    r"(?:conversation|token|context) (?:length )?limit (?:reached|exceeded)[^\n]{0,120}",
    r"(?:您的?|你的?)?(?:请求|操作|提问|访问)(?:次数)?(?:过于频繁|太频繁|过多|已达(?:到)?上限)[^\n]{0,80}",
    r"(?:您|你)?(?:已|已经)(?:达到|超过|超出)[^\n。]{0,30}(?:上限|限额|限制|配额|次数)[^\n]{0,60}",
    r"(?:当前|目前)?(?:服务器?|系统|网络|访问人数)(?:繁忙|超时|异常|错误|开小差了?|过多|较多|出错了?)[^\n]{0,80}",
    r"(?:网络|服务器?)(?:连接)?(?:错误|异常|出错)[^\n]{0,60}",
    r"(?:生成回复时)?(?:发生|出现)(?:了)?(?:错误|未知错误|问题)[，,。!！][^\n]{0,80}",
    r"(?:出错了|哎呀，出错了)[^\n]{0,60}",
)
_NOTICE = re.compile(rf"[\s>*_⚠️❗!！]*(?:{'|'.join(_NOTICES)})\s*", re.IGNORECASE)
_CUT = re.compile(
    rf"(?:[\[(（【<…]|\.\.\.)\s*(?:(?:output|response|answer|text|message|content|rest)(?: (?:was|is))? )?(?:truncated|cut off|omitted due to length|too long)[^\n\])）】>]{{0,40}}[\])）】>]?\s*\Z"
    r"|[\[(（【…]\s*(?:(?:内容|回复|回答|输出|文本|消息|字数)(?:过长|太长|超限|超出限制)?[，, ]?)?(?:已被?|被)?(?:截断|省略后文)[^\n\])）】]{0,20}[\])）】]?\s*\Z"
    rf"|(?:\A|\n)\s*(?:{_CONTINUE})\s*\Z",
    re.IGNORECASE,
)


class Stripped(NamedTuple):
    """A text without the labels of a page."""

    text: str
    changed: bool


def without_labels(text: str) -> Stripped:
    r"""Return a text without lines that are a label of the page, and without bars over its code.

    >>> without_labels("Sure:\n\npythonCopy code\nprint(1)\n\nRegenerate response").text
    'Sure:\n\nprint(1)'
    """
    lowered = text.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return Stripped(text, changed=False)
    lines = text.split("\n")
    kept, fence = list[str | None](), ""
    for number, line in enumerate(lines):
        opening = _FENCE.fullmatch(line)
        if opening and not fence:
            fence = opening[1]
            kept.append(_head(line, opening["info"]))
        elif fence:
            first = number and _FENCE.fullmatch(lines[number - 1])
            closes = line.strip() == fence
            kept.append(_first_in_fence(line, kept) if first and not closes else line)
            fence = "" if closes else fence
        else:
            label = bool(_LABEL.fullmatch(line)) or _is_bar(line)
            if label and kept and _LANGUAGE.fullmatch(kept[-1] or "") and _COPIES.fullmatch(line):
                kept[-1] = None  # the bar over a block of code, which came as two lines
            kept.append(None if label else line)
    if kept == lines:
        return Stripped(text, changed=False)
    return Stripped("\n".join(line for line in _without_pages(kept) if line is not None).strip("\n"), changed=True)


def notice(answer: str) -> str:
    """Return what a service says in the place of an answer, or in the last line of a broken one; "" for an answer."""
    text = answer.strip()
    last = text.rpartition("\n")[2]
    found = _NOTICE.fullmatch(text) if len(text) <= 400 else None
    found = found or (_NOTICE.fullmatch(last) if last != text and len(last) <= 240 else None)
    return found[0].strip()[:200] if found else ""


def mark_of_cut(answer: str) -> str:
    """Return the mark at the end of an answer that says that it was cut there, or ""."""
    found = _CUT.search(answer[-200:])
    return found[0].strip() if found else ""


def _is_bar(line: str) -> bool:
    """Return whether a line outside a fence is the bar over a block of code: a language and the button, without a blank."""
    return bool(_BAR.fullmatch(line.strip()))


def _head(line: str, info: str) -> str:
    """Return the first line of a fence without the button behind its language."""
    found = _BAR.fullmatch(info.strip())
    return line[: line.index(info)] + (found["word"] or "") if found and info else line


def _first_in_fence(line: str, kept: list[str | None]) -> str | None:
    """Return the first line of code; None for a bar, whose language then goes to the fence where that has none."""
    found = _BAR.fullmatch(line.strip())
    if not found:
        return line
    head = kept[-1]
    if found["word"] and head is not None and not _FENCE.fullmatch(head)["info"]:  # type: ignore[index] # it is a fence
        kept[-1] = head + found["word"]
    return None


def _without_pages(lines: list[str | None]) -> list[str | None]:
    """Return lines without the number of the shown answer, first or last, in a text that had a label."""
    texts = [number for number, line in enumerate(lines) if line and line.strip()]
    for edge in {*texts[:1], *texts[-1:]} if None in lines and len(texts) > 1 else ():
        if _PAGES.fullmatch(lines[edge] or ""):
            lines[edge] = None
    return lines
