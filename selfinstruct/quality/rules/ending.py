"""Rules for answers that break off, judged by the text; `truncated` is set earlier, by the token limit."""

import re

from selfinstruct.language import Language, han_share
from selfinstruct.quality.rules.text import looks_like_code, prose
from selfinstruct.records import Candidate

_FENCE = re.compile(r"^[ \t>]{0,8}(?:```|~~~)", re.MULTILINE)
_ITEM = re.compile(r"\s*(?:[-*•+·]\s|\d{1,3}[.)、．]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、]|[|#>]|[a-zA-Z][.)]\s)")
_SENTENCE = re.compile(r"[a-z0-9)”\"%]{2}[.!?][”\")]? +(?=[A-Z\"“])|[。！？；](?=[^”」』）])")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|vs|Inc|Ltd|Jr|Sr|No|Prof|etc)\. $")
_CLOSED = re.compile(r"[.!?。！？…][\"”’」』)）*_]{0,3}$|[:：]$")
_STOPS, _QUOTES = re.compile(r"[.!?。！？]\s*\Z"), re.compile("[“”「」『』]")
"""A text that goes on to its full stop was not cut: somebody forgot the bracket, or took one mark for the other."""
_FINAL = frozenset('.!?。！？…"”’)）]}》」')
"""Marks behind which no text is expected to go on."""
_LETTER = re.compile(r"[^\W\d_]")
_SIGNED = re.compile(r"#\w+$|[-—–~]{1,2} ?[A-Z\u3400-\u9fff][\w.·’' ]{1,40}$|https?://\S+$|\S+@\S+$")
_STRAIGHT = re.compile(r'(?<!\d)"')
"""A straight quotation mark; after a digit it means inches or seconds."""
_OPEN, _CLOSE = "([{（［【〔《“「『", ")]}）］】〕》”」』"
_BRACKET = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")
_LITERAL = re.compile(
    r"(?<![A-Za-z0-9_\\])[rbfu]{0,2}([\"'`])(?:(?!\1)[^\\\n]|\\.){0,200}?\1(?![A-Za-z0-9_])", re.IGNORECASE
)
"""A string literal in code, whose brackets do not count."""
_NUMBERS = {
    word: number
    for words in (["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], "两三四五六七八九十")
    for number, word in enumerate(words, 2)
}
_COUNTED = re.compile(
    r"(?a:\b)(two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d|20) (?!hundred|thousand|million|percent|times|years|minutes|hours|days|words|sentences)(?:[a-z-]+ ){0,3}?[a-z]+s(?a:\b)"
    r"|([两三四五六七八九十]|[2-9]|1\d|20)\s?[个条种样点项款件本道步]",
    re.IGNORECASE,
)
_CUT_ITEM = {"en": 12, "zh": 18}
"""Minimum units of a last list item without full stop, where the others have one; short ones often lack it."""
_CUT_SENTENCE = {"en": 45, "zh": 60}
"""Minimum units of a one-sentence answer with commas and no full stop that is reported as cut."""
_LONG_CLAUSE = {"en": 5, "zh": 7}
"""Minimum average units of its clauses; with fewer it is a list."""
_NOT_PAIRS = re.compile(
    r"\[\^?[()\[\]{}（）]\]|(?<![A-Za-z0-9_(（\[])[:;=]['’]?-?[()\[\]{}|]|[\"'“‘`][()\[\]{}（）【】《》][\"'”’`]|^\s{0,40}+[(（]?[\w]{1,3}[)）]|\\.",
    re.MULTILINE,
)
"""Brackets that need no partner; the blanks before a list number are counted, or a run of blank lines took time by its square."""


def open_fence(candidate: Candidate, _: Language) -> str:
    r"""Answer with a code fence that is opened and never closed.

    Source: what a token limit leaves of code
    Finds: Write code that prints 1. → ```python\nprint(1)
    Keeps: Write code that prints 1. → ```python\nprint(1)\n```
    Finds: 写代码。 → 如下：\n```c\nint x;
    Keeps: 怎样标出代码？ → 用 ``` 包起来就行。
    """
    return "a code fence is not closed" if len(_FENCE.findall(candidate.output)) % 2 else ""


def open_bracket(candidate: Candidate, language: Language) -> str:
    r"""Answer whose end stands inside a bracket or quotation that is never closed.

    Faces, half-open intervals, brackets that are spoken of and those inside strings of code do not count.
    Source: what a token limit leaves of a sentence, a list or code
    Finds: Explain rust. → Rust is a mixture of iron oxides (mostly Fe2O3 and its
    Keeps: Cheer me up a bit. → It will be fine :(
    Keeps: Write the half-open interval from 0 to 1. → [0, 1)
    Keeps: Write a line of C that prints a brace. → printf("{");
    Keeps: Explain rust. → Rust is a mix of iron oxides (mostly Fe2O3 and its hydrates. It forms where iron meets water.
    Keeps: How do I copy a list in Python? → A slice copies it: if lst is a list, lst[:] or lst[0:] is another one.
    Keeps: 推荐一本书。 → 《机器学习》又叫”西瓜书“，书里常拿西瓜举例。
    Finds: 用 JavaScript 写一个函数。 → function f() {\n  let a = 1;\n\n  return a;
    Finds: 说明铁锈。 → 铁锈是多种铁的氧化物（主要是三氧化二铁
    Keeps: 写出从零到一的半开区间。 → [0, 1)
    """
    if (
        not re.search(r"\s", candidate.output.strip())
        and len(candidate.output) < 40
        and not han_share(candidate.output)
    ):
        return ""  # a password, a face, an interval
    text = _NOT_PAIRS.sub(" ", _LITERAL.sub(" ", prose(candidate.output).rstrip()))
    if text.count("```") % 2 or language.matches(language.about_faces, candidate.instruction):
        return ""  # open_fence reports it, or the brackets are emoticons
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] in _OPEN:
            opened.append(found.start())
        elif opened:
            opened.pop()
    if not opened:
        return _open_quotation(text)
    rest = text[opened[-1] :]
    begins = not text[: opened[-1]].strip() or text[: opened[-1]].rstrip(" \u3000").endswith("\n")
    ended = begins and _CLOSED.search(rest) and "\n" not in rest and rest[0] not in "([{（"
    code = rest[0] == "{" and looks_like_code(text)
    turned = rest[0] == "“" and text.count("”") >= text.count("“")
    slip = rest[0] in "(（“「『" and _STOPS.search(rest) and (rest[0] in "(（" or turned or _QUOTES.search(rest, 1))
    finished = ("\n\n" in rest and not code) or (len(rest) > 400 and rest[0] not in "{[") or ended or slip
    return "" if finished or len(candidate.output) <= 3 else f"opened and not closed: {rest[:40]}"


def _open_quotation(text: str) -> str:
    """Return the start of quoted speech left open at the end of a text; a paragraph may begin with an open one."""
    marks = [found.start() for found in _STRAIGHT.finditer(text)]
    if len(marks) % 2 == 0:
        return ""
    before, rest = text[: marks[-1]], text[marks[-1] :]
    speaks = re.match(r'"[A-Z\u3400-\u9fff]', rest) and re.search(r"[,，:：]\s?\Z", before)
    return f"opened and not closed: {rest[:40]}" if speaks and "\n" not in rest else ""


def unfinished_output(candidate: Candidate, language: Language) -> str:
    r"""Answer that stops in mid-sentence: its last mark, word or number announces more.

    A last sentence that only lacks its full stop is a warning (`no_final_mark`): most people who leave it out mean nothing by it.
    Source: Self-Instruct drops what ends in a colon; GPT-4-LLM #29 has cut Chinese answers
    Finds: Name the causes of the war. → The three main causes of the war were rivalry, nationalism, and the
    Finds: How many people live in Norway? → Norway has a population of about 5.4 million people as of 20
    Keeps: Write a short verse about the sea. → Waves come and go\nThe gulls cry low
    Finds: 列出做饭的步骤。 → 步骤如下：
    Finds: 挪威有多少人口？ → 根据统计局的资料，挪威的总人口大约有五百四十万，数据截至 20
    Keeps: 写一首五言诗。 → 床前明月光\n疑是地上霜
    """
    text = candidate.output.rstrip()
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or "__" in text[-60:]:
        return ""  # blanks are to be filled in
    if len(text) > 3 and text[-1] in ",，、:：(（[【《“" and not re.search(r"[:;=]['-]?[(\[:]$", text):
        whole = text[-1] in ",，:：" and _is_opening(lines, candidate.instruction)
        return "" if whole else f"ends in {text[-1]}"
    if text.endswith(("```", "~~~")) or looks_like_code(text):
        return ""
    said = _stops_short(text, lines, language)
    return f"ends in {said}" if said else ""


def no_final_mark(candidate: Candidate, language: Language) -> str:
    """Answer whose last sentence has no full stop: perhaps cut, perhaps only careless.

    A warning: many people leave out the last full stop.
    Source: our own reading of small teachers' replies
    Finds: Explain tides. → The tides are caused by the pull of the moon on the sea, which rises twice a day on most coasts and falls again after about six hours each time
    Keeps: Explain what causes tides. → The pull of the moon
    Finds: 说明潮汐。 → 潮汐是由月球对海水的引力引起的，海水每天两次上涨，随后又慢慢退去，周而复始，从不停歇
    Keeps: 说明潮汐。 → 月球的引力
    """
    text = candidate.output.strip()
    least = 20 if language.code == "en" else 25
    plain = (
        "\n" not in text
        and _LETTER.match(text[-1:])
        and not _SIGNED.search(text[-200:])
        and re.search("[,，]", text)
        and not _ITEM.match(text)
    )
    if language.matches(language.short_form, candidate.instruction):
        return ""
    if plain and language.units(text) >= least:
        return "no full stop at its end"
    lines = [line for line in text.split("\n") if line.strip()]
    ends = not lines or not _LETTER.match(text[-1:]) or _SIGNED.search(text[-200:]) or looks_like_code(text)
    return "" if ends else _dangles(lines[-1].strip(), lines[:-1], language, _wanted(candidate.instruction))


def _stops_short(text: str, lines: list[str], language: Language) -> str:
    """Return the end of a text that announces more: a list number, a number that is begun, a word that leads on."""
    last = lines[-1].strip()
    if len(lines) > 1 and re.fullmatch(r"\d{1,3}[.、)]|[-*•]", last) and _ITEM.match(lines[-2]):
        return last
    if cut := _cut_number(last, text):
        return cut
    found = None if last[-1] in _FINAL else language.matches(language.stops_short, last[-400:])
    return found[0].strip() if found and not _list_of_words(last) else ""


def _wanted(instruction: str) -> int:
    """Return the number of items an instruction asks for; 0 when it names none."""
    found = _COUNTED.search(instruction)
    word = found and (found[1] or found[2]).lower()
    return (_NUMBERS.get(word) or int(word)) if word else 0


def _dangles(last: str, before: list[str], language: Language, wanted: int) -> str:
    """Return the words after the last whole sentence of the last line, if they begin another sentence."""
    last = last[-4_000:]
    rest, whole = last, 0
    for found in _SENTENCE.finditer(last):
        if not _ABBREVIATED.search(last[max(0, found.end() - 8) : found.end()]):
            rest, whole = last[found.end() :], whole + 1
    if _ITEM.match(last):
        items = [line for line in before if _ITEM.match(line)]
        closed = len(items) >= 2 and all(_CLOSED.search(line.rstrip()) for line in items[-3:])
        least = 1 if len(items) + 1 < wanted else _CUT_ITEM[language.code]
        shorter = all(len(last) < len(line) for line in items)
        return f"breaks off: {rest[-40:]}" if closed and shorter and language.units(rest) >= least else ""
    if language.code == "zh" and han_share(rest) < 0.5:
        return ""  # a name, a formula, a letter in English
    if not whole:
        paragraphs = [line for line in before if language.units(line) > 15 and not _ITEM.match(line)]
        clauses = re.split("[,，]", rest)
        if not paragraphs and len(clauses) > 3 and language.units(rest) >= _LONG_CLAUSE[language.code] * len(clauses):
            return f"breaks off: {rest[-40:]}" if language.units(rest) >= _CUT_SENTENCE[language.code] else ""
        whole = len(paragraphs) >= 1 and all(_CLOSED.search(line.rstrip()) for line in paragraphs)
        least = 8 if len(paragraphs) > 1 else 15
        return f"breaks off: {rest[-40:]}" if whole and language.units(rest) >= least else ""
    least_line, least_rest = (60, 4) if language.code == "en" else (24, 7)
    return f"breaks off: {rest[-40:]}" if len(last) >= least_line and language.units(rest) >= least_rest else ""


def _cut_number(last: str, text: str) -> str:
    """Return the number in which an answer stops: a year that is begun, or digits after whole sentences and a word that leads on."""
    found = _BEGUN_YEAR.search(last[-60:])
    if not found and len(_SENTENCE.findall(text[-1_000:])) >= 1:
        found = _BEGUN_NUMBER.search(last[-60:])
    return found[0].strip() if found else ""


def _is_opening(lines: list[str], instruction: str) -> bool:
    """Return whether an answer is a salutation, a form whose fields are empty, or the head of a block of code: whole, with a mark at its end."""
    fields = sum(line.rstrip().endswith((":", "：")) and len(line) < 60 for line in lines)
    if fields > 1 or "yaml" in instruction.lower():
        return True
    return len(lines) == 1 and bool(_GREETS.match(lines[0]) or _CODE_LINE.search(instruction))


_GREETS = re.compile(
    r"(?:dear|hello|hi|to whom|good (?:morning|evening|afternoon)|ladies)(?a:\b)|(?:尊敬|亲爱|敬爱)的|.{1,12}您好|各位",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(
    r"(?a:\b)(?:python|line of|syntax|code|signature|header|declaration)(?a:\b)|代码|语法|语句|签名|声明|配置",
    re.IGNORECASE,
)
_BEGUN_YEAR = re.compile(
    r"(?a:(?:\b(?:in|of|since|until|from|by|to) |[A-Z][a-z]+ \d{1,2}, |[截至到在于从年]\s?))(?:1[89]|20)\d?\Z"
)
_BEGUN_NUMBER = re.compile(
    r"(?a:\b(?:of|to|from|than|about|with|by|over|under|and|around|diameter of|is about)) \$?\d{1,3}\Z|(?:约为?|大约|达到?|超过|至|和|直径为?)\s?\d{1,3}\Z"
)


def _list_of_words(line: str) -> bool:
    """Return whether a line lists words, so that `and` or `the` may be the last of them."""
    items = [item.strip() for item in re.split("[,，、]", line[-80:])]
    alike = len(items) > 2 and len({item[-1:] for item in items}) == 1
    return alike or bool(re.search(r"(?:[,:] [\w'’-]{1,30}){2}$|[\"“'‘(]\w{1,30}$", line[-80:]))
