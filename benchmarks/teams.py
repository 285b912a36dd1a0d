"""What the pages of a large team take on the server: 1,000 people, each with the 1,000 cards of the team's library.

Against a Flask "hello" in the same run, as in `pages`: every page that a member or a trainer opens. Trainers have the
library of the team open. Members have learnt nearly half of the cards over 90 days; each has answered a quiz of the team, and
a worker has worked out what each knows, which is measured, too. With `full` the same on PostgreSQL, on a server with its
own settings but that it waits for no disk.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import postgres
from benchmarks.crowds import PEOPLE, Crowd, made
from benchmarks.harness import Row, in_turns, p95, seconds
from benchmarks.libraries import DAY, readings
from benchmarks.pages import get, hello
from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.services import knowledge, sign_ins
from quizapp.services.reading import Reading
from quizapp.web import create_app
from quizapp.web.acting import OPEN_TEAM
from quizapp.worker import Worker
from quizapp.wsgi import settle

ROUNDS, TIMES = 20, 40.0
WARM = 12  # rounds: from the sixth on a statement is prepared, and five times later the server knows how it runs best
COOKIE = "recto_person_80"
COPIED = ("note", "card", "sitting")  # under ids of their own, which the database has not counted


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure the worker, then the pages in turns with the hello, on each kind of library."""
    read = readings(folder.parent)
    on_file = _measured(
        made(Database(f"sqlite:///{folder / 'team.db'}"), read), "", rounds=3 * ROUNDS if full else ROUNDS
    )
    return [*on_file, *_on_server(folder, read)] if full else on_file


def _on_server(folder: Path, read: Sequence[Reading]) -> Sequence[Row]:
    """Measure on PostgreSQL, or say that there is none."""
    try:
        with postgres.running() as server:
            there = on_server(server, folder, read)
            found = _measured(there, ", PostgreSQL", rounds=3 * ROUNDS)
            there.database.close()
            return found
    except postgres.NoServerError as reason:
        print(f"Pages of a team are not measured on PostgreSQL: {reason}.", flush=True)
        return []


def on_server(server: postgres.Server, folder: Path, read: Sequence[Reading]) -> Crowd:
    """Make the team on a server, which then knows what its tables hold, as it would after an hour."""
    name = server.create()
    there = made(Database(server.url(name), folder), read)
    for table in COPIED:
        server.run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}", name)
    server.run("VACUUM ANALYZE", name)
    return there


def _measured(there: Crowd, where: str, *, rounds: int) -> Sequence[Row]:
    refreshed = seconds(partial(refresh, there))
    clients = signed_in(there)
    pages = [_row(f"{name}{where}", clients[who], path, rounds) for name, (who, path) in shown(there).items()]
    return [Row(f"A worker brings the board of {PEOPLE:,} people up to date{where}", refreshed, "s"), *pages]


def signed_in(there: Crowd) -> Mapping[str, FlaskClient]:
    """Return a browser of a trainer, who has the team's library open, and one of a member."""
    url, folder = there.database.address
    settings = Settings(url, folder or there.database.path.parent, "a secret for benchmarks only", team=True)
    app = create_app(settings, there.database, time_zone="Europe/Berlin")
    settle()
    clients = {"trainer": app.test_client(), "member": app.test_client()}
    for name, person in (("trainer", there.owner.person_id), ("member", there.people[0])):
        with there.database.writing() as session:
            clients[name].set_cookie(COOKIE, sign_ins.sign_in(session, person, now=utcnow()))
    with clients["trainer"].session_transaction() as cookie:
        cookie[OPEN_TEAM] = there.team_id
    return clients


