"""Whose words or views a sentence reports, and what it says without the "..., Deng argues, ..." of the report.

A name is believed where one person alone can be meant: by a full name, by a part of it that nobody
else has, or by "she" after a sentence about one person. A sentence that reports nobody is
only somebody's between two that report the same person, in a paragraph that names nobody else.
Start from `heard`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quizapp.domain.documents import Speaker
from quizapp.generate import wording
from quizapp.ingest import names

SAYS = (
    r"(?:says|said|argues|argued|believes|thinks|notes|noted|explains|explained|adds|added|warns|warned|predicts|predicted|"
    r"claims|claimed|points out|pointed out|observes|observed|suggests|suggested|stresses|stressed|recalls|recalled|"
    r"reports|reported|admits|admitted|concedes|conceded|insists|insisted|maintains|maintained|concludes|concluded|"
    r"estimates|estimated|contends|contended|cautions|cautioned|replies|replied|reckons|reckoned|countered|answered|remarks|remarked)"
)
TOLD = r"(?:told|reminded|assured|tells|reminds) (?:the |her |his )?\w+"
# What somebody should do is said by the whole sentence.
WISHES = r"(?:suggest|propos|recommend|insist|demand|urg|ask)\w*"
STANCE = r"(?:wants|wanted|prefers|preferred|favou?rs|favou?red|hopes|fears|doubts|doubted|rejects|rejected|opposes|opposed|blames|blamed|advises|advised)"
VERB = rf"(?:{names.PERSON_VERB}|{SAYS}|{STANCE}|believed|recommend(?:s|ed)|distinguish(?:es|ed)|disagree[sd]|would (?:ban|prefer|rather))"
OPENING = rf"(?P<who>[Hh]e|[Ss]he|{names.NAME}|[^\W\d_a-z][\w’'-]+)(?P<aside>,[^,]{{3,80}},| (?:of|from|at) (?:the )?[A-Z][^,.;]{{2,60}}?)?"
SUBJECT = re.compile(rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? {VERB}\b")
THAT = re.compile(
    rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? (?P<verb>{SAYS}|{TOLD}) that (?P<clause>.+)"
)
LACKS = re.compile(rf"What (?P<who>he|she|{names.NAME}|[A-Z][\w-]+) [a-z]+s (?=(?:is|are|was|were)\b)")
# "Its drawback is speed: Deng conceded that ...", "That was Ada Byron, head of looms, who argued that ..."
INNER_THAT = re.compile(
    rf"(?:^|[,:;] |\bwas )(?:and |but )?(?P<who>he|she|{names.NAME}|[A-Z][\w-]+)"
    rf"(?:(?:,[^;:“\"]{{3,120}},)? who|,[^,;:“\"]{{3,90}},)?(?: also| then| first)? {SAYS} that (?P<clause>[^;:]+)$"
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
    r"(?:(?:In|From|By|For) )?(?P<who>[Hh]is|[Hh]er|[^\W\d_a-z][\w-]*(?: [^\W\d_a-z][\w-]*)?[’']s?) (?:\w+ )?(?:group|team|study|studies|survey|research|data|figures|model|"
    r"analysis|advice|conclusion|point|argument|answer|lab|laboratory|experiments?|trials?|recommendation|proposal|estimate|example|"
    r"remedy|tip|lesson|warning|view|rule|message|plea|verdict|prediction|forecast|thesis|worry|suggestion|reckoning)\b"
)
OWN = re.compile(
    r"\b(?P<whose>[Hh]is|[Hh]er) (?=[a-z-]{3,}\b)(?!(?:and|that|the|about|for|with|from|when|how|because|what|into|not|whether|out)\b)"
)
SECOND_THAT = re.compile(r",? (?P<joint>and|but) that ")
OTHER_REPORT = re.compile(rf",? and (?:{VERB}|put|gave|showed|went|said)\b.*")
KIN = re.compile(
    r"\b(?:uncle|aunt|father|mother|brother|sister|son|daughter|wife|husband|friend|neighbour|neighbor|colleague|"
    r"grand\w+|boss|teacher|student|patient|man|woman|boy|girl)\b",
    re.IGNORECASE,
)
WRITER = re.compile(
    r"\b(?:audience|applause|session|conference|(?:the|packed|full) (?:hall|room)|laugh\w*|lunch|coffee|speakers?|panel|delegates|somebody|someone|asked|according to|"
    r"slides|recording|(?:the|this|her|his) (?:talk|lecture)|crowd\w*|next (?:year|time|week|month|meeting)|thanks)\b",
    re.IGNORECASE,
)
NARRATING = re.compile(r"\b(?:I|[Ww]e|[Oo]urs?|[Uu]s|my|My|me)\b|^\(")
# Somebody else to whom a "his" can belong.
SOMEBODY = re.compile(
    r"\b(?!(?:after|over|under|other|another|together|water|number|power|paper|never|ever|however|whether|either|rather|better|winter|"
    r"summer|computer|for|or|floor|door|major|factor|sector|motor|per|her|older|newer|longer|larger|smaller|higher|lower|member)s?\b)"
    r"[a-z]+(?:er|or|ist|ian|ee|man|men)s?\b|\b(?:people|person|child|children|one|each|every|tenant|student|resident|patient|client|agent|"
    r"somebody|someone|everybody|everyone|nobody)s?\b"
)
QUESTIONED = re.compile(r"(?:Some(?:one|body)|Another|One \w+) (?:also )?asked\b")
HE_SHE = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Hh]ers)\b")
TOO = re.compile(r", too, ")
ACTS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Hh]ers)\b|\b[Hh]er(?= (?:and|that|the|about|for|with|from|when|how|in|to|out)\b|[,.;:]|$)"
)
HE_OR_SHE = "(?:[Hh]e|[Ss]he)"
# "in every study she has run" tells about her in passing
IN_PASSING = re.compile(r"(?<=\w) (?:every|each|all|any|the|most|of \w+) [a-z]+ (?:she|he)\b")
WHOLE_QUOTE = re.compile(r"[\"“«][^\"“”«»]+[\"”»]?")
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
        own += [(speaker, HE_OR_SHE)] if speaker == around.host else []
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
        found = self._owned(found, sentence, before)
        stranger = _stranger(sentence) and found.speaker is None and not there
        other = stranger or bool(KIN.search(sentence))
        alone = there[0] if len(there) == 1 else None
        self.strangers |= stranger
        self.last = None if other else alone or (before if not there else None)
        self.blurred = other
        return found

    def turns(self, sentence: str, who: Speaker) -> bool:
        """Say whether a sentence turns to somebody else."""
        return _stranger(sentence) or any(
            re.search(rf"\b{called}(?![\w-])", sentence) for other, called in self.called.items() if other != who
        )

    def _heard(self, sentence: str, before: Speaker | None) -> Heard:
        reports = THAT.match(sentence)
        if not reports and (aside := _without_asides(sentence, self._forms(sentence, before))):
            return aside
        found = reports or SUBJECT.match(sentence) or OWN_WORK.match(sentence) or LACKS.match(sentence)
        found = found or INVERTED.match(sentence) or QUOTED.search(sentence) or INNER_THAT.search(sentence)
        who = next((one for one in found.groupdict("").values() if one), "") if found else ""
        if found and found.re is INNER_THAT and HE_SHE.fullmatch(who):
            before = next((one for one, called in self.called.items() if re.match(called, sentence)), before)
        meant = self._who(re.sub("[’']s?$", "", who), before) if who else None
        if not found or meant is None:
            return Heard(sentence, None)
        if found.re is INNER_THAT:
            return Heard(_inner_clause(sentence, found) or sentence, meant, sentence)
        if found.re in (QUOTED, INVERTED):
            words = WORDS.match(sentence)
            return Heard(wording.capitalised(words["words"]) if words else sentence, meant, sentence)
        name = f"{meant.name}’s" if found.re is OWN_WORK else meant.name
        start = found.start("who") if found.re in (OWN_WORK, LACKS) else 0
        told = TOO.sub(" ", f"{sentence[:start]}{name}{sentence[found.end('who') :]}")
        return Heard(_clause(sentence) or told, meant, told)

    def _owned(self, found: Heard, sentence: str, before: Speaker | None) -> Heard:
        """Return a sentence with a name for its first "her", unless it names somebody already."""
        own = OWN.search(found.said)
        whose = self._person(before, female=own["whose"].lower() in FEMALE) if own else None
        anybody = any(re.search(rf"\b{called}(?![\w-])", found.said) for called in self.called.values())
        strange = own and (SOMEBODY.search(found.said[: own.start()]) or KIN.search(found.said))
        if (
            own is None
            or whose is None
            or anybody
            or strange
            or ACTS.search(found.said[: own.start()])
            or '"' in found.said
            or "“" in found.said
        ):
            return found
        name = whose.name + ("’" if whose.name.endswith("s") else "’s")
        said = f"{found.said[: own.start()]}{name} {found.said[own.end() :]}"
        return replace(found, said=said, told=said if found.said == sentence else found.told)

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


def _carried(found: list[Heard], sentences: Sequence[str], paragraph: _Paragraph, host: Speaker | None) -> list[Heard]:
    """Return the sentences with those between two of one person's as that person's, where nobody else is named.

    In a section of one speaker, a paragraph that refers to them is theirs but for what tells about
    somebody and what is the writer's.
    """
    whose: dict[int, Speaker] = {}
    if host is not None and paragraph.named == [host] and any(_about(text, paragraph) for text in sentences):
        whose = dict.fromkeys(range(0 if paragraph.strangers else len(found)), host)
    own = [at for at, one in enumerate(found) if one.speaker]
    for before, after in pairwise(own):
        who, between = found[before].speaker, range(before + 1, after)
        if who and who == found[after].speaker and not any(paragraph.turns(sentences[at], who) for at in between):
            whose |= dict.fromkeys(between, who)
    return [
        replace(one, speaker=whose[at])
        if at in whose and one.speaker is None and not _is_writers(sentences[at], one.said, paragraph, whose[at])
        else one
        for at, one in enumerate(found)
    ]


def _about(sentence: str, paragraph: _Paragraph) -> bool:
    """Say whether a sentence refers to somebody whom the paragraph is about."""
    return bool(HE_SHE.search(sentence)) or any(
        re.search(rf"\b{called}(?![\w-])", sentence) for called in paragraph.called.values()
    )


def _is_writers(sentence: str, said: str, paragraph: _Paragraph, who: Speaker) -> bool:
    """Say whether the writer tells about somebody or of the day; of what is a speaker's own, both do."""
    if WHOLE_QUOTE.fullmatch(sentence):
        return False
    bare = IN_PASSING.sub("", said.replace(f"{who.name}’", ""))
    return bool(WRITER.search(sentence) or NARRATING.search(bare) or ACTS.search(bare) or KIN.search(bare)) or any(
        re.search(rf"\b{called}(?![\w-])", bare) for called in paragraph.called.values()
    )


