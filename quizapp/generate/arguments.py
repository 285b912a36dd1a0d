"""Questions about the parts of a clause: what, who, when, where, how, why, on which condition, and how much.

Each family has a rule name of its own, since some are right far more often than others.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizapp.generate import circumstances, clauses, grammar, quantities, subjects, wording
from quizapp.generate.asking import QUOTES, Asked, askable, contentful, inside, phrase, plain, prepare, unplaced
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim
from quizapp.generate.clauses import Clause, Part

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

CAUSATIVE = {"make", "let", "tell", "help", "force", "stop", "allow"}
_AUTHORED_TEXT = """
    write say invent discover propose coin argue find show call compare prove introduce found describe claim warn name
    teach lead draw compile publish compose design paint translate demonstrate notice realise realize calculate formulate
    conclude observe predict devise patent
"""
_KNOWING_TEXT = """
    prove show find discover realise realize notice conclude demonstrate predict argue claim believe suspect
    calculate learn recognise recognize establish teach maintain insist
"""
KNOWING = frozenset(_KNOWING_TEXT.split())
AUTHORED = frozenset(_AUTHORED_TEXT.split())
ALONE = re.compile(r"\b(?:nobody|no one|no-one|nothing) else\b|\balone (?:may|can|must)\b")
IS_NOT_BUT = re.compile(
    r"^(?P<s>(?!(?:What|It|That|This|They|He|She|There|I|We|You)\b)[^,;:]{3,90}?) (?P<be>is|are|was|were) not (?P<x>[^,;:]{2,60}?),? but (?:rather |also )?(?P<y>[^;:]{2,90})$"
)
WHAT_IS = re.compile(
    r"^What (?P<ask>(?!I\b|we\b|you\b|they\b|he\b|she\b|it\b|the\b|an?\b|is\b|has changed\b)[a-z]+ [^,;:]{4,80}?) (?:is|are|was|were) (?:not (?P<x>[^,;:]{2,60}?),? but )?(?P<y>(?!not\b)[^;:]{3,100})$"
)
IS_NOT_IT_IS = re.compile(
    r"^(?P<s>(?!(?:It|That|This|They|He|She|There|I|We|You)\b)[^,;:]{3,90}?) (?P<be>is|are|was|were)(?:n[’']t| not) (?P<x>[^,;:]{3,60})(?:;|,|:| [–—]) (?:it|they|that)(?: (?:is|are|was|were)|[’']s|[’']re) (?P<y>[^,;:]{3,90})"
)
SO_MUCH_AS = re.compile(
    r"^(?P<s>(?!(?:It|That|This|They|He|She|There|I|We|You)\b)[^,;:]{3,90}?) (?P<be>is|are|was|were)"
    r"(?:(?:n[’']t| not) so much (?P<x>[^,;:]{2,60}?) as| less (?P<less>an? [^,;:]{2,60}?) than) (?P<y>[^,;:]{2,90})"
)
IT_WAS = re.compile(
    r"^It (?:is|was) (?P<y>(?!(?:not|only|when|because|clear|true|said|no)\b)[^,;:]{3,70}?)(?:, (?:rather than|not) (?P<x>[^,;:]{3,50}),)? that "
    r"(?P<does>[a-z]+ [^;:]{6,120})$"
)
CALLING = {"called", "named", "labelled", "labeled", "termed", "dubbed", "nicknamed", "titled", "entitled"}
SUPERLATIVE = re.compile(r"(?:most|least|best|worst) [a-z]", re.IGNORECASE)  # notes leave the article out
REPLIES = {"answer", "reply", "response", "remedy", "solution", "conclusion", "verdict"}
# What is asked of these verbs is seldom in doubt: "what does X cause?"
_TELLING_TEXT = """
    cause need require create determine predict measure prevent replace recommend demand produce reveal contain use
    lose eat sell build threaten protect break raise reduce limit cover propose advise win remove name store check
    send serve pay buy trigger mean equal kill carry hold affect drive bind call ship offer include supply
