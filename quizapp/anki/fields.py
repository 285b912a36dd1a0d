"""What a note's fields hold in Anki: the safe HTML of its card Markdown, by field name.

`fields` refuses what genanki or Anki would lose or change without a word.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape

from quizapp import markup
from quizapp.anki import covers
from quizapp.anki.media import Leaving
from quizapp.anki.notetypes import FIELDS
from quizapp.domain import cloze, occlusion
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.cards import CardKind, Illustration, Note, Source, answering, items
from quizapp.errors import InvalidInput

KEPT = 1_000  # of what notes share
SEPARATOR = "\x1f"
HIGHEST_CLOZE = 500  # Anki asks higher ones as 500 and then finds no gap

TYPED = {CardKind.BASIC: "Typed", CardKind.CLOZE: "Spare2"}  # the field that has Anki ask to type the answer

NO_MEDIA = Leaving({})
LANGUAGE = re.compile(r"(?!und)[a-z]{2,3}(?:-\w{2,8})*")

_EMPTY = {name: dict.fromkeys(found, "") for name, found in FIELDS.items()}
_TAG = re.compile(r"(<(?:[^>\"]|\"[^\"]*\")*>)")
_FORMULA = re.compile(r'<span class="math">(\$\$?)(.*?)\1</span>', re.DOTALL)
# Anki plays [sound:...], reads [anki:tts] aloud and typesets [$]...[/$] wherever they stand in a field.
_COMMAND = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)
_SPECIAL = re.compile(r"[\[\\$]")
_MEANING = re.compile(r"[\[\\$&<>]")
_INERT_BYTES = bytes(one for one in range(32, 127) if not _MEANING.match(chr(one)))
_MATHJAX = re.compile(r"\\(?=[()\[\]])")
_OPEN = re.compile(r"\{\{c[0-9]+::")
_MANY = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)+::")
_IN_TAG = re.compile("[^<]*>")
_TELLING = {ord(sign): f"&#{ord(sign)};" for sign in "[]{}\\$:"}  # what Anki could take for a command or a gap
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def fields(
    note: Note,
    *,
    guid: str,
    document_title: str | None,
    link: str,
    language: str | None = None,
    picture: Illustration | None = None,
    typed: bool = False,
    media: Leaving = NO_MEDIA,
) -> dict[str, str]:
    """Return the note's own field values, without those that stay empty.

    A picture stands behind the explanation, or behind a question that is about it.
    """
    if is_occlusion(note):
        return _composed(_occlusion(note, guid, language), media)
    values = _asked(note)
    if not _visible(values.get("Question") or values.get("Text", "")):
        raise InvalidInput("It has no question.")
    if note.explanation:
        values["Explanation"] = _html(note.explanation)
    values |= _document(document_title or "", link, language or "")
    values["Id"] = _text(guid)
    if typed and note.kind in TYPED:
        values[TYPED[note.kind]] = "yes"
    if source := note.source:
        values["Quote"] = _quote(source, _answers(note))
        values |= _place(source.speaker or "", source.heading or "", source.page)
    if picture:
        asked = "Text" if note.kind is CardKind.CLOZE else "Question"
        name = asked if asks_of_picture(note.question) else "Explanation"
        values[name] = values.get(name, "") + _picture(picture)
    return _composed(values, media)


def joined(note_type: str, values: Mapping[str, str]) -> str:
    """Return the fields of a note as a collection keeps them."""
    return SEPARATOR.join({**_EMPTY[note_type], **values}.values())


def is_occlusion(note: Note) -> bool:
    """Say whether a note covers parts of a picture, for which Anki has a note type of its own."""
    return note.kind is CardKind.CLOZE and occlusion.is_in(note.question)


def _occlusion(note: Note, guid: str, language: str | None) -> dict[str, str]:
    above, picture, marks = covers.parted(note.question)
    return {
        "Occlusion": marks,
        "Image": _html(picture),
        "Header": _html(above),
        "Back Extra": _html(note.explanation),
        "Id": _text(guid),
        "Spare1": language if language and LANGUAGE.fullmatch(language) else "",
    }


def _composed(values: dict[str, str], media: Leaving) -> dict[str, str]:
    """Return the values that say something, as Anki writes letters and names files."""
    said = "".join(values.values())
    if media.is_in(said):
        values = {name: media.html(value) for name, value in values.items()}
        said = "".join(values.values())
    if said.isascii():
        return _filled(values)
    return _filled({name: unicodedata.normalize("NFC", value) for name, value in values.items()})


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value} if "" in values.values() else values


def address(link: str) -> str:
    """Return a link that leads to a page of the web, or nothing."""
    return link if _ADDRESS.fullmatch(link) else ""


def file_name(picture: Illustration) -> str:
    """Return what the file of a picture is called in Anki, where all of a person's pictures lie together."""
    return f"recto-{picture.name[:32]}.{picture.media_type.removeprefix('image/')}"


