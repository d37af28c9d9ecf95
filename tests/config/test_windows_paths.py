"""A Windows path in double quotes is no TOML; the error says how it is written."""

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.config import parse_config
from selfinstruct.errors import ConfigError


@pytest.mark.parametrize(
    ("line", "single", "slashes"),
    [
        (r'documents = "C:\data\users"', r"C:\data\users", "C:/data/users"),
        (r'documents = "C:\Users\me\论文"', r"C:\Users\me\论文", "C:/Users/me/论文"),
        (r'documents = "\\server\papers"', r"\\server\papers", "//server/papers"),
    ],
)
def test_a_windows_path_is_shown_as_it_is_written(line: str, single: str, slashes: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(f"[generate]\n{line}\n", "my.toml")
    assert str(raised.value).endswith(f"; write '{single}' in single quotes, or \"{slashes}\"")
    assert f"请用单引号写成 '{single}'，或者写成 \"{slashes}\"" in in_chinese(str(raised.value))


def test_another_backslash_is_doubled() -> None:
    with pytest.raises(ConfigError, match="a backslash is written twice, or the text in single quotes"):
        parse_config('[teacher]\nmodel = "a\\d"\n', "my.toml")
