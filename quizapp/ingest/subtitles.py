"""Subtitles and captions to pieces: what was said, in sentences and paragraphs, behind who said it.

A pause, or a change of speaker, opens a paragraph; times and notes of sounds leave the text. Speakers stand in
front of their turns as in a transcript, "Ada Byron: ...", for `voices` to hear. Start from `read`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import cast, names
from quizapp.ingest.cues import Cue, cues, header
from quizapp.ingest.pieces import Piece, Pieces, within_limits

PAUSE = 2.5  # seconds after which a paragraph opens
BREATH, LONG, LONGEST = (
    0.7,
    900,
    1800,
)  # a shorter pause opens one when the last is longer than that; none is needed beyond
SOUND = re.compile(
    r"\((?:[a-z ]{0,30} )?(?:applause|laugh\w*|music|cheer\w*|sigh\w*|cough\w*|clap\w*|chuckl\w*|inaudible|crosstalk|silence|pause|"
    r"indistinct|whisper\w*|groan\w*|clears throat)(?: [a-z ]{0,30})?\)|\[[^\[\]]{0,60}\]|\([^()a-z]{2,40}\)",
    re.IGNORECASE,
)
WHOLE_ASIDE = re.compile(r"\([^()]*\)[.!]?")
SONG = re.compile(r"[♪♫♬]|^#.*#$")
CREDIT = re.compile(
    r"(?:subtitles?|subtitled|captions?|captioned|captioning|transcri\w+|translat\w+|sync\w*|corrected|provided)\b.{0,40}\bby\b.*|"
    r"(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
ARROWS = re.compile(r"\s*(?:>>+|»)\s*")
DASH = re.compile(r"[-–—]\s?(?=[^\W_a-z])")
_WHO = r"[^\W\d_a-z][\w.’' -]{0,40}?"
LABEL = re.compile(
    rf"(?:\[(?P<boxed>{_WHO})\]:?|\((?P<round>{_WHO})\):|(?P<who>{_WHO})(?:\s[\[(][^\[\]()]{{1,30}}[\])])?\s?:)(?:\s+|$)"
)
ENDS = re.compile(r"[.?!…。？！][\"”’')\]]*$")
ENDING = re.compile(r"[.?!…。？！]")
FADED = re.compile(r"(?:\.\.\.|…) (?:\.\.\.|…) ?")
LABEL_WORDS = 4
UNPUNCTUATED = 100  # words a sentence, on average, of captions that nobody has punctuated


@dataclass(frozen=True)
class _Said:
    """Words from one cue."""

    start: float
    end: float
    text: str
    who: str | None = None  # who speaks from here on; "" is somebody else without a name
    certain: bool = False  # whether a tag says so


def read(text: str) -> Pieces:
    """Return the pieces of a subtitle file."""
    found = _without_credits(cues(text))
    if not found:
        raise InvalidInput(
            "No times stand in this file, so it holds no subtitles. Save it as .txt if it is a plain text."
        )
    said = list(_said(found))
    every = " ".join(one.text for one in said)
    punctuated = len(every.split()) < UNPUNCTUATED * (1 + len(ENDING.findall(every)))
    pieces = within_limits(_turns(said, punctuated=punctuated))
    problem = "These captions have no full stops, so few sentences could be told apart."
    return Pieces(pieces, problems=() if punctuated else (problem,), name=header(text), headed=True)


def _without_credits(found: Sequence[Cue]) -> list[Cue]:
    """Return the cues without the first and the last one where they only say who made them."""
    ends = {0, len(found) - 1}
    return [cue for at, cue in enumerate(found) if not (at in ends and CREDIT.fullmatch(" ".join(cue.lines)))]


def _said(found: Sequence[Cue]) -> Iterator[_Said]:
    """Yield what is said, part by part, with who begins to speak."""
    known = _labels(found)
    goes_on = False  # whether a sentence goes on from the line above
    for cue in found:
        whose = None
        for line, voice in zip(cue.lines, cue.voices, strict=True):
            whose = voice or whose
            for part in () if SONG.search(line) else _parts(line, known, goes_on=goes_on):
                text = "" if WHOLE_ASIDE.fullmatch(part.text) else " ".join(SOUND.sub(" ", part.text).split())
                who = part.who if whose is None else whose
                if text or who is not None:
                    yield _Said(cue.start, cue.end, text, who, certain=whose is not None)
                    whose = None
                    goes_on = bool(text) and not ENDS.search(text)


def _parts(line: str, known: frozenset[str], *, goes_on: bool) -> Iterator[_Said]:
    """Yield the parts of a line in which different people speak."""
    for at, part in enumerate(ARROWS.split(line)):
        dash = DASH.match(part) if not goes_on else None
        words = part[dash.end() :] if dash else part
        opens = at > 0 or dash is not None
        label = LABEL.match(words)
        who = _who(label) if label else ""
        if label and (who in known or (opens and _like_label(who))):
            yield _Said(0, 0, words[label.end() :], who)
        elif words or opens:
            yield _Said(0, 0, words, "" if opens else None)


def _undashed(line: str) -> str:
    dash = DASH.match(line)
    return line[dash.end() :] if dash else line


def _who(label: re.Match[str]) -> str:
    return " ".join((label["boxed"] or label["round"] or label["who"]).split())


def _labels(found: Sequence[Cue]) -> frozenset[str]:
    """Return what stands in front of turns: names in full or in capitals, and what recurs."""
    lines = [part for cue in found for line in cue.lines for part in ARROWS.split(line)]
    labels = [label for line in lines if (label := LABEL.match(_undashed(line)))]
    times = Counter(map(_who, labels))
    shouted = sum(line.isupper() for line in lines) > len(lines) / 2
    boxed = {_who(label) for label in labels if label["boxed"] and not label[0].rstrip().endswith(":")}
    return frozenset(
        who
        for who, often in times.items()
        if _like_label(who)
        and (names.like_name(who) or often > 1 or (who.isupper() and not shouted))
        and (who not in boxed or (often > 1 and not SOUND.fullmatch(f"({who})")))
    )


def _like_label(who: str) -> bool:
    words = who.split()
    named = all(word[0].isupper() or word in ("of", "the") or word[0].isdigit() for word in words)
    ordinary = len(words) == 1 and who.lower() in names.COMMON and not cast.ROLE_LABEL.fullmatch(who)
    return len(words) <= LABEL_WORDS and named and len(who) > 1 and not ordinary


def _turns(said: Sequence[_Said], *, punctuated: bool) -> Iterator[Piece]:
    """Yield the paragraphs, each turn behind who speaks."""
    named = any(one.who for one in said)
    current: str | None = None
    run: list[_Said] = []
    length = 0
    for one in said:
        changes = one.who is not None and (one.who == "" or one.who != current)
        ends = run and (ENDS.search(run[-1].text) or not punctuated)
        if changes or (ends and _pauses(one.start - run[-1].end, length)):
            yield from _paragraph(run, current, named=named)
            run, length = [], 0
        if changes:
            current = one.who
        run.append(one if changes else replace(one, who=None))
        length += len(one.text)
    yield from _paragraph(run, current, named=named)


def _pauses(gap: float, length: int) -> bool:
    """Say whether a paragraph may end: at a pause or when it has grown long."""
    return gap >= PAUSE or (length > LONG and gap >= BREATH) or length > LONGEST


def _paragraph(run: Sequence[_Said], current: str | None, *, named: bool) -> Iterator[Piece]:
    text = FADED.sub(" ", " ".join(one.text for one in run if one.text))
    opening = run[0].who if run else None
    if not text:
        return
    if opening and run[0].certain and names.like_name(opening):
        yield Piece(BlockKind.LABEL, f"{opening}:", voice=opening)
    elif opening:
        text = f"{opening}: {text}"
    yield Piece(BlockKind.PARAGRAPH, text, voice="" if named and current == "" else None)
