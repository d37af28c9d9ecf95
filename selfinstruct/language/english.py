"""English: words, limits and wordings for the rules; tests/quality/rules/test_rules.py lists what each must find."""

from selfinstruct.language import english_answers as answers
from selfinstruct.language import english_topics as topics
from selfinstruct.language.english_media import MEDIA_WORDS
from selfinstruct.language.english_task import TASK_WORDS
from selfinstruct.language.english_wording import ANSWER_WORDS
from selfinstruct.language.english_material import GAP, ITEM, NEEDS_INPUT, QUOTED
from selfinstruct.language.language import Language
from selfinstruct.language.wording import Wording

ENGLISH = Language(
    code="en",
    name="English",
    instruction_words=("Instruction", "Task", "Prompt", "Question"),
    input_words=("Input", "Context"),
    output_words=("Output", "Response", "Answer"),
    label_words=("Label", "Class label", "Class"),
    number_words=("Task", "Example", "Item", "No."),
    no_input=(
        "<noinput>",
        "noinput",
        "no input",
        "no input needed",
        "no input required",
        "none",
        "n/a",
        "na",
        "not applicable",
        "left blank",
        "not needed",
        "not required",
    ),
    no_input_phrase=r"(?:thereis|there's)?no(?:additional|further|specific|extra|separate)?input(?:is)?(?:needed|required|provided|necessary|given)?"
    r"|(?:this|the)?(?:task|instruction|question)(?:does(?:not|n't)|doesnot)(?:need|require|have|use)(?:any|an)?(?:additional|further)?(?:input|context)(?:text)?",
    closing_remark=(
        r"(?:please )?(?:let me know|feel free|i hope|hope (?:this|these|that)|would you like me"
        r"|if you(?:'d| would)? (?:need|like|want) (?:me|more)|that(?:'s| is) all|these are (?:the|all)"
        r"|(?:this|that) (?:completes|concludes))\b.{0,80}?\b(?:tasks|examples|items|dataset)\b"
    ),
    colon=":",
    names_subject=Wording(
        r"\A(?:please )?(?:define|explain|describe|outline|discuss) (?!(?:it|this|that|them|these|those|something|everything|anything|things?|please|more|again|me|us|now|yourself|why|how|what|briefly|clearly|further)\b)[\w'’-]{4,}"
    ),
    courtesy=r"^(?:please|kindly) |,? please(?=\W*$)",
    length=(4, 150),
    sentence_end=".!?\"')]”’:…",
    quoted=Wording(QUOTED),
    needs_input=NEEDS_INPUT,
    asks_for_label=Wording(
        rf"^(?:please )?(?:classify|categori[sz]e|label|tag|mark|rate|flag|sort|assign"
        rf"|route)\b(?!.*\bgroups\b)(?: (?:the|this|an?|each|given"
        rf"|following|whether|if|[\w'’-]+)){{1,6}}? (?:as|into|to|by|is|with|under|in)\b"
        rf"|\b(?:decide|determine|judge|identify|tell|say|state|check|assess|predict|indicate|specify|evaluate"
        rf"|detect|find out)"
        rf"(?: me)? (?:if|whether)(?: or not)? (?:(?:the |an? )?(?:following|given|provided) [\w-]+|this [\w-]+"
        rf"|(?:the |this |an? |each |every )?{GAP}(?:{ITEM}|word|question|number|equation|product))\b"
        rf"|^(?:is|are|does|do|was|has) (?:the|this) {GAP}{ITEM}\b.*\bor\b"
        rf"|\b(?:identify|detect|determine|name|predict|pick|choose|select|decide|state"
        rf"|give) the (?:[\w-]+ )?(?:sentiment|tone|mood|emotion|genre"
        rf"|language|tense|topic|category|part of speech|polarity|type|kind|voice|label|class) (?:of|in|for"
        rf"|expressed in|used in) (?:the|this|an?|each) "
        rf"{GAP}(?:{ITEM}|word|product|question|customer|book|movie)\b",
        unless=rf"{QUOTED}|^(?:[\w']+ ){{1,2}}(?:the |these |all |each of )(?:(?!as\b|into\b|in\b"
        rf"|to\b)[\w-]+ ){{0,3}}?(?!news|analysis|gas|virus|status)"
        r"\w+[^\Ws]s (?:as|into|by|in|to)\b|\b(?:write|explain why|give (?:an? )?(?:example|reason)|justify)\b",
    ),
    names_labels=Wording(
        r"\b(?:as|into) (?:an? |either )?[\w-]+(?: [\w-]+)?, [^.]*\band\b|\b(?:whether|if)\b|\b(?:as|into|either|is"
        r"|are|be|to|with|in|under|for|from|answer|reply|choose|choosing|one of|out of|options?|labels?"
        r"|categories|classes)\b[^.?!]*\bor\b|\b(?:between|one of|out of|choosing from|choose from"
        r"|from)\b[^.?!]*\b(?:or|and)\b"
        r"|[:(] ?[\w-]+(?: [\w-]+)?(?:, ?[\w-]+(?: [\w-]+)?)+|\b(?:yes|true)/(?:no|false)\b|\b\w+/\w+/\w+\b"
    ),
    asks_for_media=Wording(
        r"^(?:please )?(?:sketch|paint|doodle) (?:an?|the|your) (?!out\b)(?![^.]{0,60}\b(?:verbal|scene|sentences?|words|lines|paragraphs?|stanzas?|prose|letters?|in words|with words|plan|outline of (?:an?|the|your) (?:essay|story|talk|speech|article|book|paper)|business|character|timeline|policy|biograph\w+)\b)(?:[\w-]+ ){0,4}?[\w-]+\b"
        r"|(?:^|[.!?;] )(?:please |now |then |first )*(?:open|load|read|check|look into|look in) (?:the (?:file |spreadsheet |document )?)?[\w-]{2,40}\.(?:xlsx?|csv|pdf|docx?|pptx?|txt|zip|jpe?g|png|mp[34])\b"
        r"|^(?:please )?draw\b(?! (?:up|on|upon|from|out|near|lots|lessons?|inspiration|attention|strength"
        r"|conclusions?|parallels?|comparisons?"
        r"|distinctions?|inferences?|connections?|the (?:reader|line|curtain|attention)|(?:an?|the|any|two|three"
        r"|four|some|your|one) (?:[\w-]+ ){0,3}?"
        r"(?:conclusions?|parallels?|comparisons?|distinctions?|inferences?|lessons?|analog(?:y|ies)|contrasts?"
        r"|morals?|connections?|links?|contract"
        r"|implications?|line between)))\b"
        r"|\b(?:draw|sketch|paint|doodle) (?:me )?(?:an?|the|some|your|\d+) (?:[\w-]+ ){0,3}?(?:images?|pictures?"
        r"|graphs?|diagrams?|charts?|portraits?"
        r"|maps?|cartoons?|comics?|sketch|illustrations?|logos?|flowcharts?)\b(?! (?:of|in|with) words)"
        r"|^(?:please )?plot\b(?! (?:an?|the|out|your|their) (?:\w+ )?(?:revenge|escape|murder|story|course|novel"
        r"|heist|coup))"
        r"|\bplot (?:the|an?|this|these|its) (?:[\w-]+ ){0,2}?(?:graphs?|functions?|data|points?|curves?|histograms?"
        r"|charts?|line)\b"
        r"|\b(?:create|make|design|generate|produce|build|prepare|construct|develop|provide|compose|attach|include"
        r"|insert|add|upload|send)"
        r" (?:me )?(?:an?|the|some|your|two|three|\d+)? ?(?:(?!for\b|about\b|of\b|with\b|to\b|from\b"
        r"|in\b)[\w-]+ ){0,3}?(?:images?|pictures?|photos?|photographs?"
        r"|(?:bar|pie|line|flow|organi[sz]ation(?:al)?|gantt) ?charts?|charts?|graphs?|flowcharts?|diagrams?"
        r"|infographics?|videos?|animations?|mind ?maps?|maps?"
        r"|illustrations?|screenshots?|gifs?|memes?|logos?|posters?|collages?|slideshows?|3d models?|melod(?:y|ies)"
        r"|music|soundtracks?|audio(?: ?(?:clips?|files?|tracks?|versions?|books?))?|voice ?(?:messages?|memos?|notes?)"
        r"|sound (?:clips?|effects?)|podcast (?:clips?|episodes?)|recordings?|mp3s?|wavs?)"
        r"\b(?! (?:scripts?|titles?|captions?|ideas?|plans?|descriptions?|storyboards?|games?|festivals?|lessons?"
        r"|videos? scripts?|reviews?|theory|algorithms?|rooms?"
        r"|classes|class|studios?|stores?|shops?|school|players?|library|box|boxes|blog|teachers?|program|club"
        r"|concert|event|app|application|slogans?|in words|outlines?|names?|topics?|transcripts?))"
        r"|\b(?:show|send|give|find|get) (?:me|us) (?:an? |the |some |your )?(?:[\w-]+ ){0,3}?(?:photos?|photographs?|pictures?|images?|videos?|screenshots?)\b(?! (?:captions?|titles?|ideas?|editing))"
        r"|(?:^|[.!?;] )(?:please |can you |could you )*(?:record|tape|leave) (?:me )?(?:(?:an?|the|this|some|your|our) (?:[\w-]+ ){0,4}?"
        r"(?:greetings?|messages?|voice ?(?:mails?|overs?|notes?|memos?)|audio(?:books?)?|podcasts?|songs?|clips?|tracks?|episodes?"
        r"|interviews?|readings?|tunes?|melod(?:y|ies)|announcements?|samples?|jingles?|narration)|yourself)\b"
        r"|^(?:please |can you |could you )*(?:sing|hum|whistle|beatbox) (?:me |us |for me )*(?:an?|the|this|some|happy)\b(?! praises?)"
        r"|^(?:please |can you |could you )*(?:narrate|read|recite|say|speak|pronounce) (?:[\w'’-]+ ){0,6}?(?:aloud|out loud)\b"
        r"|\b(?:convert|turn|transform|render|read)\b[^.;?]{0,40}\b(?:in)?to (?:speech|(?:an? )?(?:audio\w*|mp3|voice \w+|spoken \w+|image|picture|video))\b"
        r"|\b(?:save|send|export|upload) (?:me |it |this |that |them |the )*(?:\w+ )?(?:as|in|to) (?:an? )?(?:mp3|wav|jpe?g|png|pdf|audio|voice|image|docx?|m4a)\b"
        r"|\b(?:look at|see|view|observe|study|examine|watch|listen to|describe|caption|interpret|identify"
        r"|analy[sz]e|count|based on|according to|shown in"
        r"|depicted in|seen in|from|in|using|open|consult|transcribe|edit|crop|explain|what is in|who is in)"
        r" (?:[\w'’-]+ ){0,2}?(?:this|these|the (?:attached|given|following|provided|uploaded|above|below"
        r"|accompanying))"
        r" (?:\w+ ){0,2}?(?:images?|pictures?|photos?|photographs?|paintings?|diagrams?|charts?|graphs?|screenshots?"
        r"|figures?|videos?|clips?|audio|recordings?"
        r"|maps?|files?|pdfs?|links?|urls?|websites?|web ?pages?|songs?|podcasts?|spreadsheets?|infographics?"
        r"|cartoons?)\b"
        r"|^(?:please )?(?:look at|describe|caption|identify [\w ]{1,20} in|interpret|analy[sz]e|watch|listen to"
        r"|transcribe|open|crop|edit|resize)"
        r" the (?:[\w-]+ ){0,2}?(?:images?|pictures?|photos?|photographs?|charts?|graphs?|screenshots?|videos?"
        r"|clips?|audio|recordings?|pdfs?|spreadsheets?)"
        r"(?= ?(?:$|[.,;:?!]|and\b|in detail|in (?:one|two|a|your)|with\b|using\b|to\b|for\b|below|above))"
        r"|\b(?:based on|according to|shown in|depicted in|seen in|from) the (?:[\w-]+ ){0,2}?(?:images?|pictures?"
        r"|photos?|photographs?|charts?|screenshots?"
        r"|videos?|audio|recordings?|pdfs?|spreadsheets?)(?= ?(?:$|[.,;:?!]))"
        r"|\b(?:play|hear) (?:this|the) (?:\w+ )?(?:song|music|audio|video|recording|clip)\b"
        r"|\b(?:watch|listen to) (?:this|the|an?|any|some) (?:[\w-]+ ){0,3}?(?:videos?|clips?|movies?|films?"
        r"|episodes?|audio|songs?|music|recordings?|podcasts?"
        r"|documentar(?:y|ies)|ted talks?)\b"
        r"|(?:^|[.!?;] )(?:please |first |then )*(?:upload|download|scan (?:the|this) (?:document|page|qr|barcode)"
        r"|click|take an? (?:photo|photograph|picture|screenshot|selfie)|record (?:a video|an? audio|yourself)"
        r"|browse the|search the (?:web|internet)|search online|google|visit (?:the|this|a) (?:\w+ )?(?:web ?site"
        r"|web ?page|link|page|url)|go to (?:the|this) (?:\w+ )?"
        r"(?:web ?site|web ?page|link|page|url)|follow the links?|open the (?:\w+ )?(?:link|file|url|website|app))\b"
        r"|^(?:please |can you |could you |hey \w+,? )*(?:(?:set|snooze|cancel|start) (?:an?|my|the) (?:[\w-]+ )?(?:alarms?|timers?|reminders?)\b(?! clock)"
        r"|(?:turn|switch) (?:on|off|up|down) (?:the|my|all) (?:[\w-]+ ){0,3}?(?:lights?|lamps?|heating|heater|thermostat|tv|television|fan|music|volume|speakers?|alarm|air con\w*|wi-?fi|bluetooth)\b"
        r"|(?:call|phone|ring|text|facetime) (?:my )?(?:mum|mom|dad|mother|father|wife|husband|brother|sister|boss|friend|doctor|dentist|bank)\b|remind me (?:to\b|at \d|in (?:\d+|an?|half an?|two|five|ten) (?:minutes?|hours?|days?)|tomorrow|tonight|every)"
        r"|book (?:me |us )?(?:an?|the|two|my) (?:[\w-]+ ){0,3}?(?:flights?|tables?|taxi|hotel|tickets?|room|appointment)\b|(?:order|buy) me\b)"
        r"|\b(?:pictures?|photos?|photographs?|images?|screenshots?|files?|documents?|recordings?|videos?|clips?|charts?|spreadsheets?|pdfs?|audio)"
        r" (?:that |which )?(?:I(?:['’]ve| have| just)? |we(?:['’]ve| have)? )(?:have |just )?(?:attached|uploaded|enclosed|sent|shared|pasted)\b"
        r"|(?:^|[.!?] )(?:the|an?|my|this|our) (?:[\w-]+ ){0,2}?(?:pictures?|photos?|photographs?|images?|screenshots?|files?|recordings?|videos?|clips?|charts?|spreadsheets?|pdfs?)\b[^.!?]{0,40}"
        r" (?:is|are|has been|have been) (?:attached|uploaded|enclosed)\b(?! to)"
        r"|\b(?:go to|visit|open|read|watch|browse|download|check|at|from|on|using|see|article|page|website|link"
        r"|video) ?:? ?(?:<|\()?(?:https?://|www\.)"
        r"|\b(?:(?:find|search|look(?:ed)? (?:it |them )?up) (?:[\w ]{1,30})?(?:online|on the (?:internet|web)"
        r"|on google))\b",
        unless=r"\b(?:ascii|mermaid|graphviz|dot language|tikz|latex|svg|html|css|matplotlib|pyplot|python"
        r"|javascript|java|bash|shell|sql|r code|script|regex"
        r"|regular expression|(?:of|with) (?:[\w-]+ ){0,2}?(?:characters?|signs?|asterisks?|dash(?:es)?|hyphens?|underscores?|symbols?|emojis?)|in words|with words|word picture|poem|novel|vertices|vertex|edges|algorithm|prompts?"
        r"|alt text)\b|\bURL\b.*\bparts?\b",
    ),
    asks_for_program=Wording(
        r"^(?:please |can you |could you )*(?:write|create|develop|code|make|build) (?:me )?(?:an? )?(?!radio|tv|television|training|exercise|fitness|theat|concert)(?:[\w+#.-]+ ){0,3}?program\b(?! (?:notes?\b|directors?|managers?|coordinators?|guides?|for (?:an?|the|our|your) (?:[\w'’-]+ ){0,3}?(?:concert|play|conference"
        r"|ceremony|festival|event|wedding|recital|show|gala)))"
        r"|^(?:please |can you |could you )*(?:write|create|develop|code|make|build|implement) (?:me )?(?:an? )?(?:complete|full|whole|entire|fully[- ]\w+|working)"
        r" (?:[\w+#.-]+ ){0,3}?(?:apps?|(?:web|mobile|desktop|console|android|ios|\w+script|python|java|react|flask|django|software) applications?|web ?sites?|games?)\b"
    ),
    speaks_of_machines=Wording(
        r"\b(?:robots?|smart \w+|machines?|gadgets?|(?:talking|sentient) \w+|computers?|chatbots?|androids?|assistants?|ai|artificial intelligence|language models?|chatgpt|openai"
        r"|qwen|gpt)\b"
    ),
    breaks_off=Wording(
        r"(?:\b(?-i:the|an?|and|or|but|because|such as|than|whose|every|your|their|our|into|including)"
        r"|[,，、；(（\[【《“\-–—])$"
        r"|\A(?!.*\b(?:what|which|whom?|how|where|that|\w*thing|someone|phrase|verb|word|idiom|preposition|rid|made|think|instead)\b).*\b(?-i:of|between)$"
        r"|\A(?!.*\b(?:what|which|whom?|how|where|\w*thing|verb|phrase)\b).*\b(?:going|wants?|needs?|trying|able|order|supposed|likely|ought) to$"
    ),
    asks_to_complete=topics.COMPLETES,
    about_numbers=topics.NUMBERS,
    about_faces=topics.FACES,
    about_garbling=topics.GARBLING,
    asks_for_translation=topics.TRANSLATION,
    asks_for_message=answers.MESSAGE,
    gives_voice=answers.GIVES_VOICE,
    self_reference=answers.SELF_REFERENCE,
    lacks_life=answers.LACKS_LIFE,
    addresses=answers.ADDRESSES,
    refusal=answers.REFUSAL,
    declines=answers.DECLINES,
    stops_short=answers.STOPS_SHORT,
    unsafe=topics.UNSAFE,
    placeholder=answers.PLACEHOLDER,
    may_be_nothing=answers.MAY_BE_NOTHING,
    extracts=answers.EXTRACTS,
    fillers=answers.FILLERS,
    may_stay=answers.MAY_STAY,
    repeats=answers.REPEATS,
    about_markup=topics.MARKUP,
    about_links=topics.LINKS,
    about_prompts=topics.PROMPTS,
    about_press=topics.PRESS,
    about_media=topics.MEDIA_TOPICS,
    refers_back=topics.REFERS_BACK,
    asks_how=topics.ASKS_HOW,
    directive=topics.DIRECTIVE,
    media_as_text=topics.MEDIA_AS_TEXT,
    shows_media=topics.SHOWS_MEDIA,
    only=topics.ONLY,
    operators=topics.OPERATORS,
    asks_for_sum=topics.ASKS_FOR_SUM,
    option_lists=topics.OPTION_LISTS,
    option_ends=topics.OPTION_ENDS,
    asks_to_choose=topics.ASKS_TO_CHOOSE,
    odd_sums=topics.ODD_SUMS,
    about_faults=topics.ABOUT_FAULTS,
    explains_code=topics.EXPLAINS_CODE,
    asks_for_name=topics.ASKS_FOR_NAME,
    short_form=topics.SHORT_FORM,
    task=TASK_WORDS,
    answer=ANSWER_WORDS,
    media=MEDIA_WORDS,
)
