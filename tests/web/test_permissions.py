"""Every route of the site, with a thing of a team of every sort, for everybody: who may, and that others see nothing.

A route that is in no table fails, so whoever adds one says here who may use it.
"""

import re
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from quizapp.clock import utcnow
from quizapp.db.bulk_steps import BulkKind
from quizapp.db.changes import ChangeKind, DocumentChangeRow
from quizapp.db.importing import ImportRunRow
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options
from quizapp.domain.permissions import Role
from quizapp.domain.recurrence import Window
from quizapp.domain.sessions import Mode
from quizapp.services import (
    api_tokens,
    browsing,
    bulk,
    card_actions,
    decks,
    drafts,
    following,
    invitations,
    jobs,
    library,
    sessions,
    sign_ins,
    sittings,
    splitting,
    suggestions,
    teams,
)
from quizapp.services.bulk import Wish
from quizapp.services.card_actions import Press
from quizapp.services.quizzes import Wish as Quiz
from quizapp.services.sessions import Wanted
from quizapp.services.tasks import ToExport
from quizapp.web.options import written
from tests.services import quizzing
from tests.services.assigning import assign
from tests.services.teaming import at_home, opened
from tests.web import harbour
from tests.web.teaming import Crew

SECRET = "Harbour handbook"  # stands in the title, the deck and the quiz of the team

# Who asks: what they are to the team and, where they may open its library, whether it is open.
OWNER, OWNER_IN = "owner", "owner in the library"
TRAINER, TRAINER_IN = "trainer", "trainer in the library"
MEMBER, GUEST, STRANGER, NOBODY = "member", "guest", "owner of another team", "somebody in no team"
EVERYBODY = (OWNER, OWNER_IN, TRAINER, TRAINER_IN, MEMBER, GUEST, STRANGER, NOBODY)
IN_IT = {OWNER_IN, TRAINER_IN}
SEES = {OWNER, OWNER_IN, TRAINER, TRAINER_IN, MEMBER}
DECIDES = SEES - {MEMBER}
OWNS = {OWNER, OWNER_IN}
NONE: set[str] = set()  # what is asked for is somebody's own, or edited where the team's library is never open

