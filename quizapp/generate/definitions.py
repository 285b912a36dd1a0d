"""What a term means: definitions, names for things, and what letters stand for."""

import re
from collections.abc import Iterator

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Document, Span
from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

TERM = r"(?:(?:[Aa]n?|[Tt]he) )?(?P<term>[“\"]?[\w][\w’'&./+-]*(?: [\w’'&./+-]+){0,5}?[”\"]?)"
LEAD = r"(?P<lead>(?:In|For|Within|Under|On|At) [^,;:.]{3,60}, )?"
MEANS = re.compile(
    rf"^{LEAD}(?P<subject>{TERM}) (?:also |simply |usually |often |basically |here )?(?P<verb>refers to|means|stands for|denotes|is defined as|is short for|describes) (?P<what>that )?(?P<y>[^;]{{4,240}}?)(?:;|: |$)"
)
GLOSS = re.compile(rf"^(?P<subject>{TERM}) \((?P<y>(?:[a-z]+ing|an?|the) [^()]{{8,120}})\)")
DOING = re.compile(
    rf"^(?P<subject>{TERM}) is (?P<y>(?!being \w+(?:ed|en)\b|becoming|getting|going|doing|anything|nothing|something)[a-z]+ing [^;:]{{12,220}}?)(?:;|$)"
)
EQUALS = re.compile(
    rf"^(?P<subject>{TERM})(?: \([^()]{{2,30}}\))? = (?P<y>(?:an?|the|two|how|when|where|what|[a-z]+ing)\b [^;=]{{8,200}}?)(?:;|$)"
)
DEFINES = re.compile(
    r"^(?:[^,;:]{2,40}) (?:defines?|defined) (?P<subject>(?:an? |the )?[\w -]{2,50}?) as (?P<y>[^;:]{8,220}?)(?:;|$)"
)
IS_A = re.compile(
    rf"^(?P<subject>{TERM}) (?P<be>is|are)(?:, it[’']s)? (?P<y>(?:just )?(?:(?:an?|any|the|one|anything|something)\b|how|what|when|where|[a-z]+(?: and [a-z]+)? (?:in|of|with|from) which) [^;]{{12,260}}?)(?:;|$)"
)
BOLD_IS = re.compile(
    r"^(?:(?:An?|The) )?(?P<term>[^.;:]{2,50}?) (?P<be>is|are) (?P<y>(?!(?:not|like|as)\b)[^;]{8,200}?)(?:;|$)"
)
SHARE = re.compile(r"(?:just )?an? (?:bit|little|lot|third|quarter|half|fifth|tenth|part|fraction|share)\b")
CLARIFIES = re.compile(r"\b(?:that|which|who|whose|where|in which|of|for|to|with|between|from|by)\b")
LETTERS = re.compile(
    r"(?P<long>(?:[A-Z][\w-]*|of|and|for|the|to|in|on)(?: (?:[A-Z][\w-]*|of|and|for|the|to|in|on)){1,7}) \((?P<short>[A-Z][A-Za-z]{0,2}[A-Z]{1,5}s?)\)"
)
DEFINING_WORDS = 4
PRESENT = re.compile(r"(?:apologies|present|absent|in attendance|attend\w+|participants|minutes)\b", re.IGNORECASE)
_NOT_TERMS_TEXT = """
    this that these those it he she they there here what which who why when where how one all some many most
"""
NOT_TERMS = frozenset(_NOT_TERMS_TEXT.split())


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what terms mean and what abbreviations stand for."""
    for claim in reading.claims:
        yield from _means(claim, reading)
        yield from _is_a(claim, reading)
        yield from _glossed(claim, reading)
        yield from _bold(claim, reading)
        if (found := DEFINES.match(claim.said)) and claim.speaker:
            question = f"How does {claim.speaker.name} define {found['subject']}?"
            yield from_claim(claim, question, wording.answer(found["y"]), rule="definition", sure=0.93)
        if (found := EQUALS.match(claim.said)) and _term(found["term"], reading):
            question = wording.asked(f"what is {wording.lowered(found['subject'], reading.casing)}", claim.speaker)
            yield from_claim(claim, question, wording.answer(found["y"]), rule="definition", sure=0.85)
        yield from _letters(claim, reading.document)


def _glossed(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "term (what it is)" and "term is doing this to that"."""
    gloss = GLOSS.match(claim.said)
    found = gloss or DOING.match(claim.said)
    names_itself = found and re.search(r"(?:ing|tion|sis|ment)$", found["term"])
    if (
        found
        and (gloss or names_itself)
        and _term(found["term"], reading)
        and not found["subject"].startswith(("The ", "This "))
    ):
        subject = wording.lowered(found["subject"], reading.casing)
        question = wording.asked(f"what is {subject}", claim.speaker)
        what = re.split(r", (?:\w+ed|using|via|by|with|so|allowing|enabling|making)\b", found["y"])[0]
        yield from_claim(claim, question, wording.answer(what), rule="definition_gloss", sure=0.88)


