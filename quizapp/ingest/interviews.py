"""Interviews in which questions are marked and answers carry no name: what is asked, and who answers.

The answers are given to the one person whom the introduction names. Where it names two, or where a
question turns to somebody else, they are nobody's. Start from `questions` and `guest`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.domain.documents import BlockKind, Speaker
from quizapp.ingest import lines, names
from quizapp.ingest.lookup import Text
from quizapp.ingest.pieces import Piece

QUESTION_WORDS = 40
ENOUGH = 3  # questions that make an interview
OWN_VOICE = 0.25  # share of answers that speak of "I"
ASKED = re.compile(r"(?:Q|(?i:question|interviewer|reporter|journalist|editor|host|moderator))\s*\d*\s*[:.)]\s+(?=\S)")
ANSWERED = re.compile(r"(?:A|(?i:answer|interviewee|respondent|guest))\s*\d*\s*[:.)]\s+(?=\S)")
ANSWERS = re.compile(
    r"\b(?:answers?|answered|replies|interview(?:ed)?|in conversation|questions (?:for|to|with)|asked|talks? (?:to|with)|spoke (?:to|with)|q ?& ?a)\b",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:Hall|House|Street|Road|Lane|Square|Park|Museum|College|School|University|Institute|Hospital|Library|Archive|Review|Echo|Gazette|"
    r"Times|Herald|Post|News|Magazine|Press|Radio|Company|Ltd|Inc|Group|Council|Union|Society|Club|Trust|Port|Bay|Valley|Island|River|Bridge|"
    r"Station|Theatre|Festival|Prize|Award|Office|Centre|Center|Garden|Church|Day|Week|Show|Podcast|Vault|Lab|Works|Farm)s?\b"
)
OWN = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Yy]ou|[Yy]our)\b")
SELF = re.compile(r"\b(?:I|[Mm]y|me)\b")
ADDRESSED = re.compile(
    r"^(?!\w+ly,|(?:So|Well|Yes|No|Okay|Right|And|But|Then|Still|Sorry|Thanks),)([A-Z][a-z]+)(?=, [a-z])|(?<=, )([A-Z][a-z]+)(?=[?.!]$)"
)

OF_GUEST = r"(?:with(?: ?\.\.\.|…)?|meet|meets|introducing|[Ii]nterview:|[Pp]ortrait:|[Qq] ?& ?[Aa]:)"
IN_TITLE = re.compile(
    rf"{OF_GUEST} (?:(?:Dr|Prof)\.? )?(?P<with>{names.NAME})|^(?P<on>{names.NAME}) (?=on |about |talks )|: (?P<last>{names.NAME})$"
)
# Who asks, writes or takes the pictures.
ASKS = re.compile(
    rf"(?<![Ww]e )(?<!\bI )\b(?:[Ii]nterview(?:ed)?|[Ww]ords|[Tt]ext|[Ww]ritten|[Aa]sked|[Qq]uestions|[Pp]ictures?|[Pp]hoto(?:s|graphs?|graphy)?|[Bb]y)(?: (?:by|and text by))?:? (?:{names.NAME})|"
    rf"(?:[Ii]nterviewers?|[Cc]ontact|[Aa]uthors?|[Oo]wner|[Ee]ditor|[Rr]eporter|[Mm]anaged by|[Mm]aintained by|[Uu]pdated by|[Mm]oderat(?:or|ed by)|[Hh]ost)\s*[:|]?\s*{names.NAME}|"
    rf"(?:[Oo]ur (?:reader|correspondent|editor|reporter|colleague|author|writer|intern)|questions (?:came |come |were |are )?(?:from|by)) (?:{names.NAME})|"
    rf"(?:{names.NAME}) (?:met|meets|visited|visits|interviewed|interviews|asked|asks|questioned|went to see|(?:spoke|speaks|talked|talks|sat down) (?:to|with) (?:him|her|them)\b)\b"
)
# Somebody else is there as well.
ENTERS = re.compile(
    r"\b(?:joins?|joined|walks? in|walked in|comes? in|came in|sits? (?:in|with|beside)|sat (?:in|beside)|arrives?|arrived|interrupts?|enters|both (?:of them|answer|are|were|sit|sat))\b"
)
CLOSING = re.compile(
    r"^(?:[Tt]his |[Tt]he )?(?:[Ii]nterview|[Cc]onversation|[Ww]ords|[Tt]ext|[Pp]hotos?\w*|[Pp]ictures?)(?: by|: )|"
    r"\b(?:[Ii]nterview|[Cc]onversation|[Tt]ranscript|[Aa]nswers)\b.{0,60}\b(?:edited|condensed|translated|recorded|shortened)\b"
)
GESTURE = re.compile(
    r"(?:She|He|They) (?:then |just )?(?:laughs?|pauses?|smiles?|nods?|sighs?|shrugs?|grins?|points?|gets? up|looks?|leans?|shakes?|takes?|reach(?:es)?|"
    r"pulls?|shows?|pours?|stands?|walks?|opens?|closes?|stops?|thinks?|checks?|turns?|drew|draws?|waves?)\b"
)
# What stands before the name of a house or a place, never before a person's.
NO_PERSON = re.compile(
    r"\b(?:in|at|of|for|near|the|around|outside|founded|founds|runs?|ran|started|set up|leads?|led|heads?|owns?|owned|launched|"
    r"directs?|manages?|managed|joined|left|called|named|magazine|company|firm)$",
    re.IGNORECASE,
)
HOUSE = r" (?:co-?)?(?:founded|founds|runs|started|set up|leads|heads|owns|launched|directs|manages) (?:the )?(?P<house>{name})"


def questions(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the places of what is asked; nothing where the answers speak of no "I"."""
    found = [at for at, piece in enumerate(pieces) if _asks(piece)]
    if len(found) < ENOUGH:
        found = _plainly(pieces)
    if len(found) < ENOUGH:
        return frozenset()
    found = _with_likes(pieces, found)
    if not found:
        return frozenset()
    asked = frozenset(found)
    answers = [
        piece.text
        for at, piece in enumerate(pieces[found[0] :], found[0])
        if piece.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET) and (at not in asked or holds_answer(piece))
    ]
    own = sum(bool(SELF.search(text)) for text in answers)
    told = any(ANSWERS.search(piece.text) for piece in pieces[: found[0]])
    marked = {at for at, piece in enumerate(pieces) if piece.marked and at > found[0]}
    return frozenset({*found, *marked}) if own and own >= (0 if told else OWN_VOICE) * len(answers) else frozenset()