# Pages without anything named in their address: open to all, and they say nothing of a team to those outside.
FREE = {
    *("assets.show", "health.alive", "health.ready", "installing.manifest", "offline.worker", "offline.show"),
    *("today.show", "library.index", "library.new", "library.add", "sharing.bring", "sharing.take"),
    *("decks.index", "decks.create", "cards.index", "cards.save", "trash.index", "writing.show", "writing.add"),
    *("writing.look", "importing.new", "importing.add", "previewing.show", "previewing.store"),
    *("quizzes.index", "quizzes.new", "quizzes.make", "progress.show", "progress.download", "catching_up.show"),
    *("catching_up.spread", "catching_up.undo", "leeches.show", "settings.show", "settings.save", "settings.keys"),
    *(
        "settings.undo",
        "settings.choose_for_all",
        "settings.change_theme",
        "languages.change",
        "parameters.show",
        "parameters.fit",
    ),
    *("offline.pack", "offline.take", "teams.index", "teams.create", "teams.close_library"),
    "cards.change",
    *("accounts.show", "accounts.devices", "accounts.rename", "accounts.change_email", "accounts.change_password"),
    *("accounts.send_confirmation", "accounts.keep_email"),
    *("accounts.sign_out_others", "signing_in.ask", "signing_in.enter", "signing_in.leave", "signing_in.ask_for_link"),
    *("tokens.show", "tokens.make"),
    # One's own account, and what a token in the address opens for whoever has it.
    *("letters.show", "letters.choose", "letters.make_calendar", "letters.end_calendar", "letters.put_back_calendar"),
    *("letters.ask", "letters.end", "letters.begin_again", "letters.calendar"),
    *("signing_in.ask_for_letter", "signing_in.send_letter"),
    *("privacy.show", "privacy.data", "privacy.take_out", "privacy.delete"),
    *("provider.enter", "provider.back", "provider.tie", "provider.prove", "provider.untie"),
}
# What is named in the address belongs to the team: who finds it there. Others get what they would get for nothing.
NAMED = {
    # Seen and studied
    "decks.show": SEES,
    "decks.follow": SEES,
    "decks.leave": SEES,
    "library.show": SEES,
    "library.original": SEES,
    "changes.show": SEES,
    "versions.index": SEES,
    "versions.show": SEES,
    "drafts.bench": SEES,
    "quizzes.show": SEES,
    "quizzes.sheet": SEES,
    "quizzes.start": SEES,
    "jobs.show": SEES,
    "jobs.fetch": SEES,
    "importing.show": SEES,
    "options.show": SEES,
    "options.save": SEES,
    "options.undo": SEES,
    "exams.save": SEES,
    "exams.undo": SEES,
    "study.start": SEES,
    "study.show": SEES,
    "study.answer": SEES,
    "study.act": SEES,
    "study.report": SEES,
    "answering.accept": SEES,
    "answering.forget": SEES,
    "card_history.show": SEES,
    "card_history.act": SEES,
    "suggestions.history": SEES,
    "suggestions.write": SEES,
    "suggestions.hand_in": SEES,
    # Taken out
    "transfer.show": SEES,
    "transfer.export": SEES,
    "transfer.export_as": SEES,
    "transfer.ask": SEES,
    # Edited, while the library is open
    "decks.rename": IN_IT,
    "decks.move": IN_IT,
    "decks.delete": IN_IT,
    "decks.restore": IN_IT,
    "decks.edit_note": IN_IT,
    "decks.move_note": IN_IT,
    "decks.delete_note": IN_IT,
    "decks.restore_note": IN_IT,
    "decks.ask_split": IN_IT,
    "decks.split": IN_IT,
    "decks.join": IN_IT,
    "writing.undo": IN_IT,
    "cards.edit": IN_IT,
    "cards.undo": IN_IT,
    "cards.forget": IN_IT,
    "cards.remember": IN_IT,
    "drafts.keep": IN_IT,
    "drafts.reject": IN_IT,
    "drafts.edit": IN_IT,
    "drafts.keep_all": IN_IT,
    "drafts.undo": IN_IT,
    "library.delete": IN_IT,
    "library.restore": IN_IT,
    "library.rename": IN_IT,
    "library.tag": IN_IT,
    "library.untag": IN_IT,
    "changes.take_over": IN_IT,
    "changes.leave": IN_IT,
    "changes.undo": IN_IT,
    "changes.delete": IN_IT,
    "changes.restore": IN_IT,
    "versions.make_current": IN_IT,
    "versions.undo": IN_IT,
    "versions.keep_both": IN_IT,
    "versions.rejoin": IN_IT,
    "versions.settle": IN_IT,
    "versions.unsettle": IN_IT,
    "versions.take_as_version": IN_IT,
    "quizzes.delete": IN_IT,
    "quizzes.restore": IN_IT,
    "trash.restore": IN_IT,
    "jobs.cancel": DECIDES,
    "jobs.try_again": DECIDES,
    "importing.undo": IN_IT,
    "importing.redo": IN_IT,
    "suggestions.bring_back": IN_IT,
    # Learning is done at home, and the team's cards are not edited from there
    "study.edit": NONE,
    "study.resolve": NONE,
    "answering.wish": NONE,
    "leeches.keep": SEES,
    "leeches.suspend": SEES,
    "leeches.put_back": SEES,
    # Another person's own
    "study.end": {MEMBER},
    "sittings.show": {MEMBER},
    "sittings.answer": {MEMBER},
    "sittings.finish": {MEMBER},
    "sittings.again": {MEMBER},
    "sittings.report": {MEMBER},
    "parameters.use": NONE,
    "parameters.leave": NONE,
    "parameters.offer": NONE,
    "accounts.sign_out": {MEMBER},
    "tokens.revoke": {MEMBER},
    "tokens.put_back": {MEMBER},
    # What is assigned, and what the team knows
    "assignments.index": SEES,
    "assignments.show": SEES,
    "assignments.begin": SEES,
    "assignments.take_on": SEES,
    "assignments.new": DECIDES,
    "assignments.make": DECIDES,
    "assignments.preview": DECIDES,
    "assignments.edit": DECIDES,
    "assignments.save": DECIDES,
    "assignments.delete": DECIDES,
    "assignments.restore": DECIDES,
    "assignments.link": DECIDES,
    "assignments.allow": DECIDES,
    "assignments.undo": DECIDES,
    "board.show": DECIDES,
    "board.refresh": DECIDES,
    "board.download": DECIDES,
    "board.analyse": DECIDES,
    "board.download_analysis": DECIDES,
    # The site, of which Mara is the administrator too
    "accounts.administer": OWNS,
    "accounts.close": OWNS,
    "accounts.reopen": OWNS,
    "accounts.withdraw": DECIDES,
    "accounts.put_back": DECIDES,
    # The team itself
    "teams.show": SEES,
    "teams.choose_what_is_seen": SEES,
    "leaderboards.show": SEES,
    "leaderboards.take_part": SEES,
    "teams.leave": SEES,
    "teams.come_back": NONE,  # nobody has left
    "teams.restore": OWNS,
    "teams.open_library": DECIDES,
    "teams.rename": OWNS,
    "teams.delete": OWNS,
    "teams.change_role": OWNS,
    "teams.remove": OWNS,
    "teams.put_back": OWNS,
    "teams.log": OWNS,
    "teams.log_file": OWNS,
    "suggestions.inbox": SEES,
    "suggestions.accept": DECIDES,
    "suggestions.decline": DECIDES,
    "suggestions.reopen": DECIDES,
    "suggestions.withdraw": {MEMBER},  # who made it
    "suggestions.resolve": DECIDES,
    "suggestions.reopen_report": DECIDES,
    "inviting.show": DECIDES,
    "inviting.invite": DECIDES,
    "inviting.withdraw": DECIDES,
    "inviting.put_back": DECIDES,
}
# One's own last step is taken back, whatever the address names; a picture is there for who sees a document with it.
ELSEWHERE = {"study.undo", "card_history.undo", "library.picture", "media.show"}
# People of the site are for its administrators; what is opened by a secret in its link is for who has that.
ELSEWHERE |= {"accounts.people", "accounts.invite", "provider.join"}
ELSEWHERE |= {f"guests.{name}" for name in ("show", "begin", "sitting", "answer", "finish", "picture", "medium")}
ELSEWHERE |= {
    f"signing_in.{name}"
    for name in ("look_at_link", "join", "accept", "ask_for_password", "choose_password", "ask_to_confirm", "confirm")
}
# A part of what is named that is not there though the thing is: found by its own means, or by nobody.
HALF_THERE = {"jobs.fetch", "teams.put_back", "board.download", "board.download_analysis"}
HALF_THERE |= {"assignments.begin", "assignments.take_on"}
HALF_THERE |= {name for name in NAMED if name.startswith("versions.")}
# A guest of the team answers what is assigned to them, and is told when it is not for them.
ANSWERED = {"assignments.show", "assignments.begin", "assignments.take_on"}
# Forms that are read before anything is looked up: others are told the same of whatever they name.
READ_FIRST = {"assignments.make", "assignments.preview", "assignments.save"}


