"""Single statements that say whose they are."""

from quizapp.domain.documents import BlockKind
from quizapp.ingest import read


def said(source: str) -> dict[str, str | None]:
    """Return the text and the speaker of every statement."""
    document = read(f"# Loom conference\n\n{source}".encode(), "a.md")
    skipped = (BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL)
    return {
        b.span.of(document.text): b.speaker.name if b.speaker else None
        for b in document.blocks
        if b.kind not in skipped
    }


def test_a_name_in_front_says_whose_the_statement_is():
    source = "1. **Ada Byron (Mills)** – Looms drift.\n2. **Bo Li, weaver** – Steam waits.\n\nSee the next issue.\n"

    assert said(source) == {"Looms drift.": "Ada Byron", "Steam waits.": "Bo Li", "See the next issue.": None}


def test_a_name_behind_says_whose_the_statement_is():
    source = (
        '> "Old looms are rare." — Ada Byron, weaver\n\n- Steam waits for nobody. (Bo Li, engineer)\n- Tea was cold.\n'
    )

    assert said(source) == {
        '"Old looms are rare."': "Ada Byron",
        "Steam waits for nobody.": "Bo Li",
        "Tea was cold.": None,
    }


def test_a_bullet_with_a_name_owns_those_nested_under_it():
    source = (
        "- **Ada Byron**, Mills\n  - Looms drift.\n- **Bo Li**, Works\n  - Steam waits.\n- Practical\n  - Bring tea.\n"
    )
    found = said(source)

    assert (found["Looms drift."], found["Steam waits."], found["Bring tea."]) == ("Ada Byron", "Bo Li", None)


def test_a_sentence_about_a_speaker_owns_the_list_below_it():
    source = (
        "Ada Byron (Mills) spoke first. Main points:\n\n- Looms drift.\n\n"
        "After tea, Bo Li from Works took over. Main points:\n\n- Steam waits.\n\nAction for us:\n\n- Ask.\n"
    )
    found = said(source)

    assert (found["Looms drift."], found["Steam waits."], found["Ask."]) == ("Ada Byron", "Bo Li", None)


def test_a_row_is_of_whom_the_column_of_speakers_names():
    source = "| Speaker | Main point |\n|---|---|\n| Ada Byron (Mills) | Looms drift. |\n"

    assert said(source)["Ada Byron (Mills) | Looms drift."] == "Ada Byron"
