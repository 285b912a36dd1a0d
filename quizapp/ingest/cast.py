"""Who is there, and what each may be called.

Labels shorten names: "LVG", "Leonie", "VASSEUR-GRANT", "Captain Byron", "THE CHAIR". A label means a
person when it fits exactly one of those whom the document names. Start from `Cast.of`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.ingest import names

ADDRESS = (
    r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Lord|Lady|Baroness|Captain|Capt|Colonel|Col|Major|General|Sergeant|Sister|"
    r"Brother|Father|Mother|Rev|Reverend|Rabbi|Imam|Judge|Justice|Senator|Councillor|Cllr|Minister|Chef|Coach|Nurse|Madam)\.?"
)
NAMED = re.compile(rf"(?<![\w’'-])(?:{ADDRESS} )*(?P<name>{names.NAME})(?![\w-])")
TOGETHER = re.compile(r" & |,? and ")
NOBODY = re.compile(
    r"transcri\w+|recorded|date|place|time|where|when|topic|keywords?|edit|update|note|notes|ps|agenda|(?:members |also )?present|"
    r"apologies|attendees|participants|in attendance|subject|cc|panel|team|here"
)
SENTENCE = re.compile(r"(?<=\w\w[.!?])[\"”)]* +(?=[^\W\d_a-z])")
ROLE_LABEL = re.compile(
    r"(?:the )?(?:chair(?:man|woman|person)?|co-?chair|convener|convenor|host|co-?host|moderator|interviewer|interviewee|narrator|guest|"
    r"presenter|secretary|treasurer|facilitator|speaker|president|witness|clerk|editor|expert|teacher|coach|q|a)",
    re.IGNORECASE,
)
# What the name of a house or day has, never a person's.
OF_HOUSE = re.compile(
    rf"\b(?:{names.HOUSE}|Ltd|Inc|GmbH|Labs?|Group|Club|League|Company|Partners|Systems|Committee|Board|Authority|Department|"
    r"Team|Parish|Office|Panel|Network|Initiative|Festival|Prize)\b|"
    r" (?:January|February|March|July|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$"
)
OF = re.compile(r"\b(?:of|at|in|near|the|from|for|around)[ “\"]$")
# "(AB, Chair)", "(@ada_b)", "Ada Byron = ada_b", "Ada Byron, Addie to her friends", "AB = Ada Byron", "Host: Ada Byron"
KEYS = re.compile(r"(?<=[(=])\s?@?([\w.-]*[^\W\d][\w./\[\]-]*)(?=[,;)/]|$)")
NICKNAME = re.compile(r"(?<=[,;] )([A-Z][\w-]+)(?! ?[=:])")
BEFORE = re.compile(r"@?([\w./\[\]-]{1,24})\s?[=:|(]\s?(?:[\w.]+ )?$")
OF_REACH = 8  # characters: the longest of these words, with what stands on both sides of it
TAIL = 60  # characters behind a name that may say what else its bearer is called


@dataclass
class Cast:
    """The people whom a text names, by what each may be called."""

    calls: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    beside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    people: set[str] = field(default_factory=set)
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # what stands beside each name
    _beside: dict[str, set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # whose names each of its words is at
    houses: set[str] = field(default_factory=set)  # what stands only where the name of a house or place does

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Cast":
        """Return the people whom the texts name, with what stands beside each name."""
        cast = cls()
        for text in texts:
            found = [
                (one.start(), one.end(), name, OF.search(text[max(0, one.start() - OF_REACH) : one.start()]))
                for one in NAMED.finditer(text)
                for name in _people(one["name"])
            ]
            for at, (start, end, name, house) in enumerate(found):
                if house and name not in cast.people:
                    cast.houses.add(name)
                elif not house:
                    cast.houses.discard(name)
                cast.add(name)
                following = found[at + 1][0] if at + 1 < len(found) else len(text)
                before = text[found[at - 1][1] if at else 0 : start]
                cast._place(
                    name, SENTENCE.split(text[end : min(following, end + TAIL)])[0], before, alone=len(found) == 1
                )
        return cast

    def add(self, name: str) -> None:
        """Take in a person with all forms that their name may have."""
        self.people.add(name)
        for call in _forms(name):
            self.calls[call.lower()].add(name)

    def find(self, label: str) -> str | None:
        """Return the one person that a label means; None where nobody or more than one could be meant."""
        bare = _bare(label)
        if not bare or NOBODY.fullmatch(bare):
            return None
        if ", " in bare and not self._fits(bare):
            bare = bare.split(", ")[0]
        if TOGETHER.search(bare):
            return self._together(bare)
        fits = self._fits(bare) or self._fits(_unaddressed(bare)) or self.beside.get(bare, set()) or self._inside(label)
        fits = fits or self._described(bare)
        fits = _longest(fits - self.houses or fits)
        return next(iter(fits)) if len(fits) == 1 else None

    def _together(self, label: str) -> str | None:
        """Return the people of "Ada and Bo Li" as one; None where one of them is not known."""
        found = [self.find(part) for part in TOGETHER.split(label)]
        return " and ".join(name for name in found if name) if all(found) and len(set(found)) == len(found) else None

    def knows(self, label: str) -> bool:
        """Say whether a label could mean somebody, or several."""
        return bool(self._fits(_unaddressed(_bare(label))))

    def _described(self, bare: str) -> set[str]:
        """Return of whom the text says what a label does: "THE BAKER" for "Ada Byron, baker in Ely"."""
        if not re.fullmatch(r"[a-zà-ÿ-]{4,}(?: [a-zà-ÿ-]+)?", bare) or bare in names.COMMON:
            return set()
        told, first = re.compile(rf"\b{re.escape(bare)}\b"), re.search(r"\w+", bare)
        near = self._beside.get(first[0], set()) if first else set()
        return {name for name in near if any(told.search(words) for words in self.told[name])}

    def letter(self, label: str) -> str | None:
        """Return the one person whose first name, or else whose surname, starts with the letter."""
        for part in (0, -1):
            fits = [name for name in self.people - self.houses if name.split()[part][0] == label]
            if len(fits) == 1:
                return fits[0]
        return None

    def _inside(self, label: str) -> set[str]:
        """Return whom a label names with more words: "Harbour master Ada Byron"."""
        return {
            name for one in NAMED.finditer(label) if one.end() == len(label) for name in _people(one["name"])
        } & self.people

    def _fits(self, call: str) -> set[str]:
        return self.calls.get(call) or self.calls.get(call.replace(".", "").replace(" ", "")) or set()

    def _place(self, name: str, tail: str, before: str, *, alone: bool) -> None:
        """Note what could be another way to call somebody: "(AB, Chair)", "Host: ...", "ada_b = ..."."""
        told = f"{tail} {before[-TAIL:] if alone else ''}".lower()
        self.told[name].append(told)
        for word in re.findall(r"\w+", told):
            self._beside[word].add(name)
        keys = KEYS.findall(tail) + NICKNAME.findall(tail) + BEFORE.findall(before)
        keys += [role[0] for role in ROLE_LABEL.finditer(tail) if len(role[0]) > 1]
        if alone:
            keys += [role[0] for role in ROLE_LABEL.finditer(before) if len(role[0]) > 1]
        for key in keys:
            if len(_bare(key)) > 1 and (_bare(key) not in names.COMMON or ROLE_LABEL.fullmatch(key)):
                self.beside[_bare(key)].add(name)


def _people(found: str) -> Iterator[str]:
    words = found.rstrip(".").split()
    while len(words) > 2 and (
        words[0].lower() in names.COMMON or names.ROLE.fullmatch(words[0]) or re.fullmatch(ADDRESS, words[0])
    ):
        words = words[1:]
    name = re.sub(r"[’']s$", "", " ".join(words))
    person = len(words) > 1 and not re.fullmatch(ADDRESS, words[0]) and not OF_HOUSE.search(name)
    if names.like_name(name) and person and not name.isupper():
        yield names.bare(name)


def whole(label: str) -> str:
    """Return the name in a label as it is written elsewhere: "MRS. ADA BYRON" -> "Ada Byron"."""
    words = (label.title() if label.isupper() else label).split()
    while len(words) > 2 and re.fullmatch(ADDRESS, words[0]):
        words = words[1:]
    return names.bare(" ".join(words))


def _forms(name: str) -> set[str]:
    words = [word for word in name.split() if not word.islower()]
    first, last = words[0], words[-1]
    family = name[name.index(" ") + 1 :]
    capitals = [part[0] for word in words for part in word.split("-") if part[:1].isupper()]
    whole = [word[0] for word in words]
    forms = {
        name,
        first,
        last,
        family,
        f"{first} {last}",
        f"{first[0]}. {last}",
        f"{first[0]} {last}",
        f"{first} {last[0]}",
    }
    every = [word[0] for word in name.split()]  # "HvA"
    forms |= {"".join(capitals), "".join(whole), "".join(every), first[0] + last[0]}
    forms |= set(last.split("-")) if "-" in last else set()
    return {form for form in forms if len(form) > 1}


def _bare(label: str) -> str:
    """Return a label in small letters, without brackets, numbers of points and marks."""
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\s·.*$", " ", label)
    text = re.sub(
        r"(?<=\w) (?:\w+ly )?(?:wrote|writes|says|said|replied|replies|answered|answers|asks|asked|added|adds)\b.*$",
        "",
        text,
    )
    text = re.sub(
        r"^(?:the|our) ",
        "",
        " ".join(re.sub(r" (?:again|continue[sd]|cont\.?)$", "", text.strip(' *_`<>@:—–-“”"')).split()),
        flags=re.IGNORECASE,
    )
    return text.lower()


def _unaddressed(label: str) -> str:
    words = label.split()
    while len(words) > 1 and (re.fullmatch(ADDRESS, words[0], re.IGNORECASE) or names.ROLE.fullmatch(words[0])):
        words = words[1:]
    return " ".join(words)


def _longest(fits: set[str]) -> set[str]:
    """Return the people without those whose name is part of another's: "Ada Byron" beside "Ada M. Byron"."""
    return {one for one in fits if not any(set(one.split()) < set(other.split()) for other in fits)}
