"""English: words with which an instruction points to material."""

import re

from selfinstruct.language.task_words import TaskWords, words

_TEXT = words(
    "sentence sentences paragraph paragraphs text texts passage passages article articles essay essays email emails e-mail letter message messages"
    " poem poems stanza verse lyrics story stories excerpt quote quotes quotation statement statements phrase phrases tweet tweets review reviews post comment"
    " feedback dialogue dialog conversation transcript speech report document documents memo abstract headline headlines title caption blog"
    " snippet code function program script algorithm query recipe paper resume contract clause clauses notes argument claim claims"
)
_OTHER = words(
    "word words term terms adjective noun verb adverb idiom proverb number numbers digits list lists items data dataset table set array values sequence series"
    " equation equations expression fraction fractions formula problem question questions options choices riddle puzzle joke string name names"
    " product scenario situation case example examples input instructions information facts ingredients triangle matrix"
)
_WORK = words(
    "summarize summarise paraphrase rewrite rephrase edit proofread revise shorten condense translate punctuate reword"
    " correct fix debug simplify expand improve analyze analyse critique classify categorize categorise label tag transcribe annotate evaluate"
    " rearrange reorder reorganize reorganise sort convert transform change turn make modify format highlight underline complete continue extract count reverse"
)
_FIND = words(
    "identify find spot list extract underline highlight name detect determine explain describe give state pick select choose count remove replace"
)
_INSIDE = words("in from of within")
_DEFINITE = words(
    "statement statements sentence sentences passage passages paragraph extract excerpt argument sequence events items words options blanks snippet code function"
    " query letter article report chapter text conversation dialogue equation expression puzzle riddle line lines dataset numbers list review tweet headline essay speech memo"
    " instructions paragraphs bullet points quote claim poem stanza menu table data scenario adverbs adjectives nouns verbs"
)
_SINGLE = words(
    "sentence paragraph text passage article email e-mail message poem story review tweet post comment statement headline news question word animal product movie book restaurant song customer number equation argument essay snippet code"
)
_NEXT = words("following given provided attached below above aforementioned previous supplied")
_NOT_THAT = words(
    "that by to is was are were for in of on with as when how why where what who whether if day year week month morning and"
)

