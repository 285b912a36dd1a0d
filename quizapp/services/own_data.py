"""Everything of one person in one file, to take along. Start from `gather`.

`FILES` says which table goes into which file, `STAYS` why a table that names people goes into none.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from quizapp.db import decks, learners, teams
from quizapp.db import own_data as rows
from quizapp.db.engine import Session, media_of
from quizapp.db.own_data import Own, Stored
from quizapp.domain import deck_names
from quizapp.domain.permissions import Actor, own
from quizapp.errors import NotFound
from quizapp.exchange.formats import OWN
from quizapp.sandbox import Progress
from quizapp.services import jobs, leaving
from quizapp.services.tasks import to_take_out
from quizapp.services.transfer import Contents
from quizapp.translations import _, marked

IN_MEMORY = 32 << 20
LETTERS_TEXT = frozenset({"text", "once"})
JOB_FILES = frozenset({"given", "result"})

FILES: dict[str, tuple[str, tuple[Own, ...]]] = {
    "account.json": (
        marked("your name, your account without its password, your settings, your own parameters, searches you saved"),
        (
            Own("learner", "id"),
            Own("account", "learner_id"),
            Own("identity", "learner_id"),
            Own("notice", "learner_id"),
            Own("setting"),
            Own("fsrs_parameters"),
            Own("saved_search"),
        ),
    ),
    "sign-ins.json": (
        marked("the browsers you were signed in with, your API tokens and invitations, without the keys themselves"),
        (
            Own("sign_in", "learner_id"),
            Own("api_token", "learner_id"),
            Own("one_time_link", "maker_id", frozenset({"email"})),
        ),
    ),
    "teams.json": (
        marked(
            "the teams you belong or belonged to, what you let them see, the decks you follow, and what is stored of what "
            "you know of their material"
        ),
        (
            Own("membership", "learner_id"),
            Own("follow", "learner_id"),
            Own("knowledge", "learner_id"),
            Own("knowledge_state", "learner_id"),
            Own("study_day", "learner_id"),
            Own("study_sum", "learner_id"),
        ),
    ),
    "library.json": (
        marked("everything in your own library as it is stored, the trash too"),
        (
            *(Own(one) for one in ("deck", "document", "document_version", "document_change", "document_kin")),
            *(Own(one) for one in ("note", "card", "tag", "note_tag", "document_tag", "picture", "original")),
            *(Own(one) for one in ("draft", "draft_step", "split", "bulk_step", "import_run", "import_step")),
            Own("card_medium"),
        ),
    ),
    "study.json": (
        marked("every answer you gave to a card, of your own decks and of your teams', and what follows from them"),
        (
            Own("review", "learner_id"),
            Own("card_action", "learner_id"),
            Own("memory", "learner_id"),
            Own("plan", "learner_id"),
            Own("study_session"),
            Own("accepted"),
            Own("hard_note", "learner_id"),
            Own("deck_option", "learner_id"),
            Own("exam", "learner_id"),
        ),
    ),
    "quizzes.json": (
        marked(
            "your quizzes, every time you sat for one, and what you answered; what is right in an assignment is told on its "
            "own page, when its rules say so"
        ),
        (Own("quiz"), Own("question"), Own("sitting", "learner_id"), Own("assignee", "learner_id")),
    ),
    "assigned.json": (marked("the assignments that you made for others"), (Own("assignment", "made_by"),)),
    "suggestions.json": (
        marked("changes that you suggested, cards that you reported, wordings that you wrote"),
        (Own("suggestion", "person_id"), Own("report", "person_id"), Own("wording", "changed_by")),
    ),
    "letters.json": (
        marked("the letters that were sent to you: subjects and times"),
        (Own("letter", "learner_id", LETTERS_TEXT),),
    ),
    "jobs.json": (
        marked("long work that you asked for in the last days"),
        (Own("job", without=JOB_FILES | {"file", "made"}),),
    ),
}
# Told by functions of their own: what is in them is the person's by more than one column.
APART: dict[str, tuple[str, Callable[[Session, Actor], Iterator[Mapping[str, Any]]]]] = {
    "quizzes.json": ("answer", rows.answers),
    "teams.json": ("audit_event", rows.log_lines),
}
STAYS = {
    "team": "names its library, which is the team's",
    "knowledge_sum": "sums of what is in knowledge, which are removed with whoever is in them",
    "knowledge_summed": "names the library that those sums are of, which is the team's",
    "team_missed": "what a team misses, under the library, which is the team's; answers are in quizzes.json",
    "team_recall": "means over five people or more, in which nobody can be told apart",
    "quiz_analysis": "figures over all who answered a quiz; one's own answers are in a file",
    "tally": "counts of plans, which are in study.json",
    "passage": "pieces of documents, whose texts are in library.json",
    "passage_words": "words of documents, for the search",
    "note_words": "words of notes, for the search",
    "imported": "how notes stood in a file that was imported, to know them again; the notes are in library.json",
}
OTHERS = (
    (
        "decks/",
        marked("your own decks with your progress, one file each; Recto takes them in again under Decks, Import"),
    ),
    ("documents/", marked("the files that you handed in, and the text that was read from each")),
    ("pictures/", marked("the pictures that were in them")),
    ("media/", marked("the pictures and sounds that your cards show and play")),
)


@dataclass(frozen=True)
class Gathered:
    """The file with everything of a person."""

    filename: str
    data: bytes
    files: int
    problems: tuple[str, ...]  # what could not be put in


@dataclass
class _Chest:
    """A zip that is being filled."""

    archive: zipfile.ZipFile
    problems: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes | str) -> None:
        self.archive.writestr(name, data)


def ask(session: Session, actor: Actor, *, now: datetime) -> int:
    """Ask a worker to gather everything of the actor's, and return the job."""
    return jobs.ask(session, own(actor), to_take_out(), now=now)


