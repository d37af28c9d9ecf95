"""Held-out sets, ledger, explanations, judge and mending, broken."""

from tests.mutants.mutant import Mutant

HELD_OUT, LEDGER, EXPLAIN = (
    "tests/dedup/test_contamination.py",
    "tests/runs/test_ledger.py",
    "tests/runs/explanation/test_explain.py",
)
JUDGE, VALIDATE = "tests/bootstrap/test_judge_in_runs.py", "tests/quality/test_validate.py"
MUTANTS = (
    Mutant("half covered is enough", "dedup/contamination.py", "if share > most or", "if share >= most or", HELD_OUT),
    Mutant(
        "runs may be of one length",
        "dedup/contamination.py",
        "min(RUN[self.example.language], len(self.tokens))",
        "99",
        HELD_OUT,
    ),
    Mutant(
        "answers are not held out",
        "dedup/contamination.py",
        '("output", example.output, tokens(example.output)),',
        "",
        HELD_OUT,
    ),
    Mutant(
        "an input is no question",
        "dedup/contamination.py",
        'if passage.field != "output":',
        'if passage.field == "question":',
        HELD_OUT,
    ),
    Mutant(
        "a threshold of one lets copies in",
        "dedup/contamination.py",
        "found[1] <= threshold and found[1] < 1",
        "found[1] <= threshold",
        HELD_OUT,
    ),
    Mutant("held-out paths count", "config/config.py", 'model_dump(exclude={"held_out"})', "model_dump()", HELD_OUT),
    Mutant(
        "held-out contents do not count",
        "dataset/io/evaluation_sets.py",
        "sha256[name] = hashlib",
        "_ = hashlib",
        HELD_OUT,
    ),
    Mutant(
        "answers of held-out questions are bought",
        "bootstrap/state.py",
        "return not draft.unwanted",
        "return True",
        HELD_OUT,
    ),
    Mutant(
        "contaminated rows stay in the file",
        "dataset/tools/deduplicate.py",
        "if repeat := _repeat(held_out, row, threshold):",
        "if repeat := None:",
        HELD_OUT,
    ),
    Mutant(
        "unsettled verdicts are not counted",
        "bootstrap/state.py",
        "if len(self.verdicts) != self._due:",
        "if False:",
        LEDGER,
    ),
    Mutant(
        "lost candidates are not missed",
        "runs/ledger.py",
        "{*(read - judged), *(judged - read), *torn}",
        "{*torn}",
        LEDGER,
    ),
    Mutant("pending and rejected at once", "runs/ledger.py", "*(judged - read), *torn}", "*(judged - read)}", LEDGER),
    Mutant(
        "rows are not compared",
        "runs/ledger.py",
        "if wrong or not accepted == len(bootstrap.rows) == len(ids):",
        "if wrong:",
        LEDGER,
    ),
    Mutant(
        "counted after writing",
        "runs/directory.py",
        "counted = ledger(bootstraps)\n",
        "counted: dict[str, Any] = {}\n",
        LEDGER,
    ),
    Mutant(
        "the neighbour's text is left out",
        "runs/provenance.py",
        '"nearest_text": nearest_text,',
        '"nearest_text": None,',
        LEDGER,
    ),
    Mutant(
        "what-if rounds the wrong way",
        "runs/explanation/checks.py",
        "math.ceil if up else math.floor",
        "math.floor if up else math.ceil",
        EXPLAIN,
    ),
    Mutant(
        "later fields seen early",
        "runs/explanation/checks.py",
        'update={"input": "", "output": ""}',
        "update={}",
        EXPLAIN,
    ),
    Mutant(
        "later rows in the neighbourhood",
        "runs/explanation/checks.py",
        ">= (found.request, found.position)",
        ">= (10**9, 0)",
        EXPLAIN,
    ),
    Mutant(
        "the first of two spans is marked",
        "runs/explanation/explain.py",
        "reply.find(text.text, end)",
        "reply.find(text.text)",
        EXPLAIN,
    ),
    Mutant(
        "a judge's order does not turn", "bootstrap/judge.py", "        criteria.reverse()\n", "        pass\n", JUDGE
    ),
    Mutant(
        "a judge's first word counts",
        "bootstrap/judge.py",
        "reversed(_OBJECT.findall(text))",
        "_OBJECT.findall(text)",
        JUDGE,
    ),
    Mutant("a mumbling judge accepts", "bootstrap/judge.py", 'return UNREADABLE, f"none', 'return "", f"none', JUDGE),
    Mutant(
        "broken rows are judged",
        "bootstrap/state.py",
        "draft.sound = self.acceptance.is_sound(candidate)",
        "draft.sound = True",
        JUDGE,
    ),
    Mutant("one row is judged at a time", "bootstrap/state.py", " and not self.plan.config.judge_steps:", ":", JUDGE),
    Mutant(
        "its prompt counts while it is off", "prompts/template.py", 'if judge or name != "judge.txt"', "if True", JUDGE
    ),
    Mutant(
        "judgements are free in the estimate",
        "runs/estimate/need.py",
        "turns * turn.requests + judgements,",
        "turns * turn.requests,",
        JUDGE,
    ),
    Mutant(
        "fix writes over its input",
        "cli/validate.py",
        "if any(output.exists() and output.samefile(file)",
        "if any(output == file",
        VALIDATE,
    ),
    Mutant(
        "indentation is stray",
        "quality/repair.py",
        r're.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip()',
        "text.strip()",
        VALIDATE,
    ),
    Mutant(
        "any run is read as GBK",
        "quality/repair.py",
        "return read if _CJK.fullmatch(read) else run[0]",
        "return read",
        VALIDATE,
    ),
    Mutant(
        "later answers are not looked at",
        "quality/findings.py",
        "enumerate(row.later, 2)",
        "enumerate((), 2)",
        VALIDATE,
    ),
)
