"""Mutants of contamination, ledger, explanations, judge and repair."""

from tests.mutants.mutant import Mutant

CONTAMINATION, LEDGER, EXPLAIN = (
    "tests/dedup/test_contamination.py",
    "tests/runs/test_ledger.py",
    "tests/runs/explanation/test_explain.py",
)
JUDGE, VALIDATE = (
    "tests/bootstrap/test_judge_in_runs.py tests/bootstrap/test_judge.py",
    "tests/quality/test_validate.py",
)
MUTANTS = (
    Mutant(
        "half covered is enough", "dedup/contamination.py", "if share > most or", "if share >= most or", CONTAMINATION
    ),
    Mutant(
        "runs may be of one length",
        "dedup/contamination.py",
        "min(RUN[self.example.language], len(self.tokens))",
        "99",
        CONTAMINATION,
    ),
    Mutant(
        "answers are not compared",
        "dedup/contamination.py",
        '("output", example.output, tokens(example.output)),',
        "",
        CONTAMINATION,
    ),
    Mutant(
        "an input is no question",
        "dedup/contamination.py",
        'if passage.field != "output":',
        'if passage.field == "question":',
        CONTAMINATION,
    ),
    Mutant(
        "a threshold of one lets copies in",
        "dedup/contamination.py",
        "found[1] <= threshold and found[1] < 1",
        "found[1] <= threshold",
        CONTAMINATION,
    ),
    Mutant(
        "paths of evaluation sets count",
        "config/config.py",
        'model_dump(exclude={"held_out"})',
        "model_dump()",
        CONTAMINATION,
    ),
    Mutant(
        "contents of evaluation sets do not count",
        "dataset/io/evaluation_sets.py",
        "sha256[name] = hashlib",
        "_ = hashlib",
        CONTAMINATION,
    ),
    Mutant(
        "answers to evaluation questions are bought",
        "bootstrap/checks.py",
        'Check(contamination.RULE, "held_out", "question", _contaminated)',
        'Check(contamination.RULE, "held_out", "row", _contaminated)',
        CONTAMINATION,
    ),
    Mutant(
        "contaminated rows stay in the file",
        "dataset/tools/deduplicate.py",
        "if refused := broken or _repeat(evaluation_sets, row, threshold):",
        "if refused := broken:",
        CONTAMINATION,
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
        "if wrong or accepted != len(rows) or len(ids) != len(applied.rows):",
        "if wrong:",
        LEDGER,
    ),
    Mutant(
        "counted after writing",
        "runs/emission.py",
        "counted = ledger(bootstraps, applied)\n",
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
        "bootstrap/acceptance.py",
        'if needs in {"reply", "neighbour"}:',
        "if False:",
        "tests/bootstrap/test_checks.py",
    ),
    Mutant(
        "later rows in the neighbourhood",
        "bootstrap/acceptance.py",
        ">= (index, position)",
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
        "bootstrap/acceptance.py",
        "draft.found = check.look(self, case)",
        "pass",
        JUDGE,
    ),
    Mutant(
        "a look ahead forgets what the turn wants",
        "bootstrap/acceptance.py",
        "while not draft.in_turn and draft.found",
        "while draft.found",
        "tests/bootstrap/test_checks.py",
    ),
    Mutant(
        "a rejected candidate is looked at again",
        "bootstrap/acceptance.py",
        "draft.position < draft.ahead and not check.in_turn",
        "False",
        "tests/bootstrap/test_checks.py",
    ),
    Mutant("one row is judged at a time", "bootstrap/state.py", " and not self.plan.config.judge_steps:", ":", JUDGE),
    Mutant(
        "its prompt counts while it is off", "prompts/template.py", "if _is_read(name, judge, more)", "if True", JUDGE
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
        "dataset/tools/validate.py",
        "if any(output.exists() and output.samefile(file)",
        "if any(output == file",
        VALIDATE,
    ),
    Mutant(
        "indentation is stray",
        "quality/repair.py",
        '(_BLANK_LINES.sub("", text) if text[:1].isspace() else text).rstrip()',
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
