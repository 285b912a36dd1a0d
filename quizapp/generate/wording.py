"""How questions and answers are worded, whatever rule found them."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from quizapp.domain.documents import Speaker

_FUNCTION_WORDS_TEXT = """
    a about above after again against all although an and any are as at be because been before being below
    between both but by can could did do does doing down during each enough even every few first for from
    further had has have having he her here hers him his how however i if in into is it its itself just less
    like many may me might more most much must my neither no nor not nothing now of off on once one only or
    other our ours out over own rather same second she should since so some still such than that the their
    theirs them then there these they third this those though three through to today too two under unless until
    up upon us very was we were what when where whether which while who whom whose why will with within without
    would yet you your yours beyond four five six seven eight nine ten today’s that’s it’s another anyone
    everyone nobody somebody people most true whoever using give having making according
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())

# Nouns that "the" usually points back with; alone they leave the question hanging.
_POINTING_TEXT = """
    approach antidote bottleneck case change company concept conference cure decision difference difficulty
    document effect event example fact feature former group idea issue key latter leader matter mechanism method
    move one others outcome paper part path paths point problem process product program project question reason
    report result rule session side-effect situation solution speaker speakers step steps study system talk team
    thing trend trends two
"""
POINTING = frozenset(_POINTING_TEXT.split())
PRONOUN = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|such(?! as)|here|there|we|us|our|ours|I|me|my|mine|"
    r"you|your|(?:do|does|did|doing) so|the two(?! or )|the former|the latter|both|neither|either|another)\b",
    re.IGNORECASE,
)
# A question with one of these depends on what was said before it.
POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|so|then|else|too|again|why not)\b(?![’']s (?:a|an)\b)",
    re.IGNORECASE,
)
# Endings of common nouns and adjectives that the parser likes to take for names.
COMMON_NOUN = re.compile(r"(?:tion|sion|ment|ness|ity|ing|al|ance|ence|ship|ism|ics|ure|age|ers|ors|ies)$")
# What only the page makes clear, and what only its date does.
ON_THE_PAGE = re.compile(
    r"\b(?:steps?|points?|sections?|figures?|tables?|chapters?|items?) \d|\b(?:see|shown|listed|described|mentioned) (?:above|below)\b|"
    r"\b(?:table|see) above\b",
    re.IGNORECASE,
)
NOW = re.compile(
    r"\b(?:last|this|next) (?:year|month|week|quarter|season|spring|summer|autumn|winter|January|February|March|April|May|June|July|"
    r"August|September|October|November|December)\b|\b(?:yesterday|tomorrow|now stands|so far this)\b",
    re.IGNORECASE,
)
ARROW = re.compile(r"\s*(?:-{1,2}>|→|⇒|=>)\s*")
SMALL = re.compile(r"[a-z][\w-]*[._/\\=(<]\w|[a-z][A-Z]|[a-z]\w? [=≈<>] ")
BACKWARD = re.compile(
    r"^(?:That (?:is|was|means|makes|way|said|gives|leaves)\b|(?:After|Before|Since|Despite|At|In|For|From|With|By|Beyond|Because of) that\b|Next (?:come|comes|is|are)\b|"
    r"Correct\b|Exactly\b|Not |Yes\b|No(?:,| problem\b)|Sure\b|Hence\b)"
)
OPENERS = re.compile(
    r"^(?:And|But|So|Yet|Also|Then(?! (?:came|comes|come|follows?|followed)\b)|However|Therefore|Thus|Moreover|Furthermore|In addition|Additionally|Instead|Similarly|Likewise|"
    r"For example|For instance|In other words|In fact|Indeed|Of course|Finally|Meanwhile|Still|Even so|As a result|In contrast|"
    r"By contrast|First|Firstly|Second|Secondly|Third|Thirdly|Fourth|Fifth|Sixth|Lastly|On the other hand|At the same time|That said|In short|Overall|In particular|As a forecast|In essence),? (?=\S)"
)


def capitalised(text: str) -> str:
    """Return the text with its first letter as a capital, unless it opens with a file's name, a command or "pH"."""
    if SMALL.match(text):
        return text
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Casing:
    """How a document writes its words: what decides whether a capital belongs to a name."""

    text: str
    names: frozenset[str]  # words that the parser takes for names where they open a sentence

    @cached_property
    def inside(self) -> Counter[str]:
        """Return how often each word stands inside a sentence, as it is written there."""
        return Counter(re.findall(r"(?<=[\w,:;] )[\w’'-]+", self.text))


def lowered(text: str, casing: Casing) -> str:
    """Return a phrase from the start of a sentence as it would read inside one."""
    first = re.match(r"[\w’'-]+", text)
    if not first or not text[0].isupper() or first[0] == "I" or (first[0][:2].isupper() and len(first[0]) > 1):
        return text
    word = re.sub(r"[’']s$", "", first[0])
    if text[len(first[0]) :].lstrip()[:1].isupper() and word.lower() not in FUNCTION_WORDS:
        return text
    if word.lower() in FUNCTION_WORDS:
        return text[0].lower() + text[1:]
    if re.search(rf"\b{re.escape(word)} \d", casing.text):
        return text  # "Lantern 5.3"
    small, large = casing.inside[word.lower()], casing.inside[word]
    if small or large or re.search(r"[A-Z\d]", word[1:]):
        return text[0].lower() + text[1:] if small > large else text
    if word in casing.names and not COMMON_NOUN.search(word):
        return text
    return text[0].lower() + text[1:]


def opened(sentence: str) -> str:
    """Return the sentence without a connecting word at its start, capitalised."""
    return capitalised(OPENERS.sub("", sentence))


def answer(text: str) -> str:
    """Return a phrase as an answer: trimmed, capitalised, without a full stop."""
    text = text.strip(" ,;:—–")
    text = text if re.search(r"\b[ap]\.m\.$", text) else text.rstrip(".")
    if text.count("“") > text.count("”"):
        text = text + "”" if text.startswith("“") else text.replace("“", "", 1)
    if text.count("”") > text.count("“"):
        text = text.replace("”", "", 1)
    return capitalised(text)


def asked(core: str, speaker: Speaker | None) -> str:
    """Return a question from its core, naming who says so unless it already does."""
    core = capitalised(core.strip(" ,.?"))
    if speaker is None or any(part in core for part in speaker.name.split()):
        return f"{core}?"
    return f"{core}, according to {speaker.name}?"


def voiced(text: str) -> str:
    """Return a speaker's sentence with "I" and "we" out of the way: beside a name they are clear."""
    return re.sub(r"\b(?:I|[Ww]e|[Uu]s|[Oo]urs?|[Mm]e|[Mm]y|[Mm]ine)\b", "–", text)


def dangling(text: str) -> bool:
    """Say whether a sentence alone leaves the reader asking "which?" or "who?"."""
    bare = re.sub(r"“[^”]*”|\"[^\"]*\"", "“”", text)
    pointing = (found for found in PRONOUN.finditer(bare) if found[0] != "IT")
    first = next(pointing, None)
    if BACKWARD.match(text):
        return True
    if first and not _points_inside(bare, first):
        return True
    return bool(_bare_definite(bare))


def _points_inside(text: str, pronoun: re.Match[str]) -> bool:
    """Say whether a pronoun can mean something named before it in the same sentence."""
    word = pronoun[0].lower()
    if word in {
        "this",
        "these",
        "such",
        "here",
        "the two",
        "the former",
        "the latter",
        "i",
        "me",
        "my",
        "mine",
        "we",
        "us",
        "our",
        "ours",
        "another",
    }:
        return False
    if word in {"you", "your"}:
        return True
    if word == "those" and re.match(r"those (?:who|that|which|of|with)\b", text[pronoun.start() :]):
        return True
    if word == "there" and re.match(
        r"there (?:is|are|was|were|will|has|have)\b", text[pronoun.start() :], re.IGNORECASE
    ):
        return True
    if word in {"both", "either", "neither"} and re.match(r"\w+ [^,.;]{1,60} (?:and|or|nor) ", text[pronoun.start() :]):
        return True
    before = text[: pronoun.start()]
    if word in {"he", "him", "his", "she", "her", "hers"}:
        return any(found.lower() not in FUNCTION_WORDS for found in re.findall(r"\b[A-Z][\w’'-]+", before))
    if word == "it" and re.search(r"\b(?:do|does|did|doing) $", before):
        return False
    if re.fullmatch(r"(?:For|In|With|At|By|On|To|From|Among|Across|Within|After|Before|Under|Over) [^,;:]+, ", before):
        return False
    return len(re.findall(r"[^\W\d_]{3,}", before)) >= 2


def _bare_definite(text: str) -> re.Match[str] | None:
    """Return a "the bottleneck" that neither an adjective nor an "of ..." makes clear, first mention."""
    for found in re.finditer(
        r"\b[Tt]he (?:(?:real|key|main|core|whole|entire|only|first|second|third|next|hard|hardest|harder|bigger|biggest|other) )?([a-z-]+)(?= (?!of|for|that|which|who|to|between|behind|in|on|with|from|at)[a-z]|[,.;:?]|$)",
        text,
    ):
        if found[1] in POINTING:
            return found
    return None
