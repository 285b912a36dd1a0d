"""Words and amounts: what a short text says, apart from how it is typed.

Start from `read`. "More than 1 000 km", "over one thousand kilometres" and
">1,000 km" are the same amount; "The colour" and "color" the same word.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from quizapp.domain import spelling


@dataclass(frozen=True)
class Word:
    """A word as it is compared; how it was spelt or capitalised does not make it another."""

    text: str
    spelt: str = field(default="", compare=False)  # "cheque", where the text is "check"
    capital: bool = field(default=False, compare=False)
    acronym: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Amount:
    """A number with what qualifies it: `hedge` ("about", "more"), `unit` ("km"), `ordinal` (4th)."""

    value: Fraction
    unit: str = ""
    hedge: str = ""
    ordinal: bool = False
    digits: str = ""  # as written, where the last zero may count: version 3.10 is not 3.1


Token = Word | Amount

_SMALL_TEXT = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: number for number, word in enumerate(_SMALL_TEXT.split())}
_NUMBERS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES |= {"k": 10**3, "mn": 10**6, "mio": 10**6, "bn": 10**9}
_SCALE_WORDS = {word for word in _SCALES if len(word) > 3}
_ORDINALS_TEXT = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth"""
_ORDINALS = {word: number for number, word in enumerate(_ORDINALS_TEXT.split(), start=1)}
_ORDINALS |= {word.removesuffix("y") + "ieth": _NUMBERS[word] for word in _TENS}
_ORDINALS |= {"hundredth": 100, "thousandth": 1000}
_PARTS = {"quarter": 4, "quarters": 4}
_PARTS |= {f"{word}s": number for word, number in _ORDINALS.items() if number > 2}
_ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xii": 12, "xiii": 13, "xiv": 14}

_SECOND, _METRE, _GRAM, _BYTE = "second", "metre", "gram", "byte"
# Unit: what it measures, how many of the smallest, and its names. A month is no number of days.
_UNITS: dict[str, tuple[str, Fraction, str]] = {
    name: (measures, Fraction(size), names)
    for name, measures, size, names in (
        ("percent", "percent", "1", "%|percent|per cent|pct"),
        ("point", "point", "1", "percentage point|percentage points|pp"),
        ("ns", _SECOND, "1e-9", "ns|nanosecond"),
        ("us", _SECOND, "1e-6", "us|µs|microsecond"),
        ("ms", _SECOND, "1e-3", "ms|msec|millisecond"),
        ("s", _SECOND, "1", "s|sec|second"),
        ("min", _SECOND, "60", "min|minute"),
        ("h", _SECOND, "3600", "h|hr|hrs|hour"),
        ("day", _SECOND, "86400", "day"),
        ("week", _SECOND, "604800", "wk|wks|week"),
        ("month", "month", "1", "month"),
        ("year", "month", "12", "yr|yrs|year"),
        ("decade", "month", "120", "decade"),
        ("century", "month", "1200", "century|centuries"),
        ("nm", _METRE, "1e-9", "nm|nanometer"),
        ("um", _METRE, "1e-6", "um|µm|micrometer|micron"),
        ("mm", _METRE, "1e-3", "mm|millimeter"),
        ("cm", _METRE, "1e-2", "cm|centimeter"),
        ("m", _METRE, "1", "m|meter"),
        ("km", _METRE, "1000", "km|kms|kilometer"),
        ("mile", _METRE, "1609.344", "mi|mile"),
        ("yard", _METRE, "0.9144", "yd|yds|yard"),
        ("foot", _METRE, "0.3048", "ft|foot|feet"),
        ("inch", _METRE, "0.0254", "inch|inches"),
        ("m2", "area", "1", "sqm|square meter|m 2"),
        ("km2", "area", "1e6", "square kilometer|km 2"),
        ("ha", "area", "1e4", "ha|hectare"),
        ("m3", "volume", "1000", "cubic meter|m 3"),
        ("ml", "volume", "1e-3", "ml|milliliter"),
        ("l", "volume", "1", "l|liter"),
        ("µg", _GRAM, "1e-6", "µg|ug|mcg|microgram"),
        ("mg", _GRAM, "1e-3", "mg|milligram"),
        ("g", _GRAM, "1", "g|gram|gramme"),
        ("kg", _GRAM, "1000", "kg|kgs|kilogram|kilogramme|kilo"),
        ("t", _GRAM, "1e6", "t|tonne|metric ton"),
        ("lb", _GRAM, "453.59237", "lb|lbs"),
        ("byte", _BYTE, "1", "byte"),
        ("kb", _BYTE, "1e3", "kb|kilobyte"),
        ("mb", _BYTE, "1e6", "mb|megabyte"),
        ("gb", _BYTE, "1e9", "gb|gigabyte"),
        ("tb", _BYTE, "1e12", "tb|terabyte"),
        ("hz", "hertz", "1", "hz|hertz"),
        ("khz", "hertz", "1e3", "khz|kilohertz"),
        ("mhz", "hertz", "1e6", "mhz|megahertz"),
        ("millihertz", "hertz", "1e-3", "millihertz"),
        ("ghz", "hertz", "1e9", "ghz|gigahertz"),
        ("w", "watt", "1", "w|watt"),
        ("kw", "watt", "1e3", "kw|kilowatt"),
        ("mw", "watt", "1e6", "mw|megawatt"),
        ("gw", "watt", "1e9", "gw|gigawatt"),
        ("kwh", "energy", "1", "kwh|kilowatt hour"),
        ("mwh", "energy", "1e3", "mwh|megawatt hour"),
        ("v", "volt", "1", "v|volt"),
        ("kv", "volt", "1e3", "kv|kilovolt"),
        ("celsius", "celsius", "1", "°c|° c|celsius|degree celsius|degrees celsius|degree c|degrees c"),
        ("fahrenheit", "fahrenheit", "1", "°f|fahrenheit|degree fahrenheit|degrees fahrenheit|degrees f"),
        ("degree", "degree", "1", "°|deg|degree"),
        ("km/h", "speed", "1", "km h|kmh|kph|km per h|km per hour|kilometer per hour|kilometers per hour"),
        ("m/s", "speed", "3.6", "m s|m per s|meter per second|meters per second"),
        ("mph", "speed", "1.609344", "mph|mile per hour|miles per hour"),
        ("dollar", "dollar", "1", "$|dollar|usd|us dollar|us dollars"),
        ("euro", "euro", "1", "€|euro|eur"),
        ("pound", "pound", "1", "£|pound|gbp|pound sterling|pounds sterling"),
        ("yen", "yen", "1", "¥|yen|jpy"),
    )
}
_UNIT_NAMED = {
    tuple(spelled.split()): unit
    for unit, (_, _, names) in _UNITS.items()
    for name in names.split("|")
    for spelled in ((name, f"{name}s") if len(name) > 2 and not name.endswith("s") else (name,))
}
_LONGEST_UNIT = max(map(len, _UNIT_NAMED))
_CURRENCIES = {sign: _UNIT_NAMED[(sign,)] for sign in ("$", "€", "£", "¥", "usd", "eur", "gbp")}

