"""English replies whose marks are not those of the prompt."""

from tests.prompts.corpus.case import CUT_OFF, OUTSIDE, UNPARSABLE, Case, task

RAIN = task("Name a synonym of rain.", "", "Drizzle")
SUM = task("Add the numbers.", "2, 3", "5")

CASES = [
    Case(
        "as asked",
        "###\n4. Instruction: Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n"
        "###\n5. Instruction: Add the numbers.\n5. Input:\n2, 3\n5. Output:\n5",
        [RAIN, SUM],
    ),
    Case(
        "two hashes for three",
        "##\n4. Instruction: Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n"
        "##\n5. Instruction: Add the numbers.\n5. Input:\n2, 3\n5. Output:\n5\n##\n",
        [RAIN, SUM],
    ),
    Case(
        "no separators",
        "4. Instruction: Name a synonym of rain.\n4. Input: <noinput>\n4. Output: Drizzle\n"
        "5. Instruction: Add the numbers.\n5. Input: 2, 3\n5. Output: 5",
        [RAIN, SUM],
    ),
    Case(
        "bold with the colon inside",
        "**4. Instruction:** Name a synonym of rain.\n**4. Input:** <noinput>\n**4. Output:** Drizzle\n\n---\n\n"
        "**5. Instruction:** Add the numbers.\n**5. Input:** 2, 3\n**5. Output:** 5",
        [RAIN, SUM],
    ),
    Case(
        "bold with the colon outside",
        "**Instruction**: Name a synonym of rain.\n**Input**: noinput\n**Output**: Drizzle\n\n"
        "**Instruction**: Add the numbers.\n**Input**: 2, 3\n**Output**: 5",
        [RAIN, SUM],
    ),
    Case(
        "bold over the whole line",
        "**4. Instruction: Name a synonym of rain.**\n4. Input: None\n4. Output: Drizzle\n"
        "**5. Instruction: Add the numbers.**\n5. Input: 2, 3\n5. Output: 5",
        [RAIN, SUM],
    ),
    Case(
        "numbered list with bulleted fields",
        "1. **Instruction:** Name a synonym of rain.\n   - **Input:** <noinput>\n   - **Output:** Drizzle\n\n"
        "2. **Instruction:** Add the numbers.\n   - **Input:** 2, 3\n   - **Output:** 5",
        [RAIN, SUM],
    ),
    Case(
        "fields indented in a list",
        "1. Instruction: Name two birds.\n   Input:\n   <noinput>\n   Output:\n   - robin\n     (red)\n   - wren\n"
        "2. Instruction: Add the numbers.\n   Input:\n   2, 3\n   Output:\n   5",
        [task("Name two birds.", "", "- robin\n  (red)\n- wren"), SUM],
    ),
    Case(
        "headings as marks",
        "### Instruction\nName a synonym of rain.\n### Input\n\n### Output\nDrizzle\n\n"
        "### Instruction\nAdd the numbers.\n### Input\n2, 3\n### Output\n5",
        [RAIN, SUM],
    ),
    Case(
        "headings with numbers and colons",
        "#### 4. Instruction:\nName a synonym of rain.\n#### 4. Input:\n(no input)\n#### 4. Output:\nDrizzle\n"
        "#### 5. Instruction:\nAdd the numbers.\n#### 5. Input:\n2, 3\n#### 5. Output:\n5",
        [RAIN, SUM],
    ),
    Case(
        "numbered marks without colons",
        "###\n4. Instruction\nName a synonym of rain.\n4. Input\n<noinput>\n4. Output\nDrizzle\n"
        "###\n5. Instruction\nAdd the numbers.\n5. Input\n2, 3\n5. Output\n5",
        [RAIN, SUM],
    ),
    Case(
        "numbers missing",
        "###\nInstruction: Name a synonym of rain.\nInput: N/A\nOutput: Drizzle\n"
        "###\nInstruction: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [RAIN, SUM],
    ),
    Case(
        "one number missing among numbered items",
        "4. Instruction: Name a synonym of rain.\n4. Input: <noinput>\n4. Output: Drizzle\n\n"
        "Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n\n"
        "6. Instruction: Name a synonym of rain.\n6. Input: <noinput>\n6. Output: Drizzle",
        [RAIN, SUM, RAIN],
    ),
    Case(
        "numbers repeated",
        "4. Instruction: Name a synonym of rain.\n4. Input: <noinput>\n4. Output: Drizzle\n"
        "4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Output: 5",
        [RAIN, SUM],
    ),
    Case(
        "numbers restarted",
        "9. Instruction: Name a synonym of rain.\n9. Input: <noinput>\n9. Output: Drizzle\n"
        "1. Instruction: Add the numbers.\n1. Input: 2, 3\n1. Output: 5",
        [RAIN, SUM],
    ),
    Case(
        "every line numbered on",
        "1. Instruction: Name a synonym of rain.\n2. Input: <noinput>\n3. Output: Drizzle\n"
        "4. Instruction: Add the numbers.\n5. Input: 2, 3\n6. Output: 5",
        [RAIN, SUM],
    ),
    Case(
        "number after the word",
        "Instruction 4: Name a synonym of rain.\nInput 4: <noinput>\nOutput 4: Drizzle\n"
        "Instruction 5: Add the numbers.\nInput 5: 2, 3\nOutput 5: 5",
        [RAIN, SUM],
    ),
    Case(
        "Task 4 as a head over the marks",
        "Task 4:\nInstruction: Name a synonym of rain.\nInput: <noinput>\nOutput: Drizzle\n\n"
        "Task 5:\nInstruction: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [RAIN, SUM],
    ),
    Case(
        "Task 4 with a title",
        "### Task 4: A word\n**Instruction:** Name a synonym of rain.\n**Input:** <noinput>\n**Output:** Drizzle\n\n"
        "### Task 5: A sum\n**Instruction:** Add the numbers.\n**Input:** 2, 3\n**Output:** 5",
        [RAIN, SUM],
    ),
    Case(
        "Task 4 is the mark of the instruction",
        "Task 4: Name a synonym of rain.\nInput: <noinput>\nOutput: Drizzle\n\nTask 5: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [RAIN, SUM],
    ),
    Case(
        "Task and Instruction on one line",
        "Task 4 - Instruction: Name a synonym of rain.\nInput: none\nOutput: Drizzle\n"
        "Task 5 - Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5",
        [RAIN, SUM],
    ),
    Case(
        "instruction without its mark",
        "### 4.\nName a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n"
        "### 5.\nAdd the numbers.\n5. Input:\n2, 3\n5. Output:\n5",
        [RAIN, SUM],
    ),
    Case(
        "numbered instructions without marks",
        "Here you are:\n\n4. Name a synonym of rain.\nInput: <noinput>\nOutput: Drizzle\n\n5. Add the numbers.\nInput: 2, 3\nOutput: 5",
        [OUTSIDE, RAIN, SUM],
    ),
    Case(
        "goes on where the prompt ended",
        " Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n###\n5. Instruction: Add the numbers.\n5. Input:\n2, 3\n5. Output:\n5",
        [RAIN, SUM],
    ),
    Case(
        "preamble and closing remark behind rules",
        "Sure! Here are two new tasks.\n\n---\n\nInstruction: Name a synonym of rain.\nInput: <noinput>\nOutput: Drizzle\n\n---\n\n"
        "Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n\n---\n\nThey cover words and sums.",
        [OUTSIDE, RAIN, SUM, OUTSIDE],
    ),
    Case(
        "closing remark without a rule",
        "4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Output: 5\n\nLet me know if you would like more tasks!",
        [SUM, OUTSIDE],
    ),
    Case(
        "closing remark after a separator",
        "###\n4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Output: 5\n###\nDone.",
        [SUM, OUTSIDE],
    ),
    Case(
        "blank output",
        "4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Output:\n###",
        [("Add the numbers.", "2, 3", "", "missing_output")],
    ),
    Case(
        "blank instruction", "4. Instruction:\n4. Input: 2, 3\n4. Output: 5", [("", "2, 3", "5", "missing_instruction")]
    ),
    Case("blank input", "4. Instruction: Name a synonym of rain.\n4. Input:\n\n4. Output:\nDrizzle", [RAIN]),
    Case("no input mark at all", "4. Instruction: Name a synonym of rain.\n4. Output:\nDrizzle", [RAIN]),
    Case(
        "an item that lost its instruction",
        "###\n4. Instruction: Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n###\n5. Input:\n2, 3\n5. Output:\n5\n"
        "###\n6. Instruction: Add the numbers.\n6. Input:\n2, 3\n6. Output:\n5",
        [RAIN, ("", "2, 3", "5", "missing_instruction"), SUM],
    ),
    Case(
        "an item that lost its instruction, no separators",
        "4. Instruction: Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n5. Input:\n2, 3\n5. Output:\n5\n"
        "6. Instruction: Add the numbers.\n6. Input:\n2, 3\n6. Output:\n5",
        [RAIN, ("", "2, 3", "5", "missing_instruction"), SUM],
    ),
    Case(
        "an item that lost all its marks",
        "###\n4. Instruction: Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n###\nMultiply 2 and 3. The result is 6.\n"
        "###\n6. Instruction: Add the numbers.\n6. Input:\n2, 3\n6. Output:\n5",
        [RAIN, OUTSIDE, SUM],
    ),
    Case(
        "an item that lost its output mark",
        "4. Instruction: Add the numbers.\n4. Input:\n2, 3\n5\n5. Instruction: Name a synonym of rain.\n5. Input: no\tinput\n5. Output: Drizzle",
        [("Add the numbers.", "2, 3\n5", "", "missing_output"), RAIN],
    ),
    Case(
        "Answer for Output in one item",
        "4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Answer: 5\n5. Instruction: Name a synonym of rain.\n5. Input: None.\n5. Output: Drizzle",
        [SUM, RAIN],
    ),
    Case(
        "Question, Context, Answer",
        "Question: Add the numbers.\nContext: 2, 3\nAnswer: 5\n\nQuestion: Name a synonym of rain.\nAnswer: Drizzle",
        [SUM, RAIN],
    ),
    Case(
        "windows line ends",
        "###\r\n4. Instruction: Add the numbers.\r\n4. Input:\r\n2, 3\r\n4. Output:\r\n5\r\n",
        [SUM],
    ),
    Case(
        "cut in the last answer",
        "###\n4. Instruction: Add the numbers.\n4. Input:\n2, 3\n4. Output:\n5\n###\n5. Instruction: Name a synonym of rain.\n5. Input:\n<noinput>\n5. Output:\nDriz",
        [SUM, ("Name a synonym of rain.", "", "Driz", "truncated")],
        cut=True,
    ),
    Case(
        "cut in a head",
        "###\n4. Instruction: Add the numbers.\n4. Input:\n2, 3\n4. Output:\n5\n###\n5. Instru",
        [SUM, CUT_OFF],
        cut=True,
    ),
    Case(
        "cut in a head, no separators",
        "4. Instruction: Add the numbers.\n4. Input:\n2, 3\n4. Output:\n5\n5. Instr",
        [SUM, CUT_OFF],
        cut=True,
    ),
    Case("no item at all", "I am sorry, but I cannot help with that.", [UNPARSABLE]),
    Case("nothing", " \n\n", []),
    Case("marks in brackets", "[Instruction] Add the numbers.\n[Input] 2, 3\n[Output] 5", [SUM]),
    Case(
        "a remark on the input",
        "Instruction: Name a synonym of rain.\nInput (if any): No additional input required.\nOutput: Drizzle",
        [RAIN],
    ),
    Case(
        "the whole reply in a fence",
        "Here they are:\n```text\n###\n4. Instruction: Add the numbers.\n4. Input:\n2, 3\n4. Output:\n5\n```\nHave fun!",
        [OUTSIDE, SUM, OUTSIDE],
    ),
    Case(
        "each item in a fence",
        "```\nInstruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n```\n\n```\nInstruction: Name a synonym of rain.\nInput: None\nOutput: Drizzle\n```",
        [SUM, RAIN],
    ),
    Case("three rules", "---", [UNPARSABLE]),
    Case(
        "marks as a list of small letters",
        "- instruction: Add the numbers.\n  input: 2, 3\n  output: 5\n- instruction: Name a synonym of rain.\n  output: Drizzle",
        [SUM, RAIN],
    ),
    Case(
        "emoji before the marks",
        "📝 **Instruction:** Add the numbers.\n📥 **Input:** 2, 3\n✅ **Output:** 5",
        [SUM],
    ),
    Case(
        "numbered titles",
        "**4. A sum**\n- Instruction: Add the numbers.\n- Input: 2, 3\n- Output: 5\n\n"
        "**5. A word**\n- Instruction: Name a synonym of rain.\n- Input: None\n- Output: Drizzle",
        [SUM, RAIN],
    ),
    Case(
        "headings as titles",
        "## A sum\n**Instruction:** Add the numbers.\n**Input:** 2, 3\n**Output:** 5\n\n"
        "## A word\n**Instruction:** Name a synonym of rain.\n**Output:** Drizzle",
        [SUM, RAIN],
    ),
    Case(
        "separators between the fields",
        "###\n4. Instruction: Add the numbers.\n###\n4. Input:\n2, 3\n###\n4. Output:\n5\n###\n"
        "5. Instruction: Name a synonym of rain.\n###\n5. Output:\nDrizzle",
        [SUM, RAIN],
    ),
    Case(
        "marks as tags",
        "<instruction>Add the numbers.</instruction>\n<input>2, 3</input>\n<output>\n5\n</output>",
        [SUM],
    ),
    Case(
        "drafts thought aloud",
        "<think>\n4. Instruction: Perhaps this.\n4. Output: No.\n</think>\n\n4. Instruction: Add the numbers.\n4. Input: 2, 3\n4. Output: 5",
        [OUTSIDE, SUM],
    ),
    Case("thought without an end", "<think>\n4. Instruction: Perhaps this.\n4. Output: No.", [CUT_OFF], cut=True),
    Case(
        "cut after a rule",
        "Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n\n---\n\nInstruction: Name a synonym of rain.\nOutput: Drizzle\n\n---\n\nInst",
        [SUM, RAIN, CUT_OFF],
        cut=True,
    ),
    Case(
        "cut after a rule within an answer",
        "Instruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n\n---\n\nInstruction: Write a letter.\nOutput: Dear B.,\n\n---\n\nHow are you?\n\nI",
        [SUM, ("Write a letter.", "", "Dear B.,\n\n---\n\nHow are you?\n\nI", "truncated")],
        cut=True,
    ),
]
