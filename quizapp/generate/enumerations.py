"""Counted lists: "three rules: ...", "five layers. First ...", "I have two tests. Is ...? Can ...?", a sentence and its bullets.

A list is believed when the text counts it and the count is right.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import antecedents, grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
COUNT = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|[2-9])\b(?! (?:or|to|years|months|weeks|days|hours|minutes|seconds|per|times)\b)",
    re.IGNORECASE,
)
ORDINAL = re.compile(
    r"^(?:(?:First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Fourth(?:ly)?|Fifth(?:ly)?|Sixth(?:ly)?|Finally|Last(?:ly)?),? (?:of all, )?|"
    r"(?:One|Two|Three|Four|Five|Six), |"
    r"(?:One|Another|The (?:first|second|third|fourth|fifth|last|other))(?: one)? (?:is|was)(?: that)? )(?=\S)"
)
THERE_ARE = re.compile(r"^There (?P<be>are|were|exist) (?P<np>[^:]+?)$")
OPENS = re.compile(r"^(?:And|Or|Then),? (?=\S)")
LISTING = re.compile(
    r"(?:They|These|Those) (?:are|include|were)\b|(?:From|At|On) the \w+|The (?:bottom|top|lowest|highest|one|first) \w+ (?:is|are)\b|One is\b|Namely\b"
)
SOLVED = re.compile(
    rf"\b(?:is|are) (?P<np>(?:the |an? )?[^,]{{3,60}}), which (?P<verb>[a-z]+s) (?P<what>{COUNT.pattern}[^,;:]{{3,60}})$"
)
STRIP = re.compile(
    r"^(?:and |or |then |the (?:first|second|third|bottom|top|last|next) \w+ is |above that is |at the (?:top|bottom) (?:are|is) |from the [\w ]+, they are |they are |these are |namely |first, |second, |third, )+",
    re.IGNORECASE,
)
ITEM_WORDS = 14
SHORT = 8  # words of a question that says little of what the speaker counts
FEW_WORDS = 3  # of a line that only counts: "Four doors"
TOLD_WORDS = 30  # of an item that is a sentence
OUTSIDE = r"(?![^()]*\))"  # of brackets
JOINTS = (
    re.compile(rf",\s+(?:and|or) {OUTSIDE}"),
    re.compile(rf"(?:,\s+(?:and |or )?|\s+(?:and|or) (?=[^,]*$)){OUTSIDE}"),
    re.compile(rf",\s+(?:and |or )?{OUTSIDE}"),
)
LABELLED = re.compile(r"^(?P<term>[A-Z][^:.–—]{1,50})(?:: | [–—] )")
AND_SO_ON = re.compile(r", (?:and|but|which|so|yet|though)\b.*$")
INLINE = re.compile(
    rf"^(?P<stem>.*{COUNT.pattern}(?: [a-z-]+){{0,2}} [a-z]+s), (?P<items>[^,:;]+(?:, [^,:;]+)*,? and [^,:;]+)(?:, (?:which|all|both|each)\b.*)?$"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield lists that the text counts and gives in full."""
    for claim in reading.claims:
        stem, tail = _apart(claim.said, reading)
        count = counted(stem)
        if count is None:
            continue
        items, last = _items(claim, tail, count, reading)
        if len(items) != count:
            continue
        question = _question(claim, stem, reading)
        named = None if question else _question(claim, _named(claim, reading), reading)
        if question := question or named:
            made = from_claim(
                claim,
                wording.asked(question, claim.speaker),
                "\n".join(wording.answer(item) for item in items),
                rule="enumeration",
                sure=0.72 if named and len(question.split()) < SHORT else 0.93,
                kind=CardKind.LIST,
                span=Span(claim.span.start, last),
            )
            yield replace(made, context=f"{made.context} {reading.house or ''} itself")


def _apart(said: str, reading: Reading) -> tuple[str, str]:
    """Return what a sentence says in front of its list, and the list: behind a colon, or nouns behind a comma."""
    stem, colon, tail = said.partition(":")
    if not colon and (found := INLINE.match(stem)):
        nouns = [reading.parse(item) for item in re.split(r",? and |, ", found["items"])]
        if all(doc is not None and _is_noun(doc) for doc in nouns):
            stem, tail = found["stem"], found["items"]
    return stem.strip(" ."), tail.strip()


