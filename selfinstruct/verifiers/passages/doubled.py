"""Slips of the keyboard: swapped letters in English words, two characters typed twice in Chinese; the task is to mend them."""

import re

from selfinstruct.verifiers.kind import Draw, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import digest, draw_scene, edited

_FRAMES = {
    "en": (
        "In {count} of this text, two neighbouring letters were swapped. Put them right and keep everything else.",
        "This message was typed in a hurry: {count} have two letters in the wrong order. Give the corrected text.",
        "Find the {count} that are misspelt because two letters changed places, and write out the text correctly.",
        "Correct the typing errors ({count} with two swapped letters each) and leave the rest of the text untouched.",
    ),
    "zh": (
        "这段文字里有{count}把两个字多打了一遍，请改正，其他不动。",
        "打字太急，下面有{count}把相邻的两个字打重了。请给出改好的全文。",
        "文中有{count}不小心把两个字输了两遍，请删去多余的，写出正确的全文。",
        "请校对这段话：有{count}把两个字重复写了一遍，去掉重复，其余照抄。",
    ),
}
_WHAT = {"en": "letters", "zh": "字"}
"""What was typed wrongly; another wording names it too."""
_COUNTS = {"en": {2: "two words", 3: "three words"}, "zh": {1: "一处", 2: "两处"}}
_WORDS = frozenset(
    re.findall(
        r"\w+",
        """already always another answer anything appointment arrange arrived attend available because before between building cannot
        change collect collected colleague coming condition confirm confirmed contact course delivered delivery details everyone
        evening excellent excuse favour feeding finished gladly homework included including information invited joining letting
        looking located materials meeting message morning nobody number office offered organised outside people perfect please
        possible questions received repair repaired repairs residents return scheduled school selling sending should started
        starting thanks things together understand unable wanted welcome welcoming whether without wonderful planned leaves booked
        working during further""",
    )
)
_PAIRS = frozenset(
    re.findall(
        r"\w+",
        """名额 报名 预约 预订 订购 送到 收货 方便 如果 提前 短信 领取 说明 里面 失主 认领 业主 准时 参加 意见 告诉 因为 不能 上课
        作业 已经 费用 之前 期待 光临 入住 房费 集合 上车 转让 成色 价格 自取 同事 兴趣 届时 保持 通道 畅通 疑问 拨打 进行 主讲 学费
        有限 尽早 开课 改天 放在 我们 消息 通知 大家 居民 各位 请假 学校 身体 需要 无法 到校 批准 照看 邻居 电话 遗失 捡到
        丢失 本人 前来 证件 施工 期间 影响 谅解 停用 车辆 停放 会议 召开 邀请 聚会 一起 到时 取消 店里 维修 修好 完成 送货 上门 在家
        签收 收到 房间 住宿 办理 成功 保留 郊游 社团 出发 成员 基础 学员 招生 开始 亲自 授课 二手 几乎 使用 功能 完好 低价 出售 代班
        临时 实在 下次 家里 位于 时间 举行 商家 顾客 到达 没有 现在 由于 希望 能够 直接 及时 前往 负责 咱们""",
    )
)


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task | None:
    """Make the task on a message; None when it holds too few words that can be broken without becoming other words."""
    text, least = text.strip(), 1 + (draw.language == "en")
    slips = (_swapped if draw.language == "en" else _doubled)(draw, scene, text)[: least + draw.level - 1]
    broken = text
    for wrong, right in slips:
        broken = broken.replace(right, wrong)
    arguments = {"slips": slips, "text": digest(broken)}
    if len(slips) < least or _mended(broken, slips) != text:
        return None
    count = _COUNTS[draw.language][len(slips)]
    return Task(
        draw.rng.choice(_FRAMES[draw.language]).format(count=count),
        broken,
        text,
        arguments,
        (count, _WHAT[draw.language]),
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: each slip stands in the input once, and mending them gives the answer."""
    slips = row.arguments["slips"]
    if missing := next(
        (wrong for wrong, right in slips if row.input.count(wrong) != 1 or not _is_slip(wrong, right)), ""
    ):
        return f"the input does not hold the slip `{missing}`"
    return edited(row) or unequal(row, _mended(row.input, slips), _COUNTS[row.language][len(slips)])


def _swapped(draw: Draw, scene: Scene, text: str) -> list[list[str]]:
    held = " ".join(value for _, value in scene.details).lower()
    words = [
        word
        for word in re.findall(r"\b[a-z]{6,}\b", text)
        if word in _WORDS and word not in held and text.lower().count(word) == 1
    ]
    slips = []
    for word in draw.rng.sample(words, len(words)):
        place = draw.rng.choice([place for place in range(1, len(word) - 2) if word[place] != word[place + 1]])
        slips.append([word[:place] + word[place + 1] + word[place] + word[place + 2 :], word])
    return slips


def _doubled(draw: Draw, scene: Scene, text: str) -> list[list[str]]:
    rest = text
    for _, value in scene.details:
        rest = rest.replace(value, " ")
    pairs = [pair for pair in sorted(_PAIRS) if pair in rest]
    chosen: list[str] = []
    for pair in draw.rng.sample(pairs, len(pairs)):
        if text.count(pair) == 1 and not set(pair) & set("".join(chosen)):
            chosen.append(pair)
    return [[pair * 2, pair] for pair in chosen]


def _is_slip(wrong: str, right: str) -> bool:
    swaps = (right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(len(right) - 1))
    return wrong == right * 2 or (wrong != right and wrong in swaps)


def _mended(text: str, slips: list[list[str]]) -> str:
    for wrong, right in slips:
        text = text.replace(wrong, right)
    return text.strip()


KIND = Kind("doubled", "passage", draw, fault, build)
