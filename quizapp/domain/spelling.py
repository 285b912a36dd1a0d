"""Spelling: when two words are written differently and yet are the same word.

`folded` takes away case and accents, `common` brings British and American
spelling together, `singulars` says what a word may be the plural of, and
`opposed` finds the small differences that change the meaning.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import permutations

# Scripts whose readers leave marks out when they type. In others a mark makes another letter (が, й, की).
_MARKS_ARE_OPTIONAL = ("LATIN", "GREEK", "HEBREW", "ARABIC")
# Letters of one piece that Unicode does not take apart.
_ONE_PIECE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
                            "ё": "е", "ـ": ""})  # fmt: skip
# How German and the Nordic languages write these letters where a keyboard has none of them.
_AS_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"  # 10² is not 102
_IDEOGRAPHS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


@lru_cache(maxsize=4096)
def is_cjk(character: str) -> bool:
    """Say whether a character stands for itself: Chinese, Japanese or Korean."""
    return ord(character) > 0x10FF and unicodedata.name(character, "").startswith(_IDEOGRAPHS)


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    """Return one character without case and, where readers do without them, without marks."""
    if character in _RAISED:
        return character
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    if unicodedata.name(parts[:1], "").startswith(_MARKS_ARE_OPTIONAL):
        parts = "".join(part for part in parts if not unicodedata.combining(part))
    return unicodedata.normalize("NFKC", parts).translate(_ONE_PIECE)


def clusters(text: str) -> list[str]:
    """Return the characters of a text, each with the marks that follow it; together they are the text."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character).startswith("M"):
            found[-1] += character
        else:
            found.append(character)
    return found


def folded(text: str) -> str:
    """Return the text without case, accents and typographic variants, ready to be compared."""
    letters = (_letter(unicodedata.normalize("NFC", cluster)) for cluster in clusters(text))
    return unicodedata.normalize("NFC", "".join(letters))


def with_two_letters(text: str) -> str:
    """Return the text with ä, ö, ü, å and ø as people write them without such keys: "Mueller"."""
    return unicodedata.normalize("NFC", text.casefold()).translate(_AS_TWO_LETTERS)


# British to American, since its forms are the shorter. Only the comparison sees them.
_OUR = "arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|savi|splend|tum|val|vap|vig"
_DOUBLED = (
    "cancel|channel|counsel|dial|equal|fuel|label|level|marvel|model|pedal|quarrel|rival|signal|total|travel|tunnel"
)
_RE = "calib|cent|fib|lit|lust|meag|met|somb|spect|theat"
_RULES = [
    (re.compile(rf"({_OUR})our"), r"\1or"),
    (re.compile(r"(?<=\w{3})is(e[ds]?|ing|ations?|ers?|able)$"), r"iz\1"),
    (re.compile(r"(?<=\w{2})ys(e[ds]?|ing|ers?)$"), r"yz\1"),
    (re.compile(rf"({_RE})re(s?)$"), r"\1er\2"),
    (re.compile(rf"^({_DOUBLED})l(ed|ing|ers?|ors?)$"), r"\1\2"),
    (re.compile(r"^(ana|cata|dia|epi|mono|pro)logue(s?)$"), r"\1log\2"),
    (re.compile(r"^(def|lic|off|pret)ence(s?)$"), r"\1ense\2"),
    (re.compile(r"^(an|h|leuk|isch)ae(m)"), r"\1e\2"),
    (re.compile(r"^(an)ae(sth)|^(p|orthop|encyclop)ae(d)|^(gyn)ae(c)|^(arch)ae(o)"), r"\1\3\5\7e\2\4\6\8"),
    (re.compile(r"^(f|man)oe(t|uv)|^oe(s)"), r"\1e\2\3"),
    (re.compile(r"aemia"), "emia"),
    (re.compile(r"rrhoea"), "rrhea"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"^sceptic"), "skeptic"),
]
_PAIRS_TEXT = """
    acknowledgement acknowledgment aeroplane airplane ageing aging aluminium aluminum artefact artifact burnt burned
    cheque check cosy cozy disc disk draught draft enquiry inquiry enrol enroll fulfil fulfill grey gray jewellery jewelry
    judgement judgment kerb curb learnt learned maneuvre maneuver maths math mould mold moustache mustache plough plow
    practise practice programme program programmes programs pyjamas pajamas skilful skillful speciality specialty
    storey story towards toward tyre tire tyres tires whilst while wilful willful yoghurt yogurt
"""
_PAIRS = _PAIRS_TEXT.split()
_WORDS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))


@lru_cache(maxsize=4096)
def common(word: str) -> str:
    """Return the spelling that British and American writers are compared in; the word is folded."""
    for pattern, instead in _RULES:
        word = pattern.sub(instead, word)
    return _WORDS.get(word, word)


_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot", "teeth": "tooth",
    "mice": "mouse", "geese": "goose", "lice": "louse", "oxen": "ox",
}  # fmt: skip
_ENDINGS = [
    ("s", ("",), 3), ("es", ("", "is"), 4), ("ies", ("y",), 5), ("ves", ("f", "fe"), 5), ("i", ("us",), 5),
    ("a", ("um", "on"), 4), ("ices", ("ix", "ex"), 6),
]  # fmt: skip


@lru_cache(maxsize=4096)
def singulars(word: str) -> frozenset[str]:
    """Return the word and everything that it may be the plural of; words share one if they differ in number alone."""
    found = {word, _IRREGULAR.get(word, word)}
    for ending, instead, least in _ENDINGS:
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            found |= {word.removesuffix(ending) + end for end in instead}
    return frozenset(found)


_OPPOSED_PREFIXES_TEXT = """
    hyper/hypo inter/intra endo/exo micro/macro in/de in/ex im/ex im/e over/under pre/post anti/ante mono/poly
    homo/hetero up/down af/ef ab/ad milli/micro milli/nano milli/mega milli/kilo kilo/mega mega/giga giga/tera micro/nano
    /un /in /im /il /ir /non /dis /a /anti /mis /de /re /sub /super
"""
_OPPOSED_SUFFIXES_TEXT = "ite/ate ide/ite ide/ate ane/ene ene/yne er/ee ous/ic"
_PREFIXES = [way for pair in _OPPOSED_PREFIXES_TEXT.split() for way in permutations(pair.split("/"))]
_SUFFIXES = [way for pair in _OPPOSED_SUFFIXES_TEXT.split() for way in permutations(pair.split("/"))]
_SHORTEST_STEM = 3


def opposed(one: str, other: str) -> bool:
    """Say whether two words differ only in a part that turns the meaning: hypo- and hyper-, nitrite and nitrate."""
    return any(
        one.startswith(a) and other.startswith(b) and _one_stem(one[len(a) :], other[len(b) :]) for a, b in _PREFIXES
    ) or any(
        one.endswith(a) and other.endswith(b) and _one_stem(one[: -len(a)], other[: -len(b)]) for a, b in _SUFFIXES
    )


def _one_stem(one: str, other: str) -> bool:
    return one == other and len(one) >= _SHORTEST_STEM
