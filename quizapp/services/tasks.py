"""What people can ask to be done by a worker: one class a kind of job, which says all that the kind needs.

A new kind is a member of `JobKind`, a class here, and a function in `worker/kinds.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from quizapp.domain import deck_names
from quizapp.domain.jobs import JobKind
from quizapp.errors import InvalidInput
from quizapp.exchange.layout import Role, Wishes, Writing
from quizapp.fetch import places
from quizapp.ingest import formats
from quizapp.services import incoming_files
from quizapp.services.jobs import Task
from quizapp.translations import _


@dataclass(frozen=True)
class ToRead:
    """A document to be read and stored with its drafts; the file itself is handed in besides, or fetched first."""

    filename: str = ""  # nothing while it is to be fetched
    title: str = ""  # instead of the document's own, unless it is empty
    deck_name: str = ""  # instead of the title, unless it is empty
    keep_ready: bool = False  # keep every ready draft at once
    as_new: bool = False  # a document of its own, however like one that is there
    url: str = ""  # where it was or is to be fetched, unless it is empty
    batch: str = ""  # what it is handed in together with, unless it comes alone

    def task(self, data: bytes) -> Task:
        """Return this as a task for a worker; what can be refused at once is refused now."""
        if incoming_files.is_of_anki(self.filename):
            raise InvalidInput("This is a package of Anki. Take it in under Decks, Import, or with quizapp import.")
        formats.refuse_at_sight(data)
        return self._task(self.title or self.filename)

    def task_of_fetching(self) -> Task:
        """Return this as a task for a worker who fetches the file; an address that cannot be one is refused now."""
        places.place(self.url)
        return self._task(self.title or self.url)

    def _task(self, title: str) -> Task:
        if self.deck_name:
            deck_names.clean(self.deck_name)
        return Task(JobKind.READ, title, _storable(asdict(self)))


def batch_of(files: Iterable[bytes]) -> str:
    """Return a name for files that are handed in together: the same for the same files, so that twice is once."""
    names = sorted(sha256(data).hexdigest() for data in files)
    return sha256("".join(names).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class ToExport:
    """A deck to be packed for Anki."""

    deck_id: int
    with_progress: bool = False  # schedules, reviews and all that goes with them
    with_source: bool = True  # quotes and what stands around them

    def task(self, deck_name: str) -> Task:
        """Return this as a task for a worker."""
        return Task(JobKind.EXPORT, deck_name, _storable(asdict(self)))


@dataclass(frozen=True)
class ToImport:
    """A file of another program to be taken in; the file itself is handed in besides."""

    filename: str
    into: str = ""  # the deck of cards that the file puts into none, instead of its name
    wishes: Mapping[str, Any] = field(default_factory=dict)  # how it is to be read, see `wished`

    def task(self, file: str | None = None) -> Task:
        """Return this as a task for a worker; what can be refused by its name is refused now."""
        incoming_files.holds_cards_alone(self.filename)
        if self.into:
            deck_names.clean(self.into)
        return Task(JobKind.IMPORT, self.filename, _storable(asdict(self)), file)

    @property
    def chosen(self) -> Wishes:
        """Return how the file is to be read."""
        given = dict(self.wishes)
        columns = tuple(Role(one) for one in given.pop("columns", ()))
        writing = given.pop("writing", None)
        return Wishes(columns=columns, writing=Writing(writing) if writing else None, **given)


def wished(wishes: Wishes) -> dict[str, Any]:
    """Return how a file is to be read as a job can keep it."""
    columns, writing = [one.value for one in wishes.columns], wishes.writing
    return {**asdict(wishes), "columns": columns, "writing": writing.value if writing else None}


@dataclass(frozen=True)
class ToKnow:
    """What a team knows is to be worked out anew, where people have studied since."""

    team_id: int

    def task(self, team: str) -> Task:
        """Return this as a task for a worker."""
        return Task(JobKind.KNOW, team, asdict(self))


def to_fit() -> Task:
    """Return the fitting of parameters to a learner's own reviews as a task; it needs nothing else."""
    return Task(JobKind.FIT, _("Your reviews"), {})


def to_take_out() -> Task:
    """Return the gathering of everything that is a person's own as a task; it needs nothing else."""
    return Task(JobKind.TAKE_OUT, _("Your data"), {})


def _storable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what no database keeps: file names may hold bytes that are no text."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in given.items()
    }
