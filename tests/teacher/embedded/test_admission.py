"""Which requests the embedded teacher takes: a table of heads, as programs, browsers and attackers send them."""

import pytest

from selfinstruct.teacher.embedded.admission import ROUTES, Head, refusal

KEY = "k" * 43
JSON = ("content-type", "application/json")
AUTHORIZED = ("authorization", f"Bearer {KEY}")
HOST = ("host", "127.0.0.1:8089")


def status(
    *headers: tuple[str, str],
    host: tuple[str, str] | None = HOST,
    method: str = "POST",
    path: str = "/v1/chat/completions",
) -> int:
    refused = refusal(Head(method, path, (*([host] if host else []), *headers)), KEY)
    return int(refused.status) if refused else 200


@pytest.mark.parametrize("path", ROUTES)
def test_a_program_with_the_key_is_served(path: str) -> None:
    assert status(AUTHORIZED, JSON, method=ROUTES[path], path=path) == 200


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8089", "localhost", "LocalHost:8089", "localhost:9000", "[::1]", "[::1]:8089"]
)
def test_the_names_of_this_machine_are_hosts(host: str) -> None:
    assert status(AUTHORIZED, JSON, host=("host", host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8089",
        "127.0.0.1.nip.io",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example#localhost",
        "0.0.0.0:8089",
        "127.0.0.1:8089, evil.example",
        "127.1",
        "2130706433",
        "::1",
        "[::1].evil.example",
        "localhost.",
        "127.0.0.1:",
        "127.0.0.1\n",
        "\uff11\uff12\uff17.0.0.1",
        "",
    ],
)
def test_a_name_that_was_bound_to_loopback_from_outside_is_refused_even_with_the_key(host: str) -> None:
    assert status(AUTHORIZED, JSON, host=("host", host)) == 403
    assert status(host=("host", host), method="GET", path="/health") == 403


def test_a_request_without_a_host_or_with_two_is_refused() -> None:
    assert status(AUTHORIZED, JSON, host=None) == 403
    assert status(HOST, AUTHORIZED, JSON) == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:8888", "https://127.0.0.1:8089", "file://", ""]
)
def test_a_page_of_another_origin_is_refused_even_with_the_key(origin: str) -> None:
    assert status(AUTHORIZED, JSON, ("origin", origin)) == 403


def test_its_own_origin_is_none_of_another() -> None:
    assert status(AUTHORIZED, JSON, ("origin", "http://127.0.0.1:8089"), ("sec-fetch-site", "same-origin")) == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_picture_or_script_of_a_page_which_sends_no_origin_is_refused(site: str) -> None:
    assert status(("sec-fetch-site", site), method="GET", path="/health") == 403


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "application/json-seq",
        "",
    ],
)
def test_a_type_that_a_page_may_send_without_asking_is_refused_even_with_the_key(content_type: str) -> None:
    assert status(AUTHORIZED, ("content-type", content_type)) == 415


def test_a_body_without_a_type_or_with_two_is_refused() -> None:
    assert status(AUTHORIZED) == 415
    assert status(AUTHORIZED, JSON, ("content-type", "text/plain")) == 415


def test_json_with_a_charset_is_json() -> None:
    assert status(AUTHORIZED, ("content-type", "Application/JSON; charset=utf-8")) == 200


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer none",
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
        KEY,
        f"Basic {KEY}",
        "Bearer ключ",
        "Bearer ",
    ],
)
def test_without_the_key_nothing_is_answered(given: str) -> None:
    assert status(("authorization", given), JSON) == 401
    assert status(("authorization", given), method="GET", path="/v1/models") == 401


def test_two_keys_are_none() -> None:
    assert status(AUTHORIZED, ("authorization", "Bearer none"), JSON) == 401


def test_whether_it_is_up_is_answered_without_the_key() -> None:
    assert status(method="GET", path="/health") == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/slots",
        "/props",
        "/metrics",
        "/index.html",
        "/v1/../slots",
        "/v1//models",
        "/%76%31/models",
        "http://x/health",
    ],
)
def test_what_tells_of_the_machine_or_of_others_prompts_does_not_exist(path: str) -> None:
    assert status(AUTHORIZED, method="GET", path=path) == 404


def test_a_stranger_does_not_learn_which_addresses_exist() -> None:
    assert status(method="GET", path="/slots") == status(method="GET", path="/v1/models") == 401


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD", "PUT", "post"])
def test_another_method_is_refused(method: str) -> None:
    assert status(AUTHORIZED, JSON, method=method) == 405
