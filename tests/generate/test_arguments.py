"""Questions about the parts of a sentence: one example a family, and what is not asked."""

from dataclasses import replace

import pytest

from quizapp import ingest
from quizapp.generate import clauses, language, pipeline
from quizapp.generate.candidates import Candidate
from quizapp.generate.wording import Casing
from tests.generate.conftest import generated


def clauses_of(sentence: str) -> list[clauses.Clause]:
    """Return the clauses of a sentence."""
    parse = language.Parses()
    return list(clauses.clauses(parse(sentence), parse))


def asked(text: str) -> dict[str, tuple[str, str]]:
    """Return question and answer of every candidate about a part of a clause, by rule, without its frame."""
    document = ingest.read(f"# The mills of Leeds\n\n{text}\n".encode(), "mills.md")
    return {
        one.rule: (one.question.split(": ", 1)[-1], one.answer)
        for one in pipeline.weighed(document).candidates
        if one.rule.startswith("asks_")
    }


def weighed(text: str) -> list[Candidate]:
    """Return the candidates of a text below a heading, each question without its frame."""
    document = ingest.read(f"# The mills of Leeds\n\n{text}\n".encode(), "mills.md")
    return [replace(one, question=one.question.split(": ", 1)[-1]) for one in pipeline.weighed(document).candidates]


