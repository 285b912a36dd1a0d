"""What was said in subtitles, and by whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import read
from quizapp.ingest.subtitles import read as pieces_of


def srt(*lines: str, pause: float = 0.1) -> str:
    """Return a cue of two seconds for each text."""
    out, at = [], 0.0
    for number, line in enumerate(lines, 1):
        out.append(f"{number}\n{stamp(at)} --> {stamp(at + 2)}\n{line}\n")
        at += 2 + pause
    return "\n".join(out)


def stamp(seconds: float) -> str:
    return f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{seconds % 60:06.3f}".replace(".", ",")


def texts(text: str) -> list[str]:
    return [piece.text for piece in pieces_of(text).pieces]


def test_cues_are_joined_into_sentences_and_times_leave_the_text():
    assert texts(srt("The lighthouse was", "built in 1871.")) == ["The lighthouse was built in 1871."]


def test_a_pause_opens_a_paragraph_but_not_within_a_sentence():
    assert texts(srt("It was built", "in 1871.", "It stands high.", pause=4)) == [
        "It was built in 1871.",
        "It stands high.",
    ]


def test_a_broken_numbering_empty_lines_and_windows_line_ends_are_read():
    text = "7\r\n00:00:01,000 --> 00:00:02,000\r\nIt was\r\n\r\nbuilt\r\n7\r\n0:00:02.5 --> 00:00:03,000 X1:0\r\nin 1871.\r\n"

    assert read(text.encode(), "a.srt").text == "It was built in 1871."


def test_styles_notes_tags_names_of_cues_and_settings_leave_the_text():
    text = (
        "WEBVTT - The night watch\nKind: captions\n\nSTYLE\n::cue {\n color: red }\n\nNOTE by hand\nof Ada\n\nfirst\n"
        "00:01.000 --> 00:02.000 align:start position:0%\n<c.red>It</c> was <00:00:01.500><i>built</i> &amp;\n\n"
        "second\n00:02.000 --> 00:03.000\n{\\an8}lit in 1871.\n"
    )

    found = pieces_of(text)

    assert [piece.text for piece in found.pieces] == ["It was built & lit in 1871."]
    assert found.name == "The night watch"


def test_captions_that_roll_up_say_nothing_twice():
    text = (
        "WEBVTT\n\n00:00.100 --> 00:02.000\n \nhello<00:00:00.400><c> and</c>\n\n00:02.000 --> 00:02.010\nhello and\n \n\n"
        "00:02.010 --> 00:04.000\nhello and\nwelcome<00:00:02.400><c> here</c>\n\n00:04.000 --> 00:04.010\nwelcome here\n \n"
    )

    assert texts(text) == ["hello and welcome here"]


def test_somebody_who_says_a_thing_twice_is_heard_twice():
    assert texts(srt("No.", "No.", "It was built in 1871.", "It stands high.")) == [
        "No. No. It was built in 1871. It stands high."
    ]


@pytest.mark.parametrize("note", ["[Music]", "(applause)", "[ __ ]", "(LAUGHING)", "♪ la la ♪", "(They leave.)"])
def test_notes_of_sounds_and_songs_leave_the_text(note):
    assert texts(srt("It was built", note, "in 1871.")) == ["It was built in 1871."]


def test_youtube_captions_of_other_makers_are_read():
    assert texts("0:00:00.599,0:00:04.160\nIt was\nbuilt\n\n0:00:04.160,0:00:06.770\nin 1871.\n") == [
        "It was built in 1871."
    ]


def test_credits_at_the_ends_are_no_speech():
    assert texts(srt("Subtitles by the friends of Skarn", "It was built in 1871.", "www.example.org")) == [
        "It was built in 1871."
    ]


SPEAKERS = {
    "voice tags": (
        "<v Ada Byron>It was built in 1871.</v>",
        "<v.loud Bo Li>I think it is high.",
        "<v Ada Byron>We know.",
    ),
    "capitals": ("ADA BYRON: It was built in 1871.", "BO LI: I think it is high.", "ADA BYRON: We know."),
    "arrows": (">> ADA BYRON: It was built in 1871. >> BO LI: I think it is high.", ">> ADA BYRON: We know."),
    "dashes": ("- Ada Byron: It was built in 1871.\n- Bo Li: I think it is high.", "- Ada Byron: We know."),
    "boxes": ("[Ada Byron]: It was built in 1871.", "[Bo Li]: I think it is high.", "[Ada Byron]: We know."),
}


@pytest.mark.parametrize("lines", SPEAKERS.values(), ids=SPEAKERS)
def test_speakers_are_heard_however_they_are_marked(lines):
    document = read(srt(*lines).encode(), "a.srt")

    said = [(b.speaker.name.title(), b.span.of(document.text)) for b in document.blocks if b.speaker]
    assert said == [
        ("Ada Byron", "It was built in 1871."),
        ("Bo Li", "I think it is high."),
        ("Ada Byron", "We know."),
    ]


def test_a_turn_of_nobody_known_is_nobody_s():
    document = read(
        srt("ADA BYRON: It was built in 1871.", ">> Is it high?", "ADA BYRON: We think so.").encode(), "a.srt"
    )

    asked = next(block for block in document.blocks if block.span.of(document.text) == "Is it high?")
    assert asked.speaker is None


def test_a_colon_in_a_sentence_is_no_speaker():
    assert texts(srt("We learnt this:", "Remember: it was", "built in 1871.")) == [
        "We learnt this: Remember: it was built in 1871."
    ]


def test_captions_without_full_stops_are_told_of():
    found = pieces_of(srt(*[f"and so light {at} goes on" for at in range(60)]))

    assert found.problems == ("These captions have no full stops, so few sentences could be told apart.",)


def test_short_lines_without_a_full_stop_are_no_headings():
    document = read(srt("hello and welcome", "the lamp is lit", pause=5).encode(), "a.srt")

    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}


def test_a_file_without_times_is_refused_with_a_sentence():
    with pytest.raises(InvalidInput, match="holds no subtitles"):
        pieces_of("It was built in 1871.")


@given(
    st.lists(
        st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=9),
        min_size=1,
        max_size=12,
        unique=True,
    )
)
def test_every_word_is_said_once_and_in_order(words):
    assert " ".join(texts(srt(*words))).split() == words
