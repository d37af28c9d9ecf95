"""An extension of Python-Markdown: where a line of Chinese is wrapped in the source, a page shows no blank.

Browsers turn the end of a line into a space, which Chinese does not have between its characters. Text in code stays as it is.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_CHINESE = "[\u2014\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]"
_WRAPPED = re.compile(rf"(?<={_CHINESE})\n *(?={_CHINESE})")


class _Joined(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and element.tag not in {"code", "pre"}:
                element.text = _WRAPPED.sub("", element.text)
            if element.tail:
                element.tail = _WRAPPED.sub("", element.tail)


class _ChineseLines(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name of the library
        md.treeprocessors.register(_Joined(md), "chinese_lines", 5)


def makeExtension(**_: object) -> Extension:  # noqa: N802 - the name of the library
    return _ChineseLines()
