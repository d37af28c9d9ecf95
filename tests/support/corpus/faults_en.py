"""English replies with spans that are no whole item: faults, remarks, cuts."""

from tests.support.corpus.case import CUT_OFF, OUTSIDE, UNPARSABLE, Case, task

RAIN = task("Name a synonym of rain.", "", "Drizzle")
SUM = task("Add the numbers.", "2, 3", "5")

CASES = [
    Case(
        "numbered instructions without marks",
        "Here you are:\n\n4. Name a synonym of rain.\nInput: <noinput>\nOutput: Drizzle\n\n5. Add the numbers.\nInput: 2, 3\nOutput: 5",
        [OUTSIDE, RAIN, SUM],
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
    Case(
        "the whole reply in a fence",
        "Here they are:\n```text\n###\n4. Instruction: Add the numbers.\n4. Input:\n2, 3\n4. Output:\n5\n```\nHave fun!",
        [OUTSIDE, SUM, OUTSIDE],
    ),
    Case("three rules", "---", [UNPARSABLE]),
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
