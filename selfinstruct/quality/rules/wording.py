"""Rules for wording: an answer that declines, speaks of its writer or only stands for one; a request for harm.

Each has a core of stock phrases, and behind it the classifier, which weighs the beginning and end of the answer against the instruction.
"""

import re

from selfinstruct.language import Language
from selfinstruct.quality.classifier import finds
from selfinstruct.quality.rules.text import unquoted
from selfinstruct.records import Candidate

_LOOK, _HEAD, _BEGINNING, _LONGEST, _SHORT, _STUB = 1_000, 200, 8, 2_000, 200, 60
_GAP = re.compile(r"[\[<(（【{_…．]|\.\.|xx")
"""What an answer has that is in brackets or leaves a gap."""
_OPENING = frozenset("[(<（【")
_BRACKETS = re.compile(r"[\[<(（【{]\s*([^\[\]<>()（）【】{}\n,，、:=\"'\d\\/]{2,80}?)\s*[\])>）】}]\W*")
_WHETHER = re.compile(r"(?!.*(?:what|which|who|name|give|[什哪谁几多]))[^\n]{1,60}[?？]\s*")
"""A question that `No` answers."""
_REASON = re.compile(r"(n/?a|not applicable|不适用|无)\s?[（(—–:：-].{3,}", re.IGNORECASE | re.DOTALL)


def refusal(candidate: Candidate, language: Language) -> str:
    """Answer that declines, or asks for the material it should have had.

    Source: airoboros and BELLE list such phrases; the classifier of `classifier/`
    """
    said = language.folded(unquoted(candidate.output[:_LOOK])).strip()
    if (found := language.declines.search(said)) and not _is_given(found[0], candidate, language):
        return f'says "{found[0].strip()[:80]}"'
    if (alone := language.declines_alone.search(said)) and not _wants_it_said(candidate, language):
        return f'says "{alone[0].strip()[:80]}"'
    is_asked = may_decline(candidate, language) and language.writer.search(said) and language.doubts.search(said)
    return finds("refusal", candidate) if is_asked and not _is_given(said[:_BEGINNING], candidate, language) else ""


def self_reference(candidate: Candidate, language: Language) -> str:
    """Answer in which the teacher speaks of itself: a model, its makers, its training, its lack of feelings.

    Where it is asked about itself that is a warning if it says whose model it is: the learner will be somebody else's.
    Source: airoboros and BELLE list such phrases
    """
    found, is_asked = _of_itself(candidate, language)
    return "" if is_asked else found


def may_name_maker(candidate: Candidate, language: Language) -> str:
    """Answer to a question about the model that says whose it is."""
    found, is_asked = _of_itself(candidate, language)
    return found if is_asked else ""


def _of_itself(candidate: Candidate, language: Language) -> tuple[str, bool]:
    """Return what an answer says of its writer, and whether it was asked."""
    said = language.folded(unquoted(candidate.output))
    product = language.product.search(said)
    found = product or language.as_machine.search(said) or language.itself.search(said)
    if not found or found[0].strip() in language.folded(candidate.input):
        return "", False
    asked = language.folded(candidate.instruction[:_LONGEST])
    asks_it = language.of_you.search(asked) is not None
    if language.plays.search(asked) and not asks_it:
        return "", False
    speaks_of_machines = asks_it or language.machines.search(f"{asked} {candidate.input[:500]}")
    return (f'says "{found[0].strip()}"', asks_it) if product or not speaks_of_machines else ("", False)


def placeholder_output(candidate: Candidate, language: Language) -> str:
    """Answer that only stands for one, unless the instruction has it or asks whether there is one, or that leaves blank what it should say.

    Source: AlpacaDataCleaned, defect 6; CAMEL writes `No valid output found.` into its rows
    """
    text = candidate.output.strip()
    asked = language.folded(candidate.instruction[:_LONGEST])
    if (blank := _blank(text[:_LONGEST], language)) and not language.form.search(asked):
        return f"leaves a blank: {blank[:60]}"
    folded = language.folded(text) if 0 < len(text) <= _SHORT else ""
    if not folded or not (_GAP.search(folded) or language.stub.search(folded)):
        return ""
    bare = re.sub(r"^\W+|\W+$", "", folded) or folded
    nothing = bare in language.sets["nothing"]
    if bare in asked or (
        nothing and (candidate.input.strip() or language.asks_whether.search(asked) or _WHETHER.fullmatch(asked))
    ):
        return ""
    bracketed = _BRACKETS.fullmatch(text)
    several = bracketed and language.units(bracketed[1]) >= (2 if language.code == "en" else 4)
    stub = language.stands.search(bare)
    stands = several or nothing or bare in language.sets["blank"] or (stub and stub[0].split(" ")[0] not in asked)
    if (stands or _REASON.fullmatch(folded)) and not language.form.search(asked):
        return f"is {text[:60]}"
    is_asked = may_stand(candidate) and (_GAP.search(folded) or language.unwritten.search(folded))
    return finds("placeholder_output", candidate) if is_asked else ""