def _means(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = MEANS.match(claim.said)
    if not found or not _term(found["term"], reading) or found["y"].startswith(("to ", "we ", "you ", "I ", "it ")):
        return
    subject = wording.lowered(found["subject"], reading.casing)
    lead = wording.lowered(found["lead"], reading.casing) if found["lead"] else ""
    verb = found["verb"]
    ask = {"refers to": "refer to", "denotes": "denote", "describes": "describe"}.get(
        verb, "stand for" if "for" in verb else "mean"
    )
    if verb == "describes" and not found["what"] and len(found["y"].split()) > 22:
        return
    question = wording.asked(f"{lead}what does {subject} {ask}", claim.speaker)
    what = re.split(r", (?:[\w-]+ ){1,3}that ", found["y"])[0] if found["what"] else found["y"]
    implies = found["what"] and subject.startswith("the ")
    sure = 0.6 if implies else 0.8 if verb == "describes" else 0.93
    yield from_claim(claim, question, wording.answer(what), rule="definition", sure=sure)


def _is_a(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = IS_A.match(claim.said)
    if (
        not found
        or not _term(found["term"], reading)
        or not CLARIFIES.search(found["y"])
        or found["y"].startswith("the only ")
        or SHARE.match(found["y"])
    ):
        return
    subject = found["subject"]
    head = re.findall(r"[\w-]+", found["y"])[1:4]
    words = {word.lower() for word in re.findall(r"[\w-]+", found["term"])}
    if words & {word.lower() for word in head} and len(words) > 1 and found["y"].split()[0] != "one":
        return  # "The AIGC Industry Summit is an industry summit ..."
    if subject.startswith("The ") and not re.search(r"[A-Z]", found["term"]):
        sure = 0.55
    elif claim.before is None or subject.startswith(("A ", "An ")):
        sure = 0.9
    elif not subject.startswith("The ") and not claim.speaker:
        sure = 0.84
    else:
        sure = 0.72
    if re.match(r"(?:how|what|when|where)\b", found["y"]):
        sure = 0.86
    elif found["y"].startswith(("the ", "one ")) and "one in which" not in found["y"]:
        sure -= 0.08
    what, *led = wording.ARROW.split(_first_clause(found["y"], reading))
    if led and len(what.split()) < DEFINING_WORDS:
        return  # "an anion -> not held by clay"
    question = wording.asked(f"what {found['be']} {wording.lowered(subject, reading.casing)}", claim.speaker)
    yield from_claim(claim, question, wording.answer(what), rule="definition_is", sure=sure)


def _first_clause(text: str, reading: Reading) -> str:
    """Return a definition without the clause that only goes on: ", but ..."."""
    for joint in re.finditer(r", (?:and|but) ", text):
        rest = reading.parse(wording.capitalised(text[joint.end() :]))
        if rest is not None and grammar.root(rest) is not None and grammar.subject(rest) is not None:
            return text[: joint.start()]
    if re.search(r"\b(?:in which|that|which|who)\b", text.split(",")[0]):
        return text
    return re.split(
        r", (?:for instance|for example|but|while|whereas|although|so|and (?:it|they|we|you|this|that|its|the)\b)", text
    )[0]


def _bold(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what a term is that a clause opens with in bold: "**Core hours** are 10:00 to 15:00"."""
    found = BOLD_IS.match(claim.said) if claim.block.lead and claim.before is None else None
    if found and found["term"] == claim.block.lead and _term(found["term"], reading):
        subject = wording.lowered(found["term"], reading.casing)
        question = wording.asked(f"what {found['be']} {subject}", claim.speaker)
        yield from_claim(claim, question, wording.answer(found["y"]), rule="definition", sure=0.9)


def _letters(claim: Claim, document: Document) -> Iterator[Candidate]:
    people = {who.name for who in document.people}
    for found in LETTERS.finditer(claim.text):
        short = found["short"].rstrip("s")
        words = found["long"].split()
        for start in range(len(words)):
            long = words[start:]
            capitals = "".join(word[0] for word in long if word[0].isupper())
            person = " ".join(long) in people or PRESENT.match(claim.block.span.of(document.text))
            if capitals.upper() == short.upper() and long[0][0].isupper() and not person:
                at = claim.text.index(" ".join(long))
                span = Span(claim.span.start + at, claim.span.start + found.end())
                whole = claim.span if len(claim.text) < 320 else span
                spelled = " ".join(long).removesuffix("s") if found["short"].endswith("s") else " ".join(long)
                yield from_claim(
                    claim,
                    f"What does {short} stand for?",
                    spelled,
                    rule="abbreviation",
                    sure=0.92,
                    span=whole,
                    kind=CardKind.BASIC,
                )
                break


def _term(phrase: str, reading: Reading) -> bool:
    """Say whether a phrase can be a term that a document defines."""
    words = phrase.strip('“”"').split()
    parsed = reading.parse(phrase) if len(words) > 2 else None
    if ". " in phrase or (parsed is not None and any(one.tag_ in {"VBZ", "VBD", "MD"} for one in parsed)):
        return False
    if not words or words[0].lower() in NOT_TERMS or len(words) > 6 or wording.PRONOUN.search(phrase):
        return False
    if any(
        word.lower()
        in {"and", "or", "but", "is", "are", "of", "that", "which", "who", "when", "if", "not", "said", "says"}
        for word in words
    ):
        return len(words) > 2 and "of" in words and not {"and", "or", "but", "that", "which"} & set(words)
    return len(phrase) > 1 and words[-1].lower() not in wording.POINTING
