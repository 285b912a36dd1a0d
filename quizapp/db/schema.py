"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    accepted,
    base,
    changes,
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
    splits,
    tallies,
)

MODULES = (
    accepted,
    changes,
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
    splits,
    tallies,
)
METADATA = base.Base.metadata
