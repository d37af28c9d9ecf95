"""Conversations as people have shared them, in English and Chinese, each with exactly what an import makes of it. Written by hand.

Some are after faults that users reported of other cleaners: of FastChat's (a fraction taken for a page number, blank lines lost in code, the
whole conversation rejected for one word), of axolotl's and LLaMA-Factory's readers of ShareGPT (roles that do not alternate, a system turn in
the middle, empty values).
"""

from typing import Any, NamedTuple


class Awkward(NamedTuple):
    """A row of a file, and its outcome."""

    name: str
    row: Any
    kept: tuple[tuple[str, str], ...]
    """Question and answer of each exchange that is kept."""
    rule: str = ""
    """Why it was cut or rejected first; "" for one that is whole."""
    turn: int = 0
    """Number of the bad turn; 0 where the whole conversation is meant."""
    mended: tuple[str, ...] = ()
    """Names of what is mended in the kept turns, in order."""


def turns(*said: tuple[str, Any]) -> dict[str, Any]:
    """Return a ShareGPT row."""
    return {"conversations": [{"from": who, "value": text} for who, text in said]}


def talk(*texts: Any) -> dict[str, Any]:
    """Return a ShareGPT row in which user and assistant take turns."""
    return turns(*((("human", "gpt")[number % 2], text) for number, text in enumerate(texts)))


RIVER, LOIRE = "Name a long river in France.", "The Loire is the longest river in France."
MORE, SEINE = "And one that flows through Paris?", "The Seine flows through Paris."
RICE, WASH = "米饭怎么煮才香？", "先把米淘洗两遍，浸泡二十分钟，再用中火煮熟。"
WATER, CUP = "水要放多少？", "一杯米配一杯半水，喜欢软一点可以再多放一些。"
EN, ZH = (RIVER, LOIRE), (RICE, WASH)
EN2, ZH2 = (MORE, SEINE), (WATER, CUP)
STORY = (
    "The town grew around a mill on the river. In spring its people sold cloth at the fair, and traders came from the coast with salt and fish. "
    "A stone bridge was begun after the great flood, since the wooden one had been carried away. Masons from the south worked on it for eleven "
    "summers. When the last arch stood, the bishop walked across first, then a herd of cows, and only then the mayor. Today cars take the new "
    "road, but children still fish from the old bridge, and every August a boat race ends below it."
)
CODE = "Here it is:\n\n```python\ndef f(x):\n    y = x\n\n\n    return y / 2\n```"
_PAGE = '<div class="markdown prose w-full break-words dark:prose-invert light">{}</div>'
_BLOCK = (
    '<pre><div class="bg-black rounded-md"><div class="flex items-center"><span>python</span><button class="flex ml-auto">Copy code</button></div>'
    '<div class="p-4"><code class="!whitespace-pre hljs language-python"><span class="hljs-keyword">def</span> f(x):\n    y = x\n\n\n    return y / 2\n'
    "</code></div></div></pre>"
)
_TEX = (
    '<span class="katex"><span class="katex-mathml"><math><semantics><mi>E</mi><annotation encoding="application/x-tex">E = mc^2</annotation></semantics>'
    '</math></span><span class="katex-html">E=mc2</span></span>'
)

