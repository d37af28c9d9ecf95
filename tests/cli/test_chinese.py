"""The catalogues have the Chinese of every text that can reach a reader, with its values, and of nothing that nobody says."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from selfinstruct.quality.rules import DOUBTS, RULES, describe
from selfinstruct.system.chinese import translator
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.rendered import rendered_texts
from tests.support.spoken import counted_nouns, headers, renumbered, texts_of

CATALOGUES = PACKAGE / "cli" / "chinese"
ENGLISH_ONLY = Path(__file__).parents[1] / "support" / "english_only.toml"
PAGES = ("reports",)
"""Packages with catalogues of their own, whose tests are beside theirs."""
BY_CALL = ("descriptions", "help", "doctor", "explain", "options")
PACKAGES = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if (path.is_dir() and (path / "__init__.py").is_file()) or path.suffix == ".py"
    if path.stem not in {*PAGES, "__init__", "__main__", "_data"}
)
UNSENT = (".words", ".cells", ".nouns")
"""Sections that hold no message."""
FIELD = re.compile(r"\{\d+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]\.(?=\s|$)")
"""Punctuation of English behind Chinese."""
VERBATIM = re.compile(
    r"“[^”]*”|`[^`]*`|\"[^\"]*\"|'[^']*'|\[[\w.]+\](?: \w+)?|pip install \w+|\S*[/\\]\S*|\S+\.\w{1,5}\b|--[\w-]+|\b\w+_\w+\b|\w+=\S+"
)
"""Quotations, paths, commands, keys and settings."""
ENGLISH = re.compile(
    r"\b(?:a|all|an|and|are|as|at|be|but|by|can|cannot|each|every|for|from|has|have|if|in|is|its?|lacks?|left|more|no|not|of|on|once|only|or|out|said|says"
    r"|since|than|that|the|their|they|to|was|were|what|when|where|which|who|will|with)\b|[a-z]{3,} [a-z]{3,} [a-z]{3,}"
)
"""Words without which hardly an English sentence is made, and three words running."""


def _sections(*, libraries: bool = True) -> dict[str, dict[str, str]]:
    """Return {file and section: {English: Chinese}} of the messages."""
    return {
        f"{path.stem}.{name}": entries
        for path in sorted(CATALOGUES.glob("*.toml"))
        if path.stem not in BY_CALL and (libraries or path.stem != "libraries")
        for name, entries in tomllib.loads(read_text(path)).items()
    }


def _messages(*, libraries: bool = True) -> dict[str, str]:
    return {
        english: chinese
        for name, entries in _sections(libraries=libraries).items()
        if not name.endswith(UNSENT)
        for english, chinese in entries.items()
    }


def _by_call() -> set[str]:
    """Return the texts whose Chinese `said` looks up (`test_messages.py`)."""
    sections = [
        section for name in BY_CALL for section in tomllib.loads(read_text(CATALOGUES / f"{name}.toml")).values()
    ]
    return {renumbered(english) for section in sections for english in section}


def _english_only() -> tuple[set[str], set[str]]:
    """Return the files and the texts that stay English."""
    reasons = tomllib.loads(read_text(ENGLISH_ONLY)).values()
    return {name for one in reasons for name in one.get("files", ())}, {
        text for one in reasons for text in one.get("texts", ())
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_that_can_reach_a_reader_has_its_chinese(package: str) -> None:
    """What is missing goes into `selfinstruct/cli/chinese/`; what nobody reads, or must stay, into `tests/support/english_only.toml`."""
    messages = _messages()
    files, english = _english_only()
    known = {*messages, *map(str.strip, messages), *english, *_by_call()}
    missing = [
        f"{one.place}: {one.template}"
        for one in texts_of(package)
        if one.is_prose and one.place.split(":")[0] not in files and not known & {one.template, one.template.strip()}
    ]
    assert missing == []


@pytest.mark.thorough
@pytest.mark.parametrize("package", PACKAGES)
def test_no_english_is_left_of_a_text_once_its_values_stand_in_it(package: str) -> None:
    """What the texts of the code are made of is written out: amounts, choices, lists, what other functions say."""
    files, english = _english_only()
    unsent = english | set(map(str.strip, english)) | _by_call()
    left: dict[str, str] = {}
    for text, made in rendered_texts(package):
        lines = {renumbered(line).strip() for line in text.template.split("\n")}
        if text.is_prose and text.place.split(":")[0] not in files and not lines & unsent:
            chinese = {one: translator().message(one) for one in made}
            left |= {one: said for one, said in chinese.items() if ENGLISH.search(VERBATIM.sub("", said))}
    assert left == {}


def test_every_noun_that_is_counted_and_every_header_has_its_chinese() -> None:
    sections = _sections()
    assert counted_nouns() - set(sections["common.nouns"]) == set()
    assert headers() - {*sections["common.words"], *sections["common.cells"]} == set()


def test_what_a_rule_finds_has_its_chinese() -> None:
    assert _defects() - set(_messages()) == set()


def test_nothing_has_chinese_that_nobody_says() -> None:
    said = {one.template for package in _all() for one in texts_of(package)} | _defects()
    said |= {text.strip() for text in said}
    unsaid = [english for english in _messages(libraries=False) if not said & {english, english.strip()}]
    assert unsaid == []
    files, english = _english_only()
    assert {text for text in english if text not in said} == set()
    assert {name for name in files if not (PACKAGE / name).is_file()} == set()


def test_a_text_has_one_chinese_whichever_catalogue_names_it() -> None:
    found = defaultdict(set)
    for name, entries in _sections().items():
        kind = name.rpartition(".")[2] if name.endswith(UNSENT) else "messages"
        for english, chinese in entries.items():
            found[kind, english].add(chinese)
    assert {one: several for one, several in found.items() if len(several) > 1} == {}


def test_the_chinese_has_no_value_that_the_english_lacks_and_no_english_punctuation() -> None:
    strange = [
        english
        for entries in _sections().values()
        for english, chinese in entries.items()
        if not set(FIELD.findall(chinese)) <= {*FIELD.findall(english), "{0}"} or HALF_WIDTH.search(chinese)
    ]
    assert strange == []


def test_no_value_gets_lost_but_those_of_grammar() -> None:
    """`is` and `are`, the s of a plural and the like; `english_only.toml` names them."""
    lost = {
        english for english, chinese in _messages().items() if {*FIELD.findall(english)} - {*FIELD.findall(chinese)}
    }
    assert lost == set(tomllib.loads(read_text(ENGLISH_ONLY))["grammar"]["dropped"])


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_catalogue_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(read_text(path).split("\n")) <= 251


def _defects() -> set[str]:
    """Return what `validate --explain` says that rules find, which are the first sentences of their docstrings, and where they are from."""
    described = [describe(rule) for rule in (*RULES.values(), *DOUBTS.values())]
    return {text for one in described for text in (one.defect, one.source) if text}


def _all() -> list[str]:
    return [*PACKAGES, *PAGES]
