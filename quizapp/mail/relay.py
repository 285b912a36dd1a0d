"""The mail server that takes our letters."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from quizapp.domain.hosts import LOOPBACK
from quizapp.errors import InvalidInput, Unavailable
from quizapp.mail.letters import Letter, domain, message

PORTS = {"smtp": 587, "smtps": 465}
PATIENCE_SECONDS = 20.0
FOR_GOOD = range(500, 600)  # codes of a refusal that would be repeated


@dataclass(frozen=True)
class Relay:
    """A mail server, and who our letters are from.

    Nothing is sent to another machine without TLS: `smtps` speaks it from the first byte, `smtp` asks for it.
    """

    host: str
    port: int
    sender: str
    tls_first: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str, *, sender: str) -> "Relay":
        """Read `smtp://user:password@host:587` or `smtps://...`; raise Unavailable if it is no such address."""
        if not domain(sender):
            raise Unavailable("QUIZAPP_MAIL_FROM is no address. Write one, like Recto <recto@example.org>.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in PORTS or not parts.hostname:
            raise Unavailable("QUIZAPP_SMTP_URL is no address of a mail server. Write smtp://user:password@host:587.")
        return cls(
            parts.hostname,
            port or PORTS[parts.scheme],
            sender,
            tls_first=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send(self, letter: Letter) -> None:
        """Hand over a letter; raise InvalidInput if it is refused for good, Unavailable if it should be tried later."""
        try:
            with self._line() as line:
                line.send_message(message(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as refusal:
            ((code, told),) = refusal.recipients.values()
            raise self._refusal(code, told) from refusal
        except smtplib.SMTPAuthenticationError as refusal:
            raise Unavailable("The mail server does not take our name and password.") from refusal
        except smtplib.SMTPResponseException as refusal:
            raise self._refusal(refusal.smtp_code, refusal.smtp_error) from refusal
        except (smtplib.SMTPException, OSError) as problem:
            raise Unavailable("The mail server cannot be used: %(problem)s.", problem=problem) from problem

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        trust = ssl.create_default_context()
        if self.tls_first:
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_SECONDS, context=trust)
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
        with line:
            if not self.tls_first and self.host not in LOOPBACK:
                line.starttls(context=trust)
            if self.user:
                line.login(self.user, self.password)
            yield line

    def _refusal(self, code: int, told: bytes | str) -> InvalidInput | Unavailable:
        words = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
        if code in FOR_GOOD:
            return InvalidInput("The mail server refuses the letter: %(code)s %(words)s", code=code, words=words)
        return Unavailable("The mail server takes no letter now: %(code)s %(words)s", code=code, words=words)
