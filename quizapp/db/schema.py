"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    card_actions,
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
    study_sessions,
    tallies,
)

MODULES = (
    card_actions,
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
    study_sessions,
    tallies,
)
METADATA = base.Base.metadata
