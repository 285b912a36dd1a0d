"""Passages that belong to a person because the lines above them say so: "Ada Byron, CTO of Looms" and her points.

Headings and the short lines beside them make the opening of a passage. Where one of its lines
introduces a person, with enough evidence that it is one, the passage is that person's. Start from `opened`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest import lines, names
from quizapp.ingest.pieces import Piece

ENOUGH = 2  # points of evidence that a line introduces a person
LONGEST = 30  # words of a line that introduces people
LONGEST_FIELD = 14  # words of a line "Place: ..."
LINE_LEVEL = 2  # of the headings made of plain lines
BELOW_ALL = 7  # deeper than any heading

NUMBER = re.compile(r"^(?:(?:\d{1,2}|[A-Z])[.):]\s+|#\d{1,2}:?\s+|[^\w\"“„«(\[]+)+")
# "(she/her)", ", PhD", the date of a talk, marks at the end of a heading
EXTRAS = re.compile(
    r" ?\((?:she|he|they)/\w+\)|,? (?:PhD|Ph\.D\.|MD|MSc|BSc|MBA|FRS|OBE|MBE|Jr\.?|QC|KC)(?=[,\s]|$)|"
    r"[,·] (?:\d{1,2}\.? [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2})(?:,? \d{4})?$|\s*[=<>#~*]+$"
)
TIME = re.compile(
    r"\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?(?:[-–—]|to)\s?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?)?\s*[|:,·•–—-]?\s*",
    re.IGNORECASE,
)
HONORIFIC = re.compile(
    r"(?:(?:dr|prof|professor|mr|ms|mrs|mx|miss|sir|dame|rev|reverend|fr|father|sister|rabbi|imam|capt|captain|col|judge|cllr|"
    r"councillor|hon|ing|mag)\b\.?\s+)+",
    re.IGNORECASE,
)
# "[Ada Byron, weaver]", "== Ada Byron =="
LONGEST_FRAMED = 400  # characters
FRAMED = re.compile(r"\[(?P<boxed>[^\[\]]+)\]|(?P<mark>[=*#~+_-]{2,}) ?(?P<lined>.+?) ?(?P=mark)")
# "BYRON, Dr Ada (weaver) Looms that think"
TURNED = re.compile(
    rf"(?P<family>(?:{names.PARTICLE} )*[^\W\d_a-zß-öø-ÿ]{{2,}}(?:[-’' ][^\W\d_a-zß-öø-ÿ]{{2,}})*), "
    rf"(?P<address>(?i:{HONORIFIC.pattern}))?(?P<given>[^\W\d_a-zß-öø-ÿ][^\W\d_]*[a-zß-öø-ÿ][\w’'-]*(?: [^\W\d_a-z][\w’'-]*\.?)?)"
    r"(?: \((?P<title>[^()]{2,80})\)(?: .*)?|, (?P<role>.{2,80}))"
)
FIELD = re.compile(r"(?P<key>[A-Z][\w/() -]{1,24}?)\s*:\s+(?P<value>\S.*)")
KICKER = re.compile(
    r"[^a-z]+|.*\d.*|(?i:.*\b(?:talk|session|keynote|lecture|panel|opening|closing|part|track|plenary|welcome|workshop|interview|takeaways?)\b.*)"
)
TALK_KEY = re.compile(r"(?:talk|session|keynote|lecture|speaker|presentation|slot)\b", re.IGNORECASE)
SPEAKER_KEY = re.compile(
    r"(?:guest |keynote |main )?(?:speaker|presenter|lecturer|talk by|given by|presented by|delivered by|who)(?:s|\(s\))?",
    re.IGNORECASE,
)
HOUSE_KEY = re.compile(
    r"(?:company|affiliation|organi[sz]ation|employer|institution|from|role|position|job|title|works? (?:at|for))",
    re.IGNORECASE,
)
CALLED = rf"(?:(?i:{HONORIFIC.pattern}))?{names.NAME}"
GIVEN = re.compile(
    rf"(?:(?i:talk|keynote|lecture|speech|presentation|seminar|given|presented|takeaways|points|notes|highlights)|[\"”»])"
    rf" (?i:by|from|with|of) (?={CALLED})|\b[Bb]y (?={CALLED}(?:$|,| \())"
)
BETWEEN = re.compile(r"\s+(?:\||[-–—]{1,2}|//?|·|•|~)\s+|\s*\|\s*|:\s+")
WITHIN = re.compile(r"(?<=\S) [(\[](?P<who>[^()\[\]]+)[)\]]$")  # "Looms that think (Ada Byron, Acme)"
SEPARATED = re.compile(r" [|·•] ")
PERSON = re.compile(
    rf"(?P<name>{names.NAME})(?:(?:,| \(| of| from| at)\s*(?P<title>.{{2,120}}?)\)?)?(?:[’']s? .*| on .*| about .*)?"
)
JOINT = re.compile(rf"(?:(?<=\)),|;|,? and|,? &) (?={CALLED}(?:,| \(|$))")
QUOTED = re.compile(r"[\"“«„‘][^\"”»“]*[\"”»“’],?")
HOUSES = re.compile(
    rf"\b{names.HOUSE}\b|\b(?:GmbH|Ltd|Inc|BV|AG|LLC|PLC|Lab|Labs|Bank|Group|Studio|Consulting|Partners|Farms?|Works|Clinic|Co-?op|"
    r"Cooperative|Office|Network|League|Authority|Department|Club|Committee|Board|Team|Company|Systems|Chamber|Secretariat|Federation|"
    r"Alliance|Guild|Division|Forum|Summit|Conference|Symposium)\b"
)
SENTENCE_END = re.compile(r"\w{3,}[.!?] ")
POSSESSIVE = re.compile(
    r"(?<=\w)[’']s? (?:main |key |own )?(?:views?|take|takeaways?|talk|keynote|lecture|points?|case|arguments?|position|answer|story|advice|message|remarks)\b.*$",
    re.IGNORECASE,
)
UNCLOSED = re.compile(r" \([^()]*$")
PRONOUN = re.compile(r"\b(?:[Ss]he|[Hh]e|[Hh]er|[Hh]is)\b")
# What the writer keeps for themselves: "Open for us", "What I think"
OWN = re.compile(
    r"\b(?:to-?dos?|my|me|mine|us|(?:do|what|that|did) i|our (?:own|views?|notes|take|plans?|questions?|team|verdict|impressions?)|what we|own|editor\w*|links?|"
    r"further reading|references|resources|q ?& ?a|questions?|time ?stamps?|about the|bio|logistics|attendees|actions?|next steps|"
    r"housekeeping|practical(?:ities)?|thanks|credits)\b",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"\b(?:talks?|keynotes?|lectures?|seminars?|webinars?|conference|congress|summit|symposium|panel|session|speakers?|meet-?up|"
    r"takeaways?|highlights|recap|\w+conf|(?:talk|lecture|conference|session|meeting) ?notes|notes (?:from|of|by)|workshop|forum|(?:field|study|lecture|open) day|convention|colloquium|slides|presented|audience|debates?|round[- ]?tables?|hearing|spoke|diary|digest|dispatch|camp|heard|[Ll]earn(?:ed|t))\b",
    re.IGNORECASE,
)
OF_TALK = re.compile(
    r"\b(?:notes?|talks?|lecture|keynote|seminar|webinar|speech|takeaways?|recap|summary|session|heard)\b",
    re.IGNORECASE,
)
BYLINE = re.compile(r"(?:written |text |words |edited |notes |summary |report |posted |recap )?by ", re.IGNORECASE)


@dataclass(frozen=True)
class Introduced:
    """A person whom a line introduces."""

    name: str
    title: str | None
    points: int  # of evidence in the line


@dataclass(frozen=True)
class Opening:
    """The lines that open a passage, the first and the last of them, and whom they introduce."""

    start: int
    stop: int
    line: int = -1  # that introduces the people
    people: tuple[Introduced, ...] = ()
    level: int = BELOW_ALL  # of the heading that the people belong to


def opened(pieces: Sequence[Piece], turns: Callable[[Piece], bool]) -> list[Piece]:
    """Return the pieces with headings, which name their owners, and labels where passages of people open; no turn is a heading."""
    people = known(pieces)
    every = [_read(pieces, one, people) for one in _openings(pieces, turns)]
    if sum(bool(one.people) for one in every) > 1:
        every = [_under_title(pieces, one) for one in every]
    believed = [one for one in every if one.people and _believed(pieces, one, every)]
    sure = {one.level for one in believed if _mostly_people(one.level, every)}
    believed = [
        one
        for one in every
        if one.people and (one in believed or _believed(pieces, one, every, extra=one.level in sure))
    ]
    return _marked(pieces, every, believed)


def _mostly_people(level: int, every: Sequence[Opening]) -> bool:
    """Say whether most headings of a level could introduce people."""
    alike = [one for one in every if one.level == level]
    return 2 * sum(bool(one.people) for one in alike) >= len(alike)


def of_event(pieces: Sequence[Piece]) -> bool:
    """Say whether a document tells of talks, which are what people own."""
    return any(EVENT.search(piece.text) for piece in pieces)


def own(text: str) -> bool:
    """Say whether a heading or label opens what the writer keeps for themselves."""
    return bool(OWN.search(QUOTED.sub("", text)))


def led(pieces: Sequence[Piece]) -> list[Introduced]:
    """Return the people with whose names in bold two paragraphs or more open: "**Ada Byron (Acme)** showed ..."."""
    found = [who for piece in pieces if piece.lead for who in introduced(piece.lead)]
    return found if len({who.name for who in found}) > 1 else []


def like_header(line: str) -> bool:
    """Say whether a line is a speaker's header by itself: "Name, role, organisation", "9:45 | Name | Role"."""
    return any(one.title and one.points >= ENOUGH for one in introduced(line))


