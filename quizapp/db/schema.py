"""All tables at once, for migrations to compare with."""

from quizapp.db import base, decks, documents, drafts, jobs, learners, notes, plans, reports, reviews

MODULES = (decks, documents, drafts, jobs, learners, notes, plans, reports, reviews)
METADATA = base.Base.metadata
