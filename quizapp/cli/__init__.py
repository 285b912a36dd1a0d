"""The command line: each command parses, calls one service and prints. Start from `main`.

Only the command that runs is imported, so that `quizapp --help` answers at once.
"""

from quizapp.cli.commands import main

__all__ = ["main"]
