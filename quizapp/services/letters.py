"""What letters say, in the language that is spoken."""

from dataclasses import dataclass

from quizapp.translations import _


@dataclass(frozen=True)
class Said:
    """A letter without its address."""

    subject: str
    text: str


def invitation(inviter: str | None, team: str | None, email: str, link: str) -> Said:
    """Invite somebody onto this Recto, and perhaps into a team."""
    who = inviter or _("Somebody who runs it")
    if team:
        subject = _("%(name)s invites you to %(team)s", name=who, team=team)
    else:
        subject = _("%(name)s invites you to Recto", name=who)
    return Said(
        subject,
        _paragraphs(
            _("%(sentence)s. There you learn from documents by questions and answers.", sentence=subject),
            _(
                "Open this link to choose a name and a password. It works once, for 7 days, for %(email)s alone:",
                email=email,
            ),
            link,
            _("If you do not know what this is about, leave it: nothing happens without you."),
        ),
    )


def password(name: str, link: str) -> Said:
    """Let somebody choose another password."""
    return Said(
        _("Choose another password for Recto"),
        _paragraphs(
            _("Hello %(name)s,", name=name),
            _(
                "somebody, probably you, asked for another password. Choose it under this link, which works once, for an hour:"
            ),
            link,
            _("If it was not you, leave it: your password stays as it is, and nobody but you has this link."),
        ),
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"
