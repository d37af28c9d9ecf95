"""Other views of one journal: what was bought once is emitted in many layouts, without a request.

    views.py     the table of views                    decide.py   which of two answers is better, and by whose word
    stories.py   each row with all answers to it       emit.py     the rows of a view, and its ledger
    purchase.py  what is asked where an answer lacks   price.py    what that would take
    folder.py    the files of views in their folder    run.py      all of it, in order

A request for a view lies in the journal of the run, under the slot of the row's candidate, so that it is never sent twice and a replay
of the run does not hear it.
"""