ASKED = {
    "count of the object": (
        "The Byron Weaving Company employs 318 spinners in four valleys.",
        "asks_number",
        "How many spinners does the Byron Weaving Company employ in four valleys?",
        "318",
    ),
    "amount with its unit": (
        "In 1911 the Byron Weaving Company sold 21.4 million metres of cloth.",
        "asks_number",
        "How many metres of cloth did the Byron Weaving Company sell in 1911?",
        "21.4 million",
    ),
    "money": (
        "A yard of Leeds cloth costs about 18 pounds.",
        "asks_number",
        "How much does a yard of Leeds cloth cost?",
        "About 18 pounds",
    ),
    "share of the subject": (
        "About 64 percent of the looms in Leeds stand idle at night.",
        "asks_number_subject",
        "What share of the looms in Leeds stand idle at night?",
        "About 64 percent",
    ),
    "what there is": (
        "There are 211 looms in the valley of Aire.",
        "asks_number",
        "How many looms are there in the valley of Aire?",
        "211",
    ),
    "duration": (
        "Raw wool takes between 12 and 20 days to travel from the farm to the mill.",
        "asks_how_long",
        "How long does raw wool take to travel from the farm to the mill?",
        "Between 12 and 20 days",
    ),
    "number after a preposition": (
        "Thin leather gloves protect against acid for less than a minute.",
        "asks_number_after",
        "For how long do thin leather gloves protect against acid?",
        "Less than a minute",
    ),
    "difference": (
        "After the rules of the guild, accidents in mills fell by 25 percent.",
        "asks_number_after",
        "By how much did accidents in mills fall after the rules of the guild?",
        "25 percent",
    ),
    "change": (
        "The price of raw wool will rise from 60 to 105 euros.",
        "asks_change",
        "From what to what will the price of raw wool rise?",
        "From 60 to 105 euros",
    ),
    "amount of a noun": (
        "The statutes of the guild require a reserve of at least three months of wages.",
        "asks_number_of",
        "What reserve do the statutes of the guild require?",
        "A reserve of at least three months of wages",
    ),
    "date": (
        "All wooden looms are to be scrapped by the end of 2031.",
        "asks_when",
        "By when are all wooden looms to be scrapped?",
        "The end of 2031",
    ),
    "place": (
        "Undyed wool is stored in the cellar of the east wing.",
        "asks_where",
        "Where is undyed wool stored?",
        "In the cellar of the east wing",
    ),
    "way": (
        "Weavers in Leeds detect flaws by holding cloth against the light.",
        "asks_how",
        "How do weavers in Leeds detect flaws?",
        "By holding cloth against the light",
    ),
    "cause owed": (
        "The mill of Otley closed due to a shortage of coal.",
        "asks_why",
        "Why did the mill of Otley close?",
        "Due to a shortage of coal",
    ),
    "conclusion": (
        "The listed price leaves the dye out, so compare mills by the final bill.",
        "asks_why_so",
        "Why should you compare mills by the final bill?",
        "The listed price leaves the dye out",
    ),
    "condition": (
        "The guild of Leeds pays weavers only when the bales are sold.",
        "asks_condition",
        "When does the guild of Leeds pay weavers?",
        "Only when the bales are sold",
    ),
    "leading condition": (
        "When coal gets dear, the mills of Bradford burn peat.",
        "asks_condition_first",
        "When do the mills of Bradford burn peat?",
        "When coal gets dear",
    ),
    "contrast": (
        "Bales are sorted by the length of the fibre, not by colour.",
        "asks_contrast",
        "How are bales sorted, rather than by colour?",
        "By the length of the fibre",
    ),
    "not but": (
        "The most common cause of fires was not steam but oily rags.",
        "asks_contrast",
        "What was the most common cause of fires, if not steam?",
        "Oily rags",
    ),
    "question inside": (
        "What determines the width of a bolt is not the loom but the shed.",
        "asks_cleft",
        "What determines the width of a bolt, if not the loom?",
        "The shed",
    ),
    "governed": (
        "Almost all of the soot in Leeds comes from domestic hearths.",
        "asks_governed",
        "From what does almost all of the soot in Leeds come?",
        "Domestic hearths",
    ),
    "telling verb": (
        "A wealth of cheap thread creates a shortage of skilled weavers.",
        "asks_object_told",
        "What does a wealth of cheap thread create?",
        "A shortage of skilled weavers",
    ),
    "author": (
        "Ada Byron wrote that machines weave flowers and leaves.",
        "asks_author",
        "Who wrote that machines weave flowers and leaves?",
        "Ada Byron",
    ),
    "subject": (
        "The Great Frost of Leeds stopped every mill between Leeds and Otley.",
        "asks_subject",
        "What stopped every mill between Leeds and Otley?",
        "The Great Frost of Leeds",
    ),
    "event": (
        "The foreman checks the belts of the loom after a thunderstorm.",
        "asks_event",
        "When does the foreman check the belts of the loom?",
        "After a thunderstorm",
    ),
    "purpose": (
        "The dyers of Otley add vinegar to fix the colour.",
        "asks_purpose",
        "Why do the dyers of Otley add vinegar?",
        "To fix the colour",
    ),
    "condition that mostly holds": (
        "The wool of Otley loses its grease mainly when the water boils.",
        "asks_condition",
        "When does the wool of Otley lose its grease?",
        "Mainly when the water boils",
    ),
    "what comes after": (
        "A bolt of cloth is weighed before the dyer takes it.",
        "asks_condition",
        "When is a bolt of cloth weighed?",
        "Before the dyer takes it",
    ),
    "months with what they are like": (
        "Raw wool is mostly sold between May and August, when roads are dry.",
        "asks_when",
        "When is raw wool mostly sold?",
        "Between May and August",
    ),
    "and not": (
        "A mark of the guild belongs to one weaver and not to the whole mill.",
        "asks_contrast",
        "To what does a mark of the guild belong, rather than the whole mill?",
        "One weaver",
    ),
    "object with what belongs to it": (
        "A grade describes the harm to the cloth, not the price of repair.",
        "asks_contrast",
        "What does a grade describe, rather than the price of repair?",
        "The harm to the cloth",
    ),
    "or more": (
        "A large mill needs 10 boilers or more in winter.",
        "asks_number",
        "How many boilers does a large mill need in winter?",
        "10 or more",
    ),
    "what a thing shows": (
        "The old ledger shows that every weaver has paid for broken thread.",
        "asks_shown",
        "What does the old ledger show?",
        "Every weaver has paid for broken thread",
    ),
    "it in a later clause": (
        "The canal to Otley is open to every carter; it was dug by hand in 1811.",
        "asks_when",
        "When was the canal to Otley dug by hand?",
        "In 1811",
    ),
    "conclusion about it": (
        "The old loom is heavy and loud, so it stands on the ground floor.",
        "asks_why_so",
        "Why does the old loom stand on the ground floor?",
        "The old loom is heavy and loud",
    ),
    "somebody of a kind": (
        "The fire brigade demands a distance of ten metres.",
        "asks_who",
        "Who demands a distance of ten metres?",
        "The fire brigade",
    ),
    "cause behind a comma": (
        "The spinners of Leeds chose cotton in 1820, chiefly because most mills already had looms for cotton.",
        "asks_because",
        "Why did the spinners of Leeds choose cotton in 1820?",
        "Most mills already had looms for cotton",
    ),
    "cause in front": (
        "Because the foundry no longer exists, spare wheels have to be cast in Bradford.",
        "asks_because",
        "Why do spare wheels have to be cast in Bradford?",
        "The foundry no longer exists",
    ),
    "what was found before": (
        "The upper floor of the Albion mill was closed in June after inspectors found cracks in the beams.",
        "asks_found_out",
        "Why was the upper floor of the Albion mill closed in June?",
        "Inspectors found cracks in the beams",
    ),
    "as somebody proved": (
        "Wool cannot be bleached without some damage, as Cavendish proved in the 1790s.",
        "asks_known",
        "What did Cavendish prove in the 1790s?",
        "Wool cannot be bleached without some damage",
    ),
    "that somebody realised": (
        "Ada Byron realised that spinners care about the order of the spools.",
        "asks_known",
        "What did Ada Byron realise?",
        "Spinners care about the order of the spools",
    ),
    "which one": (
        "In 1798 Ada Byron designed a machine called the Iron Jane.",
        "asks_name",
        "Which machine did Ada Byron design in 1798?",
        "The Iron Jane",
    ),
    "it was that": (
        "It was the price of coal, rather than the weather, that closed the mills of Otley.",
        "asks_cleft",
        "What closed the mills of Otley, rather than the weather?",
        "The price of coal",
    ),
    "not so much as": (
        "The trouble of the mills was not so much wages as housing.",
        "asks_contrast",
        "What was the trouble of the mills, if not wages?",
        "Housing",
    ),
    "what somebody is given": (
        "The Aire Card gives permanent residents a free seat on the coach.",
        "asks_object",
        "What does the Aire Card give permanent residents?",
        "A free seat on the coach",
    ),
    "what is said in passing": (
        "The larger cause is the Aire Card, introduced in March, which protects old weavers against high fares.",
        "asks_governed",
        "Against what does the Aire Card protect old weavers?",
        "High fares",
    ),
}


