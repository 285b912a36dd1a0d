"""What somebody calls a thing, and what a word means that a sentence explains as it goes.

"What we call a dry run: ...", "slack, meaning how far ...", "Weavers call that the slow end", "a weir, which is a ...": the word is
named and explained in one breath, or the sentence before explains it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from quizapp.domain.documents import Span
from quizapp.generate import definitions, grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.ingest import names

if TYPE_CHECKING:
    from spacy.tokens import Token

QUOTED = r"[“\"](?P<quoted>[a-zA-Z][^“”\"]{2,40}?),?[”\"]"
BARE = r"(?P<bare>[a-z][\w’'-]*(?: [a-z][\w’'-]*){0,3})"
CALLS = r"(?:calls?|called|known as|knows? as|termed|terms|dubs|dubbed|refers? to as|referred to as)"
MEANING = r"(?:meaning|i\.e\.|that is to say|in other words|which means|or in plain \w+),?"
# "what we call a dry run: ...", "in “open mode”: ..."
COLON = re.compile(rf"(?:\b{CALLS} )?(?:\b(?P<art>an?|the) )?{QUOTED}: (?P<y>[^:]{{12,220}})$")
CALLED_COLON = re.compile(rf"\b{CALLS} (?:(?P<art>an?|the) )?{BARE}: (?P<y>[^:]{{12,220}})$")
TERM_COLON = re.compile(
    rf"\b(?:is|are|say|says|term|word|name|idea|concept|notion|principle|principle of|idea of|concept of|notion of) (?:(?P<art>an?) )?{BARE}: "
    r"(?P<y>(?:the|an?|any|how|when|where|what) [^:]{12,220})$"
)
MEANT = re.compile(rf", {MEANING} (?P<y>(?:that )?[^;:]{{8,180}}?)(?=[;:]|$)")
WHICH_IS = re.compile(
    r"(?:, which (?:is|are)|, that[’']s|, that is,?|, or) (?P<y>(?:just )?(?:an?|how|where|when) [^;:]{12,160}?)(?=[;:]|$)"
)
WHAT_CALLED = re.compile(
    rf"(?:, (?:what|which) (?:\w+ ){{1,3}}?calls?|, (?:also |better |often |sometimes )?(?:known as|called)) (?:(?P<art>an?|the) )?(?:{QUOTED}|{BARE})(?=[,;.]|$)"
)
CALL_THAT = re.compile(
    rf"^(?P<who>(?:The )?\w+(?: \w+){{0,2}}?) (?:also |often |sometimes |usually )?(?:calls?|called|terms?) (?:this|that)(?: (?!an?\b|the\b)\w+)? "
    rf"(?:(?P<art>an?|the) )?(?:{QUOTED}|{BARE})(?=$|[,;:(]| \(|, and )"
)
IS_CALLED = re.compile(
    rf"^(?:This|That) (?:effect |process |method |phenomenon |practice |technique )?(?:is|was) (?:also |often |sometimes |usually )?(?:called|known as|termed|referred to as) "
    rf"(?:(?P<art>an?|the) )?(?:{QUOTED}|{BARE})(?=$|[,;:(]| \()"
)
BY_MEAN = re.compile(
    rf"^(?:By|When (?:\w+ ){{1,3}}(?:says?|talks? (?:of|about)|speaks? of)) (?:(?P<art>an?|the) )?(?:{QUOTED}|{BARE}),? (?:\w+ ){{1,3}}?means? (?P<y>[^;:]{{8,180}}?)(?=[;:]|$)"
)
WORD_FOR = re.compile(
    rf"^(?:(?P<art>An?|The) )?(?:{QUOTED}|(?P<bare>[A-Za-z][\w’'-]*(?: [a-z][\w’'-]*){{0,3}})) (?:is|was) (?:just |simply )?"
    r"(?:the|our|an?|his|her|their|my|[A-Z]\w+[’']s?) (?:\w+ )?(?:word|name|term|shorthand|jargon|label|nickname|phrase) for (?P<y>[^;:]{8,180}?)(?=[;:]|$)"
)
WORD_OF_THEIRS = re.compile(
    rf"{QUOTED},? (?:his|her|their|my|our|the|an?|\w+[’']s?) (?:own )?(?:\w+ )?(?:term|name|word|phrase|label|shorthand|expression) for (?P<y>[^;]{{8,200}})$"
)
APPOSED = re.compile(r"[\"“](?P<quoted>[a-z][^\"“”]{3,40}?),?[\"”], (?P<y>[a-z][^,;:]{10,150})$")
KIND_CALLED = re.compile(
    rf"^(?P<front>.{{15,}}?), an? (?P<kind>[\w -]{{3,40}}?) (?:that |which )?(?:he|she|they|I|we|{names.NAME}) (?:calls?|called) "
    r"[\"“]?(?P<term>[\w’ -]{3,40}?)[\"”]?(?=[,;.]|$)"
)
IS_TERM = re.compile(
    r"\b(?:is|are) (?P<term>an? (?!simple|good|bad|new|big|small|clear|real|great|different|common)[a-z-]+ [a-z]{4,}(?: [a-z]{4,})?): (?P<y>[^:]{20,})$"
)
NO_TERM = re.compile(
    r"(?:thing|way|question|reason|problem|rule|point|matter|story|case|example|result|one|lot|kind)s?$"
)
SUPERLATIVE = re.compile(
    r"\b(?:least|most|best|worst|\w{3,}est|first|last|only|same|it|this|that|himself|herself|themselves|one|thing|question|answer)\b"
)
GOES_ON = re.compile(r", (?:which|so|and|but|who|because|since|though|although|as|while|whereas)\b(?! (?:which|who)\b)")
NO_MEANING = re.compile(
    r"(?:it|they|this|that|these|those|he|she|we|I|you|there|here|not|and|but|to)\b",
    re.IGNORECASE,
)
VALUED = re.compile(
    r"(?:just )?an? (?:good|bad|big|great|real|lot|bit|third|quarter|half|few|little|problem|pity|mistake|shame|number)\b"
)
MEANS = re.compile(r"(?:an?|the|any|how|when|where|what|\w+ing)\b")
NAMERS = re.compile(r"(?:The )?[A-Za-z]+(?:s|people|men)|(?:[Ss]?[Hh]e|I|[Ww]e|[Tt]hey)|[A-Z].*")
COMPOUND = re.compile(r"(?:\w+-)+\w+$")
MINE = re.compile(r"\b(?:I|me|my|mine|myself)\b")
TERM_WORDS = 4
NOUNS = {"NOUN", "PROPN"}
WORDS = range(5, 29)
LONG = 26  # words of a statement behind a colon from which it is cut


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what words mean that sentences explain as they use them."""
    for claim in reading.claims:
        found = next((one for way in WAYS for one in way(claim, reading)), None) if claim.parse is not None else None
        if found:
            who = claim.speaker.name if claim.speaker else ""
            yield replace(found, context=f"{found.context} {who} mean call")


