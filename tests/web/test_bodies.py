import io
import threading

import pytest

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Sent(io.BytesIO):
    """A body, and how much of it has been read."""

    @property
    def left(self) -> int:
        return len(self.getvalue()) - self.tell()


def post(visitor, path, body, **headers):
    return visitor.client.post(
        path, input_stream=body, content_length=len(body.getvalue()), headers={**FORM, "Host": "localhost", **headers}
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 400), ({"Sec-Fetch-Site": "cross-site"}, 403), ({}, 403)],
    ids=["foreign name", "another site", "no token"],
)
def test_what_a_refusal_did_not_read_is_read_away(visitor, headers, status):
    body = Sent(b"x=" + b"y" * 300_000)

    assert post(visitor, "/decks", body, **headers).status_code == status
    assert body.left == 0


def test_of_a_form_over_the_limit_the_rest_is_read_away(visitor):
    body = Sent(b"x" * (21 * 1024 * 1024))

    assert post(visitor, "/library", body).status_code == 413
    assert body.left == 0


def test_while_too_many_are_being_read_a_form_is_refused_unread_and_pages_are_shown(site, visitor):
    token = visitor.token()
    site.extensions["reading_places"] = threading.BoundedSemaphore(1)
    body = Sent(b"name=Sea&csrf_token=" + token.encode())

    with site.extensions["reading_places"]:
        refused = post(visitor, "/decks", body)
        page = visitor.visit("/decks")

    assert refused.status_code == 503
    assert "try again in a moment" in refused.get_data(as_text=True)
    assert body.left == len(body.getvalue())
    assert "No decks yet" in page.text
    assert post(visitor, "/decks", body).status_code == 303


def test_places_are_given_back_whatever_happens(site, visitor):
    site.extensions["reading_places"] = places = threading.BoundedSemaphore(1)

    for _ in range(3):
        assert post(visitor, "/decks", Sent(b"x")).status_code == 403
        assert post(visitor, "/library", Sent(b"x" * (21 * 1024 * 1024))).status_code == 413

    assert places.acquire(blocking=False)
