"""English: wording of non-answers, and the instructions that excuse them."""

from selfinstruct.language.wording import Wording

_MACHINE = (
    r"(?:(?:large |powerful |responsible )?(?:ai |artificial intelligence )?language model"
    r"|ai(?: (?:language )?model| assistant| chatbot| system| program| tool)?|artificial intelligence(?: \w+)?"
    r"|(?:virtual|digital) assistant|chatbot|machine learning model|computer program)"
)
_MAKERS = r"(?:openai|alibaba(?: cloud)?|anthropic|google|meta(?: ai)?|deepseek|microsoft|mistral|baidu|zhipu|moonshot|xai|lmsys|stability ai|eleutherai|cohere|tii|databricks|nvidia|hugging ?face|researchers? (?:at|from) [\w ]{2,30})"
_CANNOT = r"(?:can(?:no|['’])t|can not|am unable to|(?:am |['’]m )?(?:unable|not able) to|won['’]t|will not)"

SELF_REFERENCE = Wording(
    rf"(?:(?:\A|[.!?\n]\W{{0,4}})(?:as|being) an? {_MACHINE},|\b(?:as|being) an? {_MACHINE},? ?(?:I|my)\b"
    rf"|\bas an? {_MACHINE} (?:developed|created|trained|designed|built|made)\b)"
    rf"|\bI(?:['’]m| am) (?:just |only |merely |actually |simply )?(?:an? )?(?:ai\b|artificial intelligence"
    r"|(?:large )?(?:ai )?language model|(?:virtual|digital|ai) assistant|chatbot|qwen|chatgpt|gpt-\d|claude\b"
    r"|gemini\b|deepseek|(?:computer|software) program|piece of (?:software|code)|bot\b)"
    rf"|\b(?:being|because I am|since I am|I am just|I['’]m just|since I['’]m) (?:an? |only |just )*(?:software|code|program|algorithm|language model|ai)\b|\bas (?:an? )?(?:piece of )?(?:software|code|program|machine|algorithm|bot), I\b|\bI(?: am|['’]m) (?:vicuna|alpaca|llama|chatglm|qwen|baichuan|koala|dolly|claude|gemini|bard|gpt[\w.-]*|chatgpt)\b"
    rf"|\bI(?: am|['’]m| was|,)[^.\n]{{0,60}}\b(?:created|developed|trained|made|built) by {_MAKERS}\b"
    r"|\bmy (?:knowledge|information|training data|data)(?: base)?(?: (?:currently|only|just))* (?:goes|extends|runs|reaches|covers|stops|ends|ended"
    r"|stopped|cuts off|is (?:limited|current|up to date)|was (?:last )?updated|comes from)\b[^.\n]{0,30}(?:\b(?:19|20)\d\d\b|\bcut-?off\b|\btraining\b)"
    r"|\bI (?:only |just )?exist (?:only |just |solely |purely )?(?:as|in) (?:software|code|an? (?:program|model|computer)|data|the cloud|digital)\b"
    r"|\bI (?:was|am|have been) (?:only |last )?(?:trained|updated) (?:(?:on|with) (?:data|text|information|sources|books|a (?:large|vast|wide))|(?:only )?(?:until|up to|through|in|as of) (?:\w+ )?(?:19|20)\d\d)"
    r"|\bI (?:have no|lack|do not have|don['’]t have|haven['’]t) (?:any )?(?:access to )?(?:live|real-time|current|up-to-date) (?:\w+ )?(?:data|information|prices|news|results|feeds?|access)\b"
    r"|\bmy (?:knowledge cut-?off|training data|programming|last (?:knowledge )?update|developers at)\b"
    r"|\bas of my (?:last|latest|most recent|knowledge)\b"
    r"|\bI (?:do not|don['’]t) (?:actually |really )?(?:have|possess|hold|experience) (?:any )?"
    r"(?:personal (?:opinions?|feelings?|experiences?|preferences?|beliefs?|views?)|(?:real )?emotions"
    r"|consciousness|a physical (?:body|form)|real-time|access to (?:real-time|the internet|current|live|external"
    r"|your|the (?:file|image|link|document|article|attachment)))"
)
_SENSES = (
    r"(?:childhood|body|bodies|physical form|feelings?|emotions?|moods?|senses?|taste ?buds|consciousness|personality|personal \w+"
    r"|preferences?|opinions?|birthday|hometown|gender|memories of my own|life experiences?)"
)
LACKS_LIFE = Wording(
    rf"\bI (?:do not|don['’]t|cannot|can['’]t|have never|never|haven['’]t)(?: actually| really| truly| ever| personally)* (?:have|had|possess|experienced?|feel|own)"
    rf" (?:an? |any |my own |the )?(?:human |real |physical |actual |own )*{_SENSES}\b(?! (?:about|for (?:you|him|her)|left|any ?more))"
    r"|\bI (?:do not|don['’]t|cannot|can['’]t)(?: actually| really)* (?:eat|drink|sleep|dream|age|breathe|taste|get (?:tired|hungry|bored))(?:,| (?:or|since|because|as|like a human)\b)"
    r"|\bI(?:['’]m| am) not (?:an? )?(?:real |actual )?(?:person|human(?: being)?|alive)\b"
)
ADDRESSES = Wording(r"\b(?:you|your|yours|yourself)\b", unless=r"\byou(?:['’]re| are) an?\b")
EXTRACTS = Wording(
    r"\b(?:extract|find|list|identify|name|mention\w*|state|get|pull|detect|spot|locate|pick out|what|which|who|where|when|give the|underline|highlight|report)\b"
)
REFUSAL = Wording(
    rf"\bI ?{_CANNOT} (?:assist|help|comply)(?: you)?(?: with)? (?:that|this|your|the|such)\b"
    rf"|\b{_CANNOT} (?:fulfil+|complete|process|comply with|accommodate|assist with|help with|answer|respond to)"
    r" (?:that|this|your|the|such an?) (?:request|task|question|query|instruction)"
    rf"|\bI ?{_CANNOT} (?:(?:actually|directly) )?(?:browse|access|open|view|see|watch|listen to|hear) (?:the |any |your"
    r" |this |that |external |real-time |live )?(?:internet|web|websites?|images?|files?|links?|urls?|attachments?"
    r"|pictures?|photos?|videos?|audio|documents?|data|article you|text you)"
    r"|\A[^\n]{0,120}?\b(?:you['’]d like|you would like|you want|you need|would you like|like) me to (?:\w+ )?(?:rewrite|translate"
    r"|summari[sz]e|edit|correct|proofread|work|analy[sz]e|classify|convert|paraphrase|fix|review|use|complete"
    r"|respond|answer)\b"
    r"|\bI (?:must|have to) (?:decline|refuse)\b"
    r"|\b(?:it (?:would be|is|['’]s)|that would be) (?:not appropriate|inappropriate|unethical|not possible|impossible)"
    r" for me to\b|\bagainst (?:my|our|openai['’]?s?) (?:programming|guidelines|(?:content|use|usage) polic(?:y|ies))"
    r"|\bI (?:do not|don['’]t) have (?:enough|sufficient|any) (?:\w+ )?(?:information|context|details)"
    r" (?:to|about|on|regarding|for)\b"
    r"|\bno (?:text|sentence|passage|article|paragraph|input|content|code) (?:was|is|has been|were) (?:provided"
    r"|given|supplied|attached|included)",
    unless=r"\A[^\n]{0,40}\berror\b",
)
DECLINES = Wording(
    r"\A\W{0,3}(?:(?:I(?:['’]m| am)(?: really| very| so| truly)? )?(?:sorry|afraid)|i apologi[sz]e|(?:my )?apologies"
    r"|unfortunately|regrettably)\b[^.\n]{0,60}?\b(?:I(?:['’]m|['’]ve| am| have| do)?|we|there|it|this|that|the|your) ?"
    r"(?:\w+ ){0,3}?(?:can(?:no|['’])t|can not|unable|not|don['’]t|won['’]t|didn['’]t|couldn['’]t|no|isn['’]t|missing)\b"
    r"|\A\W{0,3}(?:I|we)(?:['’]m| am| are)? (?:cannot|can['’]t|can not|unable to|not able to|won['’]t) (?:assist|help"
    r"|provide|fulfil|answer|generate|create|complete|comply|access|browse|process|write|discuss|engage|support"
    r"|recommend|give|produce|offer|share|translate|summari[sz]e|do that|do this|perform|determine|identify|predict|foresee|verify|confirm|advise|comment|speculate|judge)\b"
    r"|\A[^\n]{0,100}?(?<!let me )\b(?:please|could you|can you|would you|kindly)(?: please| kindly)? (?:provide|share"
    r"|give|send|paste|post|enter|specify|clarify|supply|upload|include|tell)(?: me)?(?: with)? (?:the|your|an?|more|some"
    r"|additional|what|which|me|further|details)\b"
    r"|\A[^\n]{0,160}?\b(?:could you|can you|would you|please|kindly) (?:please )?(?:paste|post|send|share|attach|upload|provide|re-?send) (?:it|them|the \w+|that)\b[^\n]{0,20}(?:so (?:that )?I|here|again|and I)"
    r"|\A[^.\n]{0,80}\b(?:no|not|didn['’]t|haven['’]t|did not|have not|missing|without) (?:\w+ ){0,3}?(?:sentence|text"
    r"|paragraph|article|passage|code|input|image|context|content|link|file|attachment|information)s? "
    r"(?:was |were |has been |have been |you )?(?:provided|given|included|specified|attached|supplied)\b"
    r"|\A[^\n]{0,40}\b(?:the|your) (?:\w+ ){0,2}(?:input|text|article|passage|sentence|image|file|attachment)"
    r" (?:is|was|seems|appears)(?: to be)? (?:missing|empty|incomplete|not (?:attached|provided|included))\b"
    r"|\A[^\n]{0,60}\bI(?:['’]d| would|['’]ll| will)? need (?:more|additional|further|some more|the|to (?:see|know))"
    r" (?:\w+ ){0,2}(?:information|context|details|text|input|specifics)\b"
    r"|\A\W{0,3}I (?:don['’]t|do not) (?:know|understand|have)\b[^\n]{0,80}\Z"
    r"|\A\W{0,3}(?:I(?:['’]d| would) (?:rather|prefer) not|I(?:['’]m| am) not (?:in a position|at liberty|allowed|permitted|comfortable|able|equipped))\b"
    r"|\A[^\n.]{0,60}\b(?:is|lies|falls) (?:not something I|outside (?:of )?(?:my|what I)|beyond (?:my|what I))\b"
)
GIVES_VOICE = Wording(
    r"\b(?:role|act as|pretend|imagine|story|tale|dialogue|conversation|script|scene|speech|monologue|poem|sonnet|haiku"
    r"|song|letter|message|examples?|persona|voice|exchange|skit|sketch|banter|comic|cartoon|comedy|perspective|point of view|introduc\w+|faq|template|prompts?"
    r"|character|speak as|diary|play|joke|quot\w+|translate|rewrite|paraphrase|phrase|disclaimer|refus\w+)\b"
)
MESSAGE = Wording(
    r"\b(?:letter|e-?mail|message|note (?:to|for|that)|repl(?:y|ies)|respond to|response to|writ\w+ an? (?:\w+ ){0,2}"
    r"(?:response|text|note|statement|announcement|notice|apology|sign)|dialogue|conversation|exchange|scene|screenplay"
    r"|skit|role|(?<!reported )(?<!direct )(?<!indirect )speech|monologue|voice|act as|pretend|imagine|apolog\w+|declin\w+|refus\w+|turn(?:ing)? down|excuse"
    r"|voicemail|(?:might|would|could|should|to) say|tweet|customer|answering machine|auto-?reply|complaint|resign\w*|break-?up|(?:generat|writ|creat|ask|formulat|pos|suggest|com)\w* [^.]{0,40}questions?|interview|survey)\b"
)
PLACEHOLDER = Wording(
    r"^\W*(?:[a-z ]{1,20}: ?)?(n/?a|none|null|nil|undefined|todo|tbd|tba|nan|x{3,}|no (?:valid )?(?:output|answer|response|input|data|result|text"
    r"|content)s?(?: (?:was |is |were |has been )?(?:found|needed|provided|given|available|required|generated|possible"
    r"|applicable))?|no ?output|no ?input|output|answer|response|not (?:applicable|available|provided|given|specified)"
    r"|(?:answers?|responses?|results?) (?:will|may|can) vary|(?:I )?(?:will|['’]ll|to) (?:be )?(?:fill|filled|add|added|complete|completed|finish|finished|write|written|do|done|answer|update|updated)(?: (?:this|it|that))?(?: (?:in|up|out))?(?: (?:later|soon|tomorrow|when I can))?|same as (?:the )?(?:above|previous)(?: \w+)?"
    r"|(?:your|the|an?|sample|example|expected|correct) (?:answer|response|text|output)(?: (?:goes )?here)?"
    r"|(?:insert|enter|write|add|put|fill in|place|type) (?:your |the |an? )?(?:\w+ )?(?:answer|text|response|output"
    r"|content)(?: here)?|lorem ipsum.{0,180}|answer not (?:found|available)|see above|as above|same as above"
    r"|to be (?:completed|determined|filled in|added|announced|written)|(?:[\w'’-]+ ){0,3}coming soon|placeholder(?: text)?|omitted"
    r"|output (?:goes )?here|blank|empty|left blank|empty string|\.\.\.|(?:[\w'’-]+ ){0,5}(?:goes|will go|to go|comes) here"
    r"|(?:[\w'’-]+ ){0,5}(?:to (?:follow|come)|(?:to|will) be (?:added|completed|determined|filled in|written|supplied|provided|inserted))(?: later| soon| here)?)\W*$"
    r"|^\W*(?:[a-z ]{1,20}: ?)?(to-?do|tbd|tba|tbc|fixme)\b(?! lists?)(?:\W.{0,180})?$"
    r"|^[\"'*_]{0,3}(?:[a-z ]{1,20}: ?)?([\[<({](?:(?:please )?(?:insert|add|enter|write|fill in|put|place|include|provide|describe|type|paste|your|to be|placeholder|the|name of|sample|some)\b[^\[\]<>(){}\n]{2,120})[\])}>])\W{0,3}$"
    r"|^\W{0,3}([\[<({](?:an? |the )?(?:\w+ )?(?:descriptions?|summary|explanations?|names?|list|story|poem|answers?|texts?|details|examples?|translation|title|paragraph|sentences?|reasons?|steps) (?:of|about|for|on|goes|here)\b[^\[\]<>(){}\n]{0,120}[\])}>])\W{0,3}$"
    r"|^\W{0,3}([\[<({](?:your |the )?(?:answer|poem|story|essay|letter|name|title|text|response|output|list|summary|translation|code|date|description|explanation|content)[\])}>])\W{0,3}$"
    r"|^\W*(?:[a-z ]{1,20}: ?)?([_＿]{3,})\W*$"
    r"|^\W{0,3}(<[a-z]+(?: [a-z']+){1,8}>)\W{0,3}$"
)
MAY_BE_NOTHING = Wording(
    r"\b(?:any|if none|otherwise|if not|if there|is there|are there|how many|which of|none|blank|empty|missing|null"
    r"|n/a|nothing|optional|else|absent|unknown|undefined|exist|solutions?|roots?)\b|^which\b|^what (?:\w+ )?(?:values?|numbers?|integers?|primes?|letters?)\b"
)
MAY_STAY = Wording(
    r"\bif (?:it is|it['’]s|they are|needed|necessary|any|required|there|correct|appropriate|applicable|so|not|already"
    r"|possible|wrong|incorrect)\b|\bunless\b|\bas (?:far|much) as possible\b|\blowest terms\b|\bwhere (?:needed|necessary|appropriate)\b|\bany (?:\w+ )?(?:errors?"
    r"|mistakes?|typos?)\b|\b(?:organi[sz]e|chronological\w*|unchanged|as is|as it is|repeat|copy|echo|verbatim|exactly as|sort|order|arrange|rank|choose|select|pick|alphabeti[sz]e|already"
    r"|whether|palindrome|reverse|lower-?case|trim|deduplicate|duplicates|round|plural|uninflected|same|recite"
    r"|proofread|filter|format|extract|normali[sz]e|find|which|what|who)\b"
)
REPEATS = Wording(
    r"\b(?:song|lyrics?|poem|chant|rhyme|refrain|chorus|tongue[- ]twister|mantra|repeat\w*|times|ballad|lullaby"
    r"|villanelle|pantoum|limerick|beat|rap|anthem|hymn|sequence|pattern|loops?|echo)\b"
)
STOPS_SHORT = Wording(
    r"\A[^\n]*\b(?-i:(?:when|if|while|because|until|since|although|as soon as) (?:it|they|you|he|she|we|I|there|this) (?:is|are|was|were|can|will|has|have|had|should|must))\s*\Z"
    r"|\A(?:\S+ ){3}[^\n]*?(?-i:\b(?:the|an?|and|or|nor|because|such as|whose|than|every|your|their|our|its|of|including|very|e\.g|i\.e))\s*\Z"
    r"|\A[^\n]{60,}(?-i:\b(?:to|with|from|by|for|in|into|at|as|that|which|who|although|while|if|when|where|is|are|was|were"
    r"|has|have|had|be|been|being|will|would|can|could|should|must|may|might|more|most|his|my|these|those|this|each"
    r"|between|about|on|but|so|also|not|both|either|during|through))\s*\Z"
    r"|[,–—]\s*\Z",
    unless=r"\b(?:what|which|whom?|something|anything|nothing|somebody|someone|nobody)\b[^.,;]{0,30} of\s*\Z",
)
_FILLERS = (
    "please to me for the a an you can could your of and in with is are it that this about on some so i will would be"
)
FILLERS = frozenset(_FILLERS.split())