def by_section(pieces: Sequence[Piece]) -> list[Piece] | None:
    """Return interviews one below the other with whose the answers are; None unless each introduces another guest."""
    heads = [at for at, piece in enumerate(pieces) if _heads(piece)]
    parts = [pieces[at:stop] for at, stop in pairwise([*sorted({0, *heads}), len(pieces)])]
    every = Text(piece.text for piece in pieces)
    guests = [_guest_of(part, every) for part in parts]
    known = [who for who in guests if who]
    if len(known) < 2 or len(set(known)) < len(known):
        return None
    return [piece for part, who in zip(parts, guests, strict=True) for piece in _answered(part, who)]


def _heads(piece: Piece) -> bool:
    """Say whether a piece opens a section, in plain text too."""
    alone = piece.kind is BlockKind.PARAGRAPH and lines.like_heading(piece.text)
    return (alone or piece.kind is BlockKind.HEADING) and not _opens_question(piece)


def _opens_question(piece: Piece) -> bool:
    return bool(ASKED.match(piece.text)) or _asks(piece)


def _guest_of(part: Sequence[Piece], every: Text) -> str | None:
    """Return whom the paragraphs above the first question of a section introduce, if it is one person."""
    first = next((at for at, piece in enumerate(part) if _opens_question(piece)), 0)
    opening = [piece for piece in part[:first] if not _heads(piece) and piece.kind is not BlockKind.TITLE]
    people = {name for name in _apart(set(introduced(opening, every))) if not PLACE.search(name)}
    return people.pop() if len(people) == 1 else None


