"""What an English sentence asks of its language: a form that an order has as its object, or a text that is given to be worked on.

"Write a haiku" and "Is 'level' a palindrome?" cannot leave English; "Who invented the haiku?" and "Write a haiku-themed menu" can.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

QUOTE: Final = "«»"
"""What stands for a quoted text."""
_TONGUES: Final = (
    "english|french|spanish|german|italian|japanese|korean|russian|latin|arabic|portuguese|chinese|mandarin"
)
_FOREIGN: Final = _TONGUES.removeprefix("english|")
_TEXTS: Final = r"(?:sentence|word|phrase|text|paragraph|passage|statement|verb|noun|line|quote|string|essay|article|story|proverb|clause|letter|title|poem)s?"
_FORMS: Final = {
    "translation": rf"\btranslat(?:e|ing)\b(?!.{{0,80}}\binto (?:an?|the) (?!{_TONGUES}|(?:other|different|foreign|second|target) language))(?: (?:this|these|it|each|every|them|the following|given)?(?= *(?:$|[:.,«]))| (?:this |these |each |every |the |an? )?(?:following |given )?{_TEXTS}\b|.{{0,80}}\b(?:into|to|from|in) (?:{_TONGUES}|another language)\b)|\b(?:{_TONGUES}|correct) translation\b|\btranslation of (?:the |this )?(?=«|(?:following |given )?{_TEXTS}\b)|\b(?:in|into|to) (?:{_FOREIGN})(?=\s*(?:$|[?!,;:«]))|\b(?:{_TONGUES}) (?:word|phrase) for\b",
    "rhyme": r"\brhym(?:e|es|ed|ing)\b|\blimericks?\b|\bhaikus?\b|\bsonnets?\b|\bacrostics?\b|\biambic pentameter\b|\bsyllables?\b|\balliterat\w+|\bassonance\b|\btongue[- ]twisters?\b",
    "letter counting": r"\b(?:count|how many|number of) (?:of )?(?:all )?(?:the )?(?:letters?|vowels?|consonants?)\b|\bhow many times does (?:the letter )?[a-z] (?:appear|occur)|\bhow many [a-z]s? (?:are|are there) (?:there )?in\b|\b(?:begin|start|end)(?:s|ning|ing)? with (?:the )?(?:same )?letter\b|\bthe letters? (?-i:[A-Zb-z]\b)|\b(?:begin|start|end)(?:s|ing|ning)? with [b-hj-z]\b",
    "spelling": r"\b(?:mis)?spell(?:s|ed|ings?)?\b(?! (?:out|bee)\b)|\bcapitali[sz](?:e|es|ed|ing|ation)\b|\balphabeti[sz]e\b|\balphabetical(?:ly)?\b|\bhyphenat\w+|\bapostrophes?\b|\bsilent letters?\b|\bpronounc\w+\b(?! on\b)|\bpronunciation\b|\bplural (?:form|of)\b|\bcontractions?\b(?= in| of| into)",
    "word play": r"\banagrams?\b|\bpalindromes?\b|\bpuns?\b|\bword ?play\b|\bportmanteaus?\b|\bhomophones?\b|\bhomonyms?\b|\bspoonerisms?\b|\bcrossword(?: clues?)?\b|\bpangrams?\b|\bunscramble\b|\breverse the (?:word|letters)\b|\bword backwards\b|\bknock[- ]knock joke\b|\bcompound words?\b",
    "grammar": r"\bgramma(?:r|tical|tically)\b|\bpunctuat\w+|\b(?:past|present|future|simple|perfect|continuous) (?:perfect |continuous |simple )?tense\b|\bverb tenses?\b|\bpassive voice\b|\bactive voice\b|\bparts? of speech\b|\b(?:identify|find|underline|name|list|circle|extract|pick out|highlight|mark) (?:all )?(?:the |every |each )?(?:nouns?|verbs?|adjectives?|adverbs?|prepositions?|pronouns?|conjunctions?)(?= (?:in|from|of|used|below)\b|\s*(?:$|[:,]))|\bthe (?:noun|verb|adjective|adverb|pronoun|conjunction)s? (?:in|of)\b|\b(?:correct|missing|right) (?:preposition|pronoun|conjunction)s?\b|\bconjugat\w+|\b(?:comparative|superlative|possessive|past participle) form\b|\b(?:definite|indefinite) articles?\b|\bsubject[- ]verb agreement\b|\bgerunds?\b|\brun-on\b|\b(?:direct|reported|indirect) speech\b|\bfix (?:the |any )?(?:errors?|mistakes?) in (?:the|this) sentence\b|\b(?:correct|proofread) (?:the|this) (?:following )?sentence\b",
}  # fmt: skip
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    reason: re.compile(pattern, re.IGNORECASE) for reason, pattern in _FORMS.items()
}
_COLON: Final = re.compile(r"(?<=.{14}):(?!\w)")
"""Behind at least a few words, so that a label (`Task:`) is none."""
_MAKES: Final = r"write|compose|create|generate|make(?: up)?(?! sure)|come up with|give|tell|invent|construct|craft|produce|think of|draft|provide|form|devise|recite|share|say|design"
_NAMES: Final = r"find|name|list|identify|choose|select|pick(?: out)?|suggest"
_WORKS: Final = r"correct|fix|edit|proofread|check|rewrite|re-write|rephrase|reword|paraphrase|summari[sz]e|change|convert|turn|transform|transfer|underline|circle|classify|categori[sz]e|parse|label|tag|capitali[sz]e|alphabeti[sz]e|conjugate|spell|pronounce|punctuate|hyphenate|unscramble|rearrange|reorder|sort|put|arrange|order|organi[sz]e|count|add|insert|remove|delete|fill|complete|replace|determine|decide|analy[sz]e|detect|locate|highlight|translate|reverse|solve|evaluate|revise|render|express|combine|mark|match|modify|adjust|extract|separate|group|place|calculate|output|supply|state|finish"
_ORDER: Final = re.compile(
    rf"(?P<start>^\W{{0,3}}|[,;:]\s{{0,3}}|\b(?:and|then|please|kindly|now|(?:can|could|would|will) you|you to|is to|help me|help me to|let me|let's|you must|you should)\s)\s{{0,3}}(?:(?:\w{{2,12}}ly|also|then|please|now) )?(?P<verb>{_MAKES}|{_NAMES}|{_WORKS})\b",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\W*(?:i (?!(?:want|need|would like) you\b)|i'(?!d like you\b)|(?:we|my|our|he|she|they|his|her|their|it|there|some|people|the|a|an|this|these)\b|you (?!must|should|need|have|are given|will be given))",
    re.IGNORECASE,
)
"""A sentence that tells something, and orders nothing."""
_LEADS: Final = re.compile(
    r"\W*(?:given|using|based|for|in|from|with|if|when|to|after|imagine|assume|as|take|read|here|you)\b", re.IGNORECASE
)
_ASKED: Final = re.compile(
    r"\W*(?:who|whose|what|when|where|why|how|which|do|does|did|is|are|was|were|should|can (?!you\b)|could (?!you\b)|explain|describe|discuss|outline|compare|define|recommend|tell me (?:about|how|why|what|who)|argue|debate|research|teach)\b",
    re.IGNORECASE,
)
_SHOWN: Final = re.compile(r"\W*(?:explain|solve|interpret|complete) (?:the|this) $", re.IGNORECASE)
"""Before a form that a colon and the text itself follow."""
_NEVER: Final = re.compile(r"\W*(?:who|whose|when|where|how (?:do i|can|could|should))\b", re.IGNORECASE)
_GIVEN: Final = re.compile(
    rf"\b(?:this|these|(?:the )?following|(?:the )?given)(?: \w{{1,12}}){{0,2}}? {_TEXTS}\b|\b{_TEXTS} below\b|\bin the (?:word|name|phrase) \w|\b(?:right|correct|wrong) here\b|^\W*which (?:\w+ )?{_TEXTS} [^:]{{1,100}}:",
    re.IGNORECASE,
)
_WORKED_ON: Final = re.compile(rf"{QUOTE}|\b(?:{_TEXTS}|it|them)\b", re.IGNORECASE)
_LINKS: Final = re.compile(
    rf"\b(?:examples?|lists?|pairs?|sets?|number|count|kinds?|types?|form|style|format|use|all|each|any|one|lines?|{_TEXTS}) of\b|\b\w{{2,20}} (?:that|which|whose \w{{2,20}})(?: all)? $|\bin which (?:every|each|all)\b",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(r"\b(?:about|regarding|describing|explaining|on|concerning|my|your)\b", re.IGNORECASE)
_APART: Final = re.compile(
    r"\b(?:of|for|that|which|who|whose|why|how|what|when|where|whether|to|by|because|if|than|from)\b", re.IGNORECASE
)
_CLAUSE: Final = re.compile(r"\b(?:who|whose|that|which|how|why|what|when|where|to|about|because)\b", re.IGNORECASE)
_WHOLE: Final = re.compile(
    r"\b(?:as an?|into an?|into|in the (?:form|style|format) of an?)(?: \w+)?\s*$", re.IGNORECASE
)
_POEMS: Final = re.compile(r"limericks?|haikus?|sonnets?|acrostics?|crossword", re.IGNORECASE)
"""Of which there are known ones, to be asked about or to be read."""
_MANNERS: Final = re.compile(r"gramma\w+|spelling|punctuation|capitali[sz]ation", re.IGNORECASE)
"""In which anything is written."""
_HEAD: Final = re.compile(
    r"\s*(?:(?:poems?|poetry|verses?|couplets?|lines?|words?|pairs?|songs?|raps?|stor(?:y|ies)|slogans?|schemes?|phrases?|sentences?|marks?|mistakes?|errors?|issues?|clues?|puzzles?|jokes?|structure|pattern|format|form|style|stanzas?)\b)?\s*(?:$|(?!['’]s\b)[^\w\s-]|(?:-\s|\s?-{2})|(?:about|on|of|for|that|which|using|with|in|into|from|to|and|or|is|are|as|at|below|if|so|based|inspired|describing|containing|consisting|beginning|starting|celebrating|expressing|dedicated|featuring|including|related|involving|used|given|does|do|did|has|have|right|wrong|out|where|when|correct\w*|incorrect\w*|properly)\b)",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\s*(?:,|/|&|and\b|or\b)\s*(?:and |or )?")
_NEAR: Final = re.compile(
    r"(?:[\s,:?(]|\b(?:is|are|was|the|a|an|of|in|for|from|to|with|and|or|word|words|phrase|sentence|sentences|has|have|does|do|there|correctly|correct|say|you|same|letter|verb|noun|form|be|this|following|properly|used|between)\b){0,12}",
    re.IGNORECASE,
)


def asked(sentence: str) -> Iterator[str]:
    """Yield the reasons for which a sentence, quoted texts masked, cannot leave English.

    >>> [*asked("Write a haiku about rain")], [*asked("Is «» a palindrome")], [*asked("Write to a haiku society")]
    (['rhyme'], ['word play'], [])
    """
    if _NEVER.match(sentence):
        return
    orders, given = _orders(sentence), _GIVEN.search(sentence)
    forms = list(_forms(sentence))
    starts = {found.start(): found for _, found in forms}
    for reason, found in forms:
        if not _stands_alone(sentence, reason, found, starts, orders):
            continue
        shown = _SHOWN.match(sentence[: found.start()]) and sentence.startswith(":", found.end())
        if shown or any(_is_object(sentence, one, found) for one in orders) or _on_a_text(sentence, found, bool(given)):
            yield reason


def _forms(sentence: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the words of the trade, with their reasons; what follows a colon is mostly the text that is given."""
    end = found.start() if (found := _COLON.search(sentence)) else len(sentence)
    for reason, pattern in _PATTERNS.items():
        yield from ((reason, found) for found in pattern.finditer(sentence) if found.start() < end)