def _picture(picture: Illustration) -> str:
    alt = escape(picture.alt).translate(_TELLING)
    return f'<div><img src="{file_name(picture)}" alt="{alt}" width="{picture.width}" height="{picture.height}"></div>'


def _asked(note: Note) -> dict[str, str]:
    match note.kind:
        case CardKind.BASIC:
            return {"Question": _html(note.question), "Answer": _html(note.answer)}
        case CardKind.CLOZE:
            return {"Text": _cloze(note.question)}
        case CardKind.CHOICE:
            return _choice(note, note.choices, "choices")
        case CardKind.TRUE_FALSE:
            return _choice(note, ("True", "False"), "choices fixed")
        case CardKind.LIST:
            listed = _items(note)
            return {"Question": _html(note.question), "Items": _list("ul", "items", listed), "Count": str(len(listed))}
        case CardKind.ORDER:
            steps = _items(note)
            return {
                "Question": _html(note.question),
                "Items": _list("ol", "steps", steps),
                "Shuffled": _list("ul", "pieces", _out_of_order(steps)),
            }


def _answers(note: Note) -> Sequence[str]:
    """Return the answers that a quote may say word by word."""
    match note.kind:
        case CardKind.CLOZE:
            return [told for _, told, _ in cloze.found(note.question)]
        case CardKind.TRUE_FALSE:
            return ()
        case CardKind.BASIC | CardKind.CHOICE | CardKind.LIST | CardKind.ORDER:
            return items(note.answer)


def _quote(source: Source, told: Sequence[str]) -> str:
    if source.columns and source.rows:
        return _table(source, told)
    return _marked(_text(source.quote), told)


def _table(source: Source, told: Sequence[str]) -> str:
    """Return the table rows that a source quotes below the names of their columns, with the answers' cells marked."""
    marked = answering(source.rows, [markup.plain(one) for one in told])
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in source.columns)
    body = "".join(
        "<tr>"
        + "".join(_cell(cell, column, is_told=(row, column) in marked) for column, cell in enumerate(cells))
        + "</tr>"
        for row, cells in enumerate(source.rows)
    )
    return f'<div class="rows"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(cell: str, column: int, *, is_told: bool) -> str:
    said = f"<mark>{_text(cell)}</mark>" if is_told else _text(cell)
    return f"<td>{said}</td>" if column else f'<th scope="row">{said}</th>'


def _html(text: str) -> str:
    """Return card Markdown as Anki shows it; a sole paragraph goes without its `<p>`."""
    if not text or markup.is_prose(text):
        return text
    html = str(markup.to_html(text))
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html.removeprefix("<p>").removesuffix("</p>")
    return _inert(html)


def _text(text: str) -> str:
    """Return text that is not Markdown as Anki shows it."""
    if _is_inert_as_it_stands(text):
        return text.strip()
    return _inert(str(markup.verbatim_html(text)))


