"""Who says what, and where it ends.

Attribution is the one thing that must not be wrong: a name is believed only
with evidence beside it, and any header that is not understood ends what the
speaker before it said. Start from `attributed`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quizapp.domain.documents import BlockKind, Speaker
from quizapp.ingest import interviews, introductions, lines, names, sections, signatures
from quizapp.ingest.cast import TOGETHER
from quizapp.ingest.pieces import Piece

HEADER = re.compile(rf"({names.NAME})\s?(?:,| [-–—|] | ?\()\s*(.{{2,120}}?)\)?")
POINTS = re.compile(
    r"(?:key|main|core)?\s*(?:points|takeaways?|highlights|insights|messages|ideas|summary)\b.{0,20}", re.IGNORECASE
)
NAMED_TALK = re.compile(r":\s*[\"“].*$")  # "CTO of Palletwerk: “The boring robot wins”"
SPEAKER_LINE = re.compile(
    r"(?:speaker|presenter|guest|lecturer|talk by|with)(?:s|\(s\))?\s*:\s*(?P<who>.+)", re.IGNORECASE
)
_LABEL = rf"{names.NAME}|[^\W\d_a-z][\w.-]{{0,19}}"
TURN = re.compile(
    rf"(?P<who>(?:(?:{_LABEL})(?: &|,? and) )?(?:{_LABEL}))(?: \([^():]*(?:\d:\d\d)?[^():]*\))?\s?:(?:\s+|$)"
)
TALK_BY = re.compile(
    rf"(?i:(?:notes (?:of|on|from) )?(?:an? |the )?(?:talk|keynote|lecture|presentation|seminar|webinar) by )(?P<who>(?:Dr\.? |Prof\.? )?{names.NAME})"
    r"(?: ?\((?P<title>[^()]+)\))?(?=[,.;]|$)"
)
SHORT = 7  # words of a line that opens a list
TOP = 6  # pieces at the top of a document that may say whose talk it is about
METADATA = re.compile(
    r"(?:where|when|date|place|venue|location|event|length|duration|recording|slides|time|track|room)\s*:",
    re.IGNORECASE,
)
GIVES_TALK = re.compile(r"(?:speaker|presenter|lecturer|talk by)(?:\(s\))?\s*:", re.IGNORECASE)
WRITER = re.compile(r"\b(?:I|my|me)\b")
THIRD_PERSON = re.compile(r"\b(?:she|he|her|his)\b", re.IGNORECASE)
IN_QUOTES = re.compile(r"[\"“][^\"“”]*[\"”]")
REPLY = re.compile(r"(?P<ask>[^?]{8,200}\?)[\"”]? *(?:→|->|=>|[-–—]|A:) *(?P<answer>\S.+)")
STAMP = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?"
STAMPED = re.compile(
    rf"(?:{STAMP}\s*[-–—]?\s*)?(?P<who>(?:(?:{_LABEL})(?: &|,? and) )?(?:{_LABEL}))(?:\s*{STAMP})?\s?:\s+(?=\S)"
)
PROSE = (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE)
SPOKEN = (BlockKind.PARAGRAPH, BlockKind.LABEL, BlockKind.BULLET, BlockKind.QUOTE)
# Labels of turns that name nobody.
UNNAMED = re.compile(
    r"[A-Z]{2,3}|(?i:audience|question(?:er)?|both|all|everyone|moderator|interviewer|reporter|journalist|host|guest|"
    r"respondent|interviewee|[qa])"
)
APPOSED = re.compile(
    rf"(?P<name>{names.NAME}), (?P<title>(?:the |a |an )?[^,.;:()]{{2,90}})(?P<rest>(?:, [A-Z][^,.;:()]{{2,60}})?)(?=[,.;:)])"
)
IS_ROLE = re.compile(
    rf"(?P<name>{names.NAME})(?:, who)?(?:[’']s| is| was) (?:the |a |an )?(?P<title>[^,.;:()]{{2,60}}? (?:at|of|for) (?:the )?[A-Z][^,.;:()]{{1,50}})(?=[,.;:])"
)
INTRODUCES = re.compile(
    r"(?:my name is|I am|I’m|I'm) (?:an? |the )?(?P<title>(?!also\b)[^.;:]{3,120}? (?:at|of|for) [^.,;:]{2,60})",
    re.IGNORECASE,
)

FIRST_PERSON = re.compile(r"\b(?:I|my|My)\b(?![^“”\"]*[”\"])")
OPENS = re.compile(rf"({names.NAME}|[^\W\d_a-z][\w.-]*) [a-z]+")
BELONGS = re.compile(
    rf"(?P<name>{names.NAME}) (?:of|from|at) (?:the )?(?P<title>(?:[A-Z][\w’'-]* ){{0,3}}"
    rf"{names.HOUSE}"
    r"(?: (?:of|for) (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)?)"
)

# "Present: Ada Byron (AB), Bo Li (BL)", "here: AB, BL, CM (late)"
PRESENT = re.compile(
    r"(?:present|here|attendees|attending|in attendance|participants|also present)\s*:\s*(?P<who>.+)", re.IGNORECASE
)
TASKS = re.compile(r"(?:to-?dos?|actions?(?: items?| points?)?|next steps|tasks|follow-?ups?)\W*", re.IGNORECASE)
NAME_COLUMN = re.compile(r"name|attendee|participant|member", re.IGNORECASE)
ROLE_COLUMN = re.compile(r"role|function|position|title", re.IGNORECASE)
INITIALS = re.compile(r"[A-Z]{2,3}")
EVERYBODYS = re.compile(
    r"\b(?:board|governors|trustees|members|committee|meeting) (?:\w+ )?(?:asked|thanked|agreed|noted|approved|resolved|decided)\b|"
    r"\b(?:was|were) (?:agreed|noted|approved|resolved|decided)\b",
    re.IGNORECASE,
)
PRESENTS = re.compile(
    rf"(?P<who>{names.NAME}|[A-Z]{{2,3}}) (?:then |also )?(?:presented|reported|introduced|gave|summari[sz]ed|explained|showed|listed|outlined|highlighted|"
    r"set out|drew out|(?:went|ran) through|took (?:\w+ through|(?:his|her|their|the) [\w ]{3,30} as read))\b"
)


@dataclass
class _Roster:
    """The people that a document names, by what it calls them."""

    people: dict[str, Speaker] = field(default_factory=dict)
    minutes: bool = False  # the text says who was there, so a turn ends with its paragraph
    _parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # whose names a word is part of
    _initials: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, title: str | None) -> Speaker:
        name = self._whole(_cased(names.bare(name)))
        known = self.people.get(name)
        if known and (known.title or not title):
            return known
        title = NAMED_TALK.sub("", title).strip(" .,") if title else None
        role, organisation = names.split_title(title) if title else (None, None)
        return self.keep(Speaker(name, role, organisation, title))

    def keep(self, person: Speaker) -> Speaker:
        """Take in a person, in place of one of that name."""
        self.people[person.name] = person
        for part in person.name.split():
            self._parts[part].add(person.name)
        self._initials[names.initials(person.name)].add(person.name)
        return person

    def find(self, label: str) -> Speaker | None:
        """Return the one person that a label means: a full name, a part of it, or its initials."""
        if TOGETHER.search(label):
            return self._joint(label)
        label = _cased(names.bare(label))
        if label in self.people:
            return self.people[label]
        shouted = label.title() if label.isupper() and len(label) > 2 else label
        calls = self._parts.get(label, set()), self._parts.get(shouted, set())
        fits = set().union(*calls, self._initials.get(label.replace(".", ""), set()))
        return self.people[fits.pop()] if len(fits) == 1 else None

    def _whole(self, name: str) -> str:
        """Return the full name of the one person whose family name of several words this is: "Del Valle"."""
        alike = self._parts.get(name.rsplit(" ", 1)[-1], set())
        longer = [one for one in alike if one.endswith(f" {name}")]
        return longer[0] if len(longer) == 1 else name

    def _joint(self, label: str) -> Speaker | None:
        """Return the two people of "Ada & Bo Li" as one speaker: never one of them for the other."""
        parts = TOGETHER.split(label)
        whole = [f"{part} {parts[-1].split()[-1]}" if " " not in part else part for part in parts]
        people = [self.find(name) or self.find(part) for name, part in zip(whole, parts, strict=True)]
        known = [person for person in people if person]
        if len(known) < len(parts) or len(set(known)) < len(parts):
            return None
        houses = {person.organisation for person in known}
        return Speaker(
            " and ".join(person.name for person in known), organisation=houses.pop() if len(houses) == 1 else None
        )


def _cased(name: str) -> str:
    """Return a name that a transcript shouts as it is written elsewhere: "ADA BYRON" -> "Ada Byron"."""
    return name.title() if name.isupper() and " " in name and len(name) >= 5 else name


def attributed(pieces: Sequence[Piece]) -> tuple[list[tuple[Piece, Speaker | None]], tuple[Speaker, ...]]:
    """Return every piece with who says it, and all people; turns lose their label to a piece of its own."""
    roster = _roster(pieces)
    guest = _guest(pieces, roster)
    talk = _talk_speaker(pieces, roster)
    parts = list(pieces)
    if roster.minutes:
        parts = _minuted(parts)
        labels = {label for name in roster.people for label in (name, names.initials(name)) if label}
        parts = [part for piece in parts for part in _exchanges(piece, labels)]
    _add_own_titles(parts, roster)
    turns = _turn_labels(parts, roster)
    if _noted_talk(pieces, roster):
        top = [replace(one, kind=BlockKind.LABEL) if METADATA.match(one.text) else one for one in parts[:TOP]]
        parts = [part for piece in (*top, *parts[TOP:]) for part in _reply(piece)]
    if guest:
        parts = _answers_apart(parts)
    told = [
        one
        for piece, who in _Walk(parts, roster, turns, talk, guest).told()
        for one in signatures.apart(piece, who, roster.find)
    ]
    return told, tuple(roster.people.values())


def _guest(pieces: Sequence[Piece], roster: _Roster) -> Speaker | None:
    """Return who answers the questions of an interview, known by name from then on."""
    voices = {piece.voice for piece in pieces if piece.voice}
    found = None if roster.minutes or len(voices) > 1 else interviews.guest(pieces, interviews.questions(pieces))
    if found is None:
        return None
    known = roster.add(found.name, None)
    return roster.keep(replace(known, organisation=known.organisation or found.organisation))


def _answer_label(piece: Piece) -> bool:
    """Say whether a label only says that an answer follows: "A:"."""
    return piece.kind is BlockKind.LABEL and interviews.ANSWERED.match(f"{piece.text} ...") is not None


def _answers_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of an interview with the "A:" of an answer as a label of its own."""
    parts: list[Piece] = []
    for piece in pieces:
        found = interviews.ANSWERED.match(piece.text) if piece.kind in SPOKEN else None
        label = [replace(piece, kind=BlockKind.LABEL, text=found[0].rstrip())] if found else []
        parts += [*label, replace(piece, text=piece.text[found.end() :]) if found else piece]
    return parts


