"""What the log of a team tells of."""

from enum import Enum


class Deed(Enum):
    """Something done in a team that its owners may want to know of later."""

    MADE_TEAM = "made the team"
    RENAMED_TEAM = "renamed the team"
    DELETED_TEAM = "deleted the team"
    RESTORED_TEAM = "restored the team"
    JOINED = "joined"
    LEFT = "left"
    CHANGED_ROLE = "changed a role"
    REMOVED_PERSON = "removed a person"
    PUT_BACK_PERSON = "put a person back"
    INVITED = "invited"
    WITHDREW_INVITATION = "withdrew an invitation"
    LET_GUESTS_IN = "let guests in by a link"
    CLOSED_LINK = "closed the link for guests"
    MADE_EXCEPTION = "made an exception"
    SAW_BOARD = "saw the board"
    SAW_ANALYSIS = "saw the analysis of a quiz"
    SAW_RESULTS = "saw who did what"
    SAW_PERSON = "saw a person's results"
    EXPORTED = "exported"
    ADDED = "added"
    MADE = "made"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    ACCEPTED = "accepted a suggestion"
    DECLINED = "declined a suggestion"