"""
TELLING = frozenset(_TELLING_TEXT.split())
_LIGHT_TEXT = """
    have make take give do get play put keep come go see know say think want let mean find show tell become remain
    bring
"""
GIVING = {
    "give",
    "grant",
    "offer",
    "guarantee",
    "award",
    "promise",
    "cost",
    "save",
    "bring",
    "teach",
    "lend",
    "owe",
    "pay",
}
POINTING = {"the", "our", "its", "their"}  # "the other challenge" is no answer to remember
SHOWING = {"show", "find", "prove", "mean", "require", "imply", "suggest", "demand", "reveal", "confirm"}
LIGHT = frozenset(_LIGHT_TEXT.split())
STANCES = {"want", "prefer", "favour", "favor", "oppose", "reject"}
GOING = {"go", "come", "get", "return", "travel", "move", "work", "recommend", "give"}
GOVERNED = {
    ("come", "from"), ("belong", "to"), ("depend", "on"), ("consist", "of"), ("make", "of"), ("protect", "against"), ("apply", "to"), ("lead", "to"),
    ("base", "on"), ("due", "to"), ("responsible", "for"), ("replace", "by"), ("replace", "with"), ("fail", "in"), ("result", "in"), ("stem", "from"), ("rely", "on"),
    ("count", "as"), ("call", "for"), ("pay", "for"), ("charge", "for"), ("spend", "with"), ("spend", "on"), ("compare", "to"), ("compare", "with"), ("differ", "from"),
    ("suffer", "from"), ("derive", "from"), ("feed", "on"), ("focus", "on"), ("prove", "by"), ("bear", "by"), ("cause", "by"), ("trigger", "by"), ("lie", "in"), ("write", "to"),
    ("tell", "as"), ("see", "as"), ("regard", "as"), ("treat", "as"), ("serve", "as"), ("act", "as"), ("use", "as"), ("define", "as"), ("function", "as"),
    ("convert", "into"), ("turn", "into"), ("divide", "into"), ("attribute", "to"), ("ascribe", "to"), ("blame", "on"), ("amount", "to"), ("arise", "from"),
}  # fmt: skip


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield the questions of every family about every clause that names its subject."""
    prepare(reading)
    for claim in reading.claims:
        yield from _turned(claim, reading)
        yield from _cleft(claim, reading)
        yield from circumstances.reasons(claim, reading)
        for asked in askable(claim, reading):
            for family in FAMILIES:
                yield from family(asked)


def _object(asked: Asked) -> Iterator[Candidate]:
    """Yield "what does X do", where the verb leaves little choice of answers."""
    clause = asked.clause
    for part in clause.parts:
        tokens = plain(clause, part)
        if part.head.dep_ != "dobj" or part.head.head not in clause.chain or not _says_something(part.head, tokens):
            continue
        base = grammar.base(part.head.head)
        if any(one.tag_ == "CD" for one in tokens) or asked.somebody(part.head) or not _is_plain(asked, part, base):
            continue
        told = sum(
            contentful(plain(clause, other))
            for other in (*clause.parts, *clause.leading)
            if other is not part and not set(other.tokens) <= set(tokens)
        )
        sure = 0.62 + 0.13 * (base in TELLING) + 0.03 * min(told, 2) - 0.1 * clause.negated
        sure -= 0.1 * (contentful(clause.subject) < 2 and told == 0 and clause.head.pos_ != "PROPN")
        yield from asked.about("what", tokens, rule="asks_object_told" if base in TELLING else "asks_object", sure=sure)


