"""Stateful test of the journal against a model of dicts: records, kills, power cuts, torn tails."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from selfinstruct.journal import Journal, Recorded
from tests.support.journal_disk import MEMORY, CrashDisk, request

INDEXES = st.integers(0, 4)
BODIES = st.one_of(st.binary(max_size=30), st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")))
MONEY = st.integers(0, 99)


class JournalMachine(RuleBasedStateMachine):
    """The state machine; every awaited record must survive all faults."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY)) / "journal"
        self.disk = CrashDisk()
        self.attempts: dict[int, int] = {}
        self.sends: list[tuple[int, int]] = []
        self.uncertain: dict[tuple[str, int], int] = {}
        self.lost: set[tuple[str, int]] = set()
        self.spent = 0
        self.ended: dict[int, Recorded] = {}
        self.segment_bytes = 0

    @initialize(segment_bytes=st.sampled_from([0, 500, 10**6]))
    def open(self, segment_bytes: int) -> None:
        self.segment_bytes = segment_bytes
        self.runner = asyncio.Runner()
        self.journal = self.opened()

    def opened(self) -> Journal:
        return Journal(self.folder, segment_bytes=self.segment_bytes, reserve_bytes=100, disk=self.disk)

    @rule(index=INDEXES, reserved=MONEY)
    def intend(self, index: int, reserved: int) -> None:
        attempt = self.runner.run(self.journal.intend(request(index), reserved))
        self.attempts[index] = self.attempts.get(index, 0) + 1
        assert attempt == self.attempts[index]
        self.sends.append((index, attempt))
        self.uncertain[request(index).slot, attempt] = reserved

    @rule(indexes=st.sets(INDEXES, min_size=2))
    def intend_together(self, indexes: set[int]) -> None:
        async def together() -> None:
            await asyncio.gather(*(self.journal.intend(request(index), 3) for index in sorted(indexes)))

        self.runner.run(together())
        for index in sorted(indexes):
            self.attempts[index] = self.attempts.get(index, 0) + 1
            self.sends.append((index, self.attempts[index]))
            self.uncertain[request(index).slot, self.attempts[index]] = 3

    def settle(self, data: st.DataObject) -> tuple[int, int, str]:
        index, attempt = data.draw(st.sampled_from(self.sends))
        self.sends.remove((index, attempt))
        slot = request(index).slot
        self.uncertain.pop((slot, attempt))
        self.lost.discard((slot, attempt))
        return index, attempt, slot

    @precondition(lambda self: self.sends)
    @rule(data=st.data(), body=BODIES, cost=MONEY)
    def record(self, data: st.DataObject, body: bytes, cost: int) -> None:
        index, attempt, slot = self.settle(data)
        self.runner.run(self.journal.record(slot, attempt, 200, body, cost))
        self.spent += cost
        self.ended.setdefault(index, Recorded(request(index), 200, body, cost))

    @precondition(lambda self: self.sends)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        _, attempt, slot = self.settle(data)
        self.runner.run(self.journal.take_back(slot, attempt))

    @precondition(lambda self: self.sends)
    @rule(data=st.data(), body=BODIES)
    def lose(self, data: st.DataObject, body: bytes) -> None:
        index, attempt = data.draw(st.sampled_from(self.sends))
        self.runner.run(self.journal.lose(request(index).slot, attempt, "cut", 0, body))
        self.lost.add((request(index).slot, attempt))

    @precondition(lambda self: self.attempts)
    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        index = data.draw(st.sampled_from(sorted(self.attempts)))
        self.runner.run(self.journal.withhold(request(index).slot))
        self.ended.setdefault(index, Recorded(request(index), 0, b"", 0, "held"))

    @rule()
    def reopen(self) -> None:
        self.journal.close()
        self.journal = self.opened()

    @rule()
    def crash(self) -> None:
        self.journal.close()
        self.disk.crash(self.folder)
        self.journal = self.opened()

    @rule(tail=st.one_of(st.just(b'{"v":1,"kind":"reply","slot":"zh/0.0'), st.binary(min_size=1, max_size=40)))
    def tear(self, tail: bytes) -> None:
        self.journal.close()
        segment = max(self.folder.glob("*.jsonl"))
        segment.write_bytes(segment.read_bytes() + tail.replace(b"\n", b" "))
        self.journal = self.opened()

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        journal = self.journal
        slots = {kind: {r.request.slot for r in self.ended.values() if r.kind == kind} for kind in ("reply", "held")}
        assert (journal.answered, journal.withheld) == (slots["reply"], slots["held"])
        assert (journal.uncertain, journal.lost, journal.spent) == (self.uncertain, self.lost, self.spent)
        assert list(journal.recorded()) == list(self.ended.values())
        assert journal.damaged == []

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            self.runner.close()
        shutil.rmtree(self.folder.parent)


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
