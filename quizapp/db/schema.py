"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    notes,
    plans,
    quizzes,
    reports,
    reviews,
    searching,
    tallies,
)

MODULES = (decks, documents, drafts, jobs, learners, notes, plans, quizzes, reports, reviews, searching, tallies)
METADATA = base.Base.metadata
