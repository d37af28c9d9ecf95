"""Connection pools: even distribution, correct counts after any outcome, proxies respected."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from selfinstruct.config import Config
from selfinstruct.teacher.address import Address
from selfinstruct.teacher.http.exchange import openai_client
from selfinstruct.teacher.http.pools import CONNECTIONS_IN_A_POOL, Pools
from tests.support.asked import Asked
from tests.support.teacher_server import KEY, Fault, TeacherServer

BODY = {"messages": [{"content": "Describe a harbour."}]}


async def post(client: httpx2.AsyncClient, url: str) -> int:
    return (await client.post(f"{url}/chat/completions", json=BODY)).status_code


def test_requests_in_flight_are_spread_evenly_and_counted_back(server: TeacherServer) -> None:
    together = threading.Barrier(6, timeout=20)
    seen: list[list[int]] = []
    pools = Pools(3 * CONNECTIONS_IN_A_POOL)

    def script(*_: object) -> None:
        together.wait()
        seen.append(list(pools._in_use))
        together.wait()

    async def ask() -> None:
        async with httpx2.AsyncClient(transport=pools) as client:
            await asyncio.gather(*(post(client, server.url) for _ in range(6)))

    server.script = script
    asyncio.run(ask())
    assert seen[0] == [2, 2, 2]
    assert pools._in_use == [0, 0, 0]


def test_a_broken_or_refused_exchange_is_counted_back(server: TeacherServer) -> None:
    server.script = lambda *_: Fault(hang_up=True)
    pools = Pools(CONNECTIONS_IN_A_POOL)

    async def ask() -> None:
        async with httpx2.AsyncClient(transport=pools) as client:
            for url in (server.url, "http://127.0.0.1:1"):
                with pytest.raises(httpx2.TransportError):
                    await post(client, url)

    asyncio.run(ask())
    assert pools._in_use == [0]


def test_as_many_connections_as_requests_in_flight_are_kept_and_used_again(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    config = make_config(limits__concurrency=20, limits__timeout_s=30)
    asked = Asked(config, tmp_path, requests=60)
    assert len(asked.answers) == 60
    assert server.connections <= 20


def test_a_proxy_of_the_machine_is_not_bypassed(monkeypatch: pytest.MonkeyPatch) -> None:
    def transport(url: str) -> Any:
        return openai_client(Address(url, SecretStr(KEY)), 5, 4)._client._transport

    assert isinstance(transport("https://api.example.com/v1"), Pools)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert not isinstance(transport("https://api.example.com/v1"), Pools)
    assert isinstance(transport("http://127.0.0.1:8/v1"), Pools)