def shown(there: Crowd) -> Mapping[str, tuple[str, str]]:
    """Return which pages are asked for, and by whom."""
    team, deck, note = f"/teams/{there.team_id}", f"/decks/{there.deck_id}", f"/notes/{there.note_id}"
    document = f"/library/{there.document_id}"
    assigned, known = f"/assignments/{there.assignment_id}", f"/assignments/{there.known_id}"
    of_member = {
        "Today": "/",
        "Study": "/study",
        "Study of a deck": f"/study/{there.deck_id}",
        "Decks": "/decks",
        "A deck": deck,
        "Options of a deck": f"{deck}/options",
        "History of the words of a card": f"{deck}{note}/history",
        "A suggestion to write": f"{deck}{note}/suggest",
        "Cards": "/cards",
        "Cards that are due": "/cards?q=is:due",
        "A card opened in a search": f"/cards?open={there.card_id}",
        "A card": f"/cards/{there.card_id}",
        "Catching up": "/catch-up",
        "Hard cards": "/hard-cards",
        "A card to write": "/write",
        "Trash": "/trash",
        "Library": "/library",
        "A document to add": "/library/new",
        "A document": document,
        "Quizzes": "/quizzes",
        "A quiz to make": "/quizzes/new",
        "A quiz": f"/quizzes/{there.own_quiz_id}",
        "A question of a quiz": f"/sittings/{there.sitting_id}",
        "Progress": "/progress",
        "Progress of all time": "/progress?span=all",
        "Settings": "/settings",
        "Parameters": "/settings/parameters",
        "Reminders": "/settings/reminders",
        "Account": "/settings/account",
        "Devices": "/settings/devices",
        "Data of one's own": "/settings/data",
        "Teams": "/teams",
        "The team": team,
        "What is assigned": f"{team}/assignments",
        "A quiz that is assigned": assigned,
        "A deck to be known": known,
        "Suggestions of one's own": f"{team}/suggestions",
        "A leaderboard of a month": f"{team}/leaderboard?span=month",
        "A leaderboard of all time": f"{team}/leaderboard?span=all&by=lasting",
        "A leaderboard of attempts": f"{team}/leaderboard?span=all&by=attempts",
    }
    of_trainer = {
        "Today": "/",
        "Teams": "/teams",
        "The team": team,
        "A later page of the team": f"{team}?page=3",
        "The board": f"{team}/board",
        "The board by speakers": f"{team}/board?by=speaker",
        "The board on a day to come": f"{team}/board?on={(utcnow() + 30 * DAY).date()}",
        "The assignments": f"{team}/assignments",
        "An assignment to make": f"{team}/assignments/new",
        "Who did what": assigned,
        "Who is late": f"{assigned}?state=late",
        "An assignment to change": f"{assigned}/edit",
        "Who knows a deck": known,
        "The attempt of a member": f"/sittings/{there.result_id}",
        "The analysis of a quiz": f"/quizzes/{there.quiz_id}/analysis",
        "Suggestions": f"{team}/suggestions",
        "Invitations": f"{team}/invitations",
        "The log": f"{team}/log",
        "People of the server": "/settings/people",
        "Library": "/library",
        "A document": document,
        "Passages without cards": f"{document}?without=cards",
        "Versions of a document": f"{document}/versions",
        "A bench": f"/drafts/{there.document_id}",
        "Decks": "/decks",
        "A deck": deck,
        "A deck to export": f"{deck}/export",
        "History of the words of a card": f"{deck}{note}/history",
        "Cards": "/cards",
        "A card opened in a search": f"/cards?open={there.card_id}",
        "A card to write": "/write",
        "Trash": "/trash",
        "Quizzes": "/quizzes",
        "A quiz": f"/quizzes/{there.team_quiz_id}",
        "A quiz to make": "/quizzes/new",
    }
    pages = {"member": of_member, "trainer": of_trainer}
    return {f"{name}, for a {who}": (who, path) for who, named in pages.items() for name, path in named.items()}


def refresh(there: Crowd) -> None:
    """Let a worker bring the board up to date."""
    with there.database.writing() as session:
        knowledge.ask(session, there.owner, there.team_id, now=utcnow())
    Worker(there.database).work_off()


def _row(name: str, client: FlaskClient, path: str, rounds: int) -> Row:
    acts = partial(get, client, path), partial(get, hello(), "/")
    in_turns(*acts, rounds=WARM)
    ours, theirs = in_turns(*acts, rounds=rounds)
    return Row(f"{name}: p95", p95(ours) * 1e3, "ms", p95(theirs) * 1e3, "a Flask hello", TIMES)
