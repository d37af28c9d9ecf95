"""English: words, limits and wordings for the rules; tests/quality/rules/test_rules.py lists what each must find."""

from selfinstruct.language import english_answers as answers
from selfinstruct.language import english_topics as topics
from selfinstruct.language.english_media import MEDIA_WORDS
from selfinstruct.language.english_task import TASK_WORDS
from selfinstruct.language.english_wording import ANSWER_WORDS
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
    semicolon=";",
    gap=" ",
    names_subject=Wording(
        r"\A(?:please )?(?:define|explain|describe|outline|discuss) (?!(?:it|this|that|them|these|those|something|everything|anything|things?|please|more|again|me|us|now|yourself|why|how|what|briefly|clearly|further)\b)[\w'’-]{4,}"
    ),
    courtesy=r"^(?:please|kindly) |,? please(?=\W*$)",
    length=(3, 150),
    asks_for_program=Wording(
        r"^(?:please |can you |could you )*(?:write|create|develop|code|make|build) (?:me )?(?:an? )?(?!radio|tv|television|training|exercise|fitness|theat|concert)(?:[\w+#.-]+ ){0,3}?program\b(?! (?:notes?\b|directors?|managers?|coordinators?|guides?|for (?:an?|the|our|your) (?:[\w'’-]+ ){0,3}?(?:concert|play|conference"
        r"|ceremony|festival|event|wedding|recital|show|gala)))"
        r"|^(?:please |can you |could you )*(?:write|create|develop|code|make|build|implement) (?:me )?(?:an? )?(?:complete|full|whole|entire|fully[- ]\w+|working)"
        r" (?:[\w+#.-]+ ){0,3}?(?:apps?|(?:web|mobile|desktop|console|android|ios|\w+script|python|java|react|flask|django|software) applications?|web ?sites?|games?)\b"
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
    stops_short=answers.STOPS_SHORT,
    fillers=answers.FILLERS,
    may_stay=answers.MAY_STAY,
    repeats=answers.REPEATS,
    about_markup=topics.MARKUP,
    about_links=topics.LINKS,
    about_prompts=topics.PROMPTS,
    about_press=topics.PRESS,
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
