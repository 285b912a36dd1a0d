"""Whose words or views a sentence reports, and what it says without the "..., Deng argues, ..." of the report.

A name is believed where one person alone can be meant: by a full name, by a part of it that nobody
else has, or by "she" after a sentence about one person. A sentence that reports nobody is
only somebody's between two that report the same person, in a paragraph that names nobody else.
Start from `heard`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quizapp.domain.documents import Speaker
from quizapp.generate import wording
from quizapp.ingest import names

SAYS = (
    r"(?:says|said|argues|argued|believes|thinks|notes|noted|explains|explained|adds|added|warns|warned|predicts|predicted|"
    r"claims|claimed|points out|pointed out|observes|observed|suggests|suggested|stresses|stressed|recalls|recalled|"
    r"reports|reported|admits|admitted|concedes|conceded|insists|insisted|maintains|maintained|concludes|concluded|"
    r"estimates|estimated|contends|contended|cautions|cautioned)"
)
TOLD = r"(?:told|reminded|assured|tells|reminds) (?:the |her |his )?\w+"
# What somebody should do is said by the whole sentence.
WISHES = r"(?:suggest|propos|recommend|insist|demand|urg|ask)\w*"
VERB = rf"(?:{names.PERSON_VERB}|{SAYS}|believed|recommend(?:s|ed)|distinguish(?:es|ed)|replie[sd]|disagree[sd]|would (?:ban|prefer|rather))"
OPENING = rf"(?P<who>[Hh]e|[Ss]he|{names.NAME}|[^\W\d_a-z][\w’'-]+)(?P<aside>,[^,]{{3,80}},| (?:of|from|at) (?:the )?[A-Z][^,.;]{{2,60}}?)?"
SUBJECT = re.compile(rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? {VERB}\b")
THAT = re.compile(
    rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? (?P<verb>{SAYS}|{TOLD}) that (?P<clause>.+)"
)
QUOTED = re.compile(
    rf"[,.?!]?[”\"],? (?P<who>he|she|{names.NAME}|[A-Z][\w-]*) {SAYS}\b|"
    rf", (?P<late>he|she|{names.NAME}|[A-Z][\w-]*) {SAYS}[.]?$"
)
WORDS = re.compile(rf"^[\"“](?P<words>[^\"“”]{{20,}}?)[,.]?[\"”],? (?P<who>he|she|{names.NAME}|[A-Z][\w-]*) {SAYS}\.?$")
INVERTED = re.compile(
    rf"^[A-Z][^.\"“”]{{5,80}}, (?:countered|replied|said|argued|added|warned) (?P<who>{names.NAME})(?=[,.])"
)
OWN_WORK = re.compile(
    r"(?P<who>His|Her|[^\W\d_a-z][\w-]*(?: [^\W\d_a-z][\w-]*)?[’']s?) (?:\w+ )?(?:group|team|study|studies|survey|research|data|figures|model|"
    r"analysis|advice|conclusion|point|argument|answer|lab|laboratory|experiments?|trials?|recommendation|proposal|estimate|example)\b"
)
SECOND_THAT = re.compile(r",? (?P<joint>and|but) that ")
OTHER_REPORT = re.compile(rf",? and (?:{VERB}|put|gave|showed|went|said)\b.*")
KIN = re.compile(
    r"\b(?:uncle|aunt|father|mother|brother|sister|son|daughter|wife|husband|friend|neighbour|neighbor|colleague|"
    r"grand\w+|boss|teacher|student|patient|man|woman|boy|girl)\b",
    re.IGNORECASE,
)
WRITER = re.compile(
    r"\b(?:audience|applause|session|conference|hall|room|laugh\w*|lunch|coffee|speakers?|panel|delegates|somebody|someone|asked|according to)\b",
    re.IGNORECASE,
)
NARRATING = re.compile(r"\b(?:I|[Ww]e|[Oo]urs?|[Uu]s|my|My|me)\b|^\(")
HE_SHE = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Hh]ers)\b")
HE_OR_SHE = "(?:[Hh]e|[Ss]he)"
OPENS_WITH = re.compile(r"(?:(?:But|And|Still|Yet),? )?(?:H(?:e|is|er)|She)\b")
FEMALE = {"she", "her", "hers"}


@dataclass(frozen=True)
class Heard:
    """A sentence of a block with whom it reports."""

    said: str  # without the words that only name the speaker
    speaker: Speaker | None
    told: str = ""  # the report with the whole name of whom it reports, where it reports somebody


@dataclass(frozen=True)
class Around:
    """Whom a block can be about."""

    people: Sequence[Speaker]
    host: Speaker | None = None  # whose section it stands in
    above: Speaker | None = None  # whom alone the paragraph before is about


def heard(sentences: Sequence[str], speaker: Speaker | None, around: Around) -> list[Heard]:
    """Return whom each sentence of a block reports; all of it is the speaker's, if the block has one.

    In a section of one speaker "she" is that speaker, as she is in a paragraph after one about her
    alone; there the section's other statements are the speaker's too.
    """
    if speaker is not None:
        own = [(speaker, _called(speaker, [speaker]))]
        return [replace(_without_asides(one, own) or Heard(one, speaker), told="") for one in sentences]
    paragraph = _Paragraph({person: _called(person, around.people) for person in around.people})
    opening = around.above if sentences and OPENS_WITH.match(sentences[0]) else None
    if known := around.host or opening:
        paragraph.named, paragraph.last = [known], known
    return _carried([paragraph.hear(one) for one in sentences], sentences, paragraph, around.host)


def only(text: str, people: Sequence[Speaker]) -> Speaker | None:
    """Return the one person whom a paragraph names."""
    there = [who for who in people if re.search(rf"\b{_called(who, people)}(?![\w-])", text)]
    return there[0] if len(there) == 1 and not KIN.search(text) else None


@dataclass
class _Paragraph:
    """What a paragraph has said so far about whom."""

    called: dict[Speaker, str]
    named: list[Speaker] = field(default_factory=list)
    last: Speaker | None = None  # whom alone the sentence before is about
    strangers: bool = False  # whether it reports somebody who is not known
    blurred: bool = False  # whether the sentence before is about somebody else as well
    female: dict[str, bool] = field(default_factory=dict)

    def hear(self, sentence: str) -> Heard:
        """Return whom a sentence reports, and remember whom it names."""
        before = self.last
        there = [who for who, called in self.called.items() if re.search(rf"\b{called}(?![\w-])", sentence)]
        found = self._heard(sentence, before)
        self.named += [who for who in there if who not in self.named]
        stranger = _stranger(sentence) and found.speaker is None and not there
        other = stranger or bool(KIN.search(sentence))
        alone = there[0] if len(there) == 1 else None
        self.strangers |= stranger
        self.last = None if other else alone or (before if not there else None)
        self.blurred = other
        return found

    def _heard(self, sentence: str, before: Speaker | None) -> Heard:
        reports = THAT.match(sentence)
        if not reports and (aside := _without_asides(sentence, self._forms(sentence, before))):
            return aside
        found = reports or SUBJECT.match(sentence) or OWN_WORK.match(sentence)
        found = found or INVERTED.match(sentence) or QUOTED.search(sentence)
        who = next((one for one in found.groupdict("").values() if one), "") if found else ""
        meant = self._who(re.sub("[’']s?$", "", who), before) if who else None
        if not found or meant is None:
            return Heard(sentence, None)
        if found.re in (QUOTED, INVERTED):
            words = WORDS.match(sentence)
            return Heard(wording.capitalised(words["words"]) if words else sentence, meant, sentence)
        name = f"{meant.name}’s" if found.re is OWN_WORK else meant.name
        told = f"{name}{sentence[found.end('who') :]}"
        return Heard(_clause(sentence) or told, meant, told)

    def _forms(self, sentence: str, before: Speaker | None) -> list[tuple[Speaker, str]]:
        """Return everybody with what a sentence can call them."""
        found = HE_SHE.search(sentence)
        meant = self._person(before, female=found[0].lower() in FEMALE) if found else None
        return [*self.called.items(), *([(meant, HE_OR_SHE)] if meant else [])]

    def _who(self, who: str, before: Speaker | None) -> Speaker | None:
        if HE_SHE.fullmatch(who):
            return self._person(before, female=who.lower() in FEMALE)
        meant = [person for person, called in self.called.items() if re.fullmatch(called, who)]
        return meant[0] if len(meant) == 1 else None

    def _person(self, before: Speaker | None, *, female: bool) -> Speaker | None:
        alone = len(self.named) == 1 and not (self.strangers or self.blurred)
        meant = self.named[0] if alone else before
        return meant if meant and self.female.setdefault(meant.name, female) == female else None


def _carried(
    found: list[Heard], sentences: Sequence[str], paragraph: _Paragraph, host: Speaker | None
) -> list[Heard]:
    """Return the sentences with those between two of one person's as that person's, where nobody else is named.

    In a section of one speaker these are all that neither tell about anybody nor are the writer's.
    """
    if len(paragraph.named) != 1:
        return found
    (who,) = paragraph.named
    own = [at for at, one in enumerate(found) if one.speaker]
    inside = range(own[0], own[-1]) if own and not paragraph.strangers else range(0)
    inside = range(len(found)) if host and not paragraph.strangers else inside
    writer = re.compile(f"{WRITER.pattern}|{NARRATING.pattern}") if host else WRITER
    return [
        Heard(one.said, who)
        if at in inside and one.speaker is None and not writer.search(text) and not _about(text, paragraph)
        else one
        for at, (one, text) in enumerate(zip(found, sentences, strict=True))
    ]


def _about(sentence: str, paragraph: _Paragraph) -> bool:
    """Say whether a sentence tells about somebody rather than in their voice."""
    return bool(HE_SHE.search(sentence) or KIN.search(sentence)) or any(
        re.search(rf"\b{called}(?![\w-])", sentence) for called in paragraph.called.values()
    )


def _stranger(sentence: str) -> bool:
    """Say whether a sentence opens with what somebody says."""
    found = SUBJECT.match(sentence)
    return found is not None and found["who"].lower() not in {"he", "she"}


def _clause(sentence: str) -> str | None:
    """Return what "Deng argued that ..." argues, when it is whole and no wish."""
    found = THAT.match(sentence)
    if not found or re.match(WISHES, found["verb"]) or '"' in sentence or "“" in sentence:
        return None
    clause = OTHER_REPORT.sub("", SECOND_THAT.sub(lambda also: f", {also['joint']} ", found["clause"]))
    return (
        None
        if HE_SHE.match(clause) or re.match(r"(?:such|this|these|those)\b", clause)
        else wording.capitalised(clause)
    )


def _without_asides(sentence: str, names_of: Sequence[tuple[Speaker, str]]) -> Heard | None:
    """Return the sentence without "..., Deng says, ..." and whose view it is."""
    for person, name in names_of:
        view = rf"(?:{name}|[Hh](?:er|is))" if name == HE_OR_SHE else rf"{name}[’']s?"
        aside = re.compile(
            rf",? (?:according to|in the view of|in the words of) {name}(?=[,.:;])|"
            rf",? in {view} (?:view|opinion|words|eyes)(?=[,.:;])|"
            rf", {name} {SAYS}(?=[,.:;])|"
            rf"^(?:According to|In the view of|For) {name}, |^In {view} (?:view|opinion|eyes), |"
            rf"^{name} (?!{WISHES}){SAYS} that |^As {name} {SAYS}, "
        )
        if found := aside.search(sentence):
            said = _tidied(aside.sub(lambda one: _joint(sentence, one), sentence, count=1))
            return Heard(said, person, _named(sentence, found, name, person))
    return None


def _named(sentence: str, aside: re.Match[str], name: str, person: Speaker) -> str:
    """Return a sentence whose aside gives the whole name."""
    whole = re.sub(
        r"\bin h(?:er|is)\b(?= (?:view|opinion|words|eyes))", f"in {person.name}’s", aside[0], flags=re.IGNORECASE
    )
    whole = whole if whole != aside[0] else re.sub(rf"\b{name}\b", person.name, aside[0], count=1)
    return wording.capitalised(f"{sentence[: aside.start()]}{whole}{sentence[aside.end() :]}")


def _called(person: Speaker, people: Sequence[Speaker]) -> str:
    """Return the pattern of what means one person: a full name, and its parts that no other person has."""
    parts = person.name.split()
    others = {part for other in people if other != person for part in (*other.name.split(), names.initials(other.name))}
    forms = {person.name, *({parts[0], parts[-1], names.initials(person.name)} - others)}
    return "(?:" + "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True) if form) + ")"


def _joint(sentence: str, found: re.Match[str]) -> str:
    """Keep the comma that an aside between two commas also served as."""
    between = found.start() > 0 and sentence[found.end() : found.end() + 1] == ","
    inner = sentence[found.end() + 1 : found.end() + 2] == " "
    return "" if not (between and inner) else "\x00"


def _tidied(text: str) -> str:
    return wording.capitalised(re.sub("\x00, ", " ", text))