ABOUT, NEARLY, MORE, AT_LEAST, LESS, AT_MOST, WITHIN = (
    "about",
    "nearly",
    "more",
    "at least",
    "less",
    "at most",
    "within",
)
_UPWARD, _DOWNWARD = {MORE, AT_LEAST}, {LESS, AT_MOST, NEARLY, WITHIN}
_HEDGES = {
    ABOUT: "about|around|approximately|approx|roughly|circa|ca|some|~|≈|in the region of",
    NEARLY: "nearly|almost|close to|just under|just below|not quite",
    MORE: "more than|over|above|exceeding|greater than|well over|upwards of|>|in excess of",
    AT_LEAST: "at least|no less than|no fewer than|not less than|minimum of|a minimum of|≥",
    LESS: "less than|fewer than|under|below|<",
    AT_MOST: "at most|up to|no more than|not more than|maximum of|a maximum of|≤",
    WITHIN: "within",
    "": "only|just|exactly|precisely|a total of|equal to",  # say nothing about the value
}
_HEDGES_AFTER = {
    ABOUT: "or so|approximately",
    AT_LEAST: "or more|at least|+|minimum|or over",
    AT_MOST: "or less|or fewer|at most|maximum|or under",
}
_BEFORE = {tuple(phrase.split()): hedge for hedge, phrases in _HEDGES.items() for phrase in phrases.split("|")}
_AFTER = {tuple(phrase.split()): hedge for hedge, phrases in _HEDGES_AFTER.items() for phrase in phrases.split("|")}
_LONGEST_HEDGE = max(map(len, [*_BEFORE, *_AFTER]))

_VERBS_TEXT = "do does did is are was were have has had would could should must might need"
_CONTRACTED = {f"{verb}nt": f"{verb} not" for verb in _VERBS_TEXT.split()} | {
    "cant": "can not",
    "cannot": "can not",
    "wont": "will not",
    "shant": "shall not",
}

