"""Whose words or views a sentence reports, and what it says without the "..., Deng argues, ..." of the report.

A name is believed where one person alone can be meant: by a full name, by a part of it that nobody
else has, or by "she" after a sentence about one person. A sentence that reports nobody is
only somebody's between two that report the same person, in a paragraph that names nobody else.
Start from `heard`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from quizapp.domain.documents import Span, Speaker
from quizapp.generate import wording
from quizapp.ingest import names, speech

SAYS, TOLD = speech.SAYS, speech.TOLD
# What somebody should do is said by the whole sentence.
WISHES = r"(?:suggest|propos|recommend|insist|demand|urg|ask)\w*"
VERB = rf"(?:{names.PERSON_VERB}|{SAYS}|{speech.STANCE}|believed|recommend(?:s|ed)|distinguish(?:es|ed)|disagree[sd]|would (?:ban|prefer|rather))"
OPENING = rf"(?P<who>[Hh]e|[Ss]he|{names.NAME}|[^\W\d_a-z][\w’'-]+)(?P<aside>,[^,]{{3,80}},| (?:of|from|at) (?:the )?[A-Z][^,.;]{{2,60}}?)?"
SUBJECT = re.compile(
    rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? {VERB}\b(?! nothing\b| little\b| no more\b)"
)
THAT = re.compile(
    rf"(?:But |And |Still, |Yet )?{OPENING}(?: also| then| first| further)? (?P<verb>{SAYS}|{TOLD})(?: that |: (?=[a-z]))(?P<clause>.+)"
)
LACKS = re.compile(rf"What (?P<who>he|she|{names.NAME}|[A-Z][\w-]+) [a-z]+s (?=(?:is|are|was|were)\b)")
# "Its drawback is speed: Deng conceded that ...", "That was Ada Byron, head of looms, who argued that ..."
INNER_THAT = re.compile(
    rf"(?:^|[,:;] |\bwas )(?:and |but )?(?P<who>he|she|{names.NAME}|[A-Z][\w-]+)"
    rf"(?:(?:,[^;:“\"]{{3,120}},)? who|,[^,;:“\"]{{3,90}},)?(?: also| then| first)? {SAYS} that (?P<clause>[^;:]+)$"
)
INVERTED = re.compile(
    rf"^[A-Z][^.\"“”]{{5,80}}, (?:countered|replied|said|argued|added|warned) (?P<who>{names.NAME})(?=[,.])"
)
OWN_WORK = re.compile(
    r"(?:(?:In|From|By|For) )?(?P<who>[Hh]is|[Hh]er|[^\W\d_a-z][\w-]*(?: [^\W\d_a-z][\w-]*)?[’']s?) (?:\w+ )?(?:group|team|study|studies|survey|research|data|figures|model|"
    r"analysis|advice|conclusion|point|argument|answer|lab|laboratory|experiments?|trials?|recommendation|proposal|estimate|example|"
    r"remedy|tip|lesson|warning|view|opinion|experience|rule|message|plea|verdict|prediction|forecast|thesis|worry|suggestion|reckoning)\b"
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
OPENS = r"(?:(?:But|And|Still|Yet),? )?(?:(?:The|Old|Young|Dr|Prof|Mr|Mrs|Ms|Coach)\.? (?:\w+ )?)?"
QUOTED_WORDS = 3
# "Cai Rees had missed twice.", "Her neighbour, Cai Rees, ...", "The miller wept."
UNKNOWN = re.compile(rf"\b(?P<who>{names.NAME})(?:,| \(| [a-z])")
ONE_OF = re.compile(rf"(?:The|A|An|One|Another|Her|His|Their) (?:[a-z-]+ ){{0,2}}?{SOMEBODY.pattern} [a-z]")
# "AB presented the forecast.", and what in minutes is everybody's.
PRESENTED = (
    r"(?: then| also)? (?:presented|reported on|introduced|outlined|summari[sz]ed|set out|(?:went|ran|took \w+) through|"
    r"gave (?:an?|the|her|his|their) [^,;:]{0,40}?(?:report|update|overview|summary|presentation|account))\b"
)
BODY = r"(?:[Bb]oard|[Gg]overnors|[Tt]rustees|[Mm]embers|[Cc]ommittee|[Cc]ouncil|[Mm]eeting|[Tt]eam|[Gg]roup|[Ee]verybody|[Ee]veryone)"
EVERYBODYS = re.compile(
    rf"\b{BODY} (?:\w+ )?(?:asked|thank\w*|agreed|noted|discussed|approved|resolved|decided|welcomed|accepted|felt|wondered|was|were)\b|"
    r"\b(?:was|were|been) (?:\w+ )?(?:agreed|noted|discussed|approved|resolved|decided|asked|thanked|accepted|adjourned|deferred)\b|"
    r"^(?:Decision|Decided|Action|Resolved|Agreed|Approved|Deferred|Noted|Carried)\b|\b[Dd]iscussion\b|[“\"?]"
)
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
    others: Sequence[str] = ()  # who is named, and not known to speak
    quoted: Speaker | None = None  # whose quotation the paragraph before left open
    minutes: bool = False


def heard(sentences: Sequence[str], speaker: Speaker | None, around: Around) -> list[Heard]:
    """Return whom each sentence of a block reports; all of it is the speaker's, if the block has one.

    In a section of one speaker "she" is that speaker, as she is in a paragraph after one about her
    alone; there the section's other statements are the speaker's too.
    """
    if speaker is not None:
        own = [(speaker, _called(speaker, [speaker]))]
        own += [(speaker, HE_OR_SHE)] if speaker == around.host else []
        return [replace(_without_asides(one, own) or Heard(one, speaker), told="") for one in sentences]
    called = {person: _called(person, around.people) for person in around.people}
    paragraph = _Paragraph(called, _strangers(around))
    frames = _frames(sentences)
    refers = sentences and (OPENS_WITH.match(frames[0]) or _voiced(frames[0], HE_OR_SHE))
    if known := around.host or (around.above if refers else None):
        paragraph.named, paragraph.last = [known], known
    found = [paragraph.hear(one, frame) for one, frame in zip(sentences, frames, strict=True)]
    found = _quoted(found, frames, paragraph.about, around.quoted)
    found = _carried(found, frames, paragraph, around.host)
    return _presented(found, frames, paragraph) if around.minutes else found


def parted(sentence: str, people: Sequence[Speaker]) -> Iterator[Span]:
    """Yield where the reports of a sentence stand that has one of each of two people: "AB asked why; BL said that ..."."""
    anybody = "|".join(_called(person, people) for person in people) or "(?!)"
    reports = rf"(?:{anybody}) (?:also |then )?(?:{SAYS}|asked|wondered)\b"
    start = 0
    for cut in re.finditer(rf"; (?:but |and )?(?={reports})", sentence) if re.match(reports, sentence) else ():
        yield Span(start, cut.start())
        start = cut.end()
    yield Span(start, len(sentence))


def _presented(found: list[Heard], frames: Sequence[str], paragraph: "_Paragraph") -> list[Heard]:
    """Return the sentences that follow "Byron presented the forecast" as Byron's, until somebody else does something."""
    who = found[0].speaker if found else None
    if who is None or not re.match(paragraph.called[who] + PRESENTED, frames[0]):
        return found
    others = [called for person, called in paragraph.called.items() if person != who]
    anybody = re.compile(rf"\b(?:{'|'.join(others) or '(?!)'})(?![\w-])|{EVERYBODYS.pattern}")
    end = next(
        (at for at in range(1, len(found)) if found[at].speaker not in (None, who) or anybody.search(frames[at])),
        len(found),
    )
    return [replace(one, speaker=who) if at < end else one for at, one in enumerate(found)]


