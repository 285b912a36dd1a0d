"""Whom running prose names as somebody who speaks.

A capitalised run of words is a person where the text treats it as one - by a form of address, a role,
a "she" that follows, a surname alone further on - and lets that person speak. Start from `speakers`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.ingest import lookup, names, speech
from quizapp.ingest.lookup import Text

ADDRESS = re.compile(r"(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame|Professor|Lady|Lord|Coach|Captain|Judge|Sister|Father|Rev)\.?")
RUN = re.compile(rf"[^\W\d_a-zß-öø-ÿ][\w’'.-]*(?: (?:(?:{names.PARTICLE} ){{0,3}})?[^\W\d_a-zß-öø-ÿ][\w’'-]*\.?)+")
SENTENCE_END = re.compile(r"(?<=[.!?…”])(?<!\b[A-Z]\.)(?<!Dr\.)(?<!Mr\.)(?<!Ms\.)(?<!Mrs\.)(?<!Prof\.)\s+(?=[“A-Z(])")
IN_BRACKETS = re.compile(r" \((?P<title>[^()\d]*[a-z]{3}[^()\d]*)\)")
BRACKETS = re.compile(r"\([^()]*\)")
# Between two names: "Ada Byron, head of planning at the network operator Loom Grid".
IN_TITLE = re.compile(rf", (?!.*\b{speech.SAYS}\b)(?:[a-z][\w’'-]* )+")
HE_SHE = "(?:[Hh]e|[Ss]he)"
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
IN_VIEW = re.compile(r"\b[Ii]n (?:his|her) (?:view|opinion|words)\b")
HOUSE = re.compile(
    rf"\b(?:{names.HOUSE}|Ltd|Inc|Labs?|Group|Bank|Club|League|Street|Road|River|Party|Company|Partners|Systems|Works|County|City)\b"
)
ITS = re.compile(r"\b(?:it|its|[Tt]he (?:company|firm|group|agency|charity|bank|board|council|club))\b")
# "Ada Byron, who runs a mill, ...", "Ada Byron and Bo Li, who ..."
PRESENTED = re.compile(rf"(?: and {names.NAME})?, who [a-z]")
LEADING = re.compile(rf"(?:^|[,;:”] |\b{speech.SAYS} )$")
REACH = 2  # sentences in which "she" is still the person just named


@dataclass(frozen=True)
class _Mention:
    """A name in a sentence of a paragraph."""

    name: str
    title: str | None
    addressed: bool  # called "Dr", "Coach", "CFO"...
    before: str  # of the sentence
    rest: str  # of the sentence, after the name


@dataclass(frozen=True)
class _Read:
    """Paragraphs as sentences without what they quote, and the names in each."""

    sentences: list[list[str]]
    mentions: list[list[list[_Mention]]]
    everything: Text


def speakers(paragraphs: Sequence[str]) -> list[tuple[str, str | None]]:
    """Return everybody whom the paragraphs name in full and let speak, with the title beside the name."""
    read = _read(paragraphs)
    everything, surnames = read.everything, _surnames(read)
    found: dict[str, str | None] = {}
    houses = {one.name for one, following, _ in _each(read) if _is_house(one, following, everything)}
    for one, following, others in _each(read):
        if one.name in houses:
            continue
        alone = surnames[one.name.split()[-1]] == 1
        if one.name not in found and _speaks(one, following, others, everything, alone=alone):
            found[one.name] = one.title
        elif one.name in found:
            found[one.name] = found[one.name] or one.title
    return list(found.items())


def named(paragraphs: Sequence[str]) -> list[str]:
    """Return everybody whom the paragraphs name in full as a person, whether or not they speak."""
    read = _read(paragraphs)
    everything = read.everything
    return list({one.name: one for one, following, _ in _each(read) if _is_person(one, following[0], everything)})


def _each(read: _Read) -> Iterator[tuple[_Mention, list[str], list[list[_Mention]]]]:
    """Yield each name, with its sentence and those after it in the paragraph, and their names."""
    for sentences, mentions in zip(read.sentences, read.mentions, strict=True):
        for at, there in enumerate(mentions):
            for one in there:
                yield one, sentences[at:], mentions[at:]


def _surnames(read: _Read) -> Counter[str]:
    """Return how many people bear each surname."""
    return Counter(name.split()[-1] for name in {one.name for one, _, _ in _each(read)})


def _read(paragraphs: Sequence[str]) -> _Read:
    framed = [SENTENCE_END.split(speech.framed(text, speech.quotations(text))) for text in paragraphs]
    everything = Text(sentence for sentences in framed for sentence in sentences)
    names_in = [[_mentions(sentence, everything) for sentence in sentences] for sentences in framed]
    read = _Read(framed, names_in, everything)
    surnames = _surnames(read)
    full = {one.name.split()[-1]: one.name for one, _, _ in _each(read) if surnames[one.name.split()[-1]] == 1}
    again = _again(full)
    for sentences, mentions in zip(framed, read.mentions, strict=True):
        for sentence, there in zip(sentences, mentions, strict=True):
            here = {one.name for one in there}
            there += [one for one in again(sentence) if one.name not in here]
    return read


def _again(full: dict[str, str]) -> Callable[[str], list[_Mention]]:
    """Return what finds surnames in a sentence; `full` tells whose they are."""
    opening: dict[str, list[str]] = defaultdict(list)
    for surname in full:
        opening[lookup.first_word(surname)].append(surname)

    def found(sentence: str) -> list[_Mention]:
        out, end = [], 0
        for word in lookup.WORD.finditer(sentence):
            for surname in opening.get(word[0], ()):
                at, behind = word.start(), word.start() + len(surname)
                if at >= end and sentence.startswith(surname, at) and not lookup.GOES_ON.match(sentence, behind):
                    out.append(
                        _Mention(full[surname], None, addressed=False, before=sentence[:at], rest=sentence[behind:])
                    )
                    end = behind
        return out

    return found


def _mentions(sentence: str, everything: Text) -> list[_Mention]:
    """Return the people's names of a sentence."""
    out: list[_Mention] = []
    for run in RUN.finditer(BRACKETS.sub(lambda one: " " * len(one[0]), sentence)):
        before = sentence[: run.start()]
        name, leading = _bare(run[0], before, everything)
        if name and names.like_name(name) and not HOUSE.search(name):
            start = sentence.index(name, run.start())
            between = sentence[len(out[-1].before) + len(out[-1].name) : start] if out else ""
            if IN_TITLE.fullmatch(between):
                continue
            rest = sentence[start + len(name) :]
            bracket = IN_BRACKETS.match(rest)
            role = leading if leading and names.ROLE.search(leading) else None
            out.append(_Mention(name, bracket["title"] if bracket else role, bool(leading), sentence[:start], rest))
    return out