def _is_plain(asked: Asked, part: Part, base: str) -> bool:
    """Say whether a verb tells enough to ask for its object, and nothing else could be its object."""
    clause = asked.clause
    given = [one for one in clause.parts if one.head.dep_ == "dative" and one.head.pos_ in {"NOUN", "PROPN"}]
    second = {"dobj", "ccomp"} if base in GIVING else {"dobj", "dative", "ccomp"}
    other = [one for one in clause.parts if one is not part and one.head.dep_ in second]
    pointing = {"it", "them", "him", "one"}
    nameless = any(one.lower_ in pointing for one in (*clause.lead, *clause.predicate)) or (
        base not in TELLING and part.tokens[0].tag_ == "PRP$"
    )
    anecdote = clause.verb.tag_ == "VBD" and asked.somebody(clause.head)
    generic = clause.subject[0].lower_ in {"you", "no", "everyone", "nobody"}
    empty = base in LIGHT and not (given and base in GIVING)
    return not (empty or other or nameless or anecdote or generic)


def _governed(asked: Asked) -> Iterator[Candidate]:
    """Yield "from what does it come", for the preposition that a verb wants."""
    clause = asked.clause
    for part in clause.parts:
        inner = inside(part)
        if (
            part.head.dep_ not in {"prep", "agent"}
            or part.head.head not in clause.chain
            or inner is None
            or inner.pos_ == "NUM"
            or inner.tag_ in {"PRP", "DT", "WP"}
        ):
            continue
        tokens = plain(clause, part)
        number = any(one.tag_ == "CD" and one.lower_ != "one" for one in tokens)
        dated = circumstances.DATE.search(inner.text) or circumstances.PERIOD.match(clauses.joined(tokens))
        if number or dated:
            continue
        pair = (grammar.base(part.head.head), part.head.lower_)
        agent = part.head.dep_ == "agent" and clause.verb.tag_ == "VBN"
        author = agent and pair[0] in AUTHORED and any(one.pos_ == "PROPN" for one in tokens)
        person = asked.somebody(inner) or author
        known = pair in GOVERNED or (agent and contentful(tokens) > 1)
        if inner.dep_ == "pcomp" and (not known or agent):
            continue
        if not (known or (pair[1] in {"to", "for", "with", "against", "from", "into"} and _is_telling(clause, inner))):
            continue
        sure = 0.78 if agent else 0.8 if known else 0.6
        who = "whom" if person else "what"
        stays = pair[1] == "as"  # "what does it serve as"
        yield from asked.about(
            "what" if stays else f"{part.head.lower_} {who}",
            [one for one in tokens if one != part.head] if stays else tokens,
            rule="asks_agent" if agent else "asks_governed" if known else "asks_preposition",
            sure=sure,
            answer=phrase([one for one in tokens if one != part.head]),
        )


def _is_telling(clause: Clause, inner: "Token") -> bool:
    """Say whether what follows a preposition is what a clause is about: not a place to go, nor "for the first time"."""
    numbers = any(one.tag_ == "CD" for one in clause.predicate)
    vague = inner.lower_ in {"anything", "time", "times", "minutes", "way"} or clause.subject[0].lower_ == "you"
    going = grammar.base(inner.head.head) in GOING
    return not (numbers or vague or going) and inner.tag_.startswith("NN")


def _subject(asked: Asked) -> Iterator[Candidate]:
    """Yield who or what does it, where the subject is a name or more than a word."""
    clause = asked.clause
    head = clause.head
    base = grammar.base(clause.verb)
    author = head.pos_ == "PROPN" and base in AUTHORED
    person = asked.somebody(head) or author
    if any(one.tag_ == "CD" for one in clause.subject) or head.dep_ == "expl" or head.tag_ in {"PRP", "DT", "WP"}:
        return
    told = contentful([one for one in clause.predicate if one.dep_ != "aux"])
    foretold = asked.claim.speaker is not None and any(one.lower_ in {"will", "would"} for one in clause.predicate)
    specific = head.pos_ == "PROPN" or contentful(clause.subject) > 1 or person or foretold
    several = grammar.plural(head) and not person and clause.verb.tag_ == "VBP"
    if not specific or told < (2 if person else 4) or len(clause.subject) > 10 or several:
        return
    if person and not author and not _is_deed(asked):
        return
    own = _is_speaker(asked) and base not in STANCES
    pointing = clause.subject[0].lower_ in POINTING and not any(one.pos_ == "PROPN" for one in clause.subject)
    if (pointing and not person) or (own and not author):
        return
    after = [(one.dep_, one.tag_) for one in clause.verb.children]
    aim = clauses.is_be(clause.verb) and (("xcomp", "VB") in after or any(dep == "neg" for dep, _ in after))
    only_when = clauses.is_be(clause.verb) and not any(
        dep in {"attr", "acomp", "prep", "dobj", "ccomp"} for dep, _ in after
    )
    if aim or only_when or (own and (base in clauses.SAYING or not author)) or len(clause.lead) > clauses.MOVED_WORDS:
        return
    only = any(one.lower_ in {"only", "alone"} for one in clause.subject) or bool(ALONE.search(clause.doc.text))
    quoted = any(one.text in QUOTES for one in clause.predicate)
    sure = 0.6 + 0.1 * foretold + 0.06 * person + 0.15 * only + 0.12 * (author and told > 3) + 0.1 * (author and quoted)
    rule = "asks_author" if author else "asks_only_who" if only else "asks_who" if person else "asks_subject"
    yield from asked.subject("who" if person else "what", clause.subject, rule=rule, sure=sure)


