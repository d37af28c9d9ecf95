"""The catalogue of what goes wrong with an endpoint, a disk and a machine: 46 rows, each with cases or the tests that cover it."""

import json
from typing import NamedTuple

from selfinstruct.teacher.http.body import LARGEST_BODY
from selfinstruct.teacher.http.classify import (
    OVERSIZE,
    Meaning,
    Phase,
    Response,
)

JSON = {"content-type": "application/json"}


HTML = {"content-type": "text/html; charset=utf-8"}


USAGE = b', "usage": {"prompt_tokens": 7, "completion_tokens": 5}}'


class Case(NamedTuple):
    """One answer: what it means, whether it is surely free, and the fault that is read from its body once it is recorded."""

    meaning: Meaning
    free: bool
    answer: Response
    fault: str | None = None
    usage: bool = False
    """Its body counts tokens: it was billed, and says what."""


def whole(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Response:
    return Response("body", status, JSON if headers is None else headers, body)


def said(message: str, code: str = "") -> bytes:
    return json.dumps({"error": {"message": message, "code": code}}).encode()


def choice(content: str, finish: str = "stop", end: bytes = b"}") -> bytes:
    text = f'{{"choices": [{{"message": {{"content": {content}}}, "finish_reason": "{finish}"}}]'
    return text.encode() + end


def cut(phase: Phase, error: str, status: int = 0, body: bytes = b"") -> Response:
    return Response(phase, status, JSON, body, error)


LIMITED = said("Rate limit reached for requests")


CATALOGUE: dict[int, tuple[Case, ...]] = {
    1: (
        Case("retry", True, whole(429, LIMITED, {"retry-after": "20"})),
        Case("retry", True, whole(429, LIMITED, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})),
        Case("retry", True, whole(429, LIMITED, {"retry-after-ms": "1500"})),
    ),
    2: (
        Case("retry", True, whole(429, LIMITED)),
        Case("retry", True, whole(429, said("visit https://platform.openai.com/account/billing to raise your limit"))),
        Case("retry", True, whole(429, b"<html>slow down</html>", HTML)),
        Case("retry", True, cut("body", "ReadError", 429, LIMITED[:9])),
    ),
    4: (Case("retry", True, whole(429, said("tokens per min (TPM)"), {"x-ratelimit-remaining-tokens": "0"})),),
    5: (
        Case("stop", True, whole(429, said("You exceeded your current quota", "insufficient_quota"))),
        Case("stop", True, whole(429, said("pay", "insufficient_quota"), {"retry-after": "5"})),
        Case("stop", True, whole(429, said("You exceeded your current quota"))),
        Case("retry", True, whole(429, said("You exceeded your current quota"), {"retry-after": "20"})),
        Case("retry", True, whole(429, b'{"error": {"message": "exceeded your current quota", "retryDelay": "28s"}}')),
        Case("stop", True, whole(429, "账户余额不足".encode())),
        Case("stop", True, whole(402, said("Insufficient Balance"))),
    ),
    6: (
        Case("pause", True, whole(401, said("Incorrect API key"))),
        Case("pause", True, whole(403, said("Forbidden"))),
        Case("pause", True, whole(403, b"<html>blocked</html>", HTML)),
        Case("pause", True, cut("body", "ReadError", 401)),
    ),
    7: (
        Case("stop", True, whole(404, said("The model x does not exist"))),
        Case("stop", True, whole(400, said("Model Not Exist"))),
        Case("stop", True, whole(422, said("unknown model"))),
    ),
    8: (
        Case("failed", True, whole(400, said("too long", "context_length_exceeded")), "request_rejected"),
        Case("failed", True, whole(413, said("too large")), "request_rejected"),
        Case("failed", True, whole(422, b'{"detail": [{"msg": "bad"}]}'), "request_rejected"),
        Case("retry", True, cut("body", "ReadError", 400, b'{"err')),
        Case("retry", True, cut("body", "ReadError", 422, b'{"det')),
    ),
    9: (
        Case("failed", True, whole(400, said("The response was filtered", "content_filter")), "content_filtered"),
        Case("failed", True, whole(400, said("Azure's content management policy")), "content_filtered"),
        Case("done", False, whole(200, choice('"x"', "content_filter", USAGE)), "content_filtered", usage=True),
        Case("failed", True, whole(200, said("filtered", "content_filter")), "content_filtered"),
    ),
    10: (
        Case("done", False, whole(200, choice('"half a"', "length", USAGE)), "", usage=True),
        Case("done", False, whole(200, choice('"half a"', "length")), ""),
    ),
    11: (
        Case("done", False, whole(200, choice("null", "stop", USAGE)), "empty_reply", usage=True),
        Case("done", False, whole(200, choice('null, "reasoning": "hm"', "length", USAGE)), "all_thought", usage=True),
        Case("done", False, whole(200, choice('" \\n"')), "empty_reply"),
    ),
    12: (
        Case("done", False, whole(200, b'{"choices": []' + USAGE), "malformed_reply", usage=True),
        Case("done", False, whole(200, b'{"choices": null}'), "malformed_reply"),
        Case("done", False, whole(200, b'{"choices": [null]}'), "malformed_reply"),
        Case("retry", True, whole(200, said("overloaded"))),
        Case("done", False, whole(200, b'{"error": "overloaded"' + USAGE), "malformed_reply", usage=True),
        Case("done", False, whole(200, b""), "malformed_reply"),
        Case("done", False, whole(204, b""), "malformed_reply"),
    ),
    13: (
        Case("retry_billed", False, whole(200, b"<html>welcome</html>", HTML)),
        Case("retry_billed", False, whole(200, b"\n<!DOCTYPE html>", JSON)),
        Case("retry_billed", False, whole(502, b"<html>bad gateway</html>", HTML)),
    ),
    14: (
        Case("done", False, whole(200, b'{"choices": [{"message": {"con'), "malformed_reply"),
        Case("done", False, whole(200, choice('"x"', end=USAGE)[:-4]), "malformed_reply"),
        Case(
            "done",
            False,
            whole(200, choice('"caf\u00e9 \udcff"'.encode("utf-8", "surrogateescape").decode("latin-1"))),
            "",
        ),
        Case(
            "done", False, whole(200, b'{"choices": [{"message": {"content": "bad \xff\xfe"}}]' + USAGE), "", usage=True
        ),
        Case("done", False, whole(200, b"\xef\xbb\xbf" + choice('"after a byte order mark"')), ""),
    ),
    15: (
        Case("done", False, whole(200, choice('"\\ud800 alone"', end=USAGE)), "", usage=True),
        Case("done", False, whole(200, choice('"x"', "\\udfff")), ""),
    ),
    16: (
        Case("done", False, whole(200, choice('"x"', end=b', "n": NaN}')), "malformed_reply"),
        Case("done", False, whole(200, choice('"x"', end=b', "n": -Infinity}')), "malformed_reply"),
        Case("done", False, whole(200, choice('"x", "content": "y"', end=USAGE)), "malformed_reply"),
        Case("done", False, whole(200, b"[" * 200_000), "malformed_reply"),
        Case("done", False, whole(200, b'{"a":' * 100_000), "malformed_reply"),
        Case("done", False, whole(200, choice('"x"', end=b', "n": ' + b"9" * 5000 + b"}")), "malformed_reply"),
        Case("done", False, whole(200, choice('"x"', end=b', "usage": {"prompt_tokens": ' + b"9" * 4000 + b"}}")), ""),
    ),
    17: (
        Case("done", False, whole(200, b"x" * LARGEST_BODY)._replace(error=OVERSIZE), "oversize"),
        Case("retry_billed", False, whole(500, b"x" * LARGEST_BODY)._replace(error=OVERSIZE)),
        Case("failed", True, whole(400, b"x" * LARGEST_BODY)._replace(error=OVERSIZE), "oversize"),
    ),
    18: (
        Case("retry_billed", False, cut("body", "RemoteProtocolError", 200, b'{"choi')),
        Case("retry_billed", False, cut("awaiting", "ReadError")),
        Case("retry_billed", False, cut("sending", "WriteError")),
        Case("retry_billed", False, cut("body", "ReadError", 500, b"{")),
    ),
    19: (
        Case("retry_billed", False, cut("awaiting", "no complete answer within 180 s")),
        Case("retry_billed", False, cut("body", "no complete answer within 180 s", 200, b"{")),
        Case("retry", True, cut("connecting", "no complete answer within 180 s")),
    ),
    20: (
        Case("retry", True, cut("connecting", "ConnectError: refused")),
        Case("retry", True, cut("connecting", "ConnectError: name or service not known")),
        Case("retry", True, cut("connecting", "SSLError: certificate verify failed")),
        Case("retry", True, cut("connecting", "PoolTimeout")),
    ),
    21: (
        *(Case("retry_billed", False, whole(status, b"{}")) for status in (500, 502, 503, 504, 520, 529)),
        *(Case("retry_billed", False, whole(status, b"{}")) for status in (408, 409, 425)),
        Case("retry_billed", False, whole(503, b"{}", {"retry-after": "3"})),
    ),
    44: (Case("stop", True, whole(307, b"", {"location": "https://elsewhere.example"})),),
}


