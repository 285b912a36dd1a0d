"""All tables at once, for migrations to compare with."""

from quizapp.db import base, decks, documents, drafts, learners, notes, plans, quizzes, reports, reviews

MODULES = (decks, documents, drafts, learners, notes, plans, quizzes, reports, reviews)
METADATA = base.Base.metadata