def gather(session: Session, actor: Actor, *, now: datetime, on_progress: Progress | None = None) -> Gathered:
    """Return everything of the actor's in a zip, with a page in plain words of what is where, and nothing of others."""
    person = Actor(actor.person_id, roles=teams.roles(session, actor.person_id))
    with SpooledTemporaryFile(max_size=IN_MEMORY) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            chest = _Chest(archive)
            chest.put("README.txt", _readme(session, person, now))
            steps = (_put_tables, _put_decks, _put_documents, _put_pictures, _put_media)
            for number, step in enumerate(steps):
                if on_progress:
                    on_progress(number / len(steps), _("Gathering what is yours"))
                step(session, person, chest)
            count = len(archive.namelist())
        raw.seek(0)
        return Gathered(f"recto-{now:%Y-%m-%d}.zip", raw.read(), count, tuple(chest.problems))


def _readme(session: Session, person: Actor, now: datetime) -> str:
    name = learners.name_of(session, person.person_id)
    lines = [
        _("What Recto stores of %(name)s, as of %(day)s.", name=name, day=f"{now:%Y-%m-%d}"),
        "",
        *(f"{file}\n    {_(about)}" for file, (about, _tables) in FILES.items()),
        *(f"{folder}\n    {_(about)}" for folder, about in OTHERS),
        "",
        _("Files in .json are text: any editor opens them. Times are in UTC, stretches of time in seconds."),
        _("Passwords and keys are not in here, and nothing of other people."),
    ]
    return "\n".join(lines) + "\n"


def _put_tables(session: Session, person: Actor, chest: _Chest) -> None:
    for file, (_about, tables) in FILES.items():
        with chest.archive.open(file, "w", force_zip64=True) as out:
            parts = {one.table: rows.rows(session, person, one) for one in tables}
            if file in APART:
                table, find = APART[file]
                parts[table] = find(session, person)
            for number, (table, found) in enumerate(parts.items()):
                out.write(f"{',' if number else '{'}\n{json.dumps(table)}: [".encode())
                for place, row in enumerate(found):
                    out.write(f"{',' if place else ''}\n {_written(row)}".encode("utf-8", "replace"))
                out.write(b"]")
            out.write(b"\n}\n")


def _written(row: Mapping[str, Any]) -> str:
    return json.dumps(dict(row), ensure_ascii=False, default=str)


def _put_decks(session: Session, person: Actor, chest: _Chest) -> None:
    """Put in each deck that is in no other, with its subdecks and the person's progress."""
    whole = {row.name_key for row in decks.by_name(session, person.person_id)}
    for row in decks.by_name(session, person.person_id):
        if any(above in whole for above in deck_names.lineage(row.name_key) if above != row.name_key):
            continue
        exported, _losses = leaving.export(session, person, row.id, OWN, contents=Contents(progress=True), at_most=None)
        chest.put(f"decks/{row.id}-{exported.filename}", exported.data)
        chest.problems.extend(exported.problems)


def _put_documents(session: Session, person: Actor, chest: _Chest) -> None:
    _put_stored(session, "documents", rows.originals(session, person), chest)
    for document_id, title, text in rows.texts(session, person):
        chest.put(f"documents/{document_id}-{_safe(title)}.text.txt", text)


def _put_pictures(session: Session, person: Actor, chest: _Chest) -> None:
    _put_stored(session, "pictures", rows.pictures(session, person), chest)


def _put_media(session: Session, person: Actor, chest: _Chest) -> None:
    _put_stored(session, "media", rows.media(session, person), chest)


def _put_stored(session: Session, folder: str, files: Sequence[Stored], chest: _Chest) -> None:
    media = media_of(session)
    for one in files:
        try:
            chest.put(f"{folder}/{one.id}-{_safe(one.name)}", media.get(one.hash))
        except NotFound:
            chest.problems.append(_("The file of “%(name)s” is missing.", name=one.name))


def _safe(name: str) -> str:
    """Return a name that every system can store a file under."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-._")[-80:] or "file"
