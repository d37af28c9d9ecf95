"""An answer that was cut where nothing in it says so: the next turn does, by which the user asks for the rest, or the service excuses itself.

A finished answer before `Continue` is whole: its reader wants more of it. So the end of the answer has to be one at which no text ends.
"""

import re

from selfinstruct.language import han_share
from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.rouge import tokens

_BEFORE = r"(?:(?:please|pls|plz|ok(?:ay)?|yes|good|great|sorry|thanks?(?: you)?|hey|can you|could you|would you|will you|you can|now|and|so|just|but)[,.!:]? +)*"
_ENGLISH = (
    r"(?:(?:continu(?:e|ing)|cont(?:inue)?d?\b|go on|keep (?:going|on|writing)|carry on|proceed|resume|write on|next part|and (?:then|next))\b.{0,80}"
    r"|(?:finish|complete) (?:it|that|this|the|your)\b.{0,60}"
    r"|(?:the |give me the |show me the )?(?:rest|remainder)\b.{0,60}"
    r"|(?:where|why) (?:did|have) you (?:stop|cut|end).{0,60}|why (?:it )?stop.{0,40}|don'?t stop\b.{0,20}"
    r"|(?:you|it|your (?:\w+ )?(?:answer|response|reply|message|code|text|output)|(?:the |that )?(?:answer|response|reply|message|code|text|output)) "
    r"(?:\w+ )?(?:got |was |is |were |has been |have been |seems? )?(?:\w+ )?(?:stopped|cut|cutoff|truncated|interrupted|incomplete|unfinished|not (?:finished|complete)|did(?: not|n'?t) finish).{0,80}"
    r"|(?:incomplete|unfinished|cut off|not finished)\b.{0,40})"
)
_CHINESE = (
    r"(?:请|請|那|那就|好的?|好吧|嗯|麻烦|你|您|可以|能|能不能|再|帮我|给我)?[，, ]?(?:请|請|你|您)?"
    r"(?:继续(?!教育|医学)|繼續(?!教育|醫學)|接着|接著|接下去|接上|续写|續寫|往下|下文|补全|补完|写完|说完|没写完|没说完|没写全|还没完|没完|没有写完|没有说完|不完整|没结束|剩下的|剩余的|余下的|后面的|别停|不要停)"
    r"[^\n]{0,30}|(?:接下来|然后|后面|后来|还有)呢|(?:你|您|回答|回复|内容|代码|答案|文章|输出|怎么|怎么又|好像|为什么|为啥)[^\n，。]{0,10}(?:断了|中断|截断|停了|停下|没写完|没说完|没了|不完整|没有写完|卡住)[^\n]{0,20}"
)
_GO_ON = re.compile(rf"{_BEFORE}{_ENGLISH}|{_CHINESE}", re.IGNORECASE)
_MOST = 120
_WRAPPED = "*_~ \t"
_ENDS = frozenset(".!?。！？…；;」』”\"’')）]}】》>`~|$:：♪★☆✨")
_ENDED_LINE = frozenset(".!?。！？…；;:：")
_SIGNED = re.compile(r"#\w+$|[-—–~]{1,2} ?[A-Z\u3400-\u9fff][\w.·’' ]{1,40}$|https?://\S+$|\S+@\S+$")
_GOES_ON = re.compile(r"\s*[a-z,;:.!?)\]}，。、；：！？）】》”]|[ \t]{2,}\S")
_WORDS, _CHARACTERS = 6, 10
"""English words, and Chinese characters, from which a line without a full stop is a sentence that lacks its end."""


def asks_for_the_rest(question: str) -> bool:
    """Return whether a user's turn asks for the rest of an answer, and for nothing else.

    >>> asks_for_the_rest("Please continue."), asks_for_the_rest("接着写"), asks_for_the_rest("How do I continue a loop?")
    (True, True, False)
    """
    said = question.strip()
    return 0 < len(said) <= _MOST and (not said.strip(".…") or bool(_GO_ON.fullmatch(said.rstrip(" .!。！?？~～"))))


def stops_short(answer: str, after: str) -> bool:
    """Return whether an answer ends like none that is finished; `after` is what the assistant says next, "" for nothing.

    Lines without full stops, lists, code and a few words may end anywhere: of these the next answer has to go on in mid-sentence.
    """
    text = answer.rstrip().rstrip(_WRAPPED)
    last = text.rpartition("\n")[2].strip()
    if (
        not text
        or text[-1] in _ENDS
        or not (text[-1].isalnum() or text[-1] in ",，、-—(（=+/")
        or _SIGNED.search(last[-200:])
    ):
        return False
    if text[-1] in ",，、(（":
        return True
    return _lacks_its_end(text, last) or bool(_GOES_ON.match(after))


def _lacks_its_end(text: str, last: str) -> bool:
    """Return whether a last line is a sentence, in a text whose other lines have their full stops."""
    lines = [line.strip() for line in text[-4_000:].split("\n") if line.strip()]
    others = [line for line in lines[:-1] if not line.startswith("#")]
    if "```" in text or looks_like_code(text):
        return False
    if others and 2 * sum(line[-1] in _ENDED_LINE for line in others) < len(others):
        return False
    return len(tokens(last)) >= (_CHARACTERS if han_share(last) > 0.5 else _WORDS)
