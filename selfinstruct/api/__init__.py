"""The library: what `import selfinstruct` offers, and what the command line calls; nothing else is called by either.

opening.py    open_run
run.py        Run: generate, filter, rows, explain, report, export
datasets.py   files and folders: validate, explain_row, repair, filter_file, export, check_seeds
    reports.py    diff, render, report
hub.py        push
operands.py   dataset: a path, or `hub:` and `modelscope:`
training.py   finetune, dry_run, evaluate
comparison.py compare
project.py    init, git drivers
settings.py   configuration from a file, flags or keywords
"""
