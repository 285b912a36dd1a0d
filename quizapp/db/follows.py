"""Which decks of their teams people study. What follows from it stands in `plans`.

A deck of a team's library is studied by who follows it and belongs to the team, in a role
that studies; whoever leaves, or stops following, keeps what they remember, and comes back to it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Select,
    Table,
    bindparam,
    event,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared, teams
from quizapp.db.base import Base
from quizapp.db.decks import DeckRow, Named
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain import deck_names
from quizapp.domain.permissions import ALLOWED, Action, Role

STUDYING = [role for role in Role if Action.STUDY in ALLOWED[role]]


class FollowRow(Base):
    """A person studies a deck of a team."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_learner_id", "learner_id"),)
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    paused: Mapped[datetime | None]  # since when it is studied no more


_FOLLOWS, _DECKS = cast(Table, FollowRow.__table__), cast(Table, DeckRow.__table__)
_TEAMS, _MEMBERSHIPS = cast(Table, TeamRow.__table__), cast(Table, MembershipRow.__table__)
_FOLLOW, _DECK = _FOLLOWS.c, _DECKS.c
# Follows that count: the person still belongs to the deck's team, in a role that studies.
COUNTING: Select[int] = (
    select(_FOLLOW.deck_id)
    .join_from(_FOLLOWS, _DECKS, _DECK.id == _FOLLOW.deck_id)
    .join(_TEAMS, _TEAMS.c.library_id == _DECK.owner_id)
    .join(_MEMBERSHIPS, _MEMBERSHIPS.c.team_id == _TEAMS.c.id)
    .where(_MEMBERSHIPS.c.learner_id == _FOLLOW.learner_id)
    .where(_FOLLOW.paused.is_(None), _TEAMS.c.deleted_at.is_(None), _MEMBERSHIPS.c.left_at.is_(None))
    .where(or_(*(_MEMBERSHIPS.c.role == role for role in STUDYING)))
)
# The living decks that a person studies; without lists that expand, for `prepared`.
_STUDIED = union_all(
    select(_DECK.id, _DECK.owner_id, _DECK.name, _DECK.name_key).where(
        _DECK.owner_id == bindparam("learner"), _DECK.deleted_at.is_(None)
    ),
    COUNTING.add_columns(_DECK.owner_id, _DECK.name, _DECK.name_key).where(
        _FOLLOW.learner_id == bindparam("learner"), _DECK.deleted_at.is_(None)
    ),
).subquery()
STUDIED = select(_STUDIED)


def counts_for(learner_id: ColumnElement[int], deck_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Say whether a person studies a deck of a team."""
    this = COUNTING.where(_FOLLOW.learner_id == learner_id, _FOLLOW.deck_id == deck_id)
    return this.correlate_except(_FOLLOWS, _DECKS, _TEAMS, _MEMBERSHIPS).exists()


def put(session: Session, learner_id: int, deck_ids: Collection[int], *, now: datetime) -> None:
    """Let the person study these decks; `plans.settle_decks` then plans their cards."""
    mine = select(_FOLLOW.deck_id).where(_FOLLOW.learner_id == learner_id, _FOLLOW.deck_id.in_(deck_ids))
    known = set(session.scalars(mine))
    these = (_FOLLOW.learner_id == learner_id, _FOLLOW.deck_id.in_(known))
    session.execute(update(_FOLLOWS).where(*these).values(paused=None))
    fresh = [{"deck_id": one, "learner_id": learner_id, "since": now} for one in deck_ids if one not in known]
    if fresh:
        session.execute(insert(_FOLLOWS), fresh)


def pause(session: Session, learner_id: int, deck_ids: Collection[int], *, now: datetime) -> None:
    """Let the person study these decks no more; `plans.settle_decks` then sets their cards aside."""
    these = (_FOLLOW.learner_id == learner_id, _FOLLOW.deck_id.in_(deck_ids), _FOLLOW.paused.is_(None))
    session.execute(update(_FOLLOWS).where(*these).values(paused=now))


def followed(session: Session, learner_id: int) -> Collection[int]:
    """Return the living decks of teams that the person studies."""
    return {deck.id for deck in studied(session, learner_id) if deck.owner_id != learner_id}


def studied(session: Session, learner_id: int) -> Sequence[Named]:
    """Return the living decks that the person studies: their own, then those that they follow, each by name."""
    found = [Named(*row) for row in prepared.rows(session, STUDIED, {"learner": learner_id})]
    return sorted(found, key=lambda deck: (deck.owner_id != learner_id, deck.owner_id, deck.name_key))


def of_library(session: Session, library_id: int, learner_id: int) -> Sequence[int]:
    """Return the decks of a team's library that a person has followed, whether that counts or not."""
    query = select(_FOLLOW.deck_id).join_from(_FOLLOWS, _DECKS, _DECK.id == _FOLLOW.deck_id)
    return session.scalars(query.where(_DECK.owner_id == library_id, _FOLLOW.learner_id == learner_id)).all()


def libraries(session: Session, learner_id: int) -> Mapping[int, str]:
    """Return the libraries of teams whose material the person may study, with the teams' names, by name."""
    found = sorted(teams.of_person(session, learner_id), key=lambda team: (team.name, team.team_id))
    return {team.library_id: team.name for team in found if team.role in STUDYING}


def inherit(connection: Connection, deck: DeckRow) -> bool:
    """Let those who follow the nearest deck above follow this one as well, and say whether anybody does anew."""
    above = deck_names.lineage(deck.name_key)[:-1]
    if not above:
        return False
    living = (_DECK.owner_id == deck.owner_id, _DECK.deleted_at.is_(None), _DECK.name_key.in_(above))
    rows = connection.execute(select(_DECK.id, _DECK.name_key).where(*living)).all()
    if not rows:
        return False
    nearest = max(rows, key=lambda row: len(row.name_key)).id
    following = select(_FOLLOW.learner_id).where(_FOLLOW.deck_id == deck.id)
    fresh = select(literal(deck.id), _FOLLOW.learner_id, _FOLLOW.since).where(
        _FOLLOW.deck_id == nearest, _FOLLOW.paused.is_(None), _FOLLOW.learner_id.not_in(following)
    )
    if connection.execute(fresh.limit(1)).first() is None:
        return False
    connection.execute(insert(_FOLLOWS).from_select(["deck_id", "learner_id", "since"], fresh))
    return True


@event.listens_for(DeckRow, "after_insert")
def _made(_mapper: object, connection: Connection, deck: DeckRow) -> None:
    inherit(connection, deck)
