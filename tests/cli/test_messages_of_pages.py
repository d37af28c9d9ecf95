"""The messages that the Chinese page on pull requests explains are said in these words."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
_RULE = re.compile(r"[a-z_]+")


def test_each_message_of_the_page_is_said_in_these_words() -> None:
    page = (ROOT / "docs/pull-requests.zh-CN.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([^`]+)` \|", page.partition("## 这些消息是什么意思")[2], re.MULTILINE)
    said = [
        text
        for file in (ROOT / "selfinstruct/cli/chinese").glob("*.toml")
        for section in tomllib.loads(file.read_text(encoding="utf-8")).values()
        for text in (section.values() if isinstance(section, dict) else [section])
    ]
    assert len(explained) > 10
    for words in explained:
        assert _RULE.fullmatch(words) or any(words in str(text) for text in said), words
