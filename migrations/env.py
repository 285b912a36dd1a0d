"""Alembic's way in: it migrates over the connection that `quizapp.db.upgrade` hands it."""

from alembic import context

from quizapp.db import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.METADATA,
    render_as_batch=True,  # SQLite alters a table by building it anew
    transaction_per_migration=False,
)
context.run_migrations()
