"""Styles, scripts and fonts: read once, compressed once, cached for as long as they stay the same."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from quizapp.web import links

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
ONE_WEEK, ONE_YEAR = 604_800, 31_536_000
WORTH_BYTES = 1_000  # below this, compressing a page gains nothing
FOLDER = Path(str(files("quizapp.web"))) / "static"

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    data: bytes
    packed: bytes | None  # gzip, where that makes it smaller
    version: str


def init_app(app: Flask) -> None:
    """Give templates `asset(name)`, and send pages compressed to who takes it."""
    app.jinja_env.globals["asset"] = url_of
    app.after_request(_packed)


@lru_cache(maxsize=256)
def load(name: str) -> Asset:
    """Read a file below `static/`, whose type must be known."""
    path = FOLDER / name
    if path.suffix not in TYPES or ".." in path.parts:
        raise NotFound
    try:
        data = path.read_bytes()
    except (OSError, ValueError):  # not there, or a name that no file can have
        raise NotFound from None
    packed = gzip.compress(data, 9, mtime=0)
    return Asset(data, packed if len(packed) < len(data) else None, sha256(data).hexdigest()[:10])


def url_of(name: str) -> str:
    """Return the address of a file, which changes when the file does."""
    return links.address("assets.show", name=name, v=load(name).version)


@blueprint.get("/static/<path:name>")
def show(name: str) -> Response:
    """Send a file, for a year to who asks for this very version."""
    asset = load(name)
    response = current_app.response_class(asset.data, content_type=TYPES[Path(name).suffix])
    response.cache_control.public = True
    response.cache_control.max_age = _kept_for(name, asset)
    response.set_etag(asset.version)
    response.make_conditional(request)
    if asset.packed and response.status_code == HTTPStatus.OK and _takes_gzip():
        response.set_data(asset.packed)
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _kept_for(name: str, asset: Asset) -> int:
    """Return the seconds for which a browser need not ask again; modules that others name must fit them."""
    if request.args.get("v") == asset.version:
        return ONE_YEAR
    return 0 if name.endswith(".js") else ONE_WEEK


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _packed(response: Response) -> Response:
    is_page = response.mimetype in {"text/html", "application/json"} and not response.direct_passthrough
    if not is_page or response.content_encoding or not _takes_gzip():
        return response
    data = response.get_data()
    if len(data) >= WORTH_BYTES:
        response.set_data(gzip.compress(data, 3, mtime=0))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
