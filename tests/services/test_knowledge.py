"""What a team knows, and who may be told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.db import knowledge as rows
from quizapp.db import teams as team_rows
from quizapp.db.notes import CardRow, NoteRow
from quizapp.domain.knowledge import By
from quizapp.domain.permissions import Role
from quizapp.domain.scheduling import Grade
from quizapp.errors import NotFound
from quizapp.services import decks, following, knowledge, teams
from quizapp.worker import Worker
from tests import make
from tests.make import NOW
from tests.services.studying import answer
from tests.services.teaming import at_home, join, opened, person

LATER = NOW + timedelta(hours=1)


def _source(number, heading, speaker):
    return replace(make.draft(number).source, heading=heading, speaker=speaker)


class Team:
    """A team with a deck of two headings, and the people who study it."""

    def __init__(self, session, names):
        self.session = session
        mara = person(session, "Mara")
        self.id = teams.create(session, mara, "Harbour crew", now=NOW)
        self.mara = at_home(session, mara)
        library = opened(session, mara, self.id)
        drafts = [
            make.draft(number, source=_source(number, heading, speaker), question=f"Question {number}?")
            for number, (heading, speaker) in enumerate([("Lights", "Li"), ("Lights", "Jo"), ("Ropes", "Li")])
        ]
        make.added(session, library, *drafts, deck_name="Harbour", keep_ready=True)
        (self.deck,) = [one.id for one in decks.decks(session, library, now=NOW)]
        self.people = [join(session, person(session, name), self.id) for name in names]
        for one in self.people:
            following.follow(session, one, self.deck, now=NOW)
        self.cards = sorted(session.scalars(select(CardRow.id)))

    def answer(self, number, card, grade=Grade.GOOD, *, at=NOW):
        answer(self.session, self.people[number], self.cards[card], grade, at=at)

    def refresh(self, *, at=LATER):
        library, old = knowledge.to_refresh(self.session, self.id)
        knowledge.store(self.session, library, [knowledge.drawn(self.session, library, one, now=at) for one in old])
        knowledge.note_day(self.session, self.id, now=at)
        return old

    def known(self, *, by=By.HEADING, on=None, at=LATER, actor=None, page=1):
        return knowledge.known(self.session, actor or self.mara, self.id, by=by, on=on, page=page, now=at)

    def show(self, number):
        row = team_rows.membership(self.session, self.id, self.people[number].person_id)
        row.shows_recall = True
        self.session.flush()


@pytest.fixture
def team(session):
    return Team(session, ["Ada", "Bo", "Cy", "Di", "Ed"])


def test_before_it_is_worked_out_nothing_is_told_but_how_many_study(team):
    known = team.known()

    assert (known.at, known.old, known.topics) == (None, 5, [])


def test_topics_are_told_once_five_people_have_answered(team):
    for number in range(5):
        team.answer(number, 0)
    for number in range(4):
        team.answer(number, 2)
    team.refresh()

    topics = {topic.name: topic for topic in team.known().topics}

    assert topics["Lights"].recall == pytest.approx(1.0)
    assert topics["Lights"].coverage == pytest.approx(0.5)
    assert (topics["Ropes"].recall, topics["Ropes"].people) == (None, 4)
    assert topics["Ropes"].coverage == pytest.approx(0.8)


def test_a_topic_can_be_a_speaker_or_a_deck(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()

    assert {topic.name for topic in team.known(by=By.SPEAKER).topics} == {"Li", "Jo"}
    assert [topic.name for topic in team.known(by=By.DECK).topics] == ["Harbour"]


def test_what_will_be_known_on_a_day_if_nobody_studies_is_less(team):
    for number in range(5):
        team.answer(number, 0, Grade.EASY)
    team.refresh()

    (topic,) = [one for one in team.known(on=(NOW + timedelta(days=60)).date()).topics if one.recall is not None]

    assert 0 < topic.later < topic.recall


def test_a_day_later_less_is_known_without_working_anything_out_again(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()

    known = team.known(at=NOW + timedelta(days=10))

    assert known.old == 0
    assert known.recall < team.known().recall


def test_only_who_has_studied_since_is_worked_out_again(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    team.answer(3, 1, at=LATER)

    assert team.refresh(at=LATER) == [team.people[3].person_id]
    assert team.refresh(at=LATER) == []


def test_a_name_is_told_only_of_who_lets_it_be_seen(team):
    for number in range(5):
        team.answer(number, 0)
    team.show(1)
    team.refresh()

    known = team.known()

    assert [person.name for person in known.people] == ["Bo"]
    assert known.hidden == 4
    # The four others could be worked out of a figure over all five.
    assert known.recall is None


def test_who_left_counts_no_more(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    teams.leave(team.session, team.people[0], team.id, now=LATER)

    assert team.known().studying == 4
    assert team.known().recall is None


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, None])
def test_the_board_is_not_there_for_who_may_not_watch(team, role):
    jo = person(team.session, "Jo")
    actor = join(team.session, jo, team.id, role) if role else at_home(team.session, jo)

    with pytest.raises(NotFound, match="no such team"):
        team.known(actor=actor)
    with pytest.raises(NotFound, match="no such team"):
        knowledge.ask(team.session, actor, team.id, now=NOW)


def test_what_was_known_on_each_day_is_kept(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    team.answer(0, 1, at=NOW + timedelta(days=7))
    team.refresh(at=NOW + timedelta(days=7))

    trend = team.known(at=NOW + timedelta(days=7)).trend

    assert [day for day, _ in trend] == [NOW.date(), (NOW + timedelta(days=7)).date()]
    assert trend[1][1] < trend[0][1] == pytest.approx(1.0)


def test_forecasts_are_held_against_first_tries(team):
    for number in range(5):
        team.answer(number, 0)
        for days in range(4, 28, 4):
            team.answer(number, 0, at=NOW + timedelta(days=days))
    team.refresh(at=NOW + timedelta(days=28))

    known = team.known(at=NOW + timedelta(days=28))

    assert known.tries == 25
    assert 0 < known.off_by < 0.2


def test_a_worker_brings_the_board_up_to_date(database):
    with database.writing() as session:
        team = Team(session, ["Ada", "Bo", "Cy", "Di", "Ed"])
        for number in range(5):
            team.answer(number, 0)
        job_id = knowledge.ask(session, team.mara, team.id, now=NOW)
    assert job_id is not None

    Worker(database).work_off()

    with database.reading() as session:
        known = knowledge.known(session, team.mara, team.id, by=By.HEADING, on=None, now=LATER)
        assert (known.old, known.recall is not None) == (0, True)
        assert knowledge.ask(session, team.mara, team.id, now=NOW) is None


def test_what_was_known_of_a_deck_that_is_gone_goes_too(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    following.leave(team.session, team.people[0], team.deck, now=LATER)
    team.refresh(at=LATER)

    library = opened(team.session, team.mara, team.id).learner_id
    assert all(
        part.cards == 0 or part.learner_id != team.people[0].person_id for part in rows.parts(team.session, library)
    )


def test_whoever_hides_their_recall_is_told_of_no_more_at_once(team):
    for number in range(5):
        team.answer(number, 0)
        team.show(number)
    team.refresh()
    assert (len(team.known().people), team.known().recall is not None) == (5, True)

    row = team_rows.membership(team.session, team.id, team.people[2].person_id)
    row.shows_recall = False
    team.session.flush()

    # The one who hides could be worked out of a figure over all five.
    assert [person.name for person in team.known().people] == ["Ada", "Bo", "Di", "Ed"]
    assert (team.known().recall, team.known().hidden) == (None, 1)


def test_a_deck_that_is_called_otherwise_is_told_of_by_its_new_name_at_once(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    before = team.known(by=By.DECK)

    decks.rename(team.session, opened(team.session, team.mara, team.id), team.deck, "Quay", now=LATER)
    after = team.known(by=By.DECK)

    assert before.fresh is None
    assert after.fresh is not None
    assert [replace(topic, name="Quay") for topic in before.topics] == list(after.topics)


def test_sums_that_were_added_up_for_a_look_are_kept_for_the_next(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    decks.rename(team.session, opened(team.session, team.mara, team.id), team.deck, "Quay", now=LATER)

    fresh = team.known().fresh
    knowledge.keep(team.session, fresh)

    assert team.known().fresh is None


def test_sums_after_many_refreshes_are_those_of_everybody_added_up_anew(team):
    for days, number in enumerate([0, 1, 2, 3, 4, 1, 3, 0]):
        at = NOW + timedelta(days=days)
        team.answer(number, days % 3, at=at)
        team.refresh(at=at)
    following.leave(team.session, team.people[4], team.deck, now=at)
    teams.leave(team.session, team.people[2], team.id, now=at)
    team.refresh(at=at)
    told = [team.known(by=by, on=(at + timedelta(days=40)).date(), at=at, page=None) for by in By]

    library = opened(team.session, team.mara, team.id).learner_id
    rows.remove_sums_over(team.session, team.people[0].person_id)
    anew = [team.known(by=by, on=(at + timedelta(days=40)).date(), at=at, page=None) for by in By]

    assert rows.summed(team.session, library) is None
    assert all(one.fresh is not None for one in anew)
    assert [replace(one, fresh=None) for one in anew] == told


def test_people_come_a_page_at_a_time_by_need(team, monkeypatch):
    monkeypatch.setattr(knowledge, "PEOPLE_SHOWN", 2)
    for number, days in enumerate([4, 0, 3, 1, 2]):
        team.answer(number, 0, at=NOW - timedelta(days=days))
        team.show(number)
    team.refresh()

    pages = [[person.name for person in team.known(page=page).people] for page in (1, 2, 3, 99)]

    assert pages == [["Ada", "Cy"], ["Ed", "Di"], ["Bo"], ["Bo"]]
    assert (team.known().pages, len(team.known(page=None).people)) == (3, 5)


def test_a_card_without_a_heading_counts_for_a_person_under_its_deck(team):
    team.session.scalars(select(NoteRow).where(NoteRow.heading == "Ropes")).one().heading = None
    for number in range(5):
        team.answer(number, 0)
        team.answer(number, 2)
        team.show(number)
    team.refresh()

    known = team.known()

    assert {"Lights", "Harbour"} <= set(known.columns)
    assert all(one.recall["Harbour"] == pytest.approx(1.0) for one in known.people)


def test_what_a_page_of_people_was_told_is_never_what_it_was_before_a_refresh_or_on_another_day(database):
    def people(session, at):
        return [knowledge.known(session, team.mara, team.id, by=by, on=None, now=at).people for by in By]

    def told(at):
        with database.reading() as session:
            return people(session, at)

    with database.writing() as session:
        team = Team(session, ["Ada", "Bo", "Cy", "Di", "Ed"])
        for number in range(5):
            team.answer(number, 0)
            team.show(number)
        team.refresh()
    at = NOW + timedelta(days=20)
    first = told(at)

    for step in (lambda: team.answer(2, 1, at=at), lambda: team.answer(2, 0, at=at), lambda: None):
        with database.writing() as session:
            team.session = session
            step()
            team.refresh(at=at)
            plain = people(session, at)  # a session that writes keeps nothing
        assert told(at) == told(at) == plain
    assert told(at) != first
    assert told(at + timedelta(days=9)) != told(at)


def test_sums_that_missed_a_change_while_a_deck_was_called_otherwise_are_added_up_anew(team):
    for number in range(5):
        team.answer(number, 0)
    team.refresh()
    inside = opened(team.session, team.mara, team.id)
    decks.rename(team.session, inside, team.deck, "Quay", now=LATER)
    for number in range(5):
        team.answer(number, 2, at=LATER)
    library, old = knowledge.to_refresh(team.session, team.id)
    knowledge.store(team.session, library, [knowledge.drawn(team.session, library, one, now=LATER) for one in old])

    decks.rename(team.session, inside, team.deck, "Harbour", now=LATER)

    assert {topic.name: topic.people for topic in team.known().topics} == {"Lights": 5, "Ropes": 5}
