"""Which mark shows a change of voice in this document, and whom each mark names.

A mark is believed when it recurs: "X: ...", "[0:04] X: ...", "<x> ...", "(a) X. ...", "X 0:22" on a
line of its own. Marks of the same shape that name nobody whom the document knows are somebody else's:
what follows is nobody's. Start from `marked`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from quizapp.domain.documents import BlockKind
from quizapp.ingest import accounts, cast, interviews, letters, lines, names, speakers
from quizapp.ingest.lookup import Text
from quizapp.ingest.pieces import Piece

CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?(?: ?[AaPp]\.?[Mm]\.?)?"
STAMP = rf"(?:[\[(][\d:.,/ TZ-]*{CLOCK}[\])]|(?:\d[\d./-]+,? )?{CLOCK})"
BEFORE = rf"(?:[-–—] )?(?:{STAMP}\s*[-–—|]?\s*)?(?:Q\s?\d+[.:)]?\s+)?"
WHO = r"@?[^\W\d][^:?!;\"“”<>|]{0,60}?"
SHAPES = {
    "angle": re.compile(rf"{BEFORE}<(?:v )?[@+~ ]?(?P<who>[^<>]{{1,40}})>:?\s*"),
    "points": re.compile(
        r"(?P<who>@?(?:u/)?[\w.\[\]-]{2,30})(?: \[OP\])? · [\w.]+ (?:points?|upvotes?|likes?)(?:\s+|$)"
    ),
    "timed": re.compile(rf"(?:{STAMP}\s*[-–—|,·]?\s*(?P<after>{WHO})|(?P<who>{WHO})\s*[-–—|,·]?\s*{STAMP})$"),
    "colon": re.compile(rf"{BEFORE}(?P<who>{WHO})(?:\s[\[(](?P<aside>[^():\[\]]*)[\])])?(?:\s*{STAMP})?\s?:(?:\s+|$)"),
    "from": re.compile(
        rf"(?i:from|sender|posted by|sent by|written by|(?:comment|reply|answer|response) (?:from|by))\s?:\s*(?P<who>(?:{cast.ADDRESS} )*{names.NAME})\b.*$"
    ),
    "alone": re.compile(
        r"(?P<who>(?:(?i:mrs?|ms|dr|prof|rev|capt)\. )*[^\W\d](?:(?<= [A-Z])\.|[^:.?!;,]){1,40}?)(?:\s?\([^()]*\))?$"
    ),
    "brackets": re.compile(r"\[(?P<who>[^\W\d_][^\[\]:.?!;]{0,40})\]:?\s+(?=\S)"),
    "dash": re.compile(
        rf"{BEFORE}(?P<who>(?:{cast.ADDRESS} )*(?:[A-Z]\. ?)*[^\W\d][^:.?!;,–—|]{{0,40}}?)(?:\s\([^()]*\))?(?:\s*{STAMP})?\s?(?:–|—|--| - | \|)\s+"
    ),
    "stop": re.compile(
        rf"(?:{BEFORE}|\(?(?:[a-z]|[ivx]{{1,4}}|\d{{1,2}})[.)]\s+)(?P<who>(?:{cast.ADDRESS} )?[^\W\d_a-z][^.:?!,]{{1,40}})\.\s+"
    ),
}
SPOKEN = (BlockKind.PARAGRAPH, BlockKind.LABEL, BlockKind.BULLET, BlockKind.QUOTE, BlockKind.HEADING, BlockKind.STEP)
ASIDE = re.compile(rf"(?:{STAMP}\s*)?(?:[\[(][^\[\]]*[\])]|\*\*\*.*|\* .*|\(?(?:END|ENDS)\b.*)$", re.IGNORECASE)
UNNAMED = re.compile(
    r"(?:an? |the )?(?:\w+ ){0,2}(?:audience|questions?|questioner|voices?|callers?|listeners?|visitors?|members?|participant|floor|unknown|speaker \d+|"
    r"everyone|all|both|several|anonymous|somebody|someone|man|woman|student|reporter|journalist|chat|bot)\b.*",
    re.IGNORECASE,
)
HEADERS = re.compile(r"(?:to|cc|bcc|date|sent|subject|re|reply-to)\s?: .*", re.IGNORECASE)
NUMBERED = re.compile(r"(?:[IVX]{1,4}|\d{1,2})[.)] +[^\W\d_a-z][^.?!:]{2,60}")
SIGNED = re.compile(r".*[.?!…][\"”’']?\s+(?:[—–-]{1,2}|\() ?(?P<who>[^\W\d_a-z][^.?!:()—–]{1,60})\)?")
INLINE = re.compile(r"(?<=[.?!”\"…]) (?P<who>[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]+)?): ")
BEHIND = re.compile(
    r"(?:[-–—] )?(?P<words>.{10,}[.?!…][\"”’']?)\s*(?P<who>\((?P<name>[^()]{2,80})\)|[—–-]{1,2} ?(?P<bare>[^\W\d_a-z][^.?!:()—–]{1,60}))"
)
STAGE = re.compile(
    r"(?:The|An?|Some|Several|Loud|Long|General) (?:\w+ )?(?:clerk|secretary|chair|moderator|host|interviewer|audience|room|hall|crowd|public|"
    r"meeting|panel|tape|recording|applause|laughter|shouting|silence|pause|bell|phone|kettle|waiter|bill)\b[^.?!]*\.|[^.?!]*\bat this point\b[^.?!]*\."
)
NOTED = re.compile(r".{12,} \((?P<who>[^\W\d_a-z][^()]{1,30})\)")
ASKED = re.compile(r".*\?[\"”]? \([^()]+\)$")
TITLED = re.compile(rf"(?P<who>(?:{cast.ADDRESS} )*{names.NAME})(?: [—–|-] |, | \().+")
SIGNATURE = re.compile(rf"[-–—]{{0,2}} ?(?P<who>(?:{cast.ADDRESS} )*{names.NAME})(?:[,(].{{2,80}})?")
LISTED = re.compile(
    r"(?:(?:members |also |those )?present|attendees|attending|in attendance|participants|here|who came|on the call|there|committee|team|panel(?:lists)?)\b"
    r"\s*[:|]?",
    re.IGNORECASE,
)
TELLS = re.compile(
    rf"(?P<who>[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){{0,2}}) (?:also |then |again |still )?(?:{names.PERSON_VERB}|felt|feels|thought|"
    r"would|wants|wanted|hopes|hoped|prefers|preferred|finds|found|confirmed|confirms|agreed|agrees|updated|added|adds|objected|objects|observed)\b"
)
_CALLED = r"(?:[^\W\d_a-z][\w’'-]*\.? ){0,2}[^\W\d_a-z][\w-]*"
WHOSE = re.compile(
    rf"(?:What|How) (?P<who>{_CALLED}) (?:told|tells|said|says|thinks|recommends?|recommended|advises?|wants|learned|learnt|taught)\b.{{0,30}}|"
    rf"(?P<other>{_CALLED})(?:[’']s|s[’']) (?:\w+ )?(?:advice|views?|tips|points|takeaways|rules|lessons|answers?|words|opinion|recommendations)"
)
WHO_COLUMN = re.compile(r"who|speakers?|name|participant|panel+ist|person|member|from|said by|voice", re.IGNORECASE)
SAID_COLUMN = re.compile(
    r".*\b(?:said|statements?|comments?|remarks?|answers?|quotes?|messages?|views?|positions?|contribution|points?|words|response)\b.*",
    re.IGNORECASE,
)
OWN_NAME = re.compile(rf"(?:I['’]m|I am|[Mm]y name is) (?P<name>(?:{cast.ADDRESS} )*{names.NAME})")
POSTER = re.compile(r"(?:posted|submitted|started|hosted|asked|opened) by (?P<user>@?[\w/.-]{3,})", re.IGNORECASE)
LATER = re.compile(r"(?:EDIT|UPDATE|ETA)\b\s*\d*\s*:\s*")
OWN = re.compile(r"\b(?:I|my|me|we|our)\b", re.IGNORECASE)
SPEAKS = re.compile(r"\b(?:I|my|me|we|our|us|you|your)\b|[?“\"]", re.IGNORECASE)
SENTENCE_WORDS = 4
LEAD_WORDS = 4  # in bold that may say who speaks
TURNS = 3  # of one shape make a conversation


@dataclass(frozen=True)
class _Mark:
    shape: str
    who: str
    end: int
    aside: str = ""  # what stands in brackets behind it
    name: str | None = None  # whom it means, of those whom the document names


def marked(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with each change of voice as a label that says whose it is."""
    if answered := letters.answered(pieces) or interviews.by_section(pieces):
        return answered
    pieces = [part for piece in pieces for part in _row(piece)]
    every = cast.Cast.of([piece.text for piece in pieces])
    pieces = [part for piece in pieces for part in _inline(piece, every)]
    found = [_marks(piece, below) for piece, below in zip(pieces, [*pieces[1:], None], strict=True)]
    first = _first(found)
    people = _people(pieces, found, first)
    told = [[replace(mark, name=_meant(mark, people) or _meant(mark, every)) for mark in marks] for marks in found]
    told = _lettered(told, people)
    behind = list(chain.from_iterable(_behind(pieces, every)))
    if len(behind) > len(pieces):
        return behind
    pieces = _alone(_by_heading(_signed(pieces)), people, pieces[:first])
    shape = _shape(told, people)
    if (
        shape is None
        or not _is_spoken(pieces, told, shape)
        or (shape in ("alone", "timed") and (_signs(pieces, told, shape) or _lists(told, shape)))
    ):
        return interviews.closed(accounts.told(pieces))
    strangers = _strangers(told, shape, people)
    quoted = any(
        mark.shape == shape and mark.name and piece.kind is BlockKind.QUOTE
        for piece, marks in zip(pieces, told, strict=True)
        for mark in marks
    )
    split = [
        list(_split(piece, marks, shape, strangers, quoted=quoted)) for piece, marks in zip(pieces, told, strict=True)
    ]
    return _ended(_with_roles(split) if shape == "alone" else split)