def _is_speaker(asked: Asked) -> bool:
    """Say whether a clause is about who says it, or the body whose text it is."""
    if clauses.joined(asked.clause.subject).lower() == (asked.reading.house or "").lower():
        return True
    return asked.claim.speaker is not None and asked.clause.head.text in asked.claim.speaker.name.split()


def _is_deed(asked: Asked) -> bool:
    """Say whether somebody does what is worth knowing: a name or a body, and in the past only in minutes."""
    clause = asked.clause
    told = clause.verb.tag_ == "VBD" and not subjects.is_meeting(asked.reading.document)
    body = clause.head.pos_ == "PROPN" or clause.subject[0].lower_ == "the" or clause.subject[0].lower_ == "only"
    empty = grammar.base(clause.verb) in {"open", "present", "close", "chair", "thank", "start", "explain", "speak"}
    return body and not told and not empty and not asked.leaning(clauses.joined(clause.predicate))


def _replies(noun: "Token") -> bool:
    """Say whether a noun is an answer, and not said to what."""
    return noun.lower_ in REPLIES and not any(one.lower_ in {"to", "for"} for one in noun.children)


def _is_turned(clause: Clause) -> bool:
    """Say whether a verb that seems to share its subject follows a place of its own: "... and at the top are the agents"."""
    own = any(one.dep_ == "prep" and one.i < clause.verb.i for one in clause.verb.children)
    return own and clause.verb.dep_ == "conj" and clause.head.i < clause.verb.head.i


def _complement(asked: Asked) -> Iterator[Candidate]:
    """Yield "what is X", for what a thing is said to be."""
    clause = asked.clause
    if (
        not clauses.is_be(clause.verb)
        or clause.negated
        or clause.head.dep_ == "expl"
        or clause.head.tag_ == "VBG"
        or clause.auxiliary != clause.verb
        or _is_turned(clause)
        or _is_speaker(asked)
        or _replies(clause.head)
    ):
        return
    for part in clause.parts:
        tokens = plain(clause, part)
        if (
            part.head.dep_ != "attr"
            or part.head.tag_ in {"PRP", "DT", "WP"}
            or any(one.tag_ == "CD" for one in tokens)
            or contentful(tokens) < 2
            or tokens[0].nbor(-1).text == "("
        ):
            continue
        whole = [one for one in clause.predicate if one.i >= tokens[0].i]
        told = contentful(clause.subject) > 1 or any(
            one.dep_ == "det" and one.lower_ in {"every", "a", "an"} for one in clause.subject
        )
        yield from asked.about(
            "who" if asked.somebody(part.head) and asked.somebody(clause.head) else "what",
            whole,
            rule="asks_complement",
            sure=0.66 + 0.06 * told,
        )


