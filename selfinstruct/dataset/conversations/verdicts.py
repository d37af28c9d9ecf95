"""The verdict on a turn: the first rule that a question or an answer breaks. Rules are those of every dataset, each asked where it can be asked of a turn."""

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from selfinstruct.dataset.conversations.notices import mark_of_cut, notice, speaks_of_trouble, tells_of_trouble_alone
from selfinstruct.dataset.conversations.records import Exchange, Said, TurnLanguage
from selfinstruct.language import LANGUAGES, foreign_share, han_share, is_other_latin
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.rules import RULES, Rule, first_broken
from selfinstruct.quality.rules.language_match import NEITHER, wrong_language, wrong_language_output
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.rouge import tokens

Disabled = Mapping[LanguageCode, Container[str]]
_LOOK = 8_000
"""Characters of a turn that its language is told by."""
_LEAST, _MOST = 0.2, 0.5
"""Share of Chinese characters, among those and words, between which a turn has both languages."""
_PERSONAL = ("email_address", "phone_number", "identity_number", "secret_key")
_OF_ANY_TEXT: tuple[Rule, ...] = tuple(RULES[name] for name in ("control_characters", "mojibake", *_PERSONAL))
"""Rules for every text: questions, answers, system texts, thoughts, results of tools."""
_OF_ANSWERS: tuple[Rule, ...] = tuple(
    RULES[name]
    for name in (
        "control_tokens", "leaked_scaffold", "empty_output", "placeholder_output", "self_reference", "refusal", "repeats_itself", "open_fence",
        "open_bracket", "unfinished_output",
    )
)  # fmt: skip
"""Rules for an answer to its question. Those that do a task again (sums, counts, code, order) are `validate`'s: they say nothing of a turn."""
_OF_WRITER: tuple[Rule, ...] = (RULES["self_reference"], RULES["refusal"])
_NOTHING = Candidate(language="en", index=0, position=0)
_SHARED = 2
"""Words, or half as many characters of Chinese, that a notice has from the question where it was asked for."""
OTHER_LANGUAGE, SERVICE_NOTICE, CUT_OFF, EMPTY = "other_language", "service_notice", "truncated", "empty_turn"


@lru_cache(maxsize=256)
def language_of_turn(text: str) -> TurnLanguage:
    """Return the language of a text, code aside."""
    words = prose(text[:_LOOK])
    if not any(one.isalpha() for one in words):
        return "none"
    if foreign_share(words) > 0.3 or is_other_latin(words):
        return "other"
    share = han_share(words)
    return "en" if share < _LEAST else "zh" if share >= _MOST else "mixed"


def broken_text(said: Said, disabled: Disabled) -> tuple[str, str]:
    """Return (rule, detail) of the first rule that a system's text, a thought or a result breaks, ("", "") for none."""
    message = said.turn.message or {}
    texts = (said.turn.text, said.turn.reasoning, message.get("content"), message.get("reasoning_content"))
    for text in texts:
        if isinstance(text, str) and text:
            candidate = _candidate(guess_language(text[:_LOOK]), "", text)
            if found := first_broken(_OF_ANY_TEXT, candidate, disabled.get(candidate.language, ())):
                return found
    return "", ""


def broken_exchange(one: Exchange, disabled: Disabled) -> tuple[str, str, int]:
    """Return (rule, detail, number of the bad turn) of the first rule that an exchange breaks, ("", "", 0) for none."""
    for found, said in _defects(one, disabled):
        if found and found[0]:
            return *found, said.number
    return "", "", 0


def _defects(one: Exchange, disabled: Disabled) -> Iterator[tuple[tuple[str, str] | None, Said]]:
    asked, answered = one.asked, one.answered
    question, answer = asked.turn.text, answered.turn.text if answered else ""
    language = guess_language(question[:_LOOK])
    off = disabled.get(language, ())
    candidate = _candidate(language, question, answer)
    yield first_broken((RULES["unsafe"],), candidate, off), asked
    if any_text := first_broken(_OF_ANY_TEXT, candidate, off):
        own = first_broken(_OF_ANY_TEXT, _candidate(language, question, ""), off)
        yield own or any_text, asked if own or answered is None else answered
    if language_of_turn(question) == "other":
        yield _neither(wrong_language(candidate, LANGUAGES[language])), asked
    for said in (*one.between, *([answered] if answered and answered.turn.reasoning else [])):
        yield broken_text(said, disabled), said
    if answered is not None:
        yield _of_answer(answered, candidate) or first_broken(_OF_ANSWERS, candidate, off), answered
        if (other := guess_language(answer[:_LOOK])) != language:
            yield first_broken(_OF_WRITER, _candidate(other, question, answer), disabled.get(other, ())), answered


def _of_answer(answered: Said, candidate: Candidate) -> tuple[str, str] | None:
    """Return the defect of an answer that chat services alone have, or that it is in neither of our languages."""
    answer = candidate.output
    if (said := notice(answer)) and not _is_asked_for(said, candidate.instruction):
        return SERVICE_NOTICE, f'says "{said[:80]}"'
    if why := answered.cut_off or mark_of_cut(answer):
        return CUT_OFF, f"ends with {why}"
    return (
        _neither(wrong_language_output(candidate, LANGUAGES[candidate.language]))
        if language_of_turn(answer) == "other"
        else None
    )


def _is_asked_for(notice_text: str, question: str) -> bool:
    """Return whether a notice is what the question wants: it is about those words, or wants a translation."""
    languages = LANGUAGES.values()
    fillers = frozenset[str]().union(*(one.sets["fillers"] for one in languages))
    shared = {*tokens(question[:_LOOK])} & {*tokens(notice_text)} - fillers
    translated = any(one.matches(one.asks_for_translation, question) for one in languages)
    if tells_of_trouble_alone(notice_text) and speaks_of_trouble(question[:_LOOK]):
        return True
    return translated or len(shared) >= (_SHARED if notice_text.isascii() else 2 * _SHARED)


def _neither(detail: str) -> tuple[str, str] | None:
    return (OTHER_LANGUAGE, detail) if detail == NEITHER else None


def _candidate(language: LanguageCode, question: str, answer: str) -> Candidate:
    return _NOTHING.model_copy(update={"language": language, "instruction": question, "output": answer})
