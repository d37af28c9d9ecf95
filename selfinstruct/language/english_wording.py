"""English: stock phrases of answers that are none, and of plain requests for harm."""

import re

from selfinstruct.language.answer_words import AnswerWords, patterns
from selfinstruct.language.task_words import words

_TASK = "(?:request|task|instruction|question|prompt|query|command|assignment)"
_NOT = r"(?:can(?:no|['’])t|cannot|can not|could not|couldn['’]t|am unable to|am not able to|['’]m unable to|['’]m not able to)"
_DO = words(
    "assist help fulfill fulfil comply complete answer provide generate create do write process perform produce offer give engage respond support browse"
)
_MATERIAL = words(
    "text sentence sentences passage article paragraph content input code question context information details list numbers data document file image link story poem email words instruction topic"
)
_FEELS = words(
    "feelings emotions opinions opinion preferences preference experiences beliefs body consciousness senses childhood memories taste personal physical favorite favourite"
)
_WEAPON = words(
    "explosives grenade molotov silencer cocaine heroin meth methamphetamine mdma fentanyl napalm sarin ricin malware ransomware spyware keylogger botnet phishing counterfeit deepfake ponzi"
)
_CRIME = words("hack launder forge stalk kidnap blackmail bribe shoplift smuggle poison sabotage")
_PRODUCT = "chatgpt|gpt-?[345o]\\w*|open[- ]?assistant|qwen|claude|gemini|llama|chatglm|deepseek|vicuna|alpaca|mistral|kimi|bard|copilot"
_MAKER = "openai|anthropic|alibaba|google|meta|microsoft|mistral|deepseek|zhipu|baidu|moonshot|laion"

