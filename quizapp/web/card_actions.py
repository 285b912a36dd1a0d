"""The buttons that do something to a card besides grading it: what a form asks for is done, and said."""

from datetime import datetime
from uuid import UUID

from quizapp.db.engine import Session
from quizapp.domain.card_actions import CardAction
from quizapp.domain.flags import FLAGS
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.services import card_actions
from quizapp.services.card_actions import ACTIONS, Press
from quizapp.services.study import Undone
from quizapp.translations import _, marked
from quizapp.web.forms import identifier, number, text
from quizapp.web.words import GRADES, within_sentence

FLAG = "flag-"
SAID = {
    "bury-card": marked("Buried until tomorrow."),
    "bury-note": marked("Buried until tomorrow, with the other cards of its note."),
    "suspend-card": marked("Suspended: it is not asked until you take it back."),
    "suspend-note": marked("Suspended with the other cards of its note, until you take them back."),
    "resume": marked("It is asked again, where its schedule is."),
    "known": marked("Marked as known: it comes back in half a year or later."),
    "reset": marked("Reset: the card is new again. Its history stays."),
}
UNDONE = {
    CardAction.BURY: marked("The card is not buried any more."),
    CardAction.SUSPEND: marked("The card is not suspended any more."),
    CardAction.RESUME: marked("The card is set aside again."),
    CardAction.KNOWN: marked("“Known” is taken back: the card has its schedule again."),
    CardAction.RESET: marked("The reset is taken back: the card has its schedule again."),
    CardAction.EDIT: marked("The card says again what it said before the edit."),
    CardAction.REPORT: marked("The report is withdrawn."),
}


def press(card_id: int, session_id: UUID | None) -> Press:
    """Read which button was pressed, and how the card was shown then."""
    return Press(identifier("action"), card_id, session_id, number("show"))


def do(session: Session, actor: Actor, card_id: int, session_id: UUID | None, now: datetime) -> tuple[str, bool]:
    """Do what the form asks for; return what to say, and whether the card is done with for now."""
    wanted, pressed = text("do"), press(card_id, session_id)
    if wanted.startswith(FLAG) and wanted.removeprefix(FLAG).isdigit():
        flag = card_actions.put_flag(session, actor, pressed, int(wanted.removeprefix(FLAG)[:3]), now)
        return (_("%(flag)s flag.", flag=_(FLAGS[flag])) if flag else _("No flag any more.")), False
    if wanted not in ACTIONS:
        raise InvalidInput("Choose what is to be done with the card.")
    ACTIONS[wanted](session, actor, pressed, now)
    return _(SAID[wanted]), wanted != "resume"


def said_of_undo(undone: Undone | None) -> str:
    """Say what was undone."""
    match undone:
        case None:
            return _("There is nothing to undo from the last 24 hours.")
        case Undone(is_back=False):
            return _("The card was changed again since that edit, so it stays as it is now.")
        case Undone(grade=grade) if grade is not None:
            return _("%(grade)s is taken back.", grade=_(GRADES[grade]))
        case Undone(flag=flag) if flag is not None:
            return _("The %(flag)s flag is as it was before.", flag=within_sentence(_(FLAGS[flag])))
        case Undone(action=action) if action in UNDONE:
            return _(UNDONE[action])
        case _:
            return _("Taken back.")