@pytest.mark.parametrize(("sentence", "rule", "question", "answer"), ASKED.values(), ids=ASKED.keys())
def test_a_part_of_a_clause_is_asked_for(sentence, rule, question, answer):
    assert asked(sentence).get(rule) == (question, answer)


SILENT = [
    "They sold 40 bolts of cloth at the fair.",
    "This takes 40 days in winter.",
    "The first 25 looms of Leeds were made of oak.",
    "Some of them cost 40 pounds.",
    "Mill 4 hums all day and all night.",
]


@pytest.mark.parametrize("sentence", SILENT)
def test_no_number_is_asked_for_of_what_is_not_named_or_not_news(sentence):
    assert not [rule for rule in asked(sentence) if rule.startswith(("asks_number", "asks_how_long"))]


def test_a_verb_after_another_clause_is_not_given_to_its_subject():
    found = asked(
        "A carter who comes late has missed the tide, so Hartley ships the bales and then freezes the prices until October."
    )

    assert not [card for card in found.values() if "carter" in card[0] and "freeze" in card[0]]


def test_a_condition_after_a_second_verb_is_not_given_to_the_first():
    found = asked("Hartley mends every belt and stops the engine when fewer than two belts agree.")

    assert not [card for card in found.values() if "mend" in card[0] and "agree" in f"{card[0]}{card[1]}"]


def test_what_somebody_unnamed_is_quoted_with_is_not_asked_for_as_the_document_s_own():
    found = asked('The old dyer gave the guild its motto: "A wealth of cheap thread creates a shortage of weavers."')

    assert not [card for card in found.values() if "cheap thread" in card[0]]


