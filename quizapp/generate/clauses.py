"""The main clauses of a sentence, and the questions that turning one round gives. Start from `clauses`.

A clause is its subject, its verb and the parts around them; "A, and B", "A; B" and
"A: B" are two clauses, and a verb that shares a subject gets one of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.generate import grammar, language, wording
from quizapp.generate.wording import Casing

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

ADVERBIAL = {"prep", "advmod", "npadvmod", "advcl", "agent", "cc", "pcomp"}
FINITE = {"VBZ", "VBD", "VBP", "MD"}
STOP = re.compile(r"(?:;|(?<![A-Z\d]):| [–—]) (?=\S+ \S+ \S)")
_PERIODS_TEXT = """
    second minute hour day night morning afternoon evening noon week weekend month quarter year decade century season
    spring summer autumn winter time today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday
"""
PERIODS = frozenset(_PERIODS_TEXT.split())
STOPS = {";", ":", "–", "—", "(", ")", ".", "…"}
# Connecting words that say nothing once the sentence stands alone.
CONNECTING = {"also", "therefore", "however", "thus", "too", "then", "moreover", "hence", "even", "still"}  # fmt: skip
KEPT_AFTER_COMMA = {"if", "unless", "when", "once", "until", "except", "without", "whenever", "provided"}
_SAYING_TEXT = """
    say note argue think believe explain add warn remind report claim observe suggest stress recall find show predict
    expect tell write mention reckon estimate confirm
"""
SAYING = frozenset(_SAYING_TEXT.split())
SHOWING = frozenset({"show", "find", "confirm", "predict", "suggest"})
JOINING = {"conj", "punct", "cc", "dobj", "attr", "acomp", "compound", "nummod", "ROOT"}
SHORT = {"'ll": "will", "’ll": "will", "'re": "are", "’re": "are", "'ve": "have", "’ve": "have", "'d": "would", "’d": "would"}  # fmt: skip
NAMED_WORDS = 7  # of a subject that may stand again for "it"
LONG = 25  # words of a sentence that is better read as two
JOINTS = 3  # places where it is tried
FRONT = 9  # words that may stand before a subject
JOINT = re.compile(r", (?:and|but|yet) (?:so )?(?=\S+ \S+ \S)")
MOVED_WORDS = 9  # of a lead that reads well at the end of a question
_UNDOING_TEXT = """
    challenge goal aim idea task trick problem point job step way solution question answer key priority mistake secret purpose
    focus alternative option difference hope risk part thing advice
