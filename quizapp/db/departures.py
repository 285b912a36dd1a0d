"""People who delete their accounts: what stays with their teams loses their name, the rest goes with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from quizapp.db import knowledge
from quizapp.db.accounts import AccountRow
from quizapp.db.audit import AuditEventRow
from quizapp.db.learners import LearnerRow
from quizapp.db.one_time_links import OneTimeLinkRow
from quizapp.db.quizzes import SittingRow
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Role

FORMER = ""  # the name of who sat and has no account any more
NO_SYNC = {"synchronize_session": False}


def due(session: Session, *, before: datetime) -> Sequence[int]:
    """Return the people who deleted their accounts before that time."""
    query = select(AccountRow.learner_id).where(AccountRow.deleted_at < before)
    return session.scalars(query.order_by(AccountRow.learner_id)).all()


def only_owner_of(session: Session, learner_id: int) -> Sequence[str]:
    """Return the names of the living teams that have no owner but this one."""
    owns = (MembershipRow.role == Role.OWNER, MembershipRow.left_at.is_(None))
    others = select(MembershipRow.team_id).where(*owns, MembershipRow.learner_id != learner_id)
    query = (
        select(TeamRow.name)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .where(*owns, MembershipRow.learner_id == learner_id, TeamRow.deleted_at.is_(None), TeamRow.id.not_in(others))
    )
    return session.scalars(query.order_by(TeamRow.name)).all()


def memberships(session: Session, learner_id: int, *, left_at: datetime | None) -> Sequence[MembershipRow]:
    """Return where a person belongs or, with a time, what they left at that very moment."""
    is_so = MembershipRow.left_at.is_(None) if left_at is None else MembershipRow.left_at == left_at
    query = select(MembershipRow).where(MembershipRow.learner_id == learner_id, is_so)
    return session.scalars(query.order_by(MembershipRow.team_id)).all()


def remove(session: Session, learner_id: int) -> None:
    """Remove a person with all that is theirs; what they answered for others stays, as somebody's without a name."""
    of_others = (SittingRow.learner_id == learner_id, SittingRow.owner_id != learner_id)
    former = {"learner_id": None, "guest": FORMER, "guest_key": uuid4()}
    session.execute(update(SittingRow).where(*of_others).values(former), execution_options=NO_SYNC)
    _take_name_out_of_logs(session, learner_id)
    _forget_address(session, learner_id)
    knowledge.remove_sums_over(session, learner_id)
    session.execute(delete(LearnerRow).where(LearnerRow.id == learner_id), execution_options=NO_SYNC)


def _take_name_out_of_logs(session: Session, learner_id: int) -> None:
    """Let lines about the person tell what was done without saying to whom; who did it is forgotten with the person."""
    query = select(AuditEventRow).where(AuditEventRow.kind == "person", AuditEventRow.thing_id == learner_id)
    for line in session.scalars(query):
        if line.action == Deed.CHANGED_ROLE.value:
            line.detail = line.detail.rpartition(": ")[2]
        elif line.action != Deed.JOINED.value:  # which tells the role
            line.detail = ""
        line.thing_id = None
    session.flush()


def _forget_address(session: Session, learner_id: int) -> None:
    """Remove the links that were made for the person's e-mail."""
    account = session.get(AccountRow, learner_id)
    theirs = [OneTimeLinkRow.learner_id == learner_id]
    if account is not None:
        theirs.append(OneTimeLinkRow.email.in_({account.email, account.email_key}))
    session.execute(delete(OneTimeLinkRow).where(or_(*theirs)), execution_options=NO_SYNC)
