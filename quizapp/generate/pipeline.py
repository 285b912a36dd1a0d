"""From a document to drafts: the one entry of generation.

Document -> claims -> candidates of every strategy -> findings of the checks -> chance -> ready | tray | rejected
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from quizapp import markup
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Rejected, Source
from quizapp.domain.documents import Document
from quizapp.generate import (
    advice,
    ambiguity,
    arguments,
    checks,
    choices,
    clozes,
    comparisons,
    conditions,
    context,
    contrasts,
    definitions,
    enumerations,
    explanations,
    facts,
    faqs,
    features,
    forecasts,
    glossaries,
    labels,
    language,
    meetings,
    namings,
    plain,
    procedures,
    quotations,
    quoting,
    ranking,
    reasons,
    referents,
    releases,
    replies,
    rules,
    sayings,
    sequences,
    shorthand,
    stated,
    structure,
    tables,
    terms,
    truths,
    views,
    worth,
)
from quizapp.generate.candidates import Candidate, Reading, Strategy
from quizapp.generate.claims import Claim, claims
from quizapp.generate.seen import Seen
from quizapp.generate.wording import Casing
from quizapp.translations import _

Progress = Callable[[float, str], None]

STRATEGIES: dict[str, Strategy] = {
    "structure": structure.find,
    "tables": tables.find,
    "glossaries": glossaries.find,
    "faqs": faqs.find,
    "replies": replies.find,
    "meetings": meetings.find,
    "procedures": procedures.find,
    "sequences": sequences.find,
    "releases": releases.find,
    "rules": rules.find,
    "reasons": reasons.find,
    "comparisons": comparisons.find,
    "definitions": definitions.find,
    "explanations": explanations.find,
    "facts": facts.find,
    "forecasts": forecasts.find,
    "conditions": conditions.find,
    "enumerations": enumerations.find,
    "clozes": clozes.find,
    "quotations": quotations.find,
    "arguments": arguments.find,
    "labels": labels.find,
    "namings": namings.find,
    "contrasts": contrasts.find,
    "sayings": sayings.find,
    "advice": advice.find,
    "truths": truths.find,
    "shorthand": shorthand.find,
    "views": views.find,
    "stated": stated.find,
}
DEFINING = ("definitions", "glossaries", "labels", "namings")  # strategies whose cards are turned round as well
REPORT_EVERY = 64  # sentences
SEEN = 24  # characters of an answer that show which sentence gives it


@dataclass(frozen=True)
class Generated:
    """What generation made of a document, in reading order."""

    drafts: tuple[Draft, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Weighed:
    """Every candidate of a document with the chance that a person keeps it, before any is chosen."""

    reading: Reading
    candidates: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...]  # for what makes a card wrong


def generate(document: Document, on_progress: Progress | None = None) -> Generated:
    """Return the drafts of a document: ready ones, and the tray with its reasons."""
    return chosen(weighed(document, on_progress))


def weighed(document: Document, on_progress: Progress | None = None) -> Weighed:
    """Return what could be asked of a document, and how likely each is to be kept."""
    report = on_progress or (lambda _share, _what: None)
    report(0.05, _("Finding sentences"))
    reading = _reading(document, report)
    if document.language != "en":
        return Weighed(reading, tuple(_as_sure(one) for one in plain.find(reading)), ())
    page = context.Page(reading)
    found = {name: [*strategy(reading)] for name, strategy in STRATEGIES.items()}
    found["terms"] = [*terms.turned((one for name in DEFINING for one in found[name]), reading)]
    candidates: list[Candidate] = []
    for name, raw in found.items():
        placed = [context.placed(_spelled_out(one, document), page) for one in raw]
        candidates += placed if name == "structure" else _on_sentences(placed, reading)
    report(0.95, _("Checking cards"))
    settled = ambiguity.settled(candidates, page)
    return _weighed(choices.offered(settled, reading), reading)


def _as_sure(one: Candidate) -> Candidate:
    """Return a candidate with the chance that its rule claims: no ratings teach about languages other than English."""
    return replace(one, shown=context.shown(one), chance=one.sure)


def _reading(document: Document, report: Progress) -> Reading:
    found = claims(document)
    if document.language == "en":
        found = _parsed(found, report)
        found = _parsed_again(found, referents.named(found))
    voices = [*(b.speaker for b in document.blocks if b.speaker), *(claim.speaker for claim in found if claim.speaker)]
    speakers = tuple({who.name: who for who in voices}.values())
    names = frozenset(
        claim.parse[0].text
        for claim in found
        if claim.parse is not None and len(claim.parse) and claim.parse[0].pos_ == "PROPN"
    )
    casing = Casing(document.text, names)
    return Reading(document, tuple(found), speakers, structure.event(document.text, document.title), casing)


def _parsed(found: list[Claim], report: Progress) -> list[Claim]:
    report(0.08, _("Loading the language model"))
    out = []
    for at, doc in enumerate(language.parsed(claim.said for claim in found)):
        if at % REPORT_EVERY == 0:
            report(0.1 + 0.8 * at / len(found), "Reading sentences")
        out.append(replace(found[at], parse=doc))
    return out


def _parsed_again(found: list[Claim], clear: list[Claim]) -> list[Claim]:
    """Return the claims that name their subject, with the parse of what they say now."""
    places = [at for at, (old, new) in enumerate(zip(found, clear, strict=True)) if old.said != new.said]
    parses = language.parsed(clear[at].said for at in places)
    for at, doc in zip(places, parses, strict=True):
        clear[at] = replace(clear[at], parse=doc)
    return clear


def _spelled_out(one: Candidate, document: Document) -> Candidate:
    """Return a candidate with names for the initials that minutes use."""
    question, answer = meetings.expanded(one.question, document), meetings.expanded(one.answer, document)
    if (question, answer) == (one.question, one.answer):
        return one
    named = " ".join(who.name for who in document.people)
    return replace(one, question=question, answer=answer, context=f"{one.context} {named}")


def _on_sentences(candidates: list[Candidate], reading: Reading) -> list[Candidate]:
    """Return the candidates with the sentence that each asks for, so that two on one sentence are seen."""
    starts = [claim.span.start for claim in reading.claims]

    def placed(one: Candidate) -> Candidate:
        if one.claim or one.kind in checks.LISTS:
            return one
        inside = reading.claims[bisect_left(starts, one.span.start) : bisect_left(starts, one.span.end)]
        said = one.answer[1:SEEN]
        return replace(one, claim=next((claim for claim in inside if said in claim.text), None))

    return [placed(one) for one in candidates]


def _weighed(candidates: list[Candidate], reading: Reading) -> Weighed:
    on_sentence = Counter(_place(one) for one in candidates if one.kind is not CardKind.TRUE_FALSE)
    passed, rejected = [], []
    for one in candidates:
        found = checks.findings(one, reading)
        reasons = tuple(finding.reason for finding in found)
        if any(finding.blocks for finding in found):
            rejected.append(Rejected(context.shown(one), one.answer, one.rule, reasons))
        else:
            held = any(finding.holds for finding in found)
            shown = replace(one, faults=reasons, held=held, shown=context.shown(one))
            traits = features.measured(Seen(shown, reading, max(0, on_sentence[_place(one)] - 1)))
            passed.append(replace(shown, traits=traits, chance=worth.weights().chance(one.rule, traits, reasons)))
    return Weighed(reading, tuple(passed), tuple(rejected))


def _place(one: Candidate) -> int:
    return (one.claim or one).span.start


def chosen(given: Weighed) -> Generated:
    """Return which candidates are ready and which wait in the tray; the others are rejected."""
    kept, doubles = ranking.without_duplicates(given.candidates)
    likely = [one for one in kept if one.chance >= ranking.TRAY_AT]
    rejected = [
        *given.rejected,
        *(Rejected(one.shown, one.answer, one.rule, ("Another card asks the same.",)) for one in doubles),
        *(Rejected(one.shown, one.answer, one.rule, _doubts(one)) for one in kept if one.chance < ranking.TRAY_AT),
    ]
    generated = Generated(_drafts(likely, given.reading), tuple(rejected), ())
    document = given.reading.document
    return replace(generated, problems=(*document.problems, *_problems(document, generated)))


def _doubts(one: Candidate) -> tuple[str, ...]:
    return worth.weights().against(one.traits, one.faults)


def _drafts(kept: list[Candidate], reading: Reading) -> tuple[Draft, ...]:
    good = [one for one in kept if one.chance >= ranking.READY_AT and not one.held]
    twice = ranking.answered_twice(good)
    over = {id(one): ranking.ANSWERED_TWICE for one in twice}
    good = [one for one in good if id(one) not in over]
    limit = ranking.budget(reading.document.words)
    over |= {id(good[at]): reason for at, reason in ranking.crowded(good, limit).items()}
    drafts: dict[str, Draft] = {}
    for one in sorted(kept, key=lambda one: (one.span.start, one.span.end, -one.chance)):
        if one.chance < ranking.READY_AT or one.held:
            reasons = _doubts(one)
        else:
            reasons = (over[id(one)],) if id(one) in over else ()
        draft = _draft(one, reading, reasons)
        drafts.setdefault(draft.id, draft)
    return tuple(drafts.values())


def _draft(one: Candidate, reading: Reading, reasons: tuple[str, ...]) -> Draft:
    block = reading.block(one)
    heading = block.path[-1] if block and block.path else None
    quote = quoting.quoted(one, reading.document)
    source = Source(
        quote.of(reading.document.text), quote.start, quote.end,
        one.speaker.name if one.speaker else None, heading, block.page if block else None,
        quoting.columns(quote, reading.document.blocks),
    )  # fmt: skip
    status = DraftStatus.REVIEW if reasons else DraftStatus.READY
    return Draft(
        one.kind,
        markup.from_text(one.shown),
        markup.from_text(one.answer),
        source,
        one.rule,
        round(one.chance, 3),
        status,
        reasons,
        choices=tuple(markup.from_text(choice) for choice in one.choices),
        explanation=markup.from_text(one.explanation),
    )


def _problems(document: Document, generated: Generated) -> list[str]:
    problems = []
    if document.language != "en":
        unknown = document.language == "und"
        told = "The language of this document was not recognised" if unknown else "This document is not in English"
        problems.append(f"{told}: cards come from its structure, numbers and quotations only, so expect few.")
    elif language.parser() is None:
        problems.append("The English language model is not installed, so some kinds of cards are missing.")
    if not generated.drafts:
        problems.append("Nothing in this document makes a card. Add one with more facts in it.")
    elif not any(draft.status is DraftStatus.READY for draft in generated.drafts):
        problems.append("Nothing in this document was surely worth a card. Look at the tray for what might be.")
    return problems
