"""A table and a talk give the same cards in any of the formats that can hold them."""

import csv
import io

import pytest
from openpyxl import Workbook

from quizapp.generate import pipeline
from quizapp.ingest import read

CAPTION = "The lights of the coast and how they are known"  # without it, nothing would tell the language
LIGHTS = (
    ("Light", "Height", "Flashes"),
    ("Skarn", "43 m", "2 every 15 s"),
    ("Ulver", "28 m", "1 every 10 s"),
    ("Tange", "35 m", "3 every 20 s"),
)
TERMS = (
    ("Eclipse", "the time between two flashes of a light"),
    ("Character", "the rhythm by which sailors know a light"),
    ("Fresnel lens", "a lens made of rings that bends light into one beam"),
)
TALK = (
    ("Ada Byron", "The lighthouse at Skarn was built in 1871 and stands 43 metres above the sea."),
    ("Bo Li", "I think the lamp should be electric, because oil freezes at night."),
    ("Ada Byron", "A Fresnel lens is a lens made of rings that bends light into one beam."),
)


def cards(data: bytes, filename: str) -> list[tuple[str, str, str]]:
    made = pipeline.generate(read(data, filename))
    return sorted((draft.id, draft.question, draft.answer) for draft in made.drafts)


def delimited(rows, sign: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode()


def workbook(rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def cues(lines, start: str, comma: str) -> bytes:
    shown = (f"00:0{at}:00{comma}000 --> 00:0{at}:09{comma}000\n{line}\n" for at, line in enumerate(lines))
    return (start + "\n".join(shown)).encode()


@pytest.mark.slow
def test_a_table_gives_the_same_cards_as_in_markdown():
    head, *rows = ["| " + " | ".join(row) + " |" for row in LIGHTS]
    expected = cards("\n".join((f"# {CAPTION}\n", head, "|---|---|---|", *rows)).encode(), "lights.md")
    captioned = ((CAPTION, "", ""), *LIGHTS)

    assert len(expected) > 3
    assert cards(delimited(captioned), "lights.csv") == expected
    assert cards(delimited(captioned, "\t"), "lights.tsv") == expected
    assert cards(workbook(captioned), "lights.xlsx") == expected


@pytest.mark.slow
def test_a_glossary_gives_the_same_cards_as_a_list_in_markdown():
    listed = "\n".join(f"- **{term}**: {what}" for term, what in TERMS)
    expected = cards(f"# Lights of the coast\n\n## Terms\n\n{listed}\n".encode(), "lights.md")
    rows = (("Lights of the coast", ""), ("Term", "Definition"), *TERMS)

    assert len(expected) >= len(TERMS)
    assert cards(delimited(rows), "a.csv") == expected
    assert cards(workbook(rows), "a.xlsx") == expected


@pytest.mark.slow
def test_a_talk_gives_the_same_cards_as_its_transcript():
    expected = cards("\n\n".join(f"{who}: {said}" for who, said in TALK).encode(), "talk.md")

    assert len(expected) >= len(TALK)
    assert cards(cues((f"{who}: {said}" for who, said in TALK), "", ","), "talk.srt") == expected
    assert cards(cues((f"<v {who}>{said}</v>" for who, said in TALK), "WEBVTT\n\n", "."), "talk.vtt") == expected