def _with_roles(split: Sequence[list[Piece]]) -> list[list[Piece]]:
    """Return the turns with the line below a name as a label, where it only says what that person is."""
    out = [list(parts) for parts in split]
    for above, (parts, below) in zip(split, pairwise(out[1:]), strict=False):
        role = len(parts) == 1 and parts[0].kind is BlockKind.PARAGRAPH and lines.like_heading(parts[0].text)
        if role and above[-1].kind is BlockKind.LABEL and above[-1].voice and below[0].kind is BlockKind.PARAGRAPH:
            parts[0] = replace(parts[0], kind=BlockKind.LABEL)
    return out


def _behind(pieces: Sequence[Piece], every: cast.Cast) -> Iterator[list[Piece]]:
    """Yield each piece apart from who is named behind it, where this marks every turn: "Only of the lift. (Byron)"."""
    found = [BEHIND.fullmatch(piece.text) if piece.kind in SPOKEN and not piece.voice else None for piece in pieces]
    told = [one["name"] or one["bare"] for one in found if one]
    people = cast.Cast.of(told)
    whose = [people.find(who) or people.find(who.split(",")[0]) or every.find(who) for who in told]
    turns = len(told) >= TURNS and len(set(whose)) > 1 and sum(who is not None for who in whose) >= len(told) - 1
    voice = iter(whose)
    for piece, one in zip(pieces, found, strict=True):
        if one is None or not turns:
            yield [piece]
            continue
        said = replace(piece, kind=BlockKind.PARAGRAPH, text=one["words"], lead="", voice=next(voice) or "")
        yield [said, replace(piece, kind=BlockKind.LABEL, text=one["who"], lead="", ruled=False, voice="")]