def introduced(line: str, *, heads: bool = False) -> tuple[Introduced, ...]:
    """Return whom a line introduces: "3. Ada Byron, CTO of Looms", "Looms that think — Ada Byron (Acme)"."""
    line = _unframed(line.removesuffix(":"))
    if line[-1:] in ".!?" and not re.search(r"\b[A-Z]\.$|\b(?:Inc|Ltd|Co)\.$", line):
        return ()
    bare = POSSESSIVE.sub("", EXTRAS.sub("", NUMBER.sub("", line)))
    timed = TIME.match(bare)
    bare = bare[timed.end() :] if timed else bare
    labelled = FIELD.fullmatch(bare)
    if labelled and SPEAKER_KEY.fullmatch(labelled["key"]):
        value = labelled["value"]
        return tuple(replace(one, points=ENOUGH) for one in _people(value) or introduced(value))
    if labelled and not heads and not KICKER.fullmatch(labelled["key"]):
        return ()
    spoken = labelled is not None and bool(TALK_KEY.match(labelled["key"]))
    extra = bool(timed) + bool(GIVEN.search(bare)) + spoken + bool(POSSESSIVE.search(line))
    return _turned(bare) or _within(bare) or tuple(replace(one, points=one.points + extra) for one in _beside(bare))


def _within(line: str) -> tuple[Introduced, ...]:
    """Return whom the brackets at the end of a line name: "Looms that think (Ada Byron, Acme)"."""
    found = WITHIN.search(line)
    people = _people(found["who"]) if found and not _people(line) else ()
    return tuple(replace(one, points=one.points + 1) for one in people)


