"""English: words with which tasks point to material or media, and with which answers say that they are none."""

from selfinstruct.language.wording import Together, answers, frames, topics
from selfinstruct.language.words import AnswerWords, MediaWords, TaskWords

_T = topics(
    """
    text: sentence sentences paragraph paragraphs text texts passage passages article articles essay essays email emails mail letter message messages poem poems stanza verse lyrics story stories excerpt quote quotes quotation statement statements phrase phrases tweet tweets review reviews post comment feedback dialogue dialog conversation transcript speech report document documents memo abstract headline headlines title caption blog snippet code function program script query recipe paper resume contract clause clauses notes argument claim claims idiom proverb riddle equation expression word words list numbers table data dataset items products names events problem
    work: summarize summarise paraphrase rewrite rephrase edit proofread revise shorten condense translate punctuate reword correct fix debug simplify expand improve analyze analyse critique classify categorize categorise label tag transcribe annotate evaluate rearrange reorder reorganize sort convert transform change turn make modify format highlight underline complete continue extract count reverse
    find: identify find spot list extract underline highlight name detect determine explain describe state pick select choose count remove replace give
    inside: passage paragraph excerpt stanza text article story poem table data graph chart dialogue conversation essay sentence author speaker narrator
    single: sentence paragraph text passage article email mail message poem story review tweet post comment statement headline news question word animal product movie restaurant song customer number equation argument essay snippet code
    seen: image images picture pictures photo photos photograph photographs painting drawing screenshot screenshots figure video videos clip audio recording recordings podcast x_ray scan footage cartoon logo meme
    data: file files attachment attachments pdf link url website webpage chart charts graph graphs diagram map spreadsheet memo
    made: image images picture pictures photo photos photograph video videos animation animations gif screenshot painting drawing sketch illustration collage infographic audio recording podcast slideshow mp3 bar_chart pie_chart line_chart bar_graph pie_graph line_graph
    make: create make design generate produce build prepare construct provide attach include insert show send give render take record film
    program: function functions program programs algorithm algorithms script scripts code query queries pseudocode regex method methods class procedure procedures formula macro app application tool system systems model models network networks bot chatbot classifier command sql
    how: how_to how_do how_can how_could ways_to way_to steps guide instructions recipe_for help_me teach_me method plan_to i_want make build create write design buy sell produce cook develop grow code convince trick fool persuade lure manipulate
    harm: explosives grenade molotov silencer cocaine heroin meth methamphetamine mdma fentanyl napalm sarin ricin malware ransomware spyware keylogger botnet phishing counterfeit deepfake ponzi pipe_bomb nail_bomb homemade_bomb a_bomb pipe_bombs hack launder forge stalk kidnap blackmail bribe shoplift smuggle sabotage strangle overdose kill_someone murder hurt_someone kill_my kill_myself hurt_myself poison_my defraud scam_people bully_my spy_on break_into steal_from steal_a steal_my rob_a evade_tax their_savings their_passwords fake_id fake_ids fake_passport fake_prescription fake_reviews fake_sick fake_doctor fake_invoice drive_drunk nude_photos
    feels: feelings emotions opinions opinion preferences preference experiences beliefs body consciousness senses childhood memories taste favorite favourite
    product: chatgpt gpt gpt3 gpt4 openassistant assistant qwen claude gemini llama chatglm deepseek vicuna alpaca mistral kimi bard copilot
    maker: openai anthropic alibaba google meta microsoft mistral deepseek zhipu baidu moonshot laion
    looked_at: @seen @data
    shown: image images picture pictures photo photos photograph photographs drawing screenshot screenshots figure video videos clip audio recording recordings podcast x_ray scan footage diagram chart graph pdf spreadsheet
    attached: @seen attachment attachments pdf spreadsheet ray
    described: @text study news scenario book database spreadsheet collection series record records image
    without: without
    noticed: noticing getting_caught being_caught her_knowing his_knowing them_knowing anyone_knowing consent
    writing: joke jokes speech post tweet slogan rant poem message essay
    hatred: racist sexist homophobic antisemitic hateful subhuman vermin
    now: right_now currently at_the_moment today tonight this_morning this_evening outside what_is_the_latest what_is_the_current
    changes: share_price stock_price weather temperature score exchange_rate traffic headlines latest_news time_is_it price latest_headlines
    """
)
_TASKS = topics(
    """
    prevents: prevent* avoid* protect* histor* recogni* spot* detect* aware* ban* law* illegal* danger* risk* warn* novel* story stor* stop* defen* recover* victim* report* against polic* educat* safe* film* fiction crossword treat* museum headline classif* moderat* news explain_why consequence* punish* secur* identify
    """
)
_ANSWERS = topics(
    """
    doubts: can_t cannot can_not unable not incapable don_t doesn_t outside beyond lack lacks never sorry please apolog* need unfortunately would could let_me_know should consult no won_t difficult
    plays: monologue dialogue conversation scene script speech voice act_as pretend imagine story poem exchange skit sketch comic role character perspective point_of_view diary song might_say would_say could_say
    machines: robot robots ai bot bots chatbot chatbots gpt chatgpt android androids machine machines assistant assistants computer computers model models siri alexa artificial
    asks_whether: any if whether is_there are_there how_many which who value type none null blank missing empty word translate synonym antonym do is
    form: template* form forms format* placeholder* blank* fill* gap* mask* skeleton heading* bracket* markup tag* html xml emoji* stage_direction* sound* onomatop* pronunciation ipa signature* label* option*
    """
)
_MEDIA = topics(
    """
    noun: image images picture pictures photo photos photograph photographs painting drawing screenshot screenshots figure video videos clip audio recording recordings podcast x_ray scan footage cartoon logo meme file files attachment attachments pdf link url website webpage chart charts graph graphs diagram map spreadsheet memo attached uploaded insert inserted song music document table graphic contract article essay report paper dataset text paragraph poem list code resume letter flag here
    as_text: ascii text texts letter letters word words markdown mermaid svg html css latex tikz code python matplotlib javascript sql script function program emoji emojis character characters prompt prompts verbal alt caption captions how_to ways tips steps idea ideas describe_how explain_how imagine imaginary story poem novel haiku dialogue essay blog email article advert screenplay regex command terminal title titles description storyboard plan outline lesson review game
    about_names: filename filenames file_name file_names kind_of_file type_of_file sort_of_file name_for file_called extension extensions format formats file_type file_types types_of_file mime domain url urls link links alt_text caption captions placeholder placeholders template templates path paths folder directory rename html markdown css regex command code script json sort classify software application program_opens open naming wireframe storyboard outline slide slides newsletter layout webpage web_page readme
    """
)

