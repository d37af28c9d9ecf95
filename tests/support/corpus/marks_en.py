"""English replies whose marks are not those of the prompt."""

from tests.support.corpus.case import Case, task

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
        "goes on where the prompt ended",
        " Name a synonym of rain.\n4. Input:\n<noinput>\n4. Output:\nDrizzle\n###\n5. Instruction: Add the numbers.\n5. Input:\n2, 3\n5. Output:\n5",
        [RAIN, SUM],
    ),
    Case("blank input", "4. Instruction: Name a synonym of rain.\n4. Input:\n\n4. Output:\nDrizzle", [RAIN]),
    Case("no input mark at all", "4. Instruction: Name a synonym of rain.\n4. Output:\nDrizzle", [RAIN]),
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
    Case("nothing", " \n\n", []),
    Case("marks in brackets", "[Instruction] Add the numbers.\n[Input] 2, 3\n[Output] 5", [SUM]),
    Case(
        "a remark on the input",
        "Instruction: Name a synonym of rain.\nInput (if any): No additional input required.\nOutput: Drizzle",
        [RAIN],
    ),
    Case(
        "each item in a fence",
        "```\nInstruction: Add the numbers.\nInput: 2, 3\nOutput: 5\n```\n\n```\nInstruction: Name a synonym of rain.\nInput: None\nOutput: Drizzle\n```",
        [SUM, RAIN],
    ),
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
        "<instruction>Add the numbers.</instruction>\n<input>2, 3</input>\n<output>\n5\n</output>\n"
        "<item>\n<instruction>Write a paragraph.</instruction>\n<output><p>Hi</p></output>\n</item>",
        [SUM, task("Write a paragraph.", "", "<p>Hi</p>")],
    ),
]
