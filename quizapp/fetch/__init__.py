"""Pages and files from the web, fetched without lending this machine's place in its network to anybody.

An address that somebody gives may lead to a router, to another program on this machine or to
what a cloud keeps for its servers alone. So only what is open to the whole world is asked, and
the address that was checked is the one that is connected to. Start from `fetch`.
"""

from quizapp.fetch.network import Network
from quizapp.fetch.visit import Fetched, fetch

__all__ = ["Fetched", "Network", "fetch"]
