"""Tasks whose answer code proves: kinds of tasks, each drawn by code, worded or answered by the teacher, and proved again from the row.

    kind.py       what a kind is: draw a task, say what is wrong with a row   registry.py  all kinds by name, and the proof of a row
    computed/     tasks whose answer code computes
    passages/     tasks on a short text that the teacher writes from details that code draws
    constraints/  tasks of the teacher's own with a condition that code can check in the answer

Pure functions of their arguments: no clock, no disk, no model.
"""
