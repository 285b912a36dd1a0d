from quizapp.anki.sources import Sources


def gathered(*cards, with_quotes=True):
    sources = Sources(with_quotes=with_quotes)
    for title, address, speaker in cards:
        sources.add("Biology", title=title, address=address, speaker=speaker)
    return sources


def test_a_document_is_named_once_with_all_who_speak_in_it():
    told = gathered(("Cells", "", "Lin Wei"), ("Cells", "", "Deng"), ("Cells", "", "Lin Wei"), ("Cells", "", None))

    assert "<li>Cells · Lin Wei, Deng</li>" in told.description("biology")


def test_a_deck_whose_cards_have_no_document_says_nothing():
    assert gathered((None, "", None)).description("Biology") == ""
    assert gathered(("Cells", "", None)).description("Physics") == ""


def test_of_many_documents_and_speakers_the_first_are_named_and_the_others_counted():
    told = gathered(*((f"Document {n}", "", f"Speaker {k}") for n in range(60) for k in range(25))).description(
        "Biology"
    )

    assert told.count("<li>") == 51
    assert "and 10 more</li>" in told
    assert "Speaker 19, and 5 more" in told
