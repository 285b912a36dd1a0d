"""Where a paragraph quotes, and whether a sentence says that somebody speaks.

A paragraph is read through its frame: the same text with dots for all that stands in quotation
marks, so that no name and no "she" of a quotation is taken for whom the writer speaks about.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from quizapp.domain.documents import Span

OPENING = re.compile(r"(?:(?<=^)|(?<=[\s(\[—–]))(?:[\"“„«](?=\S)|[‘'](?=[A-Z]))")
CLOSING = {
    '"': re.compile(r"\""),
    "“": re.compile(r"”"),
    "„": re.compile(r"[“”]"),
    "«": re.compile(r"»"),
    "‘": re.compile(r"(?<=[,.!?…])’(?=[\s,.;:]|$)"),
    "'": re.compile(r"(?<=[,.!?…])'(?=[\s,.;:]|$)"),
}
SINGLE = "‘'"  # an apostrophe looks the same, so these must close
MARKS = "\"“”„«»‘’' "
SHORT = 2  # words that are only a name or an expression
DOT = "·"
# How the second half of a quotation goes on after a comma of its own.
JOINS = re.compile(r"(?:and|but|or|so|because|which|who|if|when|while|then|not|we|it|they|I|you|he|she|there)\b")

SAYS = (
    r"(?:says|said|argues|argued|believes|thinks|notes|noted|explains|explained|adds|added|warns|warned|predicts|predicted|"
    r"claims|claimed|points out|pointed out|observes|observed|suggests|suggested|stresses|stressed|recalls|recalled|"
    r"reports|reported|admits|admitted|concedes|conceded|insists|insisted|maintains|maintained|concludes|concluded|"
    r"estimates|estimated|contends|contended|cautions|cautioned|replies|replied|reckons|reckoned|countered|answered|remarks|remarked|"
    r"jokes|joked|complains|complained|confirms|confirmed|declares|declared|asserts|asserted|acknowledges|acknowledged|clarifies|clarified|emphasi[sz]es|emphasi[sz]ed)(?! nothing\b| little\b| no more\b| so\b)"
)
TOLD = r"(?:told|reminded|assured|tells|reminds) (?:the |her |his )?\w+"
STANCE = (
    r"(?:wants|wanted|prefers|preferred|favou?rs|favou?red|hopes|hoped|fears|feared|doubts|doubted|rejects|rejected|opposes|opposed|"
    r"blames|blamed|advises|advised|suspects|suspected)"
)
SURE = r"(?:is|was|feels|felt) (?:certain|convinced|sure|confident|adamant|afraid) that"
FOUND = r"found (?:it|the|that|this)\b[^.,]* (?:too|rather|very|more|less|unconvincing|convincing|\w+(?:ful|less|ing|able|ible|ous))"
# What somebody does who says or holds something.
SPOKE = rf"(?:{SAYS}|{TOLD}|{STANCE}|{SURE}|{FOUND}|believed|thought|felt that|showed that|promise[sd]|demand(?:s|ed)|recommend(?:s|ed)|calls|called|urge[sd]|put it)"
# Between "said" and the name: "said the engineer Ada Byron", not "said Bo Li, a friend of Ada Byron".
PHRASE = (
    r"(?:(?!(?:that|to|about|by|when|after|who|than)\b)"
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.|[^\s,.;:“”?!]+|[a-z][\w’'-]*,) ){0,10}?"
)
# What stands behind the name of who speaks, or before it.
SPEAKS = (
    rf"(?: \([^()]{{2,80}}\))?(?:, (?!{SPOKE}\b)[^;:“”()]{{2,110}}?,)?"
    rf"(?: also| then| first| further| later| again| \w+ly)? {SPOKE}\b"
)
SPOKEN_BY = rf"[,?!…”] {SAYS} "
QUOTED_BY = r"[,?!…]”,? (?:[^,.;:“”]{0,60},? )?"
DOES = r"(?:,[^;:“”]{2,80},|,)? \w+(?:ed|s)\b"
# Before a name that is not who speaks: "the friend of Ada Byron", "thanks to Ada Byron".
OWNED = re.compile(
    r"(?:\b(?:of|to|with|for|from|by|at|in|on|against|about|than|after|before|between|like)(?: the| an?)?|[’']s?) $",
    re.IGNORECASE,
)
HEAD = 40  # characters before a name that can tell so
JOINED = re.compile(r"(?<![,;])\sand $")  # the second of two people


@dataclass(frozen=True)
class Quotation:
    """Words in quotation marks, marks included."""

    span: Span
    open: bool = False  # goes on in the next paragraph


def quotations(text: str) -> list[Quotation]:
    """Return what a paragraph quotes, but for names and single expressions."""
    found: list[Quotation] = []
    at = 0
    while opening := OPENING.search(text, at):
        closing = CLOSING[opening[0]].search(text, opening.end())
        at = closing.end() if closing else opening.end()
        words = text[opening.end() : closing.start() if closing else len(text)]
        if closing and (len(words.split()) > SHORT or words[-1:] in ",.!?…"):
            found.append(Quotation(Span(opening.start(), at)))
        elif not closing and opening[0] not in SINGLE:
            found.append(Quotation(Span(opening.start(), len(text)), open=True))
            break
    return found


def framed(text: str, quoted: list[Quotation]) -> str:
    """Return a paragraph, as long as before, with dots between “ and ” for what it quotes."""
    for one in quoted:
        inside = DOT * (one.span.end - one.span.start - (1 if one.open else 3))
        end = "" if one.open else (text[one.span.end - 2] if text[one.span.end - 2] in ",?!…" else DOT) + "”"
        text = f"{text[: one.span.start]}“{inside}{end}{text[one.span.end :]}"
    return text


def bare(sentence: str, frame: str) -> str | None:
    """Return the words that a sentence quotes, where it says little else but who speaks.

    "‘If it rains,’ said Ada, ‘we stop.’" is "If it rains, we stop".
    """
    runs = [sentence[one.start() : one.end()].strip(MARKS) for one in re.finditer(f"{DOT}+", frame)]
    opens, closes = frame.lstrip("“")[:1] == DOT, frame.rstrip("” ,?!…")[-1:] == DOT
    if not runs or not (opens or (closes and re.search(r"[:,] “", frame))):
        return None
    first, *more = runs
    for run in more:
        first = f"{first.rstrip(',')}{',' if JOINS.match(run) else ''} {run}"
    return first.rstrip(",.")


def speaks(frame: str, called: str) -> bool:
    """Say whether a sentence says that somebody who is called so speaks.

    "Looms, Ada Byron, an engineer, told us, ...", "“...,” said the engineer Ada Byron".
    """
    found = [one for pattern in _patterns(called) for one in pattern.finditer(frame)]
    return any(leads(frame, one.start("who")) for one in found)


def leads(frame: str, at: int) -> bool:
    """Say whether the name at a place is not only that of whose something is, or of a second person."""
    head = frame[max(0, at - HEAD) : at]
    return not OWNED.search(head) and not JOINED.search(head)


def introduces(frame: str, called: str) -> bool:
    """Say whether a sentence leads with somebody to what it quotes: "Byron kept it short: “...”"."""
    head = frame.partition(": “")[0] if ": “" in frame else ""
    found = re.search(rf"\b{called}(?![\w’'-])", head)
    return found is not None and "“" not in head and not OWNED.search(head[: found.start()])


@lru_cache(maxsize=512)
def _patterns(called: str) -> tuple[re.Pattern[str], ...]:
    who = rf"(?P<who>\b{called})(?![\w’'-])"
    direct = re.compile(rf"{who}{SPEAKS}")
    inverted = re.compile(rf"(?:^{SAYS} |{SPOKEN_BY}){PHRASE}{who}")
    tag = re.compile(rf"{QUOTED_BY}{who}{DOES}")
    return direct, inverted, tag
