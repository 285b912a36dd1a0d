"""Who or what "it", "they" or "the company" is: sentences that name their subject again.

Only a claim's `said` is rewritten, the wording of questions; its text stays verbatim, and its
evidence grows to the sentence that names the subject. Where two things could be meant, nothing
is rewritten. Start from `named`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import grammar, wording
from quizapp.generate.claims import Claim

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Words

THING, THINGS, PERSON = "it", "they", "she"
PRONOUNS = {
    "it": THING, "its": THING, "they": THINGS, "their": THINGS, "he": PERSON, "she": PERSON, "his": PERSON, "her": PERSON,
}  # fmt: skip
OWNING = ("its", "their", "his", "her")
BODY = re.compile(
    r"^The (?:company|firm|start-?up|group|organi[sz]ation|association|institute|agency|society|foundation|product|"
    r"project|tool|library|system|device|service|programme|program)$"
)
MEASURES = re.compile(
    r"^(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|percent|euros?|dollars?|pounds?|times?|half|third|quarter|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|thing|way|part|kind|sort|lot|%|€|£|\$)$"
)
PEOPLE = re.compile(
    r"(?:\b(?:people|men|women|person|man|woman|child|children|boy|girl|author|nurse|neighbour|customer|user|owner|[a-z]+(?:ists?|ologists?|eers?|workers?)))$"
)
SHIP = re.compile(r"\b(?:vessel|ship|boat|ferry|yacht|steamer|trawler|tug|submarine|locomotive)s?\b")
EMPTY_VERBS = {"be", "take", "seem", "turn", "cost", "make", "’s", "'s"}
CLAUSES = {"ccomp", "xcomp", "advcl", "acl", "relcl", "csubj"}
RIVALS = {"dobj", "attr", "nsubj", "nsubjpass", "conj", "dative"}
CONTRACTED = re.compile(r"^[’'](s|re|ll|ve|d)\b")
FEW_WORDS = 5  # with which nothing can have been named
NAME_WORDS = 7  # of a subject that is said again
LABEL = re.compile(r"^(?P<what>[^:.;?!“\"\[\]]{2,50}?)(?: \([^()]*\))?(?::| =) ")


POINTERS = {"that", "this", "these", "those"}
# "Ten years earlier", "After eighteen months", "Of these": since when, of what?
COUNTS_FROM = re.compile(
    r"^(?:(?:About|Some|Nearly|Only|Just)? ?[\w-]+ (?:years?|months?|weeks?|days?|hours?|minutes?) (?:earlier|later|before|after)\b,?|"
    r"(?:After|Within) (?:[\w-]+|\d+) (?:years?|months?|weeks?|days?|hours?),? (?!of\b)|Of (?:these|those|them)\b|(?:The|A) (?:first|second|third|fourth|fifth|last|rest|other|latter|former|same)\b(?! \w+ (?:of|to|that)\b)|"
    r"The (?:limit|average|number|figure|rate|price|share|factor|total|cost|result|reason|rest|costs|worst|best) (?:was|is|were|are|had|has)\b)"
)


# "in the first month", "after eighteen months": the same further on in the sentence.
COUNTS_FROM_INSIDE = re.compile(
    r"\b(?:(?:in|during) the (?:first|second|last|following|next) (?:hour|day|week|month|year)|after [\w-]+ (?:days|weeks|months|years))(?=[,:;.?]|$)|"
    r"^after how (?:many|long)\b",
    re.IGNORECASE,
)
BEFORE_THIS = re.compile(r"\b(?:for|because of) (?:that|this)(?: reason)?(?=[,;.]|$)")
OWNED = re.compile(r"\b(?:ours|mine|yours|theirs|hers|each (?:one|of (?:them|these|those)))\b", re.IGNORECASE)
# "Two thirds of the cost": of which?
SHARE_OF_BARE = re.compile(
    r"^(?:About |Some |Nearly |Only |Almost |Up to |At least )*(?:[\w.-]+(?: percent| per cent|%| thirds?| quarters?| fifths?| out)?|[Hh]alf) of the (?P<what>[a-z-]+)(?: (?:on|in|at|of) the [a-z-]+)? (?:is|are|was|were|has|have|had|came|comes|go|goes|went|will|would|can)\b"
)


@dataclass(frozen=True)
class _Subject:
    """What a sentence is about, in words that another sentence can carry."""

    words: str
    kind: str
    common: bool = False  # written with a capital only because it opens its sentence


def named(found: Sequence[Claim]) -> list[Claim]:
    """Return the claims with the real subject where a sentence opens with a word that stands for it."""
    known: dict[Span, tuple[Claim, _Subject | None]] = {}
    for claim in found:
        meant = _meant(claim, known)
        clear = _replaced(claim, meant) if meant else None
        told = replace(claim, said=clear, evidence=_evidence(claim, known)) if clear else claim
        known[claim.span] = (told, meant if clear else _subject(claim))
    return [told for told, _ in known.values()]


def leans(claim: Claim) -> bool:
    """Say whether a sentence is unclear without the one before it, or without the question that it answers."""
    said = claim.said
    if (claim.before is not None or claim.asked) and COUNTS_FROM.match(said):
        return True
    if claim.before is not None and (
        OWNED.search(said) or BEFORE_THIS.search(said) or _bare(claim) or counts_from(said, claim.parse)
    ):
        return True
    share = SHARE_OF_BARE.match(said)
    if share and (claim.before is not None or claim.asked) and share["what"] not in (claim.heading or "").lower():
        return True
    if claim.parse is not None and ((claim.asked and fragment(claim)) or unnamed(claim.parse)):
        return True
    return wording.dangling(f"{wording.voiced(said)}.")  # whose "we" it is, a check sees


def counts_from(said: str, parse: "Doc | None") -> bool:
    """Say whether a text tells what had happened a while after something that it does not name."""
    head = grammar.root(parse) if parse is not None else None
    return head is not None and head.tag_ == "VBD" and bool(COUNTS_FROM_INSIDE.search(said))


def _bare(claim: Claim) -> bool:
    """Say whether a sentence is about "the network" that one before it spoke of: no more is said of which."""
    whole = grammar.subject(claim.parse) if claim.parse is not None else None
    if whole is None or claim.evidence or len(whole) != 2 or whole[0].text != "The":
        return False
    return whole[1].pos_ == "NOUN" and whole[1].lower_ not in (claim.heading or "").lower()


def named_before(claim: Claim, earlier: Sequence[Claim]) -> Claim | None:
    """Return the nearest sentence before that tells which "the cupboard" a sentence is about, if one does."""
    for noun in _bare_subjects(claim):
        known = f"{claim.heading or ''} {claim.label}".lower()
        if noun in known:
            continue
        return next((one for one in earlier if re.search(rf"\b{noun}", one.said.lower())), None)
    return None


def _bare_subjects(claim: Claim) -> list[str]:
    """Return the nouns, as far as their forms agree, that do something and of which only "the" says which."""
    return [
        re.escape(token.lower_.removesuffix("s"))
        for token in claim.parse or ()
        if token.pos_ == "NOUN"
        and (token.dep_ in grammar.SUBJECTS or token.head.head.dep_ in grammar.SUBJECTS)
        and not MEASURES.match(token.lower_)
        and [child.lower_ for child in token.children if child.dep_ != "punct"] == ["the"]
        and token.lower_ not in claim.said[: token.idx].lower()
    ]


def unnamed(doc: "Doc") -> bool:
    """Say whether a "that" does something, or an "it" means something, that the sentence does not name."""
    head = grammar.root(doc)
    if head is not None and doc[0].lower_ == "what" and doc[0].head == head and doc[0].dep_ not in grammar.SUBJECTS:
        return True  # "What most of them use."
    if head is not None and any(child.lower_ in POINTERS and child.dep_ in grammar.SUBJECTS for child in head.children):
        return True
    if any(points_back(token) for token in doc):
        return True
    return any(
        token.lower_ in {"it", "its"} and not expletive(token) and not any(thing(one) for one in _before(token))
        for token in doc
        if token.pos_ == "PRON"
    )


def points_back(token: "Token") -> bool:
    """Say whether "that saving" is one that nothing before it in the sentence is about."""
    if token.lower_ not in {"that", "those"} or token.dep_ != "det" or token.head.pos_ != "NOUN":
        return False
    told = any(child.dep_ in CLAUSES or child.dep_ == "prep" for child in token.head.children)
    reports = token.i > 0 and token.nbor(-1).pos_ == "VERB"  # "wrote that attention is ..."
    return not (told or reports) and token.i < FEW_WORDS


def _before(pronoun: "Token") -> "list[Token]":
    """Return the words that an "it" could stand for; as an object it is not what its verb's subject is about."""
    doers = pronoun.head.children if pronoun.dep_ == "dobj" else ()
    other = {one for child in doers if child.dep_ in grammar.SUBJECTS for one in child.subtree}
    return [one for one in pronoun.doc[: pronoun.i] if one not in other]


