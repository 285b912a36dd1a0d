"""Archives that grow without end, lie, point outside themselves or are two things at once."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence

from tests.ingest.building import SAMPLE, markup, pages, pdf, word
from tests.ingest.hostile.files import SENTENCE, Hostile, archive, replaced

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
CENTRAL_SIZE, LOCAL_SIZE = 24, 22  # where an entry's headers tell the size of what it holds


def _docx() -> bytes:
    return word.word(SAMPLE)


def one_entry_of_zeros(megabytes: int) -> bytes:
    """A thousandth of what it becomes."""
    return archive(("notes.txt", bytes(megabytes << 20)))


def word_file_of_zeros(megabytes: int) -> bytes:
    """The same inside an office document."""
    return replaced(_docx(), "word/media/image1.xml", bytes(megabytes << 20), packed=True)


def entry_that_lies_about_its_size(megabytes: int) -> bytes:
    """Says that it holds ten bytes."""
    data = bytearray(one_entry_of_zeros(megabytes))
    for signature, place in ((LOCAL, LOCAL_SIZE), (CENTRAL, CENTRAL_SIZE)):
        at = data.rindex(signature) if signature == CENTRAL else 0
        data[at + place : at + place + 4] = struct.pack("<I", 10)
    return bytes(data)


def entry_that_boasts_of_its_size(gigabytes: int) -> bytes:
    """Says that it holds gigabytes."""
    data = bytearray(_docx())
    at = data.index(CENTRAL)
    data[at + CENTRAL_SIZE : at + CENTRAL_SIZE + 4] = struct.pack("<I", min(gigabytes << 30, 2**32 - 2))
    return bytes(data)


def entries_that_overlap(count: int) -> bytes:
    """Every entry is the same packed bytes, so that a small file is many times itself."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = SENTENCE.encode() * 200_000
    body = packed.compress(content) + packed.flush()
    fields = (0x5455, 0x5455, zlib.crc32(content), len(body), len(content))
    name = b"a0000.txt"
    local = LOCAL + struct.pack("<HHHHHIIIHH", 20, 0, 8, *fields, len(name), 0) + name + body
    listed = []
    for at in range(count):
        name = b"a%04d.txt" % at
        listed.append(
            CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, *fields, len(name), 0, 0, 0, 0, 0, 0) + name
        )
    directory = b"".join(listed)
    most = min(count, 0xFFFF)
    return local + directory + END + struct.pack("<HHHHIIH", 0, 0, most, most, len(directory), len(local), 0)


def archives_in_archives(depth: int) -> bytes:
    """An archive that holds only an archive that holds only an archive."""
    data = archive(("notes.txt", bytes(1 << 20)))
    for level in range(depth):
        data = archive((f"{level}.zip", data))
    return data


def archive_within_itself(count: int) -> bytes:
    """Archives named as documents, each full of the next."""
    inner = archive(("a.md", SENTENCE))
    return archive(*((f"{at}.md", inner) for at in range(count)))


def many_entries(count: int) -> bytes:
    """More entries than any document has."""
    return archive(*((f"{at}.txt", b"a") for at in range(count)), packed=False)


def word_file_of_many_parts(count: int) -> bytes:
    """The same inside an office document."""
    return archive(("[Content_Types].xml", "<Types/>"), *((f"word/{at}.xml", "<a/>") for at in range(count)))


