"""Rows with everything that a row can carry, drawn by Hypothesis."""

import json
from typing import Any

from hypothesis import strategies as st

from selfinstruct.records import Check, LanguageCode, Row, Source, row_id

texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=12).map(
    lambda text: "问" + text
)
some = st.one_of(st.just(""), texts)
names = st.sampled_from(["weather", "天气", "search_web"])
objects = st.dictionaries(st.sampled_from(["city", "城市", "n"]), st.one_of(texts, st.integers(0, 9)), max_size=2)


def tool(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}


def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}
    return {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": function}]}


def result(content: str) -> dict[str, Any]:
    return {"role": "tool", "content": content}


@st.composite
def rich_rows(draw: st.DrawFn) -> Row:
    language: LanguageCode = draw(st.sampled_from(["en", "zh"]))
    history = tuple(draw(st.lists(st.tuples(texts, texts), max_size=2)))
    called = draw(st.lists(st.tuples(names, objects, texts), max_size=2))
    turn = draw(st.sampled_from([None, *range(len(history))]))
    calls = [message for name, held, said in called for message in (call(name, held), result(said))]
    system = draw(some)
    tools = tuple(tool(name) for name in sorted({name for name, _, _ in called}))
    instruction, given = draw(texts), draw(some)
    return Row(
        id=row_id(language, instruction, given, system, history, tools),
        language=language,
        instruction=instruction,
        input=given,
        output=draw(texts),
        system=system,
        history=history,
        reasoning=draw(some),
        tools=tools,
        calls=tuple(message if turn is None else {"turn": turn, **message} for message in calls),
        unlearned=tuple(draw(st.sets(st.sampled_from(range(len(history)))))) if history else (),
        source=draw(
            st.sampled_from([None, Source(document="a.md", span=(3, 9)), Source(translation_of="ab", text_hash="cd")])
        ),
        checks=tuple(draw(st.lists(st.builds(Check, kind=texts, arguments=objects), max_size=1))),
    )
