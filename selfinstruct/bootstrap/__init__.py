"""Bootstrapping one language: requests out, replies in, one verdict for each candidate.

    state.py       the bootstrap: whose turn it is, what may be asked next   acceptance.py  accepted rows and the next verdict
    checks.py      the ordered list of checks that decides a candidate     judge.py       the teacher as a judge

Pure: no clock, no disk, no socket.
"""