TASK_WORDS = TaskWords(
    points=re.compile(
        rf"\b(?:the|this|these|those|each|all|any|per|following|and|to|by|with|from|of|in|using) (?:{_NEXT})\b(?! (?:{_NOT_THAT})\b| \w+ [a-z]\b(?!['’]))|^\w+ (?:following|given) |\bas follows\b|\b(?:the|these) (?:[\w'-]+ ){1, 3}(?:above|below|listed|shown|described|supplied|quoted|highlighted|underlined)\b(?! (?:zero|by|\d|the|average|in (?:the )?(?:bible|book)))|^which of (?:the (?:two|three|four)|these)\b|^(?:compare|combine|match|join|contrast) (?:the|these) (?:two|three|four)\b|^(?:please )?(?:shorten|summari[sz]e|rewrite|translate|fix|correct|edit|proofread|improve|rephrase|paraphrase|simplify) (?:this|it)(?=\W*$| (?:in|into|to|for|so)\b)|\b(?:listed|shown|mentioned|given|provided|written) (?:below|above|here)\b"
    ),
    this=re.compile(
        rf"\b(?:this|these|those) (?:[\w-]+ ){{0,2}}(?:{_TEXT}|idiom|proverb|riddle|equation|expression|word|words|list|numbers|table|data|excerpt|items|products|names|events|problem)\b(?! (?:of|about|should|must|will|by)\b)"
        r"|\bmy (?:essay|resume|cv|cover letter|letter|paragraph|code|poem|draft|report|story|speech|e-?mail|thesis|writing)\b"
    ),
    inside=re.compile(
        r"\b(?:in|of|on|from|to|by|using|with|read|answer|is) the (?!periodic)(?:above |\w+ )?(?:passage|paragraph|excerpt|stanza|text|article|story|poem|table|data|graph|chart|dialogue|conversation|essay|sentence|author|speaker|narrator)(?=\W*$|[.,?!:;]| (?:and|provided|above|below|given|mean|say|feel|think|try|use|describe)\b)"
    ),
    works_on=re.compile(
        rf"(?:^|[.;:] ?|\b(?:please|then|and|can you|could you|to) )(?:(?:{_WORK}) (?:[\w-]+ ){{0,1}}?the|(?:{_FIND}) (?:[\w',-]+ ){{1,6}}(?:{_INSIDE}) the) (?!periodic)(?:[\w-]+ )?(?:{_TEXT}|word|words|list|numbers|data|dataset|table|equation|expression)(?=\W*$|[.,;!?]| (?:and|in|into|to|as|using|by|so|with|without|from|according|for|below|above|that)\b)"
        rf"|^(?!what (?:is|are) the (?:difference|purpose|role)|explain (?:how|why)|describe how|how |why |when |where )(?:[\w',-]+ ){{1,9}}(?:the|each) (?!periodic)(?:[\w-]+ )?(?:{_DEFINITE})(?=\W*$|[.,;!?](?! [a-z])| (?:as|into|in|to|with|using|and|mean|means|do|does|is|are|based)\b)(?!.*\b(?:an?|your|some|one's)\b)"
    ),
    program=re.compile(
        r"\bfrom the user\b|\b(?:write|create|develop|design|implement|construct|build|code|generate|propose|formulate|compose|devise|define|suggest|make|need|use)\b[^.]{0,40}\b(?:functions?|programs?|algorithms?|scripts?|code|quer(?:y|ies)|pseudo-?code|regex|methods?|class|procedures?|formulas?|macro|app|application|tool|systems?|models?|networks?|bot|chatbot|classifier|command|sql|regular expression)\b"
    ),
    writes=re.compile(
        r"\b(?:write|create|compose|generate|make up|invent|come up|design|tell|craft|draft|construct|think of|produce|give|suggest|imagine)\b[^.]{0,30}\b(?:an?|some|two|three|four|five|\d+|your own|new|another)\b"
    ),
    asks_how=re.compile(
        r"^(?:how|why|when|where|who|what (?:is|are|does) (?:an?|the (?:difference|purpose|role|meaning of (?:life|the word|the term))))\b|^\w+ (?:me )?(?:how|why|ways|steps|methods|the steps|the process|the difference|the concept|the purpose|the importance)\b|\b(?:how to|how you|steps to|ways to|process of|best practices)\b"
    ),
    directs=re.compile(
        r"^(?:please |then |also |and |finally |next |now |make sure )*(?:use|make|keep|do|don['’]t|include|ensure|your|be|limit|write|give|explain|provide|if|only|return|output|answer|avoid|justify|choose|select|identify|state|say|highlight|fix|rewrite|format|reply|show|name|put|mark|preserve|note|the (?:answer|output|result|summary|response|tone)|it should|you (?:should|must|may|can)|there)\b"
    ),
    described=re.compile(
        rf"^\W*(?:an?|the|this(?: is an?)?|some|two|three|attached|insert|your|\d+) (?:[\w-]+ ){{0,4}}?(?:{_TEXT}|table|list|data|dataset|image|data ?set|study|news|scenario|conversation|book|database|spreadsheet|collection|series|records?)\b (?:(?:is |was |deals )?(?:about|on|regarding|concerning|describing|discussing|related to|with information|containing|explaining|that (?:describes|contains|discusses|explains|talks)|which (?:describes|contains)|contains|holds|describes|discusses|covers|of (?:the|an?|some) \w+)|from \w+)\b"
    ),
    chooses=re.compile(
        r"^(?:please )?(?:classify|categori[sz]e|label|tag|rate|identify|detect|determine|decide|judge|tell|state|predict|is|are|does|do)\b.*(?:\bor\b|\bwhether\b|\bif\b|\binto [\w-]+, [^.]*\band\b)"
    ),
    one_thing=re.compile(
        rf"\b(?:the|this|each|following|given|an?) (?:[\w-]+ ){{0,1}}(?!(?:[\w-]+s|following|given|revolution|business|books?|list) )(?:{_SINGLE})\b"
    ),
    greets=re.compile(
        r"\W*(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|night)|thanks?|thank you|bye|goodbye|see you)(?: (?:there|all|everyone|again|so much|very much|you))?\W*"
    ),
    of_you=re.compile(
        r"(?:(?:hi|hello|hey|so|and|please|ok)\b[,!. ]*)?(?:(?:are|were) you\b[^.?]{0,50}|do you (?:have|think|feel|know|speak|understand|dream|want|sleep|learn|remember)\b[^.?]{0,40}|can you (?:speak|understand|think|feel|code|program|see|hear|learn|dream|remember)\b[^.?]{0,30}"
        r"|who (?:are|made|created|trained|built|developed) you|what (?:are|can) you(?: do)?|what(?:['’]s| is) your (?:name|purpose|job|maker|model|knowledge cut-?off)|how (?:do you work|were you \w+|old are you)|(?:tell me about|introduce) yourself)\W*"
    ),
    closed_set=re.compile(
        r"\b(?:the|these|one of the|from) (?:predefined|given|provided|following|supplied|listed|available|below|above|existing) (?:[\w-]+ )?(?:categories|labels|options|lists?|choices|classes|tags)\b"
    ),
)
