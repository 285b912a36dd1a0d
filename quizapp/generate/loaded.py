"""The language tools, loaded by being imported: children that read documents are copies of a process with them."""

from quizapp.generate import language, pipeline

__all__ = ["language", "pipeline"]

language.parser()