def _is_inert_as_it_stands(text: str) -> bool:
    """Say whether the text is on one line and means nothing more to Anki or as HTML."""
    if text.isascii():  # the same, several times as quick
        return not text.encode().translate(None, _INERT_BYTES)
    return text.isprintable() and not _MEANING.search(text)


def _phrase(text: str) -> str:
    """Return card Markdown without blocks and links as Anki shows it."""
    return text if markup.is_prose(text) else _inert(str(markup.inline_html(text)))


@lru_cache(maxsize=KEPT)
def _document(title: str, link: str, language: str) -> Mapping[str, str]:
    """Return what many notes of a deck share: the title of their document, its address, its language."""
    known = language if LANGUAGE.fullmatch(language) else ""
    return _filled({"Document": _text(title), "Link": escape(address(link)), "Spare1": known})


@lru_cache(maxsize=KEPT)
def _place(speaker: str, heading: str, page: int | None) -> Mapping[str, str]:
    """Return what notes of a section share: who speaks, and where that is."""
    place = [_text(heading), f'<span class="page">page {page}</span>' if page is not None else ""]
    return _filled({"Speaker": _text(speaker), "Place": ", ".join(filter(None, place))})


def _inert(html: str) -> str:
    """Keep text from being taken as one of Anki's commands, and make our formulas MathJax's."""
    if not _SPECIAL.search(html):
        return html
    html = _outside_tags(html, lambda text: _MATHJAX.sub(r"<span>\\</span>", _COMMAND.sub("&#91;", text)))
    return _FORMULA.sub(_as_mathjax, html)


def _as_mathjax(formula: re.Match[str]) -> str:
    body = formula[2].replace("<span>\\</span>", "\\")
    return f"\\[{body}\\]" if formula[1] == "$$" else f"\\({body}\\)"


def _outside_tags(html: str, change: Callable[[str], str]) -> str:
    return "".join(piece if piece.startswith("<") else change(piece) for piece in _TAG.split(html))


def _visible(html: str) -> bool:
    if "<img" in html or "<audio" in html:
        return True
    if "<" in html or "&" in html:
        html = _TAG.sub("", html).replace("&nbsp;", " ")
    return bool(html.strip())


def _cloze(text: str) -> str:
    """Return a cloze text as HTML, with every gap that it had.

    Where Markdown would tear a gap apart (an emphasis that begins before it
    and ends in it), the text is shown as it was typed.
    """
    if markup.is_prose(text) and _has_simple_gaps(text):
        return text
    _refuse_lossy_gaps(text)
    text = cloze.MARK.sub(_tidy, text)
    html = _html(text)
    if html == text:
        return html
    if _gaps(_TAG.sub("", html)) == _gaps(text) and all(_balanced(m[0]) for m in cloze.MARK.finditer(html)):
        return html
    return _text(text)


def _has_simple_gaps(text: str) -> bool:
    """Say whether the text has gaps, all of them in order and as they are usually written, and no other braces."""
    gaps = cloze.found(text)
    return (
        text.count("{") == 2 * len(gaps) > 0
        and text.count("::") == len(gaps)
        and all(told.strip() and number[0] != "0" and int(number) <= HIGHEST_CLOZE for number, told, _ in gaps)
    )


def _refuse_lossy_gaps(text: str) -> None:
    if _MANY.search(text):
        raise InvalidInput("A gap has two numbers ({{c1,2::…}}). Give it one number, or write two gaps.")
    if any(_OPEN.search(found[0], 2) for found in cloze.MARK.finditer(text)):
        raise InvalidInput("A gap stands inside another one. Put them beside each other.")
    numbers = cloze.numbers(text)
    if _OPEN.search(cloze.MARK.sub("", text)) or max(numbers, default=1) > HIGHEST_CLOZE:
        raise InvalidInput(
            "A gap is not closed with }}, or its number is above %(highest_cloze)s.", highest_cloze=HIGHEST_CLOZE
        )
    if not numbers:
        raise InvalidInput("It has no gap. Mark what to hide as {{c1::…}}.")


