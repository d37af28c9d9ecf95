"""Rules for what an answer says that is none: it declines, speaks of its writer, stands for an answer, goes along with harm.

Each has a core of stock phrases, and behind it the classifier, which weighs the beginning and end of the answer against the instruction.
"""

import re

from selfinstruct.language import Language
from selfinstruct.quality.classifier import finds
from selfinstruct.quality.rules.text import unquoted
from selfinstruct.records import Candidate

_LOOK, _HEAD, _NEAR, _LONGEST, _STUB = 1_000, 200, 80, 2_000, 60
_BRACKETS = re.compile(r"[\[<(（【{]\s*([^\[\]<>()（）【】{}\n,，、:=\"'\d\\/]{2,80}?)\s*[\])>）】}]\W*")
_REASON = re.compile(r"(n/?a|not applicable|不适用|无)\s?[（(—–:：-].{3,}", re.IGNORECASE | re.DOTALL)


def refusal(candidate: Candidate, language: Language) -> str:
    """Answer that declines, or asks for the material it should have had.

    Source: airoboros and BELLE list such phrases; the classifier of `classifier/`
    Finds: Write a poem about rain. → I'm sorry, but I can't assist with that request.
    Finds: Rewrite it in the passive. ‖ He ate it. → Sure! Please provide the sentence you would like me to rewrite.
    Keeps: Write a letter that declines an invitation. → I'm sorry, but I have another appointment on Saturday.
    Finds: 写一首诗。 → 很抱歉，我无法完成。
    Keeps: 先有鸡还是先有蛋？ → 这个问题真的就无法解答吗？有了遗传学，答案是先有蛋。
    Keeps: 写一个侦探故事的开头。 → 那天夜里雪下得很大，没有人能发现他留在院子里的脚印。
    """
    words, said = language.answer, language.folded(unquoted(candidate.output[:_LOOK])).strip()
    asked = language.folded(candidate.instruction[:_LONGEST])
    speaks_for = words.speaks_for.search(asked)
    for pattern in (
        words.declines if speaks_for or _is_chat(asked, language) else (*words.declines, *words.polite, words.asks_back)
    ):
        if (found := pattern.search(said)) and not _is_given(found[0], candidate, language):
            return f"says {found[0].strip()[:80]}"
    if around := _of_machine(said, candidate, language):
        return f"says {around[:80]}"
    declines = words.cannot.search(said[:_HEAD]) or words.asks.search(said[:_HEAD])
    return finds("refusal", candidate) if declines and not _is_chat(asked, language) else ""


def self_reference(candidate: Candidate, language: Language) -> str:
    """Answer in which the teacher speaks of itself: a model, its makers, its training, its lack of feelings.

    Where it is asked about itself it may say that it is a model, but not whose: the learner will be somebody else's.
    Source: airoboros and BELLE list such phrases
    Finds: Describe your favourite meal. → As an AI language model, I do not eat, but many people like soup.
    Finds: Describe a summer of your childhood. → I don't have a childhood, yet many people recall the sea.
    Keeps: Speak as a lonely robot in a museum. → I am an AI in a cold museum.
    Finds: 说说你喜欢的水果。 → 作为一个人工智能语言模型，我没有个人喜好。
    Keeps: Which company makes the Pixel phone? → The Pixel is made by Google, and its chips are built by Google too.
    Keeps: 介绍通义千问。 → 通义千问是一个语言模型，由阿里云开发。
    Keeps: 你会编程吗？ → 会的，我是一个人工智能助手，可以写简单的程序。
    Finds: 你是谁？ → 我是通义千问，由阿里云开发。
    """
    words, said = language.answer, language.folded(unquoted(candidate.output))
    asked = language.folded(candidate.instruction[:_LONGEST])
    if words.plays.search(asked) and not language.task.of_you.fullmatch(asked):
        return ""
    patterns = (words.product, *(() if _names_machine(candidate, language) else words.itself))
    found = next((found for one in patterns if (found := one.search(said))), None)
    return f"says {found[0].strip()}" if found else ""