def _does(asked: Asked) -> Iterator[Candidate]:
    """Yield "what does X do", for all that a thing does."""
    clause = asked.clause
    if (
        clause.verb.tag_ not in {"VBZ", "VBP"}
        or clauses.is_be(clause.verb)
        or clause.auxiliary is not None
        or clause.lead
    ):
        return
    more = [one for child in clause.verb.children if child.dep_ in {"conj", "cc"} for one in child.subtree]
    if any(one.dep_ in grammar.SUBJECTS and one.head.dep_ == "conj" for one in more):
        more = []
    whole = [
        *(one for one in clause.predicate if one.i >= clause.verb.i),
        *(one for one in more if one.i > clause.verb.i),
    ]
    if not more and grammar.base(clause.verb) not in CAUSATIVE:
        return
    if (
        contentful(whole) < 4
        or grammar.base(clause.verb) in {"have", "need"}
        or any(
            one.lower_ in {"all", "both", "it", "them"} or (clauses.is_be(one) and one.dep_ == "conj") for one in whole
        )
        or asked.somebody(clause.head)
        or clause.subject[0].lower_ == "you"
        or any(one.dep_ == "neg" for one in clause.predicate)
    ):
        return
    who = wording.lowered(clauses.joined(clause.subject), asked.reading.casing)
    helper = "do" if clause.verb.tag_ == "VBP" else "does"
    yield from asked.card(f"what {helper} {who} do", clauses.joined(whole), rule="asks_does", sure=0.64)


def _shown(asked: Asked) -> Iterator[Candidate]:
    """Yield "what does X show", for what a thing shows or means, and for what somebody with a name found out."""
    clause = asked.clause
    base = grammar.base(clause.verb)
    for part in clause.parts:
        that = part.head.dep_ == "ccomp" and part.head.head == clause.verb and part.tokens[0].lower_ == "that"
        found_out = base in KNOWING and clause.head.pos_ == "PROPN" and not _is_speaker(asked)
        if that and (found_out or (base in SHOWING and not asked.somebody(clause.head))) and not clause.negated:
            answer = clauses.joined(one for one in part.tokens[1:] if one not in clause.asides)
            rule, sure = ("asks_known", 0.82) if found_out else ("asks_shown", 0.72)
            yield from asked.about("what", part.tokens, rule=rule, sure=sure, answer=answer, whole=True)


def _named(asked: Asked) -> Iterator[Candidate]:
    """Yield "which range did X draw" for "X drew a range called the Mountains of Kong"."""
    clause = asked.clause
    for part in clause.parts:
        calling = next((one for one in part.head.children if one.dep_ == "acl" and one.lower_ in CALLING), None)
        if part.head.dep_ not in {"dobj", "attr"} or calling is None or calling.i < part.head.i:
            continue
        name = next((one for one in calling.children if one.dep_ in {"oprd", "dobj", "attr"}), None)
        if name is None or any(one.tag_ == "CD" for one in part.tokens) or clauses.is_be(part.head.head):
            continue
        kind = [one for one in part.tokens if one.i <= part.head.i and one.dep_ != "det"]
        gone = [one for one in part.tokens if one.i <= name.right_edge.i]
        answer = clauses.joined(name.subtree)
        yield from asked.about(f"which {clauses.joined(kind)}", gone, rule="asks_name", sure=0.84, answer=answer)


