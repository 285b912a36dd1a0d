"""Questions: a card asked in a way, frozen, and what an answer to it is worth.

Start from `ask`, then `judge`. A question holds all that is shown before and
after its answer, so that what becomes of the card later changes nothing.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from quizapp.domain import list_marking, marking
from quizapp.domain.cards import CardId, CardKind, Illustration, Source
from quizapp.domain.list_marking import ListMark
from quizapp.domain.marking import ALL_LIMIT_CHARS, LIMIT_CHARS, Accepted, Kind, Mark
from quizapp.domain.near_misses import Askable, Dice, NearMiss, near_misses, normalised
from quizapp.errors import InvalidInput
from quizapp.translations import figure, marked

WRONG_OPTIONS = 3
FEWEST_WRONG = 2
TYPED_LIMIT_CHARS, TYPED_LIMIT_WORDS = 60, 7  # nobody types a longer answer word for word
TRUE, FALSE = marked("True"), marked("False")


class Way(Enum):
    """How a question wants to be answered."""

    CHOICE = "choice"
    TYPED = "typed"
    TRUE_FALSE = "true_false"
    CLOZE = "cloze"  # typed into gaps
    LIST = "list"  # typed, one item a line
    ORDER = "order"  # items that are shown are put in order


class Mode(Enum):
    """Which ways a quiz asks in."""

    MIXED = "mixed"
    CHOICE = "choice"
    TYPED = "typed"
    TRUE_FALSE = "true_false"
    CLOZE = "cloze"
    LIST = "list"


WAYS: dict[Mode, frozenset[Way]] = {
    Mode.MIXED: frozenset(Way),
    Mode.CHOICE: frozenset({Way.CHOICE}),
    Mode.TYPED: frozenset({Way.TYPED, Way.CLOZE, Way.LIST}),
    Mode.TRUE_FALSE: frozenset({Way.TRUE_FALSE}),
    Mode.CLOZE: frozenset({Way.CLOZE}),
    Mode.LIST: frozenset({Way.LIST, Way.ORDER}),
}
# How often a mixed quiz takes a way, where a card can be asked in several.
_WEIGHTS = {Way.CHOICE: 0.4, Way.TYPED: 0.35, Way.CLOZE: 0.35, Way.TRUE_FALSE: 0.2}


@dataclass(frozen=True)
class Question:
    """A card asked in a way: a snapshot.

    `prompt`, `claim`, `options`, `answer` and `explanation` are Markdown, `right` is what must be
    chosen or typed: the option, the wording, the gaps, the items. `hints` has for each option
    the question that it does answer, or nothing. `claim` is what a true-or-false question says the answer is.
    """

    card_id: CardId | None
    way: Way
    prompt: str
    answer: str
    right: tuple[str, ...]
    options: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    claim: str = ""
    explanation: str = ""
    source: Source | None = None
    illustration: Illustration | None = None
    document_id: int | None = None
    document_title: str | None = None
    language: str | None = None  # of the document


@dataclass(frozen=True)
class Judgement:
    """What an answer is worth, and the marks that say why."""

    kind: Kind
    share: float  # of a point, 0 to 1
    missed: bool  # the card should be looked at again
    detail: Mark | ListMark


@dataclass(frozen=True)
class Picked:
    """The option that was chosen, counted from 0."""

    option: int


@dataclass(frozen=True)
class Typed:
    """What was typed, a gap or an item a line; empty when it is not known."""

    text: str


@dataclass(frozen=True)
class Placed:
    """The place that was given to each of the items shown, the lowest first."""

    places: tuple[int, ...]


Response = Picked | Typed | Placed


def ways(card: Askable) -> frozenset[Way]:
    """Return the ways that a card can be asked in, as far as it alone decides; none where a picture or sound is the answer."""
    if not all(card.right):
        return frozenset()
    match card.kind:
        case CardKind.TRUE_FALSE:
            return frozenset({Way.TRUE_FALSE}) if _truth(card) is not None else frozenset()
        case CardKind.LIST:
            return frozenset({Way.LIST}) if card.right else frozenset()
        case CardKind.ORDER:
            return frozenset({Way.ORDER}) if len(card.right) > 1 else frozenset()
        case CardKind.CLOZE:
            typed = {Way.CLOZE} if all(map(_can_be_typed, card.right)) else set()
            return frozenset(typed | ({Way.CHOICE, Way.TRUE_FALSE} if len(card.right) == 1 else set()))
        case CardKind.BASIC | CardKind.CHOICE:
            typed = {Way.TYPED} if _can_be_typed(card.right[0]) and not _refers_to_choices(card) else set()
            return frozenset({Way.CHOICE, Way.TRUE_FALSE} | typed)


def ask(card: Askable, others: Sequence[Askable], allowed: Collection[Way], dice: Dice) -> Question | None:
    """Ask a card in one of the ways allowed, or return None when it can be asked in none of them.

    Wrong options come from the card and, then, from the others.
    """
    possible = [way for way in Way if way in allowed and way in ways(card)]
    if card.kind is CardKind.CHOICE and Way.CHOICE in possible and Way.TYPED in possible:
        possible.remove(Way.TYPED)  # it was written to be chosen from
    while possible:
        way = _drawn(possible, dice)
        if question := _ASKED[way](card, others, dice):
            return question
        possible.remove(way)
    return None


def given(question: Question, response: Response) -> str:
    """Return an answer as it is kept and judged; refuse one that does not fit the question."""
    match question.way, response:
        case ((Way.CHOICE | Way.TRUE_FALSE), Picked(option)) if 0 <= option < len(question.options):
            return question.options[option]
        case ((Way.CHOICE | Way.TRUE_FALSE), _):
            raise InvalidInput("Choose one of the answers.")
        case Way.ORDER, Placed(places) if len(places) == len(question.options):
            return "\n".join(item for _, item in sorted(zip(places, question.options, strict=True), key=_by_place))
        case ((Way.TYPED | Way.CLOZE | Way.LIST), Typed(text)):
            limit = ALL_LIMIT_CHARS if question.way is Way.LIST else LIMIT_CHARS
            if len(text) > limit:
                raise InvalidInput(
                    "An answer can have %(limit)s characters, not %(count)s. Shorten it.",
                    limit=figure(limit),
                    count=figure(len(text)),
                )
            return text.replace("\0", "")
        case _:
            raise InvalidInput("This answer does not fit its question. Load the page again and answer once more.")


def _by_place(placed: tuple[int, str]) -> int:
    return placed[0]


def mixed_anew(question: Question, dice: Dice) -> Question:
    """Return the question with its options in other places, so that their places help nobody."""
    if question.way is not Way.CHOICE:
        return question
    pairs = list(zip(question.options, question.hints, strict=True))
    dice.shuffle(pairs)
    return replace(question, options=tuple(pair[0] for pair in pairs), hints=tuple(pair[1] for pair in pairs))


def typed(card: Askable) -> Question | None:
    """Ask for a card to be typed, however long its answer; None where something is to be chosen or put in order."""
    way = {CardKind.BASIC: Way.TYPED, CardKind.CLOZE: Way.CLOZE, CardKind.LIST: Way.LIST}.get(card.kind)
    return _question(card, way, right=card.right) if way and card.right and all(card.right) else None


def judge(question: Question, given: str, *, accepted: Accepted = ()) -> Judgement:
    """Mark what `given` returned: the text of an option, what was typed (a gap or an item a line), or items in their order.

    `accepted` are for each gap, or for the one answer, wordings that are right as well.
    """
    match question.way:
        case Way.CHOICE | Way.TRUE_FALSE:
            is_right = given == question.right[0]
            mark = Mark(Kind.RIGHT if is_right else Kind.WRONG, given, question.right[0])
            return Judgement(mark.kind, mark.share, not is_right, mark)
        case Way.TYPED | Way.CLOZE if len(question.right) == 1:
            (mark,) = marking.each_gap([given], gaps=question.right, accepted=accepted)
            return Judgement(mark.kind, mark.share, mark.kind is Kind.WRONG, mark)
        case Way.TYPED | Way.CLOZE:
            return _judged_items(list_marking.mark_gaps(given.split("\n"), gaps=question.right, accepted=accepted))
        case Way.LIST:
            return _judged_items(list_marking.mark_list(given, items=question.right))
        case Way.ORDER:
            return _judged_items(list_marking.mark_order(given, items=question.right))


def _judged_items(mark: ListMark) -> Judgement:
    return Judgement(mark.kind, mark.share, bool(mark.missed or mark.misplaced), mark)


def _can_be_typed(answer: str) -> bool:
    return 0 < len(answer) <= TYPED_LIMIT_CHARS and len(answer.partition("(")[0].split()) <= TYPED_LIMIT_WORDS


def _refers_to_choices(card: Askable) -> bool:
    return any(words in normalised(card.question) for words in (" which of ", " of these ", " following "))


def _truth(card: Askable) -> bool | None:
    said = normalised(card.right[0]).strip() if card.right else ""
    return {"true": True, "yes": True, "false": False, "no": False}.get(said)


def _drawn(possible: Sequence[Way], dice: Dice) -> Way:
    """Draw one of the ways by its weight."""
    point = dice.random() * sum(_WEIGHTS.get(way, 1.0) for way in possible)
    for way in possible:
        point -= _WEIGHTS.get(way, 1.0)
        if point < 0:
            return way
    return possible[-1]


def _choice(card: Askable, others: Sequence[Askable], dice: Dice) -> Question | None:
    wrong = near_misses(card, others, dice, count=WRONG_OPTIONS)
    if len(wrong) < (1 if card.kind is CardKind.CHOICE else FEWEST_WRONG):
        return None
    right = NearMiss(card.answers[0])
    options = _alike([right, *wrong], in_gap=card.kind is CardKind.CLOZE)
    answer = options[0].text
    dice.shuffle(options)
    return _question(
        card,
        Way.CHOICE,
        right=(answer,),
        options=tuple(option.text for option in options),
        hints=tuple(option.belongs_to for option in options),
    )


def _alike(options: Sequence[NearMiss], *, in_gap: bool) -> list[NearMiss]:
    """Return the options without differences of form that would give the right one away."""
    texts = [option.text.strip() for option in options]
    if len({text.endswith(".") for text in texts}) > 1:
        texts = [text.removesuffix(".") for text in texts]
    if not in_gap and len({text[:1].isupper() for text in texts}) > 1:
        texts = [text[:1].upper() + text[1:] for text in texts]
    return [NearMiss(text, option.belongs_to) for text, option in zip(texts, options, strict=True)]


def _true_false(card: Askable, others: Sequence[Askable], dice: Dice) -> Question | None:
    if card.kind is CardKind.TRUE_FALSE:
        right = TRUE if _truth(card) else FALSE
        return _question(card, Way.TRUE_FALSE, right=(right,), options=(TRUE, FALSE), hints=("", ""))
    wrong = near_misses(card, others, dice, count=1)
    if not wrong:
        return None
    is_true = dice.random() < 1 / 2
    told, claim = _alike([NearMiss(card.answers[0]), wrong[0]], in_gap=card.kind is CardKind.CLOZE)
    return _question(
        card,
        Way.TRUE_FALSE,
        right=(TRUE if is_true else FALSE,),
        options=(TRUE, FALSE),
        # Who takes the claim for true is told what it does answer.
        hints=("" if is_true else claim.belongs_to, ""),
        claim=told.text if is_true else claim.text,
    )


def _typed(card: Askable, _others: Sequence[Askable], _dice: Dice) -> Question:
    return _question(card, Way.TYPED, right=card.right)


def _gaps(card: Askable, _others: Sequence[Askable], _dice: Dice) -> Question:
    return _question(card, Way.CLOZE, right=card.right)


def _list(card: Askable, _others: Sequence[Askable], _dice: Dice) -> Question:
    return _question(card, Way.LIST, right=card.right)


def _order(card: Askable, _others: Sequence[Askable], dice: Dice) -> Question | None:
    items = list(card.right)
    if len(set(items)) < len(items):
        return None
    dice.shuffle(items)
    if tuple(items) == card.right:
        items.append(items.pop(0))
    return _question(card, Way.ORDER, right=card.right, options=tuple(items))


_ASKED: dict[Way, Callable[[Askable, Sequence[Askable], Dice], Question | None]] = {
    Way.CHOICE: _choice,
    Way.TYPED: _typed,
    Way.TRUE_FALSE: _true_false,
    Way.CLOZE: _gaps,
    Way.LIST: _list,
    Way.ORDER: _order,
}


def _question(
    card: Askable,
    way: Way,
    *,
    right: tuple[str, ...],
    options: tuple[str, ...] = (),
    hints: tuple[str, ...] = (),
    claim: str = "",
) -> Question:
    return Question(
        card_id=card.card_id,
        way=way,
        prompt=card.question,
        answer=("; " if card.kind is CardKind.CLOZE else "\n").join(card.answers),
        right=right,
        options=options,
        hints=hints,
        claim=claim,
        explanation=card.explanation,
        source=card.source,
        illustration=card.illustration,
        document_id=card.document_id,
        document_title=card.document_title,
        language=card.language,
    )
