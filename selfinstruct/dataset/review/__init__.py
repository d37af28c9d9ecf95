"""What people decided about the rows of a run: rows edited, removed and added by hand, in `review.jsonl`.

decisions.py   the file            standing.py   the rows that stand in a dataset folder, as people left them
notice.py      what in them was changed by hand since they were written
apply.py       the rows that a replay of the journal gives, with the decisions applied
"""
