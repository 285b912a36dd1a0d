import pytest

from quizapp.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable

AS_HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": "http://localhost/decks?page=2"}


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound, 404), (Forbidden, 403), (InvalidInput, 422), (Conflict, 409), (Unavailable, 503)],
)
def test_each_failure_is_a_page_with_its_sentence_and_a_way_on(site, visitor, monkeypatch, error, status):
    def fail():
        raise error("This happened. Do that.")

    monkeypatch.setitem(site.view_functions, "decks.index", fail)

    page = visitor.visit("/decks")

    assert page.status == status
    assert "This happened. Do that." in page.text
    assert "/" in {link.href for link in page.links}


def test_htmx_gets_a_note_and_the_open_page_stays(site, visitor, monkeypatch):
    def fail():
        raise Conflict("Somebody was faster.")

    monkeypatch.setitem(site.view_functions, "decks.index", fail)

    response = visitor.client.get("/decks", headers=AS_HTMX)

    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#news"
    assert "Somebody was faster." in response.get_data(as_text=True)
    assert "<html" not in response.get_data(as_text=True)
    assert 'href="/decks?page=2"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/library/9", "/drafts/9", "/decks/9", "/study/9", "/decks/9/export.apkg", "/library/x", "/decks/-1",
     "/study?card=9", "/decks/99999999999999999999", "/static/../web/study.py", "/static/vendor"],
)  # fmt: skip
def test_what_is_not_there_is_a_404_that_helps(visitor, path):
    page = visitor.visit(path)

    assert page.status == 404
    assert "Today" in page.text


def test_a_wrong_method_is_told(visitor):
    response = visitor.client.get("/study/answer")

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_an_upload_over_the_limit_is_a_sentence(visitor):
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.token()}\r\n'.encode(),
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="large.txt"\r\n\r\n',
        b"x" * (20 * 1024 * 1024),
        b"\r\n--b--\r\n",
    ]

    response = visitor.client.post("/library", data=b"".join(parts), content_type="multipart/form-data; boundary=b")

    assert response.status_code == 413
    assert "up to 20 MB" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/study/answer", {}),
        ("/study/answer", {"review": "x", "card": "1", "grade": "3", "reviews": "0", "since": "0"}),
        ("/study/answer", {"review": "0" * 32, "card": "y", "grade": "3", "reviews": "0", "since": "0"}),
        ("/study/answer", {"review": "0" * 32, "card": "1", "grade": "7", "reviews": "0", "since": "0"}),
        ("/study/undo", {"undo": "nothing"}),
        ("/study/cards/1/report", {"reason": "nonsense"}),
        ("/study/cards/1/edit", {"question": "Q"}),
        ("/theme", {"theme": "pink"}),
        ("/decks", {"name": ""}),
        ("/library", {}),
    ],
    ids=str,
)
def test_a_malformed_form_is_refused_with_a_sentence(visitor, add, path, fields):
    add(keep_ready=True)

    assert visitor.send(path, **fields).status_code == 422


@pytest.mark.parametrize("headers", [{"Referer": "http://["}, {"HX-Request": "true", "HX-Current-URL": "http://["}])
def test_an_address_that_nobody_can_read_does_not_break_the_page_that_explains(site, headers):
    answer = site.test_client().get("/nowhere", headers={"Host": "localhost", **headers})

    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"]


def test_a_file_name_that_no_file_can_have_is_a_404(site):
    assert site.test_client().get(f"/static/{'a' * 300}.css", headers={"Host": "localhost"}).status_code == 404