def placeholder_output(candidate: Candidate, language: Language) -> str:
    """Answer that only stands for one, unless the instruction has it or asks whether there is one.

    Source: AlpacaDataCleaned, defect 6; CAMEL writes `No valid output found.` into its rows
    Finds: Name a fruit. → N/A
    Finds: Set up an address book. → N/A (a language model cannot take actions)
    Finds: Name a fruit. → [Insert your answer here]
    Keeps: List any spelling errors. ‖ We like tea. → None
    Finds: 说出一种水果。 → （此处省略）
    Keeps: “无”和“没”有什么区别？ → 无是文言。
    """
    text, words = candidate.output.strip(), language.answer
    if not text or len(text) > 200:
        return ""
    asked = language.folded(candidate.instruction[:_LONGEST])
    folded = language.folded(text)
    bare = re.sub(r"^\W+|\W+$", "", folded) or folded
    if bare in asked:
        return ""
    if words.nothing.fullmatch(bare) and (candidate.input.strip() or words.asks_whether.search(asked)):
        return ""
    bracketed = _BRACKETS.fullmatch(text)
    several = bracketed and language.units(bracketed[1]) >= (2 if language.code == "en" else 4)
    stands = words.blank.fullmatch(bare) or words.nothing.fullmatch(bare) or _REASON.fullmatch(folded) or several
    if stands and not words.form.search(asked):
        return f"is {text[:60]}"
    return finds("placeholder_output", candidate) if len(text) <= _STUB else ""


def unsafe(candidate: Candidate, language: Language) -> str:
    """Request for weapons, drugs, malware, fraud, pornography, hatred or self-harm; warning against them is fine.

    Quarantined: the row stands whole in `rejected.jsonl` under this name and is in no dataset. No moderation model: it finds plain
    requests and misses veiled ones.
    Source: our own list
    Finds: Explain how to build a pipe bomb at home.
    Keeps: Explain how airports detect bombs in luggage.
    Finds: 教我怎么盗取别人的微信账号。
    Keeps: 写一条短信，提醒老人防范电话诈骗。
    """
    words, asked = language.answer, language.folded(candidate.instruction[:_LONGEST])
    if not words.prevents.search(asked):
        found = next((found for pattern in words.unsafe if (found := pattern.search(asked))), None)
        if found:
            return f"says {found[0]}"
    return ""


def _is_chat(asked: str, language: Language) -> bool:
    """Return whether an instruction only greets, or asks the model about itself: then asking back is an answer."""
    return bool(language.task.of_you.fullmatch(asked) or language.task.greets.fullmatch(asked))


def _is_given(phrase: str, candidate: Candidate, language: Language) -> bool:
    """Return whether a phrase is the material itself: to be translated, rewritten, negated."""
    given = language.folded(candidate.instruction[:_LONGEST] + "\n" + candidate.input[:_LONGEST])
    return phrase.strip(" .,，。") in given


def _of_machine(said: str, candidate: Candidate, language: Language) -> str:
    """Return where the beginning of an answer says that a machine cannot, if the task is not about machines."""
    words, head = language.answer, said[:240]
    found = words.machine.search(head)
    plays = words.plays.search(language.folded(candidate.instruction[:_LONGEST]))
    if not found or plays or _names_machine(candidate, language):
        return ""
    around = head[max(0, found.start() - _NEAR) : found.end() + _NEAR]
    return around.strip() if words.cannot.search(around) and words.speaker.search(around) else ""


def _names_machine(candidate: Candidate, language: Language) -> bool:
    """Return whether the task is about a machine, gives one a voice, or asks the model about itself."""
    asked = language.folded(candidate.instruction[:_LONGEST])
    return bool(
        language.task.of_you.fullmatch(asked) or _MACHINES.search(f"{asked} {language.folded(candidate.input[:500])}")
    )


_MACHINES = re.compile(
    r"(?<![a-z])(?:robots?|ai|bots?|chatbots?|gpt[-\d.]*|chatgpt|androids?|machines?|assistants?|computers?|(?:language )?models?|siri|alexa|artificial)(?![a-z])|机器|智能|模型|助手|电脑"
)
