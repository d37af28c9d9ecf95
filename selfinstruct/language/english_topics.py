"""English: topics of instructions that make something a defect or excuse it."""

from selfinstruct.language.wording import Wording

TRANSLATION = Wording(
    r"\b(?:translat\w+|chinese|mandarin|cantonese|pinyin|hanzi|kanji|hiragana|katakana|romaji|bilingual|multilingual"
    r"|french|german|spanish|japanese|korean|italian|latin|russian|arabic|portuguese|hindi|greek|dutch|polish|turkish"
    r"|swedish|finnish|hungarian|czech|ukrainian|hebrew|vietnamese|thai|indonesian|swahili|sanskrit|yiddish|welsh"
    r"|irish|own script|native (?:script|language|tongue)|mother tongue|gaelic|esperanto|norwegian|danish|catalan|persian|urdu|bengali|tamil|(?:in|of|to|into|from) (?:other|another"
    r"|foreign|different|several|various|many) languages?|foreign (?:words?|phrases?|languages?)|language)\b"
)
MARKUP = Wording(
    r"\b(?:html|browser|xml|css|markdown|latex|regex\w*|regular expressions?|escap\w+|unicode|entit(?:y|ies)|tags?|tokens?|tokeni[sz]\w+"
    r"|templates?|strings?|code|python|java|javascript|typescript|json|sql|bash|shell|script|function|newlines?"
    r"|line ?breaks?|encod\w+|decod\w+|format|program\w*|prompts?|chatml|llama|special characters?|markers?|syntax"
    r"|printf|csv|ya?ml|path|windows|rust|golang|php|ruby|perl|backslash\w*|carriage|pytest|unit tests?|validators?|pdf|rtf|tex|parse\w*|c\+\+|c#)\b"
)
LINKS = Wording(
    r"\b(?:urls?|links?|hyperlinks?|web address(?:es)?|domains?|addresses|uri|hostname|http\w*|endpoint"
    r"|slug|(?:web|e-?mail|postal)? ?address|official (?:site|page|documentation)|website|query string|protocol|repository|homepage|shorten|curl|redirects?|subdomain)\b"
)
PROMPTS = Wording(
    r"\b(?:prompts?|templates?|few-shot|instructions?|inputs?|outputs?|test cases?|examples?|function|program|code"
    r"|script|dataset|exercises?|questions?|jokes?|riddles?|trivia|quiz|flash ?cards?|q ?& ?a|faq|tasks?|worksheet|lesson|format\w*|log|sample"
    r"|algorithm|interview|survey|exam|homework|problem|prints?|console|dialogue|conversation|chat|transcript"
    r"|assistant|user|human|role|play|scene|script|interaction|fields?|labels?|headings?|json|ya?ml)\b"
)
NUMBERS = Wording(
    r"\b(?:power of|squared|cubed|factorial|prime|fibonacci|divisible|multiplied by|binary|digits? of pi)\b"
)
FACES = Wording(r"\b(?:emoticons?|smileys?|smiley faces?|kaomoji|text faces?)\b")
GARBLING = Wording(
    r"\b(?:mojibake|garbled|gibberish|encod\w+|decod\w+|utf-?8|latin-?1|windows-125\d|unicode|character sets?|charset|code ?pages?"
    r"|(?:why|how come)\b[^.]{0,60}\b(?:show|see|appear|turn|look|become)\w*|(?:show|display|appear)s? (?:as )?\S+ (?:where|instead|for))"
    r"|\b(?:show|turn|come|came|display|appear|render|print)(?:s|ed|ing)?(?: up| out)? (?:as|like|into)\b[^.]{0,20}[\"“'‘]"
)
COMPLETES = Wording(
    r"\b(?:complete|continue|finish|fill|next (?:line|word|number|sentence)|(?:what )?(?:comes|goes) next|second (?:half|line)|rest of)\b"
)
ONLY = r"\b(?:only|just|nothing else|nothing but|no (?:explanations?|comments?|prose|other text)|without (?:any )?explanation|solely|valid)\b"
SHORT_FORM = Wording(
    r"\b(?:tweet|slogan|titles?|headlines?|hashtags?|captions?|lyrics?|poems?|haiku|songs?|verses?|limerick|sonnet|text message|sms"
    r"|tagline|motto|names?|subject lines?|bullet|list|table|keywords?|code|command|regex|query|menu|ascii|acronym|rap|chant)\b"
)
ODD_SUMS = Wording(
    r"\b(?:binary|hexadecimal|octal|modulo|modular|mod|base[- ]\w+|clock|boolean|strings?|concatenat\w*|tricks?|jokes?|riddles?|false"
    r"|wrong|incorrect\w*|errors?|mistakes?|misconceptions?|counterexample|floating|1984|orwell|integer division|xor|bitwise|approximat\w*|estimat\w*|round\w*)\b"
)
OPERATORS = (
    (r"(?<=\d) ?(?:plus|added to) (?=[$£€(\d])", " + "),
    (r"(?<=\d) ?minus (?=[$£€(\d])", " - "),
    (r"(?<=\d) ?(?:times|multiplied by) (?=[$£€(\d])", " * "),
    (r"(?<=\d) ?(?:divided by|over) (?=[$£€(\d])", " / "),
    (r"(?<=\d) ?(?:%|percent|per cent) of (?=[$£€(\d])", "% * "),
    (r"([+*/×÷−-] [$£€]?\d[\d,.]*|\d%) (?:is|makes|gives) (?=[-−$£€\d])", r"\1 = "),
    (r"(?<=[\d%]) (?:equals|is equal to) (?=[-−$£€\d])", " = "),
)
ASKS_FOR_SUM = r"^(?:please )?(?:what(?:'s| is)|calculate|compute|evaluate|work out|find|solve|how much is|tell me|add|give)?(?: the (?:value|result|sum|product|answer|difference|quotient)(?: of|:)?)?:?"
_OPTION = r"[\"“'‘]?(?!an? |any |some |the |to )[\w/+-]+(?: [\w/+-]+){0,2}?[\"”'’]?"
OPTION_LISTS = (
    rf"^(?:please )?(?:label|mark|tag|rate|classify|grade) (?:the|this|each|every) [\w-]+ ((?:{_OPTION}, ?){{1,6}}{_OPTION},? or {_OPTION})(?=[.?!;:)\n]|\s*$)",
    r"^(?:is|are|was|were|does|do)\b[^?,:]{0,80}? ([\w-]+(?:, [\w-]+){1,6},? or (?:an? )?[\w-]+)\?",
    r"\b(?:is|are|was|were|as|into|either)\b[^?.:]{0,40}? (an? [\w-]+(?:, an? [\w-]+){0,6},? or an? [\w-]+)(?=[?.,;)]|\s*$)",
    (
        r"\b(?:(?:as|into|either|between|is|are|was|were|be|it|among|from|of)(?: (?:one of|either|the following|these|being|a|an)){0,2}"
        rf"|(?:with|answer|reply|respond|say|choose|pick|select|whether)(?: (?:one of|either|with|only)){{0,2}}):? ((?:{_OPTION}, ?){{0,8}}{_OPTION},? or (?:an? )?{_OPTION})(?=[.?!;:)\n]|\s*$)"
    ),
    r"\b(?:options?|labels?|categories|choices|classes|topics|types|genres|emotions|sentiments|tags|languages|list|one of|from|among|following)(?: (?:are|is|below))?\s?[:(]\s?((?:[\"“'‘]?[\w+-]+(?: [\w+-]+){0,2}[\"”'’]?(?:, ?| ?[/|;] ?)(?:or |and )?){1,10}[\"“'‘]?[\w+-]+(?: [\w+-]+){0,2}[\"”'’]?)(?=[.?!)\n]|\s*$)",
    rf":\s((?:{_OPTION}, ?){{1,8}}(?:{_OPTION},? )?or {_OPTION})(?=[.?!]|\s*$)",
    rf"\b(?:one of|which|from|among|choose|select|pick|use)\b[^:.?!()]{{0,60}}:\s((?:{_OPTION}, ?){{1,8}}{_OPTION})(?=[.?!]|\s*$)",
    rf"(?<=[.!?] )(?-i:[A-Z][a-z]+s):\s((?:{_OPTION}, ?){{1,8}}{_OPTION})(?=[.?!]|\s*$)",
    r"\(((?:[\w+-]+(?: [\w+-]+){0,2}(?:, ?| ?[/|] ?)(?:or )?){1,8}[\w+-]+(?: [\w+-]+){0,2})\)",
)
OPTION_ENDS = r"^an? |,? or (?:an? )?|,? and |, ?(?:an? )?| ?[/|;] ?"
ASKS_TO_CHOOSE = Wording(
    r"\b(?:classif\w+|categori[sz]e|route|forward|fits?|label|tag|rate|decide|determine|judge|whether|identify|detect|choose|pick|select"
    r"|assign|sentiment|which|options?|answer (?:with|yes|true|only)|reply|respond|yes or no|true or false|is the|is this|is it|predict|mark|sort)\b",
    unless=r"\b(?:explain|justify|write|describe|discuss|list|create|generate|compose|give reasons|and why|groups?|each)\b",
)
ABOUT_FAULTS = Wording(
    r"\b(?:errors?|bugs?|debug\w*|fix|wrong|incorrect|invalid|broken|mistakes?|syntax|python ?2|pseudo-?code|complete the|fill in|output of"
    r"|what does|explain|review|convert|translate)\b"
)
EXPLAINS_CODE = Wording(
    r"\b(?:why|explain|describe|what (?:does|do|is|are)|what['’]s|how (?:does|do|is|are)|meaning of|\w*errors?|mistakes?|syntax|bugs?|wrong|invalid)\b",
    unless=r"\b(?:fix|correct|write|implement|create|rewrite|repair|debug|build|make|convert|refactor|complete|function (?:that|to)|code (?:that|to))\b",
)
ASKS_FOR_NAME = Wording(
    r"\b(?:titles?|mottos?|named|called|songs?|lyrics?|proverbs?|quot\w+|dish(?:es)?|terms?|original|albums?|novels?|books?|films?|movies?|operas?"
    r"|anthems?|streets?|restaurants?|slogans?|cheeses?|wines?|pastries|newspapers?|painting|cities|towns|countries|villages)\b"
)
PRESS = Wording(r"\b(?:press|news|media) releases?\b|\bannouncement\b")
