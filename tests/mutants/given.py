"""Mutants of what flags gave a run, and of what a comparison may spend."""

from tests.mutants.mutant import Mutant

_GIVEN, _COMPARED = "tests/cli/test_given.py", "tests/comparison/test_compare.py"
_FRESH, _GOES_ON = "tests/cli/test_fresh.py", "tests/runs/test_status_of_what_goes_on.py"
_GONE = "tests/runs/test_gone.py"
_MANIFEST, _ASKING = "dataset/release/manifest.py", "comparison/asking.py"
MUTANTS = (
    Mutant("a cap on candidates is forgotten", _MANIFEST, '    "limits.max_candidates",\n', "", _GIVEN),
    Mutant("a cap on tokens is forgotten", _MANIFEST, '    "limits.max_total_tokens",\n', "", _GIVEN),
    Mutant("a budget is forgotten", _MANIFEST, '    "limits.budget_usd",\n', "", _GIVEN),
    Mutant("a language left out is bought", "runs/targets.py", "if not (beyond and wanted)", "if not beyond", _GIVEN),
    Mutant(
        "a new run forgets its cap",
        "api/given.py",
        "config) | {key: config.setting(key) for key in caps}",
        "config)",
        _FRESH,
    ),
    Mutant("a script begun anew forgets", "api/given.py", "folder.given = {**taken, **folder.given}", "pass", _FRESH),
    Mutant(
        "sends in flight are uncertain", "runs/in_flight.py", "if not in_use(directory.journal):", "if True:", _GOES_ON
    ),
    Mutant(
        "replies that are gone leave the bill",
        "teacher/billing/bill.py",
        "            total = total.at_least(paid, prices)\n",
        "            pass\n",
        _GONE,
    ),
    Mutant(
        "replies that are gone are never missed",
        "runs/run.py",
        "        keep_in_bill(directory, journal, made, config, observer.say)\n",
        "",
        _GONE,
    ),
    Mutant(
        "replies that are gone are billed at each command",
        "runs/gone.py",
        "lacking = before.requests.paid - bill.replies",
        "lacking = before.requests.paid - len(journal.answered)",
        _GONE,
    ),
    Mutant(
        "a reply that is gone costs nothing where its request stands",
        "runs/gone.py",
        "    if lacking <= len(alone) - len(sends) or lacking < len(sends):",
        "    if lacking <= len(alone):",
        _GONE,
    ),
    Mutant(
        "what is paid for is uncertain too",
        "journal/index.py",
        "            self.uncertain.pop(send, None)\n",
        "            pass\n",
        _GONE,
    ),
    Mutant(
        "a reply that nothing stands on is uncertain once it is gone",
        "runs/gone.py",
        "        yield from others\n",
        "        pass\n",
        _GONE,
    ),
    Mutant(
        "what others cost that came since pays for a reply that is gone",
        "runs/gone.py",
        'return manifest is not None and manifest.stop == "running"',
        "return False",
        _GONE,
    ),
    Mutant(
        "an older copy of a journal lowers the bill",
        "runs/status.py",
        "    count_missed(directory, journal, made_of_journal(directory, before), config)\n",
        "",
        _GONE,
    ),
    Mutant(
        "a report has no word of what is uncertain",
        "reports/run/page.py",
        "if float(worst := manifest.uncertain_usd or 0):",
        "if not (worst := manifest.uncertain_usd):",
        "tests/reports/run/test_cost.py",
    ),
    Mutant(
        "a card has no word of what is uncertain",
        "dataset/release/card.py",
        ' uncertain" if float(worst) else spent',
        ' uncertain" if not worst else spent',
        "tests/dataset/release/test_card.py",
    ),
    Mutant(
        "what came back is counted twice",
        "journal/payments.py",
        "max(total, before or 0)",
        "total + (before or 0)",
        "tests/journal/test_came_back.py",
    ),
    Mutant(
        "a reply does not say what had been paid for before it",
        "journal/journal.py",
        '"after": self._index.payments.numbers[-1] or None',
        '"after": None',
        _GONE,
    ),
    Mutant(
        "the tokens of what came back are counted twice",
        "teacher/billing/bill.py",
        "prompt=max(self.prompt, paid.prompt)",
        "prompt=self.prompt + paid.prompt",
        _GONE,
    ),
    Mutant(
        "what was bought again is forgotten where a file is put back before it",
        "journal/segments.py",
        "return first != _WITHHELD and place[1] not in {first, _WITHHELD}",
        "return False",
        _GONE,
    ),
    Mutant(
        "explain has in flight what nobody waits for",
        "runs/explanation/without_reply.py",
        'else "in flight when the run ended"',
        'else "in flight"',
        "tests/runs/explanation/test_without_reply.py",
    ),
    Mutant(
        "explain knows nothing of a reply that is gone once that is recorded",
        "runs/explanation/find.py",
        "*journal.withheld, *gone)",
        "*journal.withheld)",
        "tests/runs/explanation/test_without_reply.py",
    ),
    Mutant(
        "a used-up budget is told by the next request alone",
        "runs/run.py",
        "        warn(used_up(session.budget), session.observer.say)\n",
        "",
        "tests/runs/test_spent_when_stopped.py",
    ),
    Mutant(
        "a united run forgets what its slices lack",
        "runs/join.py",
        "        (journal / segment_name(number + 1)).write_bytes(frame(paid))\n",
        "        pass\n",
        "tests/runs/test_join.py",
    ),
    Mutant("an endpoint without a price is asked", _ASKING, "if price_of(config) is None:", "if False:", _COMPARED),
    Mutant("each endpoint has the whole budget", _ASKING, "bill.at_most + others,", "bill.at_most,", _COMPARED),
    Mutant(
        "a file of other answers loses",
        "comparison/answers.py",
        "if 2 * missing > len(answers):",
        "if False:",
        _COMPARED,
    ),
)
