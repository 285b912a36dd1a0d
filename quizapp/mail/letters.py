"""A letter, and the message that it becomes."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID


@dataclass(frozen=True)
class Letter:
    """What one person is told by mail."""

    id: UUID  # sent again it has the same, so that a mail program shows it once
    to: str  # an address, "ines@example.org"
    subject: str
    text: str
    written: datetime  # aware
    unsubscribe: str | None = None  # the address of a page that ends letters of this kind at once


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return the message: plain text, from a machine, which nobody should answer by a machine (RFC 3834)."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = " ".join(letter.subject.split())
    made["Date"] = format_datetime(letter.written)
    made["Message-ID"] = f"<{letter.id}@{domain(sender)}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        # RFC 8058: the button that mail programs show asks nothing more.
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    return made


def domain(sender: str) -> str:
    """Return the domain of a sender, who may be named: "Recto <recto@example.org>"."""
    return parseaddr(sender)[1].partition("@")[2]
