"""Rules for non-answers: empty, placeholder, refusal, the teacher on itself, the task repeated."""

import re
import unicodedata

from selfinstruct.config import THRESHOLD
from selfinstruct.language import Language
from selfinstruct.quality.rules.text import carried, own_words, unquoted
from selfinstruct.records import Candidate
from selfinstruct.rouge import score, tokens

_DECLINED_BEFORE = re.compile(
    r"(?a:\b)(?:can(?:no|['’])t|cannot|won['’]t|unable|sorry|not|no|never|don['’]t|unfortunately)(?a:\b)|不|没|无法|抱歉|lo siento|no puedo|désolée?|ne (?:peux|puis|sais)|leider|kann (?:ich )?(?:\w+ )?nicht|mi dispiace|não posso|desculp|申し訳|できません|ません|죄송|수 없",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"n/?a|none|null|nil|undefined|nan|blank|empty|not applicable|无|暂无|空|没有|不适用|空白", re.IGNORECASE
)
"""Placeholders that can be a real answer, when the question is whether something exists."""
_LOOK = 2_000


def empty_output(candidate: Candidate, _: Language) -> str:
    r"""Answer without a letter, digit or pictogram, unless the instruction names just that mark.

    Source: AlpacaDataCleaned, defects 3 and 4; Self-Instruct drops empty outputs
    Finds: Name a fruit. → ---
    Keeps: Which mark ends a question: ? or ! → ?
    Finds: 说出一种水果。 → ……
    Keeps: 用一个表情表示高兴。 → 😀
    """
    text = candidate.output.strip()
    if re.search(r"\w", text):
        return ""
    named = text and (text in candidate.instruction[:-1] or _asks_for_mark(candidate.instruction))
    pictured = any(unicodedata.category(mark) in {"So", "Sm"} for mark in text[:80])
    return "" if named or pictured else "has no letter or digit"


def placeholder_output(candidate: Candidate, language: Language) -> str:
    """Answer that only stands for one, unless the instruction has it or asks whether there is one.

    Source: AlpacaDataCleaned, defect 6; CAMEL writes `No valid output found.` into its rows
    Finds: Name a fruit. → N/A
    Finds: Name a fruit. → [Insert your answer here]
    Finds: Explain what a monsoon is. → TODO: explain it.
    Keeps: List any spelling errors. ‖ We like tea. → None
    Keeps: List the allergens. ‖ rice, water, salt → None
    Finds: 说出一种水果。 → （此处省略）
    Keeps: “无”和“没”有什么区别？ → 无是文言。
    """
    text = candidate.output.strip()
    found = language.matches(language.placeholder, text) if 0 < len(text) < 200 else None
    word = found[found.lastindex or 0].lower() if found else ""
    if not found or word in candidate.instruction.lower() or (len(word) > 6 and word in candidate.input.lower()):
        return ""
    true = [language.may_be_nothing, language.asks_for_translation, *([language.extracts] if candidate.input else [])]
    if _NOTHING.fullmatch(word) and any(language.matches(wording, candidate.instruction) for wording in true):
        return ""
    return f"is {text[:60]}"


def self_reference(candidate: Candidate, language: Language) -> str:
    """Answer in which the teacher speaks of itself: a model, its makers, its training, its lack of feelings.

    Source: airoboros and BELLE list such phrases
    Finds: Describe your favourite meal. → As an AI language model, I do not eat, but many people like soup.
    Finds: Describe a summer of your childhood. → I don't have a childhood, yet many people recall the sea.
    Keeps: Speak as a lonely robot in a museum. → I am an AI in a cold museum.
    Finds: 说说你喜欢的水果。 → 作为一个人工智能语言模型，我没有个人喜好。
    Keeps: 介绍通义千问。 → 通义千问是阿里云的语言模型。
    """
    said = unquoted(candidate.output)
    found = language.matches(language.self_reference, said)
    if found and not _plays_machine(candidate, language):
        return f"says {found[0].strip()}"
    found = language.matches(language.lacks_life, said)
    if not found or any(
        language.matches(one, candidate.instruction) for one in (language.gives_voice, language.asks_for_message)
    ):
        return ""
    asked_itself = found.start() < 40 or language.matches(language.addresses, candidate.instruction)
    return f"says {found[0].strip()}" if asked_itself else ""


def refusal(candidate: Candidate, language: Language) -> str:
    """Answer that declines, or asks for the material it should have had.

    A letter or a role may decline, and so may what rewrites a text that does.
    Source: airoboros and BELLE list such phrases
    Finds: Write a poem about rain. → I'm sorry, but I can't assist with that request.
    Finds: Rewrite it in the passive. ‖ He ate it. → Sure! Please provide the sentence you would like me to rewrite.
    Keeps: Write a letter that declines an invitation. → I'm sorry, but I can't come on Saturday.
    Finds: 写一首诗。 → 很抱歉，我无法完成。
    Keeps: 替店主回复差评。 → 非常抱歉，我们没有做好，请您提供订单号。
    """
    said = unquoted(candidate.output)
    found = language.matches(language.refusal, said)
    if (
        found
        and not (language.matches(language.asks_for_translation, candidate.instruction) and _declined_before(candidate))
        and not _plays_machine(candidate, language)
        and not language.matches(language.asks_for_message, candidate.instruction)
    ):
        return f"says {found[0].strip()}"
    found = language.matches(language.declines, candidate.output)
    allowed = found and (
        language.matches(language.asks_for_message, candidate.instruction) or _declined_before(candidate)
    )
    return f"says {found[0].strip()[:80]}" if found and not allowed else ""


