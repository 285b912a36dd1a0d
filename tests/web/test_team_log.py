"""Every way to change or take out something of a team, or to look at its people, leaves a line in the team's log.

The routes are those of the walk over permissions. Whoever adds one says here what line it leaves, or why it leaves none.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from quizapp.clock import utcnow
from quizapp.db.audit import AuditEventRow
from quizapp.db.changes import DocumentChangeRow
from quizapp.db.learners import LearnerRow
from quizapp.db.quizzes import SittingRow
from quizapp.domain.assignments import Goal, Grading, Late, Told
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Role
from quizapp.services import audit, decks, drafts, parting, teams
from tests.anki.test_package import collection
from tests.make import archive
from tests.services import handbook, quizzing
from tests.services.assigning import begin
from tests.services.teaming import at_home, opened
from tests.services.test_recognising import next_month
from tests.web.test_permissions import ELSEWHERE, NAMED, World, fields, rules, token_of


def two_versions(world, session):
    """The document in the address has two versions."""
    inside = mara_inside(world, session)
    first = handbook.add(session, inside, handbook.SECTIONS, keep_ready=True)
    handbook.add(session, inside, handbook.changed())
    world.things.document_id = first.document_id


def two_apart(world, session):
    """The document in the address was kept apart from the one that it was a version of."""
    two_versions(world, session)
    inside, first = mara_inside(world, session), world.things.document_id
    world.things.document_id = parting.keep_both(session, inside, first, number=2, now=utcnow()).document_id


def two_alike(world, session):
    """The document in the address may be a new version of another."""
    inside = mara_inside(world, session)
    handbook.add(session, inside, handbook.SECTIONS, keep_ready=True)
    world.things.document_id = handbook.add(session, inside, next_month()).document_id


def a_proposal(world, session):
    """Another wording is proposed for the card of the change."""
    change = session.get(DocumentChangeRow, world.things.change_id)
    change.question, change.answer, change.choices, change.explanation = "Q?", "A.", (), ""
    session.flush()


def ready_drafts(world, session):
    """Drafts of the document in the address are ready, and nobody has decided on them."""
    inside = mara_inside(world, session)
    world.things.document_id = handbook.add(session, inside, handbook.SECTIONS).document_id
    world.things.draft_id = drafts.bench(session, inside, world.things.document_id).drafts[0].id


def another_deck(world, session):
    """There is another deck to move a card to."""
    decks.create(session, mara_inside(world, session), "Elsewhere", now=utcnow())


def an_attempt(world, session):
    """Jo has handed in an attempt."""
    jo = at_home(session, world.crew.people["Jo"])
    world.things.sitting_id = begin(session, jo, world.things.assignment_id, at=utcnow())
    quizzing.sittings.finish(session, jo, world.things.sitting_id, now=utcnow())


def another_owner(world, session):
    """The team has another owner, so that one can leave."""
    mara, li = at_home(session, world.crew.people["Mara"]), world.crew.people["Li"]
    teams.change_role(session, mara, world.crew.team_id, li.person_id, Role.OWNER, now=utcnow())


def somebody_who_left(world, session):
    """Mara left the team."""
    another_owner(world, session)
    teams.leave(session, at_home(session, world.crew.people["Mara"]), world.crew.team_id, now=EPOCH + LEFT)


def mara_inside(world, session):
    return opened(session, world.crew.people["Mara"], world.crew.team_id)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEFT = utcnow() - EPOCH
ASSIGNED = {
    "goal": Goal.QUIZ.value,
    "mode": "mixed",
    "grading": Grading.BEST.value,
    "told": Told.AFTER_ATTEMPT.value,
    "late": Late.KEEP.value,
    "opens": f"{utcnow():%Y-%m-%dT%H:%M}",
    "due": f"{utcnow() + timedelta(days=9):%Y-%m-%dT%H:%M}",
    "who": "all",
    "attempts": "any",
}


@dataclass(frozen=True)
class Line:
    """The line that a route leaves, and what has to be so that it does something."""

    deed: Deed
    after: tuple[str, ...] = ()  # routes that are asked before
    given: Callable[..., None] | None = None  # prepares the library
    sent: dict[str, object] = field(default_factory=dict)  # fields that are not as every form has them; "?" is a query
    named: dict[str, object] = field(default_factory=dict)  # things in the address that are not the usual ones


LINES = {
    # Documents
    "library.rename": Line(Deed.CHANGED),
    "library.tag": Line(Deed.CHANGED),
    "library.untag": Line(Deed.CHANGED),
    "library.delete": Line(Deed.DELETED),
    "library.restore": Line(Deed.RESTORED, after=("library.delete",)),
    "library.original": Line(Deed.EXPORTED),
    "changes.take_over": Line(Deed.CHANGED, given=a_proposal),
    "changes.undo": Line(Deed.CHANGED, given=a_proposal, after=("changes.take_over",)),
    "changes.delete": Line(Deed.DELETED),
    "changes.restore": Line(Deed.RESTORED, after=("changes.delete",)),
    "versions.make_current": Line(Deed.CHANGED, given=two_versions),
    "versions.undo": Line(Deed.CHANGED, given=two_versions, named={"number": 2}),
    "versions.keep_both": Line(Deed.MADE, given=two_versions, named={"number": 2}),
    "versions.rejoin": Line(Deed.CHANGED, given=two_apart),
    "versions.take_as_version": Line(Deed.CHANGED, given=two_alike),
    # Cards that are proposed
    "drafts.keep": Line(Deed.MADE, given=ready_drafts),
    "drafts.keep_all": Line(Deed.MADE, given=ready_drafts),
    "drafts.edit": Line(Deed.CHANGED, given=ready_drafts, after=("drafts.keep",)),
    "drafts.reject": Line(Deed.DELETED, given=ready_drafts, after=("drafts.keep",)),
    "drafts.undo": Line(Deed.DELETED, given=ready_drafts, after=("drafts.keep",)),
    # Decks and cards
    "decks.create": Line(Deed.MADE),
    "decks.rename": Line(Deed.CHANGED),
    "decks.move": Line(Deed.CHANGED),
    "decks.delete": Line(Deed.DELETED),
    "decks.restore": Line(Deed.RESTORED, after=("decks.delete",)),
    "decks.edit_note": Line(Deed.CHANGED),
    "decks.move_note": Line(Deed.CHANGED, given=another_deck, sent={"?": "into=Elsewhere"}),
    "decks.delete_note": Line(Deed.DELETED),
    "decks.restore_note": Line(Deed.RESTORED, after=("decks.delete_note",)),
    "decks.split": Line(Deed.MADE),
    "decks.join": Line(Deed.DELETED),
    "cards.edit": Line(Deed.CHANGED),
    "cards.change": Line(Deed.DELETED, sent={"do": "delete"}),
    "cards.undo": Line(Deed.CHANGED),
    "writing.add": Line(Deed.MADE, sent={"kind": "basic", "deck_name": "New"}),
    "writing.undo": Line(Deed.DELETED),
    "trash.restore": Line(Deed.RESTORED, after=("decks.delete",)),
    "transfer.export": Line(Deed.EXPORTED),
    "transfer.export_as": Line(Deed.EXPORTED),
    "transfer.ask": Line(Deed.EXPORTED),
    "importing.undo": Line(Deed.DELETED),
    "importing.redo": Line(Deed.RESTORED, after=("importing.undo",)),
    "suggestions.accept": Line(Deed.ACCEPTED),
    "suggestions.decline": Line(Deed.DECLINED),
    "suggestions.reopen": Line(Deed.CHANGED, after=("suggestions.accept",)),
    "suggestions.bring_back": Line(Deed.CHANGED),
    # Quizzes and what is assigned
    "quizzes.make": Line(Deed.MADE, sent={"mode": "mixed"}),
    "quizzes.delete": Line(Deed.DELETED),
    "quizzes.restore": Line(Deed.RESTORED, after=("quizzes.delete",)),
    "assignments.make": Line(Deed.MADE, sent=ASSIGNED),
    "assignments.save": Line(Deed.CHANGED, sent=ASSIGNED),
    "assignments.delete": Line(Deed.DELETED),
    "assignments.restore": Line(Deed.RESTORED, after=("assignments.delete",)),
    "assignments.link": Line(Deed.LET_GUESTS_IN, sent={"do": "open"}),
    "assignments.allow": Line(Deed.MADE_EXCEPTION),
    "assignments.undo": Line(Deed.MADE_EXCEPTION, after=("assignments.allow",)),
    # What people know and did
    "board.show": Line(Deed.SAW_BOARD),
    "board.download": Line(Deed.EXPORTED, named={"table": "people", "kind": "csv"}),
    "board.analyse": Line(Deed.SAW_ANALYSIS),
    "board.download_analysis": Line(Deed.EXPORTED, named={"kind": "csv"}),
    "assignments.show": Line(Deed.SAW_RESULTS),
    "sittings.show": Line(Deed.SAW_PERSON, given=an_attempt),
    "teams.log_file": Line(Deed.EXPORTED),
    # The team and its people
    "teams.create": Line(Deed.MADE_TEAM),
    "teams.rename": Line(Deed.RENAMED_TEAM),
    "teams.delete": Line(Deed.DELETED_TEAM),
    "teams.restore": Line(Deed.RESTORED_TEAM, after=("teams.delete",)),
    "teams.leave": Line(Deed.LEFT, given=another_owner),
    "teams.come_back": Line(
        Deed.JOINED, given=somebody_who_left, sent={"?": f"left={LEFT // timedelta(microseconds=1)}"}
    ),
    "teams.change_role": Line(Deed.CHANGED_ROLE),
    "teams.remove": Line(Deed.REMOVED_PERSON),
    "teams.put_back": Line(Deed.PUT_BACK_PERSON, after=("teams.remove",)),
    "inviting.invite": Line(Deed.INVITED),
    "inviting.withdraw": Line(Deed.WITHDREW_INVITATION),
    "inviting.put_back": Line(Deed.INVITED, after=("inviting.withdraw",)),
}
CLOSED = Line(Deed.CLOSED_LINK, sent={"do": "close"})  # of the same route that opens it
# What is stored by a worker, or from a file: a test below for each.
APART = {"library.add", "importing.add", "previewing.store"}
# Routes of things of a team that leave no line, by why.
SILENT = {
    "shows material to those who may see it": {
        *("library.show", "changes.show", "versions.index", "versions.show", "drafts.bench", "decks.show"),
        *("decks.ask_split", "suggestions.history", "suggestions.write", "suggestions.inbox", "quizzes.show"),
        *("quizzes.sheet", "transfer.show", "importing.show", "jobs.show", "writing.look", "teams.show"),
        *("teams.open_library", "teams.close_library"),
    },
    "shows forms, or figures in which nobody is told apart": {
        *("assignments.index", "assignments.new", "assignments.edit", "assignments.preview", "inviting.show"),
        *("board.refresh", "leaderboards.show", "teams.log"),
    },
    "hands out what was noted when it was asked for": {"jobs.fetch"},
    "stops or repeats work that is noted where it is stored": {"jobs.cancel", "jobs.try_again"},
    "decides on a question and changes no material": {
        *("changes.leave", "versions.settle", "versions.unsettle", "suggestions.resolve", "suggestions.reopen_report"),
    },
    "is handed in by a member, and stands on the page of suggestions": {"suggestions.hand_in", "suggestions.withdraw"},
    "is a search of whoever has the library open": {"cards.save", "cards.forget", "cards.remember"},
    "is one's own: study, answers, options, what one lets others see": {
        *("decks.follow", "decks.leave", "options.show", "options.save", "options.undo", "exams.save", "exams.undo"),
        *("study.start", "study.show", "study.answer", "study.act", "study.report", "study.end", "study.edit"),
        *("study.resolve", "answering.accept", "answering.forget", "answering.wish", "card_history.show"),
        *("card_history.act", "leeches.keep", "leeches.suspend", "leeches.put_back", "quizzes.start"),
        *("sittings.answer", "sittings.finish", "sittings.again", "sittings.report", "assignments.begin"),
        *("assignments.take_on", "parameters.use", "parameters.leave", "parameters.offer", "parameters.fit"),
        *("teams.choose_what_is_seen", "leaderboards.take_part", "catching_up.spread", "catching_up.undo"),
        *("offline.take", "sharing.take"),
    },
    "is of the site, not of a team": {
        *("accounts.administer", "accounts.close", "accounts.reopen", "accounts.withdraw", "accounts.put_back"),
        *("accounts.sign_out", "tokens.revoke", "tokens.put_back"),
    },
}
# One's own settings, account and way in.
OWN = {"accounts", "signing_in", "settings", "languages", "letters", "privacy", "provider", "tokens"}


def test_every_route_leaves_a_line_or_is_said_why_not(team_site):
    silent = set().union(*SILENT.values())
    changing = {
        rule.endpoint
        for rule in rules(team_site)
        if rule.endpoint in NAMED
        or ("POST" in rule.methods and rule.endpoint not in ELSEWHERE and rule.endpoint.partition(".")[0] not in OWN)
    }

    assert changing == LINES.keys() | APART | silent
    assert not (LINES.keys() | APART) & silent


def test_every_deed_has_a_route_that_leaves_it():
    assert {line.deed for line in (*LINES.values(), CLOSED)} | {Deed.ADDED} == set(Deed)


def test_what_is_done_to_a_team_leaves_its_line(team_site, database):
    world, wrong = World(team_site, database), []
    team_site.extensions["wake"] = lambda: None  # a worker waits for whoever writes, which is this test
    for endpoint, line in (*LINES.items(), ("assignments.link", CLOSED)):
        left = lines_of(world, team_site, endpoint, line)
        if line.deed.value not in left:
            wrong.append(f"{endpoint}: {left}")

    assert "\n".join(wrong) == ""


LOOKS = ("board.show", "board.analyse", "assignments.show", "sittings.show")


@pytest.mark.parametrize(
    ("minutes", "lines"),
    [
        pytest.param(0, 1, id="at once"),
        pytest.param(9, 1, id="nine minutes later"),
        pytest.param(11, 2, id="eleven minutes later"),
        pytest.param(-5, 2, id="before it, by a clock that was set back"),
    ],
)
@pytest.mark.parametrize("endpoint", LOOKS)
def test_who_looks_at_the_same_again_within_ten_minutes_has_looked_once(team_site, database, endpoint, minutes, lines):
    world = World(team_site, database)

    with looking(world, team_site, endpoint) as session:
        look(world, team_site, endpoint)
        for line in session.scalars(select(AuditEventRow).where(AuditEventRow.action.startswith("saw "))):
            line.at = utcnow() - timedelta(minutes=minutes)
        look(world, team_site, endpoint)

        assert looks(session) == [("Mara", LINES[endpoint].deed)] * lines


@pytest.mark.parametrize("endpoint", LOOKS)
def test_a_look_of_somebody_else_is_a_line_of_its_own(team_site, database, endpoint):
    world = World(team_site, database)

    with looking(world, team_site, endpoint) as session:
        for name in ("Mara", "Li"):
            look(world, team_site, endpoint, by=name)

        assert looks(session) == [("Mara", LINES[endpoint].deed), ("Li", LINES[endpoint].deed)]


def test_a_look_at_something_else_is_a_line_of_its_own(team_site, database):
    world = World(team_site, database)

    with looking(world, team_site, "board.show") as session:
        look(world, team_site, "board.show")
        for line in session.scalars(select(AuditEventRow).where(AuditEventRow.action.startswith("saw "))):
            line.thing_id += 1
        look(world, team_site, "board.show")
        look(world, team_site, "board.analyse")

        assert [deed for _, deed in looks(session)] == [Deed.SAW_BOARD, Deed.SAW_BOARD, Deed.SAW_ANALYSIS]


def test_every_look_at_what_a_guest_answered_is_a_line(team_site, database):
    world = World(team_site, database)

    with looking(world, team_site, "sittings.show") as session:
        attempt = session.get(SittingRow, world.things.sitting_id)
        attempt.learner_id, attempt.guest, attempt.guest_key = None, "Gill", uuid4()
        for _ in range(2):
            look(world, team_site, "sittings.show")

        assert looks(session) == [("Mara", Deed.SAW_PERSON)] * 2


def test_what_is_taken_out_is_told_of_every_time(team_site, database):
    world = World(team_site, database)

    with looking(world, team_site, "board.download") as session:
        top = session.scalar(select(func.max(AuditEventRow.id))) or 0
        for _ in range(2):
            look(world, team_site, "board.download")
        query = select(AuditEventRow.action).where(AuditEventRow.id > top)

        assert session.scalars(query).all() == [Deed.EXPORTED.value] * 2


def test_a_document_that_a_worker_stores_was_added_by_who_asked(team_site, database):
    world = World(team_site, database)

    with world.crew.as_one("Li") as browser:
        browser.send(f"/teams/{world.crew.team_id}/open")
        browser.send("/library", text="# Tides\n\nA tide is the rise of the sea.", title="Tides")

    assert ("Li", "added", "document", "Tides") in told(world, database)


def test_a_file_of_another_program_was_added_by_who_asked(team_site, database, tmp_path):
    world = World(team_site, database)
    package = archive(("collection.anki2", collection(tmp_path / "made")), ("media", "{}"))

    with world.crew.as_one("Li") as browser:
        browser.send(f"/teams/{world.crew.team_id}/open")
        browser.send("/decks/import", file=(BytesIO(package), "tides.apkg"))
        browser.visit("/decks/import")
        browser.press("Import", file=(BytesIO(b"What is a tide?\tThe rise of the sea.\n"), "tides.tsv"))
        browser.press("Import")

    assert [line for line in told(world, database) if line[2] == "import"] == [
        ("Li", "added", "import", "tides.tsv"),
        ("Li", "added", "import", "tides.apkg"),
    ]


def lines_of(world, site, endpoint, line):
    """Return what the log of a team says once a route was asked; nothing of it stays."""
    kept, usual = site.extensions["database"], vars(world.things).copy()
    with world.crew.as_one("Mara") as browser, Passing(kept).open() as passing:
        site.extensions["database"] = passing
        try:
            if line.given:
                line.given(world, passing.session)
            for before in line.after:
                assert ask(world, browser.client, site, before, LINES[before]).status_code < 400, before
            top = passing.session.scalar(select(func.max(AuditEventRow.id))) or 0
            response = ask(world, browser.client, site, endpoint, line)
            query = select(AuditEventRow.action).where(AuditEventRow.id > top)
            return [str(response.status_code), *passing.session.scalars(query)]
        finally:
            site.extensions["database"] = kept
            vars(world.things).update(usual)


@contextmanager
def looking(world, site, endpoint):
    """Let what a route needs be there, and give a session that sees what is asked; nothing of it stays."""
    kept, usual = site.extensions["database"], vars(world.things).copy()
    with Passing(kept).open() as passing:
        site.extensions["database"] = passing
        try:
            if LINES[endpoint].given:
                LINES[endpoint].given(world, passing.session)
            yield passing.session
        finally:
            site.extensions["database"] = kept
            vars(world.things).update(usual)


def look(world, site, endpoint, *, by="Mara"):
    with world.crew.as_one(by) as browser:
        assert ask(world, browser.client, site, endpoint, LINES[endpoint]).status_code == 200


def looks(session):
    """Return who looked at what, as the log tells it, the first first."""
    query = select(LearnerRow.name, AuditEventRow.action).join(LearnerRow, LearnerRow.id == AuditEventRow.person_id)
    query = query.where(AuditEventRow.action.startswith("saw ")).order_by(AuditEventRow.id)
    return [(name, Deed(action)) for name, action in session.execute(query)]


def ask(world, client, site, endpoint, line):
    vars(world.things).update(line.named)
    rule = next(one for one in rules(site) if one.endpoint == endpoint)
    with client.session_transaction() as cookie:
        cookie["open_team"] = world.crew.team_id
    address = world.address(rule, missing=False) + f"?{line.sent.get('?', '')}"
    if "POST" not in rule.methods:
        return client.get(address)
    sent = {name: value for name, value in line.sent.items() if name != "?"}
    of = {"of": f"deck-{world.things.deck_id}"}
    return client.post(address, data={**fields(world, missing=False), **of, **sent, "csrf_token": token_of(client)})


class Passing:
    """A library in which several requests see what those before wrote, and of which nothing stays."""

    def __init__(self, kept):
        self.kept = kept

    def told(self, *, reading=False):
        return self.kept.told(reading=reading)

    @contextmanager
    def open(self):
        with self.kept.writing() as self.session:
            everything = self.session.begin_nested()
            try:
                yield self
            finally:
                everything.rollback()
                self.session.expunge_all()

    @contextmanager
    def writing(self):
        attempt = self.session.begin_nested()
        try:
            yield self.session
        except BaseException:
            attempt.rollback()
            raise
        else:
            attempt.commit()

    reading = writing


def told(world, database):
    with database.reading() as session:
        log = audit.log(session, at_home(session, world.crew.people["Mara"]), world.crew.team_id)
        return [(line.person, line.action, line.kind, line.detail) for line in log]
