"""Pictures and sounds of card text as pages show them, with what covers parts of a picture drawn over it. Start from `shown`."""

import re
from collections.abc import Callable, Iterator
from html import unescape

from markupsafe import Markup

from quizapp.domain import occlusion
from quizapp.domain.occlusion import Mode, Shape
from quizapp.translations import _
from quizapp.web import links

_PICTURE = re.compile(
    r'<img src="media/(?P<name>[^"]*)"(?: alt="(?P<alt>[^"]*)")?>'
    r'(?P<covers>(?:(?:\s|<br>)*<span class="cover">[^<]*</span>)*)'
)
_COVER = re.compile(r'<span class="cover">(?P<state>\w+):(?P<shape>[^<]*)</span>')
_SOUND = re.compile(r'<audio src="media/(?P<name>[^"]*)">(?P<words>.*?)</audio>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
GRID = 1_000  # to which the corners of polygons are drawn


def shown(html: Markup) -> Markup:
    """Return safe HTML of card Markdown with its pictures in sight and its sounds to be played."""
    return _illustrated(html, _player) if _has_any(html) else html


def silent(html: Markup) -> Markup:
    """Return the same with the names of its sounds in their place: a button holds nothing that is pressed by itself."""
    return _illustrated(html, lambda found: f"♪ {found['words']}") if _has_any(html) else html


def addresses(html: str) -> Iterator[str]:
    """Give the addresses of the pictures and sounds that a page shows."""
    start = links.address("media.show", name="")
    return (found[1] for found in re.finditer(rf'src="({re.escape(start)}[^"]*)"', html))


def _has_any(html: str) -> bool:
    return 'src="media/' in html or 'class="cover"' in html


def _illustrated(html: str, played: Callable[[re.Match[str]], str]) -> Markup:
    html = _COVER.sub("", _SOUND.sub(played, _PICTURE.sub(_picture, html)))
    return Markup(html)  # noqa: S704 - tags of ours in safe HTML


def _picture(found: re.Match[str]) -> str:
    address, alt = links.address("media.show", name=found["name"]), found["alt"] or ""
    picture = f'<img class="medium" src="{address}" alt="{alt}" loading="lazy">'
    covers = [(one["state"], occlusion.shape(unescape(one["shape"]))) for one in _COVER.finditer(found["covers"])]
    if not covers:
        return picture
    is_told = any(state == "told" for state, _shape in covers)
    drawn = [(state, shape) for state, shape in covers if shape and _is_drawn(state, shape, is_told=is_told)]
    shapes = Markup("").join(_shape(_look(state, shape), shape) for state, shape in drawn)
    label = _label([state for state, shape in drawn if shape.kind != "text"])
    svg = Markup('<svg class="covers" role="img" aria-label="{}" width="100%" height="100%">{}</svg>')
    return f'<span class="covered">{picture}{svg.format(label, shapes)}</span>'


def _is_drawn(state: str, shape: Shape, *, is_told: bool) -> bool:
    """Say whether a shape is in sight: as in Anki, by what is asked and how the others are treated."""
    if shape.kind == "text":
        return True
    if state == "asked":
        return shape.mode is not Mode.HIDE_OTHERS
    if state == "beside":
        return shape.mode is Mode.HIDE_ALL or (shape.mode is Mode.HIDE_OTHERS and not is_told)
    return True  # of a whole note: it can be asked


def _look(state: str, shape: Shape) -> str:
    return "label" if shape.kind == "text" else state if state in {"asked", "told"} else "beside"


def _label(states: list[str]) -> str:
    if "asked" in states:
        return _("Covered, and asked: one part of the picture.")
    if "told" in states:
        return _("Uncovered: the part of the picture that was asked.")
    return _("Covered parts of the picture.") if states else _("Labels on the picture.")


def _shape(look: str, shape: Shape) -> Markup:
    """Draw a shape; its corner and size are shares of the picture, whatever size that is shown in."""
    turned = Markup("")
    if shape.degrees:
        turned = Markup(' transform="rotate({:.2f})"').format(shape.degrees)
    match shape.kind:
        case "rect":
            tag = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>')
            sizes = (shape.left, shape.top, shape.width, shape.height)
            return tag.format(look, *map(_percent, sizes), turned)
        case "ellipse":
            across, down = shape.width / 2, shape.height / 2
            tag = Markup('<ellipse class="{}" cx="{}" cy="{}" rx="{}" ry="{}"{}/>')
            return tag.format(look, *map(_percent, (shape.left + across, shape.top + down, across, down)), turned)
        case "polygon":
            points = " ".join(f"{x * GRID:.0f},{y * GRID:.0f}" for x, y in shape.points)
            tag = Markup(
                '<svg width="100%" height="100%" viewBox="0 0 {0} {0}" preserveAspectRatio="none">'
                '<polygon class="{1}" points="{2}"/></svg>'
            )
            return tag.format(GRID, look, points)
        case _:
            tag = Markup('<text class="{}" x="{}" y="{}">{}</text>')
            return tag.format(look, _percent(shape.left), _percent(shape.top), shape.text)


def _percent(share: float) -> str:
    return f"{max(share, 0.0) * 100:.2f}%"


def _player(found: re.Match[str]) -> str:
    words = unescape(_TAG.sub("", found["words"])).strip()
    tag = Markup('<audio class="medium" src="{}" controls preload="none" aria-label="{}"></audio>')
    label = _("Sound: %(words)s", words=words) if words else _("Sound")
    return str(tag.format(links.address("media.show", name=found["name"]), label))
