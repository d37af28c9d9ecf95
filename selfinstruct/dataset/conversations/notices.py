"""What a service says in the place of an answer, and marks that an answer was cut. English and Chinese.

A notice is short, and nothing else: each of its sentences tells a trouble of the service or what to do about it. Those that are known
word for word are in a list, and are found behind half an answer, too.
"""

import re
from itertools import pairwise

_NOTICES = (
    r"(?:!\s*)?too many requests(?: in \d+ \w+)?[.!,;: ][^\n]{0,160}",
    r"too many requests[.!]?",
    r"(?:you['’]ve|you have|you) (?:reached|hit|exceeded) (?:the|your|our) [^\n.]{0,60}\b(?:limit|cap|quota)s?\b[^\n]{0,200}",
    r"(?:error: ?)?(?:rate|usage|message) limit (?:reached|exceeded|hit)\b[^\n]{0,200}",
    r"(?:something went wrong|an error occurred|there was an error generating a response|error in (?:body|message) stream|network error|internal server error|(?:the )?request timed out)\b(?:[.,!:;]? (?:if this|please|while|try)[^\n]{0,200}|[.!]?)",
    r"(?:hmm\W{1,3})?something (?:seems to have gone|went) wrong[^\n]{0,160}",
    r"(?:our|the) (?:systems?|servers?)(?: (?:is|are))? (?:a bit |currently |very )?(?:busy|overloaded|at capacity|unavailable)\b[^\n]{0,160}",
    r"chatgpt is (?:currently )?at capacity[^\n]{0,160}",
    r"(?:your|the) (?:session|login) has expired[^\n]{0,120}",
    r"the (?:message|conversation) you submitted (?:was|is) too long[^\n]{0,160}",
    r"(?:conversation|token|context) (?:length )?limit (?:reached|exceeded)[^\n]{0,120}",
    r"(?:您的?|你的?)?(?:请求|操作|提问|访问)(?:次数)?(?:过于频繁|太频繁|过多|已达(?:到)?上限)[^\n]{0,80}",
    r"(?:您|你)?(?:已|已经)(?:达到|超过|超出)[^\n。]{0,30}(?:上限|限额|限制|配额|次数)[^\n]{0,60}",
    r"(?:当前|目前)?(?:服务器?|系统|网络|访问人数)(?:繁忙|超时|异常|错误|开小差了?|过多|较多|出错了?)[^\n]{0,80}",
    r"(?:网络|服务器?)(?:连接)?(?:错误|异常|出错)[^\n]{0,60}",
    r"(?:生成回复时)?(?:发生|出现)(?:了)?(?:错误|未知错误|问题)[，,。!！][^\n]{0,80}",
    r"(?:出错了|哎呀，出错了)[^\n]{0,60}",
)
_NOTICE = re.compile(rf"[\s>*_⚠️❗!！]*(?:{'|'.join(_NOTICES)})\s*", re.IGNORECASE)
_CUT = re.compile(
    r"(?:[\[(（【<…]|\.\.\.)\s*(?:(?:output|response|answer|text|message|content|rest)(?: (?:was|is))? )?(?:truncated|cut off|omitted due to length|too long)[^\n\])）】>]{0,40}[\])）】>]?\s*\Z"
    r"|[\[(（【…]\s*(?:(?:内容|回复|回答|输出|文本|消息|字数)(?:过长|太长|超限|超出限制)?[，, ]?)?(?:已被?|被)?(?:截断|省略后文)[^\n\])）】]{0,20}[\])）】]?\s*\Z"
    r"|(?:\A|\n)\s*(?:(?:continue|继续|繼續) *(?:generating|generation|responding|response|answer|生成|产生|產生|回答|响应|回复|回應))\s*\Z",
    re.IGNORECASE,
)


