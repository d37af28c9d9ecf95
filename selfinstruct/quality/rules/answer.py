"""Rules for non-answers: empty, placeholder, refusal, the teacher on itself, the task repeated."""

import re
import unicodedata

from selfinstruct.config import THRESHOLD
from selfinstruct.language import Language
from selfinstruct.language.wording import topic, topic_zh
from selfinstruct.quality.rules.text import carried
from selfinstruct.records import Candidate
from selfinstruct.rouge import score, tokens

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
    asked, said = tokens(candidate.instruction[:_LOOK]), tokens(candidate.output[:8_000])
    greets = language.task.chats.search(language.folded(candidate.instruction[:_LOOK]))
    if not asked or greets or (asks and not asks_back):
        return ""  # `Is it A or B?` is answered by `It is A.`
    if asked == said:
        return "is the instruction"
    added = any(one not in asked and one not in language.fillers for one in said)
    if added or carried(candidate.instruction):
        return ""  # `Make it polite: "Send the report."` may well be answered by its own words
    if asks_back:
        return "asks the same" if len(said) >= len(asked) / 2 else ""
    first, again = ([one for one in words if one not in language.fillers][:1] for words in (asked, said))
    near = score(asked, said) if first == again else 0.0  # an answer in a whole sentence has another first word
    return f"ROUGE-L {near:.3f} to the instruction" if near > THRESHOLD else ""


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
    given, said = material.strip(), answer.strip()
    if len(tokens(material)) <= 1 and not translates:
        return ""
    if _CORRECTS.search(candidate.instruction) and given != said:
        quoted = _LAST_QUOTED.search(said)
        return "the correction is the input" if quoted and quoted[1].strip(_FINAL) == given.strip(_FINAL) else ""
    if not given or (given != said and not _barely_reworded(candidate.instruction, given, said)):
        return ""
    return "" if language.matches(language.may_stay, candidate.instruction) else "is the input"


_FINAL = ' .。"“”'
_CORRECTS = re.compile(r"(?a:\b)(?:error|mistake|grammar|incorrect)|错误|病句|改正|语病", re.IGNORECASE)
_LAST_QUOTED = re.compile(r"[\"“「]([^\"“”「」]{4,400})[\"”」]\W*\Z")
_REWORDS = re.compile(
    r"(?a:\b)(?:rewrite|rephrase|reword|paraphrase)(?a:\b)|改写|换一?种说法|不同的词|复述|重写", re.IGNORECASE
)


def _barely_reworded(instruction: str, given: str, said: str) -> bool:
    """Return whether a text that should be put in other words differs in its last mark or one particle only."""
    ours, theirs = (re.sub(r"\W+", " ", text).strip().lower() for text in (given, said))
    more = theirs.removeprefix(ours)
    return bool(_REWORDS.search(instruction) and (ours == theirs or more in set("呢啊呀吧哦了")))


def _asks_for_mark(instruction: str) -> bool:
    return bool(_EN_MARKS.search(instruction) or _ZH_MARKS.search(instruction))


_EN_MARKS = topic(
    "morse braille punctuation symbol* mark marks operator* sign signs emoji* emoticon* smiley kaomoji character* regex pattern ascii"
)
_ZH_MARKS = topic_zh("摩尔斯 摩斯 电码 盲文 标点 符号 运算符 正则 括号 引号 表情 字符 颜文字")