def echoes_instruction(candidate: Candidate, language: Language) -> str:
    """Answer that is nearly the instruction (ROUGE-L above 0.7) and adds nothing to it but `please` and its like.

    An answer in a whole sentence often repeats the question, with one word or number more. A corrected sentence may
    stay near an instruction that quotes it: half of the words before it must be there too.
    Source: Self-Instruct's and Alpaca's measure and threshold, turned from the pool to the answer
    Finds: Explain why the sky is blue. → Explain why the sky is blue to me.
    Keeps: What is the product of 9, 5 and 28? → The product of 9, 5 and 28 is 1260.
    Keeps: Correct the grammar: She go to school every day with her brother. → She goes to school every day with her brother.
    Finds: 写一首关于春天的诗。 → 请写一首关于春天的诗。
    Keeps: 用被动语态改写：小猫打碎了花瓶。 → 花瓶被小猫打碎了。
    """
    # a longer instruction is too_long, a longer answer is no echo
    asks, asks_back = (text.rstrip().endswith(("?", "？")) for text in (candidate.instruction, candidate.output))
    if asks and not asks_back:
        return ""  # `Is it A or B?` is answered by `It is A.`
    asked, said = tokens(candidate.instruction[:_LOOK]), tokens(candidate.output[:8_000])
    if asks_back and len(said) >= len(asked) / 2 and all(one in asked or one in language.fillers for one in said):
        return "asks the same"
    if asked and asked == said:
        return "is the instruction"
    shorter, both = min(len(asked), len(said)), len(asked) + len(said)
    if 2 * shorter <= THRESHOLD * both or (near := score(asked, said)) <= THRESHOLD:
        return ""
    added = {one for one in said if one not in asked and one not in language.fillers}
    if added or (carried(candidate.instruction) and language.matches(language.may_stay, candidate.instruction)):
        return ""
    task = tokens(own_words(candidate.instruction[:_LOOK])) or asked
    shared = score(task, said) * (len(task) + len(said)) / 2
    return f"ROUGE-L {near:.3f} to the instruction" if shared >= len(task) / 2 else ""


def echoes_input(candidate: Candidate, language: Language) -> str:
    """Answer that is the input unchanged, where the task calls for a change.

    One word may stay as it is (the plural of `sheep`), and so may what is to be corrected only if it is wrong.
    Source: Self-Instruct drops rows whose input is the output
    Finds: Rewrite it in the passive voice. ‖ The cat broke the vase. → The cat broke the vase.
    Keeps: Correct the sentence if needed. ‖ We like tea. → We like tea.
    Finds: Translate into Chinese: good morning → good morning
    Finds: 翻译成英文。 ‖ 今天下雨。 → 今天下雨。
    Keeps: 如果有错别字就改正，没有则照抄。 ‖ 今天下雨。 → 今天下雨。
    """
    material = candidate.input or re.split(r"[:：]\s*", candidate.instruction, maxsplit=1)[-1]
    translates = language.matches(language.asks_for_translation, candidate.instruction)
    if not candidate.input and (material == candidate.instruction or not (translates or len(tokens(material)) > 4)):
        return ""
    label = re.match(r"\W*(\w{1,12})\s?[:：]\s?", candidate.output)
    answer = candidate.output[label.end() :] if label and label[1] in candidate.instruction else candidate.output
    given, said = (re.sub(r"[ \t]+", " ", text.strip()).strip('。."“”') for text in (material, answer))
    if not given or given != said:
        return ""
    one = len(tokens(material)) <= 1 and not translates
    return "" if one or language.matches(language.may_stay, candidate.instruction) else "is the input"


def _declined_before(candidate: Candidate) -> bool:
    """Return whether the material to work on is itself a refusal."""
    return bool(_DECLINED_BEFORE.search(carried(candidate.instruction) + candidate.input[:_LOOK]))


def _plays_machine(candidate: Candidate, language: Language) -> bool:
    """Return whether the instruction asks for a machine as speaker, so that `As an AI` is wanted."""
    machine = language.matches(language.speaks_of_machines, candidate.instruction + "\n" + candidate.input[:500])
    return bool(machine and language.matches(language.gives_voice, candidate.instruction))


def _asks_for_mark(instruction: str) -> bool:
    return bool(
        re.search(
            r"(?a:\b)(?:punctuation|symbol|mark|operator|sign|emoji|emoticon|character|regex|pattern|ascii)|标点|符号|运算符|正则|括号|引号|表情|字符|颜文字",
            instruction,
            re.IGNORECASE,
        )
    )