OF_OPTIONS = {"options.save", "options.undo"}  # whose form has names that others have, too
WITHOUT_SESSION = {"answering.accept", "answering.forget"}  # they name one only to lead back to it
SORTS = {"kind", "table", "format_key", "number", "version", "question"}  # they say which part of a thing is meant
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


PEOPLE = {
    OWNER: "Mara",
    OWNER_IN: "Mara",
    TRAINER: "Li",
    TRAINER_IN: "Li",
    MEMBER: "Jo",
    GUEST: "Gus",
    STRANGER: "Ada",
    NOBODY: "Ben",
}


class World:
    """The team's things, by the names that addresses give them, and everybody who could ask for them."""

    def __init__(self, site, database):
        self.site, self.database = site, database
        self.crew = crew = Crew(site, database)
        crew.add("Li", Role.TRAINER).add("Jo", Role.MEMBER).add("Gus", Role.GUEST).add("Ada", None).add("Ben", None)
        self.now = utcnow() - timedelta(minutes=1)
        with database.writing() as session:
            teams.create(session, crew.people["Ada"], "Pilots", now=self.now)
            self.things = self._things(session)
            for name in ("Mara", "Li", "Jo"):
                following.follow(session, at_home(session, crew.people[name]), self.things.deck_id, now=self.now)
            self._of_members(session)

    def _things(self, session):
        inside, now = opened(session, self.crew.people["Mara"], self.crew.team_id), self.now
        team = SimpleNamespace(id=self.crew.team_id, trainer=at_home(session, self.crew.people["Mara"]))
        added = library.add_document(
            session,
            inside,
            reading=harbour.reading(),
            filename="harbour.md",
            data=harbour.TEXT.encode(),
            deck_name=None,
            keep_ready=True,
            as_new=True,
            now=now,
        )
        deck = decks.decks(session, inside, now=now)[0]
        notes = decks.deck(session, inside, deck.id, now=now).notes
        first, second = [one for one in notes if one.kind is CardKind.BASIC][:2]
        card_id = browsing.matching(session, inside, f"nid:{first.id}", now=now)[0]
        words = (first.question, "another answer", first.choices, first.explanation)
        fields = dict(zip(("question", "answer", "choices", "explanation"), words, strict=True))
        decks.edit_note(session, inside, first.id, **fields, now=now)
        parts = (Note(second.kind, "One?", "One."), Note(second.kind, "Two?", "Two."))
        split_id = splitting.split(session, inside, second.id, *parts, expected_version=1, now=now)
        step_id = bulk.do(session, inside, uuid4(), Wish(BulkKind.TAG, names="x"), [card_id], now=now).id
        browsing.save(session, inside, "Hard ones", "prop:lapses>1", now=now)
        run = ImportRunRow(
            owner_id=inside.learner_id,
            source="a.csv",
            at=now,
            report={"skipped": [], "decks": [], "adapted": []},
            decks=(),
        )
        change = DocumentChangeRow(
            owner_id=inside.learner_id,
            document_id=added.document_id,
            note_id=first.id,
            number=0,
            kind=ChangeKind.GONE,
            former_quote="",
        )
        session.add_all([run, change])
        session.flush()
        return SimpleNamespace(
            deck_id=deck.id,
            document_id=added.document_id,
            note_id=first.id,
            card_id=card_id,
            draft_id=undecided(session, inside, added.document_id)[0],
            split_id=split_id,
            step_id=step_id,
            search_id=browsing.saved(session, inside)[0].id,
            run_id=run.id,
            change_id=change.id,
            job_id=jobs.ask(session, inside, ToExport(deck.id).task(deck.name), now=now),
            quiz_id=quizzing.quiz(session, inside, deck.id, at=now),
            wording_id=suggestions.history(session, inside, first.id).past[0].id,
            team_id=self.crew.team_id,
            person_id=self.crew.people["Gus"].person_id,
            number=1,
            version=2,
            question=1,
            kind="deck",
            thing_id=deck.id,
            table="days",
            format_key="csv",
            name="nothing",
            assignment_id=assign(
                session,
                team,
                at=now,
                material=Quiz(MadeFrom.DECK, deck.id),
                window=Window(now, now + timedelta(days=4), now + timedelta(days=6)),
            ),
            learner_id=self.crew.people["Jo"].person_id,
            link_id=invitation(session, team, now),
        )

    def _of_members(self, session):
        """What Jo handed in, began and answers."""
        jo, things = at_home(session, self.crew.people["Jo"]), self.things
        wanted = Note(CardKind.BASIC, "Why?", "So.")
        things.suggestion_id = suggestions.suggest(session, jo, things.note_id, wanted, reason="", now=self.now)
        card_actions.report(session, jo, Press(uuid4(), things.card_id), reason="wrong", text="", now=self.now)
        things.report_id = suggestions.inbox(session, jo, things.team_id).my_reports[0].id
        things.sitting_id = sittings.start(session, jo, things.quiz_id, seed=1, now=self.now)
        api_tokens.make(session, jo, name="A program", writes=False, days=30, now=self.now)
        things.token_id = api_tokens.living(session, jo, now=self.now)[0].id
        things.device_id = sign_ins.devices(session, jo, this=0, now=self.now)[0].id
        things.session_id = sessions.start(session, jo, uuid4(), Wanted(Mode.DUE, most_cards=5), now=self.now)

    @contextmanager
    def as_one(self, who):
        """Give a client of that person, with the team's library open where they have it so; nothing that it does stays."""
        name = PEOPLE[who]
        with self.crew.as_one(name) as browser:
            self.is_open = who in IN_IT
            kept = self.site.extensions["database"]
            self.site.extensions["database"] = Unchanging(kept)
            self.token, secret = token_of(browser.client), secret_of(browser.client)
            try:
                yield browser.client
                assert secret_of(browser.client) == secret, "the token was good for some of what was sent only"
            finally:
                self.site.extensions["database"] = kept

    def address(self, rule, *, missing):
        """Return the address of a rule with the team's things in it; the last of them is perhaps one that nobody has."""
        named = [name for name in PLACE.findall(rule.rule) if name not in SORTS]
        last = named[-1] if missing and named else None
        return PLACE.sub(lambda place: str(self.thing(place[1], missing=place[1] == last)), rule.rule)

    def ask(self, client, rule, *, missing):
        """Send what the rule takes, with a good token and good fields, whatever was opened or told before."""
        with client.session_transaction() as cookie:
            cookie.pop("_flashes", None)
            cookie["open_team"] = self.crew.team_id if self.is_open else None
        if "POST" not in rule.methods:
            return client.get(self.address(rule, missing=missing))
        data = {**fields(self, missing=missing), **(written(Options()) if rule.endpoint in OF_OPTIONS else {})}
        if rule.endpoint == "answering.wish":
            del data["deck"]  # of a card or of a deck, not of both
        if rule.endpoint == "sittings.answer":
            data["answer"] = str(uuid4())
        data["csrf_token"] = self.token
        return client.post(self.address(rule, missing=missing), data=data)

    def thing(self, name, *, missing):
        value = getattr(self.things, name)
        return nobodys(value) if missing and name not in SORTS else value


