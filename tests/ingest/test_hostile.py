"""Files that mean no good are read or refused with a sentence, within the limits, and nothing is asked of anybody."""

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import sandbox
from quizapp.domain.documents import Document, Picture
from quizapp.errors import InvalidInput
from quizapp.ingest import bundles, read
from quizapp.ingest.formats import SIGNATURES, suffixes
from quizapp.ingest.pictures import header_of
from quizapp.ingest.text import INVISIBLE
from quizapp.services.reading import READING
from tests.ingest.building import SAMPLE, Part, markup, opendocument, pages, pdf, slides, word
from tests.ingest.hostile import HOSTILE
from tests.ingest.hostile.files import SENTENCE, archive
from tests.ingest.hostile.xmls import KINDS, cells

CHEAP = [name for name, file in HOSTILE.items() if not file.costly]
COSTLY = [name for name, file in HOSTILE.items() if file.costly]
AT_ONCE = 14  # files for one child, which takes longer to start than to read most of them
SHARE = 3  # of them may together take as long as so many files: each is half the size that a careless reader breaks at
OUTWARD = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
SECRET = "root:x:0"  # what every file of passwords opens with
TALK = f"1\n00:00:01,000 --> 00:00:09,000\n{SENTENCE}\n"


def outcome(data: bytes, filename: str) -> list[Document | str]:
    """Return what a person gets of a file: documents, or the sentences that refuse them."""
    try:
        bundle = bundles.unpacked(data) if bundles.could_be(data, filename) else None
        if bundle is None:
            return [read(data, filename)]
    except InvalidInput as refusal:
        return [refusal.message]
    found = [outcome(one.data, one.filename.replace(".zip", ".txt")) for one in bundle.documents]
    return [*bundle.problems, *(one for inside in found for one in inside)]


def faults(found: Sequence[Document | str]) -> list[str]:
    """Return what is wrong with what a person gets."""
    out = []
    for one in found:
        if isinstance(one, Document):
            shown = [one.title, one.text, *one.problems, *(picture.alt for picture in one.pictures)]
            out += [f"unclean: {text[:80]!r}" for text in shown if INVISIBLE.search(text) or _halves(text)]
            out += ["a file of the system"] if SECRET in one.text else []
            out += ["no picture" for picture in one.pictures if told(picture) != header_of(picture.data)]
        elif not re.fullmatch(r"[A-Z“].*[.]", one) or re.search(r"Error|Exception|Traceback|/usr|\.py\b|0x", one):
            out.append(f"no sentence: {one}")
    return out


def told(picture: Picture) -> tuple[str, int, int]:
    return picture.media_type, picture.width, picture.height


def _halves(text: str) -> bool:
    return any(unicodedata.category(character) == "Cs" for character in text)


def outward(event: str, _: object) -> None:
    """End whatever asks something of the network or of another program."""
    if event in OUTWARD:
        raise AssertionError(event)


def all_faults(names: Sequence[str], report: Callable[[float, str], None]) -> dict[str, list[str]]:
    """Return what is wrong with what a person gets of these files."""
    sys.addaudithook(outward)
    built = {name: HOSTILE[name] for name in names}
    return {name: faults(outcome(file.build(file.size), file.filename)) for name, file in built.items()}


@pytest.mark.parametrize("name", CHEAP)
def test_a_hostile_file_is_read_or_refused_with_a_sentence(name):
    file = HOSTILE[name]

    assert faults(outcome(file.build(file.size), file.filename)) == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(COSTLY), AT_ONCE), ids=lambda start: COSTLY[start])
def test_a_file_that_could_cost_time_and_memory_is_read_or_refused_within_the_limits(start):
    names = COSTLY[start : start + AT_ONCE]
    limits = replace(READING, seconds=READING.seconds * SHARE)

    assert sandbox.run(all_faults, names, limits=limits) == {name: [] for name in names}


@pytest.mark.slow
def test_nothing_outside_a_file_is_ever_asked_for():
    names = [
        name for name in CHEAP if "outside" in name or "external" in name or "elsewhere" in name or "macros" in name
    ]

    assert sandbox.run(all_faults, names, limits=READING) == {name: [] for name in names}


@pytest.mark.parametrize("name", ["archives named as documents", "archives in archives"])
def test_an_archive_of_nothing_readable_says_what_was_in_it(name):
    (told,) = outcome(HOSTILE[name].build(5), "a.zip")

    assert "holds no document that Recto can read" in told