_PLEASE = r"\A(?:please |(?:can|could) you )*"

TASK_WORDS = TaskWords(
    points=frames(
        r"\b(?:the|this|these|those|each|all|and|to|by|with|from|of) (?:following|given|provided|attached|below|above|supplied)\b(?! (?:that|by|to|is|was|for|in|of|on|with|as|day|year|morning)\b| \w+ [a-z]\b)",
        r"\A\w+ (?:following|given) |\bas follows\b|\b(?:listed|shown|mentioned|given|provided|written) (?:below|above|here)\b",
        r"\b(?:the|these) (?:[\w'-]+ ){1,3}(?:above|below|listed|shown|described|supplied|provided|highlighted)\b(?! (?:zero|by|the|average|in|sea)\b| \d)",
        r"\Awhich of (?:the (?:two|three|four)|these)\b|\A(?:compare|combine|match|join|contrast) (?:the|these) (?:two|three|four)\b",
        r"\A(?:please )?(?P<verb>\w+) (?:this|it)(?=\W*$| (?:in|into|to|for|so)\b)",
        verb=_T["work"],
    ),
    this=frames(
        r"\b(?:this|these|those) (?P<it>(?:[\w-]+ ){0,2}[\w-]+)(?! (?:of|about|should|must|will|by)\b)",
        r"\bmy (?:essay|resume|cv|cover letter|letter|paragraph|code|poem|draft|report|story|speech|e-?mail|thesis|writing)\b",
        it=_T["text"],
    ),
    works_on=frames(
        r"(?:\A|[.;:] ?|\b(?:please|then|and|you|to) )(?P<verb>\w+) (?:[\w-]+ )?the (?!periodic)(?P<it>(?:[\w-]+ )?[\w-]+)(?=\W*$|[.,;!?]| (?:and|in|into|to|as|using|by|so|with|from|for|that)\b)",
        r"(?:\A|[.;:] ?|\b(?:please|then|and|you|to) )(?P<verb2>\w+) (?:[\w',-]+ ){1,6}(?:in|from|of|within) the (?!periodic)(?P<it>(?:[\w-]+ )?[\w-]+)(?=\W*$|[.,;!?]| (?:and|that|as|in)\b)",
        r"\b(?:in|of|on|from|to|by|using|with|read|answer|is) the (?:\w+ )?(?P<it2>\w+)(?=\W*$|[.,?!:;]| (?:and|provided|above|given|mean|say|feel|think|use)\b)",
        verb=_T["work"],
        it=_T["text"],
        verb2=_T["find"],
        it2=_T["inside"],
    ),
    program=frames(
        r"\b(?:write|create|develop|design|implement|construct|build|code|generate|propose|formulate|devise|define|suggest|make|need|use)\b(?P<it>[^.]{0,60})",
        r"\bfrom the user\b|\bregular expression",
        it=_T["program"],
    ),
    writes=frames(
        r"\b(?:write|create|compose|generate|make up|invent|come up|design|tell|craft|draft|think of|produce|give|suggest|imagine)\b[^.]{0,30}\b(?:an?|some|two|three|four|five|\d+|your own|new|another)\b",
    ),
    asks_how=frames(
        r"\A(?:how|why|when|where|who|what (?:is|are|does) (?:an?|the (?:difference|purpose|role|meaning of (?:life|the word|the term))))\b",
        r"\A\w+ (?:me )?(?:how|why|ways|steps|methods|the (?:steps|process|difference|concept|purpose|importance))\b",
        r"\b(?:how to|how you|steps to|ways to|process of|best practices)\b",
    ),
    directs=frames(
        r"\A(?:please |then |also |and |finally |next |now )*(?:use|make|keep|do|don['’]t|include|ensure|your|be|limit|write|give|explain|provide|if|only|return)\b",
        r"\A(?:please |then |also |and )*(?:output|answer|avoid|justify|choose|select|identify|state|say|highlight|fix|rewrite|format|reply|show|name)\b",
        r"\A(?:put|mark|preserve|note|there|it should|the (?:answer|output|result|summary|response|tone)|you (?:should|must|may|can))\b",
    ),
    described=frames(
        r"\A\W*(?:an?|the|this(?: is an?)?|some|attached|your|\d+) (?P<it>(?:[\w-]+ ){1,5})(?:(?:is |was )?(?:about|on|regarding|describing)|contain\w*|explain\w*|holds|that|which|of (?:the|an?) \w+|from \w+)\b",
        it=_T["described"],
    ),
    chooses=frames(
        r"\A(?:please )?(?:classify|categori[sz]e|label|tag|rate|identify|detect|determine|decide|judge|tell|state|predict|is|are|does|do)\b.*(?:\bor\b|\bwhether\b|\bif\b|\binto [\w-]+, [^.]*\band\b)",
    ),
    one_thing=frames(
        r"\b(?:the|this|each|following|given|an?) (?!revolution|business|list)(?P<it>(?:[\w-]+ )?(?!\w+s\b)[\w-]+)\b",
        it=_T["single"],
    ),
    chats=frames(
        r"\A\W*(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|night)|thanks?|thank you|bye|goodbye|see you)(?: (?:there|all|everyone|again|so much|very much|you))?\W*\Z",
    ),
    of_you=frames(
        r"\A(?:(?:hi|hello|hey|so|and|please|ok)\b[,!. ]*)?(?:(?:are|were) you|(?:do|can) you (?:have|think|feel|know|speak|understand|dream|want|sleep|learn|remember|code|program|see|hear))\b[^.?]{0,50}\W*\Z",
        r"\A\W*who (?:are|made|created|trained|built|developed) you\W*\Z|\A\W*what (?:are|can) you(?: do)?\W*\Z|\A(?:tell me about|introduce) yourself\W*\Z",
        r"\A\W*what(?:['’]s| is) your (?:name|purpose|job|maker|model|knowledge cut-?off)\W*\Z|\A\W*how (?:do you work|were you \w+|old are you)\W*\Z",
    ),
    closed_set=frames(
        r"\b(?:the|these|one of the|from) (?:predefined|given|provided|following|supplied|listed|available|below|above|existing) (?:[\w-]+ )?(?:categories|labels|options|lists?|choices|classes|tags)\b",
    ),
    unsafe=Together(((_T["how"], _T["harm"]), (_T["without"], _T["noticed"]), (_T["writing"], _T["hatred"]))),
    **_TASKS,
)

