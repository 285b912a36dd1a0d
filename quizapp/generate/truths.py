"""True or false: a general statement of the document as it stands, or with the one thing changed that makes it a rule.

Only what can be changed so that the document itself contradicts it is asked, one statement a section.
Whether it is changed depends on its words alone. Start from `find`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from quizapp.domain.cards import CardKind, content_id
from quizapp.domain.documents import BlockKind
from quizapp.generate import grammar, subjects, tables, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.choices import is_said
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order

SURE = 0.8
WORDS = range(6, 23)
WHOLE = (BlockKind.PARAGRAPH, BlockKind.BULLET)
GENERAL = {"VBZ", "VBP", "MD"}  # how verbs of rules are tagged: not "sold", not "had"
NO_STATEMENT = re.compile(
    r"[:;?!()“”\"]|\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y)\b|\b(?:one|ones)$|^(?:Some|Most|Many|Few|Nobody|No|Nothing|None)\b|\bthat (?:is|was|comes|means)\b"
)
YOU = re.compile(r"\byour?\b", re.IGNORECASE)
LIMIT = re.compile(r"\b(?:only|never|always|at least|at most|no more than|up to|within|must|may)\b", re.IGNORECASE)
INSTEAD = (
    re.compile(r"^(?P<x>.+? (?:is|are)) not (?P<y>[^,]+?),? but (?P<z>[^,]+)$"),
    re.compile(r"^(?P<x>.+? (?:is|are)) (?P<z>(?P<first>\w+) [^,]+), not (?P<y>(?P=first) [^,]+)$"),
)
ONLY_IF = re.compile(r"\bonly (?:while|when|if|as long as) (?P<what>[^,]+? (?:is|are)) (?!not\b)")
THE_ONLY = re.compile(r"^(?P<x>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*) (?=is the only )")
TURNED = {
    "never": "sometimes", "always": "only sometimes", "at least": "at most", "at most": "at least", "cannot": "can", "can’t": "can",
    "can't": "can", "may not": "may", "must not": "may",
}  # fmt: skip
TURN = re.compile(rf"(?<!nearly )(?<!almost )(?<!not )\b(?:{'|'.join(TURNED)})\b")
AMOUNT = re.compile(r"(?<![\w.,-])(?P<number>\d[\d,]*(?:\.\d+)?) ?(?P<unit>%|[a-z]{3,}(?: [a-z]+ed)?)(?![\w-])")
FROM_BELOW = re.compile(r"(?:at least|more than|over|no fewer than|minimum of) $", re.IGNORECASE)
FROM_ABOVE = re.compile(
    r"(?:at most|up to|within|less than|under|no more than|maximum of|every|once in) $", re.IGNORECASE
)
APART = (1.4, 8.0)  # how many times as much another amount may be, to be wrong and not absurd
KNOWN = "true false sometimes even only at least most can may"


@dataclass(frozen=True)
class Change:
    """A statement that is wrong, the one that is true, and what tells them apart."""

    false: str
    true: str
    right: str


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield one statement a section, the one whose change says most."""
    if subjects.is_meeting(reading.document):
        return
    sections: dict[str, list[Claim]] = {}
    for claim in filter(_stands_alone, reading.claims):
        sections.setdefault(claim.heading or "", []).append(claim)
    for claims in sections.values():
        tried = ((claim, change(_bare(claim), reading)) for change in CHANGES for claim in claims)
        yield from islice((_candidate(claim, changed) for claim, changed in tried if changed), 1)


def _bare(claim: Claim) -> str:
    return claim.said.rstrip(".")


def _candidate(claim: Claim, change: Change) -> Candidate:
    is_false = content_id(CardKind.TRUE_FALSE, claim.said) < "8"  # half of all hexadecimal numbers
    statement = change.false if is_false else change.true
    made = from_claim(
        claim, f"True or false: {statement}.", "False" if is_false else "True",
        rule="truth", sure=SURE, kind=CardKind.TRUE_FALSE,
    )  # fmt: skip
    return replace(made, explanation=change.right if is_false else "", context=f"{made.context} {KNOWN}")


