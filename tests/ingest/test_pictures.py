import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.captions import Captions
from quizapp.domain.documents import BlockKind, Document, Picture
from quizapp.errors import InvalidInput
from quizapp.ingest import pictures, read
from quizapp.ingest.pictures import MOST, MOST_BYTES, Shelf, header_of, parted
from quizapp.ingest.pieces import Piece
from tests.ingest.building import drawing
from tests.ingest.building.drawing import ABOVE, ALT, CAPTION, png

FORMATS = {
    "a.docx": drawing.in_word,
    "a.pptx": drawing.in_slides,
    "a.odt": drawing.in_opendocument,
    "a.html": drawing.in_page,
    "a.epub": drawing.in_book,
}
EVERY = pytest.mark.parametrize("name", FORMATS)
JPEG = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x11\x08" + struct.pack(">HH", 300, 400) + bytes(20)
GIF = b"GIF89a" + struct.pack("<HH", 7, 5) + bytes(3)
FRAME = struct.pack("<BHHHH", 0x2C, 0, 0, 7, 5)
WEBP = b"RIFF\0\0\0\0WEBP"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def made(name: str, picture: bytes, alt: str = ALT) -> Document:
    return read(FORMATS[name](picture, alt), name)


def shelf_of(*datas: bytes) -> Shelf:
    """Return the shelf of a document that holds pictures under their numbers."""
    return Shelf(lambda name: datas[int(name)])


def taken(*datas: bytes, alt: str | None = "A pier") -> tuple[list[Picture], list[str]]:
    """Return the pictures that are taken of these, and what is told of the others."""
    shelf = shelf_of(*datas)
    found = [piece for number in range(len(datas)) for piece in shelf.take(str(number), alt)]
    return [piece.picture for piece in found if piece.picture], list(shelf.problems())


@EVERY
def test_a_picture_stands_above_what_follows_it_with_its_text(name):
    found = made(name, png())

    (picture,) = found.pictures
    assert (picture.data, picture.media_type) == (png(), "image/png")
    assert (picture.width, picture.height, picture.alt) == (120, 80, ALT)
    assert found.text[picture.start :].startswith(CAPTION)


@EVERY
def test_the_text_is_the_same_with_and_without_the_picture(name):
    assert made(name, png()).text == made(name, png(1, 1), alt="").text


@EVERY
def test_a_picture_without_a_text_has_that_of_its_caption(name):
    assert [picture.alt for picture in made(name, png(), alt="image1.png").pictures] == [CAPTION]


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.odt", "a.epub"])
def test_what_browsers_do_not_show_safely_is_left_out_with_a_sentence(name):
    built = FORMATS[name](png(), ALT)
    changed = drawing.word.repacked(built, lambda _name, part: SVG if part == png() else part)

    found = read(changed, name)

    assert found.pictures == ()
    assert "1 picture left out: Recto shows PNG, JPEG, GIF and WebP." in found.problems
    assert CAPTION in found.text


def test_a_picture_elsewhere_is_not_fetched():
    page = f"<html><body><h1>A</h1><p>{ABOVE}</p><img src='https://a.example/1.png' alt='x'><img src='embedded:9'></body></html>"

    assert read(page.encode(), "a.html").pictures == ()


@pytest.mark.parametrize("source", ["data:image/png;base64,%%%", "data:image/svg+xml;base64,PHN2Zy8+", "embedded:0"])
def test_what_a_page_calls_a_picture_need_not_be_one(source):
    page = f"<html><body><h1>A</h1><p>{ABOVE}</p><img src='{source}' alt='x'><p>{CAPTION}</p></body></html>"

    found = read(page.encode(), "a.html")

    assert found.pictures == ()
    assert found.text.endswith(CAPTION)


def test_a_document_of_pictures_alone_has_no_text():
    page = b"<html><body>" + drawing.in_page(png()).partition(b"<figure>")[2].partition(b"<figcaption>")[0] + b"</body>"

    with pytest.raises(InvalidInput, match="Nothing in this document could be read as text"):
        read(page, "a.html")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(png(7, 5), ("image/png", 7, 5), id="png"),
        pytest.param(GIF + FRAME, ("image/gif", 7, 5), id="gif"),
        pytest.param(
            GIF[:10] + b"\x91\0\0" + bytes(12) + b"!\xfe\x21" + b"," * 0x21 + b"\0!\xf9\0" + FRAME,
            ("image/gif", 7, 5),
            id="gif, with colours and a comment",
        ),
        pytest.param(GIF + b"!\xfe\0;", None, id="a gif without a picture"),
        pytest.param(GIF + b"!\xfe" + b"\1a" * 60_000 + b"\0" + FRAME, None, id="a gif of endless blocks"),
        pytest.param(JPEG[:4] + b"\0\2" + b"\xff\xe0\0\2" * 60_000 + JPEG[-29:], None, id="a jpeg of endless blocks"),
        pytest.param(JPEG, ("image/jpeg", 400, 300), id="jpeg, progressive, behind another part"),
        pytest.param(
            WEBP + b"VP8X" + bytes(8) + (6).to_bytes(3, "little") + (4).to_bytes(3, "little"),
            ("image/webp", 7, 5),
            id="webp",
        ),
        pytest.param(
            WEBP + b"VP8L" + bytes(5) + (6 | 4 << 14).to_bytes(4, "little"), ("image/webp", 7, 5), id="webp, lossless"
        ),
        pytest.param(WEBP + b"VP8 " + bytes(10) + struct.pack("<HH", 7, 5), ("image/webp", 7, 5), id="webp, lossy"),
        pytest.param(png(7, 5)[:18], None, id="a header that ends early"),
        pytest.param(png(7, 5)[:16] + bytes(8), None, id="no size"),
        pytest.param(JPEG[:12], None, id="a jpeg without its size"),
        pytest.param(SVG, None, id="svg"),
        pytest.param(b"\x01\0\0\0" + bytes(80), None, id="emf"),
    ],
)
def test_a_header_tells_what_a_picture_is(data, told):
    assert header_of(data) == told


