"""Rules for invalid code and data: Python that does not parse, JSON that does not load, code in the words of a translation.

The names that Python uses are `names.py`.
"""

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Sequence
from functools import lru_cache

from selfinstruct.language import Language
from selfinstruct.quality.rules.names import cut_attribute, undefined_names
from selfinstruct.records import Candidate

_BLOCK = re.compile(r"^[ \t]{0,8}```([\w+-]{0,12})[^\n]*\n(.*?)^[ \t]{0,8}```", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"(?a:\b)python(?a:\b)(?! ?2(?a:\b))", re.IGNORECASE)
_OTHER_CODE = re.compile(r"^[ \t]{0,8}(?:import [\w.*]+;|public |#include\b|using [\w.]+;)", re.MULTILINE)
"""Java, C++ or C#, into which a Python program may be turned."""
_CODE_BEGINS = re.compile(r"(?:from \w[\w.]* import |import \w|def \w+\s?\(|class \w+[(:]|@\w+|print\s?\(|for \w+ in |while |async def |with \w+\(|try:|if .{1,60}:\s*$|[a-z_]\w* = )", re.MULTILINE)  # fmt: skip
_IS_PYTHON = re.compile(r"(?:\"\"\"|def |class |from \w|import \w)")
_FUNCTION = re.compile(r"^[ \t]{0,20}def \w{1,60} ?\([^\n{}]{0,300}\)[^\n{}]{0,60}:[ \t]{0,20}(?:#.*)?$", re.MULTILINE)
"""A text that is Python by itself: of other languages none has `def f(x):` alone on a line."""
_MAGIC = re.compile(r"^[ \t]*(?:[!%]|pip3? install ).*$|^>>> |^\.\.\. ", re.MULTILINE)
_PROSE = re.compile(r"(?:[A-Z][a-z']*|[\u3400-\u9fff])[^\n=(){}\[\]]{15,}[.。:：!?！？]$")
_PRINTED = re.compile(r"^[ \t]{0,8}#{0,3} ?(?:Output|输出)(?: ?[:：]|$)", re.MULTILINE | re.IGNORECASE)
_JSON = re.compile(r"(?a:\b)JSON(?a:\b)(?! ?(?:lines|schema|5|c(?a:\b)|path|web))", re.IGNORECASE)
_JSON_CODE = re.compile(r"(?a:\b)(?:python|javascript|java|code|function|script|program|pars\w+|library|api|difference|what is|which of|explain)(?a:\b)|代码|函数|程序|脚本|解释|什么是|区别|解析|介绍", re.IGNORECASE)  # fmt: skip
_MOST = 20_000


def invalid_python(candidate: Candidate, language: Language) -> str:
    """Python that does not parse, or ends where an attribute is named, where Python is asked for or is all that the answer is.

    A fence that quotes the code of the task, or a fragment in an explanation, need not. So is a name that nearly is one of the program's. Another
    name that it nowhere defines is a warning: people leave out imports, and what comes from a page that they go on from.
    Source: AlpacaDataCleaned, defects 4 and 8 (empty and wrong code)
    """
    return _faults(candidate.instruction, candidate.input, candidate.output, language)[0]


def may_lack_names(candidate: Candidate, language: Language) -> str:
    """Python that uses a name which neither it nor the task has."""
    fault, unknown = _faults(candidate.instruction, candidate.input, candidate.output, language)
    return "" if fault else unknown


@lru_cache(maxsize=4)
def _faults(asked: str, given: str, said: str, language: Language) -> tuple[str, str]:
    """Return what is wrong with the Python of an answer, and with a name that it does not define; each or ""."""
    fault, trees = _parsed(asked, given, said[:_MOST], language)
    if fault or not trees:
        return fault, ""
    around = _BLOCK.sub("", said[:_MOST]) if "```" in said else ""
    near, unknown = undefined_names(trees, f"{asked}\n{given}\n{around}")
    return cut_attribute(trees) or near, unknown


