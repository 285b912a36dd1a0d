"""Two numbers that say something only together: what it was and what it is, what was meant and what came.

Asked for one of them, a person reads the other and has learnt half.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

Spans = tuple[tuple[int, int], ...]

YEAR = re.compile(r"(?:19|20)\d\d")
FROM, TO = re.compile(r"\bfrom $"), re.compile(r" to (?:just |only )?")
BACK_TO, BACK_FROM = re.compile(r"\bto $"), re.compile(r",? from ")
# "11.2 percent, down from 15.8", "298,000 against a budget of 275,000", "1,350 people came, compared with 900"
COMPARED = re.compile(
    r"[^;:!?]{0,60}?\b(?:(?:up|down),? from|compared (?:with|to)(?: an?(?: \w+)? of)?|against(?: an?| the)(?: \w+)? of|as against|versus|vs\.?) "
)
SUPPOSED = re.compile(r"(?:If|When|Suppose|Imagine|Say)\b")
# "Ten years ago it was 23"
THEN = re.compile(
    r"(?:[\w-]+ (?:years?|months?|decades?|weeks?) (?:ago|earlier|before)|In (?:19|20)\d\d|The (?:year|month) before|Before(?: that)?|Last year),? "
    r"(?:it|they|that|the [a-z]+) (?:had (?:still )?been|was|were|had stood at|stood at)(?: still| only)? $"
)


def within(said: str, numbers: Sequence[re.Match[str]]) -> Spans:
    """Return where a sentence gives two numbers that are compared; "14 months to 6" is one gap."""
    if SUPPOSED.match(said):
        return ()
    for one, other in pairwise(one for one in numbers if not YEAR.fullmatch(one[0])):
        between = said[one.end() : other.start()]
        if TO.fullmatch(between) and FROM.search(said[: one.start()]):
            return ((one.start(), other.end()),)
        turned = BACK_FROM.fullmatch(between) and BACK_TO.search(said[: one.start()])
        if turned or COMPARED.fullmatch(between):
            return (one.span(), other.span())
    return ()


def tells_then(said: str, number: re.Match[str]) -> bool:
    """Say whether a sentence only says how it was before: what it is now stands in the sentence above."""
    return bool(THEN.fullmatch(said[: number.start()]) and re.fullmatch(r"(?: [a-z]+){0,3}", said[number.end() :]))
