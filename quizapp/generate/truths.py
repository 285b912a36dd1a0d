"""True or false: a general statement of the document as it stands, or with the one thing changed that makes it a rule.

Only what can be changed so that the document itself contradicts it is asked, one statement a section.
Whether it is changed depends on its words alone. Start from `find`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from quizapp.domain.cards import CardKind, content_id
from quizapp.domain.documents import BlockKind
from quizapp.generate import grammar, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.choices import is_said
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order

SURE = 0.8
WORDS = range(6, 23)
WHOLE = (BlockKind.PARAGRAPH, BlockKind.BULLET)
GENERAL = {"VBZ", "VBP", "MD"}  # how verbs of rules are tagged: not "sold", not "had"
NO_STATEMENT = re.compile(r"[:;?!()“”\"]|\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y)\b|^(?:If|When|For|In)\b.*\b(?:example|instance)\b")
RULE = re.compile(r"\b(?:only|never|always|every|each|all|no|at least|at most|must|may|cannot|up to|within|per)\b", re.IGNORECASE)
INSTEAD = re.compile(r"^(?P<x>.+? (?:is|are)) not (?P<y>[^,]+?),? but (?P<z>[^,]+)\.$")
TURNED = {"never": "always", "always": "never", "at least": "at most", "at most": "at least", "cannot": "can", "can’t": "can", "can't": "can", "may not": "may", "must not": "may"}
TURN = re.compile(rf"\b(?:{'|'.join(TURNED)})\b")
AMOUNT = re.compile(r"(?<![\w.,-])(?P<number>\d[\d,]*(?:\.\d+)?) ?(?P<unit>%|[a-z]{3,}(?: [a-z]+ed)?)(?![\w-])")
FROM_BELOW = re.compile(r"(?:at least|more than|over|no fewer than|minimum of) $", re.IGNORECASE)
FROM_ABOVE = re.compile(r"(?:at most|up to|within|less than|under|no more than|maximum of|every|once in) $", re.IGNORECASE)
APART = (1.4, 8.0)  # how many times as much another amount may be, to be wrong and not absurd
KNOWN = "true false never always at least most can may"


@dataclass(frozen=True)
class Change:
    """A statement that is wrong, and what is right instead."""

    statement: str
    right: str


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield statements that are rules, each true or false."""
    if subjects.is_meeting(reading.document):
        return
    amounts = _amounts(reading.document.text)
    asked: set[str] = set()
    for claim in reading.claims:
        heading = claim.heading or ""
        if heading not in asked and _stands_alone(claim) and (change := _changed(claim.said, amounts, reading)):
            asked.add(heading)
            yield _candidate(claim, change)


def _candidate(claim: Claim, change: Change) -> Candidate:
    is_false = content_id(CardKind.TRUE_FALSE, claim.said) < "8"  # half of all hexadecimal numbers
    statement = change.statement if is_false else claim.said
    made = from_claim(
        claim, f"True or false: {statement}", "False" if is_false else "True",
        rule="truth", sure=SURE, kind=CardKind.TRUE_FALSE,
    )  # fmt: skip
    return replace(made, explanation=change.right if is_false else "", context=f"{made.context} {KNOWN}")


def _stands_alone(claim: Claim) -> bool:
    """Say whether a sentence is the document's own and says something in general, without those before it."""
    said, parse = claim.said, claim.parse
    root = grammar.root(parse) if parse is not None else None
    if parse is None or root is None or claim.speaker or claim.asked or claim.block.kind not in WHOLE:
        return False
    whole = said[:1].isupper() and said.endswith(".") and len(said.split()) in WORDS and not NO_STATEMENT.search(said)
    verbs = [root, *grammar.auxiliaries(parse)]
    general = grammar.subject(parse) is not None and any(verb.tag_ in GENERAL for verb in verbs)
    return whole and general and not is_order(said) and not wording.dangling(said) and not wording.PRONOUN.search(said)


def _changed(said: str, amounts: Mapping[str, list[str]], reading: Reading) -> Change | None:
    """Return the statement with its salient thing changed, if the document says nowhere that it is so."""
    if found := INSTEAD.match(said):
        return Change(f"{found['x']} {found['y']}.", said)
    if not RULE.search(said) and not AMOUNT.search(said):
        return None
    if found := TURN.search(said):
        return Change(f"{said[: found.start()]}{TURNED[found[0]]}{said[found.end() :]}", said)
    for amount in AMOUNT.finditer(said):
        for other in amounts.get(_unit(amount["unit"]), ()):
            told = f"{other} {amount['unit']}" if amount["unit"] != "%" else f"{other}%"
            if _is_wrong(other, amount, said) and not is_said(told, said, reading):
                statement = f"{said[: amount.start()]}{told}{said[amount.end() :]}"
                return Change(statement, f"It is {amount[0]}, not {other}.")
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
    if other in said or value <= 1 or own <= 1 or not APART[0] <= max(value, own) / min(value, own) <= APART[1]:
        return False
    return not (FROM_BELOW.search(before) and value < own) and not (FROM_ABOVE.search(before) and value > own)