def _answered(part: Sequence[Piece], who: str | None) -> Iterator[Piece]:
    """Yield the pieces of a section: its questions as labels, from which on the guest speaks."""
    asked = False
    for piece in part:
        answer = ANSWERED.match(piece.text)
        if _opens_question(piece) and not holds_answer(piece):
            asked = True
            yield replace(piece, kind=BlockKind.LABEL, lead="", voice=who or "")
        elif asked and answer:
            yield replace(piece, text=piece.text[answer.end() :], lead="")
        elif asked and (piece.ruled or closes(piece)):
            asked = False
            yield replace(piece, kind=BlockKind.LABEL, voice="")
        else:
            yield piece


def _plainly(pieces: Sequence[Piece]) -> list[int]:
    """Return the short paragraphs that end in a question mark, each with an answer below, where an interview is announced."""
    found = [
        at
        for at, (piece, below) in enumerate(pairwise(pieces))
        if piece.kind is BlockKind.PARAGRAPH and below.kind is BlockKind.PARAGRAPH and piece.text.endswith("?")
        and not below.text.endswith("?") and len(piece.text.split()) <= QUESTION_WORDS
    ]  # fmt: skip
    told = found and any(ANSWERS.search(piece.text) for piece in pieces[: found[0]])
    return found if told else []


def _with_likes(pieces: Sequence[Piece], found: Sequence[int]) -> list[int]:
    """Return the questions with what stands in their place and is none: "Tell me more." Nothing where turns do not alternate."""
    first, kind = pieces[found[0]], pieces[found[0]].kind
    between = range(found[0], found[-1] + 1)
    if kind in (BlockKind.HEADING, BlockKind.STEP, BlockKind.QUOTE):
        alike = [at for at in between if pieces[at].kind is kind and pieces[at].level == first.level]
        return sorted({*found, *alike})
    dashed = [at for at in range(found[0], len(pieces)) if kind is BlockKind.BULLET and pieces[at].kind is kind]
    dashed = dashed or [
        at for at in range(found[0], len(pieces)) if first.text[0] in "—–" and pieces[at].text[0] in "—–"
    ]
    if not dashed:
        return list(found)
    return dashed[::2] if all(at in dashed[::2] for at in found) else []


def guest(pieces: Sequence[Piece], asked: frozenset[int]) -> Speaker | None:
    """Return who answers: the one person whom the introduction names; None where it could be another."""
    if not asked:
        return None
    opening = pieces[: min(asked)]
    every = Text(piece.text for piece in pieces)
    people = {name for name in _apart(set(introduced(opening, every))) if not PLACE.search(name)}
    asides = [
        piece for at, piece in enumerate(pieces) if piece.text.startswith("[") or (piece.marked and not _asks(piece))
    ]
    if len(people) != 1:
        return None
    (name,) = people
    if any(_enters(piece.text, name) for piece in (*opening, *asides)):
        return None
    called = {found[0] for at in asked for found in ADDRESSED.finditer(_bare(pieces[at].text))}
    others = called - set(name.split())
    if any(not every.holds(who.lower()) and who.lower() not in names.COMMON for who in others):
        return None
    house = re.search(re.escape(name) + HOUSE.format(name=names.NAME), " ".join(piece.text for piece in opening))
    return Speaker(name, organisation=re.split(r"\.(?: |$)", house["house"])[0] if house else None)


