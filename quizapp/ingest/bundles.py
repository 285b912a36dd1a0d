"""Several documents in one zip archive. Start from `unpacked`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from quizapp.errors import InvalidInput
from quizapp.ingest import archives, formats
from quizapp.translations import _

SUFFIX = ".zip"
MOST_DOCUMENTS = 50
MOST_BYTES = 64 << 20  # of all documents together
MOST_NAMES = 5  # said in one sentence
PACKED = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"})


@dataclass(frozen=True)
class Packed:
    """A document that lay in an archive."""

    data: bytes
    filename: str


@dataclass(frozen=True)
class Bundle:
    """The documents of an archive in its order, and what was left in it, as sentences."""

    documents: tuple[Packed, ...]
    problems: tuple[str, ...]


@dataclass
class _LeftOut:
    """What stays in the archive, by why."""

    hidden: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # sentences
    beyond: list[str] = field(default_factory=list)

    def sentences(self) -> Iterator[str]:
        """Yield what a person should know of it."""
        for names, why in (
            (self.hidden, _("hidden files")),
            (self.packed, _("archives inside this one; unpack them first")),
            (self.unknown, _("files of other kinds")),
            (
                self.beyond,
                _(
                    "what is beyond %(documents)s documents or %(size)s MB",
                    documents=MOST_DOCUMENTS,
                    size=MOST_BYTES >> 20,
                ),
            ),
        ):
            if names:
                yield _("Left out, %(why)s: %(names)s.", why=why, names=_named(names))
        yield from self.refused


def could_be(data: bytes, filename: str) -> bool:
    """Say whether a file is named and begins like an archive of documents."""
    return archives.is_archive(data) and PurePath(filename).suffix.lower() == SUFFIX


def unpacked(data: bytes) -> Bundle | None:
    """Return the documents in an archive, or None for one that is itself a document, as office files are."""
    formats.refuse_at_sight(data)
    if archives.suffix(data) != SUFFIX:
        return None
    left = _LeftOut()
    documents = tuple(_documents(archives.opened(data), left))
    if not documents:
        raise InvalidInput(f"This archive holds no document that Recto can read. {' '.join(left.sentences())}".strip())
    return Bundle(documents, tuple(left.sentences()))


def _documents(archive: archives.Archive, left: _LeftOut) -> Iterator[Packed]:
    room, count = MOST_BYTES, 0
    for name in _visible(archive.names, left):
        content = archive.read(name)
        if refusal := _refusal(content, name):
            left.refused.append(refusal)
        elif count == MOST_DOCUMENTS or len(content) > room:
            left.beyond.append(name)
        else:
            room, count = room - len(content), count + 1
            yield Packed(content, PurePath(name).name)


def _visible(names: Iterable[str], left: _LeftOut) -> Iterator[str]:
    """Yield the names that documents have; note the others."""
    for name in names:
        path = PurePath(name)
        suffix = path.suffix.lower()
        if any(part.startswith((".", "__MACOSX")) for part in path.parts):
            left.hidden.append(name)
        elif suffix in PACKED:
            left.packed.append(name)
        elif suffix not in formats.suffixes():
            left.unknown.append(name)
        else:
            yield name


def _refusal(content: bytes, name: str) -> str:
    """Return why a file will not be read, as far as that shows at sight; nothing if it may be."""
    try:
        formats.refuse_at_sight(content)
        formats.format_of(content, name)
    except InvalidInput as refusal:
        return f"“{formats.shown_name(name)}”: {refusal.message}"
    return "" if content.strip() else _("“%(name)s” is empty.", name=formats.shown_name(name))


def _named(names: list[str]) -> str:
    shown = ", ".join(f"“{formats.shown_name(name)}”" for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown
