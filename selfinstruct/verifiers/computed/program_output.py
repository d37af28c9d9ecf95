"""What a short Python program prints. Each template writes its lines and computes its output from the same drawn values; no program is run."""

import random
from collections.abc import Callable

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_WORDS = {
    "en": "apple pear lemon cherry melon grape banana fig apricot mango",
    "zh": "苹果 梨 柠檬 樱桃 哈密瓜 葡萄 香蕉 无花果 火龙果 芒果",
}
_FRAMES = {
    "en": (
        "What does this Python program print?",
        "Read the Python code and give its output exactly.",
        "Someone runs this in Python 3. What appears on the screen?",
        "Work out the output of the following Python program.",
    ),
    "zh": (
        "下面这段 Python 程序会输出什么？",
        "阅读这段 Python 代码，写出它的运行结果。",
        "用 Python 3 运行下面的代码，屏幕上会显示什么？",
        "请推算这段 Python 程序的输出内容。",
    ),
}
Program = tuple[str, str]
"""The code and what it prints."""


def draw(draw: Draw) -> Task:
    """Draw a template with its values; larger ones for a strong teacher."""
    rng, language = draw.rng, draw.language
    template = rng.choice(sorted(_TEMPLATES))
    values = _values(rng, language, template, draw.level)
    code, output = _TEMPLATES[template](values)
    arguments = {"template": template, "values": values}
    return Task(rng.choice(_FRAMES[language]), code, output, arguments, ("Python",))


_MOST = 1_000
"""Of the small numbers; rounds of a loop."""


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    values = row.arguments["values"]
    if any(number > _MOST for number in values[1:]):
        return f"its numbers are not up to {_MOST}"  # a program of a file must end soon
    code, output = _TEMPLATES[row.arguments["template"]](values)
    return unequal(row, output, "Python", given=code)


def _values(rng: random.Random, language: str, template: str, level: int) -> list[Json]:
    """Draw the words or the numbers that a template takes: first the list, then two small numbers."""
    size = level + 3
    small = [rng.randint(2, 4), rng.randint(3, 5 * level + 2)]
    if template in {"slices", "longest", "numbered", "letters"}:
        return [rng.sample(_WORDS[language].split(), size), *small]
    return [rng.sample(range(2, 30 * level), size), *small]


def _total(values: list[Json]) -> Program:
    _, step, stop = values
    code = f"total = 0\nfor n in range(1, {stop + 1}):\n    total += n * {step}\nprint(total)"
    return code, str(sum(n * step for n in range(1, stop + 1)))


def _filtered(values: list[Json]) -> Program:
    numbers, step, _ = values
    code = f"numbers = {numbers}\nchosen = [n for n in numbers if n % {step} == 0]\nprint(chosen)\nprint(len(chosen))"
    chosen = [n for n in numbers if n % step == 0]
    return code, f"{chosen}\n{len(chosen)}"


def _halved(values: list[Json]) -> Program:
    start = max(values[0]) + 10
    code = f"n = {start}\nsteps = 0\nwhile n > 1:\n    n = n // 2\n    steps += 1\nprint(steps)"
    return code, str(start.bit_length() - 1)


def _called(values: list[Json]) -> Program:
    (first, second, *_), step, other = values
    change = f"def change(x):\n    if x % 2 == 0:\n        return x // 2 + {other}\n    return {step} * x - 1"
    results = [x // 2 + other if x % 2 == 0 else step * x - 1 for x in (first, second)]
    return f"{change}\n\nprint(change({first}), change({second}))", " ".join(map(str, results))


def _pairs(values: list[Json]) -> Program:
    _, first, times = values
    a, b = 1, first
    for _ in range(times):
        a, b = b, a + b
    return f"a, b = 1, {first}\nfor _ in range({times}):\n    a, b = b, a + b\nprint(a)", str(a)


def _largest(values: list[Json]) -> Program:
    numbers, step, _ = values
    code = f"numbers = {numbers}\nnumbers.sort()\nnumbers[0] += {step}\nprint(numbers[0], numbers[-1])\nprint(sum(numbers[1:]))"
    ordered = sorted(numbers)
    return code, f"{ordered[0] + step} {ordered[-1]}\n{sum(ordered[1:])}"


def _slices(values: list[Json]) -> Program:
    words, step, _ = values
    code = f'words = {_quoted(words)}\nwords.append(words[0])\nprint("-".join(words[{step - 1}:]))\nprint(len(words))'
    return code, f"{'-'.join([*words, words[0]][step - 1 :])}\n{len(words) + 1}"


def _longest(values: list[Json]) -> Program:
    words = values[0]
    loop = "best = words[0]\nfor word in words:\n    if len(word) > len(best):\n        best = word\nprint(best, len(best))"
    best = max(words, key=len)
    return f"words = {_quoted(words)}\n{loop}", f"{best} {len(best)}"


def _numbered(values: list[Json]) -> Program:
    words, start, _ = values
    condition = "    if number % 2 == 0:\n    " if start % 2 else ""
    loop = f'for number, word in enumerate(words, {start}):\n{condition}    print(f"{{number}}: {{word}}")'
    chosen = [(number, word) for number, word in enumerate(words, start) if start % 2 == 0 or number % 2 == 0]
    return f"words = {_quoted(words)}\n{loop}", "\n".join(f"{number}: {word}" for number, word in chosen)


def _letters(values: list[Json]) -> Program:
    words, step, _ = values
    text = words[0] + words[1]
    code = f"words = {_quoted(words)}\ntext = words[0] + words[1]\nprint(text[::-1])\nprint(len(text) * {step})"
    return code, f"{text[::-1]}\n{len(text) * step}"


def _quoted(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


_TEMPLATES: dict[str, Callable[[list[Json]], Program]] = {
    "total": _total,
    "filtered": _filtered,
    "halved": _halved,
    "called": _called,
    "pairs": _pairs,
    "largest": _largest,
    "slices": _slices,
    "longest": _longest,
    "numbered": _numbered,
    "letters": _letters,
}
KIND = Kind("program_output", "wording", draw, fault)