def _tidy(gap: re.Match[str]) -> str:
    """Drop an empty hint, and the marks of an empty gap: Anki would ask both."""
    number, hidden, hint = int(gap[1]), gap[2], gap[3]
    if not hidden.strip():
        return hidden
    return f"{{{{c{number}::{hidden}::{hint}}}}}" if (hint or "").strip() else f"{{{{c{number}::{hidden}}}}}"


def _gaps(text: str) -> tuple[list[tuple[str, bool]], list[int]]:
    """Return what must be the same before and after Markdown: the gaps, and how many marks they are made of."""
    gaps = [(found[1], bool(found[2].strip())) for found in cloze.MARK.finditer(text)]
    return gaps, [text.count(mark) for mark in ("{{", "::", "}}")]


def _balanced(html: str) -> bool:
    open_tags: list[str] = []
    for tag in _TAG.findall(html):
        name = tag.strip("</>").split()[0]
        if name in markup.VOID:
            continue
        if not tag.startswith("</"):
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


def _choice(note: Note, choices: Sequence[str], look: str) -> dict[str, str]:
    shown = [_phrase(choice) for choice in choices]
    answer = _phrase(note.answer).casefold()
    right = [choice for choice in shown if choice.casefold() == answer]
    if len(set(shown)) < 2:
        raise InvalidInput("It has fewer than two choices. Add a wrong one.")
    if not right:
        raise InvalidInput("Its answer is not among its choices. Make one of them the answer.")
    lines = [f'<li class="right">{choice}</li>' if choice in right else f"<li>{choice}</li>" for choice in shown]
    return {"Question": _html(note.question), "Choices": _list("ol", look, lines), "Answer": right[0]}


def _items(note: Note) -> Sequence[str]:
    listed = [_phrase(item) for item in items(note.answer)]
    if not any(map(_visible, listed)):
        raise InvalidInput("It has no items. Write one a line.")
    return [f"<li>{item}</li>" for item in listed]


def _list(tag: str, look: str, lines: Sequence[str]) -> str:
    listed = "\n".join(lines)
    return f'<{tag} class="{look}">{listed}</{tag}>'


def _out_of_order(steps: Sequence[str]) -> Sequence[str]:
    """Return the steps by alphabet, or turned round if that gives the order away."""
    shuffled = sorted(steps, key=str.casefold)
    return shuffled if shuffled != list(steps) else shuffled[::-1]


def _marked(quote: str, answers: Sequence[str]) -> str:
    """Mark the answers where the quote says them first, as whole words."""
    for answer in answers:
        words = answer if markup.is_prose(answer) else _text(markup.plain(answer))
        start = _said(words, quote) if words else None
        if start is not None:
            end = start + len(words)
            quote = f"{quote[:start]}<mark>{quote[start:end]}</mark>{quote[end:]}"
    return quote


def _said(words: str, quote: str) -> int | None:
    """Return where the words begin in the quote, in whatever case: not within a word, "&amp;" or a tag."""
    sought, told = words.lower(), quote.lower()
    if (len(sought), len(told)) != (len(words), len(quote)):  # "İ" takes two characters in lower case
        sought, told = words, quote
    start = told.find(sought)
    while start >= 0:
        if _stands_alone(quote, start, start + len(words)):
            return start
        start = told.find(sought, start + 1)
    return None


def _stands_alone(quote: str, start: int, end: int) -> bool:
    before, after = quote[start - 1 : start], quote[end : end + 1]  # the first is empty at 0, too
    if before == "&" or before == "_" or before.isalnum() or after == "_" or after.isalnum():
        return False
    return ">" not in quote or not _IN_TAG.match(quote, end)
