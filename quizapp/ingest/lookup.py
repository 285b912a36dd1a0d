"""Many names looked up in one long text, at the places where their words stand. Start from `Text`."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from quizapp.ingest import speech

WORD = re.compile(r"\w+")
GOES_ON = re.compile(r"[\w’'-]")  # a name that is part of a longer one
SPOKEN_BY = re.compile(speech.SPOKEN_BY)
SPOKEN_BY_PHRASE = re.compile(rf"(?:{speech.SPOKEN_BY}|{speech.SAYS} ){speech.PHRASE}")
QUOTED = re.compile(r"[,?!…]”")
QUOTED_BY = re.compile(speech.QUOTED_BY)
SPEAKS = re.compile(speech.SPEAKS)
DOES = re.compile(speech.DOES)
REACH = 400  # characters from a verb to the name that it goes with
REACH_OF_QUOTE = 70  # from the end of a quotation


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
        return self._once("attributes", name, self._attributes)

    def speaks(self, called: str) -> bool:
        """Say whether a sentence says that somebody who is called so speaks, as `speech.speaks` does."""
        return self._once("speaks", called, self._speaks)

    def reports(self, called: str) -> bool:
        """Say whether somebody speaks anywhere, in whatever way it is put."""
        return self.speaks(called) or self._once("reports", called, self._reports)

    @cached_property
    def _sayings(self) -> Sequence[int]:
        return array("I", [0, *(one.start() for one in SPOKEN_BY.finditer(self._text))])

    @cached_property
    def _quoted(self) -> Sequence[int]:
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

    def _attributes(self, name: str) -> bool:
        places = [at for at in self._at(name) if self._text.startswith(name, at)]
        quoted = [start for start in self._before(places, self._sayings, REACH) if self._text[start] == "”"]
        return any(True for _ in self._behind(quoted, places, SPOKEN_BY_PHRASE))

    def _speaks(self, called: str) -> bool:
        size = len(called)
        places = [
            at for at in self._at(called)
            if self._text.startswith(called, at) and not GOES_ON.match(self._text, at + size)
        ]  # fmt: skip
        after = self._before(places, self._sayings, REACH)
        closed = self._before(places, self._quoted, REACH_OF_QUOTE)
        found = chain(
            self._followed(places, size),
            self._behind(after, places, SPOKEN_BY_PHRASE),
            self._behind(closed, places, QUOTED_BY, lambda at: DOES.match(self._text, at + size)),
        )
        return any(speech.leads(self._text, at) for at in found)

    def _reports(self, called: str) -> bool:
        escaped = re.escape(called)
        return self._stands(rf"(?<=\b[Aa]ccording to ){escaped}\b", called) or any(
            speech.introduces(sentence, escaped) for sentence in self._leading.get(first_word(called), ())
        )

    def _followed(self, places: Iterable[int], size: int) -> Iterator[int]:
        """Yield where a name is followed by what somebody does who speaks."""
        end = 0
        for at in places:
            if at >= end and (found := SPEAKS.match(self._text, at + size)):
                end = found.end()
                yield at

    def _behind(
        self,
        starts: Iterable[int],
        places: Sequence[int],
        pattern: re.Pattern[str],
        then: Callable[[int], object] = lambda _: True,
    ) -> Iterator[int]:
        """Yield where a name stands right behind what matches from one of the starts on."""
        for start in starts:
            for at in places[bisect_right(places, start) : bisect_left(places, start + REACH)]:
                if pattern.fullmatch(self._text, start, at) and then(at):
                    yield at
                    break

    def _before(self, places: Iterable[int], starts: Sequence[int], reach: int) -> Iterator[int]:
        """Yield the starts that stand within reach before the places, each once."""
        done = 0
        for at in places:
            first, last = max(done, bisect_left(starts, max(0, at - reach))), bisect_left(starts, at + 1)
            yield from starts[first:last]
            done = max(done, last)

    def _stands(self, pattern: str, called: str) -> bool:
        return self._once(pattern, called, lambda _: any(map(self._matching(pattern), self._at(called))))

    def _matching(self, pattern: str) -> Callable[[int], object]:
        compiled = re.compile(pattern)
        return lambda at: compiled.match(self._text, at)

    def _once(self, what: str, called: str, find: Callable[[str], bool]) -> bool:
        if (what, called) not in self._known:
            self._known[what, called] = find(called)
        return self._known[what, called]

    def _at(self, called: str) -> Iterable[int]:
        return self._places.get(first_word(called), ())


def first_word(called: str) -> str:
    """Return the word that a name opens with."""
    found = WORD.match(called)
    return found[0] if found else ""
