"""What pages and exports leave in a text: buttons, page numbers, marks of sources, folded thoughts, backslashes, and notices of the service."""

from pathlib import Path

import pytest

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.escapes import without_escapes
from selfinstruct.dataset.conversations.interface import without_labels
from selfinstruct.dataset.conversations.mend import mended
from selfinstruct.dataset.conversations.notices import notice
from selfinstruct.dataset.conversations.read import read
from selfinstruct.dataset.conversations.records import Said
from selfinstruct.dataset.conversations.traces import without_sources
from tests.support.awkward_conversations import EN, LOIRE, RIVER, ZH, talk


def answer_of(question: str, answer: str) -> Said:
    return mended(read(1, talk(question, answer), Path("x.jsonl")).said)[1]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('Use:\n\n```\ngo\nCopy code\nfmt.Println("hi")\n```', 'Use:\n\n```go\nfmt.Println("hi")\n```'),
        ("用 os：\n\n```\npython复制代码import os\n```", "用 os：\n\n```python\nimport os\n```"),
        ("Use:\n\n```\nrust\nCopy\nEdit\nmain();\n```", "Use:\n\n```rust\nmain();\n```"),
        ("```\nbash\n复制代码\nss -ltnp\n```", "```bash\nss -ltnp\n```"),
        ("Here:\n\njavascriptCopy codeconsole.log('a');\n\nDone.", "Here:\n\njavascript\nconsole.log('a');\n\nDone."),
        ("Here:\n\nsql复制代码\nSELECT 1;", "Here:\n\nsql\nSELECT 1;"),
        ("Here:\n\nCopy\nEdit\n\nIt is x = 3.", "Here:\n\nCopy\nEdit\n\nIt is x = 3."),
        ("One.\n\nRegenerate response\n\nTwo.", "One.\n\nTwo."),
        ("好了。\n\n停止生成\n\n有帮助\n\n没帮助", "好了。"),
        ("好了。\n\n复制\n\n1/2", "好了。"),
        ("好了。\n\n再试一次", "好了。"),
        ("Done.\n\nTry again", "Done."),
        ("ChatGPT\n\nDone.\n\nRegenerate response", "Done."),
        ("Done.\n\nChatGPT Mar 14 Version. Free Research Preview. Our goal is safety.", "Done."),
        ("已搜索到 10 个网页\n\n一美元约合七元。", "一美元约合七元。"),
        ("< 2 / 2 >\n\nThe Atacama.", "The Atacama."),
        ("万里长城卧巨龙。\n\n此内容可能违反我们的内容政策。如果您认为这有误，请提交您的反馈。", "万里长城卧巨龙。"),
    ],
)
def test_labels_go_and_what_stood_around_them_stays(text: str, left: str) -> None:
    assert without_labels(text).text == left


@pytest.mark.parametrize(
    "text",
    [
        "The buttons are:\nCopy\nShare",
        "“Try again” 译为：\n\n再试一次",
        "Cut\nCopy\nEdit\nPaste",
        "Python复制代码的方法有三种。",
        "```python\ndef copy(code):\n    pass\n```",
        "```\nCopy\nEdit\nPaste\n```\n\nThese are the entries of a menu."[4:],
        "1 / 2\n\nis a half.",
        "复制",
        "It violates our policy.",
    ],
)
def test_words_that_are_no_labels_stay(text: str) -> None:
    assert without_labels(text).text == text


@pytest.mark.parametrize(
    ("question", "answer", "left"),
    [
        ("Name the deepest lake.", "2 / 2\n\nLake Baikal.", "Lake Baikal."),
        ("Name the longest river.", "2 / 3The Amazon.", "The Amazon."),
        ("说出最深的湖。", "2 / 2\n\n贝加尔湖。", "贝加尔湖。"),
        ("What is a half as a fraction?", "1 / 2\n\nThat is one of two.", "1 / 2\n\nThat is one of two."),
        ("一半用分数怎么写？", "1 / 2\n\n就是两份里的一份。", "1 / 2\n\n就是两份里的一份。"),
    ],
)
def test_a_page_number_goes_where_nobody_asked_for_a_number(question: str, answer: str, left: str) -> None:
    assert answer_of(question, answer).turn.text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Opened in 1889【4†source】, they say.", "Opened in 1889, they say."),
        ("约合七元二角[citation:3][citation:12]。", "约合七元二角。"),
        ("It is so :contentReference[oaicite:0]{index=0}.", "It is so."),
        ("It is so[^1^][^2^].", "It is so."),
        ("Write `[citation:3]` there.", "Write `[citation:3]` there."),
        ("```\n[citation:3]\n```", "```\n[citation:3]\n```"),
        ("A note[^1].\n\n[^1]: It is here.", "A note[^1].\n\n[^1]: It is here."),
        ("两人†合著【注】。", "两人†合著【注】。"),
    ],
)
def test_marks_of_sources_go_outside_code(text: str, left: str) -> None:
    assert without_sources(text) == left


def test_marks_that_are_asked_about_stay() -> None:
    said = answer_of("What does [citation:3] mean in an answer?", "The mark [citation:3] names the third source.")
    assert (said.turn.text, said.mended) == ("The mark [citation:3] names the third source.", ())


def test_a_folded_thought_is_the_thought_of_its_answer() -> None:
    thought = '<details type="reasoning" done="true">\n<summary>Thought for 3 seconds</summary>\n> divide\n> by 2\n</details>\n\nx = 3.'
    said = answer_of("Solve 2x = 6.", thought)
    assert (said.turn.text, said.turn.reasoning, said.mended) == ("x = 3.", "divide\nby 2", ("interface_text",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("```python\nos.environ\\['MY\\_KEY'\\] = 1\n```", "```python\nos.environ['MY_KEY'] = 1\n```"),
        ("```js\nconst a = rows\\[0\\];\n```", "```js\nconst a = rows[0];\n```"),
        ("Set `MY\\_KEY` or the name my\\_long\\_name.", "Set `MY_KEY` or the name my_long_name."),
        ("把变量 my\\_name 改成 `your\\_name`。", "把变量 my_name 改成 `your_name`。"),
        ("It is $a\\_b$ and \\(c\\_d\\).", "It is $a\\_b$ and \\(c\\_d\\)."),
        ("$$\\text{my\\_var} = 1$$ and x\\_y", "$$\\text{my\\_var} = 1$$ and x\\_y"),
        ("```latex\nmy\\_name\n```", "```latex\nmy\\_name\n```"),
        ("```bash\ngrep a\\[0\\] file\n```", "```bash\ngrep a\\[0\\] file\n```"),
        ('```python\nre.split("a\\[b", s)\n```', '```python\nre.split("a\\[b", s)\n```'),
        ("```python\nmy_name = 'my\\_name'\n```", "```python\nmy_name = 'my\\_name'\n```"),
        ("Call \\_\\_init\\_\\_ first.", "Call \\_\\_init\\_\\_ first."),
        ("\\[ x = 1 \\]", "\\[ x = 1 \\]"),
    ],
)
def test_backslashes_of_an_export_go_where_they_are_certain(text: str, left: str) -> None:
    assert without_escapes(text) == left
    assert without_escapes(left) == left


def test_backslashes_are_counted_and_stay_in_a_talk_about_them() -> None:
    assert answer_of("Name a variable.", "Call it `my\\_name`.").mended == ("markdown_escapes",)
    assert answer_of("给变量起个名字。", "叫 `my\\_name`。").mended == ("markdown_escapes",)
    assert answer_of("How do I escape it in LaTeX?", "Write my\\_name there.").turn.text == "Write my\\_name there."


@pytest.mark.parametrize(
    "text",
    [
        "1小时内请求过多。请稍后再试。",
        "抱歉，当前访问人数过多，请稍后重试。",
        "当前使用人数较多，系统繁忙，请您耐心等待",
        "这个问题我还不太会回答，我们换个话题聊聊吧。",
        "内容违规，无法显示",
        "用户已终止生成",
        "您的会话已过期，请重新登录。",
        "Only one message at a time. Please allow any other responses to complete before sending another message, or wait one minute.",
        "We're sorry, the service is under heavy load. Please come back later.",
        "Your request could not be completed. Try again in a few minutes.",
        "Unable to load conversation",
        "This content may violate our content policy. If you believe this to be in error, please submit your feedback.",
    ],
)
def test_a_notice_is_told_by_its_build(text: str) -> None:
    assert notice(text)
    row = talk(*(EN if text.isascii() else ZH), "再来一个" if not text.isascii() else "And another?", text)
    found = clean(read(1, row, Path("x.jsonl")), {})
    assert found.cut
    assert (found.cut.rule, found.cut.number) == ("service_notice", 4)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (RIVER, LOIRE),
        ("My page says that the connection failed.", "The connection may be lost. Please check your network."),
        ("路由器总说网络异常，怎么办？", "网络可能断开了。请重新启动路由器。"),
        ("What does a 404 mean?", "The page was not found."),
        ("How was the concert?", "The demand was high. Come early next time."),
        ("他为什么迟到？", "路上堵车，人太多。请下次早点出门。"),
        (
            "What should my API say?",
            'Return status 429 and a body such as "Too many requests. Please try again later."',
        ),
        ("Which sum is wrong?", "The second one has an error."),
        ("How do I lose weight?", "Eat less sugar. Please wait a few weeks."),
    ],
)
def test_a_short_answer_is_no_notice(question: str, answer: str) -> None:
    assert not clean(read(1, talk(question, answer), Path("x.jsonl")), {}).cut