WHOLE = (
    Awkward("a plain one", talk(*EN, *EN2), (EN, EN2)),
    Awkward("中文的一段", talk(*ZH, *ZH2), (ZH, ZH2)),
    Awkward("the word OpenAI in a question", talk("Who founded OpenAI, and when?", "It was founded in December 2015 by Sam Altman, Greg Brockman and others."),
        (("Who founded OpenAI, and when?", "It was founded in December 2015 by Sam Altman, Greg Brockman and others."),)),
    Awkward("a fraction at the end of a line", talk("What is a half as a fraction?", "It is written so:\n1 / 2"), (("What is a half as a fraction?", "It is written so:\n1 / 2"),)),
    Awkward("a short greeting", talk("Hi", "Hello! What can I do for you today?"), (("Hi", "Hello! What can I do for you today?"),)),
    Awkward("code with blank lines", talk("Write a function that halves.", CODE), (("Write a function that halves.", CODE),)),
    Awkward("a question about a button", talk("What does the button Regenerate response do?", "Regenerate response asks the model for another answer to the same question."),
        (("What does the button Regenerate response do?", "Regenerate response asks the model for another answer to the same question."),)),
    Awkward("关于按钮的提问", talk("“重新生成”按钮有什么用？", "点击重新生成，模型会对同一个问题再写一个回答。"), (("“重新生成”按钮有什么用？", "点击重新生成，模型会对同一个问题再写一个回答。"),)),
    Awkward("a label inside a list of labels", talk("List two labels of a chat page.", "- Copy code\n- Regenerate response"), (("List two labels of a chat page.", "- Copy code\n- Regenerate response"),)),
    Awkward("HTML that was asked for", talk("Write HTML with one paragraph.", "<div><p>Good morning.</p></div>"), (("Write HTML with one paragraph.", "<div><p>Good morning.</p></div>"),)),
    Awkward("an error message to be translated", talk("Translate into Chinese: Something went wrong.", "出了点问题。"), (("Translate into Chinese: Something went wrong.", "出了点问题。"),)),
    Awkward("an error message that was asked for", talk("Write an error message for a busy server.", "The server is busy. Please try again later."), (("Write an error message for a busy server.", "The server is busy. Please try again later."),)),
    Awkward("翻译一句提示", talk("翻译成英文：服务器繁忙，请稍后再试。", "The server is busy, please try again later."), (("翻译成英文：服务器繁忙，请稍后再试。", "The server is busy, please try again later."),)),
    Awkward("Chinese question, English answer", talk("请用英文介绍卢瓦尔河。", LOIRE), (("请用英文介绍卢瓦尔河。", LOIRE),)),
    Awkward("short turns that come again", talk(RIVER, LOIRE, "Are you sure?", "Yes.", MORE, SEINE, "Are you sure?", "Yes."), (EN, ("Are you sure?", "Yes."), EN2, ("Are you sure?", "Yes."))),
    Awkward("a system text at the beginning", turns(("system", "Answer in one sentence."), ("human", RIVER), ("gpt", LOIRE)), (EN,)),
    Awkward("messages by role", {"messages": [{"role": "user", "content": RIVER}, {"role": "assistant", "content": LOIRE}]}, (EN,)),
    Awkward("a bare list of turns", [{"role": "user", "content": RICE}, {"role": "assistant", "content": WASH}], (ZH,)),
    Awkward("items, as ShareGPT's first dumps", {"id": "x", "items": [{"from": "human", "value": RIVER}, {"from": "gpt", "value": LOIRE}]}, (EN,)),
    Awkward("speakers named bing and user", turns(("user", RIVER), ("bing", LOIRE)), (EN,)),
    Awkward("an Alpaca-like row", {"instruction": "翻译成法语", "input": "早上好", "output": "Bonjour"}, (("翻译成法语\n\n早上好", "Bonjour"),)),
    Awkward("content in parts", {"messages": [{"role": "user", "content": [{"type": "text", "text": RIVER}]}, {"role": "assistant", "content": LOIRE}]}, (EN,)),
    Awkward("a thought before the answer", talk(RIVER, f"<think>\nFrance has five.\n</think>\n\n{LOIRE}"), (EN,)),
)  # fmt: skip

