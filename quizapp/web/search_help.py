"""What can be typed into the search of cards: examples with what they find, and filters to press."""

from collections.abc import Sequence

from quizapp.domain.expressions import Expression, Flagged, Is, Not, State
from quizapp.translations import marked

EXAMPLES: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        marked("Words"),
        (
            ("tide gate", marked("cards with both words, in any order; a word finds what begins with it")),
            ('"tide gate"', marked("exactly these words")),
            ("w:tide", marked("this word and no longer one")),
            ("tide or gate", marked("one of them")),
            ("-tide", marked("without it")),
            ("gate (tide or lock)", marked("brackets say what belongs together")),
            ("t_de *gate", marked("_ stands for one letter, * for any")),
        ),
    ),
    (
        marked("Where it is"),
        (
            ("deck:Biology", marked("in this deck and those inside it; put names with blanks in quotation marks")),
            ("tag:marine", marked("with this tag; tag:none without any")),
            ("kind:cloze", marked("basic, cloze, choice, true_false, list or order; note: is the same")),
            ("card:2", marked("the second card of its note")),
            ("flag:1", marked("with this flag, 1 to 7; flag:0 without one")),
        ),
    ),
    (
        marked("Where it comes from"),
        (
            ("source:tide", marked("the quote, or the heading above it, says this")),
            ("speaker:Okafor", marked("who says it")),
            ('document:"harbour handbook"', marked("the title of the document has these words")),
            ("reason:wrong", marked("you reported it: wrong, unclear, source, duplicate or other")),
        ),
    ),
    (
        marked("How you study it"),
        (
            ("is:due", marked("new, learn, review, due, suspended, buried or leech")),
            ("rated:7", marked("answered in the last 7 days; rated:7:1 with Again")),
            ("added:7", marked("made in the last 7 days; edited:7, introduced:7 first answered")),
            ("prop:s>30", marked("stability in days; also ivl, due (days from today), lapses, reps")),
            ("prop:r<0.9", marked("the chance that you know it today; prop:d>0.8 difficulty, both from 0 to 1")),
            ("nid:12 or cid:15", marked("by the number of the note, or of the card")),
        ),
    ),
)
FILTERS: Sequence[tuple[str, Expression]] = (
    (marked("Due"), Is(State.DUE)),
    (marked("New"), Is(State.NEW)),
    (marked("Learning"), Is(State.LEARN)),
    (marked("Suspended"), Is(State.SUSPENDED)),
    (marked("Flagged"), Not(Flagged(0))),
    (marked("Leeches"), Is(State.LEECH)),
)
