"""Whom running prose names as somebody who speaks.

A capitalised run of words is a person where the text treats it as one - by a form of address, a role,
a "she" that follows, a surname alone further on - and lets that person speak. Start from `speakers`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.ingest import names, speech

ADDRESS = re.compile(r"(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame|Professor|Lady|Lord|Coach|Captain|Judge|Sister|Father|Rev)\.?")
RUN = re.compile(rf"[^\W\d_a-zß-öø-ÿ][\w’'.-]*(?: (?:(?:{names.PARTICLE} ){{0,3}})?[^\W\d_a-zß-öø-ÿ][\w’'-]*\.?)+")
SENTENCE_END = re.compile(r"(?<=[.!?…”])(?<!\b[A-Z]\.)(?<!Dr\.)(?<!Mr\.)(?<!Ms\.)(?<!Mrs\.)(?<!Prof\.)\s+(?=[“A-Z(])")
IN_BRACKETS = re.compile(r" \((?P<title>[^()\d]*[a-z]{3}[^()\d]*)\)")
HE_SHE = "(?:[Hh]e|[Ss]he)"
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
IN_VIEW = re.compile(r"\b[Ii]n (?:his|her) (?:view|opinion|words)\b")
HOUSE = re.compile(
    rf"\b(?:{names.HOUSE}|Ltd|Inc|Labs?|Group|Bank|Club|League|Street|Road|River|Party|Company|Partners|Systems|Works|County|City)\b"
)
REACH = 2  # sentences in which "she" is still the person just named


@dataclass(frozen=True)
class _Mention:
    """A name in a sentence of a paragraph."""

    name: str
    title: str | None
    addressed: bool  # called "Dr", "Coach", "CFO"...
    rest: str  # of the sentence, after the name


def speakers(paragraphs: Sequence[str]) -> list[tuple[str, str | None]]:
    """Return everybody whom the paragraphs name in full and let speak, with the title beside the name."""
    framed = [SENTENCE_END.split(speech.framed(text, speech.quotations(text))) for text in paragraphs]
    everything = " ".join(sentence for sentences in framed for sentence in sentences)
    there = [[_mentions(sentence, everything) for sentence in sentences] for sentences in framed]
    surnames = Counter(name.split()[-1] for name in {one.name for of in there for ones in of for one in ones})
    found: dict[str, str | None] = {}
    for sentences, mentions in zip(framed, there, strict=True):
        for at, ones in enumerate(mentions):
            for one in ones:
                alone = surnames[one.name.split()[-1]] == 1
                if _speaks(one, sentences[at:], mentions[at:], everything, alone=alone):
                    found[one.name] = found.get(one.name) or one.title
    return list(found.items())


def _mentions(sentence: str, everything: str) -> list[_Mention]:
    """Return the people's names of a sentence."""
    out: list[_Mention] = []
    for run in RUN.finditer(sentence):
        before = sentence[: run.start()]
        name, leading = _bare(run[0], before, everything)
        if name and names.like_name(name) and not HOUSE.search(name):
            rest = sentence[run.end() :]
            bracket = IN_BRACKETS.match(rest)
            role = leading if leading and names.ROLE.search(leading) else None
            out.append(_Mention(name, bracket["title"] if bracket else role, bool(leading), rest))
    return out


def _bare(run: str, before: str, everything: str) -> tuple[str | None, str]:
    """Return the name of a capitalised run, and the role or form of address in front: "Head of Logistics Ada Byron"."""
    words = re.sub(r"[’']s?$", "", run).rstrip(".").split()
    lead = max(
        (at + 1 for at, word in enumerate(words) if _leads(word)),
        default=0,
    )
    whose = re.search(r"(?:^|[ “])((?:[A-Z]\w+ )*[A-Z]\w+ (?:of|for) )$", before)
    if whose and names.ROLE.search(whose[1]) and len(words) > 2:
        surname = len(re.findall(rf"(?<!{re.escape(words[-2])} )\b{re.escape(words[-1])}\b", everything))
        return (" ".join(words[-2:]), whose[1] + " ".join(words[:-2])) if surname else (None, "")
    kept = words[lead:]
    return (" ".join(kept) if 2 <= len(kept) <= 4 or _has_particle(kept) else None), " ".join(words[:lead])


def _leads(word: str) -> bool:
    return bool(ADDRESS.fullmatch(word) or names.ROLE.fullmatch(word)) or word.lower() in names.COMMON


def _has_particle(words: Sequence[str]) -> bool:
    return len(words) > 4 and any(word.islower() for word in words)


def _speaks(
    one: _Mention,
    following: Sequence[str],
    others: Sequence[Sequence[_Mention]],
    everything: str,
    *,
    alone: bool,
) -> bool:
    """Say whether the document lets a person speak: soon after the name, or by surname anywhere."""
    first, *later = following
    if others[0] == [one] and not speech.OWNED.search(first[: first.index(one.name)]):
        near = [text for text, there in zip(later, others[1:], strict=True) if not there][:REACH]
        if any(speech.speaks(text, HE_SHE) or IN_VIEW.search(text) for text in (one.rest, *near)):
            return True
        if speech.introduces(first, re.escape(one.name)):
            return True
    called = re.escape(one.name.split()[-1] if alone else one.name)
    says = speech.speaks(everything, called) or re.search(rf"\b[Aa]ccording to {called}\b", everything)
    says = says or (alone and any(speech.introduces(text, called) for text in SENTENCE_END.split(everything)))
    return bool(says) and _is_person(one, " ".join(following[: REACH + 1]), everything)


def _is_person(one: _Mention, following: str, everything: str) -> bool:
    """Say whether the text treats a name as that of a person, not of a house."""
    *_, before, surname = one.name.split()
    alone = re.search(rf"(?<!\b{re.escape(before)} )\b{re.escape(surname)}\b", everything)
    quoted = re.search(rf"” {speech.SAYS} [^.;:“”]{{0,60}}?{re.escape(one.name)}", everything)
    pronoun = PRONOUN.search(following) or re.match(r",? who\b", one.rest)
    return bool(one.addressed or one.title or alone or quoted or pronoun)