def unstamped(piece: Piece) -> Piece:
    """Return a turn of a transcript without the time at which it was spoken."""
    found = STAMPED.match(piece.text) if piece.kind in SPOKEN else None
    return replace(piece, text=f"{found['who']}: {piece.text[found.end() :]}") if found else piece


def turn_labels(pieces: Sequence[Piece]) -> set[str]:
    """Return the labels that open two paragraphs or more: "ADA BYRON: ..." in a transcript."""
    found = [turn["who"] for piece in pieces if piece.kind in SPOKEN and (turn := TURN.match(piece.text))]
    return {who for who, times in Counter(found).items() if times > 1}


def opens_turn(piece: Piece, labels: set[str]) -> bool:
    """Say whether a paragraph opens with one of the labels."""
    found = TURN.match(piece.text)
    return found is not None and found["who"] in labels


def names_speaker(piece: Piece) -> bool:
    """Say whether a line only says who speaks: "Guest: Ada Byron, engineer"."""
    return SPEAKER_LINE.fullmatch(piece.text) is not None


def like_header(piece: Piece) -> bool:
    """Say whether a line is a speaker's header by itself."""
    return sections.like_header(piece.text)


@dataclass
class _Walk:
    """The way through a document's pieces, with who speaks as it goes."""

    pieces: Sequence[Piece]
    roster: _Roster
    turns: dict[str, Speaker]
    talk: Speaker | None
    guest: Speaker | None
    current: Speaker | None = None
    depth: int = 0  # level of the heading that named the current speaker
    listing: Speaker | None = None  # who presents the list that is being read
    own: bool = False  # below a heading under which the writer keeps notes of their own

    def __post_init__(self) -> None:
        self.asked = interviews.questions(self.pieces) if self.guest else frozenset()
        self.tasks = _task_lines(self.pieces)
        self.noted = _noted_talk(self.pieces, self.roster)
        self.third = sum(bool(THIRD_PERSON.search(IN_QUOTES.sub("", piece.text))) for piece in self.pieces) > 1
        self.about = _told_of(self.pieces, self.roster)

    def told(self) -> Iterator[tuple[Piece, Speaker | None]]:
        """Yield every piece with who says it, and the label of a turn as a piece of its own."""
        for at, piece in enumerate(self.pieces):
            self.listing = _presenter(self.pieces, at, self.roster, self.listing)
            field = piece.kind is BlockKind.BULLET and not self.roster.minutes and _is_field(piece)
            turn = None if at in self.tasks or field else _turn(piece, self.turns)
            if piece.voice is not None:
                yield piece, self._voiced(piece)
            elif self.guest and at in self.asked:
                self.current, self.depth = self.guest, 0
                yield _question(piece, self.guest)
            elif piece.kind in (BlockKind.TITLE, BlockKind.HEADING):
                self._headed(at)
                yield piece, None
            elif piece.owners:
                yield piece, _joined(piece, self.roster)
            elif turn:
                yield from self._turned(piece, *turn)
            else:
                yield piece, self._goes_on(at)

    def _voiced(self, piece: Piece) -> Speaker | None:
        """Return whose words a piece with a voice is; a label or heading opens a turn, and is nobody's words."""
        speaker = _voice(piece, self.roster)
        if piece.kind not in (BlockKind.LABEL, BlockKind.HEADING):
            return speaker
        self.current, self.depth = speaker, piece.level if piece.kind is BlockKind.HEADING else 0
        return None

    def _headed(self, at: int) -> None:
        """Begin or end somebody's section at a heading."""
        piece = self.pieces[at]
        self.own = sections.own(piece.text)
        named = None if piece.kind is BlockKind.TITLE else _header_speaker(self.pieces, at, self.roster)
        within = self.current and piece.level > self.depth > 0
        if named:
            self.current, self.depth = named, piece.level
        elif not within or self.own or piece.owners:
            self.current, self.depth = (self.talk if POINTS.fullmatch(piece.text) else None), 0

    def _turned(self, piece: Piece, label: str, speaker: Speaker) -> Iterator[tuple[Piece, Speaker | None]]:
        """Yield a turn after its label; the turn of a bullet ends with the bullet, that of minutes with the paragraph."""
        if piece.kind is not BlockKind.BULLET:
            self.current, self.depth = (None if self.roster.minutes else speaker), 0
        yield from _split_turn(piece, label, speaker)

    def _goes_on(self, at: int) -> Speaker | None:
        """Return whose words a piece without a mark of its own is."""
        piece = self.pieces[at]
        if at in self.tasks or self._strange(piece):
            self.current = self.current if piece.kind is BlockKind.BULLET else None
            return None
        if self._ends(at):
            self.current = None
        whose = self.current or self._listed(at)
        return None if piece.kind is BlockKind.LABEL or self._told_about(at, whose) else whose

    def _strange(self, piece: Piece) -> bool:
        """Say whether a piece opens with somebody whom the document does not introduce."""
        return _strange_turn(piece) and not (self.guest and _answer_label(piece))

    def _ends(self, at: int) -> bool:
        """Say whether the writer is back: "Ada asked ..." after a turn, "Interview by Bo Li", "Open for us"."""
        piece = self.pieces[at]
        told = _opens_with_person(piece, self.roster, self.current if self.depth else None)
        closed = self.guest and (interviews.closes(piece) or (piece.ruled and at - 1 not in self.asked))
        return told or bool(closed) or _own_line(piece)

    def _listed(self, at: int) -> Speaker | None:
        """Return who makes the points of a list, where somebody presents it or gave the talk that it notes."""
        piece = self.pieces[at]
        if piece.kind not in (BlockKind.BULLET, BlockKind.STEP):
            return None
        theirs = (not self.own or _replies(self.pieces, at)) and not _written(piece, third=self.third)
        return self.listing or (self.noted if theirs else None)

    def _told_about(self, at: int, whose: Speaker | None) -> bool:
        """Say whether the writer tells about whose section it is."""
        about = at in self.about and self.pieces[at].kind is BlockKind.PARAGRAPH
        below_name = self.depth > 0
        return (
            about
            or _narrated(self.pieces, at, whose, below_name=below_name)
            or (below_name and _aside(self.pieces, at))
        )


