"""Replies in JSON, in both languages."""

from tests.support.corpus.case import CUT_OFF, OUTSIDE, UNPARSABLE, Case, task

RAIN = task("Name a synonym of rain.", "", "Drizzle")
SUM = task("Add the numbers.", "2, 3", "5")
RAIN_ZH = task("写出“雨”的一个近义词。", "", "甘霖")
RAIN_JSON = '{"instruction": "Name a synonym of rain.", "input": "", "output": "Drizzle"}'
SUM_JSON = '{"instruction": "Add the numbers.", "input": "2, 3", "output": "5"}'
RAIN_ZH_JSON = '{"指令": "写出“雨”的一个近义词。", "输入": "<无输入>", "输出": "甘霖"}'

CASES = [
    Case("an array", f"[{RAIN_JSON}, {SUM_JSON}]", [RAIN, SUM]),
    Case(
        "a fenced array",
        f"Here you are:\n```json\n[\n{RAIN_JSON},\n{SUM_JSON}\n]\n```\nEnjoy!",
        [OUTSIDE, RAIN, SUM, OUTSIDE],
    ),
    Case("JSON lines", f"{RAIN_JSON}\n{SUM_JSON}\n", [RAIN, SUM]),
    Case("an object around an array", f'{{"tasks": [{RAIN_JSON}, {SUM_JSON}]}}', [RAIN, SUM]),
    Case("each object in a fence", f"```json\n{RAIN_JSON}\n```\n\n```json\n{SUM_JSON}\n```", [RAIN, SUM]),
    Case("cut in the middle", f"[{RAIN_JSON}, {SUM_JSON}, {SUM_JSON[:40]}", [RAIN, SUM, CUT_OFF], cut=True),
    Case("an object around an array, cut", f'{{"tasks": [{RAIN_JSON}, {SUM_JSON[:40]}', [RAIN, CUT_OFF], cut=True),
    Case("cut in the only object", SUM_JSON[:40], [CUT_OFF], cut=True),
    Case("cut after a complete object", f"[{RAIN_JSON},\n", [RAIN], cut=True),
    Case(
        "one object with unescaped quotes",
        f'[{RAIN_JSON}, {{"instruction": "Say "hi" to {{x}}", "input": "", "output": "hi"}}, {SUM_JSON}]',
        [RAIN, UNPARSABLE, SUM],
    ),
    Case(
        "an object with many broken braces",
        f'[{{"instruction": "a", "output": "{"{" * 300}" "}}, {SUM_JSON}]',
        [UNPARSABLE, SUM],
    ),
    Case(
        "other keys",
        '[{"id": 4, "task": "word", "instruction": "Add the numbers.", "context": "2, 3", "response": 5}]',
        [SUM],
    ),
    Case(
        "a missing output",
        '[{"instruction": "Add the numbers.", "input": "2, 3"}]',
        [("Add the numbers.", "2, 3", "", "missing_output")],
    ),
    Case(
        "noinput words", '{"instruction": "Name a synonym of rain.", "input": "No_Input", "output": "Drizzle"}', [RAIN]
    ),
    Case("null as input", '{"instruction": "Name a synonym of rain.", "input": null, "output": "Drizzle"}', [RAIN]),
    Case(
        "half a surrogate pair",
        '{"instruction": "Smile \\ud83d", "output": "\\ud83d\\ude00"}',
        [task("Smile \ufffd", "", "😀")],
    ),
    Case(
        "line breaks inside strings",
        '{"instruction": "Add the\nnumbers.", "output": "5\n###\n5. Output: 5"}',
        [task("Add the\nnumbers.", "", "5\n###\n5. Output: 5")],
    ),
    Case("中文键", f"[{RAIN_ZH_JSON}]", [RAIN_ZH]),
    Case("中文键，代码块", f"好的：\n```json\n[{RAIN_ZH_JSON},\n{RAIN_ZH_JSON}]\n```", [OUTSIDE, RAIN_ZH, RAIN_ZH]),
    Case("中文键，逐行", f"{RAIN_ZH_JSON}\n{RAIN_ZH_JSON}", [RAIN_ZH, RAIN_ZH]),
    Case("中文键，截断", f"[{RAIN_ZH_JSON}, {RAIN_ZH_JSON[:20]}", [RAIN_ZH, CUT_OFF], cut=True),
    Case("英文键，中文值", '[{"instruction": "写出“雨”的一个近义词。", "input": "无", "output": "甘霖"}]', [RAIN_ZH]),
    Case("中文键，对象包着数组", f'{{"任务列表": [{RAIN_ZH_JSON}, {RAIN_ZH_JSON}]}}', [RAIN_ZH, RAIN_ZH]),
    Case(
        "中文键，引号未转义",
        f'[{RAIN_ZH_JSON}, {{"指令": "解释"雨"字", "输入": "", "输出": "天水"}}, {RAIN_ZH_JSON}]',
        [RAIN_ZH, UNPARSABLE, RAIN_ZH],
    ),
    Case("中文键，缺输出", '[{"指令": "解释。", "输入": "无"}]', [("解释。", "", "", "missing_output")]),
]