_NOT = r"can(?:no|['’])t|can ?not|(?:am|['’]m) (?:unable|not able) to"

ANSWER_WORDS = AnswerWords(
    declines=frames(
        rf"\bi(?: |(?=['’]))(?:{_NOT}) (?:assist|help|comply|fulfil+|complete|answer|engage)\b(?: you)?(?: with)? (?:that|this|your|the|such|requests)\b",
        r"\b(?:this|the|your|that|such an?) (?:request|task|instruction|question|prompt|query|command) (?:can(?:no|['’])t|cannot|can not|is unable to|may not) (?:be )?\w+",
        r"\b(?:outside|beyond) (?:of )?(?:my|what (?:a|an|i|this|the)) (?:scope|capabilit\w+|abilit\w+|knowledge|expertise|language|model|can|system)\b",
        r"\bcannot be (?:generated|produced|provided|created) (?:by|in|as|here)\b|\bnot (?:appropriate|possible|ethical) for me to\b|\bis not something (?:that )?an?\b",
        r"\bno (?:text|sentence|passage|article|input|content|code|image|list|data|paragraph|material) (?:was|is|has been|were) (?:provided|given|supplied|attached)\b",
        r"\bi (?:do not|don['’]t) have (?:enough|sufficient|any) (?:\w+ )?(?:information|context|details|data)\b",
        r"\bi(?: |(?=['’]))(?:can(?:no|['’])t|cannot|am unable to|do(?:n['’]t| not) have access)\b(?: to)? ?(?:browse|access|open|view|hear|display|physically|real-time|the internet|external|live)\b",
        r"\A\W*(?:no output|no answer|not possible|unable to \w+|n/a|not applicable)\b\W{0,3}(?:since|because|as|due|this|it|possible|for|the|without|determine)",
        r"\b(?:against|violates?) (?:my|our|openai['’]?s?) (?:programming|guidelines|(?:content |usage )?polic(?:y|ies)|principles)\b",
        r"\A\W*(?:i['’]?m |i am )?(?:very |so )?sorry[,.; ]+(?:but )?i (?:can(?:no|['’])t|cannot) (?:assist|help|fulfil+|provide|create|generate)\b",
    ),
    product=frames(
        r"\b(?:i(?:['’]m| am)|this is|my name is|call me) (?P<it>(?:\w+[ -])?\w+)\b",
        r"\bi(?:['’]m| am| was)\b[^.!?]{0,40}\b(?:made|created|trained|developed|built) by (?P<it2>\w+)\b",
        it=_T["product"],
        it2=_T["maker"],
    ),
    itself=frames(
        r"\b(?:as|being) an? (?:\w+ )?(?:ai|artificial intelligence|language model|virtual assistant|chatbot|machine learning model|computer program|text model|machine)(?:,| model| assistant| i\b)",
        r"\bi(?:['’]m| am) (?:just |only |merely |actually |simply )?(?:an? |not an? )(?:\w+ )?(?:ai\b|artificial|language model|virtual assistant|chatbot)",
        r"\bi(?:['’]m| am) (?:just |only |not )?(?:an? )?(?:chatgpt|computer program|human\b|real person|machine\b|bot\b)",
        r"\bi (?:do not|don['’]t|cannot|can['’]t|have never|have no)(?: \w+)? ?(?:any |an? |my own )?(?P<it>(?:\w+ )?\w+)\b(?! (?:about|for|with) )",
        r"\bmy (?:training (?:data|cut|ended|set)|knowledge (?:only )?(?:cut-?off|ends|stops|goes|extends)|programming|last (?:knowledge )?update)\b|\bas of my (?:last|latest|knowledge)\b",
        r"\bi was (?:trained|programmed|created|developed|built) (?:by|on|with|to|until)\b",
        it=_T["feels"],
    ),
    blank=answers(
        "n/a|na|tbd|tba|tbc|todo|to do|to-do|fixme|xxx|placeholder|placeholder text|lorem ipsum|no output|no answer|no response|no input|no result|no output needed|no response needed|no answer provided|no output available|output|answer|response|result|see above|as above|same as above|coming soon|not applicable|not available|not provided|not specified|omitted|your answer|your response|sample output|expected output|...|___"
    ),
    stands=frames(
        r"\A(?:insert|enter|write|type|put) (?:your |the |an? )?[\w ]{1,30}(?: here)?\Z|\A[\w ]{0,30}(?:goes|would be|will be) here\Z|\Alorem ipsum\b|\A\w+: ?_+\Z",
        r"\b(?:to be|will be) (?:completed|determined|filled in|added|announced|written|provided)(?: later)?\Z|\A(?:todo|tbd|fixme)\b.{0,30}\Z|\bcoming soon\Z|\A(?:x{3,}|_{3,}|\.{3,})\Z",
        r"\A(?:your|the|sample|example|expected) (?:answer|response|text|output)(?: (?:goes )?here)?\Z|\A\w{2,10}: ?(?:n/?a|tbd|to-?do|none)\Z",
        r"\Ano (?:valid )?(?:output|answer|response|input|result|content)s? (?:is )?(?:needed|provided|given|available|required|found|generated)\Z",
    ),
    nothing=answers("n/a|na|none|null|nil|nothing|empty|blank|undefined|not applicable"),
    **_ANSWERS,
)

