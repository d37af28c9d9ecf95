"""What an English sentence asks of its language, by its structure: a form that an order makes, or one that a given text is worked on for.

"Write a haiku" and "Is 'level' a palindrome?" cannot leave English. What is said in other ways is the teacher's to decide.
"""

from typing import Final

MADE: Final = {
    "rhyme": "limericks?|haikus?|sonnets?|acrostics?|tongue[- ]twisters?|rhym(?:es?|ing (?:couplets?|words?|verse))",
    "word_play": "puns?|anagrams?|palindromes?|homophones?|pangrams?|portmanteaus?|knock[- ]knock jokes?|compound words?",
}
"""Forms that are made, by reason."""
FORMS: Final = {
    "grammar": r"gramma(?:r|tical(?:ly)?)|punctuation|(?:past|present|future)(?: \w+)? tense|(?:passive|active) voice"
    "|parts? of speech|reported speech",
    "spelling": "(?:mis)?spell(?:ing|ed)?|alphabetical order|plural(?: form)?|capitali[sz]ation|pronounced",
    "rhyme": "rhym(?:es?|ing)|syllables|alliteration",
    "letter_counting": "vowels|consonants|letters(?= (?:are |are there )?in)",
    "word_play": "anagrams?|palindrome|homophones?",
}
"""Forms that a text has, by reason."""
_LEAD: Final = (
    r"^\W*(?:(?:given|using|in|from|for) [^,]{3,60}, )?(?:please |(?:can|could) you |help me |i want you to )?"
)
_MAKE: Final = "(?:write|compose|create|generate|make(?: up)?|give|tell|come up with|construct|think of|invent|suggest)"
_WORK: Final = "(?:correct|fix|edit|check|re-?write|change|convert|transform|turn|put|sort|add|insert|analy[sz]e|classify|determine)"
_SEEK: Final = "(?:identify|find|list|name|count|underline|highlight|circle|label|extract)"
_TEXT: Final = "(?:sentences?|words?|phrases?|verbs?|letters|text|paragraph|passage|poem|list|names|titles?)(?: «»)?"
_GIVEN: Final = f"(?:«»|this|the following|(?:the|this|these|each|a) (?:following |given )?{_TEXT})"
_TONGUE: Final = "(?:English|French|Spanish|German|Italian|Japanese|Russian|Latin|Chinese|Portuguese)"
_BESIDE: Final = r"(?:[ ,:]|\b(?:is|are|does|do|you|have|there|the|an?|of|in|for|with|to|words?|from|correctly)\b)+"
_EACH: Final = "(?:(?:all|any|the|every|each|missing) )*"
_THEN: Final = r"(?= *$|[^\w'’ -]| (?:about|and|that|with|for|of|using|on|poem)\b)"
_END: Final = r"(?: correct| mistakes?| errors?)?(?=\W*$|:)"
SHAPES: Final = (
    rf"{_LEAD}{_MAKE} (?:me )?(?:an?|one|two|three|four|five) (?:(?!of |about |to |for )[\w-]+,? ){{0,2}}MADE{_THEN}",
    rf"{_LEAD}(?:{_WORK}|write) .{{1,60}} (?:as|into) (?:an? )?(?:\w+ )?MADE(?: poem)?{_END}",
    rf"{_LEAD}(?:{_WORK}|{_SEEK}) {_EACH}FORM{_END}",
    rf"{_LEAD}(?:{_WORK}|{_SEEK}) {_EACH}FORM(?: mistakes?| errors?)? (?:in|of|from|to) {_GIVEN}",
    rf"{_LEAD}(?:{_WORK}|{_SEEK}) {_GIVEN} (?:for (?:\w+ and )?|(?:in|into|to|from|using) (?:(?!about |of )[\w-]+ ){{0,2}})FORM{_END}",
    rf"{_LEAD}{_SEEK} {_EACH}(?P<grammar>(?:ad|pro)?(?:noun|verb)s?|adjectives?|prepositions?) (?:in|of|from) {_GIVEN}",
    rf"{_LEAD}(?:(?P<spelling>capitali[sz]e|alphabeti[sz]e)|(?P<grammar>proofread|punctuate|conjugate)|(?P<word_play>unscramble)) {_GIVEN}",
    rf"\bFORM{_BESIDE}«»",
    rf"«»{_BESIDE}FORM\b",
    rf"{_LEAD}(?P<translation>translate) (?:{_GIVEN}{_END}|.{{1,80}} (?:in|into|to) {_TONGUE}{_THEN})",
    rf"(?P<translation>{_TONGUE} (?:word|phrase|translation) (?:for|of) «»|\bsay «» in {_TONGUE})",
    rf"{_LEAD}(?:{_MAKE}|{_SEEK}) .{{1,40}}(?P<letter_counting>(?:begin|start|end)(?:s|ning|ing)? with the letter \w\b)",
)
"""An order for a form; work on a form that a text has; a form beside a text in quotation marks; translations; letters."""
