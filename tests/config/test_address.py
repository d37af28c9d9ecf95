"""Addresses of endpoints: what they must not carry, and which are the same server."""

import pytest

from selfinstruct.config.address import check_address, server_of

CANARY = "canary-0123456789abcdef"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "https://api.example.com:8443/v1/",
        "https://RESOURCE.openai.azure.com/openai/v1",
        "https://xn--fsq.example/v1",
        "http://127.0.0.1:8000/v1",
        "http://[::1]:8000/v1",
        "http://localhost/v1",
    ],
)
def test_an_address_that_carries_nothing_is_taken(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"https://me:{CANARY}@api.example.com/v1", "user or password"),
        (f"HTTPS://{CANARY}@api.example.com/v1", "user or password"),
        (f"https://api.example.com\\@{CANARY}.example/v1", "user or password"),
        (f"http://me:{CANARY}@localhost/v1", "user or password"),
        (f"https://api.example.com/v1?key={CANARY}", "query"),
        (f"https://api.example.com/v1?a=1&sig={CANARY}", "query"),
        (f"https://api.example.com/v1?{CANARY}", "query"),
        (f"https://r.openai.azure.com/openai/deployments/d?api-version=2024-02-01&key={CANARY}", "query"),
        ("https://api.example.com/v1?", "query"),
        (f"https://api.example.com/v1#{CANARY}", "fragment"),
        (f"https://api.example.com/#/v1?token={CANARY}", "fragment"),
        (f"http://localhost:8000/v1?key={CANARY}", "query"),
        (f"https://api.example.com:{CANARY}/v1", "is no address"),
        (f"https://[{CANARY}/v1", "is no address"),
        (f"https://api.example.com/{CANARY} /v1", "plain ASCII"),
        (f"https://api.example.com\\.evil.example/{CANARY}", "plain ASCII"),
        (f"https://api.example.com/v1\n{CANARY}", "plain ASCII"),
        (f"https://аpi.example.com/{CANARY}", "plain ASCII"),
        (f"http://api.example.com/{CANARY}", "must begin with https://"),
        (f"ftp://api.example.com/{CANARY}", "must begin with https://"),
        (f"{CANARY}", "must begin with https://"),
        (f"https:///{CANARY}", "must name a host"),
    ],
)
def test_an_address_that_may_carry_a_secret_is_refused_with_the_remedy_and_not_repeated(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        check_address(url)
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://api.example.com/v1", "https://api.example.com:443"),
        ("https://API.example.com.:443/other", "https://api.example.com:443"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("http://[::1]/v1", "http://[::1]:80"),
    ],
)
def test_a_server_is_scheme_host_and_port(url: str, server: str) -> None:
    assert server_of(url) == server