def _meant(mark: _Mark, people: cast.Cast) -> str | None:
    """Return whom a label means: "AB", "Answer (Ada)"."""
    asked = mark.who.lower().startswith("question")
    return people.find(mark.who) or (people.find(mark.aside) if mark.aside and not asked else None)


def _lettered(told: Sequence[list[_Mark]], people: cast.Cast) -> list[list[_Mark]]:
    """Return the labels with those of a single letter known, where several people have one and none is "Q"."""
    found = {
        mark.who: people.letter(mark.who)
        for mark in chain.from_iterable(told)
        if len(mark.who) == 1 and mark.shape == "colon"
    }
    known = {letter: name for letter, name in found.items() if name}
    if "Q" in found or len(set(known.values())) < 2 or len(known) < len(found):
        return list(told)
    return [[replace(mark, name=mark.name or known.get(mark.who)) for mark in marks] for marks in told]


def _inline(piece: Piece, people: cast.Cast) -> list[Piece]:
    """Return the turns that stand in one paragraph: "AB: Why? CD: Because ..."."""
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET) or not SHAPES["colon"].match(piece.text):
        return [piece]
    starts = [
        one.start("who")
        for one in INLINE.finditer(piece.text)
        if people.find(one["who"]) and (people.knows(one["who"]) or cast.ROLE_LABEL.fullmatch(one["who"]))
    ]
    return [replace(piece, text=piece.text[at:stop].strip()) for at, stop in pairwise([0, *starts, len(piece.text)])]


