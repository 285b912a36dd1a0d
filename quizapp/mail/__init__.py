"""Letters to people, handed to the mail server that the settings name. Start from `Relay.send`."""

from quizapp.mail.letters import Letter
from quizapp.mail.relay import Relay

__all__ = ["Letter", "Relay"]
