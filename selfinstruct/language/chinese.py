"""Chinese: words, limits and wordings for the rules; tests/quality/rules/test_rules.py lists what each must find.

Patterns are in simplified characters; `simple` makes them match traditional ones too.
"""

from selfinstruct.language import chinese_answers as answers
from selfinstruct.language import chinese_topics as topics
from selfinstruct.language.chinese_media import MEDIA_WORDS
from selfinstruct.language.chinese_task import TASK_WORDS
from selfinstruct.language.chinese_wording import ANSWER_WORDS
from selfinstruct.language.language import Language
from selfinstruct.language.wording import Wording

CHINESE = Language(
    code="zh",
    name="Chinese",
    instruction_words=("指令", "任务", "题目", "问题", "任务指令", "任务描述"),
    input_words=("输入", "输入内容", "材料", "上下文"),
    output_words=("输出", "回答", "答案", "输出内容", "回复", "响应"),
    label_words=("标签", "类别", "分类"),
    number_words=("任务", "示例", "例", "第"),
    no_input=(
        "<无输入>",
        "无输入",
        "无",
        "没有输入",
        "没有任何",
        "没有任何输入",
        "不需要输入",
        "无需输入",
        "空",
        "不适用",
        "暂无",
        "暂不需要",
        "不需要",
        "无需",
        "留空",
        "空白",
    ),
    no_input_phrase=(
        r"(?:(?:此|本|该)(?:任务|题目?|指令|问题))?(?:无需|不需要|没有|无|不用)(?:额外|其他|具体|任何|提供)?的?(?:输入|材料)(?:内容|信息)?"
    ),
    closing_remark=(
        r"(?:以上(?:就是|便是|即为|是|为)?|希望(?:这些|以上)).{0,20}?(?:任务|示例|题目|指令)"
        r"|(?:(?:如果|如需|若需|若|是否)(?:您|你)?还?(?:需要|想要)?|(?:您|你)还?需要|需要我)我?(?:更多|继续|再写|再生成)"
        r".{0,12}?(?:任务|示例|题目|指令)"
        r"|(?:全部|所有|以上).{0,6}?任务(?:已经|均已|都已|已)(?:全部)?(?:完成|生成|写完)"
    ),
    colon="：",
    semicolon="；",
    gap="",
    names_subject=Wording(
        r"\A请?(?:定义|解释|介绍|说明|描述)(?!一下|[它这那他她其]|一[遍次]|清楚|理由|原因|详细)[\u3400-\u9fffA-Za-z]"
    ),
    courtesy=r"^(?:请|麻烦)(?:你|您)?|(?:一下|吧)(?=\W*$)",
    length=(3, 300),
    asks_for_program=Wording(
        r"^(?:请|请你|帮我)*(?:用|使用|以)[A-Za-z+#\s.]{1,14}?(?:语言)?(?:编写?|写|开发|设计|实现)(?:一个|个|一段)?(?:[^，。]{0,14}?的)?(?:小|计算机|电脑)?程序(?!员|单)|"
        r"^(?:请|请你|帮我)*(?:编写?|写|开发|设计)(?:一个|个|一段)(?!关于)[^，。A-Za-z]{1,14}?的程序(?=[，。！]|$)|"
        r"^(?:请|请你|帮我)*(?:(?:用|使用|以)[A-Za-z+#\s.]{1,14}?(?:语言)?)?(?:编写|开发|实现)(?:一[个款套]|[个款])[^，。]{0,16}?(?:管理系统|小程序|应用程序|APP|网站|小?游戏|软件)(?!的)(?![^。]{0,20}(?:需要|步骤|怎么|哪些|流程|多少|建议|计划|方案|名字))|"
        r"^(?:请|请你)?(?:编写?|写)(?:一个|个|一段)?(?:小|计算机|电脑|\s?[A-Za-z+#]{1,12}\s?)?程序(?!员|正义|性|猿|单|法|化)"
    ),
    breaks_off=Wording(
        r"(?:[,，、;；(（\[【《“\-–—]|(?<![总缓温饱平调共之柔谐祥求中附的])和|(?<![参给赠授])与|(?<!抑)或|以及|并且"
        r"|包括|例如|比如|譬如|关于|并|但是|因为|(?:[他她它我你]|们|定要|需要|其中|以及)在|而且|然后|遇到|碰到|一旦|还有(?:就是)?|以便|由于|如果|不仅|对于|并把|并将)$"
        r"|^(?!.*(?:谁|什么|哪|怎|如何|为何|是|吗))(?:请)?(?:写|编|设计|创作|撰写|列|描写|描述|比较|分析|解释|说明|讨论|总结|概括|推荐|给出|制定|提供|谈谈|评价"
        r"|介绍)[^，。]{2,}(?<![目标有似])的$"
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
    simple="這这個个話话條条詞词語语該该給给圖图畫画張张詩诗聞闻評评論论對对寫写譯译號号類类將将為为還还屬属斷断與与據据說说單单縮缩擴扩潤润飾饰標标題题數数問问聽听觀观視视頻频錄录請请從从結结業业幫帮讀读簡简體体編编創创製制計计檔档鏈链網网頁页麼么無无",
    task=TASK_WORDS,
    answer=ANSWER_WORDS,
    media=MEDIA_WORDS,
)
