"""Which of two models, or files of answers, is better: answers, checks, a judge with a certificate, a win rate with its interval.

    questions.py   what is asked            checkers.py    what code can say of an answer
    sides.py       what is compared         answers.py     their answers, from an endpoint, a model on this machine or a file
    asking.py      requests through journal, budget and caps
    decisions.py   who decides a question   judge.py       the judge, its certificate and its verdicts
    statistics.py  win rate, interval       length_control.py  the win rate at equal length
    votes.py       what a person said       result.py      the records of a comparison
    verdict.py     the verdict in words     run.py         the whole, in order

The page is in `reports/comparison/`; what a judge is asked and worth in `judging/`.
"""