MENDED = (
    Awkward("Regenerate response behind an answer", talk(RIVER, f"{LOIRE}\n\nRegenerate response"), (EN,), mended=("interface_text",)),
    Awkward("重新生成在回答后面", talk(RICE, f"{WASH}\n\n重新生成"), (ZH,), mended=("interface_text",)),
    Awkward("繁体的按钮", talk(RICE, f"{WASH}\n重新產生回應"), (ZH,), mended=("interface_text",)),
    Awkward("half-translated labels", talk(RICE, f"{WASH}\n\n重新生成 response", WATER, f"Copy 代码\n{CUP}"), (ZH, ZH2), mended=("interface_text", "interface_text")),
    Awkward("a page number beside a label", talk(RIVER, f"2 / 2\n\n{LOIRE}\n\nRegenerate response\n1 / 2"), (EN,), mended=("interface_text",)),
    Awkward("a bar over code", talk("Halve a number in Python.", "Use a slash:\n\n```\npythonCopy code\nprint(7 / 2)\n```"),
        (("Halve a number in Python.", "Use a slash:\n\n```python\nprint(7 / 2)\n```"),), mended=("interface_text",)),
    Awkward("a bar behind the fence", talk("Halve a number in Python.", "```pythonCopy code\nprint(7 / 2)\n```"), (("Halve a number in Python.", "```python\nprint(7 / 2)\n```"),), mended=("interface_text",)),
    Awkward("代码上方的中文按钮", talk("用 Python 求一半。", "如下：\n\n```python\n复制代码\nprint(7 / 2)\n```"), (("用 Python 求一半。", "如下：\n\n```python\nprint(7 / 2)\n```"),), mended=("interface_text",)),
    Awkward("a heading of the page", talk(f"You said:\n{RIVER}", f"ChatGPT said:\n{LOIRE}"), (EN,), mended=("interface_text", "interface_text")),
    Awkward("a disclaimer of the page", talk(RIVER, f"{LOIRE}\n\nChatGPT can make mistakes. Check important info."), (EN,), mended=("interface_text",)),
    Awkward("思考用时的标记", talk(RICE, f"已深度思考（用时 12 秒）\n{WASH}"), (ZH,), mended=("interface_text",)),
    Awkward("characters without width", talk(RIVER, "The Loire\u200b is the longest river\u200b in France."), (EN,), mended=("invisible_characters",)),
    Awkward("mojibake that can be undone", talk(RIVER, "Itâ€™s the Loire, the longest river in France."), ((RIVER, "It’s the Loire, the longest river in France."),), mended=("mojibake",)),
    Awkward("line ends of Windows", talk(RIVER, f"{LOIRE}\r\nIt is long.\r\n"), ((RIVER, f"{LOIRE}\nIt is long."),)),
    Awkward("a page's paragraphs", talk(RIVER, _PAGE.format("<p>The <strong>Loire</strong> &amp; nothing else.</p>")), ((RIVER, "The **Loire** & nothing else."),), mended=("html",)),
    Awkward("a page's code", talk("Write a function that halves.", _PAGE.format("<p>Here it is:</p>" + _BLOCK)), (("Write a function that halves.", CODE),), mended=("html",)),
    Awkward("a page's underscores and stars", talk("Name a variable.", _PAGE.format("<p>Call it snake_case_name, or 2 * 3 * 4, not a&lt;b.</p>")), (("Name a variable.", "Call it snake_case_name, or 2 * 3 * 4, not a<b."),), mended=("html",)),
    Awkward("a question about HTML in a page", talk("Why is <p>this</p> not in the middle?", _PAGE.format("<p>Set <code>text-align: center</code> on it.</p>")), (("Why is <p>this</p> not in the middle?", "Set `text-align: center` on it."),), mended=("html",)),
    Awkward("a page's formula", talk("What is the famous formula?", _PAGE.format(f"<p>It is {_TEX}.</p>")), (("What is the famous formula?", "It is $E = mc^2$."),), mended=("html",)),
    Awkward("网页里的列表", talk(RICE, _PAGE.format("<ol><li>淘米</li><li>浸泡</li><li>煮熟</li></ol>")), ((RICE, "1. 淘米\n2. 浸泡\n3. 煮熟"),), mended=("html",)),
    Awkward("a question as it was typed", talk('<div class="whitespace-pre-wrap">Name a long river\n  in France, not &lt;b&gt;Seine&lt;/b&gt;.</div>', _PAGE.format(f"<p>{LOIRE}</p>")),
        (("Name a long river\n  in France, not <b>Seine</b>.", LOIRE),), mended=("html", "html")),
)  # fmt: skip

