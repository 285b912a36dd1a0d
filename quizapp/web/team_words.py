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
    Deed.SAW_BOARD: marked("saw the board"),
    Deed.SAW_PERSON: marked("saw a person's results"),
    Deed.EXPORTED: marked("exported"),
    Deed.MADE: marked("made"),
    Deed.CHANGED: marked("changed"),
    Deed.DELETED: marked("deleted"),
    Deed.RESTORED: marked("restored"),
    Deed.ACCEPTED: marked("accepted a suggestion"),
    Deed.DECLINED: marked("declined a suggestion"),
}


def deed(action: str) -> str:
    """Say what was done, as the log of a team names it."""
    return _(DEEDS[Deed(action)])


def role(of: Role) -> str:
    """Say what a person is to a team."""
    return _(ROLES[of])
