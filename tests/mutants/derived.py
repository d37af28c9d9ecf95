"""Mutants of what is asked for rows that go on from others, and for views of a journal: nothing is bought unasked, twice or beyond the budget."""

from tests.mutants.mutant import CAPS, Mutant

_BUYING, _VIEWS, _DECIDE = (
    "tests/runs/derive/test_buying.py",
    "tests/runs/derive/test_views.py",
    "tests/runs/derive/test_decide.py",
)
_FOLDER, _COMMAND = "tests/runs/derive/test_folder.py", "tests/cli/test_derive.py"
_EVOLVE, _TALK, _GOING_ON = (
    "tests/requests/test_evolve.py",
    "tests/requests/test_conversation.py",
    "tests/runs/test_going_on.py",
)
_RUN, _ANOTHER = "runs/derive/run.py", "requests/another.py"

MUTANTS = (
    Mutant("a view buys unasked", _RUN, "buys = job.buys and any(", "buys = any(", _VIEWS),
    Mutant(
        "what a view asked is not heard again",
        "runs/derive/stories.py",
        "heard=dict(bootstrap.acceptance.replies.of(made.verdict.candidate)) if made.verdict else {},",
        "heard={},",
        _BUYING,
    ),
    Mutant(
        "a budget forgets what was spent",
        "runs/caps.py",
        "        bill.at_most,\n",
        "        0,\n",
        f"{_BUYING} {CAPS}",
    ),
    Mutant("bought and not stated", _RUN, "        refilter(config, directory, say)", "        str()", _BUYING),
    Mutant(
        "nothing is written of what was bought before a stop",
        _RUN,
        "        except SelfInstructError as error:\n            stop.set(error)\n",
        "        except SelfInstructError:\n            raise\n",
        _BUYING,
    ),
    Mutant(
        "what stopped a purchase is kept quiet",
        _RUN,
        "    if stop.error:\n        journal",
        "    if False:\n        journal",
        _BUYING,
    ),
    Mutant(
        "an estimate counts what views asked",
        "runs/estimate/standing.py",
        " and one.request.step not in STEPS",
        "",
        _BUYING,
    ),
    Mutant(
        "one order is enough for the judge",
        "runs/derive/decide.py",
        "    if len(said) < 2:\n",
        "    if not said:\n",
        _DECIDE,
    ),
    Mutant(
        "a word in one order is read in the other",
        "bootstrap/choice.py",
        'int(step.rpartition(".")[2]) % 2 == 1',
        "True",
        f"{_DECIDE} tests/bootstrap/test_choice.py",
    ),
    Mutant(
        "a word on an answer lies in the slot of another candidate",
        "runs/derive/purchase.py",
        "texts, step, other.key or candidate.key)",
        "texts, step, candidate.key)",
        _FOLDER,
    ),
    Mutant("more answers than were wanted", "runs/derive/purchase.py", "SECOND[: answers - 1]", "SECOND", _DECIDE),
    Mutant(
        "looking at a run records what was edited",
        "runs/by_hand.py",
        '        if purpose != "look":\n            _record(',
        "        if purpose:\n            _record(",
        _VIEWS,
    ),
    Mutant(
        "a view that somebody changed is lost",
        "runs/derive/folder.py",
        "        path.rename(aside)\n",
        "",
        _COMMAND,
    ),
    Mutant(
        "the folder of a killed process is a stranger's",
        "runs/derive/folder.py",
        "    _write_ledger(folder, run, entries)\n    for",
        "    for",
        _FOLDER,
    ),
    Mutant(
        "a task is evolved again and again",
        "requests/evolve.py",
        "0 < row.evolved < ROUNDS",
        "0 < row.evolved",
        _EVOLVE,
    ),
    Mutant(
        "an answer is bought for a task that cannot be done",
        "requests/steps.py",
        '_ONCE: Final[tuple[Step, ...]] = ("answerable", "answer")',
        '_ONCE: Final[tuple[Step, ...]] = ("answer", "answerable")',
        _EVOLVE,
    ),
    Mutant(
        "turns are bought for a conversation that has ended",
        "requests/conversation.py",
        "candidate.drawn and not candidate.ended else 0",
        "candidate.drawn else 0",
        _TALK,
    ),
    Mutant(
        "a run goes on from other parents than it began with",
        "runs/inputs.py",
        "**parents.sha256, **sources.sha256",
        "**sources.sha256",
        _GOING_ON,
    ),
    Mutant(
        "a conversation holds what an evaluation set holds",
        "dedup/contamination.py",
        "for asked, told in candidate.history),",
        "for asked, told in ()),",
        _GOING_ON,
    ),
)
