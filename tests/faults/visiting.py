"""A visitor who speaks to a running site as a page does, and can leave without waiting for the answer."""

import http.client
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

FOUND, CONFLICT, UNAVAILABLE = 303, 409, 503
LOST = (OSError, http.client.HTTPException)  # what a visitor sees of a server that is killed


@dataclass(frozen=True)
class Reply:
    status: int
    text: str

    @property
    def sentence(self) -> str:
        """What the page says went wrong, without markup."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.text.partition("<main")[2]).split())


class Visitor:
    """One browser: its cookie, and the token that its forms carry."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url).netloc
        self._cookie = ""
        page = self.get("/library/new")
        self._token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def get(self, path: str) -> Reply:
        return self._ask("GET", path)

    def post(self, path: str, **fields: object) -> Reply:
        return self._ask("POST", path, self._form(fields))

    def upload(self, path: str, filename: str, data: bytes) -> Reply:
        """Send a file, as the form does."""
        parts = [("csrf_token", "", self._token.encode()), ("file", f'; filename="{filename}"', data)]
        body = b"".join(
            b'--part\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
            % (name.encode(), more.encode(), value)
            for name, more, value in parts
        )
        return self._ask("POST", path, body + b"--part--\r\n", kind="multipart/form-data; boundary=part")

    def answer(self, card_id: int, *, reviews: int = 0, review_id: UUID | None = None, grade: int = 3) -> Reply:
        """Grade a card that had so many reviews when it was asked."""
        return self.post("/study/answer", **_graded(card_id, reviews, review_id or uuid4(), grade))

    def answer_and_hang_up(self, card_id: int, *, review_id: UUID, reviews: int = 0, grade: int = 3) -> None:
        """Grade a card and be gone before the answer can come."""
        body = self._form(_graded(card_id, reviews, review_id, grade))
        lines = ["POST /study/answer HTTP/1.1", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in {"Host": self._place, **self._headers()}.items()]
        host, _, port = self._place.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall("\r\n".join([*lines, "", body]).encode())

    def _form(self, fields: dict[str, object]) -> str:
        return urlencode({"csrf_token": self._token, **fields})

    def _headers(self, kind: str = "application/x-www-form-urlencoded") -> dict[str, str]:
        return {"Cookie": self._cookie, "Content-Type": kind}

    def _ask(self, method: str, path: str, body: str | bytes | None = None, **kind: str) -> Reply:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        try:
            connection.request(method, path, body, self._headers(**kind))
            reply = connection.getresponse()
            if given := reply.getheader("Set-Cookie"):
                self._cookie = given.partition(";")[0]
            return Reply(reply.status, reply.read().decode())
        finally:
            connection.close()


def _graded(card_id: int, reviews: int, review_id: UUID, grade: int) -> dict[str, object]:
    return {"review": review_id, "card": card_id, "reviews": reviews, "grade": grade, "since": 0}
