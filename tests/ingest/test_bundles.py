import stat
import zipfile

import pytest

from quizapp.errors import InvalidInput
from quizapp.ingest import bundles
from quizapp.ingest.formats import MAX_BYTES
from tests.make import archive

NOTE = b"A berth is the place where a ship lies."


def names(bundle):
    return [one.filename for one in bundle.documents]


def test_documents_come_out_in_order_under_their_own_names():
    bundle = bundles.unpacked(archive(("week 1/berths.md", NOTE), ("week 2/", b""), ("week 2/Köln.TXT", NOTE + b"!")))

    assert [(one.filename, one.data) for one in bundle.documents] == [("berths.md", NOTE), ("Köln.TXT", NOTE + b"!")]
    assert bundle.problems == ()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("__MACOSX/._berths.md", NOTE, "hidden files: “__MACOSX/._berths.md”"),
        (".git/HEAD.txt", NOTE, "hidden files"),
        ("a/.hidden.md", NOTE, "hidden files"),
        ("inner.zip", archive(("a.md", NOTE)), "archives inside this one; unpack them first: “inner.zip”"),
        ("inner.tar.gz", b"\x1f\x8b", "archives inside this one"),
        ("picture.png", b"\x89PNG", "files of other kinds: “picture.png”"),
        ("program.exe", b"MZ", "files of other kinds"),
        ("a.txt", b"\x89PNG", "“a.txt”: This is a picture"),
        ("a.md", archive(("b.md", NOTE)), "“a.md”: Recto cannot read"),
        ("a.md", b" \n", "“a.md” is empty."),
        ("a.md", NOTE * (MAX_BYTES // len(NOTE) + 1), "larger than"),
    ],
    ids=[
        *(
            "Mac",
            "git",
            "hidden",
            "zip",
            "tar",
            "picture",
            "program",
            "picture as text",
            "zip as text",
            "empty",
            "large",
        ),
    ],
)
def test_what_is_no_document_is_left_out_and_named(name, content, says, monkeypatch):
    monkeypatch.setattr("quizapp.ingest.archives.MAX_RATIO", 1_000_000)
    bundle = bundles.unpacked(archive((name, content), ("berths.md", NOTE)))

    assert names(bundle) == ["berths.md"]
    (problem,) = bundle.problems
    assert says in problem


def test_many_of_a_kind_are_told_in_one_sentence():
    bundle = bundles.unpacked(archive(*((f"{number}.png", b"") for number in range(1_000)), ("a.md", NOTE)))

    (problem,) = bundle.problems
    assert problem.endswith("“4.png” and 995 more.")


def test_no_more_are_taken_than_a_person_can_look_at():
    bundle = bundles.unpacked(archive(*((f"{number}.md", NOTE) for number in range(53))))

    assert len(bundle.documents) == bundles.MOST_DOCUMENTS
    assert "beyond 50 documents or 64 MB: “50.md”, “51.md”, “52.md”" in bundle.problems[0]


def test_no_more_are_taken_than_memory_holds(monkeypatch):
    monkeypatch.setattr(bundles, "MOST_BYTES", 2 * len(NOTE))
    bundle = bundles.unpacked(archive(("a.md", NOTE), ("b.md", NOTE * 2), ("c.md", NOTE)))

    assert names(bundle) == ["a.md", "c.md"]


@pytest.mark.parametrize("entries", [(), (("a.png", b"\x89PNG"),), (("a/", b""),)], ids=["empty", "picture", "folder"])
def test_an_archive_without_a_document_is_refused(entries):
    with pytest.raises(InvalidInput, match="holds no document that Recto can read"):
        bundles.unpacked(archive(*entries))


def test_an_office_file_is_a_document_itself():
    office = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>"))

    assert bundles.unpacked(office) is None


def link():
    entry = zipfile.ZipInfo("a.md")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive((entry, "/etc/passwd"))


@pytest.mark.parametrize(
    "data",
    [
        archive(("../a.md", NOTE)),
        archive(("/etc/a.md", NOTE)),
        archive(("C:\\a.md", NOTE)),
        link(),
        archive(("a.md", bytes(80 << 20))),
        archive(("a.md", NOTE))[:-30],
        bytes(MAX_BYTES + 1),
    ],
    ids=["above", "root", "drive", "link", "bomb", "broken", "large"],
)
def test_an_archive_that_no_good_program_makes_is_refused(data):
    with pytest.raises(InvalidInput):
        bundles.unpacked(data)


@pytest.mark.parametrize(
    ("data", "name", "could"),
    [
        (archive(), "a.zip", True),
        (archive(("a", b"")), "A.ZIP", True),
        (NOTE, "a.zip", False),
        (archive(), "a.docx", False),
    ],
)
def test_only_what_is_named_so_and_begins_so_is_taken_apart(data, name, could):
    assert bundles.could_be(data, name) is could
