"""Documents whose pictures cost too much, are none, or lead elsewhere."""

import random
from base64 import b64encode

from tests.ingest.building import drawing, word
from tests.ingest.hostile.files import SENTENCE, Hostile, replaced

IMAGE = "word/media/image1.png"
RELATIONS = "word/_rels/document.xml.rels"
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
GIF_AND_SCRIPT = b"GIF89a/*\x01\x00" + bytes(3) + b",\0\0\0\0\x2f\x2a\x01\0\0*/=1;alert(1)//<script>alert(1)</script>"


def large() -> bytes:
    """Return a picture of four megabytes that no packing makes smaller."""
    return drawing.png(900, 900) + random.Random(1871).randbytes(4 << 20)


def shown_everywhere_in_word(count: int) -> bytes:
    """One large picture in very many places: a careless reader unpacks it for each."""

    def repeated(name: str, part: bytes) -> bytes:
        start, end = (
            part.rfind(b"<w:p>", 0, part.find(b"<w:drawing>")),
            part.find(b"</w:p>", part.find(b"</w:drawing>")),
        )
        return part[:start] + part[start : end + 6] * count + part[end + 6 :] if name == "word/document.xml" else part

    return word.repacked(drawing.in_word(large()), repeated)


def shown_everywhere_on_a_page(count: int) -> bytes:
    """The same on a page, which names the picture as the reader itself does."""
    held = f'<img alt="A pier" src="data:image/png;base64,{b64encode(large()).decode()}">'
    again = '<img alt="A pier" src="embedded:0">' * count
    return f"<html><body><h1>Skarn</h1><p>{SENTENCE}</p>{held}{again}</body></html>".encode()


def script_for_a_picture(_: int) -> bytes:
    """A drawing with a script under the name of a picture."""
    return replaced(drawing.in_word(drawing.png()), IMAGE, SCRIPT)


def script_on_a_page(_: int) -> bytes:
    """The same on a page, by its own name and by a wrong one."""
    told = b64encode(SCRIPT).decode()
    shown = "".join(f'<img alt="A pier" src="data:image/{kind};base64,{told}">' for kind in ("svg+xml", "png"))
    return f"<html><body><h1>Skarn</h1><p>{SENTENCE}</p>{shown}</body></html>".encode()


def picture_and_script_in_one(_: int) -> bytes:
    """A file that is a picture and a script at the same time."""
    return replaced(drawing.in_word(drawing.png()), IMAGE, GIF_AND_SCRIPT)


def words_that_are_markup(_: int) -> bytes:
    """A picture whose words would end their attribute."""
    return drawing.in_word(drawing.png(), '"><script>alert(1)</script>{{c1::\u202e\0x}}'.replace("\0", ""))


def picture_elsewhere(target: str, mode: str) -> bytes:
    """A picture of a Word file that stands in no file."""
    built = drawing.in_word(drawing.png())
    leading = f'Target="{target}" TargetMode="{mode}"'.encode()
    return word.repacked(
        built, lambda name, part: part.replace(b'Target="media/image1.png"', leading) if name == RELATIONS else part
    )


FILES = {
    "large picture everywhere, Word file": Hostile("a.docx", shown_everywhere_in_word, 2_000, costly=True),
    "large picture everywhere, web page": Hostile("a.html", shown_everywhere_on_a_page, 2_000, costly=True),
    "script for a picture, Word file": Hostile("a.docx", script_for_a_picture),
    "script for a picture, web page": Hostile("a.html", script_on_a_page),
    "picture and script in one": Hostile("a.docx", picture_and_script_in_one),
    "words of a picture that are markup": Hostile("a.docx", words_that_are_markup),
    "external picture": Hostile("a.docx", lambda _: picture_elsewhere("https://elsewhere.example/1.png", "External")),
    "picture outside the file": Hostile("a.docx", lambda _: picture_elsewhere("../../../../etc/passwd", "Internal")),
}
