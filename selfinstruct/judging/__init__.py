"""A judge that says which of two answers is better, and how far it may be believed.

    pair.py         a question with two answers, and the requests that have it judged in both orders
    fences.py       what keeps an answer from forging the frame around it
    reading.py      a reply of the judge, read strictly first and tolerantly where that fails
    ruling.py       what both orders say together
    calibration.py  pairs whose better answer is known by construction
    certificate.py  how the judge did on them, and whether that is enough
    intervals.py    shares with their intervals

Nothing here asks or reads a file. Source of the two orders: Zheng et al. 2023, "Judging LLM-as-a-Judge", section 3.3.
"""
