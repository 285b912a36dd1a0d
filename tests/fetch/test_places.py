import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.errors import InvalidInput
from quizapp.fetch.places import is_url, place, place_beyond


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG/A?b=c#d", "https://example.org/A?b=c"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://пример.example/стр?q=я", "https://xn--e1afmkfd.example/%D1%81%D1%82%D1%80?q=%D1%8F"),
        ("https://example.org/a%20b/(c)", "https://example.org/a%20b/(c)"),
        ("https://example.org?q=1", "https://example.org/?q=1"),
        ("http://８.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:2800:0:0::1]/", "http://[2606:2800::1]/"),
    ],
)
def test_an_address_has_one_way_of_writing_it(written, means):
    assert place(written).url == means


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "begins with https"),
        ("example.org", "begins with https"),
        ("ftp://example.org/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("data:text/html,Hello", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("https://", "no address of a page"),
        ("https:///page", "no address of a page"),
        ("https://exa mple.org/", "no address of a page"),
        ("https://example.org/\r\nHost: inside", "no address of a page"),
        ("https://example.org/\tpage", "no address of a page"),
        ("https://example.org/\0", "no address of a page"),
        ("https://example.org\\@inside.example/", "no address of a page"),
        ("https://example..org/", "no address of a page"),
        ("https://example.org../", "no address of a page"),
        ("https://-example.org/", "no address of a page"),
        ("https://example%2eorg/", "no address of a page"),
        ("https://" + "a" * 64 + ".org/", "no address of a page"),
        ("https://" + "a." * 130 + "org/", "no address of a page"),
        ("https://\ud800.example/", "no address of a page"),
        ("https://[::1/", "no address of a page"),
        ("https://[v1.a]/", "no address of a page"),
        ("https://[fe80::1%25eth0]/", "no address of a page"),
        ("https://example.org:x/", "no address of a page"),
        ("https://example.org:99999/", "no address of a page"),
        ("http://2130706433/", "no address of a page"),
        ("http://0x7f.1/", "no address of a page"),
        ("http://0177.0.0.1/", "no address of a page"),
        ("http://127.1/", "no address of a page"),
        ("http://1.2.3.4.5/", "no address of a page"),
        ("http://router/", "no address of a page"),
        ("https://ada@example.org/", "name or password"),
        ("https://example.org@127.0.0.1/", "name or password"),
        ("https://ada:secret@example.org/", "name or password"),
        ("https://example.org:22/", "not from 22"),
        ("http://localhost/", "inside a network"),
        ("http://LOCALHOST./", "inside a network"),
        ("http://a.localhost/", "inside a network"),
        ("http://metadata.google.internal/", "inside a network"),
        ("http://printer.local/", "inside a network"),
        ("https://example.org/" + "a" * 2000, "longer than 2,000"),
    ],
    ids=lambda text: repr(text)[:40],
)
def test_what_is_no_address_of_a_page_is_refused(written, says):
    with pytest.raises(InvalidInput, match=says):
        place(written)


@given(st.text(max_size=60))
def test_whatever_is_written_it_is_refused_or_has_one_line_of_ascii(text):
    try:
        found = place(f"https://example.org/{text}")
    except InvalidInput:
        return
    assert found.host == "example.org"
    assert found.target.isascii()
    assert not set(found.target) & set(" \r\n\t\0")


@given(st.text(max_size=40))
def test_whatever_stands_for_a_host_it_is_refused_or_a_name(text):
    try:
        found = place(f"https://{text}/")
    except InvalidInput:
        return
    assert place(found.url) == found


@pytest.mark.parametrize(
    ("written", "url"),
    [("/b", "https://example.org/b"), ("c?d", "https://example.org/a/c?d"), ("//b.org", "https://b.org/")],
)
def test_an_address_may_be_written_as_seen_from_a_page(written, url):
    assert place_beyond(place("https://example.org/a/b"), written).url == url


@given(st.text("[]:/@.a1%#?", max_size=12))
def test_wherever_a_page_leads_it_is_refused_or_names_a_place(written):
    try:
        found = place_beyond(place("https://example.org/a/b"), written)
    except InvalidInput:
        return
    assert place(found.url) == found


@pytest.mark.parametrize("written", ["http://[", "//[", "http://[]/", "http://[a]/", "//[::1%25lo]/"])
def test_a_page_that_leads_to_no_address_is_refused(written):
    with pytest.raises(InvalidInput, match="address"):
        place_beyond(place("https://example.org/"), written)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("https://example.org", True), ("HTTP://x", True), ("notes.md", False), ("C:/a", False), ("httpsfile.txt", False)],
)
def test_a_source_that_means_the_web_is_told_from_a_file(text, is_one):
    assert is_url(text) is is_one
