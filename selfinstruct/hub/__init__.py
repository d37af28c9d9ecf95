"""Datasets on a hub: `hub:OWNER/NAME@REVISION` as a local path, and a dataset as one commit of a repository.

operand.py      what `hub:` and `modelscope:` names mean        card.py      our block and metadata in somebody's README
fetch.py        a name as a local path, pinned                  features.py  column types, from the rows
modelscope.py   the same from ModelScope, over plain HTTP       repository.py, push.py  one atomic commit, or a pull request
reach.py        whether a hub answers at all                    refusals.py  what a hub says, in our words and without the token
"""
