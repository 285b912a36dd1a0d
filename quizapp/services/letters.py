"""What letters say, in the language that is spoken."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quizapp.domain.recurrence import Window
from quizapp.domain.reminders import Reason
from quizapp.translations import _, many, marked
from quizapp.translations.dates import moment

SENTENCES = {
    Reason.MISSED: marked("%(title)s: missed, it ended %(end)s"),
    Reason.LATE: marked("%(title)s: was due %(due)s, and can still be handed in"),
    Reason.DUE: marked("%(title)s: due %(due)s"),
    Reason.OPENS: marked("%(title)s: opens %(opens)s, due %(due)s"),
}
# By which mail programs know an address, and make a link of it.
LINKED = re.compile(r"(?<=[^\W_])[.\u3002\uff0e\uff61](?=[^\W\d_])|:(?=//)")
LATE_UNTIL = marked("%(title)s: was due %(due)s, and can still be handed in until %(end)s")
OPEN_NOW = marked("%(title)s: new, due %(due)s")


@dataclass(frozen=True)
class Said:
    """A letter without its address."""

    subject: str
    text: str


@dataclass(frozen=True)
class Line:
    """Something that a person is reminded of."""

    reason: Reason
    title: str
    team: str
    window: Window
    path: str  # of its page
    is_open: bool = True


def invitation(inviter: str | None, team: str | None, email: str, link: str) -> Said:
    """Invite somebody onto this Recto, and perhaps into a team."""
    who = _unlinked(inviter) if inviter else _("Somebody who runs it")
    if team:
        subject = _("%(name)s invites you to %(team)s", name=who, team=_unlinked(team))
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


def address(name: str, email: str, link: str) -> Said:
    """Let somebody show that an e-mail is theirs."""
    return Said(
        _("Confirm your e-mail for Recto"),
        _paragraphs(
            _("Hello %(name)s,", name=_unlinked(name)),
            _("open this link to confirm that %(email)s is yours. It works once, for two days:", email=email),
            link,
            _("If you do not know what this is about, leave it: nothing happens without you."),
        ),
    )


def address_changes(name: str, email: str) -> Said:
    """Tell somebody at their e-mail that another is to take its place."""
    return Said(
        _("Your e-mail for Recto is to change"),
        _paragraphs(
            _("Hello %(name)s,", name=name),
            _(
                "somebody, probably you, wants %(email)s to be the address of your account. It is from when the link that "
                "went there is opened; until then it stays this one.",
                email=email,
            ),
            _(
                "If it was not you, somebody knows your password: choose another under Settings, Account. The link that "
                "went there then works no more."
            ),
        ),
    )


def digest(
    name: str, lines: Sequence[Line], cards: int, *, zone: ZoneInfo, page: Callable[[str], str], way_out: str
) -> Said:
    """Remind somebody of what is assigned to them, and of cards that are due; times are those of their clocks."""
    sentences = [_sentence(line, zone) for line in lines]
    of_cards = many("%(num)s card is due today", "%(num)s cards are due today", cards)
    first, *others = [*sentences, *([of_cards] if cards else [])]
    more = many("%(first)s, and %(num)s more", "%(first)s, and %(num)s more", len(others), first=first)
    named = [
        "\n".join((sentence, _("For the team %(name)s", name=line.team), page(line.path)))
        for sentence, line in zip(sentences, lines, strict=True)
    ]
    return Said(
        more if others else first,
        _paragraphs(
            _("Hello %(name)s,", name=name),
            *named,
            *([f"{of_cards}\n{page('/')}"] if cards else []),
            _(
                "You get at most one letter a day, and none when there is nothing to say. Choose what you are reminded of:"
            )
            + f"\n{page('/settings/reminders')}",
            _("No more reminders:") + f"\n{way_out}",
        ),
    )


def _sentence(line: Line, zone: ZoneInfo) -> str:
    window, sentence = line.window, SENTENCES[line.reason]
    if line.reason is Reason.LATE and window.cutoff:
        sentence = LATE_UNTIL
    elif line.reason is Reason.OPENS and line.is_open:
        sentence = OPEN_NOW
    times = {"opens": window.opens, "due": window.due, "end": window.cutoff or window.due}
    return _(sentence, title=line.title, **{name: moment(at, zone) for name, at in times.items()})


def _unlinked(name: str) -> str:
    """Return a name in which no mail program sees an address: a letter to somebody else must not carry its giver's links."""
    return LINKED.sub(r"\g<0> ", name)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"
