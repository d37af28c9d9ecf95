"""What `docs/recipes.md` and its Chinese page hold of the code: example rows, and a table of all kinds of provable tasks.

python -m tests.support.recipes_page; it writes the text between `<!-- NAME -->` and `<!-- end -->`, the rest is edited in the pages.
"""

import json
import random
import re
import sys
from collections.abc import Callable
from typing import Final

from selfinstruct.documents.passages import passages_of
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Candidate, Check, Drawn, LanguageCode, Message, Reply, Request, Row, Sampling, Source
from selfinstruct.records import row_of as dataset_row
from selfinstruct.requests import read
from selfinstruct.system.files import PACKAGE, read_jsonl, read_text
from selfinstruct.system.writing import write_text
from selfinstruct.verifiers.kind import Draw, Kind, Scene, Task
from selfinstruct.verifiers.kind import Row as ProvedRow
from selfinstruct.verifiers.registry import KINDS, fault_of

DOCS: Final = PACKAGE.parent / "docs"
PAGES: Final[dict[LanguageCode, str]] = {"en": "recipes.md", "zh": "recipes.zh-CN.md"}
SEED: Final = "page"
"""What all examples are drawn with."""
COMPUTED: Final = "bill"
PLAIN_SEED: Final = {"en": "seed_en_230", "zh": "seed_zh_243"}
CONDITION: Final = {
    "en": (
        "words_at_most",
        "Explain why people keep a spare key.",
        "A spare key gets you in when you lock yourself out.",
    ),
    "zh": ("words_at_most", "说说为什么出门要带伞。", "天气说变就变，带把伞，淋不着雨，心里也踏实。"),
}
"""(kind, task, answer of a teacher)."""
DOCUMENT: Final = {
    "en": (
        "library.txt",
        """\
The town library moved into the old mill in 2019. It opens from Tuesday to Saturday, and readers may keep a book for four weeks. Whoever needs \
it longer can extend the loan once, at the desk or by telephone.""",
        """\
Question: For how long may readers keep a book from the town library in the old mill?
Answer: For four weeks.
Quote: readers may keep a book for four weeks""",
    ),
    "zh": (
        "图书室.txt",
        "社区图书室二〇一九年搬进了老粮仓，周二到周六开放。每位读者一次最多借三本书，借期四周。到期还没看完的，可以到前台或者打电话续借一次，续借期两周。",
        "问题：在社区图书室借书，借期是多久？\n答案：四周。\n原文：借期四周",
    ),
}
"""(name, text, reply of a teacher)."""
CHINESE: Final = {
    "bill": "算账：总价和找零",
    "csv_to_json": "CSV 转 JSON",
    "json_to_csv": "JSON 转 CSV",
    "markdown_table": "整理成 Markdown 表格",
    "iso_dates": "各种写法的日期统一成 YYYY-MM-DD",
    "duplicates": "清单里重复的条目",
    "program_output": "一小段 Python 代码的输出（不执行程序，由代码直接算出）",
    "table_question": "查表回答一个问题",
    "json_value": "从 JSON 里取一个值",
    "write_out": "数字改写成中文数字或大写金额",
    "script": "简繁互换",
    "discount": "打折后的价格",
    "date_after": "若干天之后的日期和星期",
    "duration": "两个时刻之间有多久",
    "units": "日常单位换算",
    "average": "平均数",
    "sort_values": "按数值排序",
    "sort_words": "词语按字数排序",
    "count_items": "数出符合条件的条目",
    "best_and_worst": "一周里最高、最低和合计",
    "extract": "把信息抽取成 JSON 或逐行列出",
    "compose": "根据几项内容写一条消息",
    "change_detail": "改动消息里的一处",
    "true_false": "判断说法对错，并引出原文",
    "punctuation": "补上标点",
    "doubled": "改掉误输入的字",
    "detail_question": "从消息里找出一项内容",
    "table": "整理成 Markdown 表格或 CSV",
    "redact": "隐去人名和电话",
    "begins_with": "以指定的话开头",
    "capitals": "不用字母和阿拉伯数字",
    "ends_with": "以指定的话结尾",
    "heading": "按两个指定的 Markdown 标题分节",
    "items": "指定条数的列表",
    "json_object": "只写一个指定键的 JSON 对象",
    "keyword": "用到指定的词",
    "keyword_absent": "不用某个词",
    "keyword_times": "某个词用指定的次数",
    "letter_absent": "不出现某个字",
    "no_comma": "不用逗号",
    "numbered": "带编号的列表",
    "one_line": "只写一句，只占一行",
    "other_language": "用另一种语言回答",
    "paragraphs": "指定的段数",
    "question_end": "以问句结尾",
    "quoted": "整个答案放在引号里",
    "sentences": "指定的句数",
    "title": "首行是带括号的标题",
    "words_at_least": "不少于多少字",
    "words_at_most": "不超过多少字",
    "words_between": "字数在一个范围之内",
    "label": "分类：沿用种子的题目和标签，材料由教师新写，教师不看标签再判一次，两次一致",
    "quote": "答案所依据的原话，在段落里的位置",
}
"""{kind: what it is about, in Chinese}; the English page has it from the docstrings."""
_HEADS: Final = {"en": "| kind | what | an instruction |", "zh": "| 种类 | 内容 | 指令举例 |"}
_NONE: Final = {
    "label": {"en": "(the instruction of the seed, reworded)", "zh": "（种子的指令，换一种说法）"},
    "quote": {"en": "(any question on a document)", "zh": "（就文档提出的任何问题）"},
}
"""What stands for the instruction of a kind that code does not draw."""