"""
UNDOING = frozenset(_UNDOING_TEXT.split())  # nouns that do nothing themselves


@dataclass(frozen=True)
class Part:
    """A phrase or a clause that hangs on the verb, or on what completes it."""

    head: "Token"
    tokens: "tuple[Token, ...]"

    @cached_property
    def text(self) -> str:
        """Return the part as the sentence has it."""
        return joined(self.tokens)


@dataclass(frozen=True)
class Clause:
    """A main clause: subject, finite verb, and what stands before and after them."""

    doc: "Doc"
    verb: "Token"  # the one that carries the meaning
    subject: "tuple[Token, ...]"
    lead: "tuple[Token, ...]"  # before the subject: "In 2024"
    predicate: "tuple[Token, ...]"  # after it, with the auxiliaries and without asides
    asides: "tuple[Token, ...]"  # what commas set off

    @cached_property
    def head(self) -> "Token":
        """Return the noun of the subject."""
        return next((token for token in self.subject if token.head not in self.subject), self.subject[-1])

    @cached_property
    def auxiliary(self) -> "Token | None":
        """Return the verb that comes first in a question; None when it needs a form of "do"."""
        helping = [
            one
            for one in self.predicate
            if one.dep_ in {"aux", "auxpass"} and one.head == self.verb and one.tag_ != "TO"
        ]
        if helping:
            return helping[0]
        return self.verb if is_be(self.verb) else None

    @cached_property
    def negated(self) -> bool:
        """Say whether the clause denies something."""
        return any(
            one.dep_ == "neg" or one.lower_ in {"never", "nobody", "nothing", "no"}
            for one in (*self.subject, *self.predicate)
        )

    @cached_property
    def chain(self) -> "tuple[Token, ...]":
        """Return the verb and what completes it: "has to | ask", "is | due", "wants | to buy"."""
        out = [self.verb]
        while following := [
            one
            for one in out[-1].children
            if (one.dep_ == "acomp" or (one.dep_ == "xcomp" and (one.tag_ == "VBN" or not is_be(out[-1]))))
            and one.i > out[-1].i
            and one in self.predicate
        ]:
            out.append(following[0])
        return tuple(out)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Return what hangs on the verb after it, in order; prepositions also from the object."""
        heads = [
            one
            for link in self.chain
            for one in link.children
            if one.i > link.i and one not in self.chain and one.dep_ not in {"punct", "cc", "neg", "aux"}
        ]
        nested = [
            one
            for head in heads
            if head.dep_ in {"dobj", "attr"}
            for one in head.children
            if one.dep_ == "prep" and one.lower_ != "of"
        ]
        known = set(self.predicate) | set(self.asides)
        found = [Part(head, tuple(one for one in head.subtree if one in known)) for head in (*heads, *nested)]
        return tuple(sorted((part for part in found if part.tokens), key=lambda part: part.head.i))

    @cached_property
    def leading(self) -> tuple[Part, ...]:
        """Return what hangs on the verb before the subject."""
        found = [one for one in self.verb.children if one in self.lead and one.dep_ not in {"punct", "cc"}]
        return tuple(Part(one, tuple(token for token in one.subtree if token in self.lead)) for one in found)

    def ask(self, asking: str, asked: "Iterable[Token]", casing: Casing) -> str:
        """Return the question for some of the clause's words: "how many eggs" + "does the hen lay in May"."""
        without = set(asked)
        first = self.auxiliary
        alone = (
            self.head.tag_ in {"NN", "NNP"}
            and not any(one.dep_ == "conj" for one in self.head.children)
            and len(self.head.text) > 1
        )
        rest = [one for one in self.predicate if one not in without and one != first]
        if first is None:
            helper = "does" if alone and self.verb.tag_ in {"VBP", "VB"} else grammar.helper(self.verb)
            words = joined(rest, {self.verb.i: grammar.base(self.verb)})
        else:
            helper, rest = _helper(first, rest)
            helper = {"have": "has", "are": "is"}.get(helper, helper) if alone else helper
            words = joined(rest)
        who = wording.lowered(joined(self.subject), casing)
        return self._led(f"{asking} {helper} {who} {words}", without, casing)

    def ask_subject(self, asking: str, asked: "Iterable[Token]", casing: Casing) -> str:
        """Return the question for the subject, or for the number in it: "what" + "lays eggs in May"."""
        finite = self.auxiliary or self.verb
        counted = asking.startswith("how many") or "share" in asking
        alone = {} if counted or finite.tag_ != "VBP" else {finite.i: grammar.third_person(finite)}
        return self._led(f"{asking} {joined(self.predicate, alone)}", set(asked), casing)

    def _led(self, core: str, without: "set[Token]", casing: Casing) -> str:
        lead = [one for one in self.lead if one not in without]
        if not lead:
            return tidy(core)
        text = wording.lowered(joined(lead), casing).strip(" ,")
        clausal = any(one.pos_ in {"VERB", "AUX"} for one in lead)
        first = lead[0].pos_ == "ADV" or lead[0].lower_ in {"unlike", "like", "instead", "despite", "as"}
        if clausal or first or len(lead) > MOVED_WORDS or "," in text:
            return tidy(f"{text}, {core}")
        return tidy(f"{core} {text}")


