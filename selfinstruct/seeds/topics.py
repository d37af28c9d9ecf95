"""The topic that the prompts of `steered` show with a seed: its own, else its category as a word of its language."""

import re
from typing import Final

from selfinstruct.records import LanguageCode, Seed

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_IN_CHINESE: Final = {
    "brainstorming": "出主意",
    "business": "商务",
    "classical_chinese": "文言文",
    "classification": "分类",
    "closed_qa": "阅读问答",
    "code": "编程",
    "creative_writing": "文学创作",
    "customer_service": "客户服务",
    "data_formats": "数据格式",
    "debugging": "程序调试",
    "dialogue": "对话",
    "everyday_life": "日常生活",
    "extraction": "信息提取",
    "health": "健康",
    "history_culture": "历史文化",
    "language_usage": "语言运用",
    "law_civics": "法律常识",
    "mathematics": "数学",
    "official_writing": "公文写作",
    "open_qa": "知识问答",
    "planning": "计划安排",
    "reasoning": "推理",
    "rewriting": "改写",
    "role_play": "角色扮演",
    "science": "科学",
    "summarization": "概括",
    "translation": "翻译",
    "writing": "写作",
}
"""The categories of the seeds that ship, and those that others name so."""


def topic_of(seed: Seed, language: LanguageCode) -> str:
    """Return the topic of a seed; where it has none its category, or its name, stands in: "" where that is no word of the language.

    A Chinese prompt shows no English word as a topic; the topic that a seed itself names may be one, such as `Python`.
    """
    if seed.topic.strip():
        return seed.topic
    category = seed.category or seed.name
    if language == "en" or _HAN.search(category):
        return category.replace("_", " ")
    return _IN_CHINESE.get(category, "")