def _bare(run: str, before: str, everything: Text) -> tuple[str | None, str]:
    """Return the name of a capitalised run, and the role or form of address in front: "Head of Logistics Ada Byron"."""
    words = re.sub(r"[’']s?$", "", run).rstrip(".").split()
    lead = max(
        (at + 1 for at, word in enumerate(words) if _leads(word)),
        default=0,
    )
    whose = re.search(r"(?:^|[ “])((?:[A-Z]\w+ )*[A-Z]\w+ (?:of|for) )$", before)
    if whose and names.ROLE.search(whose[1]) and len(words) > 2:
        again = everything.calls(words[-1], without=words[-2])
        return (" ".join(words[-2:]), whose[1] + " ".join(words[:-2])) if again else (None, "")
    opens = not before or before.endswith((". ", "“", ": "))
    if lead == 0 and opens and everything.writes(words[0].lower()):
        lead = 1  # an ordinary word that opens the sentence: "Between Byron and ..."
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
    everything: Text,
    *,
    alone: bool,
) -> bool:
    """Say whether the document lets a person speak: soon after the name, or by surname anywhere."""
    first, *later = following
    if [other for other in others[0] if not _owned(other)] == [one]:
        near = [text for text, there in zip(later, others[1:], strict=True) if not there][:REACH]
        if any(speech.speaks(text, HE_SHE) or IN_VIEW.search(text) for text in (one.rest, *near)):
            return True
        if ": “" in one.rest and speech.introduces(first, re.escape(one.name.split()[-1])):
            return True
    if PRESENTED.match(one.rest) and not _owned(one):
        return True
    called = one.name.split()[-1] if alone else one.name
    return everything.reports(called) and (
        (LEADING.search(one.before) is not None and Text((first,)).speaks(one.name))
        or _is_person(one, " ".join(following[: REACH + 1]), everything)
    )


def _owned(one: _Mention) -> bool:
    """Say whether a sentence names somebody only as whose something is, or to whom it happens."""
    return bool(speech.OWNED.search(one.before)) or one.rest[:1] in {"’", "'"}


def _is_house(one: _Mention, following: Sequence[str], everything: Text) -> bool:
    """Say whether the text goes on with "it" or "the company" about a name."""
    near = " ".join((one.rest, *following[1:REACH]))
    return bool(LEADING.search(one.before) and ITS.search(near)) and not _is_person(one, near, everything)


def _is_person(one: _Mention, following: str, everything: Text) -> bool:
    """Say whether the text treats a name as that of a person, not of a house."""
    *_, before, surname = one.name.split()
    alone = everything.calls(surname, without=before)
    quoted = everything.attributes(one.name)
    pronoun = PRONOUN.search(following) or re.match(r",? who\b", one.rest)
    return bool(one.addressed or one.title or alone or quoted or pronoun)