def locked_entry(_: int) -> bytes:
    """Says that it is locked with a password."""
    data = bytearray(archive(("notes.txt", SENTENCE)))
    for signature, place in ((LOCAL, 6), (CENTRAL, 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


def entry_of_unknown_packing(_: int) -> bytes:
    """Is packed in a way that does not exist."""
    data = bytearray(archive(("notes.txt", SENTENCE)))
    for signature, place in ((LOCAL, 8), (CENTRAL, 10)):
        data[data.index(signature) + place] = 77
    return bytes(data)


def names_that_leave(_: int) -> bytes:
    """Would be written over the system's own files."""
    return archive(("../../../../etc/passwd.txt", SENTENCE), ("notes.txt", SENTENCE))


def names_of_drives(_: int) -> bytes:
    """The same for Windows."""
    return archive(("C:\\Windows\\notes.txt", SENTENCE))


def word_file_that_leaves(_: int) -> bytes:
    """The same inside an office document."""
    return replaced(_docx(), "/etc/passwd.xml", "<a/>")


def symbolic_link(_: int) -> bytes:
    """Is a link to a file of the system."""
    link = zipfile.ZipInfo("notes.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        files.writestr(link, "/etc/passwd")
    return out.getvalue()


def names_twice(_: int) -> bytes:
    """Shows one thing to whoever looks and another to whoever reads."""
    data = archive(("a.md", SENTENCE), ("b.md", SENTENCE))
    return data.replace(b"b.md", b"a.md")


def counts_that_lie(_: int) -> bytes:
    """Says that it holds 65,535 entries, so that the true number stands elsewhere, which it does not."""
    data = bytearray(archive(("notes.txt", SENTENCE)))
    at = data.rindex(END)
    data[at + 8 : at + 12] = b"\xff" * 4
    data[at + 12 : at + 20] = b"\xff" * 8
    return bytes(data)


def wide_sizes_that_lie(_: int) -> bytes:
    """Holds a number of 64 bits for the size of an entry, as large as there is."""
    data = archive(("notes.txt", SENTENCE))
    at = data.index(CENTRAL)
    extra = struct.pack("<HHQQQ", 1, 24, 2**64 - 1, 2**64 - 1, 2**63)
    entry = bytearray(data[at : data.rindex(END)])
    entry[20:28] = b"\xff" * 8
    entry[30:32] = struct.pack("<H", len(extra))
    entry[42:46] = b"\xff" * 4
    entry += extra
    end = bytearray(data[data.rindex(END) :])
    end[12:16] = struct.pack("<I", len(entry))
    return data[:at] + bytes(entry) + bytes(end)


def _behind(first: bytes, second: bytes) -> bytes:
    return first + b"\n" + second


def web_page_before_an_archive(_: int) -> bytes:
    """Is a web page to whoever looks at its start and a Word file to whoever looks at its end."""
    return _behind(pages.plain(SAMPLE), _docx())


def pdf_before_an_archive(_: int) -> bytes:
    """A PDF at the start and an archive at the end."""
    return _behind(pdf.pdf(SAMPLE), archive(("../evil.md", SENTENCE)))


def picture_before_an_archive(_: int) -> bytes:
    """A picture at the start and an archive at the end."""
    return b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(20) + b";" + archive(("notes.txt", SENTENCE))


def text_before_an_archive(_: int) -> bytes:
    """A text at the start and an archive at the end."""
    return _behind(markup.markdown(SAMPLE), _docx())


def archive_with_a_pdf_in_its_comment(_: int) -> bytes:
    """An archive at the start and a PDF at the end."""
    out = io.BytesIO(archive(("notes.txt", SENTENCE)))
    with zipfile.ZipFile(out, "a") as files:
        files.comment = pdf.pdf(SAMPLE)[:60_000]
    return out.getvalue()


def archive_of_bad_documents(count: int) -> bytes:
    """Holds nothing but documents that are broken."""
    bad: Sequence[bytes] = (b"%PDF-1.7 broken", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"\x00\x01\x02", b" ")
    suffixes = ("pdf", "docx", "doc", "txt", "md")
    return archive(*((f"{at}.{suffixes[at % 5]}", bad[at % 5]) for at in range(count)))


def book_without_chapters(_: int) -> bytes:
    """Says that it is a book, and that its contents are a file of the system."""
    return archive(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", '<container><rootfiles><rootfile full-path="/etc/passwd"/></rootfiles></container>'),
    )


def office_file_of_two_kinds(_: int) -> bytes:
    """Is a Word file, a workbook and a presentation at the same time, and none of them."""
    return archive(
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", "<a/>"),
        ("word/document.xml", "<a/>"),
        ("ppt/a.xml", ""),
    )


FILES = {
    "one entry of zeros": Hostile("a.zip", one_entry_of_zeros, 64, costly=True),
    "Word file of zeros": Hostile("a.docx", word_file_of_zeros, 64, costly=True),
    "entry that lies about its size": Hostile("a.zip", entry_that_lies_about_its_size, 64, costly=True),
    "entry that boasts of its size": Hostile("a.docx", entry_that_boasts_of_its_size, 3),
    "entries that overlap": Hostile("a.zip", entries_that_overlap, 1_000, costly=True),
    "archives in archives": Hostile("a.zip", archives_in_archives, 40),
    "archives named as documents": Hostile("a.zip", archive_within_itself, 50),
    "many entries": Hostile("a.zip", many_entries, 6_000),
    "Word file of many parts": Hostile("a.docx", word_file_of_many_parts, 6_000),
    "locked entry": Hostile("a.zip", locked_entry),
    "entry of unknown packing": Hostile("a.zip", entry_of_unknown_packing),
    "names that leave": Hostile("a.zip", names_that_leave),
    "names of drives": Hostile("a.zip", names_of_drives),
    "Word file that leaves": Hostile("a.docx", word_file_that_leaves),
    "symbolic link": Hostile("a.zip", symbolic_link),
    "names twice": Hostile("a.zip", names_twice),
    "counts that lie": Hostile("a.zip", counts_that_lie),
    "wide sizes that lie": Hostile("a.zip", wide_sizes_that_lie),
    "web page before an archive": Hostile("a.docx", web_page_before_an_archive),
    "PDF before an archive": Hostile("a.zip", pdf_before_an_archive),
    "picture before an archive": Hostile("a.zip", picture_before_an_archive),
    "text before an archive": Hostile("a.docx", text_before_an_archive),
    "archive with a PDF in its comment": Hostile("a.pdf", archive_with_a_pdf_in_its_comment),
    "archive of bad documents": Hostile("a.zip", archive_of_bad_documents, 50),
    "book without chapters": Hostile("a.epub", book_without_chapters),
    "office file of two kinds": Hostile("a.docx", office_file_of_two_kinds),
}