def _beside(line: str) -> tuple[Introduced, ...]:
    """Return whom one part of a line names, with the title that the next part gives: "Looms – Ada Byron – Acme Mills"."""
    given = GIVEN.search(line)
    parts = [line[given.end() :]] if given else BETWEEN.split(line)
    found = [(at, people) for at, part in enumerate(parts) if (people := _people(part))]
    if len(found) != 1:
        found = [one for one in found if any(person.title for person in one[1])]
    if len(found) != 1:
        return ()
    at, people = found[0]
    later = parts[at + 1] if at + 1 < len(parts) else ""
    short = SEPARATED.search(line) and len(later.split()) in range(1, 5)
    if len(people) > 1 or people[0].title or not (short or names.ROLE.search(later) or HOUSES.search(later)):
        return people
    return (replace(people[0], title=later, points=people[0].points + _titled(later)),)


def _framed(line: str) -> re.Match[str] | None:
    """Return how a line is framed; one too long to be a header is not looked at."""
    return FRAMED.fullmatch(line) if len(line) <= LONGEST_FRAMED else None


def _unframed(line: str) -> str:
    """Return what stands between brackets or marks on both sides of a line."""
    found = _framed(line)
    return (found["boxed"] or found["lined"]) if found else line


def _turned(line: str) -> tuple[Introduced, ...]:
    """Return whom a line names with the family's name in capitals first: "BYRON, Ada (weaver)"."""
    found = TURNED.fullmatch(line)
    name = f"{found['given']} {found['family'].title()}" if found else ""
    if found is None or not names.like_name(name):
        return ()
    title = found["title"] or found["role"]
    return (Introduced(name, title, (ENOUGH if found["address"] else 0) + _titled(title)),)


