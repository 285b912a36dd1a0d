"""What can be typed into the search of cards: examples with what they find, and filters to press."""

from collections.abc import Sequence

from quizapp.domain.expressions import Expression, Flagged, Is, Not, State

EXAMPLES: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "Words",
        (
            ("tide gate", "cards with both words, in any order; a word finds what begins with it"),
            ('"tide gate"', "exactly these words"),
            ("w:tide", "this word and no longer one"),
            ("tide or gate", "one of them"),
            ("-tide", "without it"),
            ("gate (tide or lock)", "brackets say what belongs together"),
            ("t_de *gate", "_ stands for one letter, * for any"),
        ),
    ),
    (
        "Where it is",
        (
            ("deck:Biology", "in this deck and those inside it; put names with blanks in quotation marks"),
            ("tag:marine", "with this tag; tag:none without any"),
            ("kind:cloze", "basic, cloze, choice, true_false, list or order; note: is the same"),
            ("card:2", "the second card of its note"),
            ("flag:1", "with this flag, 1 to 7; flag:0 without one"),
        ),
    ),
    (
        "Where it comes from",
        (
            ("source:tide", "the quote, or the heading above it, says this"),
            ("speaker:Okafor", "who says it"),
            ('document:"harbour handbook"', "the title of the document has these words"),
            ("reason:wrong", "you reported it: wrong, unclear, source, duplicate or other"),
        ),
    ),
    (
        "How you study it",
        (
            ("is:due", "new, learn, review, due, suspended, buried or leech"),
            ("rated:7", "answered in the last 7 days; rated:7:1 with Again"),
            ("added:7", "made in the last 7 days; edited:7, introduced:7 first answered"),
            ("prop:s>30", "stability in days; also ivl, due (days from today), lapses, reps"),
            ("prop:r<0.9", "the chance that you know it today; prop:d>0.8 difficulty, both from 0 to 1"),
            ("nid:12 or cid:15", "by the number of the note, or of the card"),
        ),
    ),
)
FILTERS: Sequence[tuple[str, Expression]] = (
    ("Due", Is(State.DUE)),
    ("New", Is(State.NEW)),
    ("Learning", Is(State.LEARN)),
    ("Suspended", Is(State.SUSPENDED)),
    ("Flagged", Not(Flagged(0))),
    ("Leeches", Is(State.LEECH)),
)