NOT_ASKED = {
    "a light verb": ("Weavers of the north have strong and patient hands.", "asks_object"),
    "two objects": ("The guild will cover them losses.", "asks_object_told"),
    "somewhere to go": ("Old weavers return to the village.", "asks_preposition"),
    "a grade": ("A grade 4 fault may be mended by the weaver of the piece.", "asks_number_subject"),
    "a plan": ("The plan of the guild is to reopen half of the mills in May.", "asks_number"),
    "what is denied": ("The great loom is not the main expense of a mill in Leeds.", "asks_subject"),
    "it that may be the object": ("The guild bought a hall, and it was sold in 1911.", "asks_when"),
    "an order that is none": ("Work with strong acids must be allowed by the guild.", "asks_agent"),
    "words before a comma": ("Loose or broken threads, you cut the whole bolt in half.", "asks_object"),
    "a condition cut short": ("When weavers say the wool is damp, I laugh.", "asks_condition_first"),
    "a place or what is in it": (
        "The covered bridges at Port Otley, which replaced the old open stairs, deserve the credit.",
        "asks_object_told",
    ),
    "a cause that only repeats": (
        "The guild of Leeds pays weavers because the guild has begun to do so.",
        "asks_because",
    ),
    "a cause that is denied": ("The guild of Leeds pays weavers not because the law of 1811 says so.", "asks_because"),
    "from when to when": ("The mill of Otley was closed from June to September by the guild.", "asks_when"),
    "a time taken": ("Raw wool takes twelve days to reach the mill.", "asks_purpose"),
}


@pytest.mark.parametrize(("sentence", "rule"), NOT_ASKED.values(), ids=NOT_ASKED.keys())
def test_a_part_that_tells_too_little_or_may_be_misread_is_not_asked_for(sentence, rule):
    assert rule not in asked(sentence)


def test_what_a_speaker_says_that_others_think_is_not_theirs():
    text = "# Notes on talks of the week\n\n**Ada Byron:** Why?\n\n**Bo Li:** People always think that the loom is the main expense of a mill.\n"

    assert not [one for one in generated(text).drafts if one.rule == "asks_complement"]


def test_who_is_followed_by_a_verb_for_one():
    (clause,) = clauses_of("The dyers of Otley have no vinegar left")

    assert clause.ask_subject("who", (), Casing("", frozenset())) == "who has no vinegar left"


def test_an_order_is_asked_for_with_you_should():
    question, answer = asked("Rinse the raw wool for 15 minutes, dry it on a rack.")["asks_number_after"]

    assert (question, answer) == ("For how long should you rinse the raw wool?", "15 minutes")


def test_it_is_spelled_out_where_it_can_only_be_the_subject_before():
    found = asked("The carding machine lives in the cellar of the mill. It was built by hand in 1871.")

    assert found["asks_when"][:2] == ("When was the carding machine built by hand?", "In 1871")


def test_it_is_left_alone_where_it_may_be_two_things():
    found = asked("The weavers of Leeds feared the machine. It was built by hand in 1871.")

    assert "asks_when" not in found


def test_what_a_speaker_did_is_asked_for_by_name():
    text = "# Notes on talks of the week\n\n**Ada Byron:** Why?\n\n**Bo Li:** In my survey the average weaver broke 26 threads a day.\n\n**Ada Byron:** So?\n"

    drafts = {draft.rule: draft for draft in generated(text).drafts}

    assert drafts["asks_number"].question == "How many threads did the average weaver break a day in Bo Li’s survey?"
    assert drafts["asks_number"].source.speaker == "Bo Li"


def test_what_somebody_reports_is_asked_for_with_their_name():
    text = "# Notes on talks of the week\n\n## Bo Li, Director of Research, Acme\n\n- Bo Li reminded the weavers that only the assembly can decide on wages.\n"

    assert [(draft.question, draft.answer) for draft in generated(text).drafts if draft.rule == "asks_only_who"] == [
        ("Who can decide on wages, according to Bo Li?", "Only the assembly")
    ]


TURNED = {
    "did": ("Cloth shrank by a tenth in the wash.", "how much", "how much did cloth shrink by a tenth in the wash"),
    "auxiliary": ("The looms have been idle since May.", "why", "why have the looms been idle since May"),
    "not": ("Weavers can't sell raw thread.", "why", "why can't weavers sell raw thread"),
    "lead": ("In 1911 the guild lost its hall.", "why", "why did the guild lose its hall in 1911"),
    "aside": ("The guild, which was old, lost its hall.", "why", "why did the guild lose its hall"),
}


@pytest.mark.parametrize(("sentence", "asking", "question"), TURNED.values(), ids=TURNED.keys())
def test_a_clause_is_turned_round(sentence, asking, question):
    (clause,) = clauses_of(sentence.rstrip("."))

    assert clause.ask(asking, (), Casing(sentence, frozenset())) == question


