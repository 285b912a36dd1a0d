"""What can be wrong with a candidate: each check answers with a `Finding` or nothing.

A finding that blocks throws the candidate out; the others send it to the tray.
Its reason is a sentence for the person who looks there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.cards import CardKind, items
from quizapp.domain.cloze import GAP
from quizapp.generate import wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.ingest import names

ANSWER_WORDS = 25
LIST_WORDS = 45
QUESTION_WORDS = 45
LISTS = (CardKind.LIST, CardKind.ORDER)
CLOZE_WORDS = 70
_ASKING_TEXT = """
    according compared compare called described speaker point theme talk role spoke made happens needed forecast
    conditions stand mean refer whom speaker’s what which does introduced lie becomes
"""
ASKING = frozenset(_ASKING_TEXT.split())


@dataclass(frozen=True)
class Finding:
    """One fault of a candidate."""

    reason: str
    blocks: bool = False


Check = Callable[[Candidate, Reading], Finding | None]


def findings(candidate: Candidate, reading: Reading) -> tuple[Finding, ...]:
    """Return everything that is wrong with a candidate."""
    return tuple(found for check in CHECKS if (found := check(candidate, reading)))


def grounded(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find answers, and claims of a question, that do not stand in the quote."""
    quote = candidate.span.of(reading.document.text)
    who = f"{candidate.speaker.full}" if candidate.speaker else ""
    known = _stems(f"{quote} {who} {candidate.context}")
    if _missing(candidate.answer, known | _stems(who)) > 0.2:
        return Finding("The answer is not in the quoted passage.", blocks=True)
    around = known | _stems(f"{candidate.claim.heading or ''}" if candidate.claim else "") | _stems(reading.event or "")
    if (
        candidate.kind is not CardKind.CLOZE
        and _missing(candidate.question, around | ASKING | _stems(" ".join(ASKING))) > 0.34
    ):
        return Finding("The question says more than the quoted passage.", blocks=True)
    return None


