"""English: material that an instruction refers to, and whether it contains it."""

from selfinstruct.language.wording import CAPITAL, Wording

ITEM = (
    r"(?:sentence|paragraph|text|passage|article|essay|e-?mail|letter|message|poem|stanza|verse|story|stories|review"
    r"|tweet|post|comment"
    r"|dialogue|conversation|statement|phrase|quote|quotation|headline|document|report|excerpt|extract|transcript"
    r"|abstract|speech|memo"
    r"|snippet|code|quer(?:y|ies)|argument|claim)s?"
)
"""Pieces of writing or code that must be supplied before one can work on them."""
LOOSE = (
    r"(?:word|list|table|data|dataset|function|program|script|number|digit|integer|equation|expression|line|note"
    r"|recipe|title|log|question"
    r"|problem|puzzle|riddle|fact|information|item|option|string|json|csv|input|description|scenario|situation|case"
    r"|product|lyric|title"
    r"|choice|term|name|pair|set|sequence|array|matrix|blank|example|topic|prompt|clue|animal|sum|fraction|noun|verb"
    r"|date)s?"
)
"""Further material that counts as missing only after a pointer (`the following`, `these`)."""
GAP = r"(?:(?!(?:is|are|was|were|and|or|in|of|an?|the|to|for|with|as|that|on|by|who|which)\b)[\w'’-]+ ){0,3}?"
_TAIL = (
    r"(?= ?(?:$|[.,;:?!()]|(?:in|into|to|for|so|using|with|and|as|from|on|about|by|while|without|is|are|has|have"
    r"|does|means|contains"
    r"|below|above|if|or|at|but|based|according|clearly|correctly|more|again|then|when|until|after|before"
    r"|following|(?!writ|read|edit|process|format)[a-z]+ing)\b))"
    rf"(?! (?:from|by) (?:\d|zero\b|one\b|{CAPITAL}))"
)
"""Not allowed after `the sentence`: `structure`, `of the day`, `by Robert Frost`, which say what is meant."""
_TIME = (
    r"(?:day|morning|afternoon|evening|night|week|weekend|month|year|season|spring|summer|autumn|fall|winter|decade"
    r"|century|war|election"
    r"|chapter|generation|century|centuries)s?\b"
)
_EDIT = (
    r"(?:translate|proofread|punctuate|summari[sz]e|paraphrase|rephrase|rewrite|reword|shorten|condense|correct|fix"
    r"|edit|revise|annotate"
    r"|parse|decode|simplify|polish|highlight|underline|format|reformat|convert|change|turn|transform|complete"
    r"|continue|finish|expand"
    r"|improve|identify|find|spot|locate|count|extract|remove|delete|replace|insert|add|combine|merge|split|classify"
    r"|categori[sz]e|analy[sz]e"
    r"|debug|refactor|optimi[sz]e|read|evaluate|critique|assess|compare|respond to|reply to|answer|determine|detect"
    r"|label|restate|critici[sz]e|tag)"
)
_SOLVE = (
    r"(?:solve|simplify|evaluate|answer|sort|arrange|rearrange|reorder|order|unscramble|alphabeti[sz]e|rank"
    r"|calculate|add|find|complete|fill)"
)

_LABELS = r"(?:[\w-]+(?: [\w-]+){0,2}, ?)*[\w-]+(?: [\w-]+){0,2},? or [\w -]{1,30}[.?!]?\s*$"
_LABEL_HEADS = (
    "categories",
    "classes",
    "labels",
    "options",
    "topics",
    "types",
    "tones",
    "emotions",
    "sentiments",
    "genres",
    "ways",
    "choices",
)
QUOTED = (
    r"\b(?:which|what|who|choose|pick|select|name)\b[^:.?!]{0,40}\bof the following\b[^:.?!]{0,80}:\s*\S[^:]{3,}"
    r"|\bA[.)] ?\S.*\bB[.)]| [-–—] [A-Z][\w ]{2,}|[\"“][^\"“”]{30,600}[\"”]|(?<!\w)['‘][^'‘’\n]{30,300}['’](?!\w)|\A[\"“‘']|`[^`]{2,}`|\n\s*\S|[=\[\]{}]"
    r"|" + "".join(f"(?<!{word})" for word in _LABEL_HEADS) + rf":\s{{1,5}}(?!{_LABELS})\S.{{5,}}"
    rf"|\b(?:{ITEM}|{LOOSE}),? (?:is |are |reads? |like )?(?:[\"“‘'(]?\d|[\"“‘'])"
)
_MADE = (
    rf"\b(?:an?|one|two|three|four|five|\d+|some|your own) (?:[\w'’-]+ ){{0,3}}?({ITEM[:-2]}"
    rf"|{LOOSE[:-2]})s?\b(?! (?:of|for|to|about|on|that"
    rf" summari[sz]es) (?:the|this|these)\b).{{1,300}}?\b(?:the|this|these|each) (?:[\w'’-]+ ){{0,2}}?\1"
)
"""The instruction asks for the material first: `Write a short story, then summarize the story.`"""

