"""The names that question, input and answer have in the files of the field, and which of them a row has."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.parts import content_of
from selfinstruct.errors import RecordError

_ANSWERS = {
    "instruction": ("output", "response", "answer", "completion", "target"),
    "prompt": ("completion", "response", "output", "answer", "generation"),
    "question": ("answer", "response", "output", "solution"),
    "query": ("response", "answer", "output"),
    "problem": ("solution", "answer"),
    "inputs": ("targets",),
    "ask": ("answer",),
    "message_1": ("message_2",),
    "input_text": ("output_text",),
    "text_input": ("output",),
    "指令": ("输出", "回答", "答案"),
    "问题": ("回答", "答案", "输出"),
    "input": ("output", "target", "content"),
    "content": ("summary",),
}
"""Name of the question -> names of its answer, the first one before the others."""
_INPUTS = {
    "instruction": ("input", "context"),
    "prompt": ("input",),
    "question": ("context", "article", "passage"),
    "指令": ("输入",),
    "问题": ("输入",),
}
_SECOND = {"input", "content"}
"""Names that are a question only where no other is there."""
BETTER = {
    "rejected": "chosen",
    "rejected_response": "chosen_response",
    "non_preferred_output": "preferred_output",
    "rejected_messages": "chosen_messages",
}
"""Name of the worse answer of a preference pair -> that of the better one."""
ARENA = ("conversation_a", "conversation_b")
"""Two conversations that were compared, as FastChat's arena writes them."""
SYSTEM = ("system", "system_prompt", "systeminstruction", "system_instruction", "meta_instruction")
TOOLS = ("tools", "functions", "tools_json", "tool_defs", "available_tools")
REASONING = ("reasoning", "reasoning_content", "thinking", "thought", "complex_cot")
_NO_THOUGHTS = {"on", "off", "true", "false", "yes", "no", "none", "null"}
"""Values of such a field that only say whether there was a thought."""
_OF_ROWS = {
    "messages",
    "conversations",
    "conversation",
    "contents",
    "items",
    "chat_messages",
    *ARENA,
    *BETTER,
    *BETTER.values(),
}
_LABELS = ("label", "kto_tag")
_CHOICES = ("options", "choices")
_MEDIA = ("images", "image", "videos", "video", "audios", "audio")
_FIRST_WINS = {"instruction": "output", "problem": "solution", "指令": "输出"}
"""Question -> answer that is taken although there is a text under another name too: the field agrees on these."""
READ = (
    "instruction (input or context) with output, response, answer or completion; prompt with completion or response; question with "
    "answer; query with response; problem with solution; 指令（输入）with 输出; messages or conversations"
)
"""The names that are read, for messages."""


class Names(NamedTuple):
    """The keys of one row; "" for what it has not."""

    question: str
    input: str
    answer: str
    rejected: str = ""
    """Key of the worse answer of a preference pair; `answer` is then the better one's."""


_OURS = Names("instruction", "input", "output")


def names_of(value: Mapping[str, Any], where: str, *, needs_answer: bool = True) -> Names:
    """Return the keys of a row's question, input and answer; raises RecordError when there is none, or more than one reading."""
    if "output" in value and isinstance(value.get("instruction"), str) and "rejected" not in value:
        return _OURS
    keys = _by_lower_case(value)
    question = _question(value, keys, where)
    given = next((keys[name] for name in _INPUTS.get(question.lower(), ()) if name in keys), "")
    if isinstance(value.get("instances"), list):
        return _OURS
    worse = next((name for name in BETTER if name in keys), "")
    if worse and value[keys[worse]] is not None:
        rejected = keys[worse]
        better = keys.get(BETTER[worse], "")
        if empty := next((key for key in (rejected, better) if key and not value[key]), ""):
            raise _unclear(value, where, f"`{empty}` is empty; a pair has two answers")
        answer = keys.get(BETTER[worse], "") or _answer(value, keys, question, where)
        if not answer:
            raise _unclear(value, where, f"`{rejected}` has no better answer beside it")
        return Names(question, given, answer, rejected)
    answer = _answer(value, keys, question, where)
    if not answer and needs_answer:
        raise _unclear(value, where, no_answer(question))
    return Names(question, given, answer)


def no_answer(question: str) -> str:
    """Return why a row is none whose question has no answer beside it, under any name."""
    return f"no known name of an answer beside `{question}`"


def answer_beside(value: Mapping[str, Any], question: str, answer: str) -> str:
    """Return the key of another answer, with other text, that the one which is read wins over; "" without one."""
    if (
        _FIRST_WINS.get(question.lower()) != answer.lower() or question.lower() == "problem"
    ):  # an answer's last word beside its way
        return ""
    keys = _by_lower_case(value)
    others = (keys[name] for name in _ANSWERS[question.lower()] if name in keys and keys[name] != answer)
    own = str(value.get(answer) or "").strip()
    return next((key for key in others if isinstance(held := value[key], str) and held.strip() not in {"", own}), "")


