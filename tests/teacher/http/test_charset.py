"""An answer in another encoding than UTF-8, as its header names it."""

import pytest

from selfinstruct.teacher.http.charset import in_utf8

WORDS = "您的账户已欠费"


@pytest.mark.parametrize("named", ["gbk", "GB2312", '"gb18030"', "big5", "utf-16"])
def test_a_body_is_read_in_the_encoding_that_its_header_names(named: str) -> None:
    words = "帳戶" if named == "big5" else WORDS
    body = words.encode(named.strip('"'))
    assert in_utf8(body, f"application/json; charset={named}").decode() == words


@pytest.mark.parametrize("named", ["", "; charset=iso-8859-1", "; charset=gbk", "; charset=nosuch", "; charset=base64"])
def test_utf_8_stays_whatever_its_header_says_also_cut_within_a_letter(named: str) -> None:
    for body in (WORDS.encode(), WORDS.encode()[:-1], b""):
        assert in_utf8(body, f"text/plain{named}") == body


@pytest.mark.parametrize("named", ["nosuch", "base64", "a" * 100])
def test_an_encoding_that_is_none_changes_nothing(named: str) -> None:
    assert in_utf8(WORDS.encode("gbk"), f"text/plain; charset={named}") == WORDS.encode("gbk")
