"""What can be wrong with a candidate: each check answers with a `Finding` or nothing.

A finding that blocks throws the candidate out, one that holds sends it to the tray; the others
count against it. Its reason is a sentence for the person who looks there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.cards import CardKind, items
from quizapp.domain.cloze import BETWEEN, GAP
from quizapp.generate import grammar, referents, subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.ingest import names

ANSWER_WORDS = 25
LIST_WORDS = 45
QUESTION_WORDS = 45
QUOTED = re.compile(r"“[^”]*”")
NAME = re.compile(r"(?<=[\w,;] )(?!I\b)[A-Z][\w-]+")  # no word that opens a sentence
SOMEBODY = re.compile(r"\b(?:he|him|his|she|hers?)\b", re.IGNORECASE)
LEFT_OUT = re.compile(r"\b(?:any|some|none)\?$|\beach one\b")  # "if you find any?": of what?
DATED = re.compile(r"\b(?:19|20)\d\d\b|\d \w{3,9}\b|\d\.\d")  # a year, a day or a version
BINDING = re.compile(r"\b(?:or else|otherwise|fined?|penalt\w+|required|binding)\b", re.IGNORECASE)
ITEMS = 5  # of a list that a person can learn
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
    holds: bool = False  # in the tray, however likely a person keeps it


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
    if not candidate.verbatim and _missing(candidate.question, around | ASKING | _stems(" ".join(ASKING))) > 0.34:
        return Finding("The question says more than the quoted passage.", blocks=True)
    return None


def attributed(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that name somebody other than the one who says the quote."""
    for who in reading.speakers:
        named = re.search(
            rf"according to {re.escape(who.name)}\?|(?:^|: ){re.escape(who.name)}(?:: | \(|, asked | on )|does {re.escape(who.name)} (?:compare|forecast)",
            f"{candidate.frame}: {candidate.question}",
        )
        if named and (candidate.speaker is None or candidate.speaker.name != who.name):
            return Finding("The passage is somebody else’s.", blocks=True)
    return None


