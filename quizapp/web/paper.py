"""A quiz on paper: what it asks, and what is right. Drawn at once, since a sheet can hold two hundred questions."""

from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase

from flask import Flask
from markupsafe import Markup, escape

from quizapp.domain import cloze
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.questions import Question, Way
from quizapp.markup import safe
from quizapp.translations import _
from quizapp.web.source import answer_cells
from quizapp.web.words import claimed_html, lang, phrase_html, place, question_html

Macro = Callable[..., Markup]
BOX, WIDE_BOX = '<span class="box" aria-hidden="true"></span>', '<span class="box wide" aria-hidden="true"></span>'
LINE = '<p class="line-to-write" aria-hidden="true"></p>'


def init_app(app: Flask) -> None:
    """Give templates the filters of this module."""
    app.jinja_env.filters.update(asked_on_paper=asked_on_paper, told_on_paper=told_on_paper)


def asked_on_paper(questions: Sequence[Question], illustration: Macro) -> Markup:
    """Return all questions to be answered on paper; the macro draws a picture."""
    return safe("\n".join(f"<li>{''.join(_asked(one, illustration))}</li>" for one in questions))


def told_on_paper(questions: Sequence[Question], quoted_table: Macro) -> Markup:
    """Return what is right, with where it says so; the macro draws rows of a table that are quoted."""
    return safe("\n".join(f"<li>{''.join(_told(one, quoted_table))}</li>" for one in questions))


def _asked(question: Question, illustration: Macro) -> Iterator[str]:
    prompt, claim, language = question.prompt, question.claim, lang(question.language)
    has_gap = cloze.GAP in prompt
    asked = claimed_html(prompt, claim) if claim and has_gap else question_html(prompt)
    yield f'<div class="text" dir="auto"{language}><p><b>{asked}</b></p>'
    if claim and not has_gap:
        whole = _("Is this the answer? %(claim)s", claim=phrase_html(claim))
        yield f"<p>{whole}</p>"
    yield "</div>\n"
    if question.illustration and asks_of_picture(prompt):
        yield illustration(question.illustration, 480, 280, loading="eager")  # what is out of sight is printed, too
    match question.way:
        case Way.CHOICE:
            options = (f'<span dir="auto"{language}>{phrase_html(one)}</span>' for one in question.options)
            items = [f"<li>{BOX} {letter}. {one}</li>" for letter, one in zip(ascii_uppercase, options, strict=False)]
            yield f'<ul class="boxes">{"".join(items)}</ul>\n'
        case Way.TRUE_FALSE:
            items = [f'<li>{BOX} <span dir="auto">{escape(_(option))}</span></li>' for option in question.options]
            yield f'<ul class="boxes in-line">{"".join(items)}</ul>\n'
        case Way.ORDER:
            items = [f'<li dir="auto"{language}>{WIDE_BOX} {escape(item)}</li>' for item in question.options]
            wish = _("Number them in their order.")
            yield f'<p class="small">{wish}</p><ul class="boxes">{"".join(items)}</ul>\n'
        case _:
            yield LINE * len(question.right)


def _told(question: Question, quoted_table: Macro) -> Iterator[str]:
    language, source = lang(question.language), question.source
    yield f'<div class="text" dir="auto"{language}>{_right(question)}</div>\n'
    if source is None:
        return
    rows, where, title = source.rows, place(source), question.document_title
    if rows:
        yield quoted_table(source, answer_cells(source, question.answer))
    quote = "" if rows else f"“{escape(source.quote)}”"
    speaker = f" {escape(source.speaker)}" if source.speaker else ""
    at, of = f", {escape(where)}" if where else "", f" ({escape(title)})" if title else ""
    yield f'<p class="xs muted" dir="auto"{language}>{quote}{speaker}{at}{of}</p>'


def _right(question: Question) -> str:
    right, way = question.right, question.way
    if way is Way.CHOICE:
        return f"<b>{ascii_uppercase[question.options.index(right[0])]}.</b> {phrase_html(right[0])}\n"
    if way is Way.TRUE_FALSE:
        what = f": {phrase_html(question.answer)}" if question.claim and right[0] == "False" else ""
        return f"<b>{escape(_(right[0]))}</b>{what}\n"
    if len(right) > 1:
        return escape((" → " if way is Way.ORDER else " · ").join(right))
    return phrase_html(question.answer)
