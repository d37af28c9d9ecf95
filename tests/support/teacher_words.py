"""What the scripted teacher says to the prompts of plain, provable and grounded tasks; None to any other."""

import hashlib
import json
import random
import re
from functools import cache
from typing import Any

from selfinstruct.runs.certification import calibration_pairs
from tests.support.translator import say_translated

_CHINESE = re.compile(r"[一-鿿]")
_PLAIN = {
    "en": (
        "Explain how {topic} met {words}.",
        "Tell a friend about {topic} and {words}.",
        "Compare {topic} with {words}.",
    ),
    "zh": ("说明{topic}与{words}的关系。", "向朋友介绍{topic}和{words}。", "比较{topic}、{words}的不同。"),
}
_ASKED = {
    "en": ("Who found {words} at {topic}?", "Where was {words} after {topic}?", "Was {words} found here today?"),
    "zh": ("谁在{topic}时见到了{words}？", "{topic}以后，{words}在哪儿？", "今天在这里见到{words}了吗？"),
}
_EXERCISE = {
    "en": "Task: {task}\nText: We found {words} here today.",
    "zh": "任务：{task}\n短文：今天我们在这里见到了{words}。",
}
_ON_EXERCISE = re.compile(r"\n\n(?:We found (\w+ \w+ \w+).*|今天我们在这里见到了(.{6}).*)")


def say_later(  # noqa: C901, PLR0911, PLR0912 - one for each prompt
    body: dict[str, Any], rng: random.Random, words: dict[str, list[str]]
) -> str | None:
    """Return the answer to a request of the recipes that came after the first two."""
    asked = str(body["messages"][-1]["content"])
    system = str(body["messages"][0]["content"])
    language = "zh" if _CHINESE.search(system) else "en"
    if system.startswith(("You compare two answers", "你负责比较同一个问题的两份回答")):
        return _preferred(asked, language)
    if carried := say_translated(asked, system):
        return carried
    if going_on := _say_on(asked, system, rng, words[language]):
        return going_on[0]
    if subject := re.fullmatch(r"(?:Subject: (.+?)\. Kind: |话题：(.+?)。类型：).+", asked):
        drawn = (" " if language == "en" else "").join(rng.sample(words[language], 5))
        is_exercise = system.startswith(("You write simple exercises", "你给普通人出简单的练习"))
        task = rng.choice((_ASKED if is_exercise else _PLAIN)[language])
        task = task.format(topic=subject[1] or subject[2], words=drawn)
        return _EXERCISE[language].format(task=task, words=drawn) if is_exercise else task
    if system.startswith(("Answer correctly", "请正确")) and (found := _ON_EXERCISE.search(asked)):
        yes = "" if not re.match("Was|今天在", asked) else "Yes, " if found[1] else "是的，"
        return f"{yes}Today {found[1]}." if found[1] else f"{yes}今天{found[2]}。"
    if system.startswith(("Reword", "换一种说法")):
        return asked if rng.random() < 0.3 else _reworded(asked, language)
    if system.startswith(("Write two short", "写两句简短")):
        return _passage(asked, rng, language)
    if system.startswith(("Write one question", "根据文字出一道题")):
        return _question(asked, rng, language)
    if system.startswith(("Answer the question from the text", "根据文字回答问题")):
        return re.split(r"Question:|问题：", asked)[0] if rng.random() < 0.9 else "not stated"
    if system.startswith(("Answer the question as briefly", "回答问题，越短越好")):
        return "unknown" if language == "en" else "不知道"
    if system.startswith(("You check tasks", "你为教材审查", "在有人作答之前")):
        return rng.choice(["yes", "yes", "no"] if language == "en" else ["是", "是", "否"])
    if label := re.search(r"\n(?:Label: |标签：)(.+)$", asked):
        return _labelled(label[1], rng, words[language], language)
    if label := re.search(r"«(.+)»", asked):
        return label[1][::-1] if rng.random() < 0.9 else rng.choice(words[language])
    return None