def _row(piece: Piece) -> list[Piece]:
    """Return the row of a table of who said what as labels and what was said."""
    cells = piece.text.split(" | ")
    if piece.kind is not BlockKind.ROW or len(cells) != len(piece.columns):
        return [piece]
    voices = {at: name for at, column in enumerate(piece.columns) if (name := _named(column)) and at}
    if len(voices) < 2:
        who = next((at for at, column in enumerate(piece.columns) if WHO_COLUMN.fullmatch(column)), None)
        said = next(
            (at for at, column in enumerate(piece.columns) if SAID_COLUMN.fullmatch(column) and at != who), None
        )
        if who is None or said is None or len(cells[said].split()) < SENTENCE_WORDS:
            return [piece]
        voices = {said: _named(cells[who])}
    label = " | ".join(cell for at, cell in enumerate(cells) if at not in voices)
    return [
        replace(piece, kind=BlockKind.LABEL, text=label, columns=()),
        *(
            replace(piece, kind=BlockKind.PARAGRAPH, text=cells[at], columns=(), voice=who)
            for at, who in voices.items()
            if cells[at]
        ),
    ]


def _named(cell: str) -> str:
    """Return the name that a cell opens with; nothing where it names nobody."""
    found = cast.NAMED.match(cell)
    return names.bare(found["name"]) if found and names.like_name(found["name"]) else ""


