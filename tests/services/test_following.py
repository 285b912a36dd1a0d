from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import plans, study_cards
from quizapp.db.bulk_steps import BulkKind
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options
from quizapp.domain.permissions import Role
from quizapp.domain.queues import Limits
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import (
    answering,
    browsing,
    bulk,
    checking,
    decks,
    exams,
    following,
    options,
    packing,
    progress,
    quizzes,
    study,
    teams,
    trash,
    writing,
)
from quizapp.services.bulk import Wish
from quizapp.services.progress import Span
from tests.make import NOW
from tests.services.studying import answer
from tests.services.teaming import at_home, join, opened, person


class Crew:
    """A team with a deck, its owner Mara and the members Li and Jo."""

    def __init__(self, session):
        self.session = session
        self.mara = person(session, "Mara")
        self.team_id = teams.create(session, self.mara, "Harbour crew", now=NOW)
        self.li = join(session, person(session, "Li"), self.team_id)
        self.jo = join(session, person(session, "Jo"), self.team_id)
        self.deck_id = decks.create(session, self.library, "Rollback", now=NOW)
        for number in range(3):
            self.write(f"Question {number}?")

    @property
    def library(self):
        """Mara, with the library open."""
        return opened(self.session, self.mara, self.team_id)

    def write(self, question, *, deck="Rollback", kind=CardKind.BASIC, answer="Yes."):
        note = Note(kind, question, answer)
        return writing.write(self.session, self.library, note, deck_name=deck, passage=None, now=NOW)

    def new_for(self, actor):
        return study.today(self.session, actor, now=NOW).counts.new

    def is_whole(self):
        return plans.misplaced(self.session, limit=9) == [] and plans.miscounted(self.session) == []


@pytest.fixture
def crew(session):
    return Crew(session)


def test_the_decks_of_a_team_are_offered_under_its_name(session, crew):
    (shelf,) = following.shelves(session, crew.li, now=NOW)

    assert shelf.name == "Harbour crew"
    assert [(one.name, one.cards, one.new, one.is_studied) for one in shelf.decks] == [("Rollback", 3, 0, False)]


