"""Notes that cover parts of a picture: Anki's note type *Image Occlusion*, and card text. Start from `question` and `parted`."""

import re
from html import escape, unescape

from quizapp.domain import card_media, occlusion
from quizapp.errors import InvalidInput
from quizapp.hypertext import card_text

_PICTURE = re.compile(r'<img src="media/[^"]*"[^>]*>')
_SHOWN = re.compile(rf"!\[(?:[^\[\]\\]|\\.)*\]\({card_media.ADDRESS.pattern}\)")


def question(front: str) -> str:
    """Return the card text of a front: what is said above the picture, the picture, and behind it what covers it."""
    marks = [unescape(found[0]) for found in occlusion.MARK.finditer(front)]
    picture = _PICTURE.search(front)
    if picture is None:
        raise InvalidInput("The picture that it covers parts of is missing, too large, or of another kind.")
    above = card_text(_PICTURE.sub("", occlusion.MARK.sub("", front), count=1))
    return "\n\n".join(filter(None, (above, "\n".join((card_text(picture[0]), *marks)))))


def parted(text: str) -> tuple[str, str, str]:
    """Return of such a card text what is said above the picture, the picture alone, and its covers as Anki has them."""
    picture = _SHOWN.search(text)
    if picture is None:
        raise InvalidInput("It covers parts of a picture that is not there.")
    marks = "<br>".join(escape(found[0], quote=False) for found in occlusion.MARK.finditer(text))
    above = occlusion.whole(text[: picture.start()] + text[picture.end() :]).strip()
    return above, picture[0], marks