def attributed(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that name somebody other than the one who says the quote."""
    for who in reading.speakers:
        named = re.search(
            rf"according to {re.escape(who.name)}\?|^{re.escape(who.name)}: |does {re.escape(who.name)} (?:compare|forecast)",
            candidate.question,
        )
        if named and (candidate.speaker is None or candidate.speaker.name != who.name):
            return Finding("The passage is somebody else’s.", blocks=True)
    return None


def first_person(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find an "I" or "we" that means nobody in particular once the page is gone."""
    outside = re.sub(r"“[^”]*”", "", candidate.question) if candidate.kind is not CardKind.CLOZE else candidate.question
    inner = (
        outside
        if candidate.claim and candidate.claim.speaker and candidate.kind is CardKind.CLOZE
        else f"{outside} {candidate.answer}"
    )
    if (candidate.kind is CardKind.CLOZE and candidate.speaker) or candidate.voiced:
        return None
    if re.search(r"\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y|me)\b", inner.replace("US", "")):
        return Finding("It says “we” or “I” without saying who.")
    return None


def clear(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that will make no sense in a year, without the page."""
    core = re.sub(r", according to [^?]+\?$", "?", candidate.question)
    core = re.sub(r"^Which speaker \w+ (?:this point: “(?P<point>[^”]+)”)?", lambda found: found["point"] or "", core)
    if wording.HERE_AND_NOW.search(candidate.question):
        return Finding("It speaks of a time or a place that only the page makes clear.")
    if candidate.kind is CardKind.CLOZE and _by_initials(candidate.question, reading):
        return Finding("It names somebody by initials only.")
    if candidate.kind is CardKind.CLOZE:
        core = re.sub(r"^[^“]{2,60}: “", "", core)
        core = core.removeprefix(f"{candidate.speaker.name}: ") if candidate.speaker else core
        inside = wording.voiced(core.replace(GAP, "something")) if candidate.speaker else core.replace(GAP, "something")
        pointing = wording.dangling(wording.opened(next(sentences(inside)).of(inside)))
        return Finding("It leans on a sentence that is not shown.") if pointing else None
    core = re.sub(r"^(?:What|Which|Who|When|Where|Under|By whom|In)\b[^,]{0,0}", "", core)
    if wording.dangling(core):
        return Finding("The question points at something that it does not name.")
    return None


def _by_initials(text: str, reading: Reading) -> bool:
    short = {names.initials(who.name) for who in reading.document.people}
    return any(word in short for word in re.findall(r"\b[A-Z]{2,3}\b", text))


def answer_clear(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find answers that only point back, such as "this"."""
    if re.search(r"\b(?:this|these)\b", candidate.answer) or re.match(
        r"(?:This|That|These|Those|They|He|She|We|Such|There|Here|So)\b(?! who| that| which| of)", candidate.answer
    ):
        return Finding("The answer points at something that it does not name.")
    return None


def not_given_away(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that contain their answer."""
    asked, answered = _stems(candidate.question), _stems(candidate.answer)
    if candidate.kind in LISTS:
        return None
    fold = candidate.answer.lower().strip(' .“”"')
    if len(fold) > 2 and fold in candidate.question.lower():
        return Finding("The question gives the answer away.", blocks=True)
    if answered and candidate.kind is not CardKind.CLOZE and len(answered - asked) == 0:
        return Finding("The question gives the answer away.", blocks=True)
    if len(answered) > 2 and len(answered & asked) > 0.6 * len(answered):
        return Finding("Much of the answer stands in the question already.")
    return None


def well_shaped(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find faults of length, marks and form."""
    asks, answer = candidate.question, candidate.answer
    limit = LIST_WORDS if candidate.kind in LISTS else ANSWER_WORDS
    if not asks.strip() or not answer.strip():
        return Finding("The question or the answer is empty.", blocks=True)
    if len(answer.split()) > limit:
        return Finding("The answer is too long to recall.", blocks=len(answer.split()) > 2 * limit)
    if len(asks.split()) > (CLOZE_WORDS if candidate.kind is CardKind.CLOZE else QUESTION_WORDS):
        return Finding("The question is too long.")
    if len(asks.split()) < 3:
        return Finding("The question is too short to be clear.", blocks=True)
    if candidate.kind is CardKind.CLOZE and asks.count(GAP) != 1:
        return Finding("The gap is missing.", blocks=True)
    if any(
        asks.count(left) != asks.count(right) or answer.count(left) != answer.count(right)
        for left, right in ("“”", "()", "[]")
    ):
        return Finding("A bracket or quotation mark is left open.")
    if re.search(r"https?://|www\.|@\w|(?<!between )(?<!and )\b\d{1,2}:\d\d\b", f"{asks} {answer}"):
        return Finding("It holds a link, an address or a time stamp.")
    return None


def worth_asking(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find answers that nobody would want to remember."""
    bare = candidate.answer.strip(" .").lower()
    if candidate.kind is CardKind.CLOZE and _stems(bare) and _stems(bare) <= _stems(reading.document.title):
        return Finding("The document’s title gives the answer away.")
    if bare in wording.FUNCTION_WORDS or (len(bare) < 2 and not bare.isdigit()):
        return Finding("The answer is trivial.", blocks=True)
    if candidate.kind in LISTS:
        return Finding("A list of one is no list.", blocks=True) if len(items(candidate.answer)) < 2 else None
    if re.fullmatch(
        r"(?:very |so |too )?(?:important|good|bad|hard|easy|simple|great|new|old|big|small|better|worse)", bare
    ):
        return Finding("The answer is trivial.", blocks=True)
    return None


CHECKS: tuple[Check, ...] = (
    grounded, attributed, first_person, clear, answer_clear, not_given_away, well_shaped, worth_asking,
)  # fmt: skip


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {_stem(word) for word in words if word not in wording.FUNCTION_WORDS and (len(word) > 1 or word.isdigit())}


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ed|ing|d|e|y)$", "", word)[:8] if len(word) > 3 else word


def _missing(text: str, known: set[str]) -> float:
    wanted = _stems(text)
    return len(wanted - known) / len(wanted) if wanted else 0.0
