"""Shards in actors of Ray on this machine: the same decisions as without, also where an actor is killed; what cannot work is refused with a remedy."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from selfinstruct.dedup.filter import Decision, NearDuplicateFilter, near_duplicates
from selfinstruct.engines import ray_actors
from selfinstruct.engines.ray_actors import RayShard, actors, code
from selfinstruct.errors import InputError, StorageError
from selfinstruct.rouge.shard import Shard
from tests.support.rouge_texts import texts

SOME = [" ".join(text) for text in texts(3, 12_000)]


class GoneError(Exception):
    """What Ray raises."""


class GetTimeoutError(GoneError):
    """What Ray raises when it has waited."""


class FakeRay:
    """As much of Ray as the engine asks of it before it holds a shard: a cluster of so many cores, with one version of selfinstruct."""

    exceptions = SimpleNamespace(RayError=GoneError, GetTimeoutError=GetTimeoutError)

    def __init__(self, cores: int = 4, version: str | Exception = "", start: Exception | None = None) -> None:
        self._cores, self._version, self._start = cores, version, start
        self.ended = self.killed = 0

    def init(self, **_: object) -> None:
        if self._start:
            raise self._start

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": float(self._cores)}

    def remote(self, _: object) -> "FakeRay":
        return self

    def options(self, **_: object) -> Any:
        return SimpleNamespace(remote=lambda *_: SimpleNamespace(code=SimpleNamespace(remote=lambda: self._version)))

    def get(self, found: object, timeout: float = 0) -> object:
        assert timeout
        if isinstance(found, Exception):
            raise found
        return found

    def kill(self, _: object) -> None:
        self.killed += 1

    def shutdown(self) -> None:
        self.ended += 1


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRay]:
    monkeypatch.setattr(ray_actors, "require", lambda *_: None)

    def make(**given: Any) -> FakeRay:
        fake = FakeRay(**given)
        monkeypatch.setitem(sys.modules, "ray", fake)
        return fake

    return make


def start(number: int) -> None:
    with actors(2) as engine:
        engine.start(number, 2).answer()


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"--engine ray needs ray, which is not installed; run `make ray`"), actors(2):
        pass


def test_a_worker_of_another_version_is_refused(cluster: Any) -> None:
    fake = cluster(version="0.0.1 (123456789abc)")
    with pytest.raises(InputError, match=r"worker 1 of 2 has selfinstruct 0.0.1 \(123456789abc\), and this machine "):
        start(0)
    assert (fake.killed, fake.ended) == (1, 1)


def test_a_worker_without_selfinstruct_is_refused(cluster: Any) -> None:
    cluster(version=GoneError("\nModuleNotFoundError: No module named 'selfinstruct'"))
    with pytest.raises(InputError, match=r"No module named 'selfinstruct'\); .* need selfinstruct "):
        start(0)


def test_a_worker_that_never_starts_ends_the_work(cluster: Any) -> None:
    cluster(version=GetTimeoutError())
    with pytest.raises(StorageError, match=r"worker 2 of 2 has not started in 300 seconds; `ray status`"):
        start(1)


def test_more_workers_than_cores_are_refused(cluster: Any) -> None:
    fake = cluster(cores=3)
    with (
        pytest.raises(InputError, match="--workers 4: the Ray cluster has 3 cores; give at most --workers 3"),
        actors(4),
    ):
        pass
    assert fake.ended == 1


def test_a_cluster_that_is_not_there_is_named_by_its_address(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:6379")
    cluster(start=ConnectionError("cannot reach it\nmore"))
    with (
        pytest.raises(
            InputError, match=r"no Ray cluster at RAY_ADDRESS=10.0.0.1:6379 \(cannot reach it\); `ray status`"
        ),
        actors(2),
    ):
        pass


def test_the_code_of_the_filter_is_part_of_what_must_agree() -> None:
    version, _, digest = code().partition(" ")
    assert version
    assert len(digest) == 14


@pytest.mark.thorough
def test_actors_decide_the_same_also_where_one_is_killed() -> None:
    ray = pytest.importorskip("ray", reason="needs the [ray] extra")
    said, made, decisions = list[str](), list[Shard](), list[Decision]()
    with actors(2, said.append, above=100) as engine:

        def started(number: int, of: int) -> Shard:
            made.append(engine.start(number, of))
            return made[-1]

        sieve = NearDuplicateFilter(neighbours="dropped", engine=engine._replace(start=started))
        for decision in sieve.decide((text, 0.7) for text in SOME):
            decisions.append(decision)
            if len(decisions) == 6000:
                assert isinstance(made[-1], RayShard)
                ray.kill(made[-1].actor)
    assert decisions == list(near_duplicates(SOME, neighbours="dropped"))
    (line,) = said
    assert line.startswith("worker 2 of 2 is gone (ActorDiedError); a new one is built from the ")
