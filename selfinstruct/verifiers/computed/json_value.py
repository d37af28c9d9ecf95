"""The value at a described place of a small nested JSON: a field of a field, or of one entry of a list."""

import json
import random
from typing import Final

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_NAMES = {"en": "Ana Ben Chloe Dev Ella Farid", "zh": "张敏 刘洋 陈静 赵磊 黄丽 吴昊"}
_CITIES = {"en": "Leeds Cork Boston Perth Ottawa Bristol", "zh": "成都 杭州 西安 青岛 昆明 长沙"}
_THINGS = {"en": "kettle toaster lamp mirror clock rug", "zh": "电饭煲 台灯 雨伞 闹钟 毛毯 书架"}
_TALKS = {
    "en": "Growing herbs|Mending clothes|Baking bread|Keeping bees|Saving energy",
    "zh": "家庭种菜|旧衣改造|烘焙入门|养蜂常识|节能妙招",
}
_LISTS: Final = {
    "order": ("items", ("name", "quantity", "price")),
    "event": ("talks", ("title", "speaker", "minutes")),
    "trip": ("stops", ("city", "nights")),
}
_PLACES: Final = {
    "en": {
        "customer.name": "the name of the customer",
        "customer.address.city": "the city in the customer's address",
        "customer.address.street": "the street and house number in the customer's address",
        "venue.room": "the room of the venue",
        "venue.contact.extension": "the extension of the venue's contact",
        "venue.contact.name": "the name of the venue's contact",
        "traveller.name": "the name of the traveller",
        "traveller.ticket.seat": "the seat on the traveller's ticket",
        "traveller.ticket.coach": "the coach on the traveller's ticket",
        "items.name": "the name of the {nth} item",
        "items.quantity": "the quantity of the {nth} item",
        "items.price": "the price of the {nth} item",
        "talks.title": "the title of the {nth} talk",
        "talks.speaker": "the speaker of the {nth} talk",
        "talks.minutes": "the length of the {nth} talk in minutes",
        "stops.city": "the city of the {nth} stop",
        "stops.nights": "the number of nights at the {nth} stop",
    },
    "zh": {
        "customer.name": "顾客的姓名",
        "customer.address.city": "顾客地址中的城市",
        "customer.address.street": "顾客地址中的街道和门牌号",
        "venue.room": "会场的房间号",
        "venue.contact.extension": "会场联系人的分机号",
        "venue.contact.name": "会场联系人的姓名",
        "traveller.name": "旅客的姓名",
        "traveller.ticket.seat": "旅客车票上的座位号",
        "traveller.ticket.coach": "旅客车票上的车厢号",
        "items.name": "第{nth}件商品的名称",
        "items.quantity": "第{nth}件商品的数量",
        "items.price": "第{nth}件商品的价格",
        "talks.title": "第{nth}场讲座的题目",
        "talks.speaker": "第{nth}场讲座的主讲人",
        "talks.minutes": "第{nth}场讲座的分钟数",
        "stops.city": "第{nth}站的城市",
        "stops.nights": "第{nth}站的住宿晚数",
    },
}
_NTH = {"en": ("first", "second", "third", "fourth"), "zh": "一二三四"}
_FRAMES = {
    "en": (
        "Find {place} in this JSON.",
        "Read off {place} from the JSON below.",
        "I need {place} out of this data, and nothing else.",
        "Look up {place} in the JSON and write the bare value.",
    ),
    "zh": (
        "在这段 JSON 里查出{place}。",
        "请从下面的 JSON 中读出{place}，把值写出来。",
        "我想知道这份数据里{place}，请写出对应的值。",
        "看这段 JSON，写出{place}。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a document and a place in it; for a strong teacher in its list or in its innermost object."""
    rng, language = draw.rng, draw.language
    kind = rng.choice(sorted(_LISTS))
    document = _document(rng, language, kind, draw.level + 1)
    listed, fields = _LISTS[kind]
    owner = next(name for name in ("customer", "venue", "traveller") if name in document)
    single = [path.split(".") for path in _PLACES["en"] if path.startswith(owner) and path.count(".") >= draw.level]
    entry: list[Json] = [listed, rng.randrange(draw.level + 1), rng.choice(fields)]
    path: list[Json] = entry if rng.random() < 0.5 else list(rng.choice(single))
    arguments = {"document": document, "path": path}
    place = _place(path, language)
    instruction = rng.choice(_FRAMES[language]).format(place=place)
    return Task(instruction, _written(arguments), _answer(arguments), arguments, (place,))


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    place = _place(row.arguments["path"], row.language)
    return unequal(row, _answer(row.arguments), place, given=_written(row.arguments))


def _document(rng: random.Random, language: str, kind: str, size: int) -> dict[str, Json]:
    names, cities = _NAMES[language].split(), _CITIES[language].split()
    if kind == "order":
        street = f"中山路{rng.randint(2, 90)}号" if language == "zh" else f"{rng.randint(2, 90)} Mill Lane"
        customer = {"name": rng.choice(names), "address": {"city": rng.choice(cities), "street": street}}
        things = rng.sample(_THINGS[language].split(), size)
        items = [{"name": thing, "quantity": rng.randint(1, 6), "price": rng.randint(9, 120)} for thing in things]
        return {"order": rng.randint(1000, 9999), "customer": customer, "items": items}
    if kind == "event":
        contact, *speakers = rng.sample(names, size + 1)
        titles = rng.sample(_TALKS[language].split("|"), size)
        talks = [
            {"title": title, "speaker": who, "minutes": rng.randrange(20, 65, 5)}
            for title, who in zip(titles, speakers, strict=True)
        ]
        venue = {
            "room": f"{rng.choice('ABC')}{rng.randint(101, 320)}",
            "contact": {"name": contact, "extension": rng.randint(201, 899)},
        }
        return {"venue": venue, "talks": talks}
    ticket = {"coach": rng.randint(1, 9), "seat": f"{rng.randint(1, 18)}{rng.choice('ABCF')}"}
    stops = [{"city": city, "nights": rng.randint(1, 5)} for city in rng.sample(cities, size)]
    return {"traveller": {"name": rng.choice(names), "ticket": ticket}, "stops": stops}


def _place(path: list[Json], language: str) -> str:
    if isinstance(path[1], int):
        listed, number, field = path
        return _PLACES[language][f"{listed}.{field}"].format(nth=_NTH[language][number])
    return _PLACES[language][".".join(path)]


def _written(arguments: dict[str, Json]) -> str:
    return json.dumps(arguments["document"], ensure_ascii=False, indent=2)


def _answer(arguments: dict[str, Json]) -> str:
    value = arguments["document"]
    for step in arguments["path"]:
        value = value[step]
    return str(value)


KIND = Kind("json_value", "wording", draw, fault)
