"""Code without a fence is taken over like any other; prose that only looks like it is not."""

import pytest

from selfinstruct.quality.translation import Pair, broken
from selfinstruct.quality.translation.spans import Hidden
from selfinstruct.quality.translation.unfenced import unfenced

CODE = (
    "def add(a, b):\n    # the sum\n    return a + b\n\nprint(add(1, 2))",
    "import numpy as np\nx = np.zeros(3)\nfor i in range(3):\n  x[i] = i",
    "SELECT name\nFROM users\nWHERE age > 30\nORDER BY name;",
    "INSERT INTO users (name) VALUES ('Li');",
    "function greet(name) {\n  console.log('Hi ' + name); // says hello\n}",
    '#include <stdio.h>\n\nint main() {\n    printf("hi");\n    return 0;\n}',
    "public class Lamp {\n  private int watts;\n}",
    ".header {\n    font-size: 18px;\n}",
    ">>> len('lamp')",
    "let lamps = [1, 2, 3];",
    "if (x > y) {\n  y = 0;\n} else {\n  x = 0;\n}",
    "class Point:\n    pass",
)
PROSE = (
    "For example:\n- one lamp\n- two lamps",
    "If you like it, return the lamp (unopened);\nfor a refund, write to us.",
    "Speed = distance / time\nTime = distance / speed",
    "import taxes on lamps rose\nfrom spring on",
    "Select a lamp from the list, where it is light.",
    "Return the list;\nclass begins at nine.",
    "Let x = 3 and y = 4. Then x + y = 7.",
    "ORDER BY FRIDAY\nfor free delivery",
    "Ingredients (for two):\n    3 eggs\n    1 onion",
    "问题（第一题）：\n  如果 x = 3，求 y。",
    "# Lamps\n\n* the old one\n* the new one",
    "A: print (the noun)\nB: class",
)


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("Look at this code.\n", "\nWhat does it do?"), ("看看这段代码：\n\n", "\n\n它做什么？")],
)
def test_code_is_found_from_its_first_line_to_its_last(code: str, before: str, after: str) -> None:
    text = f"{before}{code}{after}"
    assert [text[start:end] for start, end in unfenced(text)] == [code]
    hidden = Hidden()
    assert hidden.hide(text) == f"{before}⟦1⟧{after}"
    assert hidden.show(hidden.hide(text)) == text


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_code(text: str) -> None:
    assert unfenced(text) == []


def test_code_within_a_fence_is_one_span_with_its_fence() -> None:
    text = f"```python\n{CODE[0]}\n```\nand\n{CODE[1]}"
    assert Hidden().hide(text) == "⟦1⟧\nand\n⟦2⟧"
    assert Hidden(comments=True).hide(text) == f"```python\n{CODE[0]}\n```\nand\n⟦1⟧"


@pytest.mark.parametrize(
    "translated",
    [
        "def add(a, b):\n    # 求和\n    return a + b\n\nprint(add(1, 2))",
        "def add(a, b):\n    # the sum\n    返回 a + b\n\nprint(add(1, 2))",
        "定义 add(a, b):\n    # the sum\n    return a + b\n\nprint(add(1, 2))",
    ],
)
def test_code_that_was_translated_is_found(translated: str) -> None:
    found = broken(Pair({"output": CODE[0]}, {"output": translated}, "zh"))
    assert "changed_code" in dict(found)