def _parsed(asked: str, material: str, said: str, language: Language) -> tuple[str, list[ast.AST]]:
    """Return what is wrong with the Python of an answer, or "", and its trees; no trees where no Python is looked at."""
    blocks = _BLOCK.findall(said) if "```" in said else []
    is_asked = "python" in asked.lower() and _PYTHON.search(asked) is not None
    if not is_asked and (blocks or not (_IS_PYTHON.match(said.lstrip()) and _FUNCTION.search(said))):
        return "", []
    tagged = [code for tag, code in blocks if tag.lower() in {"python", "py", "python3"}]
    if not tagged and len(blocks) == 1 and not blocks[0][0] and _CODE_BEGINS.match(blocks[0][1].lstrip()):
        tagged = [blocks[0][1]]
    about = language.about_faults if len(tagged) > 1 else language.explains_code if blocks else None
    if about and language.matches(about, asked):
        return "", []
    given = _squeezed(asked + material)
    tagged = [code for code in tagged if _squeezed(code) not in given]
    if not blocks and (_CODE_BEGINS.match(said.lstrip()) or not is_asked) and not _OTHER_CODE.search(said):
        tagged = [_without_prose(said)]
    return _trees(tagged)


def invalid_json(candidate: Candidate, language: Language) -> str:
    """JSON that does not load, or words around it where only JSON was asked for.

    Source: structured output is trained for its syntax first
    """
    asked, said = candidate.instruction, candidate.output[:_MOST].strip()
    if "json" not in asked.lower() or not _JSON.search(asked) or _JSON_CODE.search(_JSON.sub("", asked)):
        return ""
    blocks = [code for tag, code in _BLOCK.findall(said) if tag.lower() in {"json", ""}]
    only = re.search(language.only, asked, re.IGNORECASE)
    text = blocks[0].strip() if len(blocks) == 1 else said
    if text[:1] not in ("{", "["):
        return "is not JSON" if only and not blocks and re.search(r"[{\[:]", text) else ""
    fault, end = _json_fault(text)
    by_line = "\n" in text and not any(_json_fault(line)[0] for line in text.split("\n") if line.strip())
    return f"does not load: {fault}" if fault and not by_line and (only or not end) else ""


def translated_code(candidate: Candidate, _: Language) -> str:
    """Code whose words or marks were translated with the text around it, so that no machine reads it.

    Source: the Chinese translations of Alpaca
    """
    said, asked = candidate.output[:_MOST], candidate.instruction
    asks = not said.isascii() and (_ASKS_FOR_CODE.search(asked) or "def " in said)
    if not asks or _IN_WORDS.search(asked):
        return ""
    uncommented = _COMMENT.sub("", said)
    if bent := next(filter(None, (one.search(uncommented) for one in (_BENT, _BENT_CALL, _BENT_TAG))), None):
        return f'says "{bent[0][:40]}"'
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    found = [line for line in lines if any(one.fullmatch(line) for one in _TRANSLATED) and not _LABEL.fullmatch(line)]
    enough = len(found) > 1 and 3 * len(found) >= len(lines)
    return f'says "{found[0][:40]}"' if enough or (found and any(map(_IS_CODE.match, lines))) else ""