def _word_of_theirs(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does Ada Byron mean by “slack”?" for "“slack”, her term for ..."."""
    found = WORD_OF_THEIRS.search(claim.said) or APPOSED.search(claim.said)
    if found and claim.speaker and (found.re is WORD_OF_THEIRS or _is_phrase(found["y"], reading)):
        question = f"What does {claim.speaker.name} mean by “{found['quoted']}”?"
        yield from _card(claim, question, found["y"], rule="view_means", sure=0.88)


def _kind_called(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is the arrangement that Ada Byron calls fair cloth?" for "..., an arrangement she calls fair cloth"."""
    found = KIND_CALLED.match(claim.said)
    verb = grammar.root(claim.parse) if found and claim.parse is not None else None
    if found and claim.speaker and verb is not None and verb.idx < found.end("front"):
        what = claim.said[verb.idx + len(verb.text) : found.end("front")].strip()
        question = f"What is the {found['kind']} that {claim.speaker.name} calls “{found['term']}”?"
        yield from _card(claim, question, what, rule="view_means", sure=0.84)


def _is_term(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is a split warp?" for "The trouble is a split warp: half of the threads ..."."""
    found = IS_TERM.search(claim.said) if claim.speaker else None
    if found and not NO_TERM.search(found["term"]) and not wording.PRONOUN.match(found["y"]):
        question = wording.asked(f"what is {found['term']}", claim.speaker)
        yield from _card(claim, question, found["y"], rule="view_means", sure=0.8)


def _by_meant(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what somebody means by a word, or for what a thing is their word."""
    if found := BY_MEAN.match(claim.said) or WORD_FOR.match(claim.said):
        yield from _defined(claim, reading, found, found["y"], sure=0.88)


def _behind_colon(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what stands behind the colon after a word in quotation marks, a word of somebody's or a term."""
    found = COLON.search(claim.said) or CALLED_COLON.search(claim.said)
    term = TERM_COLON.search(claim.said) if found is None else None
    if term and " " in term["bare"] and not term["art"] and _is_term_itself(term, reading):
        found = term
    if found and found.start():
        what = found["y"] if len(found["y"].split()) < LONG else GOES_ON.split(found["y"])[0]
        yield from _defined(claim, reading, found, what, sure=0.88)


def _is_term_itself(found: re.Match[str], reading: Reading) -> bool:
    """Say whether a noun alone stands in front of the colon and what explains it behind."""
    front = reading.parse(found["bare"])
    noun = front is not None and front[-1].pos_ in NOUNS and not any(one.pos_ in {"ADP", "AUX"} for one in front)
    return noun and _is_phrase(found["y"], reading)


def _meant(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does “baseflow” mean?" for "They say baseflow, meaning the part of ..."."""
    found = MEANT.search(claim.said)
    term = _noun_before(claim, found.start()) if found else ""
    if found is None or not term:
        return
    clause = found["y"].startswith("that ")
    if re.search(r"[ -]", term) if clause else MEANS.match(found["y"]):
        what = GOES_ON.split(found["y"].removeprefix("that "))[0]
        question = wording.asked(f"what does “{term}” mean", claim.speaker)
        yield from _card(claim, question, what, rule="view_means" if claim.speaker else "named", sure=0.86)


def _which_is(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is structural soil?" for "structural soil, which is a mix of ..."."""
    for found in WHICH_IS.finditer(claim.said):
        term, what = _noun_before(claim, found.start()), GOES_ON.split(found["y"])[0]
        clear = term and not VALUED.match(what) and not wording.PRONOUN.search(what)
        if clear and definitions.CLARIFIES.search(what) and _is_phrase(what, reading):
            article = re.search(r"\b(an?|the) $", claim.said[: found.start() - len(term)])
            question = wording.asked(f"what is {article[0] if article else ''}{term}", claim.speaker)
            yield from _card(claim, question, what, rule="named", sure=0.84)


def _what_called(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is a street canyon?" for "in a narrow street with tall buildings, what we call a street canyon"."""
    found = WHAT_CALLED.search(claim.said)
    what = _phrase_before(claim, found.start()) if found else ""
    if found and what:
        yield from _defined(claim, reading, found, what, sure=0.84)


def _said_before(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what the sentence before explains and this one names: "Weavers call that the slow end"."""
    found = CALL_THAT.match(claim.said) or IS_CALLED.match(claim.said)
    before = claim.before
    what = _explained(before, reading) if found and before else ""
    if found and before and what and (found.re is IS_CALLED or NAMERS.fullmatch(found["who"])):
        span = Span(before.span.start, claim.span.end)
        for one in _defined(claim, reading, found, what, sure=0.84):
            yield replace(one, span=span)


def _explained(before: Claim, reading: Reading) -> str:
    """Return what a sentence says of the thing that the next one names: its last apposition, or all of it."""
    apposed = re.search(r", ((?:an?|the) [^,;:]{10,140})$", before.said)
    if apposed and _is_phrase(apposed[1], reading):
        return apposed[1]
    said = re.sub(r"^Because ", "", before.said)
    clear = wording.voiced(said) if before.speaker else said
    return "" if wording.dangling(wording.capitalised(clear)) else said


def _defined(claim: Claim, reading: Reading, found: re.Match[str], what: str, *, sure: float) -> Iterator[Candidate]:
    """Yield what the word of a match means: a noun with its article, or the bare word."""
    given = found.groupdict()
    term = given.get("quoted") or given["bare"]
    if SUPERLATIVE.search(term) or (NO_MEANING.match(what) and not re.match(r"(?:it|they) \w+s?\b", what)):
        return
    article = given["art"].lower() if given.get("art") else ""
    small = wording.lowered(term, reading.casing)
    word = f"“{term}”" if given.get("quoted") else small
    question = wording.asked(f"what is {article} {word}" if article else f"what does “{small}” mean", claim.speaker)
    yield from _card(claim, question, what, rule="named", sure=sure)


def _card(claim: Claim, question: str, what: str, *, rule: str, sure: float) -> Iterator[Candidate]:
    what = re.sub(r",? (?:um|uh|erm?),", "", what)
    if len(what.split()) in WORDS and not what.endswith("?") and not MINE.search(what):
        yield from_claim(claim, question, wording.answer(what), rule=rule, sure=sure)


def _is_phrase(text: str, reading: Reading) -> bool:
    """Say whether a text is a noun with what belongs to it, or "how ...", and no statement or list."""
    doc = reading.parse(wording.capitalised(text))
    if doc is None or re.match(r"(?:how|when|where|what)\b", text):
        return doc is not None
    root = next((one for one in doc if one.dep_ == "ROOT"), None)
    return root is not None and root.pos_ in NOUNS and not any(one.dep_ == "conj" for one in root.children)


def _last(claim: Claim, stop: int) -> "Token | None":
    return next((one for one in claim.parse or () if one.idx + len(one.text) == stop), None)


def _noun_before(claim: Claim, stop: int) -> str:
    """Return the noun that ends in front of a comma, with the words that make it a term."""
    last = _last(claim, stop)
    if last is None or last.pos_ not in {"NOUN", "ADJ"} or grammar.plural(last):
        return ""
    if compound := COMPOUND.search(claim.said[:stop]):
        return compound[0]
    first = last
    while first.i and _belongs(first.nbor(-1)):
        first = first.nbor(-1)
    words = claim.said[first.idx : stop]
    said = first.i and first.nbor(-1).pos_ == "VERB"  # "they say baseflow"
    return words if (last.pos_ == "NOUN" or said) and len(words.split()) <= TERM_WORDS else ""


def _belongs(word: "Token") -> bool:
    """Say whether a word is part of the term that it stands in; "down to flow" is no verb."""
    noun = (word.pos_ == "NOUN" and word.dep_ == "compound") or (word.pos_ == "ADJ" and word.dep_ == "amod")
    after_to = word.i > 1 and word.tag_ == "VB" and word.nbor(-1).lower_ == "to" and word.nbor(-2).pos_ == "ADP"
    return noun or after_to


def _phrase_before(claim: Claim, stop: int) -> str:
    """Return the longest noun phrase that ends in front of a comma."""
    last = _last(claim, stop)
    if last is None or last.pos_ not in NOUNS:
        return ""
    nouns = [last]
    for above in last.ancestors:
        if above.pos_ not in {*NOUNS, "ADP"} or above.i > last.i:
            break
        nouns += [above] if above.pos_ in NOUNS else []
    return claim.said[nouns[-1].left_edge.idx : stop]


Way = Callable[[Claim, Reading], Iterator[Candidate]]
WAYS: tuple[Way, ...] = (
    _word_of_theirs, _by_meant, _kind_called, _is_term, _behind_colon, _meant, _which_is, _what_called, _said_before,
)  # fmt: skip
