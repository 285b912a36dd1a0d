"""With which sentence a passage must begin so that its last sentence is clear. Start from `start`."""

import re

from quizapp.domain.documents import BlockKind
from quizapp.generate import referents, wording
from quizapp.generate.claims import Claim

MAX_WORDS = 62
MAX_WORDS_LOOSE = 42
MAX_BEFORE = 2  # sentences
ENDED = re.compile(r"[?!:]$|[.?!][”\"]$")
MIN_WORDS = 5  # shorter ones are exclamations and headings


def start(claim: Claim, *, needs: bool) -> Claim | None:
    """Return the sentence to begin with so that the claim is clear; None when nothing makes it so.

    What leans on the sentences before gets all of them back to the start of the
    block if they fit, else as many as it needs. A step, or a sentence under no
    heading, gets the one before it where that is short.
    """
    chain = _chain(claim)
    if needs or referents.leans(claim) or wording.OPENERS.match(claim.text):
        clear = [at for at, one in enumerate(chain) if at and not referents.leans(one) and one.words >= MIN_WORDS]
        fits = [at for at in clear if at <= MAX_BEFORE and _length(chain[: at + 1]) <= MAX_WORDS]
        return chain[fits[-1]] if fits else None
    if (named := referents.named_before(claim, chain[1:])) is not None:
        at = chain.index(named)
        if at <= MAX_BEFORE and not referents.leans(named) and _length(chain[: at + 1]) <= MAX_WORDS_LOOSE:
            return named
    loose = claim.block.kind is BlockKind.STEP or not (claim.heading or claim.speaker)
    if loose and len(chain) > 1 and not referents.leans(chain[1]) and _length(chain[:2]) <= MAX_WORDS_LOOSE:
        return chain[1]
    return claim


def before(claim: Claim, first: Claim) -> str:
    """Return what is said from the first sentence that is shown to the claim."""
    chain = _chain(claim)
    shown = reversed(chain[1 : chain.index(first) + 1])
    return "".join(f"{one.said} " if ENDED.search(one.said) else f"{one.said}. " for one in shown if one.said)


def _chain(claim: Claim) -> list[Claim]:
    """Return the claim and the sentences before it in its block, nearest first."""
    chain = [claim]
    while chain[-1].before is not None:
        chain.append(chain[-1].before)
    return chain


def _length(claims: list[Claim]) -> int:
    return sum(claim.words for claim in claims)