STORED = {
    ".md": markup.markdown(SAMPLE),
    ".html": pages.plain(SAMPLE),
    ".epub": pages.epub(SAMPLE),
    ".docx": word.word(SAMPLE),
    ".odt": opendocument.opendocument(SAMPLE),
    ".pptx": slides.slides(SAMPLE),
    ".pdf": pdf.pdf(SAMPLE),
    ".xlsx": cells("<row><c t='str'><v>Skarn</v></c><c><v>43</v></c></row>" * 3),
    ".csv": b"Light,Height\nSkarn,43\nUlver,28\n",
    ".srt": TALK.encode(),
    ".zip": archive(("a.md", markup.markdown(SAMPLE))),
}


@pytest.mark.parametrize("named", [*suffixes(), ".zip", ".exe", ""])
@pytest.mark.parametrize("kind", STORED)
def test_a_file_under_any_other_name_is_read_or_refused_with_a_sentence(kind, named):
    assert faults(outcome(STORED[kind], f"skarn{named}")) == []


@pytest.mark.parametrize("kind", STORED)
def test_a_file_that_is_cut_off_is_read_or_refused_with_a_sentence(kind):
    data, dice = STORED[kind], Random(1871)

    for length in (1, 10, *(dice.randrange(len(data)) for _ in range(12)), len(data) - 1):
        assert faults(outcome(data[:length], f"skarn{kind}")) == []


@pytest.mark.parametrize("signature", [b"PK\x03\x04", b"%PDF-1.7\n", b"<html>", *(sign for sign, _ in SIGNATURES)])
def test_random_bytes_behind_any_signature_are_refused_with_a_sentence(signature):
    for seed in range(5):
        data = signature + Random(seed).randbytes(2_000)

        assert faults(outcome(data, "a.txt")) == []


CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["flip", "cut", "double", "zero", "word"]), st.integers(0, 255)),
    min_size=1,
    max_size=6,
)
WORDS = (b"\xff\xd8\xff", b"999999999999", b"-1", b"<", b">>", b"&amp;", b"\x00", b"\xed\xa0\x80", b"endobj", b"]]>")


@pytest.mark.parametrize("kind", STORED)
@given(changes=CHANGES)
def test_whatever_changes_in_a_file_it_is_read_or_refused_with_a_sentence(kind, changes):
    data = bytearray(STORED[kind])
    for where, how, value in changes:
        at = int(where * (len(data) - 1)) if data else 0
        match how:
            case "flip" if data:
                data[at] ^= value or 1
            case "cut":
                del data[at : at + value]
            case "double":
                data[at:at] = data[at : at + value]
            case "zero":
                data[at : at + 4] = bytes(4)
            case _:
                data[at:at] = WORDS[value % len(WORDS)]

    assert faults(outcome(bytes(data), f"skarn{kind}")) == []


DISGUISED = f"The \u202elamp\u202c is\u200b lit\u2067 at\u00ad \u2060six\ufeff. {SENTENCE}"
PARTS = tuple(replace(part, text=DISGUISED, lead="", cells=()) for part in SAMPLE if not part.cells)
CLEAN_BUILDERS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    ".md": markup.markdown,
    ".html": pages.plain,
    ".epub": pages.epub,
    ".docx": word.word,
    ".odt": opendocument.opendocument,
    ".pptx": slides.slides,
    ".csv": lambda parts: "\n".join(f"Light,{part.text}" for part in parts).encode(),
    ".srt": lambda parts: TALK.replace(SENTENCE, parts[0].text).encode(),
    ".xlsx": lambda parts: cells(f"<row><c t='str'><v>{parts[0].text}_xD800_</v></c></row>" * 3),
}


@pytest.mark.parametrize("kind", CLEAN_BUILDERS)
def test_what_is_stored_and_shown_holds_nothing_invisible_in_any_format(kind):
    (document,) = outcome(CLEAN_BUILDERS[kind](PARTS), f"\u202eskarn\ud800{kind}")

    assert "The lamp is lit at six." in document.text
    assert faults([document]) == []


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x202E;", "&#0;", "&#xFFFFFFFF;", "&#x200B;"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_spelled_out_as_a_number_is_clean_too(kind, reference):
    filename, build, paragraph = KINDS[kind]

    assert faults(outcome(build(paragraph.format(f"{SENTENCE}{reference} So it is."), ""), filename)) == []
