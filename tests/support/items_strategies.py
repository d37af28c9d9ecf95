"""Hypothesis strategies for tasks and replies that look like the format as often as they can."""

from hypothesis import strategies as st

from selfinstruct.language import LANGUAGES
from selfinstruct.records import Task

_WORDS = [word for language in LANGUAGES.values() for words in language.field_words.values() for word in words]
_NO_INPUT = [word for language in LANGUAGES.values() for word in language.no_input]
PIECES = [
    *_WORDS,
    *_NO_INPUT,
    *(
        "###",
        "##",
        "#",
        "---",
        "***",
        "```",
        "````",
        "~~~",
        "```python",
        "**",
        "__",
        "_",
        "\\",
        "\\\\",
        ":",
        "：",
        ".",
        "、",
        ")",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "   ",
        "\t",
        "\u3000",
        "\xa0",
        "\u2028",
        "\x85",
        "\x0b",
        "\x1c",
        ">",
        "- ",
        "* ",
        "•",
        "`",
    ),
    *(
        "1",
        "2",
        "4",
        "5",
        "20",
        "20.",
        "第",
        "题",
        "四",
        "十",
        "Task ",
        "任务",
        "Example ",
        "示例",
        "【",
        "】",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
    ),
    *(
        "{",
        "}",
        '"',
        '{"instruction": "',
        '", "output": "',
        '"}',
        ",",
        "4. Instruction: ",
        "4. Output:",
        "指令：",
        "输出：\n",
        "5. 输入：",
    ),
    *("Let me know if you need more tasks", "以上就是全部任务", "ı", "ſ", "İ", "\u212a", "word", "字"),
]
languages = st.sampled_from(sorted(LANGUAGES))
lookalike = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
texts = lookalike | st.text(max_size=40) | st.tuples(lookalike, st.text(max_size=8), lookalike).map("".join)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    return Task(id="t", instruction=draw(texts), input=draw(texts), output=draw(texts))


def plain(task: Task) -> tuple[str, str, str]:
    """Return the fields as they come back: stripped, lines ended by \\n alone."""
    one, two, three = ("\n".join(line.rstrip("\r") for line in text.strip().split("\n")) for text in _fields(task))
    return one, two, three


def _fields(task: Task) -> tuple[str, str, str]:
    return task.instruction, task.input, task.output