def clauses(doc: "Doc", parse: language.Parses, *, speaker: str = "") -> "Iterator[Clause]":
    """Yield the main clauses of a sentence that have a subject before their verb, and what its speaker says in it."""
    if apart := parts(doc.text) or _halves(doc.text, parse):
        first: Clause | None = None
        for part in apart:
            said = _named(part, first) if first is not None else part
            if (parsed := parse(said)) is not None:
                found = list(_clauses(parsed, speaker))
                first = first or next(iter(found), None)
                yield from found
    else:
        yield from _clauses(doc, speaker)


def parts(said: str) -> list[str]:
    """Return the sentences that a semicolon, a colon or a dash joins; none where nothing does."""
    return [wording.capitalised(part) for part in STOP.split(said)] if STOP.search(said) else []


def split_in_two(said: str) -> list[tuple[str, str]]:
    """Return the ways in which a long sentence may be two, "..., and the queen lays": the parser does better with halves."""
    if len(said.split()) < LONG:
        return []
    found = list(JOINT.finditer(said))[:JOINTS]
    return [(said[: one.start()], said[one.end() :]) for one in found]


def _halves(said: str, parse: language.Parses) -> list[str]:
    """Return the two sentences that a long one is; none where either half would be none."""
    for halves in split_in_two(said):
        docs = [parse(half) for half in halves]
        if all(doc is not None and _is_sentence(doc) for doc in docs):
            return list(halves)
    return []


def _is_sentence(doc: "Doc") -> bool:
    """Say whether a text is a main clause with its subject near its start."""
    verb = grammar.root(doc)
    subject = _own_subject(verb) if verb is not None else None
    if verb is None or subject is None or not _is_finite(verb, shared=False):
        return False
    hangs = any(one.dep_ == "mark" or one.tag_ == "WRB" for one in verb.children)
    return not hangs and subject.left_edge.i <= FRONT


def _named(part: str, first: Clause) -> str:
    """Return a later part of a sentence with the subject of its first part for "it", "they" or "he"."""
    pronoun = re.match(r"(?:it|they|he|she)\b(?= (?!seems|turns|follows|takes?\b))", part, re.IGNORECASE)
    if pronoun is None or not _may_mean(pronoun[0].lower(), first):
        return part
    return wording.capitalised(f"{joined(first.subject)}{part[pronoun.end() :]}")


def _may_mean(pronoun: str, first: Clause) -> bool:
    """Say whether "it", "they" or "he" can stand for the subject of a clause before."""
    if pronoun in {"he", "she"}:
        names = [one for one in (*first.lead, *first.predicate) if one.pos_ == "PROPN"]
        return first.head.pos_ == "PROPN" and first.subject[0].lower_ != "the" and not names
    several = first.head.tag_ in {"NNS", "NNPS"} or any(one.dep_ == "conj" for one in first.head.children)
    named = first.head.tag_.startswith("NN") and len(first.subject) <= NAMED_WORDS
    counted = any(one.tag_ in {"CD", "POS"} or one.lower_ in {"no", "every", "most", "some"} for one in first.subject)
    rival = any(part.head.dep_ == "dobj" and (part.head.tag_ == "NNS") == several for part in first.parts)
    return named and not counted and not rival and several == (pronoun == "they")


def _clauses(doc: "Doc", speaker: str) -> "Iterator[Clause]":
    roots = [one for one in doc if one.dep_ == "ROOT"]
    first: Clause | None = None
    if len(roots) == 1:
        for verb in _verbs(roots[0]):
            if (clause := _clause(doc, verb)) is not None:
                yield _instead(clause, first)
                first = first or clause
            said = [one for one in verb.children if one.dep_ == "ccomp" and one.i > verb.i]
            for inner in said if _stands_for(verb, speaker) else ():
                if (clause := _clause(doc, inner)) is not None:
                    yield clause


