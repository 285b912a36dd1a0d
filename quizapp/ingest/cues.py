"""The cues of a subtitle file: what is shown from when to when. Start from `cues`.

One tolerant way reads SubRip, WebVTT and the captions that YouTube hands out, since real files are mixtures:
numbers that are wrong or missing, empty lines inside a cue, settings behind the times, notes between cues.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,:](\d{1,3}))?"
TIMES = re.compile(rf"[ \t]*{TIME}[ \t]*(?:-{{1,2}}>|,)[ \t]*{TIME}(?:[ \t].*)?")
BLOCK = re.compile(r"(?:NOTE|STYLE|REGION|X-TIMESTAMP-MAP)\b.*")
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+(?P<who>[^\s<>][^<>]*)>")
TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}|\{[A-Za-z]:[^{}]*\}")
MAX_LINES = 4  # of a cue that may stand in the next one again
ROLLING = 0.3  # share of cues that repeat the one before


@dataclass(frozen=True)
class Cue:
    """What one cue shows, line by line and without marks."""

    start: float  # seconds
    end: float
    lines: tuple[str, ...]
    voices: tuple[str | None, ...] = ()  # who speaks from each line on, where a tag says so


def cues(text: str) -> list[Cue]:
    """Return the cues that show something, in the order of the file; none is shown twice."""
    found = [cue for cue in _timed(text.split("\n")) if cue.lines]
    repeats = sum(above.lines[-1] in below.lines for above, below in pairwise(found))
    return list(_unrolled(found)) if repeats > ROLLING * len(found) else found


def header(text: str) -> str | None:
    """Return the title behind "WEBVTT", where there is one."""
    found = re.match(r"WEBVTT[ \t]+(?:[-–—][ \t]*)?(?P<title>\S[^\n]*)", text)
    return found["title"].strip() if found else None


def _timed(lines: Sequence[str]) -> Iterator[Cue]:
    found = [TIMES.fullmatch(line) for line in lines]
    starts = [at for at, times in enumerate(found) if times]
    for at, stop in pairwise([*starts, len(lines)]):
        inside = lines[at + 1 : stop]
        times = found[at]
        if times:
            parts = times.groups()
            unnumbered = _unnumbered(inside) if stop < len(lines) else inside
            yield _cue(_seconds(parts[:4]), _seconds(parts[4:]), _unnoted(unnumbered))


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, rest = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{rest or 0}")


def _unnumbered(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of a cue without the number or name of the next one, which stands right above its times."""
    if lines and lines[-1].strip() and (lines[-1].strip().isdigit() or (len(lines) > 1 and not lines[-2].strip())):
        return lines[:-1]
    return lines


def _unnoted(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a cue; a block of notes or styles goes on to the next empty line."""
    noted, above = False, ""
    for line in lines:
        noted = bool(line.strip()) and (noted or (not above.strip() and bool(BLOCK.fullmatch(line))))
        if not noted:
            yield line
        above = line


def _cue(start: float, end: float, lines: Iterator[str]) -> Cue:
    shown: list[tuple[str, str | None]] = []
    for line in "\n".join(lines).replace("\\N", "\n").split("\n"):
        words, *voiced = VOICE.split(line)
        shown.append((_plain(words), None))
        shown += [(_plain(said), " ".join(who.split())) for who, said in zip(voiced[::2], voiced[1::2], strict=True)]
    kept = [one for one in shown if any(one)]
    return Cue(start, end, tuple(words for words, _ in kept), tuple(who for _, who in kept))


def _plain(line: str) -> str:
    """Return a line without tags, and with what they spell out: "&amp;" is "&"."""
    return " ".join(html.unescape(TAG.sub("", line)).split())


def _unrolled(found: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues of captions that roll up without the lines that the cue before has shown already."""
    last: tuple[str, ...] = ()
    for cue in found:
        again = next(
            (n for n in range(min(len(last), len(cue.lines), MAX_LINES), 0, -1) if last[-n:] == cue.lines[:n]), 0
        )
        if again < len(cue.lines):
            yield replace(cue, lines=cue.lines[again:], voices=cue.voices[again:])
        last = cue.lines