_TO = r"(?:me |us )?"
MEDIA_WORDS = MediaWords(
    named=frames(
        r"\A(?:please )?(?:see|find|refer to) (?:the )?attached(?: \w+)?\Z",
        r"\A(?:an? |the |see )?(?:attached |uploaded )?(?:[\w'’-]+ ){0,2}(?P<it>\w+)(?: (?:\d+|[a-d]|attached|of [\w' ]{1,24}))?(?:,? (?:and )?image (?:\d|[a-d]))*\Z",
        it=_T["attached"],
    ),
    points=frames(
        r"\b(?:this|these|the (?:attached|given|following|provided|uploaded|above|below|accompanying|linked)|my|attached|following) (?:[\w-]+ ){0,2}?(?P<it>[\w-]+)\b(?! (?:names?|formats?|types?|extensions?))",
        r"\b(?:at|watch|to|view|open|see|caption|transcribe|crop|resize|play|hear|describe|on|in|from) the (?:[\w-]+ )?(?P<it2>[\w-]+)(?=\W*$|[.,;:?!]| (?:and|in detail|below|above|provided|attached)\b)",
        it=_T["looked_at"],
        it2=_T["shown"],
    ),
    makes=frames(
        rf"{_PLEASE}(?P<verb>\w+) {_TO}(?:an?|the|some|two|three|your|\d+) (?P<it>(?:(?!(?:for|about|of|with|to|from|in)\b)[\w-]+ ?){{1,4}})",
        rf"{_PLEASE}(?:draw|sketch|paint|doodle|photograph) {_TO}(?!.*\b(?:sentences|words)\b|up|on|from|out|attention)(?!(?:[\w-]+ ){{0,3}}(?:conclu|compar|paral|less|analog))",
        r"\binto an? (?:[\w-]+ )?(?:pie|bar|line) (?:chart|graph)\b|\b(?:convert|turn|read|transform)\b[^.;?]{0,40}\b(?:in)?to (?:speech|(?:an? )?(?:audio|mp3|video|image))\b",
        verb=_T["make"],
        it=_T["made"],
    ),
    orders=frames(
        rf"{_PLEASE}(?:record|sing|hum|play|upload|download|scan|browse|google|film|phone|call) {_TO}(?:an?|the|this|my|yourself|some|happy)\b(?! (?:devil|role|part|case|game))",
        rf"{_PLEASE}(?:search|look (?:it )?up|find|check)\b[^.?]{{0,40}}\b(?:online|on the (?:internet|web)|on google|the (?:web|internet))\b",
        rf"{_PLEASE}(?:(?:set|snooze|cancel) (?:an?|my|the) (?:[\w-]+ )?(?:alarm|timer|reminder)|(?:turn|switch) (?:on|off|up|down) (?:the|my|all)|remind me (?:to|at|in))\b",
        rf"{_PLEASE}(?:book (?:me|us|an?|the|two) (?:[\w-]+ )?(?:flights?|tables?|taxi|hotel|tickets?|room|appointment)|(?:order|buy) me)\b",
        r"\b(?:go to|visit|open|click|click on|follow) (?:the |this )(?:[\w-]+ )?(?:link|url|web ?site|web ?page|page|file)\b",
        r"\b(?:save|export|send|upload) (?:it|this|that|them|the \w+) (?:as|in|to) (?:an? )?(?:mp3|wav|jpe?g|png|pdf|audio|image)\b|\band (?:play|record|sing) it\b",
        r"\A(?:please )?(?:read|say|speak|recite) (?:[\w'’-]+ ){0,5}?(?:aloud|out loud)\b|\Atake an? (?:photo|picture|screenshot|selfie)\b",
        r"\A(?:please )?(?:listen to|watch) (?:the|this) (?:\w+ )?(?:song|video|clip|recording|audio|podcast|movie)|\b(?:send|record|leave|make)\b[^.]{0,30}\bvoice (?:message|note|memo)\b",
        r"\bi(?:['’]ve| have)? (?:just )?(?:attached|uploaded|sent you)\b",
    ),
    live=Together(((_T["now"], _T["changes"]),)),
    **_MEDIA,
)