def test_who_follows_a_deck_has_its_cards_as_new_and_nobody_else_does(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    assert [crew.new_for(one) for one in (crew.li, crew.jo, at_home(session, crew.mara))] == [3, 0, 0]
    assert crew.is_whole()


def test_following_twice_is_following_once(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    assert crew.new_for(crew.li) == 3
    assert crew.is_whole()


def test_each_follower_has_a_schedule_and_limits_of_their_own(session, crew):
    for one in (crew.li, crew.jo):
        following.follow(session, one, crew.deck_id, now=NOW)
    options.choose(session, crew.jo, crew.deck_id, Options(limits=Limits(1, 200)))
    card = study.next_card(session, crew.li, deck_id=crew.deck_id, now=NOW)
    answer(session, crew.li, card.card_id, Grade.EASY)

    assert crew.new_for(crew.li) == 2
    assert crew.new_for(crew.jo) == 1
    assert study.card(session, crew.jo, card.card_id, now=NOW).reviews == 0
    assert crew.is_whole()


def test_a_new_card_comes_to_every_follower_once(session, crew):
    for one in (crew.li, crew.jo):
        following.follow(session, one, crew.deck_id, now=NOW)

    crew.write("Another?")

    assert [crew.new_for(one) for one in (crew.li, crew.jo)] == [4, 4]
    assert crew.is_whole()


def test_an_edit_keeps_everybodys_schedule_and_a_new_gap_comes_to_all(session, crew):
    note_id = crew.write("The {{c1::tide}} turns at {{c2::noon}}.", kind=CardKind.CLOZE, answer="")
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    first = next(card for card in browsing.matching(session, crew.li, "tide", now=NOW))
    given = answer(session, crew.li, first, Grade.EASY)

    said = "The {{c1::tide}} turns at {{c2::noon}} in {{c3::May}}."
    decks.edit_note(session, crew.library, note_id, question=said, answer="", now=NOW)

    assert study_cards.to_study(session, card_id=first, learner_id=crew.li.person_id).memory.due == given.due
    assert crew.new_for(crew.li) == 3 + 2
    assert crew.is_whole()


def test_a_card_that_is_deleted_goes_for_all_and_comes_back_for_all(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    note_id = crew.write("Another?")
    card = browsing.matching(session, crew.li, "another", now=NOW)[0]
    answer(session, crew.li, card, Grade.EASY)

    decks.delete_note(session, crew.library, note_id, now=NOW)
    assert browsing.matching(session, crew.li, "another", now=NOW) == []
    decks.restore_note(session, crew.library, note_id, now=NOW)

    assert study.card(session, crew.li, card, now=NOW).reviews == 1
    assert crew.is_whole()


def test_who_stops_following_keeps_what_they_know_and_comes_back_to_it(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.li, deck_id=None, now=NOW).card_id
    answer(session, crew.li, card, Grade.EASY)
    following.leave(session, crew.li, crew.deck_id, now=NOW)

    assert crew.new_for(crew.li) == 0
    with pytest.raises(NotFound):
        study.card(session, crew.li, card, now=NOW)
    crew.write("Meanwhile?")
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    assert study.card(session, crew.li, card, now=NOW).reviews == 1
    assert crew.new_for(crew.li) == 3
    assert crew.is_whole()


@pytest.mark.parametrize("how", ["leaves", "is removed", "becomes a guest", "the team is deleted"])
def test_who_belongs_to_the_team_no_more_is_asked_nothing_and_comes_back_to_all(session, crew, how):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.li, deck_id=None, now=NOW).card_id
    answer(session, crew.li, card, Grade.EASY)
    mara, li = at_home(session, crew.mara), crew.li.person_id
    if how == "leaves":
        teams.leave(session, crew.li, crew.team_id, now=NOW)
    elif how == "is removed":
        teams.remove(session, mara, crew.team_id, li, now=NOW)
    elif how == "becomes a guest":
        teams.join(session, crew.team_id, li, Role.GUEST, now=NOW)
    else:
        teams.delete(session, mara, crew.team_id, now=NOW)

    gone = at_home(session, crew.li)
    assert crew.new_for(gone) == 0
    with pytest.raises(NotFound):
        study.card(session, gone, card, now=NOW)
    assert crew.is_whole()
    if how == "the team is deleted":
        teams.restore(session, mara, crew.team_id, now=NOW)
    else:
        teams.join(session, crew.team_id, li, Role.MEMBER, now=NOW)

    assert study.card(session, at_home(session, crew.li), card, now=NOW).reviews == 1
    assert crew.new_for(at_home(session, crew.li)) == 2
    assert crew.is_whole()


def test_decks_inside_come_along_those_that_are_made_later_too(session, crew):
    decks.create(session, crew.library, "Rollback::Databases", now=NOW)
    crew.write("Inside?", deck="Rollback::Databases")
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    decks.create(session, crew.library, "Rollback::Queues", now=NOW)
    crew.write("Later?", deck="Rollback::Queues")
    crew.write("Elsewhere?", deck="Rollback")

    assert crew.new_for(crew.li) == 6
    assert crew.is_whole()


def test_a_deck_that_is_moved_into_one_that_is_followed_comes_along(session, crew):
    other = decks.create(session, crew.library, "Queues", now=NOW)
    crew.write("Moved?", deck="Queues")
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    decks.move(session, crew.library, other, into=crew.deck_id, now=NOW)

    assert crew.new_for(crew.li) == 4
    assert crew.is_whole()


def test_a_card_that_is_moved_out_of_what_is_followed_goes_and_comes_back(session, crew):
    decks.create(session, crew.library, "Elsewhere", now=NOW)
    note_id = crew.write("Movable?")
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    decks.move_note(session, crew.library, note_id, into="Elsewhere", now=NOW)
    assert crew.new_for(crew.li) == 3
    assert crew.is_whole()
    decks.move_note(session, crew.library, note_id, into="Rollback", now=NOW)

    assert crew.new_for(crew.li) == 4
    assert crew.is_whole()


def test_a_member_edits_deletes_moves_and_tags_nothing_of_the_team(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    mine = decks.create(session, crew.li, "Mine", now=NOW)
    cards = browsing.matching(session, crew.li, "", now=NOW)
    note_id = browsing.card(session, crew.li, cards[0], now=NOW).note.id

    for wish in (Wish(BulkKind.MOVE, deck_id=mine), Wish(BulkKind.TAG, names="x"), Wish(BulkKind.DELETE)):
        with pytest.raises(InvalidInput, match="belong to a team"):
            bulk.do(session, crew.li, uuid4(), wish, cards, now=NOW)
    with pytest.raises(NotFound):
        decks.edit_note(session, crew.li, note_id, question="Mine now?", answer="Yes.", now=NOW)
    with pytest.raises(NotFound):
        decks.delete(session, crew.li, crew.deck_id, now=NOW)


def test_what_one_sets_aside_is_set_aside_for_nobody_else(session, crew):
    for one in (crew.li, crew.jo):
        following.follow(session, one, crew.deck_id, now=NOW)
    cards = browsing.matching(session, crew.li, "", now=NOW)

    bulk.do(session, crew.li, uuid4(), Wish(BulkKind.SUSPEND), cards, now=NOW)

    assert [crew.new_for(one) for one in (crew.li, crew.jo)] == [0, 3]
    assert crew.is_whole()


def test_a_followed_deck_works_like_ones_own(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.li, deck_id=None, now=NOW).card_id
    answer(session, crew.li, card, Grade.EASY)

    assert options.of_deck(session, crew.li, crew.deck_id).deck_name == "Rollback"
    assert options.forecast(session, crew.li, crew.deck_id, Options(), now=NOW).cards == 3
    assert exams.of_deck(session, crew.li, crew.deck_id, now=NOW) is None
    assert len(packing.pack(session, crew.li, now=NOW).cards) == 2
    assert browsing.browse(session, crew.li, "deck:rollback", now=NOW).total == 3
    assert [one.name for one in progress.progress(session, crew.li, Span.MONTH, now=NOW).decks] == ["Rollback"]
    assert "Rollback" in [one.name for one in quizzes.materials(session, crew.li)]
    (deck,) = study.today(session, crew.li, now=NOW).decks
    assert (deck.name, deck.team, deck.cards, deck.new, deck.learned_percent) == ("Rollback", "Harbour crew", 3, 2, 33)


def test_decks_of_the_same_name_are_kept_apart(session, crew):
    mine = decks.create(session, crew.li, "Rollback", now=NOW)
    note = Note(CardKind.BASIC, "My own?", "Yes.")
    writing.write(session, crew.li, note, deck_name="Rollback", passage=None, now=NOW)
    following.follow(session, crew.li, crew.deck_id, now=NOW)

    options.choose(session, crew.li, mine, Options(limits=Limits(0, 0)))

    assert not options.of_deck(session, crew.li, crew.deck_id).has_own
    assert [one.cards for one in study.today(session, crew.li, now=NOW).decks] == [1, 3]
    assert crew.new_for(crew.li) == 3


def test_what_one_taught_is_right_for_them_alone(session, crew):
    for one in (crew.li, crew.jo):
        following.follow(session, one, crew.deck_id, now=NOW)
    card = browsing.matching(session, crew.li, "", now=NOW)[0]

    assert len(answering.accept(session, crew.li, card, "Aye.", now=NOW)) == 1
    assert len(answering.accept(session, crew.jo, card, "Aye.", now=NOW)) == 1


def test_a_library_with_followers_is_whole_and_their_plans_go_with_the_trash(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.li, deck_id=None, now=NOW).card_id
    answer(session, crew.li, card, Grade.EASY)
    assert checking.check(session, now=NOW).faults == ()

    decks.delete(session, crew.library, crew.deck_id, now=NOW)
    trash.empty(session, now=NOW + timedelta(days=31))

    assert checking.check(session, now=NOW).faults == ()
    assert study.today(session, crew.li, now=NOW).decks == []


def test_the_check_finds_a_card_that_a_follower_lacks(session, crew):
    following.follow(session, crew.li, crew.deck_id, now=NOW)
    card = browsing.matching(session, crew.li, "", now=NOW)[0]
    session.delete(session.get_one(plans.PlanRow, (card, crew.li.person_id)))
    session.flush()

    assert card in plans.misplaced(session, limit=9)
    assert plans.miscounted(session) == [crew.deck_id]