class Unchanging:
    """A library of which nothing that is written stays."""

    def __init__(self, database):
        self.kept = database

    def reading(self):
        return self.kept.reading()

    @contextmanager
    def writing(self):
        with self.kept.writing() as session:
            attempt = session.begin_nested()
            try:
                yield session
            finally:
                if attempt.is_active:
                    attempt.rollback()
                session.expunge_all()


def invitation(session, team, now):
    """The number of an invitation into the team."""
    invitations.invite(session, team.trainer, team_id=team.id, role=Role.MEMBER, now=now)
    return invitations.waiting(session, team.trainer, team_id=team.id, now=now)[0].id


def undecided(session, inside, document_id):
    return [one.id for one in drafts.bench(session, inside, document_id).drafts if one.decision is None]


def nobodys(value):
    return uuid4() if isinstance(value, UUID) else 987_654_321 if isinstance(value, int) else "f" * 64


def token_of(client):
    """Return a token for forms, which is good as long as the secret behind it stays the same."""
    return re.search(r'name="csrf_token" value="([^"]*)"', client.get("/keys").get_data(as_text=True))[1]


def secret_of(client):
    with client.session_transaction() as cookie:
        return cookie["csrf"]


def fields(world, *, missing):
    """Good values of every field that some form has, so that a form is refused for nothing but who sends it."""
    new = {name: str(uuid4()) for name in ("review", "undo", "action", "answer", "session", "step")}
    named = {"card": "card_id", "note": "note_id", "deck": "deck_id"}
    return {
        **new,
        **{field: world.thing(name, missing=missing) for field, name in named.items()},
        "question": "Q?",
        "answer": "A.",
        "choices": "",
        "explanation": "",
        "second-question": "Q?",
        "second-answer": "A.",
        "version": 2,
        "name": "X",
        "title": "X",
        "tags": "x",
        "tag": "x",
        "role": "member",
        "grade": 3,
        "reviews": 0,
        "since": 1,
        "do": "suspend-card",
        "reason": "wrong",
        "text": "x",
        "wish": "yes",
        "typed": "x",
        "into": "",
        "word": "",
        "at": 1,
        "show": 0,
        "mode": "due",
        "goal": "90",
        "new": "20",
        "day": "2027-01-01",
        "number": 1,
        "length": "all",
    }


