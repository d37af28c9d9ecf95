"""`docs/rules.zh-CN.md`: every rule in Chinese, from the catalogue of messages and what it finds in the labelled rows.

Written with the English page, by `python -m tests.support.rules_page`; the measurements and the English examples stand there.
"""

import re
from pathlib import Path

from selfinstruct.quality.rules import DOUBTS, INSTRUCTION_RULES, RULES, describe, severity_of
from selfinstruct.records import LanguageCode
from selfinstruct.system.chinese import translator
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.labelled_rows import names, rows
from tests.support.rule_examples import NO_ANSWER, RuleExample, cell, examples

OPENING = Path(__file__).with_name("rules_opening.zh-CN.md")
PAGE = PACKAGE.parent / "docs" / "rules.zh-CN.md"
_SEVERITIES = {"error": "错误", "warning": "警告"}


def page() -> str:
    """Return the page."""
    return read_text(OPENING).replace(
        "{rules}", "\n".join([*_table("错误", "error"), "", *_table("警告", "warning"), *_examples()])
    )


def _table(title: str, severity: str) -> list[str]:
    own = [name for name in RULES if severity_of(name) == severity]
    head = "| 规则 | 找什么 | 时机 | 找到（英） | 找到（中） | 出处 |\n|---|---|---|---|---|---|"
    return [f"## {title}\n", head, *map(_line, own)]


def _line(name: str) -> str:
    said = describe(RULES[name])
    finds = _chinese(said.defect)
    if name in DOUBTS:
        finds += f"另外只提醒：{_chinese(describe(DOUBTS[name]).defect)}"
    early = "买答案之前" if RULES[name] in INSTRUCTION_RULES else "整行"
    cells = (
        f"[`{name}`]({'' if _shown(name) else 'rules.md'}#{name})",
        finds,
        early,
        _found(name, "en"),
        _found(name, "zh"),
        _chinese(said.source),
    )
    return f"| {' | '.join(cells)} |"


def _examples() -> list[str]:
    """Return the examples of each rule that are Chinese."""
    parts = ["\n## 例子\n\n任务或答案里的换行写作 `\\n`。没写答案的例子，答案是好的。"]
    for name in RULES:
        if shown := _shown(name):
            parts.append(f"\n### {name}\n\n{_chinese(describe(RULES[name]).defect)}\n")
            parts.append("| | 指令 | 输入 | 答案 |\n|---|---|---|---|")
            parts += [
                f"| {what} | {cell(one.instruction)} | {cell(one.input)} | {_answer(one)} |" for what, one in shown
            ]
    return parts


def _shown(name: str) -> list[tuple[str, RuleExample]]:
    """Return what becomes of each Chinese example of a rule: it is found, kept, or flagged alone."""
    found = "剔除" if severity_of(name) == "error" else "提醒"
    kinds = {"finds": found, "keeps": "没有问题", "flags": "只提醒"}
    return [(what, one) for kind, what in kinds.items() for one in examples(kind).get(name, []) if one.language == "zh"]


def _answer(one: RuleExample) -> str:
    return "" if one.output == NO_ANSWER else cell(one.output)


def _found(name: str, language: LanguageCode) -> str:
    own = [row for row in rows(language) if row["rule"] == name]
    return f"{sum(name in names(language, row) for row in own)}/{len(own)}" if own else ""


def _chinese(text: str) -> str:
    """Return the Chinese of a text as a cell of Markdown: code as it is, marks of Markdown elsewhere escaped."""
    parts = re.split(r"(`[^`]*`)", translator().message(text))
    return "".join(
        part.replace("|", "\\|") if part.startswith("`") else re.sub(r"([\\*_<>|])", r"\\\1", part) for part in parts
    )
