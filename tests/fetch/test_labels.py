import io
from http.client import parse_headers

import pytest

from quizapp.errors import InvalidInput
from quizapp.fetch import labels
from quizapp.fetch.places import place


def headers(*lines):
    return parse_headers(io.BytesIO("\r\n".join([*lines, "", ""]).encode()))


@pytest.mark.parametrize(
    ("url", "kind", "disposition", "name"),
    [
        ("https://example.org/", "text/html", "", "example.org.html"),
        ("https://example.org/notes/", "text/html", "", "notes.html"),
        ("https://example.org/notes.php?id=1", "text/html", "", "notes.html"),
        ("https://example.org/README.md", "text/html", "", "README.md.html"),
        ("https://example.org/README.md", "text/plain", "", "README.md"),
        ("https://example.org/Spaced%20repetition", "text/html", "", "Spaced repetition.html"),
        ("https://example.org/get?id=1", "application/pdf", 'attachment; filename="Berths.pdf"', "Berths.pdf"),
        ("https://example.org/get", "application/pdf", 'attachment; filename="../../etc/a\\b"', "b.pdf"),
        ("https://example.org/get", "", "attachment; filename*=UTF-8''K%C3%B6ln.docx", "Köln.docx"),
        ("https://example.org/%2e%2e%2f%00", "text/html", "", "example.org.html"),
    ],
)
def test_what_is_fetched_is_named_after_what_it_is(url, kind, disposition, name):
    told = headers(f"Content-Type: {kind}; charset=x", f"Content-Disposition: {disposition}")

    assert labels.filename(place(url), told, labels.suffix_for(labels.media_type(told))) == name


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/javascript", "application/json", "x" * 200])
def test_what_holds_no_text_is_refused(kind):
    with pytest.raises(InvalidInput, match="cannot read"):
        labels.suffix_for(kind)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("cp1252", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("shift_jis", "Shift_JIS"),
        ("utf-16", "utf-16"),
        ("gb18030", '"GB18030"'),
    ],
)
def test_an_encoding_that_is_told_is_believed(encoding, told):
    text = "日本" if encoding in {"shift_jis", "gb18030"} else "Köln “a”" if encoding == "cp1252" else "Köln 日"

    found = labels.in_utf_8(text.encode(encoding), headers(f"Content-Type: text/html; charset={told}"))

    assert found == text.encode("utf-8-sig")


@pytest.mark.parametrize("told", ["", "utf-8", "rot13", "hex", "idna", "unicode_escape", "undefined", "x" * 500])
def test_an_encoding_that_is_not_told_or_not_true_changes_nothing(told):
    data = "Köln".encode("cp1252")

    assert labels.in_utf_8(data, headers(f"Content-Type: text/html; charset={told}")) == data


def test_a_file_is_left_as_it_is():
    assert labels.in_utf_8(b"%PDF", headers("Content-Type: application/pdf; charset=utf-8")) == b"%PDF"
