import pytest

from quizapp.errors import InvalidInput
from quizapp.ingest import xml

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE x +AFsAPAAh-ENTITY a "aaaa"+AD4AXQA+ADw-x/+AD4-',
        b"<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'><x/>",
    ],
    ids=["utf-8", "utf-16", "utf-7", "outside"],
)
def test_a_text_that_declares_a_document_type_is_refused_in_any_encoding(data):
    with pytest.raises(InvalidInput, match="declares"):
        xml.parsed(data)


@pytest.mark.parametrize("data", [b"", b"no xml", b"<a>", b"<a>" * 400 + b"</a>" * 400, b"\xff\xfe\x00"])
def test_what_is_no_xml_or_nests_too_deeply_is_refused_with_a_sentence(data):
    with pytest.raises(InvalidInput, match="damaged"):
        xml.parsed(data)


def test_names_are_those_of_the_standard_whatever_prefix_the_file_chose():
    root = xml.parsed(b'<q:p xmlns:q="urn:oasis:names:tc:opendocument:xmlns:text:1.0" q:id="1"><!-- x --></q:p>')

    assert (xml.name(root), xml.attribute(root, "text:id"), len(root)) == ("text:p", "1", 0)
    assert xml.attribute(xml.child(root, "text:span"), "text:id") is None
