"""Which files among the media are named by a row, whatever the row is about."""

from collections.abc import Mapping

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from quizapp.db import documents, jobs
from quizapp.db.jobs import JobRow


def named(session: Session) -> Mapping[str, str]:
    """Return what each named file belongs to, as a title, by the names of the files."""
    has_jobs = inspect(session.connection()).has_table(JobRow.__tablename__)  # a backup of an older Recto has none
    return {**(jobs.files(session) if has_jobs else {}), **documents.originals(session)}