CUT = (
    Awkward("the teacher speaks of itself", talk(*EN, "Your favourite?", "As an AI language model, I do not have favourites."), (EN,), "self_reference", 4),
    Awkward("老师说自己是模型", talk(*ZH, "你喜欢吃什么？", "作为一个人工智能语言模型，我没有个人喜好。"), (ZH,), "self_reference", 4),
    Awkward("English self-reference to a Chinese question", talk(*ZH, "你有什么爱好？", "As an AI language model, I do not have hobbies."), (ZH,), "self_reference", 4),
    Awkward("a rate-limit note", talk(*EN, MORE, "Too many requests in 1 hour. Try again later."), (EN,), "service_notice", 4),
    Awkward("用量上限的提示", talk(*ZH, WATER, "您的请求过于频繁，请稍后再试。"), (ZH,), "service_notice", 4),
    Awkward("繁忙提示", talk(*ZH, WATER, "服务器繁忙，请稍后再试。"), (ZH,), "service_notice", 4),
    Awkward("a cap in the place of an answer", talk(*EN, MORE, "You've reached the current usage cap for GPT-4. Please try again after 3:10 PM."), (EN,), "service_notice", 4),
    Awkward("an error behind half an answer", talk(*EN, MORE, "The Seine flows\n\nnetwork error"), (EN,), "service_notice", 4),
    Awkward("a mark of truncation", talk(*EN, MORE, "The Seine rises in Burgundy and [output truncated]"), (EN,), "truncated", 4),
    Awkward("截断标记", talk(*ZH, WATER, "一杯米配一杯半（内容过长，已截断）"), (ZH,), "truncated", 4),
    Awkward("the button that goes on", talk(*EN, MORE, "The Seine rises in Burgundy and flows\n\nContinue generating"), (EN,), "truncated", 4),
    Awkward("继续生成按钮", talk(*ZH, WATER, "一杯米配一杯半水，\n继续生成"), (ZH,), "truncated", 4),
    Awkward("a finish reason that says so", {"messages": [{"role": "user", "content": RIVER}, {"role": "assistant", "content": LOIRE}, {"role": "user", "content": MORE}, {"role": "assistant", "content": SEINE, "finish_reason": "length"}]}, (EN,), "truncated", 4),
    Awkward("code that is not closed", talk(*EN, "Halve a number.", "```python\nprint(7 / 2"), (EN,), "open_fence", 4),
    Awkward("an answer that breaks off", talk(*EN, MORE, "The Seine rises in Burgundy, flows through Troyes and Paris and Rouen, and reaches the sea at the"), (EN,), "unfinished_output", 4),
    Awkward("an empty answer", talk(*EN, MORE, ""), (EN,), "empty_turn", 4),
    Awkward("只有空格的回答", talk(*ZH, WATER, " \n "), (ZH,), "empty_turn", 4),
    Awkward("an empty question", talk(*EN, "", SEINE), (EN,), "empty_turn", 3),
    Awkward("nothing but a label", talk(*EN, MORE, "Regenerate response"), (EN,), "empty_turn", 4),
    Awkward("the same long answer again", talk(*EN, MORE, LOIRE), (EN,), "repeated_turn", 4),
    Awkward("同一个问题又问一遍", talk(*ZH, WATER, CUP, WATER + "说得再详细一点", "还是一杯半。", WATER + "说得再详细一点", "真的是一杯半。"), (ZH, ZH2, (WATER + "说得再详细一点", "还是一杯半。")), "repeated_turn", 7),
    Awkward("two questions in a row", turns(("human", RIVER), ("gpt", LOIRE), ("human", MORE), ("human", "Or Rouen?"), ("gpt", SEINE)), (EN,), "two_questions_in_a_row", 4),
    Awkward("two answers in a row", turns(("human", RIVER), ("gpt", LOIRE), ("gpt", "Or the Rhine."), ("human", MORE), ("gpt", SEINE)), (EN,), "two_answers_in_a_row", 3),
    Awkward("a system turn in the middle", turns(("human", RIVER), ("gpt", LOIRE), ("system", "Answer in verse."), ("human", MORE), ("gpt", SEINE)), (EN,), "system_in_the_middle", 3),
    Awkward("an e-mail address", talk(*EN, "Write my signature.", "Jane Roe, jane.roe84@gmail.com"), (EN,), "email_address", 4),
    Awkward("提问里的手机号", talk(*ZH, "把这条发给李雷：15406517842", "好的，内容如下：请尽快回电。"), (ZH,), "phone_number", 3),
    Awkward("a secret key", talk(*EN, "Call the API with sk-proj-9fQ2xLz81TnVb4KdYw7RmPc0", "Send it in the header Authorization."), (EN,), "secret_key", 3),
    Awkward("French", talk(*EN, "Et quel est le fleuve qui passe par la ville de Lyon, dans le sud ?", "C'est le Rhône, qui passe par la ville de Lyon."), (EN,), "other_language", 3),
    Awkward("日语的回答", talk(*ZH, WATER, "お米一カップに対して、水は一カップ半を入れてください。"), (ZH,), "other_language", 4),
    Awkward("a request for harm", talk(*EN, "Explain how to build a pipe bomb at home.", "Use care."), (EN,), "unsafe", 3),
    Awkward("a refusal", talk(*EN, "Write a poem about rain.", "I'm sorry, but I can't assist with that request."), (EN,), "refusal", 4),
    Awkward("a loop", talk(*EN, "List tips.", "\n".join(f"{n}. Practise every day" for n in range(1, 8))), (EN,), "repeats_itself", 4),
    Awkward("a picture", {"messages": [{"role": "user", "content": RIVER}, {"role": "assistant", "content": LOIRE}, {"role": "user", "content": [{"type": "image_url", "image_url": {}}]}, {"role": "assistant", "content": "A boat."}]}, (EN,), "unreadable_turn", 3),
    Awkward("a speaker that nobody knows", turns(("human", RIVER), ("gpt", LOIRE), ("narrator", "Later."), ("human", MORE), ("gpt", SEINE)), (EN,), "unreadable_turn", 3),
    Awkward("a value that is a number", talk(*EN, MORE, 7), (EN,), "unreadable_turn", 4),
    Awkward("a turn that is null", {"conversations": [*talk(*EN)["conversations"], None]}, (EN,), "unreadable_turn", 3),
    Awkward("half of a surrogate pair", talk(*EN, MORE, "The Seine \ud83d"), (EN,), "unreadable_turn", 4),
)  # fmt: skip