def _people(part: str) -> tuple[Introduced, ...]:
    """Return the people whom a part of a line names, if it does nothing else."""
    part = QUOTED.sub("", part).strip(" ,")
    every = [_person(one) for one in JOINT.split(part)]
    people = tuple(one for one in every if one)
    if people and len(people) == len(every):
        return people
    one = _person(part)
    return (one,) if one else ()


def _person(text: str) -> Introduced | None:
    called = HONORIFIC.match(text)
    found = PERSON.fullmatch(_bare(text))
    if (
        found is None
        or SENTENCE_END.search(found["title"] or "")
        or not names.like_name(found["name"])
        or names.ROLE.search(found["name"])
        or HOUSES.search(found["name"])
    ):
        return None
    title = UNCLOSED.sub("", found["title"]) if found["title"] else None
    return Introduced(found["name"], title, (ENOUGH if called else 0) + (_titled(title) if title else 0))


def _bare(text: str) -> str:
    """Return a name without its form of address."""
    called = HONORIFIC.match(text)
    return text[called.end() if called else 0 :].strip()


def _titled(title: str) -> int:
    """Return how much a title says that who has it is a person."""
    if names.ROLE.search(title) or HOUSES.search(title):
        return ENOUGH
    return int(len(title.split()) <= 6)


def _openings(pieces: Sequence[Piece], turns: Callable[[Piece], bool]) -> Iterator[Opening]:
    """Yield every run of headings and short lines that something longer follows."""
    start = None
    for at, piece in enumerate(pieces):
        if _opens(piece) and (_about_speaker(piece.text) or not turns(piece)):
            start = at if start is None else start
        elif start is not None:
            yield Opening(start, at - 1)
            start = None


def _about_speaker(line: str) -> bool:
    """Say whether a line tells who speaks, or from where: "Speaker: Ada Byron", "Company: Looms"."""
    found = FIELD.fullmatch(line)
    return found is not None and bool(SPEAKER_KEY.fullmatch(found["key"]) or HOUSE_KEY.fullmatch(found["key"]))


def _opens(piece: Piece) -> bool:
    """Say whether a piece is a heading, or a line that could be part of the opening of a passage."""
    if piece.kind in (BlockKind.TITLE, BlockKind.HEADING):
        return True
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.LABEL) or piece.text.rstrip('"”»)’')[-1:] in ".!?":
        return False
    words, people = len(piece.text.split()), _introduced_by(piece)
    if piece.voice is not None:  # "[Ada Byron, weaver]" is more than a note of what happens
        return bool(_framed(piece.text)) and any(one.points >= ENOUGH for one in people)
    if lines.like_heading(piece.text.replace(" | ", " - ")) or (piece.text.endswith(":") and people):
        return True
    sure = any(one.points >= ENOUGH for one in people)
    return words <= (LONGEST if sure else LONGEST_FIELD) and (sure or FIELD.match(piece.text) is not None)


