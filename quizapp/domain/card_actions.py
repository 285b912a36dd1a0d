"""What a learner does to a card besides grading it. Each can be undone, one after another."""

from enum import Enum


class CardAction(Enum):
    """One such thing."""

    BURY = "bury"  # not asked before tomorrow
    SUSPEND = "suspend"  # not asked until it is taken back
    RESUME = "resume"
    FLAG = "flag"
    KNOWN = "known"
    RESET = "reset"
    EDIT = "edit"
    REPORT = "report"
    PRACTICE = "practice"  # a grade that leaves the schedule as it is
    GIVEN = "given"  # its memory was taken over from another program