_ARTICLES = {"a", "an", "the"}
_NO_ARTICLE_BEFORE = {"and", "or", "to", "nor", *"+=<>≥≤≠"}


def read(text: str) -> tuple[Token, ...]:
    """Return the words and amounts of a text, without articles; empty if it has neither letter nor digit."""
    return _understood(_lexemes(_prepared(text)), articles=False)


def readings(text: str) -> tuple[tuple[Token, ...], ...]:
    """Return all ways to read a text, the plain one first: hyphens joined, articles kept, ä as ae."""
    texts = [text, _HYPHEN.sub("", text)] if _HYPHEN.search(text) else [text]
    texts += [spelled for one in texts if (spelled := spelling.with_two_letters(one)) != spelling.folded(one)]
    lexemes = [_lexemes(_prepared(one)) for one in texts]
    found: list[tuple[Token, ...]] = []
    for articles in (False, True):
        for one in lexemes:
            if (reading := _understood(one, articles=articles)) not in found:
                found.append(reading)
    return tuple(found)


def unit_names(unit: str) -> tuple[str, ...]:
    """Return the single words that a unit is known by."""
    return tuple(names[0] for names, named in _UNIT_NAMED.items() if named == unit and len(names) == 1)


def contrary(one: str, other: str) -> bool:
    """Say whether two hedges point in opposite directions: "more than" and "at most"."""
    return (one in _UPWARD and other in _DOWNWARD) or (one in _DOWNWARD and other in _UPWARD)


def in_smallest(amount: Amount) -> tuple[Fraction, str]:
    """Return an amount as what can be compared with other units of the same kind: 3 days are 72 hours."""
    measures, size, _ = _UNITS.get(amount.unit, (amount.unit, Fraction(1), ""))
    return amount.value * size, measures


# Reading the characters

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑._](?=[^\W\d_])")
_SPECIAL = set(".,:/-+#&%$€£¥°^'~≈<>=≤≥≠!@")
_REPLACED = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "−": "-", "–": "-", "—": " - ", "‐": "-", "‑": "-", "‒": "-",
     "\u00b5": "µ", "º": "°"}
)  # fmt: skip
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_VULGAR = re.compile(r"[¼-¾⅐-⅞]")
_RAISED = re.compile(rf"(?<=\d)[{''.join(_SUPERSCRIPTS)}]+")


LIMIT_CHARS = 500  # of what is read, since one character can stand for eighteen


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """Return a character as the patterns below know it: letters, digits, few signs, single symbols."""
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.digit(character))
    if kind in {"Cf", "Cc", "Cs", "Cn", "Co"}:
        return " " if character.isspace() else ""
    if spelling.is_cjk(character) or (kind[0] == "S" and character not in _SPECIAL):
        return f" {character} "
    return character if kind[0] in "LMN" or character in _SPECIAL else " "


def _prepared(text: str) -> str:
    """Return the text with one sign for each thing: quotes, dashes, digits, fractions."""
    text = text.replace("US$", "$")
    text = _VULGAR.sub(lambda found: f" {unicodedata.normalize('NFKC', found[0])}".replace("⁄", "/"), text)
    text = _RAISED.sub(lambda found: "^" + "".join(_SUPERSCRIPTS[digit] for digit in found[0]), text)
    text = unicodedata.normalize("NFKC", text.translate(_REPLACED)).translate(_REPLACED)
    text = "".join(map(_shown, text[:LIMIT_CHARS]))
    text = re.sub(r"(?<=\d)'(?=\d{3})", ",", text).replace("'", "")
    text = re.sub(r"\b([^\W\d_])\.(?=[^\W\d_]\b)", r"\1", text)  # U.S.A.
    return re.sub(r"(?<=\d) ?- ?(?=\d)", " to ", text)


_NUMBER = r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|[1-9]\d{0,2}(?: \d{3})+(?![\d.,])|\d+(?:\.\d+|,\d{1,2}(?!\d))?"
_LEXEME = re.compile(
    rf"""(?P<literal>\d+(?:[.:]\d+){{2,}}|\d+:\d\d|\d+(?:/\d+){{2,}})
    |(?P<mixed>\d{{1,3}}[ ]+\d{{1,2}}/[1-9]\d?\b)
    |(?P<amount>(?:(?<!\S)-)?(?:{_NUMBER.replace(" ", "[ ]")})(?:/\d+|\^-?\d{{1,2}}(?!\d))?)(?P<nth>(?:st|nd|rd|th)\b)?
    |(?P<word>[^\s\d.,:/\-+\#&%$€£¥°^'~≈<>=≤≥≠!@]+(?:[+\#]+(?!\w))?)
    |(?P<sign>°[cCfF]\b|!=|<=|>=|[<>=≤≥≠~≈%$€£¥°&+])""",
    re.VERBOSE,
)
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "&": "and"}


