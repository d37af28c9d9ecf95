"""All that differs between English and Chinese, in one place: words, marks, limits, and how to tell the two apart.

Rules, prompts and parser are written once and ask a `Language`; a third language would be a third value here.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from selfinstruct.records import LanguageCode


@dataclass(frozen=True)
class Language:
    """One language of seeds, prompts and dataset."""

    code: LanguageCode
    name: str
    instruction_words: tuple[str, ...]
    """What a teacher writes before an instruction; the first is what our prompts write."""
    input_words: tuple[str, ...]
    output_words: tuple[str, ...]
    label_words: tuple[str, ...]
    number_words: tuple[str, ...]
    """What a teacher writes before the number of an item: Task 4, 任务4."""
    no_input: tuple[str, ...]
    """The first is what our prompts write for an empty input."""
    colon: str
    length: tuple[int, int]
    """Least and most units of an instruction: words in English, characters in Chinese."""
    sentence_end: str
    needs_input: str
    """Pattern: the instruction speaks of material that has to be given with it."""
    asks_for_label: str
    """Pattern: the instruction asks to choose from a closed set."""
    names_labels: str
    """Pattern: the instruction itself lists the labels to choose from."""
    asks_for_media: str
    """Pattern: the instruction needs images, sound, files or the network."""
    asks_for_translation: str
    """Pattern: an answer in another language is what was asked for."""
    refusal: str
    """Pattern: the answer declines, or speaks of the teacher itself."""
    unsafe: str
    """Pattern: words of requests that do not belong into a general dataset."""
    placeholder: str
    """Pattern: the whole answer stands for no answer."""

    @cached_property
    def field_words(self) -> dict[str, tuple[str, ...]]:
        """Field name -> the words that announce it."""
        return {"instruction": self.instruction_words, "input": self.input_words, "output": self.output_words}

    def matches(self, pattern: str, text: str) -> re.Match[str] | None:
        """Return where one of this language's patterns occurs in a text, case-insensitively."""
        return re.search(pattern, text, re.IGNORECASE)

    def units(self, text: str) -> int:
        """Return the length of a text in words (English) or letters without spaces and marks (Chinese)."""
        return len(text.split()) if self.code == "en" else len(re.findall(r"\w", text))


_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_HAN_OR_WORD = re.compile(rf"[{_HAN}]|[^\W\d_{_HAN}]+")


def han_share(text: str) -> float:
    """Return the share of Chinese characters among characters and words of other scripts; 0 when there is neither.

    >>> han_share("用Python排序")
    0.75
    """
    units = _HAN_OR_WORD.findall(text)
    return sum("\u3400" <= unit <= "\u9fff" or unit >= "\uf900" for unit in units) / len(units) if units else 0.0


ENGLISH = Language(
    code="en",
    name="English",
    instruction_words=("Instruction", "Task", "Prompt", "Question"),
    input_words=("Input", "Context"),
    output_words=("Output", "Response", "Answer"),
    label_words=("Label", "Class label", "Class"),
    number_words=("Task", "Example", "Item", "No."),
    no_input=("<noinput>", "noinput", "no input", "no input needed", "no input required", "none", "n/a", "not applicable"),
    colon=":",
    length=(4, 150),
    sentence_end=".!?\"')]”’:…",
    needs_input=(
        r"\b(following|below|above|this|these|given|provided|attached|the (?:two|three|next)) "
        r"(?:\w+ ){0,3}?(sentences?|paragraphs?|texts?|passages?|articles?|essays?|e-?mails?|letters?|messages?|poems?|stor(?:y|ies)"
        r"|reviews?|words?|lists?|tables?|data(?:sets?)?|code|functions?|programs?|snippets?|quer(?:y|ies)|numbers?|equations?"
        r"|expressions?|integers?|dialogues?|conversations?|statements?|phrases?|quotes?|quotations?|lines?|notes?|recipes?|headlines?"
        r"|titles?|documents?|reports?|logs?|questions?|problems?|facts?|information|items?|options?|arguments?|scripts?|strings?"
        r"|json|csv|input|excerpts?|descriptions?|scenarios?|situations?|products?|speech(?:es)?|lyrics|comments?|posts?)\b"
        r"|\b(following|below)\b\s*[:.]|:\s*$"
        r"|^(?:translate|proofread|punctuate|summari[sz]e|paraphrase|rephrase|rewrite|shorten|condense|correct|edit|annotate|parse|decode"
        r"|unscramble|reorder|conjugate|simplify|polish|highlight|format|convert) (?:the|this|a|an|each) "
        r"(?:\w+ ){0,3}?(?:sentences?|paragraphs?|texts?|passages?|articles?|essays?|e-?mails?|letters?|messages?|poems?|stor(?:y|ies)"
        r"|words?|documents?|reports?|statements?|phrases?|code|lists?|dialogues?|conversations?)\b"
    ),
    asks_for_label=r"^(classify|categori[sz]e|label|tag)\b|^(?:decide|determine|judge|identify|tell|say|state) (?:if|whether)\b",
    names_labels=r"\b(?:as|into|whether|if|one of|either|between|labels?|classes|categories)\b.*\b(?:or|and|not)\b|,.*\b(?:or|and)\b",
    asks_for_media=(
        r"\b(images?|graphs?|pictures?|photos?|photographs?|files?|maps?|draw|plot|go to|videos?|audio|music|flowcharts?|diagrams?|charts?"
        r"|screenshots?|podcasts?|websites?|links?|urls?|click|upload|download|browse)\b|https?://"
    ),
    asks_for_translation=r"\b(translat\w+|in (?:chinese|french|german|spanish|japanese|italian|latin)|chinese|mandarin)\b",
    refusal=(
        r"\b(?:as an? (?:ai|large language|language)\b|i(?:'m| am) (?:an ai|sorry,? but|unable to)|i (?:cannot|can't|can not) (?:assist|help|provide|fulfil)"
        r"|i do(?:n't| not) have (?:access|the ability|enough|any information)|openai|chatgpt|anthropic|alibaba cloud|qwen)\b"
    ),
    unsafe=(
        r"\b(bombs?|explosives?|grenades?|firearms?|ammunition|cocaine|heroin|methamphetamine|narcotics?|suicide|self-harm|porn\w*|rape|genocide"
        r"|terroris\w+|hack into|phishing|malware|ransomware|counterfeit|launder)\b"
    ),
    placeholder=r"^\W*(?:n/?a|none|null|nil|todo|tbd|no (?:valid )?(?:output|answer|response)(?: found| needed)?|<?no ?output>?|output|answer|\.{3})?\W*$",
)