def drawn(name: str, language: LanguageCode) -> Task:
    """Return the task of a kind that the pages show; of a kind on passages on the example text of its scene."""
    kind = KINDS[name]
    draw = Draw(random.Random(f"{SEED}/{name}/{language}"), language)
    made = kind.draw(draw) if kind.draw else Task("")
    if not isinstance(made, Scene):
        return made
    scene = Scene(made.what, made.example[0], made.example)
    built = kind.build(draw, scene, made.example[1]) if kind.build else None
    if built is None:
        raise ValueError(f"{name}: its example text carries no task")
    return built


def rows(language: LanguageCode) -> dict[str, Row]:
    """Return {recipe, or `condition` for the second of `checked`: the row that a page shows}."""
    return {
        "plain": _plain(language),
        "checked": _checked(language, COMPUTED, drawn(COMPUTED, language)),
        "condition": _condition(language),
        "documents": _grounded(language),
    }


def blocks(language: LanguageCode) -> dict[str, str]:
    """Return {name of a block of the page: its text}."""
    families = {"computed": [], "passages": [], "constraints": [], "label": [], "quote": []}  # type: dict[str, list[Kind]]
    for kind in KINDS.values():
        families[_module(kind).split(".")[2]].append(kind)
    tables = {f"kinds: {family}": _table(language, kinds) for family, kinds in families.items()}
    return tables | {f"row: {name}": _shown(row) for name, row in rows(language).items()}


def page(language: LanguageCode, text: str) -> str:
    """Return a page with its blocks written anew; every block must stand in it once."""
    for name, block in blocks(language).items():
        text, count = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", _within(block), text, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"{PAGES[language]}: the block `{name}` stands there {count} times, and must once")
    return text


def _within(block: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found[1]}{block}\n{found[2]}"


def _plain(language: LanguageCode) -> Row:
    seeds = (value for _, value in read_jsonl(PACKAGE.parent / "seed_tasks" / f"{language}.jsonl"))
    seed = next(value for value in seeds if value["id"] == PLAIN_SEED[language])
    return _row(language, Task(seed["instruction"], **seed["instances"][0]))


def _checked(language: LanguageCode, name: str, task: Task) -> Row:
    checks = (Check(kind=name, arguments=task.arguments),)
    return _proved(_row(language, task, checks))


def _condition(language: LanguageCode) -> Row:
    name, instruction, answer = CONDITION[language]
    task = drawn(name, language)
    whole = f"{instruction}{LANGUAGES[language].gap}{task.instruction}"
    return _checked(language, name, task._replace(instruction=whole, output=answer))


def _grounded(language: LanguageCode) -> Row:
    document, text, reply = DOCUMENT[language]
    (passage,) = passages_of(document, text, language)
    source = Source(document=document, span=(passage.start, passage.start + len(passage.text)))
    request = Request(
        language=language,
        index=0,
        step="question",
        messages=(Message(role="user", content=passage.text),),
        sampling=Sampling(model="none", temperature=0.0, top_p=1.0, max_tokens=1, seed=0),
        drawn=Drawn(kind="quote", passage=passage.text, source=source),
    )
    (candidate,) = read(request, Reply(text=reply))
    return _proved(dataset_row(candidate))


def _row(language: LanguageCode, task: Task, checks: tuple[Check, ...] = ()) -> Row:
    fields = {"instruction": task.instruction, "input": task.input, "output": task.output}
    return dataset_row(Candidate(language=language, index=0, position=0, checks=checks, **fields))


def _proved(row: Row) -> Row:
    for check in row.checks:
        proof = ProvedRow(row.language, row.instruction, row.input, row.output, check.arguments)
        if fault := fault_of(check.kind, proof):
            raise ValueError(f"{check.kind}: {fault}")
    return row


def _shown(row: Row) -> str:
    fields = (f'  "{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in row.model_dump().items())
    return "\n".join(["```json", "{", ",\n".join(fields), "}", "```"])


def _table(language: LanguageCode, kinds: list[Kind]) -> str:
    lines = [_HEADS[language], "|---|---|---|"]
    for kind in kinds:
        what = _about(kind) if language == "en" else CHINESE[kind.name]
        shown = drawn(kind.name, language).instruction if kind.draw else _NONE[kind.name][language]
        lines.append(f"| `{kind.name}` | {_cell(what)} | {_cell(shown)} |")
    return "\n".join(lines)


def _about(kind: Kind) -> str:
    said = " ".join((sys.modules[_module(kind)].__doc__ or "").split("\n\n")[0].split())
    return re.sub(r"\s*Source: .*", "", said).removesuffix(".")


def _module(kind: Kind) -> str:
    return kind.fault.__module__


def _cell(text: str) -> str:
    return "".join("\\" + mark if mark in "\\`*_{}[]<>|#&~$" else mark for mark in text.replace("\n", " "))


if __name__ == "__main__":
    for code, name in PAGES.items():
        write_text(DOCS / name, page(code, read_text(DOCS / name)))