def _stands_for(verb: "Token", speaker: str) -> bool:
    """Say whether a speaker stands for what follows a verb: "I think that", "tests show that", not "people say that"."""
    who = _own_subject(_giver(verb))
    if not speaker or who is None or grammar.base(verb) not in SAYING:
        return False
    return who.lower_ in {"i", "we", "you"} or who.text in speaker.split() or grammar.base(verb) in SHOWING


def _instead(clause: Clause, first: Clause | None) -> Clause:
    """Return ", and it lays eggs" with the subject of the first clause."""
    pronoun = clause.subject[0].lower_
    back = (
        first is not None
        and len(clause.subject) == 1
        and pronoun in {"it", "they", "he", "she"}
        and _may_mean(pronoun, first)
    )
    return replace(clause, subject=first.subject) if first is not None and back else clause


def is_be(verb: "Token") -> bool:
    """Say whether a verb is a form of "be"."""
    return verb.lower_ in {"is", "are", "was", "were", "be", "'s", "’s", "'re", "’re", "am"} and verb.tag_ != "POS"


def joined(tokens: "Iterable[Token]", instead: dict[int, str] | None = None) -> str:
    """Return tokens as running text, each run as the sentence has it."""
    out, last = "", -2
    for one in sorted(set(tokens), key=lambda token: token.i):
        out += (" " if last != one.i - 1 else "") + (instead or {}).get(one.i, one.text) + one.whitespace_
        last = one.i
    return tidy(out)