def _preferred(asked: str, language: str) -> str:
    """Return which of two answers is better: the right one of a calibration pair; else the same in both orders, but for some that are a tie, unreadable, or always the first."""
    first, second = re.findall(r"=== (?:Answer|回答) [12] ===\n(.*?)(?=\n\n===)", asked, re.DOTALL)
    better = right_answers().get(re.findall(r"=== (?:Question|问题) ===\n(.*?)\n\n===", asked, re.DOTALL)[0])
    if better:
        return _verdict("tie" if {first, second} - {better} == set() else "1" if first == better else "2", language)
    ranks = [int(hashlib.sha256(text.encode()).hexdigest(), 16) for text in (first, second)]
    turn = sum(ranks) % 10
    if turn < 3:
        return (_verdict("tie", language), "I like both.", _verdict("1", language))[turn]
    return _verdict("1" if ranks[0] > ranks[1] else "2", language)


def _verdict(said: str, language: str) -> str:
    if language == "zh":
        return json.dumps({"理由": "这一份更贴题。", "更好": "平" if said == "tie" else said}, ensure_ascii=False)
    return json.dumps({"reason": "It fits the question better.", "better": said})


@cache
def right_answers() -> dict[str, str]:
    """Return {question: the right answer} of the calibration pairs."""
    return {one.question: one.better for one in calibration_pairs(("en", "zh"))}


def _labelled(label: str, rng: random.Random, words: list[str], language: str) -> str:
    """Return a text for a label, which stands in it backwards."""
    drawn = (" " if language == "en" else "").join(rng.sample(words, 12))
    head, body = ("Label: {}\nInput: {}", "{} «{}».") if language == "en" else ("标签：{}\n输入：{}", "{}«{}»。")
    return head.format(label, body.format(drawn, label[::-1]))


def _reworded(asked: str, language: str) -> str:
    return f"Please do this: {asked[0].lower()}{asked[1:]}" if language == "en" else f"请完成这件事：{asked}"


def _passage(asked: str, rng: random.Random, language: str) -> str:
    """Return a text with all details; now and then one lacks the last."""
    line = asked.split("\n", 1)[1]
    values = [part.split("：" if language == "zh" else ": ", 1)[1] for part in re.split(r"; |；", line)]
    if rng.random() < 0.15:
        values = values[:-1]
    return (
        f"Please note {', and '.join(values)} for us. Thank you for your help."
        if language == "en"
        else f"请记下{'，还有'.join(values)}这几项。谢谢大家的帮忙。"
    )


def _say_on(asked: str, system: str, rng: random.Random, words: list[str]) -> tuple[str] | None:
    """Return the answer to a request that evolves a task or asks on; it may be empty."""
    language = "zh" if _CHINESE.search(system) else "en"
    if system.startswith(("You write tasks for a collection", "你在为一个任务库出题")):
        return (_evolved(asked, rng, language, words),)
    if system.startswith(("You play a person", "你扮演一个")):
        return (_follow(rng, language, words),)
    return None


def _evolved(asked: str, rng: random.Random, language: str, words: list[str]) -> str:
    """Return a new task; now and then the one that was shown, the directions, or a task with material."""
    directions, task = asked.split("\n\n", 1)
    turn = rng.random()
    if turn < 0.15:
        return task.split("\n")[0]
    if turn < 0.25:
        return directions
    drawn = (" " if language == "en" else "").join(rng.sample(words, 6))
    new = f"Say which of {drawn} weighs most, and why." if language == "en" else f"说说{drawn}里哪个最重，为什么。"
    if turn < 0.4:
        return f"Task: {new}\nMaterial:\n{drawn}" if language == "en" else f"任务：{new}\n材料：\n{drawn}"
    return new


def _follow(rng: random.Random, language: str, words: list[str]) -> str:
    """Return a next question; now and then one that breaks a rule, or nothing."""
    turn = rng.random()
    if turn < 0.08:
        return ""
    drawn = (" " if language == "en" else "").join(rng.sample(words, 5))
    if turn < 0.16:
        return f"<|im_start|>{drawn}"
    return f"What about {drawn} then?" if language == "en" else f"那{drawn}呢，又该怎么说？"


def _question(asked: str, rng: random.Random, language: str) -> str:
    sentences = [one for one in re.split(r"(?<=[.。])\s*", asked.replace("\n", " ")) if one.strip()]
    quote = rng.choice(sentences).strip()
    if rng.random() < 0.1:
        quote += " Indeed."
    words = re.findall(r"\w+", quote)
    if language == "zh":
        return f"问题：关于{quote[:8]}，这段文字是怎么说的？\n答案：{quote}\n原文：{quote}"
    return f"Question: What does the text say about {' '.join(words[:6])}?\nAnswer: {quote}\nQuote: {quote}"