CHINESE = Language(
    code="zh",
    name="Chinese",
    instruction_words=("指令", "任务", "题目", "问题", "任务指令", "任务描述"),
    input_words=("输入", "输入内容", "材料", "上下文"),
    output_words=("输出", "回答", "答案", "输出内容", "回复", "响应"),
    label_words=("标签", "类别", "分类"),
    number_words=("任务", "示例", "例", "第"),
    no_input=("<无输入>", "无输入", "无", "没有输入", "不需要输入", "无需输入", "空", "不适用", "暂无"),
    colon="：",
    length=(4, 300),
    sentence_end="。！？”’」』）)】》…：.!?\"",
    needs_input=(
        r"(?:下面|以下|下列|上面|上述|以上|所给|给定|给出的|提供的|如下|这|该|本|某)(?:的|这|那|是|给出的)?"
        r"[一二两三四几这那个\d]*[段句篇首则封份条个组些张行串道条]*"
        r"[^，。！？、：]{0,6}?(?:句子|句话|段落|文本|文字|文章|短文|文段|材料|内容|对话|诗|诗句|诗歌|邮件|信件|信|新闻|评论|故事|列表|表格|数据|代码"
        r"|函数|程序|问题|题目|词语|词|短语|单词|数字|数列|算式|方程|公式|公文|通知|合同|条款|说明|案例|情景|场景|信息|资料|笔记|报告|歌词|菜谱|日志|语句|选项|标题|文言文)"
        r"|[:：]\s*$|(?:如下|下文|上文|原文)"
        r"|^(?:翻译|改写|校对|润色|缩写|扩写|概括|提炼|纠正|修改|复述|标注|补全|还原|续写|仿写)(?:一?[段句篇首则封份条]|这|该|此)"
    ),
    asks_for_label=r"^(?:判断|分类|辨别|区分|归类|识别|将.{1,12}分类|把.{1,12}分类)|(?:是否|属于哪)",
    names_labels=r"(?:是否|还是|或|、|分为|归为|属于|标为|中选)",
    asks_for_media=(
        r"图像|图片|照片|相片|文件|图表|图层|曲线图|折线图|直线图|柱形图|柱状图|饼状图|饼图|流程图|思维导图|示意图|地图|截图|视频|音频|音乐|录音|链接|网址|网页|网站"
        r"|点击|上传|下载|附件|画一|绘制|播放|https?://"
    ),
    asks_for_translation=r"翻译|译成|译为|译文|英译|英文|英语|日语|法语|德语|韩语|用外语|繁体|文言",
    refusal=(
        r"作为(?:一个|一名)?(?:人工智能|AI|语言模型|大模型|智能助手)|我(?:是|只是)(?:一个)?(?:人工智能|AI|语言模型)|(?:很|非常)?抱歉，?(?:我|但|作为)|对不起，?我"
        r"|我(?:无法|不能|没有能力)(?:提供|回答|访问|完成|帮助|生成|满足)|OpenAI|ChatGPT|GPT|通义千问|文心一言|阿里云"
    ),
    unsafe=r"毒品|炸弹|炸药|枪支|弹药|自杀|自残|色情|强奸|贩毒|吸毒|制毒|恐怖袭击|诈骗脚本|洗钱|赌博网|木马病毒|勒索软件|假币",
    placeholder=r"^\W*(?:无|暂无|空|略|待补充|未知|没有|不适用|无输出|没有输出|无答案|n/?a|none|null|输出|答案|省略)?\W*$",
)

LANGUAGES: dict[str, Language] = {"en": ENGLISH, "zh": CHINESE}
