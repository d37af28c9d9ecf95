"""English replies whose answers look like the format."""

from tests.support.corpus.case import Case, task

SUM = task("Add the numbers.", "2, 3", "5")
NEXT = "\n###\n5. Instruction: Add the numbers.\n5. Input:\n2, 3\n5. Output:\n5"
HEAD = "###\n4. Instruction: Explain it.\n4. Input:\n<noinput>\n4. Output:\n"


def _answer(name: str, answer: str) -> Case:
    return Case(name, HEAD + answer + NEXT, [task("Explain it.", "", answer), SUM])


CASES = [
    _answer("Markdown headings", "### Overview\nText.\n## 2. Details\nMore.\n# End\nLast."),
    _answer("a sentence that ends in 20.", "It was passed in 20. It then lapsed.\n20. The list goes on."),
    _answer("a numbered list", "1. First\n2. Second\n5. Fifth\n6. Sixth"),
    _answer("a rule in the answer", "Dear all,\n\n---\n\nYours, B."),
    _answer("a table", "| Input | Output |\n|---|---|\n| 1 | 2 |\n\n---|---\nx|y"),
    _answer(
        "Input and Output lines that explain a program",
        "def f(x):\n    return 2 * x\n\nInput: 3\nOutput: 6\n\nInput: 4\nOutput: 8",
    ),
    _answer("bold Input and Output lines", "**Example 1**\n\n**Input:** 3\n**Output:** 6"),
    _answer("Question and Answer lines", "Question: Why?\nAnswer: Because.\n\nQuestion: How?\nAnswer: So."),
    _answer("an Instruction line", "Instruction: mix well.\nInstruction: bake."),
    _answer("a whole example of the format", "A prompt could be:\n\nInstruction: Sing.\nInput: la\nOutput: la la"),
    _answer(
        "code in a fence with marks in it",
        "```text\n###\n1. Instruction: not a task\n1. Input: 3\n1. Output: 6\n```\nThat is all.",
    ),
    _answer("a fence in a longer fence", "````markdown\n```python\nInput: 3\n```\nOutput: 6\n````"),
    _answer("a fence that is never closed", "```python\nprint(1)"),
    _answer("hashes as comments", "```bash\n# 1. setup\n### \nmake\n```"),
    _answer("a list of the parts of a computer", "1. Input\n2. Processing\n3. Output"),
    _answer("blank lines", "One.\n\n\n\nTwo."),
    _answer("a quotation of the noinput word", "Write <noinput> there."),
    _answer("an answer that is JSON", '{\n  "question": "Why?",\n  "answer": 3\n}'),
    Case(
        "a fence right after the mark",
        "4. Instruction: Explain it.\n4. Input: <noinput>\n4. Output: ```python\nInput: 3\n```" + NEXT,
        [task("Explain it.", "", "```python\nInput: 3\n```"), SUM],
    ),
    Case(
        "an unclosed fence before an item with a fence",
        HEAD
        + "```python\nprint(1)\n###\n5. Instruction: Double it.\n5. Input:\n3\n5. Output:\n```python\n6\n```\n###\n"
        "6. Instruction: Add the numbers.\n6. Input:\n2, 3\n6. Output:\n5",
        [task("Explain it.", "", "```python\nprint(1)"), task("Double it.", "3", "```python\n6\n```"), SUM],
    ),
    Case(
        "an unclosed fence, no numbers",
        "###\nInstruction: Explain it.\nInput: none\nOutput:\n```\nprint(1)\n###\nInstruction: Double it.\nInput: 3\nOutput:\n```\n6\n```\n###\n"
        "Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [task("Explain it.", "", "```\nprint(1)"), task("Double it.", "3", "```\n6\n```"), SUM],
    ),
    Case(
        "a fence in the input that is never closed",
        "###\n4. Instruction: Fix it.\n4. Input:\n```python\nprint 1\n4. Output:\n```python\nprint(1)\n```" + NEXT,
        [task("Fix it.", "```python\nprint 1", "```python\nprint(1)\n```"), SUM],
    ),
    Case(
        "an instruction of several lines with a list",
        "###\n4. Instruction: Answer these:\n1. What is Input: in C?\n2. Why?\n4. Input:\n<noinput>\n4. Output:\nSo."
        + NEXT,
        [task("Answer these:\n1. What is Input: in C?\n2. Why?", "", "So."), SUM],
    ),
    Case(
        "unnumbered marks and a program in the answer",
        "Instruction: Double it.\nInput: none\nOutput:\nx * 2\n\nInput: 3\nOutput: 6\n\nInstruction: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [task("Double it.", "", "x * 2\n\nInput: 3\nOutput: 6"), SUM],
    ),
    Case(
        "escaped marks as our prompt shows them",
        HEAD + "\\Input: 3\n\\###\n\\\\Output: 6" + NEXT,
        [task("Explain it.", "", "Input: 3\n###\n\\Output: 6"), SUM],
    ),
    Case(
        "a last paragraph that is no remark",
        HEAD + "Dear B.,\n\nLet me know if Friday suits you.",
        [task("Explain it.", "", "Dear B.,\n\nLet me know if Friday suits you.")],
    ),
]