def _is_noun(doc: "Doc") -> bool:
    """Say whether an item is a noun with what belongs to it."""
    root = next((one for one in doc if one.dep_ == "ROOT"), None)
    return root is not None and root.pos_ in {"NOUN", "PROPN"} and doc[0].pos_ not in {"ADV", "ADP", "PRON", "NUM"}


def _named(claim: Claim, reading: Reading) -> str:
    """Return what stands in front of a list with a name for its "I" or "we"."""
    whole = replace(claim, said=re.sub(r"\bI[’']ve\b", "I have", claim.said))
    stem = _apart(antecedents.spelled_out(whole, reading)[0], reading)[0]
    return "" if stem.startswith("What ") else stem


def announces(claim: Claim, question: str) -> bool:
    """Say whether a question asks about the "five layers" that its sentence, or the next, goes on to list."""
    stem, _, tail = claim.said.partition(":")
    count = counted(stem)
    if count is None or counted(question) != count:
        return False
    inline = len(split(tail.strip(), count)) == count
    return inline or bool(claim.after and LISTING.match(claim.after[0]) and split(claim.after[0], count))


def counted(stem: str) -> int | None:
    """Return how many things a line announces, where it says one number."""
    found = COUNT.findall(stem)
    if len(found) != 1:
        return None
    word = found[0].lower()
    return COUNTS.get(word) or (int(word) if word.isdigit() else None)


def _items(claim: Claim, tail: str, count: int, reading: Reading) -> tuple[list[str], int]:
    """Return the items, from wherever they stand, and where the quote ends."""
    inline = split(tail, count)
    if len(inline) == count:
        return inline, claim.span.end
    block_end = claim.block.span.end
    if claim.after:
        asked = [*takewhile(lambda text: text.endswith("?"), claim.after)]
        if len(asked) == count and not tail:
            return [OPENS.sub("", text) for text in asked], _end_of(claim, count, reading)
        if LISTING.match(claim.after[0]) and len(listed := split(claim.after[0], count)) == count:
            return listed, _end_of(claim, 1, reading)
        ordered = [ORDINAL.sub("", text) for text in claim.after if ORDINAL.match(text)]
        if len(ordered) == count and all(len(text.split()) <= TOLD_WORDS for text in ordered):
            return ordered, block_end
        told = [text for text in (tail, *claim.after) if text]
        if tail and len(told) == count and all(len(text.split()) <= 18 for text in told):
            return told, block_end
        return [], block_end
    return _from_bullets(claim, reading)


def _end_of(claim: Claim, later: int, reading: Reading) -> int:
    end = claim.span.end
    for sentence in claim.after[:later]:
        end = reading.document.text.index(sentence, end) + len(sentence)
    return end


def split(text: str, count: int) -> list[str]:
    """Return what a list in running text lists, if it has that many items."""
    text = text.strip().rstrip(".?")
    if not text:
        return []
    if ";" in text:
        parts = re.split(r";\s*(?:and |or )?", text)
    else:
        parts = next((found for joint in JOINTS if len(found := joint.split(text)) == count), [])
    cleaned = [STRIP.sub("", part.strip()).strip(" ,?") for part in parts]
    aims = {part.startswith("to ") for part in cleaned}  # "to open, to close" are alike; one "to" is no item
    fit = all(part and len(part.split()) <= ITEM_WORDS for part in cleaned) and len(aims) <= 1
    return cleaned if fit and len(cleaned) == count else []


def _from_bullets(claim: Claim, reading: Reading) -> tuple[list[str], int]:
    """Return the bullets right below the claim's block, by their terms where they have them."""
    below = list(_below(claim, reading))
    texts = [block.span.of(reading.document.text) for block in below]
    terms = [found["term"] for text in texts if (found := LABELLED.match(text))]
    short = [text.rstrip(".") for text in texts]
    if len(terms) == len(texts):
        short = terms
    end = below[-1].span.end if below else claim.span.end
    fit = bool(short) and all(len(text.split()) <= ITEM_WORDS for text in short) and end - claim.span.start < 900
    return (short if fit else []), end


def _below(claim: Claim, reading: Reading) -> Iterator[Block]:
    """Yield the bullets right below a paragraph, or those nested under a bullet, without what is nested in them."""
    blocks = reading.document.blocks
    at = next((n for n, block in enumerate(blocks) if block.span == claim.block.span), len(blocks))
    listed = (BlockKind.BULLET, BlockKind.STEP)
    first = blocks[at + 1] if at + 1 < len(blocks) else None
    if first is None or (claim.block.kind in listed and first.level <= claim.block.level):
        return
    for block in blocks[at + 1 :]:
        if block.kind not in listed or block.level < first.level:
            return
        if block.level == first.level:
            yield block


