"""Which files among the media are named by a row, whatever the row is about."""

from collections.abc import Mapping

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from quizapp.db import documents, jobs, pictures, versions
from quizapp.db.jobs import JobRow
from quizapp.db.pictures import PictureRow
from quizapp.db.versions import DocumentVersionRow


def named(session: Session) -> Mapping[str, str]:
    """Return what each named file belongs to, as a title, by the names of the files."""
    tables = inspect(session.connection()).get_table_names()  # a backup of an older Recto has not all of them
    return {
        **(jobs.files(session) if JobRow.__tablename__ in tables else {}),
        **(versions.files(session) if DocumentVersionRow.__tablename__ in tables else {}),
        **(pictures.files(session) if PictureRow.__tablename__ in tables else {}),
        **documents.originals(session),
    }
