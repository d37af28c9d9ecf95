"""Leading verbs and their nouns: what is recognized, and what is not."""

import pytest

from selfinstruct.language.leading_verb import action

ENGLISH = {
    "Write a short story about a dragon who hates fire.": ("write", "story"),
    "Please give me an example of a metaphor.": ("give", "example"),
    "Could you explain the second law of thermodynamics?": ("explain", "law"),
    "List three ways to save water at home.": ("list", "way"),
    "Summarize the following article in two sentences.": ("summarize", "article"),
    "Translate this paragraph into French.": ("translate", "paragraph"),
    "Given a list of numbers, compute their average.": ("compute", "average"),
    "In one sentence, describe your favourite city.": ("describe", "city"),
    "Briefly outline the main stages of photosynthesis.": ("outline", "stage"),
    "Classify each animal as a mammal or a bird.": ("classify", "animal"),
    "Generate a Python function that reverses a string.": ("generate", "function"),
    "Come up with a name.": ("", ""),
    "Sort out the boxes by weight.": ("sort", "box"),
    "Explain why the sky is blue.": ("explain", ""),
    "Reply to the message sent by the landlord.": ("reply", ""),
    "Route the message sent by the landlord to a desk.": ("route", "message"),
    "What is the capital of Peru?": ("", ""),
    "The quick brown fox jumps.": ("", ""),
    "": ("", ""),
}
CHINESE = {
    "写一首关于春天的诗。": ("写", "诗"),
    "请用三句话介绍长城。": ("介绍", "长城"),
    "请把下面的句子翻译成英文。": ("翻译", "句子"),
    "将这段文字改写成正式的书面语。": ("改写", "文字"),
    "为一家咖啡店写一句广告语。": ("写", "广告语"),
    "给出三个保持健康的提示。": ("给出", "提示"),
    "根据以下材料，概括段落的主要内容。": ("概括", "内容"),
    "谈谈你对加班文化的看法。": ("谈谈", "看法"),
    "列举五种常见的家用电器。": ("列举", "家用电器"),
    "帮我设计一个周末的旅行计划。": ("设计", "计划"),
    "解释为什么天空是蓝色的。": ("解释", ""),
    "编写一个Python函数，判断一个数是不是质数。": ("编写", "函数"),
    "计算这个三角形的面积。": ("计算", "面积"),
    "找出句子里的错别字并改正。": ("找出", "错别字"),
    "说明光合作用的过程和意义。": ("说明", "过程"),
    "程序员写的更新日志普通人看不懂。": ("", ""),
    "根据用户写的日志，概括主要内容。": ("概括", "内容"),
    "什么是黑洞？": ("", ""),
    "": ("", ""),
}


@pytest.mark.parametrize(("instruction", "expected"), ENGLISH.items())
def test_english(instruction: str, expected: tuple[str, str]) -> None:
    assert action(instruction, "en") == expected


@pytest.mark.parametrize(("instruction", "expected"), CHINESE.items())
def test_chinese(instruction: str, expected: tuple[str, str]) -> None:
    assert action(instruction, "zh") == expected


def test_a_long_instruction_is_looked_at_only_at_its_beginning() -> None:
    assert action("word " * 100_000 + "Write a poem.", "en") == ("", "")
    assert action("字" * 100_000 + "。写一首诗。", "zh") == ("", "")
