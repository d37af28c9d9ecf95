"""Words with which an instruction points to its material, asks for media, or an answer says that it is none: one record per language.

Lists have no exemptions: rules ask how the words stand to each other (`quality/rules/relation.py`, `media.py`, `wording.py`).
All are searched in lower-case text.
"""

from dataclasses import dataclass

from selfinstruct.language.wording import Frames, Together, Topic


@dataclass(frozen=True)
class TaskWords:
    """Words of instructions."""

    points: Frames  # Something that stands elsewhere: `the following`, 下面的
    this: Frames  # A piece of writing that is at hand: `this sentence`, 这句话
    works_on: Frames  # Work on a piece of writing, or a question about it: `rewrite the paragraph`, 文中
    program: Frames  # What is asked for is a program or a method, whose material is its parameter
    writes: Frames  # What is asked for is a text, which may be spoken of: `write a poem and explain the poem`
    asks_how: Frames  # A question about doing, or a general one
    directs: Frames  # A sentence that says how to do it: no material
    described: Frames  # A text that says which material there would be: `an article about bees`, 一篇关于蜜蜂的文章
    chooses: Frames  # An instruction that names the labels to choose from
    one_thing: Frames  # One thing that is to be labelled
    chats: Frames  # A whole instruction that only greets or thanks
    of_you: Frames  # A whole instruction that asks the model about itself: `Are you a robot?`, 你叫什么名字？
    closed_set: Frames  # A set to choose from that must be given: `the predefined categories`, 给定列表
    unsafe: Together  # A plain request for harm
    prevents: Topic  # The instruction is against the harm, or tells of it


@dataclass(frozen=True)
class AnswerWords:
    """Stock phrases of answers; what is worded otherwise is left to the classifier (`quality/classifier/`)."""

    declines: Frames  # The answer says that it will not or cannot be given
    doubts: Topic  # Words of inability, regret and asking back: without one nobody declines
    plays: Topic  # The instruction gives somebody else a voice
    machines: Topic  # The instruction is about machines that speak
    product: Frames  # The answer names its writer: a product, a maker
    itself: Frames  # The answer speaks of its writer as a machine
    blank: frozenset[str]  # Whole answers that stand for one
    stands: Frames  # The same with words of its own: `[insert the title here]`
    nothing: frozenset[str]  # Whole answers that say that there is none: right, where that was asked
    asks_whether: Topic  # The instruction asks whether or which there is
    form: Topic  # The instruction asks for a form, a template or a gap


@dataclass(frozen=True)
class MediaWords:
    """Words for what a text cannot hold."""

    noun: Topic  # A medium
    named: Frames  # A whole text that only names one
    points: Frames  # An instruction that looks at one: `in this picture`, 看图
    makes: Frames  # An instruction to make one: `draw a`, 画一
    orders: Frames  # An instruction to do something in the world: send, record, search the web
    live: Together  # A question that only a live source answers
    as_text: Topic  # The medium is wanted in words, marks or code, or only spoken of
    about_names: Topic  # The task is about names, formats and places of media