COVERED: dict[int, tuple[str, ...]] = {
    3: (
        "teacher/pacing/test_rate_limiter.py::test_retry_after_holds_all_workers_back_and_scatters_them",
        "teacher/pacing/test_rate_limiter.py::test_during_an_outage_one_probe_goes_at_a_time_and_its_answer_frees_all",
    ),
    22: (
        "teacher/billing/test_budget.py::test_nothing_is_sent_behind_the_journals_back",
        "teacher/pacing/test_retry_policy.py::test_an_error_that_may_be_billed_has_one_further_try",
    ),
    23: ("runs/test_interruptions.py::test_killed_at_every_reply_and_resumed_it_ends_the_same_and_asks_nothing_twice",),
    24: ("journal/test_faults.py::test_cut_at_every_byte_it_keeps_every_whole_record_and_takes_new_ones",),
    25: ("journal/test_faults.py::test_on_a_full_disk_every_reply_that_was_paid_is_kept_whatever_its_size",),
    26: ("journal/test_faults.py::test_after_a_failed_write_or_sync_nothing_is_tried_again",),
    27: ("journal/test_files.py::test_another_process_is_named_with_its_host_and_its_death_frees_the_journal",),
    28: (
        "runs/test_interruptions.py::test_sigint_waits_for_the_replies_in_flight_and_exits_130",
        "teacher/test_client.py::test_a_cancelled_request_is_not_tried_again_and_stays_uncertain",
    ),
    29: ("teacher/test_client.py::test_connections_and_requests_in_flight_are_never_more_than_the_concurrency",),
    30: ("teacher/test_client.py::test_connections_and_requests_in_flight_are_never_more_than_the_concurrency",),
    31: (
        "journal/test_journal.py::test_lines_of_version_1_stay_readable",
        "journal/test_files.py::test_a_record_of_a_newer_selfinstruct_is_refused_and_frees_the_lock",
    ),
    32: (
        "teacher/http/test_classify.py::test_the_package_never_does_it",
        "dataset/io/test_encoding.py::test_the_locale_of_the_machine_changes_no_byte",
    ),
    33: (
        "teacher/http/test_classify.py::test_the_package_never_does_it",
        "dataset/io/test_encoding.py::test_a_file_with_every_kind_of_line_end_in_its_text_has_as_many_rows_as_lines",
        "dataset/io/test_encoding.py::test_a_line_separator_in_an_answer_splits_no_row",
        "journal/test_journal.py::test_what_was_recorded_is_read_back_in_order",
    ),
    34: ("teacher/http/test_classify.py::test_what_the_endpoint_asks_for_is_read_in_every_form",),
    35: ("teacher/billing/test_budget.py::test_spent_and_reserved_never_exceed_the_limit",),
    36: ("runs/test_stopping.py::test_the_key_is_nowhere_on_disk_even_when_the_server_echoes_it",),
    37: ("config/test_config.py::test_an_unsafe_address_is_refused_and_not_repeated",),
    38: ("teacher/test_client.py::test_what_an_endpoint_says_cannot_drive_the_terminal",),
    39: ("teacher/http/test_classify.py::test_the_package_never_does_it",),
    40: (
        "reports/run/test_report.py::test_what_a_teacher_said_cannot_become_part_of_the_page",
        "reports/diff/test_page.py::test_no_text_can_become_markup",
        "reports/diff/test_renderers.py::test_markdown_holds_no_tag_but_its_own_and_no_link",
    ),
    41: (
        "teacher/http/test_classify.py::test_the_package_never_does_it",
        "training/model/test_load.py::test_code_that_comes_with_a_model_is_never_run",
    ),
    42: ("teacher/http/test_classify.py::test_a_run_name_cannot_leave_its_folder",),
    43: ("teacher/http/test_classify.py::test_the_package_never_does_it",),
    45: ("test_docs.py::test_every_dependency_has_its_reason",),
    46: ("quality/rules/test_rules.py::test_a_rule_finds_its_defect_in_a_row",),
}