ANSWER_WORDS = AnswerWords(
    declines=patterns(
        rf"\bi {_NOT} (?:assist|help|comply|fulfil+|complete|answer|engage)(?: you)?(?: with)? (?:that|this|your|the|such) ?(?:kind of |type of )?(?:request|task|query|content|topic|instruction)?(?=\W)",
        r"\bi (?:cannot|can['’]t|am not able to|am unable to) (?:assist|help) with (?:that|this|requests)\b",
        rf"\b(?:this|the|your|that|such an?|my) {_TASK}s? (?:{_NOT[3:-1]}|is not able to|is unable to|may not|has been|was) ?(?:be )?(?:completed|answered|fulfil\w+|done|processed|performed|executed|carried out|declined|handled|refused)",
        r"\b(?:outside|beyond) (?:of )?(?:my|what (?:a|an|i|this|the)) (?:scope|capabilit\w+|abilit\w+|knowledge|expertise|language|model|can|system)\b|\bcannot be (?:generated|produced|provided|created) (?:by|in|as|here)\b",
        r"\bno (?:text|sentence|passage|article|input|content|code|image|list|data|paragraph|material) (?:was|is|has been|were) (?:provided|given|supplied|attached|included)\b",
        r"\bi (?:do not|don['’]t) have (?:enough|sufficient|any) (?:\w+ )?(?:information|context|details|data)\b|\bnot (?:appropriate|possible|ethical) for me to\b|\bis not something (?:that )?(?:i|an?) \w+ ?\w* (?:can|is able)",
    ),
    polite=patterns(
        rf"\A\W*(?:i['’]?m |i am |i )?(?:very |so |really )?(?:sorry|afraid|apologi[sz]e|apologies|unfortunately|regrettably)[,.;: ]+(?:but )?(?:i |this |it |that )?(?:{_NOT[3:-1]}|do not|don['’]t|would need|won['’]t)\b(?: to)? ?(?:be )?(?:{_DO}|have|see|access|draw|a visual|generated)?",
        rf"\bi {_NOT} (?:{_DO}) (?:with )?(?:this|that|your|such|the|any|you)\b(?! (?:weekend|week|year|time|saturday|sunday))",
        r"\bi (?:can(?:no|['’])t|cannot|am unable to|don['’]t have the (?:ability|capability)|have no (?:ability|capability|access)|do not have access)\b(?: to)? ?(?:browse|access|open|view|see|watch|hear|display|physically|real-time|the internet|current|external|live)",
        r"\A\W*(?:no output|no answer|no response|not possible|unable to \w+|n/a|not applicable)\b\W{0,3}(?:since|because|as|due|\(|:|,|this|it|possible|for|the|without|compute|determine)",
        r"\b(?:against|violates?) (?:my|our|openai['’]?s?) (?:programming|guidelines|(?:content |usage )?polic(?:y|ies)|principles)\b|\bi (?:must|have to) (?:respectfully )?(?:decline|refuse)\b",
    ),
    plays=re.compile(
        r"\b(?:monologue|dialogue|conversation|scene|script|speech|voice|act as|pretend|imagine|story|poem|exchange|skit|sketch|comic|role|character|perspective|point of view|diary|song|(?:might|would|could) say)\b"
    ),
    speaks_for=re.compile(
        r"\b(?:letter|e-?mail|message|note|repl(?:y|ies)|respond|dialogue|conversation|scene|script|monologue|speech|speak|voice|act as|pretend|imagine|excuse|apolog\w+|declin\w+|refus\w+|say|says|said|tweet|customer|complaint|translat\w+|rewrite|rephrase|reword|paraphrase|sentence|complete|continue|quote\w*|joke|answer as|statement|negative|polite\w*|phrase|voicemail|announcement)\b"
    ),
    asks_back=re.compile(
        rf"\A[^\n]{{0,120}}?\b(?:please|could you|can you|kindly|would you|if you)\b(?: please| kindly)? (?:provide|share|paste|specify|clarify|supply|send|give)(?: me)?(?: with)? (?:the |your |more |an? |some |any |which |what |additional |further |me )*(?:\w+ ){{0,2}}?(?:{_MATERIAL}|you)\b|\A[^\n]{{0,100}}would you like me to (?:\w+)\b|\A[^\n]{{0,60}}\bi(?:['’]d| would|['’]ll| will)? need (?:more|additional|further|the|to (?:see|know))\b"
    ),
    machine=re.compile(
        r"\b(?:(?:large |ai |text )?language model|text model|ai model|text-based (?:\w+)|ai assistant|an? ai\b|artificial intelligence|chatbot|computer program|virtual assistant|gpt[-\d.]*|chatgpt)"
    ),
    cannot=re.compile(
        r"\b(?:can(?:no|['’])t|cannot|can not|unable|not able|not capable|incapable|do(?:es)? not|do(?:es)?n['’]t|not something|outside|beyond|lacks?|no ability|not possible|not equipped|never)\b"
    ),
    speaker=re.compile(
        r"\b(?:i|i['’]m|as an?|my|for an?|this (?:model|ai|program|assistant)|(?:model|ai|assistant|program|chatbot)s? (?:can|could|does|do|is|are|lacks?|has|have))\b"
    ),
    asks=re.compile(r"sorry|please|apolog|need|unfortunately|would|could|let me know|should|consult|no |not |n['’]t"),
    product=re.compile(
        rf"\b(?:i(?:['’]m| am)|this is|my name is|call me) (?:\w+ )?(?:{_PRODUCT})\b|\bi(?:['’]m| am| was)\b[^.!?]{{0,40}}\b(?:made|created|trained|developed|built) by (?:{_MAKER})\b"
    ),
    itself=patterns(
        r"\b(?:as|being) an? (?:\w+ )?(?:ai|artificial intelligence|(?:large |ai )?language model|virtual assistant|chatbot|machine learning model|computer program|text model|machine)\b(?:,| model| assistant| i\b)",
        r"\bi(?:['’]m| am) (?:just |only |merely |actually |simply )?(?:an? |not an? )?(?:ai\b|artificial intelligence|(?:large |ai )?language model|(?:virtual|digital|ai) assistant|chatbot|chatgpt|computer program|human\b|real person|machine\b|bot\b)",
        rf"\bi (?:do not|don['’]t|cannot|can['’]t|have never|have no)(?: actually| really| truly)?(?: have| possess| experience| feel)? ?(?:any |an? |my own )?(?:personal |human |physical |real )*(?:{_FEELS})\b(?! (?:about|for you|for him|for her|with you))",
        r"\bmy (?:training data|training (?:cut|only|does|ended|set)|knowledge cut-?off|programming|knowledge (?:ends|stops|only)|last (?:knowledge )?update)\b|\bi was (?:trained|programmed|created|developed|built) (?:by|on|with|to|until)\b|\bas of my (?:last|latest|knowledge)\b",
    ),
    blank=re.compile(
        r"(?:[a-z]{2,10}: ?)?(?:n/?a|tbd|tba|tbc|to-?do|fixme|x{3,}|placeholder(?: text)?|lorem ipsum\b.*|no (?:output|answer|response|input|result|content)s?(?: (?:needed|provided|given|available|required|found|generated))?|output|answer|response|result|(?:your|the|sample|example|expected) (?:answer|response|text|output)(?: (?:goes )?here)?|(?:insert|enter|write|type|put) (?:your |the |an? )?[\w ]{1,30}(?: here)?|see above|as above|same as above|(?:to be|will be) (?:completed|determined|filled in|added|announced|written|provided)(?: later)?|coming soon|[\w ]{0,30}(?:goes|would be|will be) here|not (?:applicable|available|provided|specified)|omitted|_{3,}|\.{3,})"
    ),
    nothing=re.compile(r"(?:n/?a|none|null|nil|nothing|empty|blank|not applicable|undefined)"),
    asks_whether=re.compile(
        r"\b(?:any|if|whether|is there|are there|how many|which|who|value|type|none|null|blank|missing|empty|word|translate|synonym|antonym)\b|\Ado\b|\Ais\b"
    ),
    form=re.compile(
        r"\b(?:template|form|placeholder|blank|fill|gap|mask|format|skeleton|heading|bracket|markup|tag|html|xml|emoji|stage direction|sound|onomatop|pronunciation|ipa|signature|label|option)\w*\b"
    ),
    unsafe=patterns(
        rf"\b(?:how (?:to|do i|can i|could i|one)|ways? to|steps? (?:to|for)|guide (?:to|for|on)|instructions? (?:to|for|on)|recipe for|make|build|create|write|design|buy|sell|produce|cook|develop|grow|code)\b[^.;?]{{0,40}}(?:\b(?:{_WEAPON})|(?<!bath )(?<!seed )(?<!photo )\bbombs?)\b",
        rf"\b(?:how (?:to|do i|can i|could i)|ways? to|steps? to|help me|teach me|explain how|tell me how|plan to|i want to)\b[^.;?]{{0,24}}\b(?:{_CRIME})\b",
        r"\b(?:how (?:to|do i|can i)|ways? to|help me|teach me|tell me how to|method)\b[^.;?]{0,24}\b(?:(?:kill|murder|hurt|harm|strangle|drug|scam|defraud|bully|humiliate|harass|spy on|track|scare)\b (?:my (?!weeds|lawn|plants?|phone|computer|process|time)|someone|somebody|people|him|her|them|an? (?:person|man|woman|child|neighbo|classmate|colleague)|myself|yourself)|(?:steal|rob|break into|overdose|evade tax|cheat on|cheat in)\b(?! the show))",
        r"\b(?:convince|trick|fool|get|persuade|lure|manipulate)\b [^.?]{0,40}\b(?:elderly|seniors?|pensioners?|people|victims?|customers?|strangers?|grandparents?|children|girls?)\b[^.?]{0,40}\b(?:money|savings|bank|cards?|passwords?|transfer|pay|photos?|details|pins?)\b",
        r"\b(?:racist|sexist|homophobic|antisemitic|hateful|degrading|derogatory) (?:\w+ )?(?:jokes?|speech|post|tweet|slogan|rant|poem|message)|\b(?:jokes?|poem|post|tweet|speech|slogan|essay|rant)\b[^.?]{0,40}\b(?:inferior|subhuman|vermin|mocking (?:\w+ )?(?:people|immigrants|women|disabled|muslims|jews)|stupid (?:women|immigrants))\b",
        r"\bfake (?:ids?|passports?|prescriptions?|diplomas?|reviews|invoices?|doctor['’]?s? notes?|sick notes?|money|driver)\b|\bwithout (?:\w+ ){0,2}(?:getting caught|being caught|knowing|noticing|his consent|her consent|their consent)\b|\b(?:nude|naked) (?:photos?|pictures?)\b|\bdrive (?:home )?drunk\b",
    ),
    prevents=re.compile(
        r"\b(?:prevent|avoid|protect|histor|recogni|spot|detect|aware|ban|law|illegal|danger|risk|warn|novel|story|stop|defen|recover|victim|report|against|polic|educat|safe|film|fiction|crossword|treat|museum|headline|classif|moderat|news|explain why|consequence|punish|secur|identify)\w*"
    ),
)