def _aside(pieces: Sequence[Piece], at: int) -> bool:
    """Say whether a paragraph in somebody's passage can be the writer's: about "her", or after the list of points."""
    after = pieces[at - 1].kind in (BlockKind.BULLET, BlockKind.STEP)
    about = THIRD_PERSON.search(IN_QUOTES.sub("", pieces[at].text))
    return pieces[at].kind is BlockKind.PARAGRAPH and bool(after or about)


def _own_line(piece: Piece) -> bool:
    """Say whether a short line opens what the writer notes for themselves: "Open for us"."""
    short = piece.kind in (BlockKind.LABEL, BlockKind.PARAGRAPH) and lines.like_heading(piece.text.rstrip(":"))
    return short and len(piece.text.split()) <= SHORT and sections.own(piece.text)


def _narrated(pieces: Sequence[Piece], at: int, whose: Speaker | None, *, below_name: bool) -> bool:
    """Say whether a piece introduces or tells about whose section it is; below a name italics do."""
    piece = pieces[at]
    told = piece.kind is BlockKind.LABEL or _narrates(piece, whose) or _opens_points(pieces, at)
    told = told or (piece.kind is BlockKind.PARAGRAPH and interviews.gestures(piece.text))
    return told or (piece.marked and below_name and not IN_QUOTES.search(piece.text))