def fragment(claim: Claim) -> bool:
    """Say whether a sentence has no subject of its own, as answers have."""
    head = grammar.root(claim.parse) if claim.parse is not None else None
    return head is None or not any(child.dep_ in {*grammar.SUBJECTS, "expl"} for child in head.children)


def about(claim: Claim) -> str | None:
    """Return what a bullet is about, for those below it."""
    if term := _term(claim):
        return term
    whole = grammar.subject(claim.parse) if claim.parse is not None else None
    return whole.text if whole is not None and not wording.PRONOUN.search(whole.text) else None


def _meant(claim: Claim, known: dict[Span, tuple[Claim, _Subject | None]]) -> _Subject | None:
    """Return what the opening word of a claim stands for; None where it stands for itself or nothing is sure."""
    pronoun = _opening(claim.parse) if claim.parse is not None else None
    if pronoun is None or expletive(pronoun):
        return None
    kind = PRONOUNS.get(pronoun.lower_)
    speaker = claim.block.speaker
    if kind == PERSON and speaker and claim.block.kind in (BlockKind.BULLET, BlockKind.STEP):
        return _Subject(speaker.name, PERSON)
    if claim.before is None:
        above = _subject(claim.above) if claim.above else None
        return above if above and above.kind == (kind or THING) else None
    told, subject = known.get(claim.before.span, (None, None))
    if told is None:
        return None
    if kind is None:  # "The company"
        return subject if subject and subject.kind == THING and _is_name(told, subject) else None
    if subject is None:
        return _lone(told, kind)
    if kind == PERSON and claim.speaker is None and _is_sole_name(told, subject):
        return subject
    return subject if subject.kind == kind and _alone(told, subject) else None