def _lexemes(text: str) -> list[Token]:
    """Return words and bare numbers in order."""
    found: list[Token] = []
    for lexeme in _LEXEME.finditer(text):
        if mixed := lexeme["mixed"]:
            found.append(Amount(sum(map(Fraction, mixed.split()), Fraction(0))))
        elif written := lexeme["amount"]:
            number = _number(written)
            found.append(replace(number, ordinal=bool(lexeme["nth"])) if isinstance(number, Amount) else number)
        elif lexeme["word"]:
            found += _words(lexeme["word"])
        else:
            found.append(Word(_SIGNS.get(lexeme[0], lexeme[0].lower())))
    return found


@lru_cache(maxsize=4096)
def _words(written: str) -> tuple[Token, ...]:
    plain = spelling.folded(written)
    text = _CONTRACTED.get(plain) or spelling.common(plain)
    capital, acronym = written != written.lower(), len(written) > 1 and written.isupper()
    return tuple(Word(part, plain, capital, acronym) for part in text.split())


@lru_cache(maxsize=1024)
def _number(written: str) -> Token:
    """Return the amount that digits say, or the digits as a word where they say none."""
    plain = written.replace(" ", "")
    if re.fullmatch(r"-?0,\d+|-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    plain = plain.replace(",", "")
    if "^" in plain:
        base, exponent = plain.split("^")
        return Word(plain) if not Fraction(base) else Amount(Fraction(base) ** int(exponent))
    if "/" in plain:
        top, bottom = plain.split("/")
        return Amount(Fraction(top) / int(bottom)) if int(bottom) else Word(plain)
    return Amount(Fraction(plain), digits=plain if re.search(r"\.\d*[1-9]0+$", plain) else "")


# Reading the words


def _understood(tokens: Sequence[Token], *, articles: bool) -> tuple[Token, ...]:
    """Return the tokens with numbers, units, hedges and ordinals put together."""
    told = _with_hedges(_with_units(_with_numbers(tokens)))
    return tuple(token for place, token in enumerate(told) if articles or not _is_article(told, place))


def _is_article(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a token is an article; "A" in "Vitamin A" or "A or B" is none."""
    token, after = tokens[place], tokens[place + 1 : place + 2]
    if not isinstance(token, Word) or token.text not in _ARTICLES or not after:
        return False
    return not (token.capital and place and token.text == "a") and _text(after[0]) not in _NO_ARTICLE_BEFORE


def _with_numbers(tokens: Sequence[Token]) -> list[Token]:
    """Put number words and scales together: "two hundred and five", "1.5 million", "two thirds", "World War II"."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        amount, after = _number_at(tokens, place)
        seconds = _text(tokens[place]) == "second" and bool(found) and isinstance(found[-1], Amount)
        found.append(tokens[place] if amount is None or seconds else amount)
        place = after
    return found


def _number_at(tokens: Sequence[Token], place: int) -> tuple[Amount | None, int]:
    """Return the amount that starts here, or None, and the place of what comes next."""
    first = tokens[place]
    if isinstance(first, Amount):
        return _with_scale(first, tokens, place + 1)
    if first.text in _ORDINALS:
        return Amount(Fraction(_ORDINALS[first.text]), ordinal=True), place + 1
    if first.text in _ROMAN and place:
        return Amount(Fraction(_ROMAN[first.text])), place + 1
    if first.text == "half":
        return Amount(Fraction(1, 2)), place + 1
    if first.text in _NUMBERS or first.text in _SCALE_WORDS:
        return _spelled(tokens, place)
    return None, place + 1


def _with_scale(amount: Amount, tokens: Sequence[Token], place: int) -> tuple[Amount, int]:
    """Return an amount in digits with what multiplies it: "2 hundred thousand", "10k"."""
    while not amount.ordinal and (scale := _SCALES.get(_text_at(tokens, place))):
        amount = Amount(amount.value * scale)
        place += 1
    return amount, place


def _spelled(tokens: Sequence[Token], place: int) -> tuple[Amount, int]:
    """Return the number that words say, as far as they belong together."""
    said = (0, 1 if _text_at(tokens, place) in _SCALE_WORDS else 0)
    while True:
        skipped = _text_at(tokens, place) == "and" and _text_at(tokens, place - 1) in _SCALE_WORDS
        further = _counted_on(said, _text_at(tokens, place + skipped))
        if further is None:
            break
        said, place = further, place + skipped + 1
    value, following = sum(said), _text_at(tokens, place)
    if value % 10 == 0 and value % 100 >= 20 and _ORDINALS.get(following, 10) < 10:
        return Amount(Fraction(value + _ORDINALS[following]), ordinal=True), place + 1
    if part := _PARTS.get(following) or (_ORDINALS.get(following) if value == 1 and following != "second" else None):
        return Amount(Fraction(value, part)), place + 1
    return Amount(Fraction(value)), place


def _counted_on(said: tuple[int, int], word: str) -> tuple[int, int] | None:
    """Return what has been counted, as whole thousands and the rest, after one more word; None if it does not fit."""
    whole, rest = said
    if word in {"hundred", "dozen"}:
        return (whole, rest * _SCALES[word]) if 0 < rest < 100 else None
    if word in _SCALE_WORDS:
        return (whole + rest * _SCALES[word], 0) if rest and whole % (1000 * _SCALES[word]) == 0 else None
    if (number := _NUMBERS.get(word)) is None:
        return None
    if not whole and 15 <= rest <= 20 and number >= 10:  # a year: nineteen forty-five
        return 0, rest * 100 + number
    fits = rest % 100 == 0 or (rest % 10 == 0 and rest % 100 >= 20 and 0 < number < 10)
    return (whole, rest + number) if fits else None


def _with_units(tokens: Sequence[Token]) -> list[Token]:
    """Give each amount the unit that follows it, or the currency that precedes it."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if isinstance(token, Amount) and not token.ordinal:
            currency = _CURRENCIES.get(_text(found[-1]), "") if found else ""
            unit, length = _unit_at(tokens, place)
            if currency:
                found.pop()
            token = replace(token, unit=unit or currency, digits="" if unit or currency else token.digits)
            place += length
        found.append(token)
    return found


def _unit_at(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """Return the longest unit that starts here, and how many tokens it takes."""
    names = tuple(token.text if isinstance(token, Word) else str(token.value) for token in tokens[place : place + 4])
    for length in range(min(_LONGEST_UNIT, len(names)), 0, -1):
        if unit := _UNIT_NAMED.get(names[:length]):
            return unit, length
    return "", 0


def _with_hedges(tokens: Sequence[Token]) -> list[Token]:
    """Give each amount what limits it, before ("at least 4") or after ("4 or more")."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if isinstance(token, Amount) and not token.ordinal:
            before = _hedge_taken_from(found)
            after, length = ("", 0) if before else _hedge_after(tokens, place)
            token = replace(token, hedge=before or after)
            place += length
        found.append(token)
    return found


def _hedge_taken_from(found: list[Token]) -> str:
    """Return the hedge that the tokens so far end with, and take it from them; "" if there is none."""
    hedge = ""
    while phrase := _phrase_at_end(found):
        if hedge and _BEFORE[phrase[0]]:
            break
        hedge = hedge or _BEFORE[phrase[0]]
        del found[phrase[1] :]
    return hedge


def _phrase_at_end(tokens: Sequence[Token]) -> tuple[tuple[str, ...], int] | None:
    """Return the longest hedging phrase that the tokens end with, give or take an article, and where it starts."""
    end = len(tokens) - (_text_at(tokens, len(tokens) - 1) in _ARTICLES)  # about a hundred
    for length in range(min(_LONGEST_HEDGE, end), 0, -1):
        if (phrase := _texts(tokens[end - length : end])) in _BEFORE:
            return phrase, end - length
    return None


def _hedge_after(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """Return the hedge that follows an amount, and how many tokens it takes."""
    for length in (2, 1):
        hedge = _AFTER.get(_texts(tokens[place : place + length]))
        if hedge and not isinstance(next(iter(tokens[place + length : place + length + 1]), None), Amount):
            return hedge, length
    return "", 0


def _texts(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(map(_text, tokens))


def _text(token: Token) -> str:
    return token.text if isinstance(token, Word) else ""


def _text_at(tokens: Sequence[Token], place: int) -> str:
    return _text(tokens[place]) if 0 <= place < len(tokens) else ""
