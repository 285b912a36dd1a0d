"""The way in for programs: JSON over HTTP, for whoever shows a token. Start from `blueprint`.

It is put into the site by `wsgi`. No cookie counts here, so no page of another site can use it.
"""

from quizapp.api import decks, documents
from quizapp.api.bearers import blueprint

__all__ = ["blueprint", "decks", "documents"]
