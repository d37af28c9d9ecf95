"""What is said only to show that something goes on."""


class Aside(str):
    """A message that nobody misses who asked for quiet: how far something is, what is tried again, what is used again.

    Every other message is a warning or says what became of rows or money, and is said also when quiet.
    """

    __slots__ = ()