def _signed(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with quotations that are signed on the line below as what they are."""
    out = list(pieces)
    for at, (quote, below) in enumerate(pairwise(pieces)):
        quoted = quote.kind is BlockKind.QUOTE or re.fullmatch(r"[\"“„«].*[\"”“»]", quote.text)
        found = SIGNATURE.fullmatch(below.text) if quoted and below.kind in (*SPOKEN, BlockKind.HEADING) else None
        if found and names.like_name(found["who"]):
            out[at] = replace(quote, voice=names.bare(found["who"]))
            out[at + 1] = replace(below, kind=BlockKind.LABEL, voice="")
    return out


def _by_heading(pieces: Sequence[Piece]) -> list[Piece]:
    """Mark the headings that name the people of a conversation, where two or more do."""
    texts = [piece.text for piece in pieces if piece.kind is not BlockKind.HEADING]
    people = cast.Cast.of(texts)
    titled = [piece for piece in pieces if piece.kind is BlockKind.HEADING and TITLED.fullmatch(piece.text)]
    roles = [
        head
        for head, below in pairwise(pieces)
        if head.kind is BlockKind.HEADING and below.marked and names.like_name(head.text)
    ]
    topics = [
        piece.text
        for piece in pieces
        if piece.kind is BlockKind.HEADING and people.find(_before_topic(piece.text) or _whose(piece.text))
    ]
    for heads in (titled, roles):
        for head in heads if len(heads) > 1 else ():
            for name in cast.Cast.of([TITLED.sub(r"\g<who>", head.text)]).people:
                people.add(name)
    named = {
        at: who
        for at, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING
        and (
            who := _joint(piece.text)
            or people.find(found["who"] if (found := TITLED.fullmatch(piece.text)) else piece.text)
            or (people.find(_before_topic(piece.text)) if len(topics) > 1 else None)
            or people.find(_whose(piece.text))
        )
    }
    if len(set(named.values())) < 2 and len(topics) < 2 and not any(_whose(text) for text in topics):
        return list(pieces)
    return [replace(piece, voice=named[at]) if at in named else piece for at, piece in enumerate(pieces)]


def _before_topic(text: str) -> str:
    """Return whose views a heading announces: "Ada on looms"."""
    found = re.fullmatch(r"(?P<who>[^\W\d_a-z][^:.?!]{1,40}?)(?:[’']s (?:view|take|advice)s?)? (?:on|about) \S.*", text)
    return found["who"] if found else ""


def _whose(text: str) -> str:
    """Return whose words a heading announces: "What Ada told us", "Ada's advice"."""
    found = WHOSE.fullmatch(text)
    return (found["who"] or found["other"]) if found else ""


def _joint(text: str) -> str | None:
    """Return the two people of a heading "Ada and Bo Li" by their whole names."""
    found = re.fullmatch(
        r"(?P<one>[^\W\d_a-z][\w-]+) (?:and|&) (?P<other>[^\W\d_a-z][\w-]+ (?P<family>[^\W\d_a-z][\w-]+))", text
    )
    return (
        f"{found['one']} {found['family']} and {found['other']}" if found and names.like_name(found["other"]) else None
    )


def _alone(pieces: Sequence[Piece], people: cast.Cast, opening: Sequence[Piece]) -> list[Piece]:
    """Mark the pieces that say themselves whose they are: a signed quotation, what minutes report."""
    listed = [piece for piece in opening if LISTED.match(piece.text)]
    there = cast.Cast.of([piece.text for piece in listed])
    poster = _poster(pieces[:6], people)
    pieces, first = _noted(pieces, there), set(opening)
    return [
        _own(piece, people, there, poster if poster and at and (piece in first or LATER.match(piece.text)) else None)
        for at, piece in enumerate(pieces)
    ]


def _noted(pieces: Sequence[Piece], there: cast.Cast) -> list[Piece]:
    """Return the points of a board with who made each: "Reviews take too long (Ada)"."""
    found = [NOTED.fullmatch(piece.text) if piece.kind is BlockKind.BULLET else None for piece in pieces]
    whose = [there.find(one["who"]) if one else None for one in found]
    if sum(who is not None for who in whose) < 2:
        return list(pieces)
    return [replace(piece, voice=who) if who else piece for piece, who in zip(pieces, whose, strict=True)]


def _own(piece: Piece, people: cast.Cast, there: cast.Cast, poster: str | None) -> Piece:
    if piece.kind not in SPOKEN or piece.voice is not None or piece.kind is BlockKind.HEADING:
        return piece
    signed = SIGNED.fullmatch(piece.text) if piece.kind is BlockKind.QUOTE or piece.text[0] in '"“' else None
    tells = TELLS.match(piece.text) if len(there.people) > 1 and not cast.SENTENCE.search(piece.text) else None
    who = (people.find(signed["who"].split(",")[0]) if signed else None) or (
        there.find(tells["who"]) if tells else None
    )
    who = who or (poster if OWN.search(piece.text) else None)
    return replace(piece, voice=who) if who else piece


def _poster(opening: Sequence[Piece], people: cast.Cast) -> str | None:
    """Return who invites the questions: "I'm Ada Byron. Ask me anything", posted by a user name."""
    own = next((found for piece in opening if (found := OWN_NAME.search(piece.text))), None)
    user = next((found for piece in opening if (found := POSTER.search(piece.text))), None)
    if own is None or user is None:
        return None
    name = _named(own["name"])
    people.beside[user["user"].lower()].add(name)
    return name


def _marks(piece: Piece, below: Piece | None) -> list[_Mark]:
    if piece.kind not in SPOKEN or speakers.like_header(piece):
        return []
    if piece.kind is BlockKind.BULLET and below and below.kind is BlockKind.BULLET and below.level > piece.level:
        piece = replace(piece, kind=BlockKind.PARAGRAPH)
    topic = len(piece.lead) if piece.lead and piece.lead[-1] == "." and piece.lead != piece.text else 0
    skipped = topic + len(piece.text[topic:]) - len(piece.text[topic:].lstrip())
    return [
        *_found(piece, 0),
        *(_found(piece, skipped) if topic else ()),
    ]


def _bold(piece: Piece) -> str:
    """Return the words in bold that a sentence of its own follows: "**Ada** We weave", not "**Ada** weaves"."""
    lead = piece.lead.rstrip()
    apart = re.match(rf"{re.escape(lead)} [\"“‘]?[^\W\d_a-zà-ÿ]", piece.text)
    return lead if apart and lead[-1:].isalpha() and len(lead.split()) <= LEAD_WORDS else ""


def _found(piece: Piece, start: int) -> Iterator[_Mark]:
    if (lead := _bold(piece)) and not start:
        yield _Mark("lead", lead, len(lead) + 1)
    for shape, pattern in SHAPES.items():
        found = pattern.match(piece.text, start)
        if not found or (shape != "from" and len(found[0].split()) > 10):
            continue
        if piece.kind is BlockKind.HEADING and shape not in ("angle", "points", "timed"):
            continue
        if shape == "alone" and (piece.kind is BlockKind.BULLET or len(found[0].split()) > 5):
            continue
        if shape == "colon" and SIGNATURE.fullmatch(piece.text[found.end() :].rstrip(". ")):
            continue  # "Host: Ada Byron, engineer"
        if shape == "dash" and names.ROLE.fullmatch(piece.text[found.end() :]):
            continue  # "Ada Byron | Engineer"
        told = found.groupdict()
        yield _Mark(shape, (told["who"] or told["after"]).strip(), found.end(), told.get("aside") or "")


def _first(found: Sequence[Sequence[_Mark]]) -> int:
    """Return the place of the first label that recurs."""
    times = Counter(
        (mark.shape, mark.who) for marks in found for mark in marks if not cast.NOBODY.fullmatch(mark.who.lower())
    )
    return next(
        (at for at, marks in enumerate(found) if any(times[mark.shape, mark.who] > 1 for mark in marks)), len(found)
    )


def _people(pieces: Sequence[Piece], found: Sequence[Sequence[_Mark]], first: int) -> cast.Cast:
    labels = [
        piece.text[: mark.end]
        for piece, marks in zip(pieces, found, strict=True)
        for mark in marks
        if mark.shape == "colon"
    ]
    people = cast.Cast.of([*(piece.text for piece in pieces[:first]), *(label for label in labels if "(" in label)])
    _poster(pieces[:6], people)
    every = Text(piece.text for piece in pieces)
    for piece, mark in ((piece, mark) for piece, marks in zip(pieces, found, strict=True) for mark in marks):
        who = mark.who.split(", ")[0]
        if SIGNATURE.fullmatch(piece.text[mark.end :].strip('"“”')) or _ordinary(who, every):
            continue
        name = cast.whole(who)
        if (
            names.like_name(name)
            and not cast.OF_HOUSE.search(name)
            and not people.find(who)
            and not cast.ROLE_LABEL.fullmatch(who)
        ):
            people.add(name)
    return people


def _ordinary(label: str, every: Text) -> bool:
    """Say whether a word of a label is also an ordinary word of this document: "Night Trains: ..."."""
    return not label.isupper() and any(
        every.holds(word.lower()) for word in label.split() if word[0].isupper() and word[1:2] != "."
    )


def _shape(told: Sequence[Sequence[_Mark]], people: cast.Cast) -> str | None:
    """Return the shape of label that names people most often, if it recurs."""
    named = Counter(mark.shape for marks in told for mark in marks if mark.name)
    for shape, _ in named.most_common():
        alike = [mark for mark in chain.from_iterable(told) if mark.shape == shape]
        labels = Counter(
            mark.who for mark in alike if mark.name or shape in ("angle", "points", "timed") or people.knows(mark.who)
        )
        others = Counter(
            mark.who for mark in alike if mark.who not in labels and (_like_label(mark.who, 1) or mark.who == "Q")
        )
        if min(max(labels.values(), default=0), max(others.values(), default=0)) > 1:
            return shape
        if (labels.total() >= TURNS and max(labels.values()) > 1) or (labels.total() > 1 and len(labels) > 1):
            return shape
    answers = (mark for mark in chain.from_iterable(told) if mark.aside and mark.who.lower() in {"a", "answer"})
    return next((mark.shape for mark in answers if mark.name), None)


def _is_spoken(pieces: Sequence[Piece], told: Sequence[Sequence[_Mark]], shape: str) -> bool:
    """Say whether what labels of a shape open is said: by somebody twice or introduced, at a time, of "I" or "you"."""
    turns = [
        (mark, piece.text[mark.end :] or below)
        for piece, below, marks in zip(pieces, [*(one.text for one in pieces[1:]), ""], told, strict=True)
        for mark in marks
        if mark.shape == shape
    ]
    again = Counter(mark.who for mark, _ in turns if mark.name)
    spoken = sum(bool(SPEAKS.search(said)) for _, said in turns)
    if shape not in ("colon", "dash", "stop") or max(again.values(), default=0) > 1 or 4 * spoken >= len(turns):
        return True
    if any(
        re.search(CLOCK, piece.text[: mark.end]) for piece, marks in zip(pieces, told, strict=True) for mark in marks
    ):
        return True
    ends = [max((mark.end for mark in marks if mark.shape == shape), default=0) for marks in told]
    others = cast.Cast.of([piece.text[end:] for piece, end in zip(pieces, ends, strict=True)])
    return sum(others.find(mark.who) is not None for mark, _ in turns) > 1


def _signs(pieces: Sequence[Piece], told: Sequence[Sequence[_Mark]], shape: str) -> bool:
    """Say whether names stand below what people say: the last of them stands at the end."""
    last = [at for at, marks in enumerate(told) if any(mark.shape == shape and mark.name for mark in marks)][-1]
    following = pieces[last + 1] if last + 1 < len(pieces) else None
    return following is None or following.ruled or following.kind in (BlockKind.HEADING, BlockKind.TITLE)


def _lists(told: Sequence[Sequence[_Mark]], shape: str) -> bool:
    """Say whether most names have the next label right below and no word between, as in a table of contents."""
    labels = {at for at, marks in enumerate(told) if any(mark.shape == shape for mark in marks)}
    known = [at for at in labels if any(mark.shape == shape and mark.name for mark in told[at])]
    return 2 * sum(at + 1 in labels for at in known) > len(known)


def _strangers(told: Sequence[Sequence[_Mark]], shape: str, people: cast.Cast) -> set[str]:
    """Return the labels of that shape which name somebody whom the document does not know."""
    labels = Counter(mark.who for marks in told for mark in marks if mark.shape == shape and not mark.name)
    return {
        who
        for who, times in labels.items()
        if shape in ("angle", "points", "timed", "from") or _like_label(who, times) or people.knows(who)
    }


def _like_label(who: str, times: int) -> bool:
    if cast.NOBODY.fullmatch(who.lower()):
        return False
    words = who.split()
    shouted = who.isupper() and len(words) <= 4
    known = names.like_name(who) or cast.ROLE_LABEL.fullmatch(who) or UNNAMED.fullmatch(who)
    return shouted or bool(known) or (times > 1 and len(words) <= 3)


def _split(piece: Piece, marks: Sequence[_Mark], shape: str, strangers: set[str], *, quoted: bool) -> Iterator[Piece]:
    mark = next((one for one in marks if one.shape == shape and (one.name or one.who in strangers)), None)
    if mark is None:
        boxed = piece.kind is BlockKind.QUOTE and not quoted and piece.voice is None
        yield replace(piece, voice="") if boxed else _aside(piece)
        return
    listed = piece.kind is BlockKind.BULLET and mark.end < len(piece.text)  # such a turn ends with its bullet
    voice = mark.name or ""
    yield replace(
        piece, kind=BlockKind.LABEL, text=piece.text[: mark.end].rstrip(), lead="", voice="" if listed else voice
    )
    rest = piece.text[mark.end :]
    if rest:
        kind = BlockKind.PARAGRAPH if piece.kind is BlockKind.HEADING else piece.kind
        yield replace(piece, kind=kind, text=rest, lead="", ruled=False, voice=voice if listed else None)


def _aside(piece: Piece) -> Piece:
    """Return a piece without a label of its own as what it is: a note of what happens ends the turn."""
    if piece.kind not in SPOKEN or piece.voice is not None:
        return piece
    if ASIDE.fullmatch(piece.text):
        return replace(piece, kind=BlockKind.LABEL, voice=None if re.match(r"\([a-z]", piece.text) else "")
    if ASKED.fullmatch(piece.text) or HEADERS.fullmatch(piece.text) or _stamped(piece):
        return replace(piece, voice="")
    if piece.kind is BlockKind.PARAGRAPH and NUMBERED.fullmatch(piece.text):
        return replace(piece, kind=BlockKind.HEADING, level=2)
    told = piece.marked or interviews.gestures(piece.text) or STAGE.fullmatch(piece.text)
    return replace(piece, voice="") if told else piece


def _stamped(piece: Piece) -> bool:
    """Say whether a line without a known label opens with a time, so is somebody else's."""
    return piece.kind is not BlockKind.HEADING and re.match(rf"{STAMP} ", piece.text) is not None


def _ended(split: Sequence[Sequence[Piece]]) -> list[Piece]:
    """Return the pieces; what follows a rule, or the last turn when it grows longer than any other, is nobody's."""
    starts = [at for at, parts in enumerate(split) if parts[0].kind is BlockKind.LABEL and parts[0].voice is not None]
    most = max((_paragraphs(split[at:following]) for at, following in pairwise(starts)), default=1)
    out: list[Piece] = []
    turns = set(starts)
    cut, said = False, 0
    for at, parts in enumerate(split):
        opens = at in turns or parts[0].kind is BlockKind.HEADING
        cut = not opens and (cut or parts[0].ruled)
        said += _paragraphs([parts]) if at >= starts[-1] else 0
        cut |= said > 1 and not opens and parts[0].kind is BlockKind.PARAGRAPH and not OWN.search(parts[0].text)
        out += [replace(part, voice="") if (cut or said > most) and part.voice is None else part for part in parts]
    return out


def _paragraphs(turn: Sequence[Sequence[Piece]]) -> int:
    return sum(part.kind is BlockKind.PARAGRAPH and part.voice is None for parts in turn for part in parts)
