"""Characters without width: noticed at the beginning of a text and as byte order marks, repaired, and left where they have a use."""

import pytest

from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.quality.findings import Checked, findings
from selfinstruct.quality.repair import Field, repair_text
from selfinstruct.records import LanguageCode

SOUND: dict[LanguageCode, tuple[str, str]] = {
    "en": ("Name two rivers that flow through Ireland.", "The Shannon and the Liffey."),
    "zh": ("说出两条流经四川的河流。", "岷江和嘉陵江。"),
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
LEADING = ["\u200b", "\ufeff", "\u2060", "\u200d", "\u00ad", " \u200b", "\u200b \ufeff"]


def details(language: LanguageCode, instruction: str, given: str, output: str) -> list[str]:
    found = findings([Checked(1, language, instruction, given, output)])
    return [one.detail for one in found if one.rule == "invisible_characters" and one.severity == "error"]


@LANGUAGES
@pytest.mark.parametrize("before", LEADING)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_at_the_beginning_of_a_text_is_noticed_and_repaired(
    language: LanguageCode, before: str, place: int
) -> None:
    question, answer = SOUND[language]
    texts = [question, "Bergen 卑尔根", answer]
    texts[place] = before + texts[place]
    name: Field = ("instruction", "input", "output")[place]
    assert details(language, *texts) == [f"the {name} begins with U+{ord(before[-1]):04X}"]
    repaired, done = repair_text(texts[place], name)
    assert repaired.lstrip() == [question, "Bergen 卑尔根", answer][place]
    assert done[0] == "invisible_characters"


@LANGUAGES
def test_each_kind_of_character_is_counted_apart(language: LanguageCode) -> None:
    question, answer = SOUND[language]
    hidden = f"{answer[:3]}\u200b{answer[3:5]}\u2060{answer[5:7]}\u200b{answer[7:9]}"
    assert details(language, question, "", hidden) == ["3 characters without width: U+200B × 2, U+2060 × 1"]
    assert details(language, question, "", hidden.replace("\u2060", "\u200b")) == ["3 times U+200B"]


@LANGUAGES
def test_a_byte_order_mark_inside_a_text_is_noticed_and_repaired(language: LanguageCode) -> None:
    question, answer = SOUND[language]
    torn = f"{answer[:5]}\ufeff{answer[5:]}"
    assert details(language, question, "", torn) == ["contains U+FEFF, the mark of a file's beginning"]
    assert repair_text(torn, "output") == (answer, ["invisible_characters"])


@LANGUAGES
def test_a_flood_is_repaired_as_well(language: LanguageCode) -> None:
    _, answer = SOUND[language]
    assert repair_text("\u200b".join(answer), "output") == (answer, ["invisible_characters"])
    assert (
        repair_text("\u200d\u200b\u200d\ufeff".join(answer), "output")[0]
        == repair_text(repair_text("\u200d\u200b\u200d\ufeff".join(answer), "output")[0], "output")[0]
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The word is extra\u00adordinary."),
        ("en", "A family 👨\u200d👩\u200d👧 and a heart ❤\ufe0f."),
        ("zh", "这是一家人👨\u200d👩\u200d👧。"),
        ("zh", "波斯语 می\u200cخواهم 的意思是“我想要”。"),
    ],
)
def test_where_one_has_a_use_it_stays(language: LanguageCode, text: str) -> None:
    assert details(language, SOUND[language][0], "", text) == []
    assert repair_text(text, "output") == (text, [])


def test_what_only_shows_without_them_is_repaired_too() -> None:
    assert repair_text("Caf\u00c3\ufeff\u00a9", "output") == ("Café", ["invisible_characters", "mojibake"])


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("The Shannon\u200b and the Lif\u2060fey.", "The Shannon and the Liffey."),
        ("岷江\u200b和嘉\u2060陵江。", "岷江和嘉陵江。"),
        ("A co\u200dmet\u200c passes.", "A comet passes."),
        ("彗\u200d星\u200c飞过。", "彗星飞过。"),
        ("Wave 👋\u200d please", "Wave 👋 please"),
        ("Sum\u2061(x)\u2062y\u034f\u180e", "Sum(x)y"),
    ],
)
def test_single_ones_without_a_use_are_taken_out(text: str, repaired: str) -> None:
    assert repair_text(text, "output") == (repaired, ["invisible_characters"])


@pytest.mark.parametrize(
    "text",
    [
        "A nurse 👩🏽\u200d⚕\ufe0f, a heart ❤\ufe0f\u200d🔥, a flag 🏳\ufe0f\u200d🌈.",
        "程序员👨\u200d💻和彩虹旗🏳\ufe0f\u200d🌈。",
        "Hindi: क\u094d\u200dष, Persian: ه\u200d.",
        "Khmer: ភាសា\u200bខ្មែរ, Thai: ภาษา\u200bไทย.",
        "Mongolian: ᠮᠣᠩᠭᠣ\u180eᠯ",
        "A co\u00adoperative.",
    ],
)
def test_a_joiner_or_break_that_a_script_needs_stays(text: str) -> None:
    assert repair_text(text, "output") == (text, [])


@LANGUAGES
def test_a_row_about_such_characters_keeps_single_ones(language: LanguageCode) -> None:
    asked = {"en": "Find the zero-width space.", "zh": "找出文中的零宽空格。"}[language]
    row = {"instruction": asked, "input": "ab\u200bcd", "output": "ab|cd"}
    assert repaired(row).value == row


@LANGUAGES
def test_a_repaired_row_says_how_often_each_was_taken_out(language: LanguageCode) -> None:
    question, answer = SOUND[language]
    found = repaired(
        {"instruction": question + "\u2060", "output": f"{answer[:3]}\u200b{answer[3:4]}\u200b{answer[4:]}\u2061"},
        marked=True,
    )
    assert found.taken_out == {"U+FEFF": 1, "U+2060": 1, "U+200B": 2, "U+2061": 1}
    assert found.details[0] == "U+FEFF once"
    assert any("U+200B 2 times" in one for one in found.details)


@pytest.mark.parametrize(
    ("text", "begins"), [("中国的茶很香。", ""), ("中国的茶很香。", "\u200b"), ("The river Tajo is named Teífilo.", "")]
)
def test_misread_bytes_are_no_characters_that_were_taken_out(text: str, begins: str) -> None:
    garbled = text.encode().decode("latin-1")
    assert "\xad" in garbled
    row = {"instruction": "Say something.", "input": "", "output": f"{begins}{garbled}"}
    found = repaired(row)
    assert found.value["output"] == text
    assert found.taken_out == ({"U+200B": 1} if begins else {})
