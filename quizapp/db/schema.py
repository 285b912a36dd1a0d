"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    changes,
    decks,
    documents,
    drafts,
    jobs,
    kin,
    learners,
    notes,
    pictures,
    plans,
    quizzes,
    reports,
    reviews,
    searching,
    tallies,
    versions,
)

MODULES = (
    changes,
    decks,
    documents,
    drafts,
    jobs,
    kin,
    learners,
    notes,
    pictures,
    plans,
    quizzes,
    reports,
    reviews,
    searching,
    tallies,
    versions,
)
METADATA = base.Base.metadata
