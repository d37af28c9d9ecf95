"""A key that a body says only once it is decoded is found before anything is read of the body."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.http.body import error_of, read_reply
from selfinstruct.teacher.http.exchange import KeyRedactor
from tests.support.asked import Asked, faults
from tests.support.runs import MakeConfig
from tests.support.teacher_server import KEY, Fault, TeacherServer

CANARY = "sk-proj/Ab0+9_z.Qr-nE"
redact = KeyRedactor(CANARY)


def entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


def page(title: str) -> str:
    return f"<html><title>Invalid {title}</title></html>"


def error(message: str) -> str:
    return json.dumps({"error": {"message": message}})


def in_unicode(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


CODED: dict[str, Callable[[str], str]] = {
    "entities in a title": lambda key: page(entities(key)),
    "JSON in entities": lambda key: page(entities(error(key))).replace("Invalid ", ""),
    "escapes of JSON in entities": lambda key: page(entities(error("@").replace("@", in_unicode(key)))).replace(
        "Invalid ", ""
    ),
    "a backslash that is escaped": lambda key: error(error("@").replace("@", in_unicode(key))).replace(
        "\\\\u", "\\u005cu"
    ),
    "a backslash that is escaped twice": lambda key: error(
        error(error("@").replace("@", in_unicode(key))).replace("\\\\u", "\\u005cu")
    ),
    "an entity of an ampersand": lambda key: page(entities(key).replace("&", "&amp;")),
    "characters that show nothing": lambda key: error("\u200b".join(key)),
    "characters that show nothing, escaped": lambda key: error("@").replace("@", "\\u202e".join(key)),
    "control characters": lambda key: error("@").replace("@", "\\u0007".join(key)),
    "percent in entities": lambda key: page("".join(f"&#37;{ord(letter):02X}" for letter in key)),
    "a name of two letters": lambda key: page(key.replace("fj", "&fjlig;")),
}


@pytest.mark.parametrize("name", CODED)
def test_the_words_of_an_error_do_not_say_a_key_that_is_encoded(name: str) -> None:
    key = "sk-fj/Ab0+9_z.Qr-nE"
    body = KeyRedactor(key)(CODED[name](key).encode())
    said = "".join(letter for letter in error_of(body) if " " < letter <= "~")
    assert key[:8] not in said
    assert "[key]" in said


@pytest.mark.parametrize("name", CODED)
def test_a_body_that_says_another_key_stays_as_it_is(name: str) -> None:
    body = CODED[name]("sk-another-0123456789").encode()
    assert redact(body) == body


def test_a_title_with_the_key_in_entities_keeps_its_other_words() -> None:
    assert error_of(redact(page(entities(CANARY)).encode())) == "Invalid [key]"


@given(st.integers(1, len(CANARY) - 1))
def test_a_key_over_two_events_of_a_stream_is_found(cut: int) -> None:
    parts = (CANARY[:cut], CANARY[cut:])
    events = [{"choices": [{"delta": {"content": part}, "finish_reason": None}]} for part in parts]
    body = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in events) + b"data: [DONE]\n\n"
    assert CANARY in read_reply(200, body).text
    assert CANARY[:8] not in read_reply(200, redact(body)).text


def test_a_key_over_two_parts_of_a_content_is_found() -> None:
    parts = [{"type": "text", "text": part} for part in (CANARY[:9], CANARY[9:])]
    body = json.dumps({"choices": [{"message": {"content": parts}}]}).encode()
    assert CANARY in read_reply(200, body).text
    assert CANARY[:8] not in read_reply(200, redact(body)).text


@given(st.text(max_size=200))
def test_a_reply_without_the_key_stays_as_it_is(text: str) -> None:
    body = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
    assert redact(body) == body


@pytest.mark.thorough
@pytest.mark.parametrize("unit", [b"\\u0073", b"&amp;", b"&#115;", b"%2525", b"\\\\", b"&", b"\xe2\x80\x8b"])
def test_a_body_of_escapes_alone_is_searched_without_delay(unit: bytes) -> None:
    started = time.process_time()
    redact(unit * (2**20 // len(unit)))
    assert time.process_time() - started < 5


def test_a_page_with_the_key_in_entities_reaches_neither_message_nor_journal(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(401, page(entities(KEY)).encode(), "text/html"))
    asked = Asked(make_config(), tmp_path)
    assert "Invalid [key]" in str(asked.replies[0])
    assert KEY not in f"{asked.replies} {asked.said} {asked.records}"
    assert entities(KEY) not in f"{asked.records}"