def _orders(sentence: str) -> list[re.Match[str]]:
    if _ASKED.match(sentence) or _TOLD.match(sentence):
        return []
    led = bool(_LEADS.match(sentence))
    return [
        one
        for one in _ORDER.finditer(sentence)
        if led or one["start"].strip().lower() not in {",", "and"} or not _CLAUSE.search(sentence[: one.start()])
    ]


def _stands_alone(
    sentence: str,
    reason: str,
    form: re.Match[str],
    starts: Mapping[int, re.Match[str]],
    orders: Iterable[re.Match[str]],
) -> bool:
    """Return whether a form is no part of another thing's name, as in a sonnet writer, a pun-free text or a grammar and spelling app."""
    if "-" in (sentence[form.start() - 1 : form.start()], sentence[form.end() : form.end() + 1]):
        return False
    is_phrase = reason in {"translation", "letter counting"} or form[0].lower() == "alphabetical"
    if is_phrase or any(one.start("verb") == form.start() for one in orders):
        return True
    for _ in range(4):
        joined = _JOINED.match(sentence, form.end())
        if not joined or not (other := starts.get(joined.end())):
            break
        form = other
    return bool(_HEAD.match(sentence, form.end()))


def _is_object(sentence: str, order: re.Match[str], form: re.Match[str]) -> bool:
    """Return whether an order's verb takes a form as its object, or works on a text for it."""
    verb, between = order["verb"].lower(), sentence[order.end() : form.start()]
    if order.start("verb") >= form.start():
        return order.start("verb") == form.start()
    if _WHOLE.search(between):
        return True
    makes = bool(re.fullmatch(_MAKES, verb))
    if _AWAY.search(between) or (_MANNERS if makes else _POEMS).fullmatch(form[0]):
        return False
    works = not makes and _WORKED_ON.search(between)
    return bool(works) or not _APART.search(_LINKS.sub("", between))


def _on_a_text(sentence: str, form: re.Match[str], given: bool) -> bool:
    """Return whether a given text is to be looked at for a form: one that is pointed at, or a quoted one beside it."""
    if _POEMS.fullmatch(form[0]):
        return False
    if given and not _AWAY.search(sentence[: form.start()]):
        return True
    before, after = sentence.rfind(QUOTE, 0, form.start()), sentence.find(QUOTE, form.end())
    return (before >= 0 and bool(_NEAR.fullmatch(sentence[before + len(QUOTE) : form.start()]))) or (
        after >= 0 and bool(_NEAR.fullmatch(sentence[form.end() : after]))
    )