_IS_CODE = re.compile(
    r"(?:def|class|function|public|const|for|while)[ \u4e00-\u9fff].*[:：{]\Z|[\w.]{1,60}\.\w{1,40}\(.*\);?\Z|[a-z_]\w* = \S"
)
"""A line that is code in its own words, beside which one translated line is enough."""
_COMMENT = re.compile(r"(?:#|//|--).*")
_BENT = re.compile(
    r"[\w)\]] ?= ?[“‘][\w %-]{1,80}[”’'\"]?;?$|[A-Za-z_]{2,}\([“”‘’]|[a-z_]{3,}\(.{0,40}[\"'\w]）[；;]?$", re.MULTILINE
)
_BENT_CALL = re.compile(
    r"(?<![A-Za-z])(?!(?:sin|cos|tan|exp|lim|max|min)（)[a-z](?:[A-Za-z_]{2,}（(?!http)[\"'A-Za-z0-9_]|[A-Za-z_]{2,}__（)",
    re.MULTILINE,
)
_BENT_TAG = re.compile(
    r"^\s{0,8}\$[A-Za-z][\w-]{1,30}：|<[\u4e00-\u9fff]{1,8}\s?(?:[\u4e00-\u9fff]{1,8}\s?)?=\s?[“\"]", re.MULTILINE
)
"""Quotation marks and brackets of prose where code has its own."""
_ASKS_FOR_CODE = re.compile(r"SQL|CSS|HTML|Java|Python|C\+\+|PHP|代码|函数|脚本|查询|编程|程序|循环|(?a:\b)(?:code|function|script|query|program)(?a:\b)", re.IGNORECASE)  # fmt: skip
_IN_WORDS = re.compile(
    "伪代码|步骤|流程|自然语言|解释|说明|中文编程|易语言|描述|思路|注释|pseudo|explain|describe", re.IGNORECASE
)
_LABEL = re.compile(r"[输打返][出印回](?:结果|如下)?\s?[：:][^()（）]*|[^(（]*[。；，].*|.*。")
"""What stands above or below code: `输出：`, or a sentence."""
_TRANSLATED = (
    re.compile(r"对于[^，。]{1,30}[:：]|来自[^，。\s]{1,10}|函数[^，。\s]{1,12}[(（].*|(?:系统|控制台)\s?[.．。]\s?输出.*"),
    re.compile(r"(?:(?:否则)?如果|对于|循环|[当类]|函数|定义|公[共开]类|导入|来自|其中|选择|打印|返回|输出|尝试|除了|否则)(?:[\s:：(（]|真|假|$).*"),
    re.compile(r"[\w.#]{0,12}[\u4e00-\u9fff]{1,8}\s?\{|[\u4e00-\u9fff]{1,6}\s?[：:]\s?[^；;：:]{1,20}[；;]"),
)  # fmt: skip


def _trees(codes: Sequence[str]) -> tuple[str, list[ast.AST]]:
    """Return what is wrong with the first piece of Python of one answer that does not parse, or "", and the trees of the pieces."""
    trees: list[ast.AST] = []
    for code in codes:
        if "\n" not in code.strip() and code.rstrip().endswith(":"):
            return "", []  # the head of a block
        plain = textwrap.dedent(_MAGIC.sub("", code.replace("\t", "    ").replace("\xa0", " ")))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                trees.append(ast.parse(_of_any_version(plain)))
        except SyntaxError as error:
            return f"line {error.lineno} of the code does not parse", []  # each version words the reason otherwise
        except (ValueError, RecursionError, MemoryError):
            return "the code does not parse", []
    return "", trees


_NEWER = (
    (re.compile(r"^([ \t]*(?:async )?(?:def|class) \w+)\[[^\n]*?\](?=[(:])", re.MULTILINE), r"\1"),  # PEP 695, 696
    (re.compile(r"^([ \t]*)type (\w+)(?:\[[^\n]*?\])? =", re.MULTILINE), r"\1\2 ="),
    (re.compile(r"^([ \t]*except\*? )(\w[\w.]*(?:, ?\w[\w.]*)+)(?= ?:)", re.MULTILINE), r"\1(\2)"),  # PEP 758
    (re.compile(r"(?a:\b)t(?=[\"'])"), "f"),  # PEP 750
)
_FORMATS = re.compile(r"(?a:\b)(?:[fF][rR]?|[rR][fF])[\"']")
_FIELD = re.compile(r"\{[^{}\n]*\}")


def _of_any_version(code: str) -> str:
    """Return code in the words of the oldest Python that this runs on, so that each version parses the same."""
    for pattern, older in _NEWER:
        code = pattern.sub(older, code)
    lines = code.split("\n")  # PEP 701
    return "\n".join(_FIELD.sub("0", _FIELD.sub("0", line)) if _FORMATS.search(line) else line for line in lines)


def _squeezed(code: str) -> str:
    return re.sub(r"\s", "", code)


def _without_prose(text: str) -> str:
    """Return code without what it prints, which may stand below it, and without explanations that follow."""
    printed = _PRINTED.search(text)
    paragraphs = re.split(r"\n[ \t]*\n", text[: printed.start()] if printed else text)
    while len(paragraphs) > 1 and _PROSE.match(paragraphs[-1].strip().split("\n")[0].strip()):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _json_fault(text: str) -> tuple[str, int]:
    """Return why a text is no JSON, or "", and where its first value ends."""
    try:
        _, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return "it is no JSON", 0  # each version words the reason otherwise
    return ("" if not text.lstrip()[end:].strip() else "goes on after its end"), end