def _minuted(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the turns of minutes, which end with their paragraph, marked as such."""
    out = list(pieces)
    for at, (label, below) in enumerate(pairwise(pieces)):
        if label.kind is BlockKind.LABEL and label.voice and below.kind in SPOKEN and below.voice is None:
            out[at], out[at + 1] = replace(label, voice=""), replace(below, voice=label.voice)
    return out


def _voice(piece: Piece, roster: _Roster) -> Speaker | None:
    if not piece.voice:
        return None
    if TOGETHER.search(piece.voice):
        for name in TOGETHER.split(piece.voice):
            roster.add(name, None)
    return roster.find(piece.voice) or roster.add(piece.voice, None)


def _question(piece: Piece, guest: Speaker) -> tuple[Piece, Speaker | None]:
    """Return a question as the label of its answer; where both are one paragraph it is the guest's."""
    if interviews.holds_answer(piece):
        return piece, guest
    heading = piece.kind is BlockKind.HEADING
    return (piece if heading else replace(piece, kind=BlockKind.LABEL, lead="")), None


def _task_lines(pieces: Sequence[Piece]) -> set[int]:
    """Return the places of list items below "Actions:": "Ada: order the swing" is nobody's speech."""
    found, inside = set(), False
    for at, piece in enumerate(pieces):
        if piece.kind in (BlockKind.BULLET, BlockKind.STEP):
            found |= {at} if inside else set()
        else:
            inside = bool(TASKS.fullmatch(piece.text))
    return found


def _exchanges(piece: Piece, people: set[str]) -> list[Piece]:
    """Return the turns that minutes put into one paragraph: "AB: why? -> CD: because ..."."""
    if piece.kind not in SPOKEN:
        return [piece]
    labels = "|".join(re.escape(label) for label in sorted(people, key=len, reverse=True))
    cut = re.compile(rf"\s*(?:->|→)\s*(?=(?:{labels})\b)|(?<=[.?!\"”])\s+(?=(?:{labels}): )")
    first, *more = cut.split(piece.text)
    return [
        replace(piece, text=first),
        *(replace(piece, text=text, kind=BlockKind.PARAGRAPH, lead="") for text in more),
    ]


def _reply(piece: Piece) -> list[Piece]:
    """Return a note "Does it scale? -> Yes, to a point" as what was asked, a label, and what the speaker replied."""
    found = REPLY.fullmatch(piece.text) if piece.kind in (BlockKind.BULLET, BlockKind.STEP) else None
    if found is None:
        return [piece]
    return [replace(piece, kind=BlockKind.LABEL, text=found["ask"]), replace(piece, text=found["answer"], lead="")]


def _replies(pieces: Sequence[Piece], at: int) -> bool:
    """Say whether a note stands below the question that it answers."""
    above = pieces[at - 1] if at else None
    return above is not None and above.kind is BlockKind.LABEL and above.text.endswith("?")


def _written(piece: Piece, *, third: bool) -> bool:
    """Say whether a note is the remark of who took it: in brackets, or of an "I" where the speaker is "she"."""
    return piece.text.startswith("[") or (third and bool(WRITER.search(IN_QUOTES.sub("", piece.text))))


def _presenter(pieces: Sequence[Piece], at: int, roster: _Roster, listing: Speaker | None) -> Speaker | None:
    """Return who presents the list that a piece is part of: "AB presented the figures." and its points."""
    piece = pieces[at]
    if piece.kind in (BlockKind.BULLET, BlockKind.STEP):
        return None if _reports_others(piece, roster, listing) else listing
    if piece.text.endswith(":") and (owner := _owner(piece, roster)):
        return owner
    found = (
        PRESENTS.match(piece.text) if roster.minutes and piece.kind in (BlockKind.PARAGRAPH, BlockKind.LABEL) else None
    )
    others = re.findall(rf"\b(?:{INITIALS.pattern}|{names.NAME})\b", piece.text[found.end() :]) if found else []
    return roster.find(found["who"]) if found and not any(roster.find(other) for other in others) else None


def _reports_others(piece: Piece, roster: _Roster, listing: Speaker | None) -> bool:
    """Say whether a point of a list that somebody presents begins with somebody, or in minutes tells of anybody else."""
    opening = OPENS.match(piece.text)
    named = {roster.find(one) for one in INITIALS.findall(piece.text)} - {None, listing}
    told = roster.minutes and listing is not None and (named or EVERYBODYS.search(piece.text))
    return bool((opening and roster.find(opening[1])) or told)


def _owner(piece: Piece, roster: _Roster) -> Speaker | None:
    """Return whose the list is that "Byron disagreed. These are her findings:" introduces: the only person it names."""
    theirs = re.search(
        r"\b(?:[Hh]er|[Hh]is) (?:\w+ )?(?:\w+s|list|case|evidence|advice|argument|summary|view)\b[^.]*:$|\b(?:[Hh]e|[Ss]he) [^.]*:$",
        piece.text,
    )
    if not theirs:
        return None
    named = {who for one in re.findall(r"[^\W\d_a-z][\w-]+", piece.text) if (who := roster.find(one))}
    return named.pop() if len(named) == 1 else None


def _opens_with_person(piece: Piece, roster: _Roster, host: Speaker | None) -> bool:
    """Say whether a paragraph begins with somebody's name and goes on about them, and they are not whose section it is."""
    found = OPENS.match(piece.text) if piece.kind is BlockKind.PARAGRAPH else None
    who = roster.find(found[1]) if found else None
    return who is not None and who != host


def _narrates(piece: Piece, speaker: Speaker | None) -> bool:
    """Say whether a paragraph speaks about the speaker by name, so is not in their voice."""
    if speaker is None or piece.kind is not BlockKind.PARAGRAPH:
        return False
    return speaker.name in piece.text or any(piece.text.startswith(f"{part} ") for part in speaker.name.split())


def _told_of(pieces: Sequence[Piece], roster: _Roster) -> set[int]:
    """Return the places of the sections that tell about their speaker: "Byron skipped her slides. She ..."."""
    found: set[int] = set()
    heads = [at for at, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING]
    for at, stop in pairwise([*heads, len(pieces)]):
        who = _header_speaker(pieces, at, roster)
        text = " ".join(piece.text for piece in pieces[at + 1 : stop] if piece.kind is BlockKind.PARAGRAPH)
        told = who and re.search(rf"\b{re.escape(who.name.split()[-1])}\b", text) and not FIRST_PERSON.search(text)
        found |= set(range(at, stop)) if told else set()
    return found


def _opens_points(pieces: Sequence[Piece], at: int) -> bool:
    """Say whether a paragraph stands before "Key points:", where the writer introduces the speaker."""
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    return (
        pieces[at].kind is BlockKind.PARAGRAPH
        and following is not None
        and following.kind is BlockKind.LABEL
        and bool(POINTS.fullmatch(following.text))
    )


def _header_speaker(pieces: Sequence[Piece], at: int, roster: _Roster) -> Speaker | None:
    """Return whose section a heading opens, if the text after it confirms it."""
    if owners := pieces[at].owners:
        alone = len(owners) > 1 and any(_spoken_of(pieces, at, name) for name, _ in owners)
        return None if alone else _joined(pieces[at], roster)
    return roster.people.get(pieces[at].text)


def _joined(piece: Piece, roster: _Roster) -> Speaker | None:
    """Return the owner of a piece, or its owners as one."""
    return roster.find(" and ".join(name for name, _ in piece.owners))


def _spoken_of(pieces: Sequence[Piece], at: int, name: str) -> bool:
    """Say whether the section below a header names somebody again."""
    for piece in pieces[at + 1 :]:
        if piece.kind is BlockKind.HEADING:
            return False
        if re.search(rf"\b{re.escape(name.split()[-1])}\b", piece.text):
            return True
    return False


def _roster(pieces: Sequence[Piece]) -> _Roster:
    """Return the people whom the pieces name as somebody who speaks."""
    roster = _Roster()
    for name, title in (owner for piece in pieces for owner in piece.owners):
        roster.add(name, title)
    for led in sections.led(pieces):
        roster.add(led.name, led.title)
    for piece in pieces:
        for name, role in _on_speaker_line(piece):
            roster.add(name, role)
        if piece.kind is BlockKind.PARAGRAPH:
            _add_apposed(piece.text, roster)
        _add_those_there(piece, roster)
    prose = [piece.text for piece in pieces if piece.kind in PROSE]
    for who, beside in introductions.speakers(prose):
        roster.add(who, beside)
    return roster


def _add_those_there(piece: Piece, roster: _Roster) -> None:
    if found := PRESENT.fullmatch(piece.text):
        _add_present(found["who"], roster)
    if piece.kind is BlockKind.ROW:
        _add_row(piece, roster)


def _add_row(piece: Piece, roster: _Roster) -> None:
    """Take in a row of an attendee table: a name and a job title in cells of their own."""
    cells = [cell.strip() for cell in piece.text.split("|")]
    people = [cell for cell in cells if names.like_name(cell)]
    named = any(NAME_COLUMN.fullmatch(column) for column in piece.columns)
    titled = next((at for at, column in enumerate(piece.columns) if ROLE_COLUMN.fullmatch(column)), None)
    if len(people) == 1 and named and titled is not None and len(cells) == len(piece.columns):
        roster.add(people[0], re.sub(r"\s*\([^)]*\)$", "", cells[titled]) or None)
        roster.minutes |= names.initials(people[0]) in cells
        return
    titles = [cell for cell in cells if cell not in people and names.ROLE.search(cell) and len(cell.split()) <= 10]
    if len(people) == 1 and titles:
        roster.add(people[0], titles[0])


def _add_present(line: str, roster: _Roster) -> None:
    """Take in a line that says who was there, by name or by initials."""
    there = [
        re.sub(r"^[A-Z][a-z]+: ", "", part.strip(" ."))
        for part in re.split(r"[,;]|\band\b|\.\s", re.sub(r"\([^()]*\)", "", line))
    ]
    people = [who for who in there if names.like_name(who)]
    short = [who for who in there if INITIALS.fullmatch(who)]
    for who in people:
        roster.add(who, None)
    if len(short) >= 2 and not people:
        for who in short:
            if who not in roster.people:
                roster.keep(Speaker(who))
    roster.minutes |= len(people) >= 2 or len(short) >= 2


def _add_apposed(text: str, roster: _Roster) -> None:
    """Take in the people whom a sentence names with a role or a house: "Ada Byron, chair of Looms, ..."."""
    for found in BELONGS.finditer(text):
        if names.like_name(found["name"]):
            roster.add(found["name"], found["title"])
    for found in APPOSED.finditer(text):
        title = found["title"].removeprefix("the ").removeprefix("a ").removeprefix("an ")
        if (
            names.like_name(found["name"])
            and names.ROLE.search(title)
            and not re.search(r"\b(?:said|who|and he|and she)\b", title)
        ):
            rest = (
                found["rest"]
                if " of " not in title and " at " not in title and not names.like_name(found["rest"][2:])
                else ""
            )
            roster.add(found["name"], title + rest)


def _turn_labels(pieces: Sequence[Piece], roster: _Roster) -> dict[str, Speaker]:
    """Return the labels that open turns of people whom the document introduces."""
    found = [TURN.match(piece.text) for piece in pieces if piece.kind in SPOKEN and piece.voice is None]
    return {turn["who"]: speaker for turn in found if turn and (speaker := roster.find(turn["who"]))}


def _titled(speaker: Speaker, opening: str) -> Speaker:
    if speaker.title:
        return speaker
    for found in INTRODUCES.finditer(opening[:400]):
        if names.ROLE.search(found["title"]):
            role, organisation = names.split_title(found["title"])
            return replace(speaker, role=role, organisation=organisation, title=found["title"])
    return speaker


def _add_own_titles(pieces: Sequence[Piece], roster: _Roster) -> None:
    """Take in the titles that people give themselves when they first speak, or that the text gives whoever speaks."""
    for label, below in pairwise(pieces):
        if label.kind is BlockKind.LABEL and label.voice and not TOGETHER.search(label.voice):
            speaker = roster.find(label.voice) or roster.add(label.voice, None)
            roster.keep(_titled(speaker, below.text))
    for found in (found for piece in pieces for found in IS_ROLE.finditer(piece.text)):
        known = roster.find(found["name"])
        if known is not None and names.ROLE.search(found["title"]):
            roster.add(known.name, found["title"])


def _split_turn(piece: Piece, label: str, speaker: Speaker) -> Iterator[tuple[Piece, Speaker | None]]:
    yield replace(piece, kind=BlockKind.LABEL, text=label), None
    rest = piece.text[len(label) :].strip()
    if rest:
        introduces = piece.kind is BlockKind.LABEL and rest.endswith(":")
        yield replace(piece, text=rest), None if introduces else speaker


def _strange_turn(piece: Piece) -> bool:
    """Say whether a paragraph opens with the name of somebody whom the document does not introduce."""
    found = TURN.match(piece.text) if piece.kind in SPOKEN else None
    if found is None:
        return False
    joint = all(part[:1].isupper() and part.lower() not in names.COMMON for part in TOGETHER.split(found["who"]))
    named = names.like_name(found["who"]) or (joint and bool(TOGETHER.search(found["who"])))
    return named or bool(UNNAMED.fullmatch(found["who"]))


def _is_field(piece: Piece) -> bool:
    """Say whether a list item goes on in small letters behind its label: what somebody does, not what they say."""
    found = TURN.match(piece.text)
    return found is not None and piece.text[found.end() :][:1].islower()


def _turn(piece: Piece, turns: dict[str, Speaker]) -> tuple[str, Speaker] | None:
    """Return label (with its colon) and speaker of a paragraph that opens a turn."""
    found = TURN.match(piece.text) if piece.kind in SPOKEN else None
    if not found or found["who"] not in turns:
        return None
    return piece.text[: found.end()].rstrip(), turns[found["who"]]


def _noted_talk(pieces: Sequence[Piece], roster: _Roster) -> Speaker | None:
    """Return who gave the one talk that somebody took notes of: their points are the list items."""
    if pieces and pieces[0].kind is BlockKind.TITLE and pieces[0].owners:
        return _joined(pieces[0], roster)
    talks = [(at, line) for at, piece in enumerate(pieces) if (line := TALK_BY.match(piece.text))]
    lines = [(piece, people) for piece in pieces if (people := _on_speaker_line(piece))]
    if not talks and len(lines) == 1 and len(lines[0][1]) == 1 and lines[0][0] in pieces[:TOP]:
        return roster.find(lines[0][1][0][0]) if GIVES_TALK.match(lines[0][0].text) and not roster.minutes else None
    if len(talks) != 1 or talks[0][0] >= TOP or pieces[talks[0][0]].kind is not BlockKind.PARAGRAPH:
        return None
    return roster.add(talks[0][1]["who"], talks[0][1]["title"])


def _talk_speaker(pieces: Sequence[Piece], roster: _Roster) -> Speaker | None:
    """Return who gives the one talk that the document is about, jointly when there are several."""
    for piece in pieces:
        found = [person for name, _ in _on_speaker_line(piece) if (person := roster.find(name))]
        if len(found) == 1:
            return found[0]
        if found:
            return Speaker(" and ".join(person.name for person in found))
    return None


def _on_speaker_line(piece: Piece) -> list[tuple[str, str | None]]:
    """Return the people, with their titles, of "Speaker: Ada Byron, engineer at Babbage (makers of engines)"."""
    line = SPEAKER_LINE.fullmatch(piece.text)
    if line is None:
        return []
    alone = HEADER.fullmatch(re.sub(r"(?<=\w) \([a-z][^()]*\)$", "", line["who"]).rstrip(" ."))
    if alone and names.like_name(alone[1]) and names.ROLE.search(alone[2]) and not _names_other(alone[2]):
        return [(alone[1], alone[2])]
    found = re.split(r"\s*(?:&|;|\band\b|,)\s*", line["who"])
    return [(name, None) for name in found if names.like_name(name)]


def _names_other(title: str) -> bool:
    """Say whether a title goes on with another person: "engineer, and Bo Li"."""
    return any(names.like_name(part) for part in re.split(r"\s*(?:&|;|\band\b|,)\s*", title))