_SERVICE = re.compile(
    r"\b(?:requests?|messages?|prompts?|servers?|systems?|services?|network|connection|session|conversations?|chats?|responses?|usage|traffic|demand|"
    r"quota|account|content|something|errors?|activity|capacity)\b"
    r"|请求|访问|提问|操作|服务|系统|网络|连接|会话|对话|登录|次数|额度|配额|人数|使用|流量|[账帐]号|模型|内容|回答|回复|消息|生成|页面|用户|问题",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:too (?:many|fast|long|frequent(?:ly)?)|only one|limit(?:ed)?|reached|exceeded|busy|overloaded|unavailable|expired|fail(?:ed|ure)|errors?|wrong|"
    r"time[ds]? ?out|unable|could ?n[o’']t|cannot be|can[’']t be|not (?:be )?found|high|heavy|unusual|interrupted|lost|violates?|blocked|flagged|suspended|maintenance|disconnected)\b"
    r"|过多|较多|太多|频繁|繁忙|拥挤|火爆|太忙|上限|超[限时出过]|失败|异常|错误|出错|出了点问题|故障|不可用|失效|过期|中断|终止|断开|违规|违反|敏感|屏蔽|无法|不存在|开小差|"
    r"排队|维护|用完|用尽|不足|不太?会回答|不能回答",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"(?:maybe |or |and |so )?(?:please,? )?(?:kindly )?(?:(?:try|come back|check back|retry)\b.{0,40}\b(?:again|later|back|minutes?|seconds?|hours?|bit)\b|"
    r"(?:wait|refresh|reload|log (?:in|out|back)|sign (?:in|out)|slow down|start a new|contact (?:us|support)|check your (?:network|internet|connection)|"
    r"allow (?:any )?other|submit your feedback|send a shorter|retry|upgrade (?:to|your))\b).{0,140}"
    r"|if (?:you|this|the (?:issue|problem|error))\b.{0,80}\bplease\b.{0,120}"
    r"|(?:请|可以|建议|我们|咱们|麻烦)*(?:您|你)?(?:可以)?(?:耐心|稍后|稍候|稍等|稍作|过(?:一|几)?(?:会|分|段|小)|等(?:待)?(?:一|几)?(?:会|下|分)|耐心|休息|刷新|重新|重试|再试|再次|"
    r"检查.{0,6}网络|换个|换一个|登录|联系|开启新|新建|提交.{0,3}反馈|提供反馈|反馈|明天|晚点|\d+ ?(?:秒|分钟|小时)后).{0,30}",
    re.IGNORECASE,
)
_BRIEF = re.compile(
    r"(?:unable to|could ?n[o’']t|failed to|cannot) (?:load|connect|generate|get|fetch|complete|process|send|reach)\b(?: (?:to|the|a|your|this))* ?"
    r"(?:conversation|response|message|server|service|network|history|chat|answer|request|page)?"
    r"|(?:the |this |your )?(?:conversation|chat|session|response|message|request|stream)(?: (?:was|has|has been))? "
    r"(?:not found|expired|timed out|interrupted|stopped|aborted|cancell?ed|failed|deleted|blocked|flagged)"
    r"|(?:用户|您|你)?(?:已经?)?(?:终止|停止|取消|中断)了?(?:生成|回答|输出|回复|响应)"
    r"|(?:生成|加载|请求|发送|连接|获取|回复|响应)(?:回复|回答|内容|对话|消息)?(?:失败|超时|出错|中断)了?"
    r"|(?:该|此|当前|本)?(?:会话|对话|页面|消息|内容|回答|回复)(?:已(?:经)?)?(?:不存在|过期|失效|违规|被?屏蔽|被?删除|终止|加载失败|无法(?:显示|查看|加载))(?:，?(?:无法|不予)(?:显示|查看|展示))?",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[.!?](?:\s+|\Z)|[。！？，；～\n]+|, (?=please\b)", re.IGNORECASE)
_SORRY = re.compile(
    r"(?:(?:非常|十分|很|实在)?(?:抱歉|对不起|不好意思|遗憾)|哎呀|哎哟|您好|你好|亲|oops|sorry|we[’']?re sorry|hmm|uh[- ]oh|whoa(?: there)?)\W*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“「『`]")
"""A notice quotes nothing."""
_LONGEST, _LONGEST_CHINESE = 240, 80


def notice(answer: str) -> str:
    """Return what a service says in the place of an answer, or in the last line of a broken one; "" for an answer."""
    text = answer.strip()
    last = text.rpartition("\n")[2]
    found = _NOTICE.fullmatch(text) if len(text) <= 400 else None
    found = found or (_NOTICE.fullmatch(last) if last != text and len(last) <= 240 else None)
    return found[0].strip()[:200] if found else text if tells_of_trouble_alone(text) else ""


def tells_of_trouble_alone(text: str) -> bool:
    """Return whether a text is a notice by its build: short, and each sentence tells a trouble of a service or what to do about it.

    >>> tells_of_trouble_alone("1小时内请求过多。请稍后再试。"), tells_of_trouble_alone("The cable was too long. Try a shorter one.")
    (True, False)
    """
    if len(text) > (_LONGEST if text.isascii() else _LONGEST_CHINESE + text.count(" ") * 5) or _QUOTED.search(text):
        return False
    parts = [_SORRY.sub("", part.strip(" \t>*_⚠️❗"), count=1) for part in _PARTS.split(text)]
    parts = [part for part in parts if part]
    if not parts:
        return False
    if len(parts) <= 2 and _BRIEF.fullmatch("，".join(parts)):
        return True
    told = [not _REMEDY.fullmatch(part) for part in parts]
    troubles = [part for part, is_told in zip(parts, told, strict=True) if is_told]
    return (
        0 < len(troubles) < len(parts) <= 4
        and all(map(_is_trouble, troubles))
        and not any(a < b for a, b in pairwise(told))
    )


def speaks_of_trouble(question: str) -> bool:
    """Return whether a question is about a trouble of a service itself, so that a short answer may well be about it."""
    return bool(_SERVICE.search(question) and _TROUBLE.search(question))


def _is_trouble(part: str) -> bool:
    return bool(_SERVICE.search(part) and _TROUBLE.search(part))


def mark_of_cut(answer: str) -> str:
    """Return the mark at the end of an answer that says that it was cut there, or ""."""
    found = _CUT.search(answer[-200:])
    return found[0].strip() if found else ""
