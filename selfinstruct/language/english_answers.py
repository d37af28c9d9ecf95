"""English: what an answer says that is none, and the instructions for which it is one after all."""

from selfinstruct.language.language import Wording

_MACHINE = (
    r"(?:(?:large |powerful |responsible )?(?:ai |artificial intelligence )?language model"
    r"|ai(?: (?:language )?model| assistant| chatbot| system| program| tool)?|artificial intelligence(?: \w+)?"
    r"|(?:virtual|digital) assistant|chatbot|machine learning model|computer program)"
)
_MAKERS = (
    r"(?:openai|alibaba(?: cloud)?|anthropic|google|meta(?: ai)?|deepseek|microsoft|mistral|baidu|zhipu|moonshot|xai)"
)
_CANNOT = r"(?:can(?:no|['’])t|can not|am unable to|(?:am |['’]m )?(?:unable|not able) to|won['’]t|will not)"

SELF_REFERENCE = Wording(
    rf"(?:(?:\A|[.!?\n]\W{{0,4}})as an? {_MACHINE},|\bas an? {_MACHINE},? ?(?:I|my)\b"
    rf"|\bas an? {_MACHINE} (?:developed|created|trained|designed|built|made)\b)"
    rf"|\bI(?:['’]m| am) (?:just |only |merely |actually |simply )?(?:an? )?(?:ai\b|artificial intelligence"
    r"|(?:large )?(?:ai )?language model|(?:virtual|digital|ai) assistant|chatbot|qwen|chatgpt|gpt-\d|claude\b"
    r"|gemini\b|deepseek)"
    rf"|\bI(?: am|['’]m| was|,)[^.\n]{{0,60}}\b(?:created|developed|trained|made|built) by {_MAKERS}\b"
    r"|\bmy (?:knowledge cut-?off|training data|programming|last (?:knowledge )?update|developers at)\b"
    r"|\bas of my (?:last|latest|most recent|knowledge)\b"
    r"|\bI (?:do not|don['’]t) (?:actually |really )?(?:have|possess|hold|experience) (?:any )?"
    r"(?:personal (?:opinions?|feelings?|experiences?|preferences?|beliefs?|views?)|(?:real )?emotions"
    r"|consciousness|a physical (?:body|form)|real-time|access to (?:real-time|the internet|current|live|external"
    r"|your|the (?:file|image|link|document|article|attachment)))"
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
    r"|recommend|give|produce|offer|share|translate|summari[sz]e|do that|do this|perform|determine|identify)\b"
    r"|\A[^\n]{0,100}?(?<!let me )\b(?:please|could you|can you|would you|kindly)(?: please| kindly)? (?:provide|share"
    r"|give|send|paste|enter|specify|clarify|supply|upload|include|tell)(?: me)?(?: with)? (?:the|your|an?|more|some"
    r"|additional|what|which|me|further|details)\b"
    r"|\A[^.\n]{0,80}\b(?:no|not|didn['’]t|haven['’]t|did not|have not|missing|without) (?:\w+ ){0,3}?(?:sentence|text"
    r"|paragraph|article|passage|code|input|image|context|content|link|file|attachment|information)s? "
    r"(?:was |were |has been |have been |you )?(?:provided|given|included|specified|attached|supplied)\b"
    r"|\A[^\n]{0,40}\b(?:the|your) (?:\w+ ){0,2}(?:input|text|article|passage|sentence|image|file|attachment)"
    r" (?:is|was|seems|appears)(?: to be)? (?:missing|empty|incomplete|not (?:attached|provided|included))\b"
    r"|\A[^\n]{0,60}\bI(?:['’]d| would|['’]ll| will)? need (?:more|additional|further|some more|the|to (?:see|know))"
    r" (?:\w+ ){0,2}(?:information|context|details|text|input|specifics)\b"
    r"|\A\W{0,3}I (?:don['’]t|do not) (?:know|understand|have)\b[^\n]{0,80}\Z"
)
GIVES_VOICE = Wording(
    r"\b(?:role|act as|pretend|imagine|story|tale|dialogue|conversation|script|scene|speech|monologue|poem|sonnet|haiku"
    r"|song|letter|message|examples?|persona|voice|perspective|point of view|introduc\w+|faq|template|prompts?"
    r"|character|speak as|diary|play|joke|quot\w+|translate|rewrite|paraphrase|phrase|disclaimer|refus\w+)\b"
)
MESSAGE = Wording(
    r"\b(?:letter|e-?mail|message|note (?:to|for|that)|repl(?:y|ies)|respond to|response to|writ\w+ an? (?:\w+ ){0,2}"
    r"(?:response|text|note|statement|announcement|notice|apology|sign)|dialogue|conversation|exchange|scene|screenplay"
    r"|skit|role|speech|monologue|voice|act as|pretend|imagine|apolog\w+|declin\w+|refus\w+|turn(?:ing)? down|excuse"
    r"|voicemail|tweet|customer|answering machine|auto-?reply|complaint|resign\w*|break-?up|(?:generat|writ|creat|ask|formulat|pos|suggest|com)\w* [^.]{0,40}questions?|interview|survey)\b"
)
PLACEHOLDER = Wording(
    r"^\W*(n/?a|none|null|nil|undefined|todo|tbd|tba|nan|x{3,}|no (?:valid )?(?:output|answer|response|input|data|result|text"
    r"|content)s?(?: (?:was |is |were |has been )?(?:found|needed|provided|given|available|required|generated|possible"
    r"|applicable))?|no ?output|no ?input|output|answer|response|not (?:applicable|available|provided|given|specified)"
    r"|(?:your|the|an?|sample|example|expected|correct) (?:answer|response|text|output)(?: (?:goes )?here)?"
    r"|(?:insert|enter|write|add|put|fill in|place|type) (?:your |the |an? )?(?:\w+ )?(?:answer|text|response|output"
    r"|content)(?: here)?|lorem ipsum.{0,180}|answer not (?:found|available)|see above|as above|same as above"
    r"|to be (?:completed|determined|filled in|added|announced|written)|coming soon|placeholder(?: text)?|omitted"
    r"|output (?:goes )?here|blank|empty|left blank|empty string|\.\.\.)\W*$"
)
MAY_BE_NOTHING = Wording(
    r"\b(?:any|if none|otherwise|if not|if there|is there|are there|how many|which of|none|blank|empty|missing|null"
    r"|n/a|nothing|optional|else|absent|unknown|undefined|exist)\b"
)
MAY_STAY = Wording(
    r"\bif (?:it is|it['’]s|they are|needed|necessary|any|required|there|correct|appropriate|applicable|so|not|already"
    r"|possible|wrong|incorrect)\b|\bunless\b|\bwhere (?:needed|necessary|appropriate)\b|\bany (?:\w+ )?(?:errors?"
    r"|mistakes?|typos?)\b|\b(?:organi[sz]e|chronological\w*|unchanged|as is|as it is|repeat|copy|echo|verbatim|exactly as|sort|order|arrange|alphabeti[sz]e|already"
    r"|whether|palindrome|reverse|lower-?case|trim|deduplicate|duplicates|round|plural|uninflected|same|recite"
    r"|proofread|filter|format|extract|normali[sz]e|find|which|what|who)\b"
)
REPEATS = Wording(
    r"\b(?:song|lyrics?|poem|chant|rhyme|refrain|chorus|tongue[- ]twister|mantra|repeat\w*|times|ballad|lullaby"
    r"|villanelle|pantoum|limerick|beat|rap|anthem|hymn|sequence|pattern|loops?|echo)\b"
)
STOPS_SHORT = Wording(
    r"\A(?:\S+ ){3}[^\n]*?(?-i:\b(?:the|an?|and|or|nor|because|such as|whose|than|every|your|their|our|its|of|including|very|e\.g|i\.e))\s*\Z"
    r"|\A[^\n]{60,}(?-i:\b(?:to|with|from|by|for|in|into|at|as|that|which|who|although|while|if|when|where|is|are|was|were"
    r"|has|have|had|be|been|being|will|would|can|could|should|must|may|might|more|most|his|my|these|those|this|each"
    r"|between|about|on|but|so|also|not|both|either|during|through))\s*\Z"
    r"|[,–—]\s*\Z"
)
_FILLERS = (
    "please to me for the a an you can could your of and in with is are it that this about on some so i will would be"
)
FILLERS = frozenset(_FILLERS.split())
