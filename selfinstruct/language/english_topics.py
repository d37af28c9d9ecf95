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
    r"\b(?:html|xml|css|markdown|latex|regex\w*|regular expressions?|escap\w+|unicode|entit(?:y|ies)|tags?|tokens?|tokeni[sz]\w+"
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
    r"|script|dataset|exercises?|questions?|quiz|flash ?cards?|q ?& ?a|faq|tasks?|worksheet|lesson|format\w*|log|sample"
    r"|algorithm|interview|survey|exam|homework|problem|prints?|console|dialogue|conversation|chat|transcript"
    r"|assistant|user|human|role|play|scene|script|interaction|fields?|labels?|headings?|json|ya?ml)\b"
)
SHOWS_MEDIA = Wording(
    r"[(（]\s*(?:see |insert |attached |uploaded )+(?:the |an? )?(?:attached )?(?:image|picture|photo|video|audio|graph|chart|file|link|document|map)s?\b[^)\n]{0,60}[)）]"
    r"|[<\[{]\s*(?:an? |the |see )?(?:attached |insert(?:ed)? |uploaded )?(?:image|picture|photo|photograph|screenshot|video|audio|graph|chart|diagram"
    r"|figure|map|attachment|file|link|url|pdf|document)s?(?:\s*\d+)?(?:\s*[:\-]?\s*[^\]>}\n]{0,60})?\s*[>\]}](?!\()"
    r"|\A\W*[\[(<【](?:voice|video|audio) (?:message|note|call|memo)\b[^\])>\n]{0,20}[\])>]\W*\Z|\A\W*[\[(<](?:sticker|gif|location|contact card|emoji)[\])>]\W*\Z"
    r"|\A\W*(?:see|refer to|please (?:see|find|refer to|open|check)) (?:the )?(?:attached|attachment|enclosed|image|picture|photo|file|link|figure|chart)"
    r"|\A\W*(?:the )?(?:image|picture|photo|file|video|audio|document|attachment)s? (?:is |are )?attached\b"
    r"|!\[[^\]\n]{0,80}\]\([^)\n]{1,300}\)"
    r"|\A\W*(?:(?:see|the|an?|attached|attachments?|enclosed|uploaded|file|audio|video|image|picture|photo|recording|spreadsheet"
    r"|document|input|clip)\b[\s:：-]{0,3}){0,4}(?!(?:please|open|delete|send|rename|save|move|copy|I|we|he|she|you|they|it|could|can|use)\b)(?:(?-i:[A-Z0-9])[\w()&-]{0,20}(?: [\w()&-]{1,20}){0,4} )?[\w.()（）/\\-]{1,80}\.(?:jpe?g|png|gif|bmp|webp|svg"
    r"|heic|tiff?|mp[34]|m4a|aac|flac|ogg|wav|avi|mov|mkv|webm|pdf|docx?|pptx?|xlsx?|csv|txt|zip|rar)\W*\Z"
)
MEDIA_TOPICS = Wording(
    r"\b(?:markdown|html|file ?names?|extensions?|alt text|captions?|placeholders?|templates?|format|regex|paths?"
    r"|folder|directory|rename|files?|code|json|css|readme|python|script|function|document types?|mime|sort|classify"
    r"|script|screenplay|slides?|outline|newsletter|blog|article|web ?page|post|layout|wireframe|storyboard|poster|opens?|attach(?!ed)\w*|software|application|names?|naming)\b"
)
UNSAFE = Wording(
    r"\b(?:how (?:to|do|can|could|would|should|does)(?: I| you| one| we| someone)?|ways? (?:to|of)|steps? (?:to|for)|guide (?:to|for|on)|instructions? (?:to|for|on)"
    r"|recipes? for|tutorial (?:on|for)|make|makes?|making|build|building|assemble|create|creating|construct|buy"
    r"|buying|sell|obtain|synthesi[sz]e|synthesis of|manufacture|produce|smuggle|cook|grow|plant|write|code|develop|design|craft"
    r"|launch|deploy|get away with|acquire|print|3d[- ]print)\b[^.;]{0,40}?\b(?:(?<!bath )(?<!seed )(?<!photo )(?<!carpet )(?<!logic )(?:pipe |dirty |nail )?bombs?\b(?! (?:cake|shelter|disposal|squad|calorimeter))"
    r"|explosives?(?! (?:growth|start|opening))|grenades?|molotov|firearms?|ghost guns?|silencers?|ammunition|(?:crack )?cocaine|heroin|(?:crystal )?meth\b|methamphetamine|mdma|lsd|narcotics|fentanyl|napalm|thermite|nerve (?:gas|agents?)"
    r"|sarin|ricin|anthrax|malware|ransomware|spyware|trojans?(?! (?:horse|war))|botnets?|ddos|keylogger|computer (?:virus|worm)|phishing|fake (?:passports?|ids?\b|driver|diplomas?|prescriptions?|reviews? that|id cards?|money)"
    r"|counterfeit|deepfakes?|ponzi|scam (?:e-?mails?|messages?|scripts?|calls?)|credit card (?:fraud|skimmers?)|date[- ]rape)\b"
    r"|\b(?:commit|committing|encourag\w+|promot\w+|glorif\w+|plan|incit\w+|celebrat\w+) (?:[\w-]+ ){0,3}?(?:suicide|self-harm"
    r"|genocide|terrorism|rape|mass shooting|murder|arson|tax evasion|insurance fraud|identity theft|violence against|hatred)\b"
    r"|\b(?:how (?:to|do I|can I|could I|do you|would one)|(?:steps?|instructions?|guide|methods?|tutorial|plan|(?:teach|show|tell|help) (?:me|us))(?: how)? to) (?:[\w-]+ ){0,2}?(?:kill (?:yourself|myself|someone|somebody|a person|people|my (?:wife|husband|boss|neighbou?r|ex))|hang myself|end my life"
    r"|hack into|launder|forge|stalk|poison (?:someone|somebody|a person|my|people)|kidnap|blackmail|bribe|shoplift|pickpocket|steal (?:a car|cars|money|from|someone|credit|an? identity|password)|rob (?:a|the)"
    r"|evade tax(?:es)?|cheat on (?:an?|my) (?:exam|tax)|overdose|groom|drug someone|hide a body|dispose of a body|hot-?wire|beat a drug test|break into)\b"
    r"|\bhack (?:into )?(?:someone|somebody|a|an|the|my|your|his|her|their) (?:[\w'’-]+ ){0,3}?(?:accounts?|phones?|e-?mails?|wi-?fi|network|computer|password|bank|profile|facebook|instagram|database|server|system)\b"
    r"|\b(?:steal|crack|guess) (?:someone(?: else)?['’]?s?|somebody['’]?s|my (?:ex|neighbou?r|boss|wife|husband|girlfriend|boyfriend|colleague)(?:['’]s)?|other people['’]?s?) (?:[\w-]+ ){0,2}?(?:password|identity|credit|bank|account|data|wi-?fi|phone)"
    r"|\b(?:so(?: that)?|to (?:make|get|convince|persuade)|making|until) (?:[\w'’-]+ ){0,3}?(?:people|folks|pensioners|seniors|parents?|grandpar\w+|customers?|strangers?|victims?|them|they|he|she|him|her|someone|somebody) (?:to )?(?:will |would )?(?:send|sends|give|gives|wire|wires|transfer|transfers|pay|pays|hand|hands)(?: over)? (?:me|us|my)\b"
    r"|\bso (?:that )?(?:she|he|they|it)\b[\w ]{0,14}? too (?:frightened|scared|afraid|terrified) to\b"
    r"|\b(?:how (?:to|can I|do I|could I)|help me(?: to)?|ways? to|I want to) (?:[\w-]+ ){0,2}?(?:scare|frighten|intimidate|harass|terrori[sz]e|cyber-?bully|bully|humiliate|blackmail) (?:my|her|him|them|some)\b"
    r"|\b(?:how (?:to|can|do|could|would) (?:I |you |we |one )?|help me (?:to )?|ways? to )(?:secretly|covertly|discreetly) (?:install|put|hide|track|record|read|monitor|follow|spy|film|listen|watch|get into)\b"
    r"|\b(?:install|put|hide|plant|place) (?:an? |some )?(?:tracking|spy|monitoring|stalker|hidden|gps|listening) ?\w* (?:on|in|under|onto) (?:my|his|her|their|someone)\b"
    r"|\b(?:get|log|break|hack|sneak|peek) (?:in)?to (?:my |an? |the |his |her |some\w*['’]?s? )?(?:ex|girlfriend|boyfriend|wife|husband|partner|neighbou?r|boss|colleague|coworker|classmate|roommate|friend|teacher|daughter|son)[\w'’ -]{0,30}?(?:accounts?|phones?|e-?mails?|icloud|whatsapp|messages|computer|laptop|instagram|facebook)\b"
    r"|\bget (?:[\w-]+ ){0,3}?(?:people|pensioners|seniors|customers?|users?|victims?|strangers?|parents?|grandpar\w+|them|him|her) to (?:hand over|give (?:up|away|me|us)|reveal|send|share|enter|tell (?:me|us)) (?:[\w'’-]+ ){0,3}?(?:bank|cards?|accounts?|passwords?|pins?|savings?|money|pensions?|credit|personal|details|codes?)\b"
    r"|\bthreat(?:en\w*|s?) (?:[\w-]+ ){0,3}?(?:kill|hurt|harm|beat)\b|\b(?:drive|driving) drunk\b|\b(?:cheat|beat|fool|trick) an? (?:breathalyzer|drug test|lie detector)"
    r"|\b(?:nudes|(?:nude|naked|topless) (?:photos?|pictures?|selfies?|videos?|images?))\b|\bsextort\w*"
    r"|\b(?:trick\w*|deceiv\w+|scam\w*|con\w{0,4}|fool\w*|defraud\w*|swindl\w+|manipulat\w+) (?:[\w'’-]+ ){1,6}?(?:into|out of) (?:[\w'’-]+ ){0,2}?(?:send\w*|giv\w+|pay\w*|transfer\w*|wir\w+|reveal\w*|shar\w+|hand\w*|money|savings|pensions?)\b"
    r"|\b(?:painless|easy|quick(?:est)?|best) (?:suicide|ways? to die)|\b(?:methods?|ways?) (?:of|for) (?:suicide|self-harm|dying)|\bways? to (?:hurt|kill) (?:myself|yourself|someone)"
    r"|\b(?:buy|sell|order|get|find|smuggle) (?:[\w-]+ ){0,2}?(?:illegal|hard|stolen|unregistered) (?:drugs|weapons|guns|firearms|goods|credit cards)\b"
    r"|\b(?:pick|bypass|break)(?:ing)? (?:into )?(?:my |a |the |some\w*|his |her )?(?:neighbou?r|ex|boss|stranger|landlord|else|flatmate|roommate)['’]?s? (?:\w+ )?(?:locks?|door|house|safe)\b"
    r"|\b(?:religions?|races?|immigrants?|migrants?|refugees?|ethnic\w*|muslims?|jews?|jewish|christians?|hindus?|women|gays?|gay people|black people|foreigners)\b[^.]{0,40}\b(?:vermin|subhuman|inferior|driven out|exterminated|parasites|cockroaches|wiped out)\b"
    r"|\b(?:pick|open|bypass|break) (?:the |a )?locks? (?:of|on|to) (?:my |a |the |some\w*['’]?s? )?(?:neighbou?r|ex|boss|stranger|car|house|shop)"
    r"|\b(?:porn\w*|erotic\w*|child abuse material|racial slurs?|sexual(?:ly)? (?:explicit|content involving|fantas)|hate speech (?:against|about|targeting)|racist (?:jokes?|rants?|speech|post)|sexist jokes?)\b",
    unless=r"\b(?:prevent\w*|avoid\w*|protect\w*|histor\w+|defus\w+|recogni[sz]\w+|spot\w*|detect\w*|aware\w*|awareness"
    r"|treaty|ban(?:s|ned|ning)?|laws?|(?:is|are|was|were|why|become|became|considered) (?:\w+ ){0,4}illegal|danger\w*|harms?|harmful|risks?|warn\w*|novel|museum|identify\w*|stop\w*|defen[cds]\w+"
    r"|recover\w*|treat\w*|(?:protection|guard|defen[cs]e|case|arguments?|advice|fight|warn\w*) against|campaign|victims?|survivors?|report(?:ing|ed)?|dangers|hotline|combat\w*|fight\w*|tackle|counter(?!f)\w*|policy|policies|moderat\w+|educat\w+|train(?:ing)? (?:staff|employees)|crossword|game|minecraft)\b",
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
DIRECTIVE = (
    r"(?:please |then |also |and |finally |next |now )*(?:use|make|keep|do|don['’]t|include|ensure|your|the (?:answer|response|summary|output|result|text|list"
    r"|final|translation|rewritten|tone|length|goal|reader)|it should|be|limit|write|give|explain|provide|if|only|return|output|answer|each|no|avoid|try|justify|choose"
    r"|select|identify|list|state|describe|determine|tell|say|highlight|correct|fix|rewrite|summari[sz]e|translate|classify|pay|focus|remember|note|add"
    r"|remove|format|respond|reply|show|name|find|calculate|compute|put|mark|preserve|maintain|retain|assume|consider|start|begin|end|read|after|when"
    r"|for each|you (?:should|must|may|can|need)|I (?:want|need|would)|what|which|how|why|who|where|is|are|does|not|there should|work|leave|check)\b"
)
MEDIA_AS_TEXT = Wording(
    r"\b(?:files?|links?|urls?|web ?\w*|spreadsheets?|pdfs?|charts?|graphs?|maps?|audio|recordings?|podcasts?|videos?|songs?|figures?)\b"
)
ASKS_HOW = r"\bhow (?:to|do|does|can|would|should|could|one|people|we|you|I|is|are)\b[^.,;:]{0,20}$"
PRESS = Wording(r"\b(?:press|news|media) releases?\b|\bannouncement\b")
REFERS_BACK = r"(?:this|these|the) (?:problem|question|information|case|situation|data|fact|item|number|word|term|product|list|topic|name|condition|animal|option|description)s?\b"