def _cleft(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the question inside "It was X, rather than Y, that did it"."""
    found = IT_WAS.match(claim.said)
    parsed = reading.parse(f"What {found['does']}?") if found else None
    verb = grammar.root(parsed) if parsed is not None else None
    if found is None or parsed is None or verb is None or wording.PRONOUN.search(found["y"]):
        return
    if verb.i <= 1 + sum(one.dep_ in {"aux", "auxpass"} for one in parsed):
        other = f", rather than {found['x']}" if found["x"] else ""
        yield from unplaced(claim, reading, f"what {found['does']}{other}", found["y"], rule="asks_cleft", sure=0.84)


def _turned(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the question inside "What determines the size is the worst day" and "X isn't Y, it is Z"."""
    if found := WHAT_IS.match(claim.said):
        parsed = reading.parse(f"What {found['ask']}?")
        root = grammar.root(parsed) if parsed is not None else None
        if (
            parsed is None
            or root is None
            or root.i != 1 + (parsed[1].dep_ in {"aux", "auxpass"})
            or parsed[0].dep_ not in grammar.SUBJECTS
        ):
            return
        other = f", if not {found['x']}" if found["x"] else ""
        yield from unplaced(claim, reading, f"what {found['ask']}{other}", found["y"], rule="asks_cleft", sure=0.84)
    elif found := IS_NOT_IT_IS.match(claim.said) or IS_NOT_BUT.match(claim.said) or SO_MUCH_AS.match(claim.said):
        the = "the " if SUPERLATIVE.match(found["s"]) else ""
        who = f"{the}{wording.lowered(found['s'], reading.casing)}"
        other = found["x"] or found["less"]
        yield from unplaced(
            claim, reading, f"what {found['be']} {who}, if not {other}", found["y"], rule="asks_contrast", sure=0.8
        )


def _contrast(asked: Asked) -> Iterator[Candidate]:
    """Yield "what ..., rather than Y" for "X, not Y" and "X rather than Y"."""
    clause = asked.clause
    doc = clause.doc
    for at, token in enumerate(doc[:-1]):
        if token.lower_ not in {",", "and"} or doc[at + 1].lower_ != "not" or at + 2 >= len(doc):
            continue
        other = clauses.joined(doc[at + 2 : _end(doc, at + 2)]).replace(" and not ", " or ")
        part = next(
            (one for one in reversed(clause.parts) if any(word.i == at - 1 for word in plain(clause, one))), None
        )
        if (
            part is None
            or not 1 <= len(other.split()) <= 8
            or part.head.dep_ not in {"dobj", "attr", "prep", "agent", "acomp", "dative"}
        ):
            continue
        whole = next((one for one in clause.parts if one.head.dep_ == "dobj" and one.head.i < part.head.i), None)
        if whole is not None and not other.startswith(f"{part.head.lower_} "):
            part = whole  # "the harm to users, not the cost"
        tokens = [one for one in doc[plain(clause, part)[0].i : at] if one in clause.predicate]
        if part.head.dep_ == "prep" and clauses.is_be(part.head.head):
            continue
        other = other.removeprefix(f"{part.head.lower_} ") if token.lower_ == "and" else other
        asking = _asking_for(asked, part)
        answer = phrase(
            tokens
            if asking == "how" or part.head.dep_ not in {"prep", "agent"}
            else [one for one in tokens if one != part.head]
        )
        alone = [one for one in clause.predicate if one.lower_ == "only" and one.dep_ == "advmod"]
        question = clause.ask(asking, [*tokens, *alone, *doc[at : _end(doc, at + 2)]], asked.reading.casing)
        yield from asked.card(f"{question}, rather than {other}", answer, rule="asks_contrast", sure=0.8)


def _asking_for(asked: Asked, part: Part) -> str:
    if part.head.dep_ not in {"prep", "agent"}:
        return "what"
    if part.head.lower_ in {"per", "by"}:
        return "how"
    inner = inside(part)
    return f"{part.head.lower_} {'whom' if inner is not None and asked.somebody(inner) else 'what'}"


def _end(doc: "Doc", start: int) -> int:
    """Return where a contrast ends: at the next stop."""
    return next((at for at in range(start, len(doc)) if doc[at].text in {",", ";", ":", ".", "(", "–", "—"}), len(doc))


def _says_something(noun: "Token", tokens: "tuple[Token, ...]") -> bool:
    """Say whether a phrase tells enough to be an answer."""
    return noun.tag_ not in {"PRP", "DT", "WP", "WDT", "PRP$", "EX"} and (
        contentful(tokens) > 1 or noun.pos_ == "PROPN" or len(noun.text) > 3
    )


FAMILIES = (
    quantities.find,
    circumstances.find,
    _object,
    _governed,
    _complement,
    _contrast,
    _does,
    _shown,
    _named,
    _subject,
)
