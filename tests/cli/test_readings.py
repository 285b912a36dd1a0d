from quizapp.cli import readings
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Rejected, Source
from quizapp.domain.documents import Document, Section, Span
from quizapp.services.reading import Reading

TEXT = "Takeaways\n\nDeng Yafeng\n\nLobster is the iPhone 4 of agents."
QUOTE = "Lobster is the iPhone 4 of agents."


def draft(question="What is Lobster?", answer="The iPhone 4 of agents", *, status=DraftStatus.READY, **more):
    start = TEXT.index(QUOTE)
    heading = more.pop("heading", "Deng Yafeng")
    source = Source(QUOTE, start, start + len(QUOTE), speaker="Deng Yafeng", heading=heading)
    return Draft(more.pop("kind", CardKind.BASIC), question, answer, source, "comparison", 0.91, status, **more)


def reading(*drafts, rejected=(), problems=()):
    sections = (Section("Deng Yafeng", "Deng Yafeng", Span(11, len(TEXT))),)
    document = Document("Takeaways", TEXT, "en", blocks=(), sections=sections)
    return Reading(document, drafts, tuple(rejected), tuple(problems), seconds=1.23456, words=10)


def test_the_object_has_everything_that_the_contract_names():
    shown = readings.as_object(reading(draft(tags=("agents",))))

    assert shown == {
        "document": {
            "title": "Takeaways",
            "text": TEXT,
            "language": "en",
            "sections": [{"heading": "Deng Yafeng", "speaker": "Deng Yafeng", "start": 11, "end": len(TEXT)}],
        },
        "cards": [
            {
                "id": draft().id,
                "kind": "basic",
                "question": "What is Lobster?",
                "answer": "The iPhone 4 of agents",
                "choices": [],
                "explanation": "",
                "source": {
                    "quote": QUOTE,
                    "start": TEXT.index(QUOTE),
                    "end": len(TEXT),
                    "speaker": "Deng Yafeng",
                    "heading": "Deng Yafeng",
                    "page": None,
                },
                "rule": "comparison",
                "score": 0.91,
                "status": "ready",
                "reasons": [],
                "tags": ["agents"],
            }
        ],
        "rejected": [],
        "problems": [],
        "usage": {"seconds": 1.235, "words": 10, "model": None, "tokens_in": 0, "tokens_out": 0, "cost": 0},
    }


def test_what_was_rejected_and_what_went_wrong_is_told():
    rejected = Rejected("What bottleneck?", "Power", "definition", ("no context",))

    shown = readings.as_object(reading(rejected=[rejected], problems=["Page 3 has no text."]))

    assert shown["rejected"] == [
        {"question": "What bottleneck?", "answer": "Power", "rule": "definition", "reasons": ["no context"]}
    ]
    assert shown["problems"] == ["Page 3 has no text."]


def test_ready_cards_are_printed_with_quote_and_speaker():
    lines = readings.as_text(reading(draft())).splitlines()

    assert lines[:2] == ["Takeaways", "10 words, 1 card ready, 0 in the tray."]
    assert lines[3:] == [
        "Deng Yafeng",
        "",
        "  Q  What is Lobster?",
        "  A  The iPhone 4 of agents",
        f"     “{QUOTE}” (Deng Yafeng)",
    ]


def test_cards_of_one_heading_are_printed_together():
    scattered = [
        draft("One?", heading="A"),
        draft("Two?", heading="B"),
        draft("Three?", heading="A"),
        draft("Four?", heading=None),
    ]

    lines = readings.as_text(reading(*scattered)).splitlines()[2:]

    assert [line.strip() for line in lines if line and not line.startswith(("  A", "     "))] == [
        "A",
        "Q  One?",
        "Q  Three?",
        "B",
        "Q  Two?",
        "Takeaways",
        "Q  Four?",
    ]


def test_a_list_is_printed_on_one_line_and_a_choice_with_its_choices():
    listed = draft("Which layers?", "- chips\n- models\n- agents", kind=CardKind.LIST)
    chosen = draft("Which?", "Lobster", kind=CardKind.CHOICE, choices=("Crab", "Lobster", "Shrimp"))

    lines = readings.as_text(reading(listed, chosen)).splitlines()

    assert "  A  chips; models; agents" in lines
    assert [line for line in lines if line.startswith("     - ")] == ["     - Crab", "     - Lobster", "     - Shrimp"]


def test_the_tray_is_summed_up_by_reason():
    unsure = {"status": DraftStatus.REVIEW}
    tray = [
        draft("One?", reasons=("refers back", "long answer"), **unsure),
        draft("Two?", reasons=("refers back",), **unsure),
    ]

    assert readings.as_text(reading(*tray)).splitlines()[-3:] == [
        "In the tray: 2",
        "  2 × refers back",
        "  1 × long answer",
    ]


def test_a_document_without_a_fact_is_said_to_have_none():
    text = readings.as_text(reading(problems=["Only the structure was used: this is not English."]))

    assert text.splitlines() == [
        "Takeaways",
        "10 words, nothing in it that makes a good card.",
        "",
        "Problems",
        "  Only the structure was used: this is not English.",
    ]
