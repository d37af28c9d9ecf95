"""Mutants of the pacing."""

from tests.mutants.mutant import PACE, Mutant

MUTANTS = (
    Mutant(
        "minute of 59 seconds",
        "teacher/pacing/pace.py",
        "now - self._charges[0].at >= MINUTE_S",
        "now - self._charges[0].at >= 59",
        PACE,
    ),
    Mutant(
        "worst case not taken",
        "teacher/pacing/pace.py",
        "        self._sum += amount\n        return charge",
        "        return charge",
        PACE,
    ),
    Mutant(
        "usage not corrected", "teacher/pacing/pace.py", "            self._sum += amount - charge.amount\n", "", PACE
    ),
    Mutant(
        "use by others not observed",
        "teacher/pacing/pace.py",
        "            self.take(others, now)",
        "            pass",
        PACE,
    ),
    Mutant(
        "gate opens early", "teacher/pacing/pace.py", "+ self._spread * chance if", "- self._spread * chance if", PACE
    ),
    Mutant("everybody at the same time", "teacher/pacing/pace.py", "+ self._spread * chance if", "if", PACE),
    Mutant(
        "cut for every 429",
        "teacher/pacing/pace.py",
        "        if now < self._cooldown_until:\n            return\n        self.limit = max",
        "        self.limit = max",
        PACE,
    ),
    Mutant("unused limit grows", "teacher/pacing/pace.py", "if self._peak >= _MIN_USE * self.limit:", "if True:", PACE),
    Mutant("slow start does not end", "teacher/pacing/pace.py", "        self._slow_start = False\n", "", PACE),
    Mutant("breaker never opens", "teacher/pacing/pace.py", "elif self._failures >= _FAILURES:", "elif False:", PACE),
    Mutant("many probes", "teacher/pacing/pace.py", "return None if self._probing else max(", "return max(", PACE),
    Mutant(
        "probes every five seconds",
        "teacher/pacing/pace.py",
        "min(self._open_s * 2, _LONGEST_OPEN_S)",
        "self._open_s",
        PACE,
    ),
    Mutant(
        "old answer ends an outage",
        "teacher/pacing/pace.py",
        "        if self._open_s and not probe:\n            return False\n",
        "",
        PACE,
    ),
    Mutant(
        "place in flight not released",
        "teacher/pacing/rate_limiter.py",
        "            self._semaphore.release()\n",
        "            pass\n",
        PACE,
    ),
    Mutant("stop not told", "teacher/pacing/rate_limiter.py", "        self._stopped.set()\n", "", PACE),
    Mutant(
        "lost probe blocks for good",
        "teacher/pacing/rate_limiter.py",
        "            self._breaker.end()\n            self._no_probe.set()\n",
        "            self._breaker.end()\n",
        PACE,
    ),
    Mutant(
        "a probe that ends late opens the way beside the next",
        "teacher/pacing/rate_limiter.py",
        "        if permit.probe and not permit.observed:\n            self._breaker.end()\n",
        "        if permit.probe:\n",
        PACE,
    ),
    Mutant(
        "no limit on requests in flight",
        "teacher/pacing/rate_limiter.py",
        "(self._lifted or self._in_use < self._limiter.limit)",
        "True",
        PACE,
    ),
)