def test_a_sentence_falls_into_its_clauses():
    found = clauses_of("The price fell, and the mills closed; carters sold their horses and left")

    assert [(clauses.joined(one.subject), clauses.joined(one.predicate)) for one in found] == [
        ("The price", "fell"),
        ("the mills", "closed"),
        ("Carters", "sold their horses"),
        ("Carters", "left"),
    ]


MISREAD = {
    "a clause that breaks off inside a phrase": "Steam replaces a loom more easily when the valley forms a closed loop and failure can be tolerated",
    "a list whose second thing looks like a verb": "The yard rent per month, goes up after three years",
    "a task that is doing something": "The other big challenge is weaving wet flax into cloth",
}


@pytest.mark.parametrize("sentence", MISREAD.values(), ids=MISREAD.keys())
def test_a_clause_that_is_read_wrongly_is_none(sentence):
    assert clauses_of(sentence) == []


def test_what_a_that_after_a_part_belongs_to_is_not_asked_for():
    found = asked("Weaving depends on one engineer that masters steam and can also repair looms.")

    assert not any("depend that" in question for question, _ in found.values())


def test_a_long_sentence_is_read_as_two_where_both_halves_are_sentences():
    said = (
        "The weavers of the upper valley carried their cloth to the market of Leeds on foot, "
        "and the dyers of Otley bought most of the finest of it before noon"
    )

    assert [clauses.joined(one.subject) for one in clauses_of(said)] == [
        "The weavers of the upper valley",
        "the dyers of Otley",
    ]


def test_a_reason_inside_another_clause_is_asked_of_that_clause():
    said = "The foreman told the story of the first loom, which missed the wall by four metres because the plans had been drawn badly."

    questions = [card.question for card in weighed(said) if card.answer == "The plans had been drawn badly"]

    assert questions
    assert not [one for one in questions if "tell" in one]


EXPLAINED = {
    "a thing": ("The cart struck the linkspan, the hinged bridge over which carts board.", "What is the linkspan?"),
    "a person": ("The cloth was woven for Roger II, the Norman king of Sicily.", "Who was Roger II?"),
}


@pytest.mark.parametrize(("sentence", "question"), EXPLAINED.values(), ids=EXPLAINED.keys())
def test_what_a_sentence_explains_in_passing_is_asked_for(sentence, question):
    assert question in [card.question for card in weighed(sentence) if card.rule == "explained"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dyers keep madder, the root of a plant from the east, and woad.",
        "Old looms, a tank with one fish and a boy were there.",
    ],
)
def test_the_next_of_a_list_explains_nothing(sentence):
    assert not [card for card in weighed(sentence) if card.rule == "explained"]


def test_we_is_the_body_that_the_title_of_a_report_names():
    report = "# Aire Ferry Service\n\nAnnual Report 1911\n\nAt the end of the year we employed 214 people.\n"
    document = ingest.read(report.encode(), "report.md")

    cards = [(one.question.split(": ")[-1], one.answer) for one in pipeline.weighed(document).candidates]

    assert ("How many people did the Aire Ferry Service employ at the end of the year?", "214") in cards


def test_we_is_nobody_where_a_text_speaks_of_i():
    report = "# Aire Ferry Service\n\nI was there. At the end of the year we employed 214 people.\n"
    document = ingest.read(report.encode(), "report.md")

    assert not [one for one in pipeline.weighed(document).candidates if "did the Aire" in one.question]


@pytest.mark.parametrize(
    ("sentence", "unfit"),
    [
        ("Managing the old locks is the mission of the Aire Ferry Service.", "managing the old locks"),
        ("The lowest deck is the engine room, and at the top are the cabins for the crew.", "at the top"),
        ("Notes and agendas are all publicly accessible (links available from the harbour page).", "accessible"),
    ],
)
def test_what_a_thing_is_stands_beside_it_in_the_same_clause(sentence, unfit):
    asked_for = [card.question for card in weighed(sentence) if card.rule == "asks_complement"]

    assert not [question for question in asked_for if unfit in question]


def test_as_stays_behind_the_verb_that_wants_it():
    cards = {card.question: card.answer for card in weighed("The old lighthouse serves as a school for young keepers.")}

    assert cards["What does the old lighthouse serve as?"] == "A school for young keepers"