def answers_of(question: str) -> tuple[str, ...]:
    """Return the names of the answer, in lower case, that go with that of a question."""
    return _ANSWERS.get(question.lower(), ())


def is_row_name(name: str) -> bool:
    """Return whether a key says that its object is a row."""
    return name.lower() in _ANSWERS or name in _OF_ROWS


def text_in(value: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first text under one of some names, or ""."""
    if not value.keys() & set(names):
        lower = {key.lower(): key for key in value if isinstance(key, str)}
        names = tuple(lower[name] for name in names if name in lower)
    return next((held for name in names if isinstance(held := value.get(name), str) and held.strip()), "")


def system_in(value: Mapping[str, Any], where: str) -> str:
    """Return what a field of a row tells the model: a text, or parts as Anthropic, Bedrock and Gemini write them."""
    if text := text_in(value, SYSTEM):
        return text
    held = next((one for key, one in value.items() if isinstance(key, str) and key.lower() in SYSTEM and one), None)
    return content_of(held, f"{where}: field `system`").text if isinstance(held, list | dict) else ""


def thought_in(value: Mapping[str, Any]) -> str:
    """Return what a field of a row says that was thought; "" for one that only says whether there was a thought."""
    thought = text_in(value, REASONING)
    return "" if thought.strip().lower() in _NO_THOUGHTS else thought


def refuse_what_no_row_holds(value: Mapping[str, Any], where: str) -> None:
    """Raise RecordError for a row that is a bad answer by its label, or goes with pictures or sound."""
    for name in _LABELS:
        held = value.get(name)
        if held is False or str(held).lower() == "false" or (name == "kto_tag" and held in (0, "")):
            raise RecordError(
                f"{where}: `{name}` says that the answer is a bad one; leave such rows out, or make pairs of `chosen` and `rejected`"
            )
    refuse_media(value, where)
    choices = next(
        (name for name in _CHOICES if value.get(name)), "A" if isinstance(value.get("A"), str) and "B" in value else ""
    )
    if choices:
        raise RecordError(
            f"{where}: has choices in `{choices}`, without which the question is another; write them into the question"
        )


def refuse_media(value: Mapping[str, Any], where: str) -> None:
    """Raise RecordError for a row or turn that goes with pictures or sound."""
    for name in _MEDIA:
        if value.get(name) not in (None, "", [], {}):
            raise RecordError(f"{where}: goes with `{name}`; a row holds text alone; leave such rows out")


def _by_lower_case(value: Mapping[str, Any]) -> dict[str, str]:
    """Return {key in lower case: key}; a key that is lower case itself stands before another."""
    keys = {key.lower(): key for key in value if isinstance(key, str)}
    return keys | {key: key for key in value if isinstance(key, str) and key in keys}


def _question(value: Mapping[str, Any], keys: Mapping[str, str], where: str) -> str:
    found = [keys[name] for name in _ANSWERS if name in keys and isinstance(value[keys[name]], str)]
    found = [name for name in found if name.lower() not in _SECOND] or found
    if not found:
        wrong = next((keys[name] for name in _ANSWERS if name in keys), "")
        if wrong:
            raise _unclear(value, where, f"field `{wrong}` must be a text, not {_kind(value[wrong])}")
        raise _unclear(value, where, "no known name of a question")
    if len(found) > 1 and found[0].lower() not in _SECOND:
        best = found[0]
        if best.lower() in _FIRST_WINS and _FIRST_WINS[best.lower()] in keys:
            return best
        raise _unclear(value, where, f"both `{found[0]}` and `{found[1]}` could be the question")
    return found[0]


def _answer(value: Mapping[str, Any], keys: Mapping[str, str], question: str, where: str) -> str:
    known = [keys[name] for name in _ANSWERS[question.lower()] if name in keys]
    known = [key for key in known if isinstance(value[key], str | None)] or known
    first = _FIRST_WINS.get(question.lower(), "")
    if not known or known[0].lower() == first:
        return known[0] if known else ""
    filled = [key for key in known if value[key]]
    if len(filled) > 1 and len({value[key] for key in filled}) > 1:
        raise _unclear(value, where, f"both `{filled[0]}` and `{filled[1]}` could be the answer")
    return filled[0] if filled else known[0]


def _unclear(value: Mapping[str, Any], where: str, what: str) -> RecordError:
    keys = ", ".join(f"`{key}`" for key in list(value)[:12]) + (" ..." if len(value) > 12 else "")
    return RecordError(f"{where}: {what}; the row's keys: {keys or 'none'}; read are: {READ}; rename the fields")


def _kind(value: Any) -> str:
    return {list: "a list", dict: "an object", bool: "a truth value", type(None): "null"}.get(type(value), "a number")