def tidy(text: str) -> str:
    """Return text without the gaps and commas that leaving words out has made."""
    text = re.sub(r"\s+", " ", re.sub(r"“\s*”|\"\s*\"", " ", text))
    text = re.sub(r"\s+([,.;:?)’”])(?=\s|$)", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    return re.sub(r'\s+"$', '"', text.strip(" ,;:–—-"))


def _helper(first: "Token", rest: "list[Token]") -> "tuple[str, list[Token]]":
    """Return the word that opens a question, with its "n't", and what is left."""
    said = SHORT.get(first.lower_, first.text)
    if first.lower_ in {"'s", "’s"}:
        said = "has" if first.head.tag_ == "VBN" and first.dep_ == "aux" else "is"
    following = first.doc[first.i + 1] if first.i + 1 < len(first.doc) else None
    if following is not None and following.lower_ in {"n't", "n’t"} and following in rest:
        return f"{said}{following.text}", [one for one in rest if one != following]
    return said, rest


def _verbs(root: "Token") -> "Iterator[Token]":
    """Yield the verbs that head a main clause: the root, what is joined to it, and what stands beside it."""
    if root.pos_ in {"VERB", "AUX"}:
        yield root
    for child in root.children:
        beside = child.dep_ in {"ccomp", "parataxis"} and _own_subject(child) is not None and _apart(child, root)
        if child.pos_ in {"VERB", "AUX"} and (child.dep_ == "conj" or beside):
            yield from _verbs(child)


def _apart(child: "Token", root: "Token") -> bool:
    """Say whether a stop stands between two clauses, and no "that" opens the second."""
    first, second = sorted((child, root), key=lambda token: token.i)
    between = first.doc[first.i : second.i]
    if any(one.dep_ == "mark" and one.head == child for one in child.children):
        return False
    return any(one.text in {";", ":", "–", "—"} for one in between) or (
        child.i < root.i and any(one.text == "," for one in between)
    )


def _own_subject(verb: "Token") -> "Token | None":
    found = [one for one in verb.children if one.dep_ in {*grammar.SUBJECTS, "expl"} and one.i < verb.i]
    return found[0] if len(found) == 1 else None


def _clause(doc: "Doc", verb: "Token") -> Clause | None:
    giver = _giver(verb)
    head = _own_subject(giver)
    if head is None or not _is_finite(verb, shared=giver != verb) or not _may_be_subject(head):
        return None
    first = {one for one in _own(giver) if not (one.lower_ == "that" and one.head == giver and one.i < head.i)}
    subject = [one for one in head.subtree if one in first]
    if not subject:
        return None
    own = {one for one in first if one.i <= subject[-1].i} | {one for one in _own(verb) if one.i > subject[-1].i}
    asides = _asides(subject, head) | _asides([one for one in own if one.i > subject[-1].i], verb)
    kept = [one for one in doc if one in own and one not in asides]
    lead = tuple(one for one in kept if one.i < subject[0].i and one.lower_ not in CONNECTING)
    predicate = [one for one in kept if one.i > subject[-1].i]
    while predicate and (predicate[0].is_punct or predicate[0].dep_ == "cc"):
        predicate = predicate[1:]
    named = tuple(one for one in subject if one not in asides)
    for_instance = any(one.lower_ in {"instance", "example"} for one in asides)
    opening = {"aux", "auxpass", "neg", "advmod", "npadvmod", "prep"}
    if predicate and predicate[0] != verb and predicate[0].dep_ not in opening:
        return None
    cut = any(
        one.dep_ in grammar.SUBJECTS and one.head.dep_ == "ccomp" and one.head.left_edge not in asides for one in asides
    )  # "that in May, it rose"
    if verb not in predicate or not named or for_instance or cut or _loose(lead, giver):
        return None
    if _torn(doc, own) or _listed(subject, predicate[0]) or _is_named(head, verb):
        return None
    return Clause(doc, verb, named, lead, tuple(predicate), tuple(one for one in doc if one in asides))


def _giver(verb: "Token") -> "Token":
    """Return the verb whose subject a verb shares: itself, or one that it is joined to."""
    giver = verb
    while _own_subject(giver) is None and giver.dep_ == "conj" and giver.head.pos_ in {"VERB", "AUX"}:
        giver = giver.head
    # After another subject, or "so", the verb may be that one's.
    between = verb.doc[giver.i : verb.i]
    return verb if any(one.lower_ == "so" or _names(one) for one in between) else giver


def _names(token: "Token") -> bool:
    return token.dep_ in grammar.SUBJECTS and token.tag_ in {"NN", "NNS", "NNP", "NNPS"}


def _is_finite(verb: "Token", *, shared: bool) -> bool:
    """Say whether a verb makes a clause; "hold" and "shrank" also where the parser takes them for no finite form."""
    helped = any(one.dep_ in {"aux", "auxpass"} and one.tag_ in FINITE for one in verb.children)
    active = any(one.dep_ == "nsubj" for one in verb.children) and not any(
        one.dep_ == "auxpass" for one in verb.children
    )
    mistaken = verb.tag_ == "VB" or (verb.tag_ == "VBN" and (active or not verb.lower_.endswith("ed")))
    return verb.tag_.startswith(("VB", "MD")) and (verb.tag_ in FINITE or helped or (mistaken and not shared))


def _may_be_subject(head: "Token") -> bool:
    """Say whether a word can head a subject, and does not end in a bare "'s"."""
    if head.left_edge.lower_ in {"whoever", "anyone", "everyone"}:
        return True
    unfit = (head.dep_ == "csubj" and head.tag_ != "VBG") or head.tag_ in {"VB", "VBN", "JJ", "RB", "POS"}
    return not unfit and head.right_edge.tag_ != "POS"


def _loose(lead: "Sequence[Token]", verb: "Token") -> bool:
    """Say whether what stands before a subject is no adverbial, so that the parse is not to be trusted."""
    heads = [one for one in lead if one.head not in lead and not one.is_punct]
    named = any(one.dep_ == "npadvmod" and one.lower_.removesuffix("s") not in PERIODS for one in heads)
    strange = named or any(one.head != verb or one.dep_ not in ADVERBIAL for one in heads)
    return strange or (bool(lead) and (lead[-1].tag_ in {"IN", "CC"} or any(one.tag_ == "WP" for one in lead)))


def _torn(doc: "Doc", own: "set[Token]") -> bool:
    """Say whether a clause breaks off inside a phrase, so that the parse is not to be trusted: "and failure | can be"."""
    last = max(one.i for one in own)
    if last + 1 == len(doc) or doc[last].is_punct or doc[last].dep_ == "cc":
        return False
    following = doc[last + 1]
    return not (following.is_punct or following.dep_ == "cc" or following.pos_ == "ADV")


def _listed(subject: "Sequence[Token]", first: "Token") -> bool:
    """Say whether a lone comma parts subject and verb: "some cases within 2 years, spread to ..." is a list."""
    commas = [one.i for one in subject if one.text == ","]
    return commas in ([], [first.i - 1]) and first.nbor(-1).text == ","


def _is_named(head: "Token", verb: "Token") -> bool:
    """Say whether "is exposing" tells what a task is, and not what something is doing."""
    return head.lower_ in UNDOING and verb.tag_ == "VBG" and any(is_be(one) for one in verb.children)


def _own(verb: "Token") -> "Iterator[Token]":
    """Yield the tokens of one clause, without the clauses joined to its verb and what follows those."""
    yield verb
    joined_on = [
        one.i for one in verb.children if one.dep_ == "conj" and one.pos_ in {"VERB", "AUX"} and one.i > verb.i
    ]
    for child in verb.children:
        other = child.dep_ == "conj" or (child.dep_ in {"ccomp", "parataxis"} and _apart(child, verb))
        beyond = bool(joined_on) and child.i > min(joined_on)
        stop = child.dep_ == "cc" or child.text in STOPS or (child.dep_ == "mark" and child.lower_ == "that")
        if not other and not beyond and not stop:
            yield from child.subtree


def _asides(tokens: "Sequence[Token]", head: "Token") -> "set[Token]":
    """Return the words that commas or brackets set off, and connecting adverbs."""
    among = set(tokens)
    out: set[Token] = set()
    for one in tokens:
        if one.dep_ == "advmod" and one.lower_ in CONNECTING and one.head.pos_ in {"VERB", "AUX"} and _alone(one):
            out.add(one)
        before = one.left_edge.i - 1
        apart = before >= 0 and one.doc[before].text in {",", "–", "—"} and one.doc[before] in among
        if apart and not _carries_on(one, head):
            out |= {one.doc[before], *(set(one.subtree) & among)}
            # What follows up to the next stop hangs on the aside, whatever the parser says.
            beyond = one.right_edge.i + 1
            while beyond < len(one.doc) and one.doc[beyond] in among and not one.doc[beyond].is_punct:
                out.add(one.doc[beyond])
                beyond += 1
    return out | _bracketed(tokens) | _denied(tokens)


def _alone(token: "Token") -> bool:
    return next(token.children, None) is None


def _carries_on(token: "Token", head: "Token") -> bool:
    """Say whether a word after a comma is no aside: it joins a list, belongs to its noun, or says on which condition."""
    second = token.dep_ == "acomp" and any(one.dep_ == "attr" for one in token.head.children)
    joining = token.dep_ in JOINING and not second
    joins = token == head or joining or (token.dep_ == "amod" and token.i < token.head.i)
    return joins or (token.dep_ != "relcl" and token.left_edge.lower_ in KEPT_AFTER_COMMA)


def _denied(tokens: "Sequence[Token]") -> "set[Token]":
    """Return ", not by alphabet", up to the next stop."""
    out: set[Token] = set()
    denying = False
    for one in sorted(tokens, key=lambda token: token.i):
        if one.is_punct:
            denying = one.text == "," and one.i + 1 < len(one.doc) and one.nbor(1).lower_ == "not"
        if denying:
            out.add(one)
    return out


def _bracketed(tokens: "Sequence[Token]") -> "set[Token]":
    out: set[Token] = set()
    depth = 0
    for one in sorted(tokens, key=lambda token: token.i):
        depth += one.text in {"(", "["}
        if depth:
            out.add(one)
        depth -= one.text in {")", "]"} and depth > 0
    return out