def _is_sole_name(claim: Claim, subject: _Subject) -> bool:
    """Say whether a sentence is about somebody, or a ship, with a name, and does nothing to another name."""
    if subject.words.lower().startswith("the ") and not SHIP.search(claim.text):
        return False
    known = [token for token in claim.parse or () if token.pos_ == "PROPN" and token.text in subject.words.split()]
    others = [token for token in claim.parse or () if token.pos_ == "PROPN" and token.text not in subject.words.split()]
    last = subject.words.split()[-1]
    return any(token.text == last for token in known) and not any(token.dep_ in RIVALS for token in others)


def _opening(doc: "Doc") -> "Token | None":
    """Return the word that a sentence opens with, if it stands for something named before."""
    head = grammar.root(doc)
    if head is None:
        return None
    lead = doc[: head.i]
    nominal = next(
        (token for token in lead if token.pos_ in {"NOUN", "PROPN", "PRON", "NUM"} and not _in_lead(token, doc)), None
    )
    if nominal is None:
        return None
    if nominal.lower_ in PRONOUNS and (nominal.dep_ in grammar.SUBJECTS or nominal.lower_ in OWNING):
        return nominal
    phrase = doc[: nominal.i + 1].text
    return nominal if nominal.dep_ in grammar.SUBJECTS and BODY.match(phrase) else None


def _in_lead(token: "Token", doc: "Doc") -> bool:
    """Say whether a word belongs to a date or place in front: "In 2020 it ..."."""
    if doc[0].tag_ == "IN" and token.i == 1 and token.pos_ == "NUM":
        return True
    if doc[0].dep_ == "prep" and any(MEASURES.match(one.lower_) for one in doc[0].children):
        return doc[0].is_ancestor(token)  # "After two years of use it ..."
    return doc[0].tag_ == "IN" and any(one.text == "," for one in doc[token.i + 1 : token.i + 3]) and token.i <= 3


def expletive(pronoun: "Token") -> bool:
    """Say whether "it" means nothing: "it is true that", "it takes an hour to"."""
    verb = pronoun.head
    inner = [child.dep_ for one in (verb, *verb.children) for child in one.children]
    if any(child.dep_ == "attr" and MEASURES.match(child.lower_) for child in verb.children):
        return True
    return pronoun.lower_ == "it" and grammar.base(verb) in EMPTY_VERBS and any(dep in CLAUSES for dep in inner)


def thing(token: "Token") -> bool:
    """Say whether "it" could mean a word: a noun in the singular that measures nothing."""
    common = token.pos_ in {"NOUN", "X"} and not grammar.plural(token) and not MEASURES.match(token.lower_)
    return common or token.pos_ == "PROPN"


def _subject(claim: Claim) -> _Subject | None:
    """Return what a sentence is about: the subject of its main verb, or the label in front."""
    if found := _term(claim):
        return _Subject(found, THING)
    whole = grammar.subject(claim.parse) if claim.parse is not None else None
    if whole is None:
        return None
    head = whole.root
    words = _without_asides(whole)
    if head.pos_ not in {"NOUN", "PROPN"} or len(words.split()) > NAME_WORDS or wording.PRONOUN.search(words):
        return None
    if "," in words or re.match(r"(?:No|Nothing|Nobody|Every|Each|Any|One|Most|Some|Many|Few)\b", words):
        return None
    common = (
        whole.start == 0 and words[1:].islower() and (whole[0].pos_ in {"NOUN", "ADJ", "VERB"} or head.pos_ == "NOUN")
    )
    return _Subject(_definite(words), _kind(head, claim), common)