def known(pieces: Sequence[Piece]) -> dict[str, Introduced]:
    """Return the people whom sentences introduce, "Ada Byron (engineer) and Bo Li, Acme", by a first or family name that nobody shares."""
    full = {
        one[0]
        for piece in pieces
        if piece.kind not in (BlockKind.TITLE, BlockKind.HEADING, BlockKind.CODE)
        for one in re.finditer(names.NAME, piece.text)
        if _person(one[0])
    }
    firsts, families = Counter(name.split()[0] for name in full), Counter(name.split()[-1] for name in full)
    by_first = {name.split()[0]: name for name in full if firsts[name.split()[0]] == 1}
    by_family = {name.split()[-1]: name for name in full if families[name.split()[-1]] == 1}
    return {part: Introduced(name, None, 1) for part, name in {**by_first, **by_family}.items()}


def _read(pieces: Sequence[Piece], opening: Opening, known: dict[str, Introduced]) -> Opening:
    """Return an opening with whom its lines introduce: the people of one line."""
    run = range(opening.start, opening.stop + 1)
    found = [(at, people) for at in run if (people := _introduced_by(pieces[at])) and not _byline(pieces[at])]
    first = BETWEEN.split(NUMBER.sub("", pieces[opening.stop].text).removesuffix(":"))[0]
    there = {one.name for one in known.values()}
    found = [
        (at, tuple(replace(one, points=one.points + (one.name in there)) for one in people)) for at, people in found
    ]
    called = known.get(_bare(first)) if not found else None
    found = [(opening.stop, (called,))] if called else found
    best = max((one.points for _, people in found for one in people), default=0)
    found = [one for one in found if max(person.points for person in one[1]) == best]
    if len(found) != 1:
        return replace(opening, level=_level(pieces, run, opening.stop))
    line, people = found[0]
    title = _title_beside(pieces, run, line) if len(people) == 1 and not people[0].title else None
    if title:
        people = (replace(people[0], title=title, points=people[0].points + _titled(title)),)
    return replace(opening, line=line, people=people, level=_level(pieces, run, line))


def _introduced_by(piece: Piece) -> tuple[Introduced, ...]:
    return introduced(piece.text, heads=piece.kind is BlockKind.HEADING)


def _under_title(pieces: Sequence[Piece], opening: Opening) -> Opening:
    """Return the first of several openings without the title of the document, which its people do not own."""
    apart = opening.people and opening.level <= 1 and pieces[opening.line].kind is BlockKind.PARAGRAPH
    return replace(opening, start=opening.line, level=BELOW_ALL) if apart else opening


def _byline(piece: Piece) -> bool:
    return BYLINE.match(piece.text) is not None


def _level(pieces: Sequence[Piece], run: range, line: int) -> int:
    """Return the level of the heading that a line stands in, under, or right above."""
    heads = [at for at in run if pieces[at].kind in (BlockKind.TITLE, BlockKind.HEADING)]
    above = [at for at in heads if at <= line] or heads[:1]
    return pieces[above[-1]].level if above else BELOW_ALL


def _title_beside(pieces: Sequence[Piece], run: range, line: int) -> str | None:
    """Return the title that the line below a name gives, or a line "Company: ..."."""
    for at in run:
        found = FIELD.fullmatch(pieces[at].text)
        if found and HOUSE_KEY.fullmatch(found["key"]):
            return found["value"]
    below = pieces[line + 1].text if line + 1 in run else ""
    role = names.ROLE.search(below) or HOUSES.search(below)
    return below if role and len(below.split()) <= 10 and not introduced(below) else None


