"""What a browser may do with our pages, and which requests we take at all.

Local mode has no password, so a page of another site, or another name for this
machine, must not be able to act as the owner. Start from `init_app`.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Collection
from functools import cache

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from quizapp.domain.hosts import LOOPBACK, in_address
from quizapp.errors import Forbidden
from quizapp.web import bodies
from quizapp.web.replies import ONE_YEAR

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # none: typed, bookmarked, reloaded or shared by the person
SHARE_SHEET = "sharing.take"  # takes what the system hands over, and adds nothing to the library
# Ends letters for whoever has the token in its address. A mail program presses that button by itself (RFC 8058): it has
# loaded no page of ours, so it knows no token of a form, and may be a page of another site. Nothing is lost by taking it
# from anywhere: no cookie counts there, who has the token could open the page and press, and it can be taken back.
WAY_OUT = "letters.end"
PROGRAMS = "api"  # where a token is shown with each request, and no cookie counts: no page can send what it has not
TOKEN_BYTES = 24
HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?", re.IGNORECASE)


class SessionsByPort(SecureCookieSessionInterface):
    """Signed cookies, one name a port: browsers share cookies between two servers on one host."""

    @cache  # noqa: B019 - an app has one, for as long as it lives
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs, made once instead of in each request; the key of an app stays the same."""
        return super().get_signing_serializer(app)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name that belongs to the port of the present request."""
        return cookie_name("recto")

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the browser may send it over https alone."""
        return request.is_secure


def cookie_name(name: str) -> str:
    """Return the name of a cookie of ours at the address of this request; over https no neighbour can set one like it."""
    if request.is_secure:
        return f"__Host-{name}"
    host = HOST.fullmatch(request.environ.get("HTTP_HOST", ""))
    return f"{name}_{host[2] or 80}" if host else name


def init_app(app: Flask, *, hosts: Collection[str] = ()) -> None:
    """Guard every request and every response; `hosts` are names for us besides the loopback ones."""
    allowed = frozenset(map(in_address, LOOPBACK)) | {host.lower() for host in hosts}
    app.session_interface = SessionsByPort()
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True, SESSION_REFRESH_EACH_REQUEST=False)
    app.before_request(lambda: _refuse_foreign_host(allowed))
    app.before_request(_refuse_other_sites)
    app.before_request(bodies.take_in)
    app.before_request(_refuse_without_token)
    app.after_request(_with_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """Return the token that the forms of this answer must carry, under a mask that no other answer has.

    Compressed pages would otherwise leak a secret that stays the same to
    whoever can watch their length.
    """
    if "csrf_token" not in g:
        mask = secrets.token_bytes(TOKEN_BYTES)
        g.csrf_token = urlsafe_b64encode(mask + _xor(mask, _secret())).decode("ascii")
    token: str = g.csrf_token
    return token


def _secret() -> bytes:
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(TOKEN_BYTES)
        session.permanent = True
    return bytes.fromhex(session["csrf"])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _is_ours(token: str) -> bool:
    try:
        raw = urlsafe_b64decode(token.encode("ascii", "replace"))
    except (NotBase64, ValueError):
        return False
    if len(raw) != 2 * TOKEN_BYTES or "csrf" not in session:
        return False
    return hmac.compare_digest(_xor(raw[:TOKEN_BYTES], raw[TOKEN_BYTES:]), _secret())


def _refuse_foreign_host(allowed: Collection[str]) -> None:
    """Take only our own names: a foreign one that leads here is another site in disguise."""
    name = HOST.fullmatch(request.environ.get("HTTP_HOST", ""))
    if name is None or name[1].lower() not in allowed:
        raise BadRequest("Recto does not answer under this name. Open it by the address that it printed at its start.")


def _refuse_other_sites() -> None:
    """Refuse what a page of another site sends or embeds; following a link to us is fine."""
    if _is_handed_over() or request.endpoint == WAY_OUT:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    is_visit = request.method in SAFE_METHODS and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if site not in OURS and not is_visit:
        raise Forbidden("Another site sent this request. Nothing was changed.")
    origin = request.headers.get("Origin")
    if request.method not in SAFE_METHODS and origin is not None and origin != request.host_url.rstrip("/"):
        raise Forbidden("Another site sent this form. Nothing was changed.")


def _is_handed_over() -> bool:
    """Say whether the system's share sheet sends this: the browser itself does, and no page asked it to.

    It says so in headers that no page can set or leave out, whose names say which site asked. A share
    has no page behind it, so it knows no token, and its origin is "null".
    """
    told = [request.headers.get(f"Sec-Fetch-{name}") for name in ("Site", "Mode", "Dest")]
    return (
        request.endpoint == SHARE_SHEET
        and told == ["none", "navigate", "document"]
        and request.headers.get("Origin") in {None, "null", request.host_url.rstrip("/")}
    )


def _refuse_without_token() -> None:
    if (
        request.method in SAFE_METHODS
        or request.blueprint == PROGRAMS
        or request.endpoint == WAY_OUT
        or _is_handed_over()
    ):
        return
    if not _is_ours(request.form.get("csrf_token", "")):
        raise Forbidden("This form is from an earlier visit. Go back, load the page again and send it once more.")


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # what a file needs stricter is set already
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    return response