def _without_asides(whole: "Words") -> str:
    """Return a subject up to its first comma, where what follows is no list: "The Sula, our oldest ship, ..."."""
    before, mark, _ = whole.text.partition(",")
    listed = any(child.dep_ == "conj" for child in whole.root.children)
    return before if mark and not listed and whole.root.idx < whole.start_char + len(before) else whole.text


def _definite(words: str) -> str:
    """Return a subject as it is said the second time: "A branch" -> "a branch", "The pump" -> "the pump"."""
    first = words.split(" ", 1)[0]
    return words[:1].lower() + words[1:] if first in {"The", "A", "An", "Our", "My", "Its", "These", "This"} else words


def _kind(head: "Token", claim: Claim) -> str:
    if PEOPLE.search(head.lower_) or (head.pos_ == "PROPN" and claim.speaker and head.text in claim.speaker.name):
        return PERSON
    joined = any(child.dep_ == "conj" for child in head.children)
    return THINGS if joined or grammar.plural(head) else THING


def _term(claim: Claim) -> str | None:
    """Return the term that an entry opens with: "Sunk cost: money that ..."."""
    opens = claim.before is None and (claim.block.kind is BlockKind.BULLET or claim.block.lead)
    found = LABEL.match(claim.text) if opens else None
    return found["what"] if found else None


def _alone(claim: Claim, subject: _Subject) -> bool:
    """Say whether nothing else in a sentence could be meant by a word that follows."""
    head = grammar.root(claim.parse) if claim.parse is not None else None
    if _term(claim) or claim.evidence:
        return True  # an entry is about its term; what was said again is what the passage is about
    if head is None:
        return False
    if any(child.dep_ in {"attr", "acomp"} for child in head.children) or grammar.base(head) == "mean":
        return True  # "X is a ...": both are the same thing
    whole = grammar.subject(head.doc)
    outside = [token for token in head.doc if whole is None or not whole.start <= token.i < whole.end]
    return not any(_fits(token, subject.kind) for token in outside)


def _fits(token: "Token", kind: str) -> bool:
    """Say whether a noun could be meant by a pronoun of that kind."""
    if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ not in RIVALS or MEASURES.match(token.lower_):
        return False
    person = bool(PEOPLE.search(token.lower_))
    return person if kind == PERSON else not person and grammar.plural(token) == (kind == THINGS)


def _lone(claim: Claim, kind: str) -> _Subject | None:
    """Return the object of "We have rewritten the checker", where it is the only thing that can be meant."""
    head = grammar.root(claim.parse) if claim.parse is not None else None
    doer = [child.lower_ for child in head.children if child.dep_ in grammar.SUBJECTS] if head else ["?"]
    found = [token for token in claim.parse or () if _fits(token, kind)]
    if not set(doer) <= {"i", "we", "you"} or len(found) != 1 or found[0].dep_ != "dobj" or kind == PERSON:
        return None
    tree = [token for token in found[0].subtree if token.i <= found[0].i]
    words = " ".join(token.text for token in tree)
    definite = re.match(r"(?:the|a|an) ", words, re.IGNORECASE)
    return _Subject(re.sub(r"^an? ", "the ", words), kind) if definite and len(tree) <= NAME_WORDS else None


def _is_name(claim: Claim, subject: _Subject) -> bool:
    """Say whether a sentence calls its subject by name; the parser takes rare names for nouns."""
    proper = any(token.pos_ == "PROPN" and token.text in subject.words for token in claim.parse or ())
    return proper or (subject.words.isalpha() and subject.words[0].isupper())


def _replaced(claim: Claim, meant: _Subject) -> str | None:
    """Return a claim's wording with what is meant in the place of its opening word."""
    pronoun = _opening(claim.parse) if claim.parse is not None else None
    if pronoun is None:
        return None
    start = 0 if pronoun.lower_ not in PRONOUNS else pronoun.idx
    words = meant.words.lower() if start and meant.common else meant.words
    if pronoun.lower_ in OWNING:
        words += "’" if words.endswith("s") else "’s"
    return with_name(claim.said, Span(start, pronoun.idx + len(pronoun.text)), words)


def with_name(said: str, pronoun: Span, name: str) -> str:
    """Return a sentence with a name in the place of a word that stands for it."""
    told = said[: pronoun.start] + name + CONTRACTED.sub(_full, said[pronoun.end :])
    return told if pronoun.start else wording.capitalised(told)


def _full(found: re.Match[str]) -> str:
    """Return the whole form of a verb that has been pulled together with a pronoun."""
    return {"s": " is", "re": " are", "ll": " will", "ve": " have", "d": " would"}[found[1]]


def _evidence(claim: Claim, known: dict[Span, tuple[Claim, _Subject | None]]) -> Span:
    """Return the passage from the sentence that names the subject to the claim."""
    if claim.before is not None and claim.before.span in known:
        told = known[claim.before.span][0]
        return Span((told.evidence or told.span).start, claim.span.end)
    return claim.span
