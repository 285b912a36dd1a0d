import pytest

from quizapp.domain.cards import CardKind, Draft, DraftStatus
from quizapp.generate import pipeline
from quizapp.generate.claims import sentences
from quizapp.ingest import read

GERMAN = """# Der Leuchtturm von Skarn

Der Turm wurde im Jahr 1871 gebaut, und seine Linse wiegt 1.900 kg.

## Begriffe

- **Kennung**: der Rhythmus, an dem Seeleute ein Feuer erkennen
- **Wiederkehr**: die Zeit zwischen zwei gleichen Zeichen
- **Sektor**: der Winkel, in dem ein Feuer zu sehen ist

## Vor einem Sturm

1. Läden auf der Seeseite schließen
2. Beide Tanks füllen
3. Küstenwache anrufen

## Feuer der Küste

| Feuer | Höhe |
|---|---|
| Skarn | 43 m |
| Ulver | 28 m |
"""


def drafts(text: str) -> list[Draft]:
    return list(pipeline.generate(read(text.encode(), "a.md")).drafts)


def asked(text: str) -> dict[str, tuple[str, str]]:
    return {draft.rule: (draft.question, draft.answer) for draft in drafts(text)}


def test_a_text_in_another_language_gets_cards_from_its_structure_and_numbers():
    found = asked(GERMAN)

    assert found["plain_number"] == (
        "Der Leuchtturm von Skarn: Der Turm wurde im Jahr 1871 gebaut, und seine Linse wiegt […].",
        "1.900 kg",
    )
    assert found["plain_term"] == (
        "Der Leuchtturm von Skarn, Begriffe: Sektor",
        "der Winkel, in dem ein Feuer zu sehen ist",
    )
    assert found["plain_cell"] == ("Der Leuchtturm von Skarn, Feuer der Küste: Ulver – Höhe", "28 m")
    assert found["plain_list"][1].splitlines() == [
        "Läden auf der Seeseite schließen",
        "Beide Tanks füllen",
        "Küstenwache anrufen",
    ]


def test_numbered_items_are_asked_for_in_their_order():
    (steps,) = [draft for draft in drafts(GERMAN) if draft.rule == "plain_list"]

    assert steps.kind is CardKind.ORDER


def test_every_quote_of_another_language_is_verbatim():
    text = read(GERMAN.encode(), "a.md").text

    made = drafts(GERMAN)
    assert len(made) >= 6
    assert all(text[draft.source.start : draft.source.end] == draft.source.quote for draft in made)


def test_who_is_quoted_is_asked_where_several_people_speak():
    text = (
        "# Разговор о море\n\n**Анна Петрова:** «Маяк нельзя оставлять без человека никогда, даже в хорошую погоду.»\n\n"
        "**Иван Орлов:** «Автоматика давно делает эту работу лучше любого смотрителя на берегу.»\n\n"
        "**Анна Петрова:** Так думают только те, кто не был там зимой и не видел шторма.\n\n"
        "**Иван Орлов:** Я провёл там несколько зим и видел всё своими глазами.\n"
    )

    quoted = [draft for draft in drafts(text) if draft.rule == "plain_quotation"]
    assert [draft.answer for draft in quoted] == ["Анна Петрова", "Иван Орлов"]


def test_a_chinese_number_is_asked_for_with_its_scale():
    found = asked("峰会要点\n\n大会在北京举行，线上观众达到4000万人次，比去年多了很多。\n")

    assert found["plain_number"] == ("峰会要点: 大会在北京举行，线上观众达到[…]人次，比去年多了很多。", "4000万")


def test_a_bare_small_number_waits_in_the_tray():
    (draft,) = drafts("# Der Turm\n\nDer Turm hat heute nur noch 3 Fenster nach Süden und keine nach Norden hin.\n")

    assert draft.status is DraftStatus.REVIEW


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("大会在北京举行。约有一千人参加！真的？是的。", ["大会在北京举行。", "约有一千人参加！", "真的？", "是的。"]),
        ("他说：“很好。”大家鼓掌。", ["他说：“很好。”", "大家鼓掌。"]),
        ("「行きます。」と彼は言った。それから出かけた。", ["「行きます。」と彼は言った。", "それから出かけた。"]),
        ("Er kam am 3. Oktober. „Gut.“ Dann ging er.", ["Er kam am 3. Oktober.", "„Gut.“", "Dann ging er."]),
        ("بنيت المنارة؟ نعم. وارتفاعها كبير.", ["بنيت المنارة؟", "نعم.", "وارتفاعها كبير."]),
    ],
)
def test_sentences_end_where_each_script_ends_them(text, parts):
    assert [span.of(text) for span in sentences(text)] == parts
