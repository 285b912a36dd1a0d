"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    notes,
    pictures,
    plans,
    quizzes,
    reports,
    reviews,
    tallies,
)

MODULES = (decks, documents, drafts, jobs, learners, notes, pictures, plans, quizzes, reports, reviews, tallies)
METADATA = base.Base.metadata
