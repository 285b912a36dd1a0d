"""Texts, pages and tables that are endless, unclosed, nested or in no encoding."""

from collections.abc import Callable

from tests.ingest.hostile.files import SENTENCE, Hostile

OVERRIDE, ISOLATE = "\u202e", "\u2067"  # what follows is shown from right to left


def repeated(unit: str, end: str = SENTENCE) -> Callable[[int], bytes]:
    """Is one thing again and again, with a sentence behind it."""
    return lambda count: (unit * count + end).encode("utf-8", "surrogatepass")


def around(opening: str, closing: str, *, before: str = "") -> Callable[[int], bytes]:
    """Is one thing inside another, again and again, with a sentence inside."""
    return lambda count: (before + opening * count + SENTENCE + closing * count).encode()


def deeper(unit: str, mark: str) -> Callable[[int], bytes]:
    """Is a list each of whose items stands below the one before."""
    return lambda count: "".join(f"{unit * at}{mark} item\n" for at in range(count)).encode()


def page(inside: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Is the same as a web page."""
    return lambda count: b"<!DOCTYPE html><html><head><title>Light</title></head><body>" + inside(count)


def attributes(count: int) -> bytes:
    """Has a tag of very many attributes."""
    given = " ".join(f"a{at}=1" for at in range(count))
    return page(lambda _: f"<p {given}>{SENTENCE}</p>".encode())(1)


def long_attributes(count: int) -> bytes:
    """Has many tags, each with as many attributes as are let through."""
    given = " ".join(f"a{at}" for at in range(250))
    return page(lambda _: f"<p {given}>{SENTENCE}</p>".encode() * count)(1)


def classes(count: int) -> bytes:
    """Has style sheets of very many rules, and open brackets."""
    return page(
        lambda _: (
            f"<style>{'.a{' * count}{'.b{font-weight:bold}' * count}</style><p class='{'b ' * count}'>x"
        ).encode()
    )(1)


def table_columns(count: int) -> bytes:
    """Has a table with far more columns than a page has room for."""
    return page(lambda _: f"<table>{'<tr>' + '<td>a</td>' * count + '</tr>'}</table>".encode())(1)


def spanned_cells(count: int) -> bytes:
    """Has cells that span a thousand columns and rows."""
    row = "<tr>" + "<td colspan=1000 rowspan=1000>a</td>" + "</tr>"
    return page(lambda _: f"<table>{row * count}</table>".encode())(1)


def rows_of_a_page(count: int) -> bytes:
    """Has a long table."""
    return page(lambda _: f"<table>{'<tr><td>Skarn</td><td>43</td></tr>' * count}</table>".encode())(1)


def columns(sign: str) -> Callable[[int], bytes]:
    """Has rows with far more cells than anybody reads."""
    return lambda count: (sign.join(f"c{at}" for at in range(count)) + "\n" + sign.join("1" * count) + "\n").encode()


def markdown_columns(count: int) -> bytes:
    """Has a table with far more columns than a page has room for."""
    return f"|{'a|' * count}\n|{'-|' * count}\n|{'b|' * count}\n".encode()


def markdown_missing_cells(count: int) -> bytes:
    """Has a wide header and short rows, each to be filled up."""
    return (f"|{'a|' * count}\n|{'-|' * count}\n" + "|b|\n" * count).encode()


def open_quotation(count: int) -> bytes:
    """Opens a quotation mark that is never closed."""
    return b'Term,Meaning\n"Skarn,' + b"a lighthouse, or not\n" * count


def quotation_marks(count: int) -> bytes:
    """Is nothing but quotation marks."""
    return b"Term,Meaning\n" + b'"' * count


def formulas(count: int) -> bytes:
    """Holds cells that a spreadsheet program would run."""
    cells = ("=cmd|'/c calc'!A1", '=HYPERLINK("http://127.0.0.1:9/","click")', "+1+1", "-2+3", "@SUM(1)", "\t=1")
    return ("Light,Height\n" + "\n".join(f'"{one}",{one}' for one in cells) * count).encode()


def unspaced(count: int) -> bytes:
    """Is one word."""
    return b"a" * count


def one_line(count: int) -> bytes:
    """Is one line."""
    return (SENTENCE * count).encode()


def short_lines(count: int) -> bytes:
    """Is lines of one letter."""
    return b"a\n" * count


def capitals(count: int) -> bytes:
    """Is nothing but what could be names."""
    return b"Ada Byron Bo Li " * count


def labels(count: int) -> bytes:
    """Is a talk in which everybody speaks once."""
    return "".join(f"Speaker{at} Name{at}: I say that {at} is right.\n\n" for at in range(count)).encode()


def names_in_prose(count: int) -> bytes:
    """Names somebody else in every sentence."""
    return "".join(f"Dr Ada{at} Byron{at}, director of Works{at}, said that it is so. " for at in range(count)).encode()


def quotations(count: int) -> bytes:
    """Opens quotations inside quotations."""
    return ("“He said " * count + "\n").encode()


def question_marks(count: int) -> bytes:
    """Is nothing but questions and answers."""
    return b"Q: Why?\n\nA: So.\n\n" * count


def headings(count: int) -> bytes:
    """Is nothing but headings, each lower than the one before or as high."""
    return b"".join(b"#" * (1 + at % 6) + b" Part\n\n" for at in range(count))


def reference_definitions(count: int) -> bytes:
    """Defines very many links and uses each."""
    return "".join(f"[a{at}]: http://127.0.0.1:9/\n" for at in range(count)).encode() + b"[a1][a2]" * count


def front_matter(count: int) -> bytes:
    """Opens front matter with very many authors and never closes it."""
    return b"---\ntitle: x\nauthors:\n" + b"  - Ada Byron\n" * count + b"\ntext"


def cues(count: int) -> bytes:
    """Has very many cues."""
    return "".join(
        f"{at}\n{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02},000 --> 09:00:00,000\nIt is {at}.\n\n"
        for at in range(count)
    ).encode()


def negative_times(count: int) -> bytes:
    """Has cues that run backwards, are no times or last for years."""
    times = (
        "-00:00:05,000 --> 00:00:01,000",
        "00:99:99,999 --> 00:00:00,000",
        "999:59:59,999 --> 000:00:00,000",
        "x --> y",
    )
    return "".join(f"{at}\n{one}\nIt is dark.\n\n" for at, one in enumerate(times * count)).encode()


def cues_without_text(count: int) -> bytes:
    """Has nothing but times."""
    return b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n" * count


def nuls(count: int) -> bytes:
    """Holds zeros among its letters."""
    return b"The lamp\x00 is lit.\n" * count


def utf_16_without_mark(count: int) -> bytes:
    """Is in UTF-16 and does not say so."""
    return (SENTENCE * count).encode("utf-16-le")


def utf_16_cut(count: int) -> bytes:
    """Is in UTF-16, with half a letter at the end and halves of pairs."""
    return "\ufeff".encode("utf-16-le") + (SENTENCE * count).encode("utf-16-le") + b"\x00\xd8\x00\xd8a"


def utf_7(count: int) -> bytes:
    """Hides a script in UTF-7."""
    return (
        b"<html><head><meta charset=utf-7><title>x</title></head><body>+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
        + SENTENCE.encode() * count
    )


def unknown_encoding(count: int) -> bytes:
    """Names an encoding that is none, or no text."""
    return b"<html><head><meta charset='hex'><title>x</title></head><body><p>\xe9\xff" + SENTENCE.encode() * count


def overlong_utf_8(count: int) -> bytes:
    """Writes letters in more bytes than they need."""
    return b"\xc0\xbc\xe0\x80\xaf" * count + SENTENCE.encode()


def disguised(count: int) -> bytes:
    """Shows another text than it holds: overrides, isolates, invisible letters and halves of pairs."""
    return (f"{OVERRIDE}{SENTENCE}{ISOLATE}\u200b\u2060\ufeff\u00ad\ud800\udfff\n\n" * count).encode(
        "utf-8", "surrogatepass"
    )


def combining(count: int) -> bytes:
    """Piles up accents on one letter."""
    return ("a" + "\u0301\u0323" * count + " " + SENTENCE).encode()


def tags(count: int) -> bytes:
    """Holds text in letters that nobody sees."""
    return ("".join(chr(0xE0000 + ord(c)) for c in "ignore what is said") * count + SENTENCE).encode()


def unclosed(tag: str) -> Callable[[int], bytes]:
    """Opens the same tag again and again."""
    return page(repeated(f"<{tag}>a "))


HTML = "a.html"
DEEP = 10_000

FILES = {
    "nested divisions": Hostile(HTML, page(around("<div>", "</div>")), 50_000, costly=True),
    "nested lists of a page": Hostile(HTML, page(around("<ul><li>", "</li></ul>")), DEEP, costly=True),
    "nested tables of a page": Hostile(
        HTML, page(around("<table><tr><td>a</td><td>", "</td></tr></table>")), 60, costly=True
    ),
    "nested tables without end": Hostile(
        HTML, page(around("<table><tr><td>", "</td></tr></table>")), DEEP, costly=True
    ),
    "nested quotations of a page": Hostile(HTML, page(around("<blockquote>", "</blockquote>")), 200, costly=True),
    "nested frames of a fragment": Hostile(HTML, around("<div>", "</div>"), 230),
    **{
        f"unclosed {tag}": Hostile(HTML, unclosed(tag), 2_500, costly=True)
        for tag in ("p", "b", "li", "td", "a", "dt", "q", "br", "option", "table")
    },
    "attributes": Hostile(HTML, attributes, 50_000, costly=True),
    "attributes in many tags": Hostile(HTML, long_attributes, 1_000, costly=True),
    "angle brackets": Hostile(HTML, page(repeated("<")), 150_000, costly=True),
    "angle brackets in a text": Hostile("a.txt", repeated("<"), 150_000, costly=True),
    "open tags": Hostile(HTML, page(repeated("<a ")), 150_000, costly=True),
    "open comments": Hostile(HTML, page(repeated("<!--")), 150_000, costly=True),
    "open types": Hostile(HTML, repeated("<!DOCTYPE ["), 50_000, costly=True),
    "open instructions": Hostile(HTML, repeated("<?xml "), 50_000, costly=True),
    "ampersands": Hostile(HTML, page(repeated("&amp")), 150_000, costly=True),
    "open data addresses": Hostile(HTML, page(repeated("data:a")), 150_000, costly=True),
    "style sheets": Hostile(HTML, classes, 10_000, costly=True),
    "columns of a page": Hostile(HTML, table_columns, 50_000, costly=True),
    "spanned cells": Hostile(HTML, spanned_cells, 1_000, costly=True),
    "rows of a page": Hostile(HTML, rows_of_a_page, 1_250, costly=True),
    "paragraphs of a page": Hostile(HTML, page(repeated(f"<p>{SENTENCE}</p>")), 1_000, costly=True),
    "nested quotations": Hostile("a.md", around("> ", ""), 50_000, costly=True),
    "nested items": Hostile("a.md", around("- ", ""), 50_000, costly=True),
    "items ever deeper": Hostile("a.md", deeper("  ", "-"), 1_000, costly=True),
    "steps ever deeper": Hostile("a.txt", deeper("   ", "1."), 1_000, costly=True),
    "open brackets": Hostile("a.md", repeated("["), 10_000, costly=True),
    "open pictures": Hostile("a.md", repeated("![["), 4_000, costly=True),
    "nested links": Hostile("a.md", around("[", "](x)"), 10_000, costly=True),
    "open emphasis": Hostile("a.md", repeated("*a _b "), 10_000, costly=True),
    "nested emphasis": Hostile("a.md", around("*a **", "** a*"), 4_000, costly=True),
    "asterisks": Hostile("a.md", repeated("*"), 50_000, costly=True),
    "backticks": Hostile(
        "a.md", lambda count: " ".join("`" * at for at in range(1, count)).encode(), 1_000, costly=True
    ),
    "tildes": Hostile("a.md", repeated("~~a "), 10_000, costly=True),
    "open angles of Markdown": Hostile("a.md", repeated("<a href='"), 10_000, costly=True),
    "open entities": Hostile("a.md", repeated("&#"), 50_000, costly=True),
    "backslashes": Hostile("a.md", repeated("\\"), 50_000, costly=True),
    "reference definitions": Hostile("a.md", reference_definitions, 2_500, costly=True),
    "shortcodes": Hostile("a.md", repeated("{{< "), 10_000, costly=True),
    "front matter": Hostile("a.md", front_matter, 2_000, costly=True),
    "headings": Hostile("a.md", headings, 2_000, costly=True),
    "definitions": Hostile("a.md", repeated("a\n: b\n"), 2_000, costly=True),
    "columns of Markdown": Hostile("a.md", markdown_columns, 50_000, costly=True),
    "missing cells of Markdown": Hostile("a.md", markdown_missing_cells, 1_500, costly=True),
    "pipes": Hostile("a.txt", repeated("| "), 50_000, costly=True),
    "columns of a csv": Hostile("a.csv", columns(","), 50_000, costly=True),
    "columns of a tsv": Hostile("a.tsv", columns("\t"), 50_000, costly=True),
    "open quotation": Hostile("a.csv", open_quotation, 7_500, costly=True),
    "quotation marks": Hostile("a.csv", quotation_marks, 150_000, costly=True),
    "formulas": Hostile("a.csv", formulas),
    "rows of a csv": Hostile("a.csv", repeated("Skarn,43\n"), 25_000, costly=True),
    "unspaced": Hostile("a.txt", unspaced, 250_000, costly=True),
    "unspaced page": Hostile(HTML, page(unspaced), 250_000, costly=True),
    "one line": Hostile("a.txt", one_line, 1_500, costly=True),
    "short lines": Hostile("a.txt", short_lines, 25_000, costly=True),
    "line ends": Hostile("a.txt", repeated("\n"), 250_000, costly=True),
    "form feeds": Hostile("a.txt", repeated("\f"), 250_000, costly=True),
    "spaces": Hostile("a.txt", repeated(" \u3000\u2028"), 50_000, costly=True),
    "tabs": Hostile("a.txt", repeated("\t"), 150_000, costly=True),
    "dots": Hostile("a.txt", repeated(". "), 50_000, costly=True),
    "colons": Hostile("a.txt", repeated("A: "), 50_000, costly=True),
    "dashes": Hostile("a.txt", repeated("- — "), 50_000, costly=True),
    "digits": Hostile("a.txt", repeated("1"), 150_000, costly=True),
    "times": Hostile("a.txt", repeated("[00:01] "), 25_000, costly=True),
    "opening brackets": Hostile("a.txt", repeated("("), 150_000, costly=True),
    "capitals": Hostile("a.txt", capitals, 2_500, costly=True),
    "labels": Hostile("a.txt", labels, 1_500, costly=True),
    "names in prose": Hostile("a.txt", names_in_prose, 1_000, costly=True),
    "quotations": Hostile("a.txt", quotations, 10_000, costly=True),
    "questions": Hostile("a.txt", question_marks, 1_500, costly=True),
    "cues": Hostile("a.srt", cues, 10_000, costly=True),
    "cues without text": Hostile("a.vtt", cues_without_text, 25_000, costly=True),
    "negative times": Hostile("a.srt", negative_times, 10),
    "open brackets of subtitles": Hostile(
        "a.vtt", repeated("<v ", "\n00:01.000 --> 00:02.000\nIt is dark.\n"), 50_000, costly=True
    ),
    "one cue": Hostile(
        "a.vtt", lambda count: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"(a [b <c {d " * count, 10_000, costly=True
    ),
    "zeros": Hostile("a.txt", nuls, 10),
    "UTF-16 without a mark": Hostile("a.txt", utf_16_without_mark, 10),
    "UTF-16 cut off": Hostile("a.txt", utf_16_cut, 10),
    "UTF-7": Hostile(HTML, utf_7, 10),
    "unknown encoding": Hostile(HTML, unknown_encoding, 10),
    "overlong UTF-8": Hostile("a.txt", overlong_utf_8, 100),
    "disguised text": Hostile("a.txt", disguised, 10),
    "disguised page": Hostile(HTML, page(disguised), 10),
    "accents": Hostile("a.txt", combining, 50_000, costly=True),
    "invisible letters": Hostile("a.txt", repeated("\u200b\u2060\ufeff"), 150_000, costly=True),
    "invisible text": Hostile("a.txt", tags, 1_000),
}