_CODED = (
    r"\b(?:functions?|programs?|algorithms?|scripts?|methods?|class|regex|regular expression|quer(?:y|ies)|code"
    r"|formula|procedure|how)\b"
    r".*\b(?:an?|any|the|two|some|of|in) given\b(?! (?:code|snippet|function|program|script|query|passage"
    r"|article|sentence))"
)
"""The given value is an argument: `Write a function that reverses a given string.`"""

NEEDS_INPUT = Wording(
    rf"\bthe (?:following|given|below|above|provided|attached|supplied|aforementioned"
    rf"|input)(?= (?!{_TIME})[\w'’-]+|\s*[:.]?\s*$)"
    rf"|\b(?:following|given|provided|attached) {GAP}(?:{ITEM}|{LOOSE})\b(?! of (?:an?|the)\b)"
    rf"|(?<!\ba )(?<!\ban )\b(?:{ITEM}|{LOOSE}) (?:\w+ )?(?:below|above|that follows?|provided|attached)(?= ?(?:$|[.,;:?!]|(?:and"
    rf"|to|in|into|by|as|for|from|using|with|so|is|are|has|have)\b))"
    rf"|\b(?:feedback on|review|edit|proofread|check|improve|correct|critique|read|rewrite|polish|summari[sz]e|fix|shorten|translate"
    rf"|evaluate|grade|rate) (?:\w+ ){{0,2}}?(?:my|our) (?:\w+ )?(?:{ITEM}|resume|cv|homework|draft|translation)\b"
    r"|\b(?:listed|given|shown|provided|described|printed|written|quoted) (?:below|above|here|underneath)\b"
    rf"|\b(?:this|these) {GAP}(?:{ITEM}|{LOOSE})\b(?! (?:of (?:the )?year|and age))"
    rf"|(?<!to )(?<!for )\b{_EDIT}\b(?:(?!\b(?:how|why|an?)\b)[^.;:?!\n]){{0,60}}?\b(?:the|each|every) (?:(?:two"
    rf"|three|four|five|given|whole"
    rf"|entire|original|\w+(?:ed|ing)) )?(?:code |text )?{ITEM}{_TAIL}"
    rf"|^(?:please )?{_SOLVE} (?:[\w'’-]+ ){{0,4}}?the (?:\w+ )?(?:words?|lists?|numbers?|integers?|equations?"
    rf"|expressions?|problems?|puzzles?"
    rf"|riddles?|questions?|items|options|blanks?|missing words?|data|letters){_TAIL}"
    rf"|^(?:please )?(?:explain|describe|discuss|interpret) (?:what |why |how )?(?:the (?:[\w'’-]+ ){{1,2}}(?:of"
    rf"|in|behind) )?the {ITEM}{_TAIL}"
    rf"|\b(?:figures|numbers|values|data|prices|totals|amounts)(?: (?:shown|given|listed))? in the (?:\w+ )?(?:table|chart|spreadsheet)\b(?! of)"
    rf"|\b(?:based on|according to|from|using) the (?:{ITEM}|information|data|facts|clues|notes|table"
    rf"|list)(?= ?[.,;:]| ?$)"
    rf"|^given (?:an? |the |two |some )?(?:[\w'’-]+ ){{0,2}}?(?:{ITEM}|{LOOSE})\b(?!.*\b(?:write|implement"
    rf"|create|design|build|code|explain|how)\b)"
    rf"|\b(?:mentioned|described|used|found|expressed|presented|discussed|stated|contained"
    rf"|highlighted) in the {ITEM}{_TAIL}"
    rf"|^(?:please )?(?:name|list|tell|give|state|provide|describe|who|(?:what|which)(?! (?:do|does|did|can|should) (?!the\b|this\b)))\b[^.,;:?]{{1,60}} (?:in|of"
    rf"|from) the {ITEM} ?[.?]?$"
    r"|\b(?:in|from) the (?:list|table|array|dataset|data) ?[.?]?$"
    rf"|^(?!.*(?: and |,))(?:[\w'’-]+ ){{1,7}}(?:this|these) {GAP}(?!{_TIME}|world\b|country\b|life\b|age\b"
    rf"|way\b)[\w'’-]+ ?[.?!]?$"
    rf"|\b(?:{_EDIT}|{_SOLVE}|following|this|these|text|sentence|passage|below)\b[^.]{{0,40}}:\s*$",
    unless=f"{QUOTED}|{_MADE}|{_CODED}",
)
