"""PDFs that lead in circles, grow without end or are full of nonsense."""

import zlib
from collections.abc import Callable, Sequence

from tests.ingest.building import SAMPLE, pdf
from tests.ingest.hostile.files import SENTENCE, Hostile, picture, zeros

CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
SHOWN = pdf.text(72, 700, SENTENCE)
HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def _page(contents: str = "4 0 R", resources: str = "/Font<</R 5 0 R>>", more: str = "") -> str:
    return f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{resources}>>/Contents {contents}{more}>>"


def _one_page(
    content: bytes | str = SHOWN,
    *others: str | bytes,
    font: str = HELVETICA,
    page: str = "",
    catalog: str = CATALOG,
    packed: bytes = b"",
) -> bytes:
    """Return a file of one page; its objects are a catalog, pages, the page, what it shows, a font and the others."""
    shown = content.encode("latin-1") if isinstance(content, str) else content
    stream = f"<</Length {len(packed)}/Filter/FlateDecode>>\nstream\n".encode() + packed + b"\nendstream"
    return pdf.file(
        [
            catalog,
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            page or _page(),
            stream if packed else pdf.stream(shown),
            font,
            *others,
        ]
    )


def pages_in_a_circle(_: int) -> bytes:
    """Its tree of pages holds itself."""
    return pdf.file(
        [CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Pages/Parent 2 0 R/Count 1/Kids[2 0 R]>>"]
    )


def pages_that_hold_themselves_often(count: int) -> bytes:
    """Each level of its tree names the next one many times."""
    levels = [f"<</Type/Pages/Count 1000000/Kids[{f'{at + 3} 0 R ' * count}]>>" for at in range(30)]
    return pdf.file([CATALOG, *levels, _page()])


def pages_without_number(count: int) -> bytes:
    """Far more pages than a book has, all of them the same one."""
    return pdf.file(
        [
            CATALOG,
            f"<</Type/Pages/Count {count}/Kids[{'3 0 R ' * count}]>>",
            _page(),
            pdf.stream(SHOWN.encode()),
            HELVETICA,
        ]
    )


def pages_of_text(count: int) -> bytes:
    """As many pages of text as are read."""
    return pdf.document([pdf.column([SENTENCE * 12] * 4, 72, 450)] * count)


def count_that_lies(count: int) -> bytes:
    """Says that it has far more pages."""
    return pdf.file(
        [CATALOG, f"<</Type/Pages/Count {count}/Kids[3 0 R]>>", _page(), pdf.stream(SHOWN.encode()), HELVETICA]
    )


def table_in_a_circle(_: int) -> bytes:
    """Its table of places sends the reader back to itself."""
    data = pdf.pdf(SAMPLE)
    start = data[data.rindex(b"startxref") :].split()[1]
    return data.replace(b"trailer\n<<", b"trailer\n<</Prev " + start + b" ")


def table_that_lies(count: int) -> bytes:
    """Says that it lists far more objects than there are."""
    return pdf.pdf(SAMPLE).replace(b"xref\n0 ", b"xref\n0 %d" % count)


def table_packed_of_zeros(megabytes: int) -> bytes:
    """Its table of places grows without end when unpacked."""
    packed = zeros(megabytes)
    head = f"<</Type/XRef/Size 999999999/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
    data = b"%PDF-1.7\n1 0 obj\n" + CATALOG.encode() + b"\nendobj\n"
    return data + b"2 0 obj\n" + head.encode() + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(data)


def objects_in_a_circle(_: int) -> bytes:
    """A stream of objects that lies inside itself, and lengths that stand in each other."""
    inside = b"1 0 2 20 <</Type/Catalog/Pages 2 0 R>> <</Type/Pages/Count 1/Kids[3 0 R]>>"
    objects = f"<</Type/ObjStm/N 2/First 9/Extends 3 0 R/Length 4 0 R>>\nstream\n{inside.decode()}\nendstream"
    table = "<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length 24>>\nstream\n"
    entries = bytes([0, 0, 0, 0, 2, 0, 3, 0, 2, 0, 3, 1, 2, 0, 3, 2, 2, 0, 3, 3, 1, 0, 9, 0])
    data = b"%PDF-1.7\n3 0 obj\n" + objects.encode() + b"\nendobj\n4 0 obj\n4 0 R\nendobj\n"
    return data + b"5 0 obj\n" + table.encode() + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(data)


def contents_in_a_circle(_: int) -> bytes:
    """What its page shows is itself."""
    return pdf.file([CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(), "4 0 R", HELVETICA])


def arrays_in_a_circle(count: int) -> bytes:
    """What its page shows is a list that names a list."""
    return pdf.file(
        [CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(), f"[{'6 0 R ' * count}]", HELVETICA, "[4 0 R]"]
    )


def contents_named_often(count: int) -> bytes:
    """Its page shows the same text very many times."""
    return _one_page(SHOWN, page=_page(f"[{'4 0 R ' * count}]"))


def drawings_in_a_circle(count: int) -> bytes:
    """A drawing shows itself, again and again."""
    form = pdf.stream(b"/F Do " * count, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 6 0 R>>>>")
    return _one_page(SHOWN + "/F Do " * count, form, page=_page(resources="/Font<</R 5 0 R>>/XObject<</F 6 0 R>>"))


def outline_in_a_circle(_: int) -> bytes:
    """Its contents lead from the first to the first."""
    item = "<</Title(a)/Parent 6 0 R/Next 7 0 R/Prev 7 0 R/First 7 0 R/Last 7 0 R/Dest[3 0 R/Fit]>>"
    outline = "<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>"
    return _one_page(SHOWN, outline, item, catalog="<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>")


def parents_in_a_circle(_: int) -> bytes:
    """What its page inherits leads back to the page."""
    return pdf.file(
        [
            CATALOG,
            "<</Type/Pages/Count 1/Kids[3 0 R]/Parent 3 0 R>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
            pdf.stream(SHOWN.encode()),
        ]
    )


def text_of_zeros(megabytes: int) -> bytes:
    """What its page shows grows without end when unpacked."""
    return _one_page(packed=zeros(megabytes))


def packed_many_times(_: int) -> bytes:
    """What its page shows is packed again and again."""
    body = bytes(1 << 20)
    for _ in range(20):
        body = zlib.compress(body)
    filters = "/FlateDecode" * 21
    stream = f"<</Length {len(body)}/Filter[{filters}]>>\nstream\n".encode() + body + b"\nendstream"
    return pdf.file([CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(), stream, HELVETICA])


def predicted_without_sense(_: int) -> bytes:
    """Says that its bytes stand in rows of a thousand million columns."""
    more = "/DecodeParms<</Predictor 15/Columns 999999999/Colors 99/BitsPerComponent 16>>"
    return pdf.file(
        [CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(), pdf.stream(SHOWN.encode() * 50, more), HELVETICA]
    )


def nested(opening: str, closing: str) -> Callable[[int], bytes]:
    """Holds what holds what holds..., within an object and within what its page shows."""

    def built(depth: int) -> bytes:
        inside = opening * depth + closing * depth
        return _one_page(f"{inside} Tj\n{SHOWN}", inside, page=_page(more="/Annots 6 0 R"))

    return built


def operands(count: int) -> bytes:
    """What its page shows is one order with very many numbers."""
    return _one_page("1 " * count + "Td\n" + SHOWN)


def orders(count: int) -> bytes:
    """What its page shows is very many orders that show nothing."""
    return _one_page("q Q " * count + SHOWN)


def letters_one_by_one(count: int) -> bytes:
    """Draws every letter by an order of its own, anywhere on the page."""
    return _one_page("".join(f"BT /R 9 Tf {at * 7919 % 595} {at * 104729 % 842} Td (a) Tj ET\n" for at in range(count)))


def words_on_one_place(count: int) -> bytes:
    """Draws word upon word."""
    return _one_page("BT /R 9 Tf 100 100 Td " + "(word) Tj 0 0 Td " * count + "ET")


def saved_states(count: int) -> bytes:
    """Sets aside state after state."""
    return _one_page("q " * count + SHOWN)


def numbers_without_sense(_: int) -> bytes:
    """Has numbers that are none, or far too large ones, everywhere."""
    big = "9" * 5_000
    return _one_page(
        f"BT /R {big} Tf {big} -{big} Td (a) Tj ET BT /R 0 Tf 0 0 0 0 0 0 Tm (b) Tj ET 1e999 nan -- 1 cm {SHOWN}",
        page=_page(more=f"/Rotate {big}/UserUnit -1/CropBox[{big} 0 0 -{big}]"),
    )


def font_of_nonsense(_: int) -> bytes:
    """Its font says nothing that could be true."""
    return _one_page(
        font="<</Type/Font/Subtype/Type0/BaseFont/Evil/Encoding/Identity-H/DescendantFonts[5 0 R]/W[0[1 2]0 99999999 /x]"
        "/ToUnicode 3 0 R/FirstChar 99999999/LastChar -5/Widths 5 0 R/FontDescriptor 5 0 R>>"
    )


def letters_without_end(count: int) -> bytes:
    """Its font says that each code stands for a long text, and lists a thousand million codes."""
    long = "0041" * 500
    table = (
        "begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange\n"
        + f"1 beginbfchar {f'<61> <{long}> ' * count} endbfchar endcmap"
    )
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    return _one_page(SHOWN * count, pdf.stream(table.encode()), font=font)


def ranges_of_letters(count: int) -> bytes:
    """Its font lists ranges of codes, each as wide as there is."""
    ranges = "<0000> <FFFF> <0041>\n" * count
    table = f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange {count} beginbfrange {ranges} endbfrange endcmap"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    return _one_page(SHOWN, pdf.stream(table.encode()), font=font)


def huge_picture(_: int) -> bytes:
    """Shows a picture of ten thousand million points beside its text."""
    inside = picture()
    drawn = (
        (
            f"<</Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceRGB/BitsPerComponent 8"
            f"/Length {len(inside)}/Filter/FlateDecode>>\nstream\n"
        ).encode()
        + inside
        + b"\nendstream"
    )
    return _one_page(
        f"{SHOWN} /I Do BI /W 100000 /H 100000 /BPC 8 /CS /RGB ID xx EI",
        drawn,
        page=_page(resources="/Font<</R 5 0 R>>/XObject<</I 6 0 R>>"),
    )


def scripts_and_files(_: int) -> bytes:
    """Would run a program, a script and a form when opened, and holds a file."""
    action = (
        "<</S/Launch/F(cmd.exe)/Next<</S/JavaScript/JS(app.alert\\(1\\))/Next<</S/URI/URI(http://127.0.0.1:9/)>>>>>>"
    )
    catalog = f"<</Type/Catalog/Pages 2 0 R/OpenAction{action}/AcroForm<</XFA 4 0 R>>/Names<</EmbeddedFiles 4 0 R>>>>"
    return _one_page(SHOWN, catalog=catalog, page=_page(more=f"/AA<</O{action}>>"))


def contents_elsewhere(_: int) -> bytes:
    """Says that what its page shows is a file of the system, or at an address."""
    stream = "<</Length 0/F(/etc/passwd)/FFilter/FlateDecode>>\nstream\n\nendstream"
    return pdf.file([CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(), stream, HELVETICA])


def locked(_: int) -> bytes:
    """Is locked in a way that nobody knows."""
    return pdf.document([SHOWN], trailer="/Encrypt<</Filter/Evil/V 99/R 99/O(a)/U(b)/P -1>>/ID[(a)(b)]")


def names_without_end(megabytes: int) -> bytes:
    """Holds a name, a text in brackets and a number that never end."""
    more = b"x" * (megabytes << 20)
    return _one_page(b"/" + more + b" Do (" + more + b" Tj " + b"<" + b"4" * (megabytes << 20))


def comments_without_end(megabytes: int) -> bytes:
    """Holds nothing but signs of its own."""
    return b"%PDF-1.7\n" + b"1 0 obj\n<<" * ((megabytes << 20) // 10)


def objects_that_nobody_lists(count: int) -> bytes:
    """Has no table of places, so that all of it is searched, and is full of the starts of objects."""
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n" % at for at in range(count)) + b"trailer\n<</Root 1 0 R>>\n"


def _circles() -> Sequence[tuple[str, Callable[[int], bytes]]]:
    return (
        ("pages in a circle", pages_in_a_circle),
        ("table in a circle", table_in_a_circle),
        ("objects in a circle", objects_in_a_circle),
        ("contents in a circle", contents_in_a_circle),
        ("outline in a circle", outline_in_a_circle),
        ("parents in a circle", parents_in_a_circle),
    )


def _pdf(build: Callable[[int], bytes], size: int = 1, *, costly: bool = True) -> Hostile:
    return Hostile("a.pdf", build, size, costly=costly)


FILES = {
    **{name: _pdf(build) for name, build in _circles()},
    "pages that hold themselves often": _pdf(pages_that_hold_themselves_often, 100),
    "pages without number": _pdf(pages_without_number, 100_000),
    "pages of text": _pdf(pages_of_text, 30),
    "count that lies": _pdf(count_that_lies, 999_999_999),
    "table that lies": _pdf(table_that_lies, 99_999_999),
    "table packed of zeros": _pdf(table_packed_of_zeros, 64),
    "lists in a circle": _pdf(arrays_in_a_circle, 1_000),
    "contents named often": _pdf(contents_named_often, 10_000),
    "drawings in a circle": _pdf(drawings_in_a_circle, 100),
    "text of zeros": _pdf(text_of_zeros, 64),
    "packed many times": _pdf(packed_many_times),
    "predicted without sense": _pdf(predicted_without_sense),
    "nested lists": _pdf(nested("[", "]"), 50_000),
    "nested dictionaries": _pdf(nested("<</A", ">>"), 50_000),
    "nested brackets": _pdf(nested("(", ")"), 50_000),
    "operands": _pdf(operands, 1_000_000),
    "orders": _pdf(orders, 500_000),
    "letters one by one": _pdf(letters_one_by_one, 5_000),
    "words on one place": _pdf(words_on_one_place, 5_000),
    "saved states": _pdf(saved_states, 100_000),
    "PDF numbers without sense": _pdf(numbers_without_sense, costly=False),
    "font of nonsense": _pdf(font_of_nonsense, costly=False),
    "letters without end": _pdf(letters_without_end, 1_000),
    "ranges of letters": _pdf(ranges_of_letters, 50),
    "huge picture, PDF": _pdf(huge_picture, costly=False),
    "scripts and files": _pdf(scripts_and_files, costly=False),
    "contents elsewhere": _pdf(contents_elsewhere, costly=False),
    "locked PDF": _pdf(locked, costly=False),
    "names without end": _pdf(names_without_end, 1),
    "objects without end": _pdf(comments_without_end, 1),
    "objects that nobody lists": _pdf(objects_that_nobody_lists, 20_000),
}
