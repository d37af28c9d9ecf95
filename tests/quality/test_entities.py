import html

import pytest

from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.quality.findings import Checked, findings
from selfinstruct.quality.repair import repair_text
from selfinstruct.records import LanguageCode


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Marks &amp; Spencer&#39;s &quot;sale&quot;", 'Marks & Spencer\'s "sale"'),
        ("if (a &lt; b &amp;&amp; c &gt; d) return;", "if (a < b && c > d) return;"),
        ("他说&ldquo;好&rdquo;，然后走了。", "他说“好”，然后走了。"),
        ("fish&nbsp;and chips &amp;amp; peas", "fish and chips & peas"),
        ("a bell &#7; rings", "a bell &#7; rings"),
        ('s.replace("&", "&amp;")', 's.replace("&", "&amp;")'),
        ("<p>Salt &amp; pepper</p>", "<p>Salt &amp; pepper</p>"),
        ("In HTML, &copy; and &amp; are written so.", "In HTML, &copy; and &amp; are written so."),
    ],
)
def test_an_entity_is_undone_unless_markup_is_meant(text: str, meant: str) -> None:
    assert repair_text(text, "output") == (meant, ["entities"] if text != meant else [])
    assert repair_text(meant, "output") == (meant, [])


def test_an_escaped_page_is_undone_though_the_task_names_html() -> None:
    row = repaired({"instruction": "写一段 HTML。", "output": "&lt;p&gt;你好&lt;/p&gt;"})

    assert row.value["output"] == "<p>你好</p>"
    assert row.done == (("output", "entities"),)


@pytest.mark.parametrize(
    "asked", ["What does &amp; mean in HTML?", "Escape this for a page: fish & chips", "把下面的话转义成实体。"]
)
def test_an_entity_of_a_row_about_entities_stays(asked: str) -> None:
    row = {"instruction": asked, "input": "", "output": "fish &amp; chips"}

    assert repaired(row).value == row


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("en", "Name a firm that sells food and clothes.", "Marks &amp; Spencer"),
        ("zh", "说出一家卖食品和衣服的公司。", "玛莎（Marks &amp; Spencer）"),
    ],
)
def test_an_entity_is_one_finding_that_can_be_repaired(language: LanguageCode, asked: str, said: str) -> None:
    found = list(findings([Checked(1, language, asked, "", said)]))

    assert [(one.rule, one.severity, one.fixable) for one in found] == [("escaped_escapes", "error", True)]
    off: dict[LanguageCode, set[str]] = {language: {"escaped_escapes"}}
    (alone,) = findings([Checked(1, language, asked, "", said)], off)
    place = said.index("&")
    assert (alone.rule, alone.detail) == (
        "entities",
        f"field `output`: {said[place : place + 12]!r} at character {place + 1}",
    )


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Say what the HTML tag &lt;i&gt; does.", "&lt;i&gt; is for slanted text: &lt;i&gt;so&lt;/i&gt;."),
        ("讲讲 HTML 标签 &lt;u&gt; 有什么用。", "&lt;u&gt; 给文字加下划线，比如 &lt;u&gt;这样&lt;/u&gt;。"),
    ],
)
def test_a_row_that_is_escaped_throughout_is_undone_in_all_fields_and_once(question: str, answer: str) -> None:
    row = {"instruction": question, "input": "", "output": f"{answer} &amp;nbsp;"}
    once = repaired(row)
    assert once.value == {name: html.unescape(text) for name, text in row.items()}
    assert once.done == (("instruction", "entities"), ("output", "entities"))
    assert repaired(once.value).value == once.value