def _strangers(around: Around) -> re.Pattern[str]:
    """Return the pattern of who is named and not known to speak, by full name or surname."""
    known = {part for who in around.people for part in who.name.split()}
    forms = {form for name in around.others for form in (name, name.split()[-1]) if form not in known}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(forms))) or '(?!)'})(?![\w’'-])")


def goes_on(text: str) -> bool:
    """Say whether a quotation is still open where a paragraph ends."""
    return any(one.open for one in speech.quotations(text))


def _frames(sentences: Sequence[str]) -> list[str]:
    """Return the sentences of a paragraph without what they quote."""
    text = " ".join(sentences)
    frame = speech.framed(text, speech.quotations(text))
    ends = list(accumulate(len(one) + 1 for one in sentences))
    return [frame[end - len(one) - 1 : end - 1] for one, end in zip(sentences, ends, strict=True)]


def _quoted(
    found: Sequence[Heard], frames: Sequence[str], about: Sequence[Speaker | None], before: Speaker | None
) -> list[Heard]:
    """Return the sentences with those that only quote as whose the quotation is.

    That is who speaks in another sentence of the same quotation, or else whom the sentence before reports
    or begins with.
    """
    out = list(found)
    for first, stop in _runs(frames):
        tagged = {found[at].speaker for at in range(first, stop) if not _all_quoted(frames[at])}
        whose = tagged.pop() if len(tagged) == 1 else None
        if not tagged and whose is None and _all_quoted(frames[first]) and all(map(_all_quoted, frames[first:stop])):
            whose = (out[first - 1].speaker or about[first - 1]) if first else before
        for at in range(first, stop):
            if whose and _all_quoted(frames[at]):
                said = speech.bare(found[at].said, frames[at]) or found[at].said.strip(speech.MARKS)
                out[at] = Heard(wording.capitalised(said), whose)
    return out


def _voiced(frame: str, called: str) -> bool:
    return speech.speaks(frame, called) or speech.introduces(frame, called)


def _runs(frames: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each quotation of several sentences, or whole sentence that is one, begins and ends."""
    first = 0
    for at, frame in enumerate(frames):
        opens = frame.startswith("“")
        goes_on = frame.startswith(speech.DOT)
        if not goes_on:
            first = at
        last = at + 1 == len(frames) or not frames[at + 1].startswith(speech.DOT)
        if last and (goes_on or opens):
            yield first, at + 1


def _all_quoted(frame: str) -> bool:
    """Say whether a sentence is nothing but quoted words."""
    return not frame.strip("“”·.,?!… ")


def only(text: str, people: Sequence[Speaker]) -> Speaker | None:
    """Return the one person whom a paragraph names."""
    there = [who for who in people if re.search(rf"\b{_called(who, people)}(?![\w-])", text)]
    return there[0] if len(there) == 1 and not KIN.search(text) else None


@dataclass
class _Paragraph:
    """What a paragraph has said so far about whom."""

    called: dict[Speaker, str]
    others: re.Pattern[str]
    named: list[Speaker] = field(default_factory=list)
    last: Speaker | None = None  # whom alone the sentence before is about
    strangers: bool = False  # whether it reports somebody who is not known
    blurred: bool = False  # whether the sentence before is about somebody else as well
    female: dict[str, bool] = field(default_factory=dict)
    about: list[Speaker | None] = field(default_factory=list)  # whom each sentence begins with, or refers to alone

    def hear(self, sentence: str, frame: str) -> Heard:
        """Return whom a sentence reports, and remember whom it names."""
        before = self.last
        there = [who for who, called in self.called.items() if re.search(rf"\b{called}(?![\w-])", frame)]
        whose = [who for who in there if self._leads(who, frame)]
        found = self._heard(sentence, frame, before)
        self.named += [who for who in there if who not in self.named]
        found = self._owned(found, sentence, before)
        stranger = not there and (self._unknown(frame) or (_stranger(frame) and found.speaker is None))
        other = stranger or self._unknown(frame) or bool(KIN.search(frame))
        alone = whose[0] if len(whose) == 1 else there[0] if len(there) == 1 else None
        self.strangers |= stranger
        self.last = (found.speaker if other else None) or (None if other else alone or (before if not there else None))
        self.blurred = other and found.speaker is None
        opens = alone and re.match(rf"{OPENS}{self.called[alone]}(?![\w’'-])", frame)
        self.about.append(self.last if opens or OPENS_WITH.match(frame) else None)
        return found

    def _leads(self, who: Speaker, frame: str) -> bool:
        """Say whether a sentence is about somebody, not only about what is theirs or happens to them."""
        return any(
            not speech.OWNED.search(frame[: one.start()])
            for one in re.finditer(rf"\b{self.called[who]}(?![\w’'-])", frame)
        )

    def turns(self, sentence: str, who: Speaker) -> bool:
        """Say whether a sentence turns to somebody else."""
        return _stranger(sentence) or any(
            re.search(rf"\b{called}(?![\w-])", sentence) for other, called in self.called.items() if other != who
        )

    def _unknown(self, frame: str) -> bool:
        """Say whether a sentence begins with somebody who is not known, by name or as "the miller"."""
        bare = frame
        for called in self.called.values():
            bare = re.sub(rf"\b{called}(?![\w-])", "", bare)
        strangers = [one for one in UNKNOWN.finditer(bare) if names.like_name(one["who"])]
        if any(not speech.OWNED.search(bare[: one.start()]) for one in (*strangers, *self.others.finditer(bare))):
            return True
        return bare == frame and bool(ONE_OF.match(frame))

    def _heard(self, sentence: str, frame: str, before: Speaker | None) -> Heard:
        """Return whom a sentence reports: by the words of its quotation, by its form, or by any "Byron says" in it."""
        meant = self._speaking(frame, before)
        if meant and (words := speech.bare(sentence, frame)) and len(words.split()) >= QUOTED_WORDS:
            return Heard(wording.capitalised(words), meant, sentence)
        formed = self._formed(sentence, before) if not _all_quoted(frame) else Heard(sentence, None)
        return replace(formed, speaker=meant, told=sentence) if meant and formed.speaker is None else formed

    def _speaking(self, frame: str, before: Speaker | None) -> Speaker | None:
        """Return whom a sentence lets speak anywhere in it, two people as one speaker."""
        both = re.search(
            rf"(?P<one>{self._anybody()}) and (?P<other>{self._anybody()})(?: both| also)? {speech.SPOKE}", frame
        )
        pair = [self._who(both["one"], None), self._who(both["other"], None)] if both else []
        if both and pair[0] and pair[1]:
            return Speaker(f"{pair[0].name} and {pair[1].name}")
        there = [who for who, called in self.called.items() if speech.speaks(frame, called)]
        there = there or [who for who, called in self.called.items() if speech.introduces(frame, called)]
        if there or both:
            return there[0] if len(there) == 1 and not both else None
        he = next((one for one in ("[Hh]e", "[Ss]he") if _voiced(frame, one)), None)
        return self._person(before, female=he == "[Ss]he") if he else None

    def _anybody(self) -> str:
        return "|".join(self.called.values()) or "(?!)"

    def _formed(self, sentence: str, before: Speaker | None) -> Heard:
        """Return whom a sentence reports by its form, and what it says without the report."""
        reports = THAT.match(sentence)
        if not reports and (aside := _without_asides(sentence, self._forms(sentence, before))):
            return aside
        found = reports or SUBJECT.match(sentence) or OWN_WORK.match(sentence) or LACKS.match(sentence)
        found = found or INVERTED.match(sentence) or INNER_THAT.search(sentence)
        who = next((one for one in found.groupdict("").values() if one), "") if found else ""
        if found and found.re is INNER_THAT and HE_SHE.fullmatch(who):
            before = next((one for one, called in self.called.items() if re.match(called, sentence)), before)
        meant = self._who(re.sub("[’']s?$", "", who), before) if who else None
        if not found or meant is None:
            return Heard(sentence, None)
        if found.re is INNER_THAT:
            return Heard(_inner_clause(sentence, found) or sentence, meant, sentence)
        if found.re is INVERTED:
            return Heard(sentence, meant, sentence)
        name = f"{meant.name}’s" if found.re is OWN_WORK else meant.name
        start = found.start("who") if found.re in (OWN_WORK, LACKS) else 0
        told = TOO.sub(" ", f"{sentence[:start]}{name}{sentence[found.end('who') :]}")
        return Heard(_clause(sentence) or told, meant, told)

    def _owned(self, found: Heard, sentence: str, before: Speaker | None) -> Heard:
        """Return a sentence with a name for its first "her", unless it names somebody already."""
        own = OWN.search(found.said)
        anybody = any(re.search(rf"\b{called}(?![\w-])", found.said) for called in self.called.values())
        if own is None or anybody or re.search(r"[\"“]", found.said):
            return found
        before_it = found.said[: own.start()]
        strange = SOMEBODY.search(before_it) or KIN.search(found.said) or ACTS.search(before_it)
        whose = None if strange else self._person(before, female=own["whose"].lower() in FEMALE)
        if whose is None:
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
