"""Many names looked up in one long text, at the places where their words stand. Start from `Text`."""

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from quizapp.ingest import speech

WORD = re.compile(r"\w+")
SAYING = re.compile(rf"[,?!…”] {speech.SAYS} ")
QUOTED = re.compile(r"[,?!…]”")
REACH = 400  # characters from a verb to the name that it goes with


class Text:
    """A text whose words are found once, so that a name costs no more than its own places."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._sentences = tuple(sentences)
        self._text = " ".join(self._sentences)
        self._places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for one in WORD.finditer(self._text):
            self._places[one[0]].append(one.start())
        self._known: dict[tuple[str, str], bool] = {}

    def holds(self, word: str) -> bool:
        """Say whether a word stands somewhere."""
        return self._stands(rf"\b{re.escape(word)}\b", word)

    def writes(self, word: str) -> bool:
        """Say whether a word stands somewhere, and not behind a hyphen or an apostrophe."""
        return self._stands(rf"(?<![\w’'-]){re.escape(word)}\b", word)

    def calls(self, surname: str, *, without: str) -> bool:
        """Say whether a surname stands somewhere without the name before it."""
        return self._stands(rf"(?<!\b{re.escape(without)} )\b{re.escape(surname)}\b", surname)

    def attributes(self, name: str) -> bool:
        """Say whether a quotation is followed by "said" and the name, with a title between at most."""
        key = ("attributes", name)
        if key not in self._known:
            pattern = re.compile(rf"” {speech.SAYS} {speech.PHRASE}{re.escape(name)}")
            self._known[key] = any(self._matches(pattern, self._before(self._at(name), self._sayings)))
        return self._known[key]

    def reports(self, called: str) -> bool:
        """Say whether somebody speaks anywhere."""
        key = ("reports", called)
        if key not in self._known:
            self._known[key] = self._reports(called)
        return self._known[key]

    @cached_property
    def _sayings(self) -> "array[int]":
        return array("I", [0, *(one.start() for one in SAYING.finditer(self._text))])

    @cached_property
    def _quoted(self) -> "array[int]":
        return array("I", (one.start() for one in QUOTED.finditer(self._text)))

    @cached_property
    def _leading(self) -> dict[str, list[str]]:
        """The sentences that lead to what they quote, by each word before that."""
        found: dict[str, list[str]] = defaultdict(list)
        for sentence in self._sentences:
            if ": “" in sentence:
                for word in set(WORD.findall(sentence.partition(": “")[0])):
                    found[word].append(sentence)
        return found

    def _reports(self, called: str) -> bool:
        escaped, places = re.escape(called), self._at(called)
        direct, inverted, tag = speech.patterns(escaped)
        return (
            speech.any_speaks(self._text, self._matches(direct, places))
            or speech.any_speaks(self._text, self._matches(inverted, self._before(places, self._sayings)))
            or speech.any_speaks(self._text, self._matches(tag, self._before(places, self._quoted)))
            or self._stands(rf"(?<=\b[Aa]ccording to ){escaped}\b", called)
            or any(speech.introduces(sentence, escaped) for sentence in self._leading.get(_first(called), ()))
        )

    def _stands(self, pattern: str, called: str) -> bool:
        key = (pattern, "")
        if key not in self._known:
            compiled = re.compile(pattern)
            self._known[key] = any(compiled.match(self._text, at) for at in self._at(called))
        return self._known[key]

    def _at(self, called: str) -> Iterable[int]:
        return self._places.get(_first(called), ())

    def _before(self, places: Iterable[int], starts: "array[int]") -> Iterator[int]:
        """Yield the starts that stand within reach before the places, each once."""
        done = 0
        for at in places:
            first, last = max(done, bisect_left(starts, max(0, at - REACH))), bisect_left(starts, at + 1)
            yield from starts[first:last]
            done = max(done, last)

    def _matches(self, pattern: re.Pattern[str], starts: Iterable[int]) -> Iterator[re.Match[str]]:
        """Yield what matches at the starts, each behind the one before."""
        end = 0
        for at in starts:
            if at >= end and (found := pattern.match(self._text, at)):
                end = found.end()
                yield found


def _first(called: str) -> str:
    """Return the word that a name opens with."""
    found = WORD.match(called)
    return found[0] if found else ""