def _question(claim: Claim, stem: str, reading: Reading) -> str | None:
    """Turn "X has three rules" into "which three rules does X have"; None when unsure."""
    stem = AND_SO_ON.sub("", stem) if COUNT.search(AND_SO_ON.sub("", stem)) else stem
    if not stem or wording.dangling(stem):
        return None
    if len(stem.split()) <= FEW_WORDS and (before := _said_before(claim)):
        return f"{before}. Which {stem[:1].lower()}{stem[1:]}"
    if which := SOLVED.search(stem):
        return f"which {which['what']} {'do' if which['np'].endswith('s') else 'does'} {wording.lowered(which['np'], reading.casing)} {grammar.base_of(which['verb'])}"
    if there := THERE_ARE.match(stem):
        return f"what {there['be'] if there['be'] != 'exist' else 'are'} the {there['np']}"
    doc = reading.parse(stem)  # by itself: what follows the colon confuses the parser
    return _of_object(doc, stem, reading) if doc is not None else None


def _said_before(claim: Claim) -> str:
    """Return the sentence before, with its speaker for "she"; empty where it is not clear alone."""
    said = claim.before.said if claim.before else ""
    named = re.sub(r"^(?:She|He)\b", claim.speaker.name, said) if claim.speaker else said
    return "" if wording.dangling(named) else named


def _of_object(doc: "Doc", stem: str, reading: Reading) -> str | None:
    """Ask for the counted thing, whether it is the subject of its sentence or an object."""
    verb, subject = grammar.root(doc), grammar.subject(doc)
    number = next((token for token in doc if COUNT.fullmatch(token.text) and _counts(token)), None)
    if number is None:
        return None
    if verb is None or subject is None or wording.PRONOUN.search(subject.text) or _within_clause(number, verb):
        return f"{stem}. Which {number.text.lower()}"
    lead = f"{wording.lowered(grammar.lead(doc), reading.casing)}, " if grammar.lead(doc) else ""
    stop = next((token.i for token in doc if token.text in {":", "."}), len(doc))
    if subject.start <= number.i < subject.end:
        name = wording.lowered(subject.text, reading.casing).removeprefix("the ")
        rest = doc[subject.end : stop].text
        return f"{lead}which {name} {rest}" if rest else None
    if number.i < verb.i or verb.pos_ == "AUX":
        return f"{stem}. Which {number.text.lower()}"
    end = _end_of_phrase(number, stop)
    before = doc[verb.i + 1 : number.i].text.removesuffix("the").strip()
    if "," in before or before.endswith("one of"):
        return f"{stem}. Which {number.text.lower()}"
    middle = _verb_phrase(doc, verb, wording.lowered(subject.text, reading.casing))
    return " ".join(f"{lead}which {doc[number.i : end].text} {middle} {before} {doc[end:stop].text}".split())


def _counts(number: "Token") -> bool:
    """Say whether a number counts the noun that follows it, unlike the one in "Claude 4"."""
    return number.head.i > number.i and grammar.plural(number.head)


def _within_clause(number: "Token", verb: "Token") -> bool:
    """Say whether the count stands in a relative or side clause of the sentence."""
    return any(
        above.dep_ in {"relcl", "advcl", "ccomp", "acl", "xcomp", "pcomp"}
        for above in number.ancestors
        if above != verb
    )


def _verb_phrase(doc: "Doc", verb: "Token", subject: str) -> str:
    """Return "does X follow" or "will X never replace"."""
    auxiliaries = grammar.auxiliaries(doc)
    if not auxiliaries:
        return f"{grammar.helper(verb)} {subject} {grammar.base(verb)}"
    first = auxiliaries[0]
    return f"{first.text} {subject} {doc[first.i + 1 : verb.i + 1].text}"


def _end_of_phrase(number: "Token", stop: int) -> int:
    """Return where "three important rules" or "five types of people" ends."""
    noun = number.head
    complements = [child for child in noun.children if child.text == "of" and child.i > noun.i]
    ends = [noun.i, *(token.i for child in complements for token in child.subtree)]
    return min(max(ends) + 1, stop)
