"""Which files among the media are named by a row, whatever the row is about."""

from collections.abc import Mapping

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from quizapp.db import documents, jobs, pictures
from quizapp.db.jobs import JobRow
from quizapp.db.pictures import PictureRow


def named(session: Session) -> Mapping[str, str]:
    """Return what each named file belongs to, as a title, by the names of the files."""
    tables = inspect(session.connection())  # a backup of an older Recto has fewer
    return {
        **(jobs.files(session) if tables.has_table(JobRow.__tablename__) else {}),
        **(pictures.files(session) if tables.has_table(PictureRow.__tablename__) else {}),
        **documents.originals(session),
    }
