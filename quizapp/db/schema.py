"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    changes,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    notes,
    options,
    plans,
    quizzes,
    reports,
    reviews,
    searching,
    tallies,
)

MODULES = (
    changes,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    notes,
    options,
    plans,
    quizzes,
    reports,
    reviews,
    searching,
    tallies,
)
METADATA = base.Base.metadata