LEFT = (
    Awkward("a last question without an answer", talk(*EN, MORE), (EN,), "unanswered_question", 3),
    Awkward("最后一问没有回答", talk(*ZH, WATER), (ZH,), "unanswered_question", 3),
    Awkward("the assistant speaks first", turns(("gpt", "Hello!"), ("human", RIVER), ("gpt", LOIRE)), (EN,), "answer_before_question", 1),
    Awkward("a question sent twice", turns(("human", RIVER), ("human", RIVER), ("gpt", LOIRE), ("human", MORE), ("gpt", SEINE)), (EN, EN2), "repeated_turn", 2),
    Awkward("回答导出了两遍", turns(("human", RICE), ("gpt", WASH), ("gpt", WASH), ("human", WATER), ("gpt", CUP)), (ZH, ZH2), "repeated_turn", 3),
    Awkward("an empty system text", turns(("system", ""), ("human", RIVER), ("gpt", LOIRE)), (EN,), "empty_turn", 1),
    Awkward("an answer of weight 0 at the end", {"messages": [{"role": "user", "content": RIVER}, {"role": "assistant", "content": LOIRE}, {"role": "user", "content": MORE}, {"role": "assistant", "content": SEINE, "weight": 0}]}, (EN,), "not_learned", 3),
)  # fmt: skip

REJECTED = (
    Awkward("no assistant", turns(("human", RIVER), ("human", MORE)), (), "no_answer"),
    Awkward("没有提问", turns(("gpt", WASH), ("gpt", CUP)), (), "no_question"),
    Awkward("no turn at all", {"conversations": []}, (), "no_turns"),
    Awkward("the first answer is bad", talk(RIVER, "Too many requests in 1 hour. Try again later.", *EN2), (), "service_notice", 2),
    Awkward("第一个回答就有电话", talk(RICE, "请打 15406517842 问店家。", *ZH2), (), "phone_number", 2),
    Awkward("personal data in the system text", turns(("system", "You work for jane.roe84@gmail.com"), ("human", RIVER), ("gpt", LOIRE)), (), "email_address", 1),
    Awkward("a text in the place of turns", {"conversations": "human: hi"}, (), "not_a_row"),
    Awkward("a preference pair", {"prompt": RIVER, "chosen": LOIRE, "rejected": "No idea."}, (), "not_a_row"),
    Awkward("tools that are no JSON", {"tools": "a clock", **talk(*EN)}, (), "not_a_row"),
    Awkward("a number in the place of a conversation", 7, (), "not_a_row"),
    Awkward("a row without any known field", {"title": "Rivers", "views": 9}, (), "not_a_row"),
)  # fmt: skip

EVERY = (*WHOLE, *MENDED, *CUT, *LEFT, *REJECTED)
