"""Characters without width: noticed at the beginning of a text and as byte order marks, repaired, and left where they have a use."""

import pytest

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