def _stands_alone(claim: Claim) -> bool:
    """Say whether a sentence is the document's own and says something in general, without those before it."""
    said, parse = claim.said, claim.parse
    root = grammar.root(parse) if parse is not None else None
    if parse is None or root is None or claim.speaker or claim.asked or claim.block.kind not in WHOLE:
        return False
    whole = said[:1].isupper() and len(said.split()) in WORDS and not NO_STATEMENT.search(said)
    verbs = [root, *grammar.auxiliaries(parse)]
    general = grammar.subject(parse) is not None and any(verb.tag_ in GENERAL for verb in verbs)
    return (
        whole
        and general
        and not is_order(said)
        and not wording.dangling(said)
        and not wording.PRONOUN.search(YOU.sub("", said))
    )


def _mistaken(said: str, _reading: Reading) -> Change | None:
    """Return what a contrast says is not so."""
    found = next(filter(None, (pattern.match(said) for pattern in INSTEAD)), None)
    if found is None:
        return None
    x, y, z = found["x"], found["y"], found["z"]
    return Change(f"{x} {y}", f"{x} {z}", f"It is {z}, not {y}.")


def _widened(said: str, _reading: Reading) -> Change | None:
    """Return what is so in one case alone as if it were so in the other."""
    found = ONLY_IF.search(said)
    if found is None:
        return None
    return Change(f"{said[: found.start()]}even when {found['what']} not {said[found.end() :]}", said, f"{said}.")


def _turned(said: str, _reading: Reading) -> Change | None:
    """Return a rule with "sometimes" for its "never", or another word that turns it round."""
    found = TURN.search(said)
    if found is None:
        return None
    return Change(f"{said[: found.start()]}{TURNED[found[0]]}{said[found.end() :]}", said, f"{said}.")


def _renamed(said: str, reading: Reading) -> Change | None:
    """Return what is the only one with the name of another one, from the table that has both."""
    found = THE_ONLY.match(said)
    for name in _beside(found["x"], reading) if found else ():
        if found and not is_said(name, said, reading):
            return Change(f"{name}{said[found.end('x') :]}", said, f"It is {found['x']}, not {name}.")
    return None


def _beside(name: str, reading: Reading) -> list[str]:
    """Return the other cells of the first table column with a name in it, the nearest first."""
    for columns, rows in tables.runs(reading.document):
        for at in range(len(columns)):
            cells = [row[at] for _, row in rows]
            if name in cells:
                others = [cell for cell in cells if cell != name]
                return sorted(others, key=lambda cell: abs(cells.index(cell) - cells.index(name)))
    return []


def _counted(said: str, reading: Reading) -> Change | None:
    """Return a limit with another amount of the document, of the same unit."""
    amounts = _amounts(reading.document.text) if LIMIT.search(said) else {}
    for amount in AMOUNT.finditer(said):
        for other in amounts.get(_unit(amount["unit"]), ()):
            told = other + said[amount.end("number") : amount.end()]
            if _is_wrong(other, amount, said) and not is_said(told, said, reading):
                statement = f"{said[: amount.start()]}{told}{said[amount.end() :]}"
                return Change(statement, said, f"It is {amount[0]}, not {told}.")
    return None


def _amounts(text: str) -> dict[str, list[str]]:
    """Return the numbers of a text by what they count."""
    out: dict[str, list[str]] = {}
    for found in AMOUNT.finditer(text):
        out.setdefault(_unit(found["unit"]), []).append(found["number"])
    return out


def _unit(word: str) -> str:
    return word.removesuffix("s")


def _is_wrong(other: str, amount: re.Match[str], said: str) -> bool:
    """Say whether another number is surely wrong here: near, but on the side that a limit excludes."""
    value, own = (float(text.replace(",", "")) for text in (other, amount["number"]))
    before = said[: amount.start()]
    if other in said or min(value, own) <= 1 or (value % 10 == 0) != (own % 10 == 0):
        return False
    if not APART[0] <= max(value, own) / min(value, own) <= APART[1]:
        return False
    return not (FROM_BELOW.search(before) and value < own) and not (FROM_ABOVE.search(before) and value > own)


CHANGES: tuple[Callable[[str, Reading], Change | None], ...] = (_mistaken, _widened, _renamed, _turned, _counted)
