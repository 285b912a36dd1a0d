"""What people are to a team, and what its log tells of, in words: filters of templates that `teams` registers."""

from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Role
from quizapp.translations import _, marked

ROLES = {
    Role.OWNER: marked("Owner"),
    Role.TRAINER: marked("Trainer"),
    Role.MEMBER: marked("Member"),
    Role.GUEST: marked("Guest"),
}
DEEDS = {
    Deed.MADE_TEAM: marked("made the team"),
    Deed.RENAMED_TEAM: marked("renamed the team"),
    Deed.DELETED_TEAM: marked("deleted the team"),
    Deed.RESTORED_TEAM: marked("restored the team"),
    Deed.JOINED: marked("joined"),
    Deed.LEFT: marked("left"),
    Deed.CHANGED_ROLE: marked("changed a role"),
    Deed.REMOVED_PERSON: marked("removed a person"),
    Deed.PUT_BACK_PERSON: marked("put a person back"),
    Deed.INVITED: marked("invited"),
    Deed.WITHDREW_INVITATION: marked("withdrew an invitation"),
    Deed.LET_GUESTS_IN: marked("let guests in by a link"),
    Deed.CLOSED_LINK: marked("closed the link for guests"),
    Deed.MADE_EXCEPTION: marked("made an exception"),
    Deed.SAW_BOARD: marked("saw the board"),
    Deed.SAW_ANALYSIS: marked("saw the analysis of a quiz"),
    Deed.SAW_RESULTS: marked("saw who did what"),
    Deed.SAW_PERSON: marked("saw a person's results"),
    Deed.EXPORTED: marked("exported"),
    Deed.ADDED: marked("added"),
    Deed.MADE: marked("made"),
    Deed.CHANGED: marked("changed"),
    Deed.DELETED: marked("deleted"),
    Deed.RESTORED: marked("restored"),
    Deed.ACCEPTED: marked("accepted a suggestion"),
    Deed.DECLINED: marked("declined a suggestion"),
}
# What is done to material is named alike whatever it is done to; other deeds say it themselves.
THINGS = {
    "assignment": marked("Assignment"),
    "card": marked("Card"),
    "cards": marked("Cards"),
    "deck": marked("Deck"),
    "document": marked("Document"),
    "import": marked("File"),
    "log": marked("Log"),
    "original": marked("Original file"),
    "quiz": marked("Quiz"),
}


def deed(action: str) -> str:
    """Say what was done, as the log of a team names it."""
    return _(DEEDS[Deed(action)])


def thing(kind: str) -> str:
    """Say what kind of material something was done to, or nothing of what is none."""
    return _(THINGS[kind]) if kind in THINGS else ""


def role(of: Role) -> str:
    """Say what a person is to a team."""
    return _(ROLES[of])