def _blank(said: str, language: Language) -> str:
    """Return where an answer has only blanks for a number or a word, or a line of a list or table only dashes for one."""
    if any(map(said.__contains__, ("-----", "******", "......"))):
        lines = (line for line in said.split("\n") if _DASHES.search(line) and _LETTERS.search(line[:200]))
        found = next(lines, "").strip()
        if found:
            return found
    if not any(map(said.__contains__, ("  ", " .", "\xa0", "insert", "fill", "插入", "填写"))):
        return ""  # nearly every answer
    blank = language.leaves_blank.search(language.folded(said).replace("\xa0", " "))
    if blank is None or _SPACED.search(said):
        return ""
    found = blank[0].strip()
    is_form = len(said) > _SHORT and found[0] in _OPENING  # a contract: whoever takes it fills it in
    return "" if is_form else found


_DASHES = re.compile(r"[|)][ \t]{0,9}(?:-{5,}|\*{6,}|\.{6,})[ \t]{0,9}(?:\||\Z)")
_LETTERS = re.compile(r"[^\W_]{2}|\A\s*\d{1,2}[.)]")
_SPACED = re.compile(r"\b(?!(?:is|are|was|were|and|than|between|in|may)\b)\w{2,30} [.,](?:\s|\Z)")
"""A text whose marks all have a space before them."""


def unsafe(candidate: Candidate, language: Language) -> str:
    """Request for weapons, drugs, malware, fraud, pornography, hatred, self-harm or a model without rules; warning against them is fine.

    Who asks for help, or for what to do about harm, asks for no method.
    Quarantined: the row stands whole in `rejected.jsonl` under this name and is in no dataset. No moderation model: it finds plain
    requests and misses veiled ones.
    Source: our own list
    """
    asked = language.folded(candidate.instruction[:_LONGEST])
    if unleashed := language.unleashed.search(asked):
        return f'says "{unleashed[0].strip()[-60:]}"'
    if not _harm(asked, language) or language.prevents.search(asked):
        return ""
    found = _harm(_of_method(asked, language), language)
    return f'says "{found[0].strip()}"' if found else ""


def _of_method(asked: str, language: Language) -> str:
    """Return an instruction without what asks for help or tells what was suffered."""
    parts = []
    while helped := language.no_method.search(asked):
        parts.append(asked[: helped.start()])
        asked = asked[helped.end() :]
    return " ".join((*parts, asked))


def _harm(asked: str, language: Language) -> re.Match[str] | None:
    return language.unsafe.search(asked) or language.unnoticed.search(asked)


def may_decline(candidate: Candidate, language: Language) -> bool:
    """Return whether the classifier is asked: a word of doubt stands in the beginning, and the instruction is no small talk and wants no text that regrets."""
    if not language.doubts.search(language.folded(candidate.output[:_HEAD])):
        return False  # nearly every answer
    asked = language.folded(candidate.instruction[:_LONGEST])
    return not (language.of_you.search(asked) or language.chats.search(asked) or language.regrets.search(asked))


def _wants_it_said(candidate: Candidate, language: Language) -> bool:
    """Return whether the instruction wants a text that declines, or a translation."""
    asked = language.folded(candidate.instruction[:_LONGEST])
    return bool(language.regrets.search(asked) or language.asks_for_translation.search(asked))


def may_stand(candidate: Candidate) -> bool:
    """Return whether the classifier is asked if the answer only stands for one."""
    return 0 < len(candidate.output.strip()) <= _STUB


def _is_given(phrase: str, candidate: Candidate, language: Language) -> bool:
    """Return whether a phrase is the material itself: to be translated, rewritten, negated."""
    given = language.folded(candidate.instruction[:_LONGEST] + "\n" + candidate.input[:_LONGEST])
    return phrase.strip(" .,，。").removeprefix("i ").removeprefix("我") in given