@given(st.sampled_from([JPEG[:4], WEBP, b"GIF89a", GIF, png()[:16], b""]), st.binary(max_size=60))
def test_no_header_is_a_fault(start, rest):
    found = header_of(start + rest)

    assert found is None or min(found[1:]) > 0


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000)), id="png"),
        pytest.param(GIF + struct.pack("<BHHHH", 0x2C, 0, 0, 60_000, 60_000), id="gif, by its first picture"),
        pytest.param(JPEG[:-24] + struct.pack(">HH", 60_000, 60_000), id="jpeg"),
        pytest.param(png() + bytes(MOST_BYTES), id="bytes"),
    ],
)
def test_a_bomb_is_left_out_by_its_header(bomb):
    assert taken(bomb) == ([], ["1 picture left out: over 5 MB or 20 megapixels."])


def test_of_many_pictures_the_first_are_kept():
    found, told = taken(*(png() + bytes([n]) for n in range(MOST + 2)), png() + bytes([0]))

    assert len(found) == MOST + 1
    assert told == ["2 pictures left out: beyond 100 pictures or 20 MB."]


def test_of_large_pictures_the_first_are_kept():
    found, _ = taken(*(png() + bytes([n]) * (MOST_BYTES - 1_000) for n in range(6)))

    assert len(found) == 4


@pytest.mark.parametrize("data", [png(), png(9, 9), png() + bytes(MOST_BYTES), SVG, b""])
def test_a_picture_is_read_once_or_when_it_says_something_however_often_it_is_shown(data):
    asked = []
    shelf = Shelf(lambda name: asked.append(name) or data)

    for alt in ("", "", "A pier", "A pier", "A pier"):
        list(shelf.take("a.png", alt))

    assert len(asked) <= 2
    assert sum("1 picture left out" in told for told in shelf.problems()) == len(list(shelf.problems()))


@pytest.mark.parametrize(
    ("size", "alt", "count"), [((40, 40), "", 0), ((600, 4), "", 0), ((40, 40), "A buoy", 1), ((64, 64), "", 1)]
)
def test_small_pictures_that_say_nothing_are_ornaments(size, alt, count):
    assert len(taken(png(*size), alt=alt)[0]) == count


def test_a_picture_that_comes_again_and_again_is_a_logo():
    logo, plan, twice = png(shade=1), png(shade=2), png(shade=3)
    shelf = shelf_of(logo, plan, twice)
    found = [piece for name in "010220" for piece in shelf.take(name, "")]

    _, placed = parted([*found, Piece(BlockKind.PARAGRAPH, "The end.")])

    assert [picture.data for _, picture in placed] == [plan, twice]


@pytest.mark.parametrize(
    "alt", ["Picture 3", "image1.png", "https://a.example/b", "C:\\a\\b.png", "", None, "IMG_2041", "Grafik 1"]
)
def test_texts_that_programs_fill_in_say_nothing(alt):
    assert [picture.alt for picture in taken(png(), alt=alt)[0]] == [""]


def test_a_text_loses_what_a_program_adds():
    assert taken(png(), alt="A pier\n\nDescription automatically generated")[0][0].alt == "A pier"


def test_a_picture_in_a_list_stands_between_its_items():
    source = drawing.in_page(png()).decode()
    image = source[source.index("<img") : source.index("<figcaption>")]
    page = f"<html><body><h1>A</h1><ul><li>Salt is dry.{image}</li><li>Silt is wet.</li></ul></body></html>"

    found = read(page.encode(), "a.html")

    assert [found.text[picture.start :] for picture in found.pictures] == ["Silt is wet."]


def test_a_picture_in_a_table_stands_below_it():
    source = drawing.in_page(png()).decode()
    image = source[source.index("<img") : source.index("<figcaption>")]
    rows = f"<tr><th>Light</th><th>Look</th></tr><tr><td>Skarn</td><td>{image}</td></tr>"
    page = f"<html><body><h1>A</h1><table>{rows}</table><p>The end is near.</p></body></html>"

    found = read(page.encode(), "a.html")

    assert [found.text[picture.start :] for picture in found.pictures] == ["The end is near."]


def test_a_picture_at_the_end_stands_there():
    found = read(drawing.in_page(png()).replace(CAPTION.encode(), b""), "a.html")

    assert [picture.start for picture in found.pictures] == [len(found.text)]
    assert Captions(found.text, found.blocks, found.pictures).spans == [None]
    assert pictures.UNNAMED == "Picture"