def first_person(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find an "I" or "we" that means nobody in particular once the page is gone."""
    if candidate.voiced or (candidate.verbatim and candidate.speaker):
        return None
    asks = candidate.question if candidate.verbatim else QUOTED.sub("", candidate.question)
    said = f"{asks} {candidate.answer}".replace("US", "")
    bodies = [body for body in (reading.topic, reading.house) if body]
    if not reading.speakers and any(body.lower() in candidate.frame.lower() for body in bodies):
        said = re.sub(r"\b(?:[Ww]e|[Oo]ur|[Uu]s)\b", "", said)  # the library that the frame names
    if reading.author and reading.author in candidate.frame and '"' not in said:
        said = re.sub(r"\b(?:I|[Mm]y|me)\b", "", said)
    if re.search(r"\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y|me)\b", said):
        alone = bool(re.search(r"\b(?:I|[Mm]y|me)\b", said))  # what somebody did once, and nobody knows who
        return Finding("It says “we” or “I” without saying who.", holds=alone)
    return None


def clear(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that will make no sense in a year, without the page."""
    if wording.ON_THE_PAGE.search(candidate.question):
        return Finding("It speaks of a place that only the page makes clear.")
    if wording.NOW.search(candidate.question) and not DATED.search(candidate.frame):
        return Finding("It speaks of a time that only the page makes clear.")
    if candidate.verbatim and _by_initials(candidate.question, reading):
        return Finding("It names somebody by initials only.")
    if candidate.kind is CardKind.CLOZE and _torn(candidate):
        return Finding("It is half a sentence.", holds=True)
    if candidate.verbatim and _of_somebody(candidate, reading):
        return Finding("It says “he” or “she” without saying who.", holds=True)
    if candidate.verbatim:
        first = candidate.question.replace(GAP, "something")
        first = wording.opened(next(sentences(first)).of(first))
        pointing = not candidate.asked and wording.dangling(wording.voiced(first))
        return Finding("It leans on a sentence that is not shown.") if pointing else None
    return _pointing(candidate)


def _torn(gap: Candidate) -> bool:
    """Say whether a gap stands in a condition or a reason alone: "If the lease has [...] to run."."""
    head = grammar.root(gap.claim.parse) if gap.claim and gap.claim.parse is not None else None
    return head is not None and any(one.dep_ == "mark" and one.i < head.i for one in head.children)


def _of_somebody(gap: Candidate, reading: Reading) -> bool:
    """Say whether a gap speaks of a "she" whom it does not name."""
    found = SOMEBODY.search(gap.question)
    if found is None or gap.speaker is not None:
        return False
    before = gap.question[: found.start()]
    people = {part for who in (*reading.document.people, *reading.speakers) for part in who.name.split()}
    if any(part in gap.question for part in people):
        return False
    opens = gap.claim.parse[0].pos_ if gap.claim and gap.claim.parse else ""
    return opens != "PROPN" and (bool(people) or not NAME.search(before))


def _pointing(candidate: Candidate) -> Finding | None:
    """Find questions about an "it", or about a while after something, that nothing names."""
    core = re.sub(r", according to [^?]+\?$", "?", candidate.question)
    core = re.sub(r"^Which speaker \w+ (?:this point: “(?P<point>[^”]+)”)?", lambda found: found["point"] or "", core)
    core = re.sub(r"^(?:What|Which|Who|When|Where|Under|By whom|In)\b", "", core)
    claim = candidate.claim
    if claim and referents.counts_from(core, claim.parse):
        return Finding("It counts from a moment that it does not name.", holds=True)
    told = claim.parse if claim and claim.parse is not None else ()
    back = [f"{one.text} {one.head.text}" for one in told if referents.points_back(one)]
    if LEFT_OUT.search(core) or any(words in core for words in back):
        return Finding("It speaks of one of several, or of “that” thing, which the page names.", holds=True)
    parse = claim.parse if claim and candidate.span in (claim.span, claim.evidence) else None
    nameless = parse is not None and re.search(r"\b(?:it|its)\b", core) and referents.unnamed(parse)
    if nameless or wording.dangling(core):
        return Finding("The question points at something that it does not name.")
    return None


def _by_initials(text: str, reading: Reading) -> bool:
    short = {names.initials(who.name) for who in reading.document.people}
    return any(word in short for word in re.findall(r"\b[A-Z]{2,3}\b", text))


def answer_clear(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find answers that only point back, such as "this"."""
    answer = re.sub(r"^We\b", "", candidate.answer) if candidate.voiced else candidate.answer
    answer = re.sub(r"^(?:They|He|She|So that)\b", "", answer) if candidate.tail else answer  # whom the statement names
    if re.search(r"\b(?:this|these)\b|\bof (?:that|those) [a-z]", answer) or re.match(
        r"(?:This|That|These|Those|They|He|She|We|Such|There|Here|So|The ones?)\b(?! who| that| which| of)", answer
    ):
        return Finding("The answer points at something that it does not name.")
    return None


def not_given_away(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that contain their answer."""
    asked, answered = _stems(candidate.question), _stems(candidate.answer)
    if candidate.kind in (*LISTS, CardKind.TRUE_FALSE):
        return None
    fold = candidate.answer.lower().strip(' .“”"')
    if len(fold) > 2 and fold in candidate.question.lower():
        return Finding("The question gives the answer away.", blocks=True)
    if answered and candidate.kind is not CardKind.CLOZE and len(answered - asked) == 0:
        return Finding("The question gives the answer away.", blocks=True)
    numbers = set(re.findall(r"\d+", candidate.answer))
    if numbers - set(re.findall(r"\d+", candidate.question)):
        return None  # what is asked for is the number, and that is not said
    if len(answered) > 2 and len(answered & asked) > 0.6 * len(answered):
        return Finding("Much of the answer stands in the question already.")
    return None


def unambiguous(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find questions that another passage answers otherwise (see `ambiguity`)."""
    return (
        Finding("Another sentence of the document answers this in a different way.", holds=True)
        if candidate.ambiguous
        else None
    )


def well_shaped(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find faults of length, marks and form."""
    asks, answer = f"{candidate.frame} {candidate.question}".strip(), candidate.answer
    limit = LIST_WORDS if candidate.kind in LISTS else ANSWER_WORDS
    if not asks.strip() or not answer.strip():
        return Finding("The question or the answer is empty.", blocks=True)
    if len(answer.split()) > limit:
        return Finding("The answer is too long to recall.", blocks=len(answer.split()) > 2 * limit)
    if len(asks.split()) > (CLOZE_WORDS if candidate.kind is CardKind.CLOZE else QUESTION_WORDS):
        return Finding("The question is too long.")
    if len(asks.split()) < 3:
        return Finding("The question is too short to be clear.", blocks=True)
    if candidate.kind is CardKind.CLOZE and asks.count(GAP) not in {1, len(answer.split(BETWEEN))}:
        return Finding("The gap is missing.", blocks=True)
    if any(
        asks.count(left) != asks.count(right) or answer.count(left) != answer.count(right)
        for left, right in ("“”", "()", "[]")
    ):
        return Finding("A bracket or quotation mark is left open.")
    if re.search(r"https?://|www\.|@\w|\b\d{1,2}:\d\d:\d\d\b|\[\d{1,2}:\d\d\]", f"{asks} {answer}"):
        return Finding("It holds a link, an address or a time stamp.")
    return None


def worth_asking(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find answers that nobody would want to remember."""
    bare = candidate.answer.strip(" .").lower()
    if candidate.kind is CardKind.TRUE_FALSE:
        return None
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


# What minutes ask somebody to do.
TO_DO = re.compile(
    r"(?:(?i:action|task|to-?do|follow-?up)(?: (?:point|item))?(?: [A-Z]?\d[\w./-]*)?: )?(?:[A-Z]{2,3}(?:(?:,| and| &) [A-Z]{2,3})*|All) to [a-z]|(?i:action|to-?do): "
)


def lasting(candidate: Candidate, reading: Reading) -> Finding | None:
    """Find what nobody learns by heart: the chores of a week, a long order of steps, "What should you do?" alone."""
    if candidate.rule == "task" and not BINDING.search(
        f"{candidate.question} {candidate.span.of(reading.document.text)}"
    ):
        return Finding("It is a chore that will be done in a few weeks.", holds=True)
    if (
        candidate.kind is CardKind.CLOZE
        and subjects.is_meeting(reading.document)
        and TO_DO.match(_line(candidate, reading))
    ):
        return Finding("It is a chore that will be done in a few weeks.", holds=True)
    if candidate.kind in LISTS and len(items(candidate.answer)) > ITEMS:
        return Finding(f"It asks for more than {ITEMS} things at once.", holds=True)
    if re.fullmatch(r"[Ww]hat (?:should|must|can|do) (?:you|one|we) do\?", candidate.question):
        return Finding("“What should you do?” has many answers.", holds=True)
    return None


CHECKS: tuple[Check, ...] = (
    grounded, attributed, first_person, clear, answer_clear, not_given_away, unambiguous, well_shaped, worth_asking, lasting,
)  # fmt: skip


def _line(candidate: Candidate, reading: Reading) -> str:
    """Return the passage that a card's sentence is from."""
    block = reading.block(candidate)
    return block.span.of(reading.document.text) if block else ""


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {_stem(word) for word in words if word not in wording.FUNCTION_WORDS and (len(word) > 1 or word.isdigit())}


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ed|ing|d|e|(?<![aeo])y)$", "", word)[:8] if len(word) > 3 else word


def _missing(text: str, known: set[str]) -> float:
    wanted = _stems(text)
    return len(wanted - known) / len(wanted) if wanted else 0.0