def _enters(text: str, guest: str) -> bool:
    """Say whether a text tells that somebody joins who is not the guest."""
    own = re.compile(rf"(?:{'|'.join(map(re.escape, (guest, *guest.split())))}|She|He) {ENTERS.pattern}")
    return ENTERS.search(own.sub("", text)) is not None


def holds_answer(piece: Piece) -> bool:
    """Say whether a paragraph that opens with a question in bold goes on with the answer."""
    return piece.lead.endswith("?") and piece.lead != piece.text


def closes(piece: Piece) -> bool:
    """Say whether a paragraph is a note of who published the interview: "Interview by Bo Li", "edited for length"."""
    return bool(CLOSING.search(piece.text)) and piece.kind is BlockKind.PARAGRAPH


def closed(pieces: Sequence[Piece]) -> list[Piece]:
    """Return an interview with nobody speaking from where the text below the last answer goes on without any "I"."""
    asked = questions(pieces)
    last = max(asked, default=len(pieces))
    answered = last + 1 if last < len(pieces) and holds_answer(pieces[last]) else last + 2
    ends = (at for at, piece in enumerate(pieces) if at >= answered and _without_own(piece))
    stop = next(ends, len(pieces))
    return [
        replace(piece, voice="") if at >= stop and piece.voice is None else piece for at, piece in enumerate(pieces)
    ]


def _without_own(piece: Piece) -> bool:
    return piece.kind is BlockKind.PARAGRAPH and not OWN.search(piece.text)


def gestures(text: str) -> bool:
    """Say whether a paragraph tells what somebody does while they speak."""
    return GESTURE.match(text) is not None and not OWN.search(text)


def _asks(piece: Piece) -> bool:
    """Say whether a piece is a question, all of it: marked as one, in bold or italics, or a heading."""
    if piece.kind in (BlockKind.STEP, BlockKind.BULLET, BlockKind.QUOTE):
        return piece.text.endswith("?")
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.LABEL, BlockKind.HEADING):
        return False
    if ASKED.match(piece.text):
        return True
    if piece.text[0] in "—–" and piece.text.endswith("?"):
        return True
    asks = piece.text.endswith("?") and (piece.marked or piece.kind is BlockKind.HEADING)
    return asks or piece.lead.endswith("?")


def _bare(text: str) -> str:
    return ASKED.sub("", text, count=1)


def introduced(opening: Sequence[Piece], every: Text) -> Iterator[str]:
    """Yield every name before the first question that could be a person's, but for who asks; no house is a person."""
    houses = {name for name, person in _named(opening, every) if not person}
    yield from (name for name, person in _named(opening, every) if person and name not in houses)


def _named(opening: Sequence[Piece], every: Text) -> Iterator[tuple[str, bool]]:
    """Yield every name with whether it stands where a person's can stand."""
    for at, piece in enumerate(opening):
        if at == 0 and piece.kind in (BlockKind.TITLE, BlockKind.HEADING):
            told = [found[found.lastgroup or 0] for found in IN_TITLE.finditer(piece.text)]
            yield from ((name, True) for name in told if names.like_name(name))
            continue
        for sentence in re.split(r"(?<=\w\w[.!?])[\"”)]* +", ASKS.sub("", piece.text)):
            for found in re.finditer(names.NAME, sentence):
                before = sentence[: found.start()].rstrip(" “\"'")
                name = _without_title(found[0], every)
                if names.like_name(name) and " " in name:
                    yield names.bare(name), not NO_PERSON.search(before)


def _without_title(name: str, every: Text) -> str:
    """Return "Beekeeper Ada Byron" without what is no name: a word that the document also writes small."""
    words = name.rstrip(".").split()
    while len(words) > 2 and every.holds(words[0].lower()):
        words = words[1:]
    return re.sub(r"[’']s$", "", " ".join(words))


def _apart(people: set[str]) -> set[str]:
    """Return the people of whom none is another with more or fewer names."""
    return {one for one in people if not any(set(other.split()) < set(one.split()) for other in people)}