def _believed(pieces: Sequence[Piece], opening: Opening, every: Sequence[Opening], *, extra: bool = False) -> bool:
    """Say whether there is enough evidence that the passage is somebody's."""
    passage = _passage(pieces, opening, every)
    if not passage or (opening.level <= 1 and not _one_talk(pieces, opening, every)):
        return False
    body = " ".join(piece.text for piece in passage)
    alike = any(one.start != opening.start and one.level == opening.level and one.people for one in every)
    beside = (
        pieces[opening.line].marked
        or bool(pieces[opening.line].lead)
        or (opening.line > opening.start and pieces[opening.line].kind is BlockKind.PARAGRAPH)
    )
    shared = alike + beside + extra + bool(PRONOUN.search(body))
    return all(
        one.points + shared + _named_in(one.name, body) >= ENOUGH and no_words(one.name, pieces)
        for one in opening.people
    )


def _passage(pieces: Sequence[Piece], opening: Opening, every: Sequence[Opening]) -> Sequence[Piece]:
    """Return what stands between an opening and the next that is not below it."""
    later = (one.start for one in every if one.start > opening.stop and (one.level <= opening.level or one.people))
    return pieces[opening.stop + 1 : next(later, len(pieces))]


def _one_talk(pieces: Sequence[Piece], opening: Opening, every: Sequence[Opening]) -> bool:
    """Say whether the whole document is about the talk of those whom its top introduces."""
    if any(one.people and one != opening for one in every):
        return False
    top = " ".join(piece.text for piece in pieces[: opening.stop + 2])
    third = sum(bool(PRONOUN.search(QUOTED.sub("", piece.text))) for piece in pieces) > 1
    return bool(OF_TALK.search(top)) or third


def _named_in(name: str, body: str) -> int:
    """Return how much a passage says that a name is a person's: it comes again, and even says something."""
    family = re.escape(name.split()[-1])
    if re.search(rf"\b{family} {names.PERSON_VERB}\b", body, re.IGNORECASE):
        return ENOUGH
    return int(bool(re.search(rf"\b{family}\b", body)))


def no_words(name: str, pieces: Sequence[Piece]) -> bool:
    """Say whether no word of a name is an ordinary word of the document."""
    words = {word.lower() for word in name.split() if len(word) > 2} - {
        "van",
        "von",
        "der",
        "den",
        "del",
        "bin",
        "ibn",
        "zu",
        "ter",
    }
    return not any(words & set(re.findall(r"(?<![\w@.-])[a-z][\w’'-]*", piece.text)) for piece in pieces)


def _marked(pieces: Sequence[Piece], every: Sequence[Opening], believed: Sequence[Opening]) -> list[Piece]:
    """Return the pieces with a heading for each person's passage and, where those are plain lines, for the others."""
    out = list(pieces)
    for one in believed:
        _mark(out, one)
    if any(one.level == BELOW_ALL for one in believed):
        for one in every:
            if one.level == BELOW_ALL and one not in believed:
                out[one.start] = replace(pieces[one.start], kind=BlockKind.HEADING, level=LINE_LEVEL)
    return out


def _theme(line: str) -> bool:
    """Say whether a line above a name can be what the person speaks about."""
    found = FIELD.match(line)
    return line[0].isalnum() and not re.search(r"[.!?] ", line) and (not found or bool(KICKER.fullmatch(found["key"])))


def _mark(pieces: list[Piece], opening: Opening) -> None:
    """Make one heading of the line that an opening's people stand in or under, and labels of the lines below it."""
    run = range(opening.start, opening.line + 1)
    theme = opening.line - (
        opening.start < opening.line and opening.start > 0 and _theme(pieces[opening.line - 1].text)
    )
    head = max((at for at in run if pieces[at].kind in (BlockKind.TITLE, BlockKind.HEADING)), default=theme)
    level = opening.level if opening.level < BELOW_ALL else LINE_LEVEL
    owners = tuple((one.name, one.title) for one in opening.people)
    kind = BlockKind.TITLE if pieces[head].kind is BlockKind.TITLE else BlockKind.HEADING
    pieces[head] = replace(pieces[head], kind=kind, level=level, owners=owners, voice=None)
    for at in range(head + 1, opening.stop + 1):
        if pieces[at].kind is not BlockKind.HEADING or pieces[at].level <= level:
            pieces[at] = replace(pieces[at], kind=BlockKind.LABEL, level=0, voice=None)
