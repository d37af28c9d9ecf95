"""People read rows and decide: one at a time in a local page, or in one file that needs no Python.

    material.py  the rows of a run or file and what is known of them     session.py  decisions, undo, the order of reading
    marks.py     rules and neighbours of all rows, in a child process     server.py   the page over loopback, behind a token
    risk.py      what is likely wrong                                     page.py     the page; page.css, page.js; words.py
    shown.py     a row as the page shows it                               merge.py    decisions that were taken elsewhere
                                                                          kept.py     a file as people left it

Decisions are lines of `review.jsonl` (`dataset/review/`): this room shows and takes them, it does not apply them.
"""
