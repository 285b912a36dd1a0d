"""All tables at once, for migrations to compare with."""

from quizapp.db import (
    base,
    bulk_steps,
    card_actions,
    changes,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    note_words,
    notes,
    plans,
    quizzes,
    reports,
    reviews,
    saved_searches,
    searching,
    study_sessions,
    tallies,
)

MODULES = (
    bulk_steps,
    card_actions,
    changes,
    decks,
    documents,
    drafts,
    jobs,
    learners,
    note_words,
    notes,
    plans,
    quizzes,
    reports,
    reviews,
    saved_searches,
    searching,
    study_sessions,
    tallies,
)
METADATA = base.Base.metadata
# Tables and indexes of the searches, which follow from others by themselves.
FOLLOWING = searching.FOLLOWING | note_words.FOLLOWING