def told(response):
    """Return what a response says, but for what is another each time."""
    said = re.sub(r'name="csrf_token" value="[^"]*"', "", response.get_data().decode("latin-1"))
    return response.status_code, re.sub(r"<code>[^<]*</code>", "", said)


@pytest.fixture
def world(team_site, database):
    return World(team_site, database)


def rules(site):
    return [rule for rule in site.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_is_in_a_table(team_site):
    known = FREE | NAMED.keys() | ELSEWHERE

    assert {rule.endpoint for rule in rules(team_site)} == known


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_one_may_not_have_looks_the_same_as_what_is_not_there(world, team_site, who):
    """Byte by byte: the same page for a thing of a team and for a number that nobody has."""
    wrong = []
    with world.as_one(who) as client:
        for rule in named_things(team_site):
            if who == GUEST and rule.endpoint in ANSWERED:
                continue
            there, nowhere = (told(world.ask(client, rule, missing=missing)) for missing in (False, True))
            if who in allowed(rule):
                if there[0] == 404 and rule.endpoint not in HALF_THERE:
                    wrong.append(f"{rule.rule}: not found, though they may")
            elif there != nowhere or (there[0] != 404 and rule.endpoint not in READ_FIRST):
                wrong.append(f"{rule.rule}: {there[0]}, and {nowhere[0]} for what is not there")

    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("who", [GUEST, STRANGER, NOBODY])
def test_no_page_says_anything_of_a_team_to_who_does_not_belong_to_it(world, team_site, who):
    with world.as_one(who) as client:
        pages = [
            rule for rule in rules(team_site) if rule.endpoint in FREE and "GET" in rule.methods and not rule.arguments
        ]
        telling = [rule.rule for rule in pages if SECRET in client.get(rule.rule).get_data(as_text=True)]

    assert telling == []


def named_things(site):
    """Return the rules whose address, or form, names a thing."""
    return [one for one in rules(site) if one.endpoint in NAMED and (PLACE.search(one.rule) or "POST" in one.methods)]


def allowed(rule):
    """Return who may: where a session or a sitting is named, only Jo, the member, who began it."""
    of_jo = rule.arguments & {"sitting_id", "session_id"} and rule.endpoint not in WITHOUT_SESSION
    return {MEMBER} & NAMED[rule.endpoint] if of_jo else NAMED[rule.endpoint]
