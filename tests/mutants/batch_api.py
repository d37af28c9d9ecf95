"""Mutants of the Batch API."""

from tests.mutants.mutant import BATCH, BATCH_CAPS, BATCH_ENDINGS, SHARDS, Mutant

_SUBMIT, _COLLECT = "teacher/batch_api/submit.py", "teacher/batch_api/collect.py"

MUTANTS = (
    Mutant(
        "lost part of a shard forgotten",
        "journal/index.py",
        "            self.uncertain[send] = reserved",
        "            pass",
        SHARDS,
    ),
    Mutant(
        "shard never ends", "journal/shards.py", "            del self.open[shard.name]", "            pass", SHARDS
    ),
    Mutant(
        "awaited slot sent again",
        "journal/index.py",
        "(self.answered, self.withheld, self.shards.slots)",
        "(self.answered, self.withheld)",
        SHARDS,
    ),
    Mutant(
        "shard that is not sealed launched",
        _SUBMIT,
        "if not shard.sha256 or not (shard.file or self._is_reproducible(shard)):",
        "if False:",
        BATCH,
    ),
    Mutant(
        "file made otherwise uploaded", _SUBMIT, " or not (shard.file or self._is_reproducible(shard)):", ":", BATCH
    ),
    Mutant(
        "batch created without looking for one",
        _SUBMIT,
        "if shard.file and (batch := await self._find_batch(shard)):",
        "if False and (batch := await self._find_batch(shard)):",
        BATCH,
    ),
    Mutant("batch that is listed late made again", _SUBMIT, "        if not left_s:\n", "        if True:\n", BATCH),
    Mutant(
        "file's id not written before a batch is created",
        _SUBMIT,
        "            await self._journal.upload(name, file, self._clock.wall())\n",
        "",
        BATCH,
    ),
    Mutant(
        "what is out not reserved again",
        _SUBMIT,
        "        self._budget.reopen(sum(self._journal.awaited.values()))\n",
        "",
        BATCH_CAPS,
    ),
    Mutant(
        "refused batch left in the bill",
        _SUBMIT,
        "            await self.take_back(self._journal.shards[name])\n            raise",
        "            raise",
        BATCH_ENDINGS,
    ),
    Mutant("batch of any number of requests", _SUBMIT, "requests[: self.max_requests]", "requests", BATCH_CAPS),
    Mutant("batch of any size", _SUBMIT, "if reserved and size > LARGEST_FILE:", "if False:", BATCH_CAPS),
    Mutant(
        "budget refuses a batch that would fit in part",
        _SUBMIT,
        "                if not reserved:\n",
        "                if True:\n",
        BATCH_CAPS,
    ),
    Mutant("what is out not in the bill", "teacher/billing/bill.py", " + self.awaited\n", "\n", BATCH_CAPS),
    Mutant(
        "error file not read",
        "teacher/batch_api/provider.py",
        "tuple(file for file in files if file)",
        "files[:1]",
        BATCH_ENDINGS,
    ),
    Mutant(
        "what a completed batch forgot is free",
        _COLLECT,
        'surely_free = batch.status != "completed" and not settler.unreadable',
        "surely_free = not settler.unreadable",
        BATCH_ENDINGS,
    ),
    Mutant(
        "unreadable line is free",
        _COLLECT,
        'surely_free = batch.status != "completed" and not settler.unreadable',
        'surely_free = batch.status != "completed"',
        BATCH_ENDINGS,
    ),
    Mutant("line counted twice after a cut", _COLLECT, "self._open.pop(item.send)", "self._open[item.send]", BATCH),
    Mutant(
        "unexecuted request billed", _COLLECT, "        if item.unexecuted:\n", "        if False:\n", BATCH_ENDINGS
    ),
    Mutant(
        "key kept in a batch's bodies",
        _COLLECT,
        "body=self._redact(item.answer.body)",
        "body=item.answer.body",
        BATCH_ENDINGS,
    ),
    Mutant(
        "direct transport buys what is out",
        "teacher/batch_api/outstanding.py",
        'if journal.shards and config.teacher.transport != "batch_api":',
        "if False:",
        BATCH_CAPS,
    ),
    Mutant(
        "hold policy ignored in batches",
        "teacher/batch_api/teacher.py",
        "(reply := await self._uncertain.settle(request))",
        "(reply := None)",
        BATCH_ENDINGS,
    ),
    Mutant(
        "Ctrl-C waits for the batch",
        "runs/stopping.py",
        "            self._batch_wait.leave()\n",
        "            pass\n",
        BATCH_CAPS,
    ),
)
