"""One run: its inputs, the loop, what stops it, and its directory.

run.py         the loop and what it carries           directory.py   names and states of the files
inputs.py      seeds, prompts, evaluation sets        emission.py    dataset, provenance and manifest written down
stopping.py    the first reason to stop               caps.py        what counts as one
refilter.py    the run again from its journal         kept.py        verdicts kept beside it, under dependencies.py
resume.py      what a continued run is told           ledger.py      every candidate counted once
estimate/      what is still to be paid               explanation/   everything known of one candidate
"""
