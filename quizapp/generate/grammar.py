"""The little grammar that rules need: subjects, verbs, base forms.

Works on a spaCy parse; every function answers None when the parse does not
show what was asked, and rules then stay silent.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass"}
IRREGULAR = {
    "has": "have", "had": "have", "does": "do", "did": "do", "is": "be", "are": "be", "was": "be", "were": "be", "goes": "go",
    "went": "go", "focuses": "focus", "made": "make", "gave": "give", "took": "take", "came": "come", "became": "become", "began": "begin",
    "led": "lead", "left": "leave", "kept": "keep", "held": "hold", "brought": "bring", "built": "build", "found": "find",
    "got": "get", "grew": "grow", "knew": "know", "lost": "lose", "met": "meet", "paid": "pay", "ran": "run", "said": "say",
    "saw": "see", "sold": "sell", "sent": "send", "set": "set", "showed": "show", "spent": "spend", "stood": "stand",
    "taught": "teach", "told": "tell", "thought": "think", "won": "win", "wrote": "write", "chose": "choose", "rose": "rise",
    "fell": "fall", "drew": "draw", "drove": "drive", "put": "put", "cut": "cut", "let": "let", "cost": "cost", "hit": "hit",
    "split": "split", "spread": "spread", "read": "read", "bought": "buy", "caught": "catch", "felt": "feel", "meant": "mean",
    "shrank": "shrink", "shrunk": "shrink", "threw": "throw", "broke": "break", "ate": "eat", "drank": "drink", "flew": "fly",
    "froze": "freeze", "hid": "hide", "hurt": "hurt", "laid": "lay", "lay": "lie", "lit": "light", "rode": "ride", "sang": "sing",
    "sank": "sink", "shot": "shoot", "shut": "shut", "slept": "sleep", "spoke": "speak", "stole": "steal", "struck": "strike",
    "swam": "swim", "swept": "sweep", "tore": "tear", "woke": "wake", "wore": "wear", "bore": "bear", "dealt": "deal", "dug": "dig",
    "fed": "feed", "fought": "fight", "forgot": "forget", "sought": "seek", "shook": "shake", "slid": "slide", "sprang": "spring",
    "swore": "swear", "withdrew": "withdraw", "understood": "understand", "heard": "hear", "bound": "bind", "overtook": "overtake",
    "added": "add", "invited": "invite", "completed": "complete", "deleted": "delete", "competed": "compete", "died": "die", "tied": "tie",
    "lies": "lie", "dies": "die", "ties": "tie", "loses": "lose", "chooses": "choose", "uses": "use", "closes": "close", "causes": "cause",
    "rises": "rise", "raises": "raise", "reduced": "reduce", "agreed": "agree", "freed": "free", "discusses": "discuss", "visited": "visit",
    "released": "release", "increased": "increase", "decreased": "decrease", "purchased": "purchase", "based": "base", "promised": "promise",
    "changed": "change", "arranged": "arrange", "exchanged": "exchange", "challenged": "challenge", "ranged": "range", "plunged": "plunge",
    "caches": "cache", "shows": "show", "appeared": "appear", "remained": "remain", "contained": "contain", "entered": "enter",
    "focused": "focus", "passed": "pass", "discussed": "discuss", "missed": "miss", "happened": "happen", "opened": "open",
    "united": "unite", "ignited": "ignite", "excited": "excite", "recited": "recite", "welcomed": "welcome", "created": "create", "overcame": "overcome",
}  # fmt: skip
# Stems that lost an "e", and those among them that never had one.
SILENT = re.compile(r"(?:[vsczuge]|[aeiou]r|[bdcfgkpt]l|[iu]d|[^eo]ad|[rl]od|i[bfkln]|[aou]t|[au]m|ap|yp)$")
SPOKEN = re.compile(
    r"(?:er|ss|ng|[eo]ar|o[uo]r|oin|ain|een|[aeo]i[rlmd]|[eo]a[tmp]|[aeo]ut|oot|(?:monit|auth|ail|ens|anch|irr)or)$"
)


def root(doc: "Doc") -> "Token | None":
    """Return the main verb of a sentence, if it is a finite one."""
    roots = [token for token in doc if token.dep_ == "ROOT"]
    if len(roots) != 1 or roots[0].pos_ not in {"VERB", "AUX"}:
        return None
    return roots[0]


def subject(doc: "Doc") -> "Span | None":
    """Return the whole subject of the main verb when it stands in one piece before it."""
    head = root(doc)
    found = [child for child in head.children if child.dep_ in SUBJECTS] if head else []
    if not head or len(found) != 1 or found[0].i > head.i:
        return None
    tree = list(found[0].subtree)
    span = doc[tree[0].i : tree[-1].i + 1]
    return span if len(span) == len(tree) and span.end <= head.i else None


def lead(doc: "Doc") -> str:
    """Return what stands before the subject ("In enterprises,"), without its comma."""
    found = subject(doc)
    return doc[: found.start].text.rstrip(" ,") if found is not None else ""


def auxiliaries(doc: "Doc") -> "list[Token]":
    """Return the auxiliaries of the main verb, in order."""
    head = root(doc)
    return [child for child in head.children if child.dep_ in {"aux", "auxpass"} and child.i < head.i] if head else []


def base(verb: "Token") -> str:
    """Return a verb as after "does": "follows" -> "follow"."""
    low = verb.text.lower()
    if low in IRREGULAR:
        return IRREGULAR[low]
    match verb.tag_:
        case "VBZ":
            return base_of(low)
        case "VBP" if _third_person(low):
            return base_of(low)
        case "VBD" | "VBN" if low.endswith("ied"):
            return low[:-3] + "y"
        case "VBD" | "VBN" if low.endswith("ed"):
            return _without_ed(low)
        case _:
            return low


def base_of(verb: str) -> str:
    """Return the base form of a verb in the third person: "solves" -> "solve"."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")) else verb.removesuffix("s")


def third_person(verb: "Token") -> str:
    """Return a verb in the present as after "who" or "what": "say" -> "says"."""
    low = {"’re": "are", "'re": "are", "’ve": "have", "'ve": "have", "’m": "am", "'m": "am"}.get(verb.lower_, verb.text)
    if low in {"are", "have", "do", "am"}:
        return {"are": "is", "am": "is", "have": "has", "do": "does"}[low]
    if _third_person(low):
        return low
    return low + ("es" if low.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def helper(verb: "Token") -> str:
    """Return the form of "do" that asks about a verb's object."""
    match verb.tag_:
        case "VBZ":
            return "does"
        case "VBP" if _third_person(verb.text.lower()):
            return "does"
        case "VBD" | "VBN":  # the parser takes "shrank" for a participle
            return "did"
        case _:
            return "do"


def plural(noun: "Token") -> bool:
    """Say whether a noun is plural by its tag."""
    return noun.tag_ in {"NNS", "NNPS"}


def _third_person(verb: str) -> bool:
    """Say whether a verb that the parser takes for a plural is none: "detects"."""
    return verb.endswith("s") and not verb.endswith(("ss", "us", "is"))


def _without_ed(word: str) -> str:
    stem = word[:-2]
    if re.fullmatch(
        r"(?:qu|[^aeiou])*[aeiouy][^aeiouwxy]", stem
    ):  # "nam", "quot", "hop": "hopped" would have doubled it
        return stem + "e"
    if re.search(r"[aeiou][^aeiou]+[eo]ll$", stem):  # "travelled", "controlled", not "smelled"
        return stem[:-1]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return stem + "e" if SILENT.search(stem) and not SPOKEN.search(stem) else stem
