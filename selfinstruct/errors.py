"""Everything selfinstruct raises on purpose, and the exit code that each class stands for.

SelfInstructError
├── InputError              2    wrong usage, configuration or input file: where, what, remedy
│   ├── ConfigError
│   ├── PromptError
│   └── RecordError
├── FindingsError           1    a check or gate found something
├── CapReachedError         3    stopped by a cap; resumable
├── TeacherRefusedError     4    the provider refuses for good: key, quota, model, endpoint; resumable
├── HubRefusedError         4    a hub refuses for good: no token, or one without the right
├── StorageError            5    local storage failed, or another process has the run; resumable
└── InterruptedRunError   130    Ctrl-C; resumable

A bad reply is never an exception: it is a verdict with a rule.
"""


class SelfInstructError(Exception):
    """Base of all errors meant for the user; its text is one complete message."""

    exit_code = 2


class InputError(SelfInstructError):
    """Wrong usage, configuration or input file."""


class ConfigError(InputError):
    """A key or value of the configuration cannot be used."""


class PromptError(InputError):
    """A prompt file lacks a part or placeholder, or has an unknown one."""


class RecordError(InputError):
    """A line of a JSONL file is not the record it should be."""


class FindingsError(SelfInstructError):
    """A check or gate found something."""

    exit_code = 1


class CapReachedError(SelfInstructError):
    """A cap on money, candidates or fruitless requests stopped the run."""

    exit_code = 3


class TeacherRefusedError(SelfInstructError):
    """The provider will not serve this run until somebody changes something."""

    exit_code = 4


class HubRefusedError(SelfInstructError):
    """A hub will not do this until somebody changes the token or its rights."""

    exit_code = 4


class StorageError(SelfInstructError):
    """The local disk did not take what had to be kept."""

    exit_code = 5


class InterruptedRunError(SelfInstructError):
    """The user stopped the run."""

    exit_code = 130
