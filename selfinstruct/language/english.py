"""English: words, limits and wordings for the rules; tests/quality/rules/test_rules.py lists what each must find."""

from selfinstruct.language.english_words import ANSWER_WORDS, MEDIA_WORDS, TASK_WORDS
from selfinstruct.language.language import Language
from selfinstruct.language.wording import Unless, frames, topic, topics

_T = topics(
    """
    last: the a an and or nor because such_as whose than every your their our its of including very e_g i_e
    last_of_long: to with from by for in into at as that which who although while if when where is are was were has have had be been being will would can could should must may might most his my these those this each between about on but so also not both either during through
    open: the a an and or but because such_as than whose every your their our into including
    """
)
_TOPICS = topics(
    """
    asks_to_complete: complete continue finish fill next_line next_word next_number next_sentence comes_next goes_next second_half second_line rest_of
    about_numbers: power_of squared cubed factorial prime fibonacci divisible multiplied_by binary digit_of_pi digits_of_pi
    about_faces: emoticon* smiley* kaomoji text_face text_faces
    about_garbling: mojibake garbled gibberish encod* decod* utf latin windows_125* unicode character_set charset code_page how_come why_does why_do shows_as shows_up_as show_up_as turn_into turned_into displayed_as appear_as come_out_as came_out_as instead_of
    asks_for_translation: translat* chinese mandarin cantonese pinyin hanzi kanji hiragana katakana romaji bilingual multilingual french german spanish japanese korean italian latin russian arabic portuguese hindi greek dutch polish turkish swedish finnish hungarian czech ukrainian hebrew vietnamese thai indonesian swahili sanskrit yiddish welsh irish own_script mother_tongue gaelic esperanto norwegian danish catalan persian urdu bengali tamil languages foreign language
    may_stay: if_it if_they if_needed if_necessary if_any if_required if_there if_correct if_appropriate if_applicable if_so if_not if_already if_possible if_wrong if_incorrect unless as_far_as as_much_as lowest_terms where_needed where_necessary any_error any_errors any_mistakes any_typos any_spelling any_grammar* organize organise chronological* unchanged as_is as_it_is repeat copy echo verbatim exactly_as sort order arrange rank match choose select pick alphabeti* already whether palindrome reverse lowercase lower trim deduplicate duplicates round plural uninflected same recite proofread filter format extract normalize normalise find which what who
    repeats: song lyric lyrics poem chant rhyme refrain chorus tongue_twister mantra repeat* times ballad lullaby villanelle pantoum limerick beat rap anthem hymn sequence pattern loop loops echo
    about_markup: html browser xml css markdown latex regex* regular_expression* escap* unicode entity entities tag tags token tokens tokeni* template templates string strings code python java javascript typescript json sql bash shell script function newline newlines line_break line_breaks encod* decod* format program* prompt prompts chatml llama special_character special_characters marker markers syntax printf csv yaml yml path windows rust golang php ruby perl backslash* carriage pytest unit_test unit_tests validator validators pdf rtf tex parse* c++ c#
    about_links: url urls link links hyperlink hyperlinks web_address* domain domains address addresses uri hostname http* endpoint slug official_site official_page website homepage query_string protocol repository shorten curl redirect redirects subdomain
    about_prompts: prompt prompts template templates shot instruction instructions input inputs output outputs test_case test_cases example examples function program code script dataset exercise exercises question questions joke jokes riddle riddles trivia quiz flashcard* flash_card* q_a faq task tasks worksheet lesson format* log sample algorithm interview survey exam homework problem print prints console dialogue conversation chat transcript assistant user human role play scene interaction field fields label labels heading headings json yaml
    about_press: press_release press_releases news_release media_release announcement
    odd_sums: binary hexadecimal octal modulo modular mod base clock boolean string strings concatenat* trick tricks joke jokes riddle riddles false wrong incorrect* error errors mistake mistakes misconception* counterexample floating 1984 orwell integer_division xor bitwise approximat* estimat* round*
    about_faults: error errors bug bugs debug* fix wrong incorrect invalid broken mistake mistakes syntax python_2 python2 pseudo pseudocode complete_the fill_in output_of what_does explain review convert translate
    asks_for_name: title titles motto mottos named called song songs lyric lyrics proverb proverbs quot* dish dishes term terms original album albums novel novels book books film films movie movies opera operas anthem* street streets restaurant* slogan* cheese* wine* pastries newspaper* painting cities towns countries villages
    short_form: tweet slogan title titles headline headlines hashtag hashtags caption captions lyric lyrics poem poems haiku song songs verse verses limerick sonnet text_message sms tagline motto name names subject_line subject_lines bullet list table keyword keywords code command regex query menu ascii acronym rap chant
    """
)

