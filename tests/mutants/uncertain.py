"""Mutants of the handling of sends that may have been billed."""

from tests.mutants.mutant import CLIENT, INTERRUPTIONS, UNCERTAIN, Mutant

_FILE = "teacher/uncertain.py"
MUTANTS = (
    Mutant(
        "hold sends again",
        _FILE,
        '        await self._journal.withhold(request.slot)\n        return Reply(fault="held")',
        "        return None",
        UNCERTAIN,
    ),
    Mutant("hold is not written down", _FILE, "        await self._journal.withhold(request.slot)\n", "", UNCERTAIN),
    Mutant("resend asks the provider", _FILE, '() if self._policy == "resend" else ', "", UNCERTAIN),
    Mutant(
        "sends without a name are looked up",
        _FILE,
        "and all(send in self._journal.stored for send in sends)",
        "",
        UNCERTAIN,
    ),
    Mutant(
        "every empty lookup is believed",
        _FILE,
        "if await self._is_trusted(request.sampling.model):",
        "if True:",
        UNCERTAIN,
    ),
    Mutant("no empty lookup is believed", _FILE, "if not self._lookup_works and last:", "if False:", UNCERTAIN),
    Mutant(
        "what is found is not written down",
        _FILE,
        "        await self._journal.record(*send, 200, body, spent)\n",
        "",
        UNCERTAIN,
    ),
    Mutant(
        "what is found is billed on top of its worst case",
        _FILE,
        "        self._budget.reopen(reserved)\n        spent",
        "        spent",
        UNCERTAIN,
    ),
    Mutant(
        "what was not billed stays in the bill", _FILE, "            self._budget.release(reserved)\n", "", UNCERTAIN
    ),
    Mutant(
        "what was not billed stays uncertain",
        _FILE,
        "            await self._journal.take_back(*send)\n",
        "",
        UNCERTAIN,
    ),
    Mutant("the first lookup is final", _FILE, "and left_s > 0:", "and False:", UNCERTAIN),
    Mutant(
        "no time for what is still being written",
        _FILE,
        "return settling_s + min(max(",
        "return settling_s + 0 * min(max(",
        UNCERTAIN,
    ),
    Mutant(
        "no second lookup after a clock that jumped",
        _FILE,
        "return settling_s + min(max(",
        "return min(max(",
        UNCERTAIN,
    ),
    Mutant("a clock that was set back blocks for good", _FILE, ", 0.0), longest_s)", ", 0.0), 1e12)", UNCERTAIN),
    Mutant(
        "a failed lookup is an empty one",
        _FILE,
        'if meaning not in {"retry", "retry_billed"} or tried == self._config.limits.retries:',
        "if False:",
        UNCERTAIN,
    ),
    Mutant("what is no listing is an empty one", _FILE, "if not isinstance(found, list):", "if False:", UNCERTAIN),
    Mutant("the name is not sent", "teacher/direct.py", "        if stored:\n", "        if False:\n", UNCERTAIN),
    Mutant(
        "the name is not in the intent",
        "journal/journal.py",
        "name, at = stored or (None, None)",
        "name, at = None, None",
        UNCERTAIN,
    ),
    Mutant("the name is forgotten", "journal/index.py", "if line.stored_as:", "if False:", UNCERTAIN),
    Mutant(
        "hold ends the run", "teacher/pacing/retry_policy.py", ' or self._limits.uncertain != "resend":', ":", CLIENT
    ),
    Mutant(
        "written off stays written off",
        "teacher/billing/budget.py",
        "        self._purse.spent -= written_off\n",
        "",
        UNCERTAIN,
    ),
    Mutant(
        "uncertain sends are not listed",
        "runs/status.py",
        "for send, reserved in journal.uncertain.items() if send not in flying",
        "for send, reserved in () if send not in flying",
        INTERRUPTIONS,
    ),
    Mutant(
        "a stop does not reach those who wait", "runs/run.py", "stop_signal.stop = teacher.stop", "pass", INTERRUPTIONS
    ),
)
