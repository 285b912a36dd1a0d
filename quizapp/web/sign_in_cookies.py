"""The cookie by which a browser says who is signed in: a token, and nothing that can be read out of it."""

from flask import request
from werkzeug.wrappers import Response

from quizapp.web.replies import ONE_YEAR
from quizapp.web.security import cookie_name


def read() -> str:
    """Return the token of this browser, or nothing."""
    return request.cookies.get(_name(), "")


def put(response: Response, token: str) -> Response:
    """Give the browser a token; when it ends, the database says."""
    response.set_cookie(
        _name(), token, max_age=ONE_YEAR, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def drop(response: Response) -> Response:
    """Take the token away from the browser."""
    response.delete_cookie(_name(), secure=request.is_secure, httponly=True, samesite="Lax", path="/")
    return response


def _name() -> str:
    return cookie_name("recto_person")
