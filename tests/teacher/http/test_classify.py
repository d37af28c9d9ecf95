"""The failure catalogue, all 46 rows: classification and cost of each response, and the tests of the other failures."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selfinstruct.config import Teacher, parse_config
from selfinstruct.errors import ConfigError
from selfinstruct.records import Usage
from selfinstruct.teacher.http.body import error_of, read_reply, usage_of
from selfinstruct.teacher.http.classify import (
    OVERSIZE,
    Response,
    classify,
    describe,
    explain_refusal,
    heard,
    is_free,
    is_incomplete,
    is_outage,
    is_web_page,
    retry_after,
)
from tests.support.fault_rows import CATALOGUE, COVERED, HTML, JSON, Case, choice, cut, said, whole
from tests.support.floods import seconds

ROOT = Path(__file__).parents[3]


CASES = [
    pytest.param(case, id=f"row{row}-{place}") for row, cases in CATALOGUE.items() for place, case in enumerate(cases)
]


def test_all_46_rows_are_here() -> None:
    assert sorted([*CATALOGUE, *COVERED]) == list(range(1, 47))


@pytest.mark.parametrize(
    ("file", "name"), sorted({tuple(test.split("::")) for tests in COVERED.values() for test in tests})
)
def test_the_test_that_covers_a_row_exists(file: str, name: str) -> None:
    assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_an_answer_means_and_costs_what_the_catalogue_says(case: Case) -> None:
    answer = heard(case.answer)
    assert classify(answer) == case.meaning
    assert is_free(answer) == case.free
    assert usage_of(case.answer.body) == (Usage(prompt_tokens=7, completion_tokens=5) if case.usage else None)
    assert (case.fault is None) == (case.meaning not in {"done", "failed"})


@pytest.mark.parametrize("case", CASES)
def test_a_body_is_read_without_raising_or_hanging(case: Case) -> None:
    assert seconds(lambda: read_reply(case.answer.status, case.answer.body)) < 1
    reply = read_reply(case.answer.status, case.answer.body)
    assert case.fault is None or reply.fault == case.fault


@pytest.mark.parametrize("case", CASES)
def test_whatever_may_have_been_billed_is_tried_again_as_such(case: Case) -> None:
    assert case.free or case.meaning != "retry"
    assert not (case.free and case.meaning == "retry_billed")


@given(st.integers(100, 599), st.binary(max_size=60))
def test_only_an_explicit_refusal_or_no_connection_is_free(status: int, body: bytes) -> None:
    answer = Response("body", status, JSON, body)
    assert is_free(answer) == (300 <= status < 500 and status not in {408, 409, 425, 499})
    assert is_free(answer._replace(phase="connecting"))


@given(st.binary(max_size=300), st.integers(100, 599))
@example(b'{"choices": [{"message": 1}], "usage": []}', 200)
@example(b'{"error": {"message": [1]}, "message": 3}', 400)
@example(b'{"error": {"message": {"a": 1}, "code": 7}}', 400)
@example(b'{"choices": [{"message": {"content": [1]}, "finish_reason": {}}], "model": ["m"]}', 200)
def test_no_body_makes_the_reader_raise(body: bytes, status: int) -> None:
    reply = read_reply(status, body)
    assert reply.text or reply.fault or reply.finish_reason
    assert isinstance(error_of(body), str)


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.bounds
@given(
    st.dictionaries(st.sampled_from(["choices", "error", "usage", "model", "message", "code"]), JSON_VALUE),
    st.sampled_from([200, 400]),
)
def test_no_json_makes_the_reader_raise(value: object, status: int) -> None:
    assert read_reply(status, json.dumps(value).encode()).fault


@pytest.mark.parametrize(
    "usage",
    ["null", "[]", "{}", '{"prompt_tokens": 1}', '{"prompt_tokens": -1, "completion_tokens": 2}', '{"prompt_tokens": true, "completion_tokens": 2}',
     '{"prompt_tokens": 1.0, "completion_tokens": 2}', '{"prompt_tokens": 1, "completion_tokens": 99999999999999}'],
)  # fmt: skip
def test_a_count_that_is_none_leaves_the_worst_case_in_the_bill(usage: str) -> None:
    assert usage_of(choice('"x"', end=f', "usage": {usage}}}'.encode())) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "20"}, 20),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "inf"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": ""}, 0),
        ({"retry-after-ms": "1500", "retry-after": "20"}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "20"}, 20),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00"}, 60),
        ({"retry-after": "Wed, 21 Oct 2026 09:28:00 +0200"}, 60),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:50 GMT"}, 10),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "now"}, 60),
        ({"retry-after": "Wed, 99 Abc 2026 99:99:99 GMT"}, 0),
        ({"retry-after": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"}, 0),
    ],
)
def test_what_the_endpoint_asks_for_is_read_in_every_form(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(headers, 1792567620.0) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_makes_the_reader_raise(after: str, date: str) -> None:
    assert retry_after({"retry-after": after, "date": date}, 1.0) >= 0


def test_an_outage_is_no_answer_half_an_answer_one_without_end_5xx_or_a_page() -> None:
    assert is_outage(cut("connecting", "ConnectError"))
    assert is_outage(cut("body", "ReadError", 200))
    assert is_outage(whole(500))
    assert is_outage(whole(200, b"<html>", HTML))
    assert is_outage(whole(200, b"x")._replace(error=OVERSIZE))
    assert is_outage(whole(400, b"x")._replace(error=OVERSIZE))
    assert not is_outage(whole(403, b"<html>", HTML))
    assert not is_outage(whole(429))
    assert not is_incomplete(whole(200)._replace(error=OVERSIZE))


def test_a_page_is_known_by_its_type_or_its_first_sign() -> None:
    assert is_web_page(whole(200, b"x", HTML))
    assert is_web_page(whole(200, b"  <p>"))
    assert not is_web_page(whole(200, b'{"a": "<p>"}'))


def test_how_a_try_ended_is_said_in_a_few_words() -> None:
    assert describe(whole(503)) == "status 503"
    assert describe(whole(200)._replace(error=OVERSIZE)) == "a reply of more than 8 MiB, status 200"
    assert describe(whole(200, b"<p>")) == "a web page, status 200"
    assert describe(cut("connecting", "ConnectError: refused")) == "ConnectError: refused"
    assert describe(cut("body", "ReadError", 200)) == "ReadError"
    assert describe(cut("body", "ReadError", 502)) == "status 502, then ReadError"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (whole(200, b"<p>"), "base_url"),
        (whole(401, said("bad\x1b\u202e\ud800 key")), 'refuses the key in MY_KEY (status 401). It says: "bad key".'),
        (whole(402), "quota or balance"),
        (whole(308), "redirects elsewhere"),
        (whole(404), "does not serve the model m"),
    ],
)
def test_a_refusal_says_what_to_change(answer: Response, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-1")
    teacher = Teacher(kind="openai", model="m", api_key_env="MY_KEY", base_url="https://teacher.example/v1")
    assert words in explain_refusal(answer, teacher.base_url, teacher)


def test_a_key_that_is_not_set_is_not_called_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    teacher = Teacher(kind="openai", model="m", api_key_env="MY_KEY", base_url="http://127.0.0.1:8000/v1")
    told = explain_refusal(whole(401, said("no key")), teacher.base_url, teacher)
    assert told.startswith("http://127.0.0.1:8000/v1 wants a key, and MY_KEY is not set (status 401).")


@pytest.mark.parametrize(
    ("url", "once"),
    [
        ("https://teacher.example/v1/v1", "https://teacher.example/v1"),
        ("https://teacher.example/api/v3/v3/", "https://teacher.example/api/v3/"),
    ],
)
def test_a_path_that_stands_twice_is_named(url: str, once: str) -> None:
    teacher = Teacher(kind="openai", model="m", base_url=url)
    assert explain_refusal(whole(404), url, teacher).endswith(f" Set [teacher] base_url to {once}")
    assert "twice" not in explain_refusal(whole(401), url, teacher)
    assert "twice" not in explain_refusal(whole(404), f"{once.rstrip('/')}/v11", teacher)


@pytest.mark.parametrize(
    "pattern",  # bytes, called data, know no U+2028
    [
        pytest.param(
            r"(?<!distribution)(?<!distribution\(\"selfinstruct\"\))(?<!formatter)\.(read|write)_text\((?!.*encoding=)",
            id="row32-encoding-of-the-system",
        ),
        pytest.param(r"(?<!data)\.splitlines\(", id="row33-lines-at-U+2028"),
        pytest.param(r"\.to_csv|csv\.writer|DictWriter", id="row39-csv"),
        pytest.param(
            r"trust_remote_code=(?!False)|import pickle|\bpickle\.\w|allow_pickle=True|torch\.load\(",
            id="row41-code-in-weights",
        ),
        pytest.param(r"yaml\.(?:unsafe_|full_)?load(?:_all)?\(", id="row43-yaml"),
    ],
)
def test_the_package_never_does_it(pattern: str) -> None:
    for path in (ROOT / "selfinstruct").rglob("*.py"):
        if "verifiers" not in path.parts:  # they write tables that a task asks for, and no file
            assert not re.search(pattern, path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\\b", "a\x00b", "x" * 101])
def test_a_run_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ConfigError, match="--name: "):
        parse_config("", "x.toml", {"run.name": name})