_OPTION = r"[\"“'‘]?(?!an? |any |some |the |to )[\w/+-]+(?: [\w/+-]+)?[\"”'’]?"
_OR_LIST = r"(?!any |some |the )((?:[\w\"“”'’/+-]+, ?){0,8}[\w\"“”'’/+-]+,? or (?:an? )?[\w\"“”'’/+-]+(?: [\w/+-]+)?)(?=[.?!;:)\n]|$)"

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
    no_input_phrase=r"(?:there(?:is|'s))?no(?:additional|further|specific|extra)?input(?:is)?(?:needed|required|provided|necessary|given)?|this(?:task|instruction)does(?:not|n't)(?:need|require|have)(?:any|an)?input",
    closing_remark=r"(?:let me know|feel free|hope th(?:is|ese|at)|would you like me|if you.{0,12}(?:need|like|want)|that(?:'s| is) all|th(?:is|at) (?:completes|concludes))\b.{0,80}?\b(?:tasks|examples|items|dataset)\b",
    colon=":",
    semicolon=";",
    gap=" ",
    names_subject=frames(
        r"(?i)\A(?:please )?(?:define|explain|describe|outline|discuss) (?!(?:it|this|that|them|these|those|\w+thing|things?|please|more|again|us|now|why|how|what|\w+ly)\b)[\w'’-]{4,}"
    ),
    courtesy=r"^(?:please|kindly) |,? please(?=\W*$)",
    length=(3, 150),
    asks_for_program=frames(
        r"(?i)\A(?:please )?(?:write|create|develop|code|make|build) (?:me )?(?:an? )?(?!radio|tv|training|exercise|fitness|concert)(?:[\w+#.-]+ ){0,3}?"
        r"program\b(?! (?:notes?|director|manager|guide|for)\b)",
        r"(?i)\A(?:please )?(?:write|create|develop|code|make|build|implement) (?:me )?an? (?:complete|full|whole|entire|working) (?:[\w+#.-]+ ){0,3}?"
        r"(?:apps?|applications?|web ?sites?|games?)\b",
    ),
    breaks_off=frames(
        r"\b(?P<last>(?:such )?[a-z]+)\Z",
        r"[,，、;；(（\[【《“\-–—]\Z",
        r"(?i)\A(?!.*\b(?:what|which|whom?|how|where|that|\w*thing|someone|phrase|verb|word|idiom|preposition|rid|made|think|instead)\b).*\b(?:of|between)\Z",
        r"(?i)\A(?!.*\b(?:what|which|whom?|how|where|\w*thing|verb|phrase)\b).*\b(?:going|wants?|needs?|trying|able|order|supposed|likely) to\Z",
        last=_T["open"],
    ),
    stops_short=frames(
        r"\A(?!.*\b(?:what|which|whom?|\w+thing|nobody)\b[^.,;]{0,40}\s*\Z)[^\n]{12,}\b(?P<last>(?:such )?[a-z.]+)\s*\Z",
        r"[^\n]{60}\b(?P<end>[a-z]+)\s*\Z",
        r"\b(?:when|if|while|because|until|since|although) (?:it|they|you|he|she|we|I|there|this) (?:is|are|was|were|can|will|has|have|had|should|must)\s*\Z",
        r"[,–—]\s*\Z",
        last=_T["last"],
        end=_T["last_of_long"],
    ),
    fillers=frozenset(
        [
            "please",
            "to",
            "me",
            "for",
            "the",
            "a",
            "an",
            "you",
            "can",
            "could",
            "your",
            "of",
            "and",
            "in",
            "with",
            "is",
            "are",
            "it",
            "that",
            "this",
            "about",
            "on",
            "some",
            "so",
            "i",
            "will",
            "would",
            "be",
        ]
    ),
    only=r"\b(?:only|just|nothing else|nothing but|no (?:explanations?|comments?|prose|other text)|without (?:any )?explanation|solely|valid)\b",
    operators=(
        (r"(?<=\d) ?(?:plus|added to) (?=[$£€(\d])", " + "),
        (r"(?<=\d) ?minus (?=[$£€(\d])", " - "),
        (r"(?<=\d) ?(?:times|multiplied by) (?=[$£€(\d])", " * "),
        (r"(?<=\d) ?(?:divided by|over) (?=[$£€(\d])", " / "),
        (r"(?<=\d) ?(?:%|percent|per cent) of (?=[$£€(\d])", "% * "),
        (r"([+*/×÷−-] [$£€]?\d[\d,.]*|\d%) (?:is|makes|gives) (?=[-−$£€\d])", r"\1 = "),
        (r"(?<=[\d%]) (?:equals|is equal to) (?=[-−$£€\d])", " = "),
    ),
    asks_for_sum=r"^(?:please )?(?:what(?:'s| is)|calculate|compute|evaluate|work out|find|solve|how much is|tell me|add|give)?"
    r"(?: the (?:value|result|sum|product|answer|difference|quotient)(?: of|:)?)?:?",
    option_lists=(
        rf"^(?:please )?(?:label|mark|tag|rate|classify|grade) (?:the|this|each|every) [\w-]+ ((?:{_OPTION}, ?){{1,6}}[\w ]+,? or [\w ]+)(?=[.?!;:)\n]|\s*$)",
        r"^(?:is|are|was|were|does|do)\b[^?,:]{0,80}? ([\w-]+(?:, [\w-]+){1,6},? or (?:an? )?[\w-]+)\?",
        r"\b(?:is|are|was|were|as|into|either)\b[^?.:]{0,40}? (an? [\w-]+(?:, an? [\w-]+){0,6},? or an? [\w-]+)(?=[?.,;)]|\s*$)",
        rf"\b(?:as|into|either|between|is|are|was|were|be)(?: either)? {_OR_LIST}",
        rf"\b(?:among|of|with|answer|reply|say|choose|pick|select|whether)(?: one of|:)? {_OR_LIST}",
        r"\b(?:options?|labels?|categories|choices|types|genres|sentiments|tags|one of|from)(?: are| is)?\s?[:(]\s?((?:[\w\"“”'’ +-]{1,24}(?:, ?| ?[/|;] ?)){1,10}[\w\"“”'’ +-]{1,24})(?=[.?!)\n]|\s*$)",
        rf":\s((?:{_OPTION}, ?){{1,8}}(?:{_OPTION},? )?or [\w \"”'’/+-]{{1,24}})(?=[.?!]|\s*$)",
        rf"\b(?:one of|which|from|among|choose|select|pick|use)\b[^:.?!()]{{0,60}}:\s((?:[\w \"“”'’/+-]{{1,24}}, ?){{1,8}}{_OPTION})(?=[.?!]|\s*$)",
        rf"(?<=[.!?] )(?-i:[A-Z][a-z]+s):\s((?:[\w \"“”'’/+-]{{1,24}}, ?){{1,8}}{_OPTION})(?=[.?!]|\s*$)",
        r"\(((?:[\w+-]+(?: [\w+-]+){0,2}(?:, ?| ?[/|] ?)(?:or )?){1,8}[\w+-]+(?: [\w+-]+){0,2})\)",
    ),
    option_ends=r"^an? |,? or (?:an? )?|,? and |, ?(?:an? )?| ?[/|;] ?",
    asks_to_choose=Unless(
        topic(
            "classif* categori* route forward fit fits label tag rate decide determine judge whether identify detect choose pick select assign sentiment which option options answer_with answer_yes answer_true answer_only reply respond yes_or_no true_or_false is_the is_this is_it predict mark sort"
        ),
        topic(
            "explain justify write describe discuss list create generate compose give_reasons and_why group groups each"
        ),
    ),
    explains_code=Unless(
        topic(
            "why explain describe what_does what_do what_is what_are what_s how_does how_do how_is how_are meaning_of *error errors mistake* syntax bug bugs wrong invalid"
        ),
        topic(
            "fix correct write implement create rewrite repair debug build make convert refactor complete function_that function_to code_that code_to"
        ),
    ),
    task=TASK_WORDS,
    answer=ANSWER_WORDS,
    media=MEDIA_WORDS,
    simple="",
    **_TOPICS,
)