def _stranger(sentence: str) -> bool:
    """Say whether a sentence opens with what somebody says."""
    found = None if QUESTIONED.match(sentence) else SUBJECT.match(sentence)
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


def _inner_clause(sentence: str, found: re.Match[str]) -> str | None:
    """Return what a report further on in a sentence says, when it is whole."""
    clause = found["clause"]
    unclear = HE_SHE.match(clause) or re.search(r"[“”\"]|^(?:such|this|these|those|it|they)\b", clause)
    return None if unclear or "." in clause[:-1] else wording.capitalised(clause)


def _without_asides(sentence: str, names_of: Sequence[tuple[Speaker, str]]) -> Heard | None:
    """Return the sentence without "..., Deng says, ..." and whose view it is."""
    for person, name in names_of:
        view = rf"(?:{name}|[Hh](?:er|is))" if name == HE_OR_SHE else rf"{name}[’']s?"
        aside = re.compile(
            rf",? (?:according to|in the view of|in the words of) {name}(?=[,.:;])|"
            rf",? (?:in|by|to) {view} (?:view|opinion|words|eyes|reckoning|estimate|account|mind|experience)(?=[,.:;])|"
            rf",? as {name} puts? it(?=[,.:;])|"
            rf", {name} {SAYS}(?=[,.:;])|"
            rf"^(?:According to|In the view of|For) {name}, |^In {view} (?:view|opinion|eyes), |"
            rf"^{name} (?!{WISHES}){SAYS} that |^As {name} {SAYS}, |^For {name} (?=(?:they|it|the|a|an) )"
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
