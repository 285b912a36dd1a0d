"""Which files among the media are named by a row, whatever the row is about."""

from collections.abc import Mapping

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from quizapp.db import card_media, documents, jobs, pictures, versions
from quizapp.db.card_media import CardMediumRow
from quizapp.db.jobs import JobRow
from quizapp.db.pictures import PictureRow
from quizapp.db.versions import DocumentVersionRow


def named(session: Session) -> Mapping[str, str]:
    """Return what each named file belongs to, as a title, by the names of the files."""
    there = inspect(session.connection())  # a backup of an older Recto has not all of this
    tables = there.get_table_names()
    versioned = DocumentVersionRow.__tablename__ in tables
    columns = {one["name"] for one in there.get_columns(DocumentVersionRow.__tablename__)} if versioned else set()
    return {
        **(card_media.files(session) if CardMediumRow.__tablename__ in tables else {}),
        **(jobs.files(session) if JobRow.__tablename__ in tables else {}),
        **(versions.files(session) if versioned else {}),
        **(versions.picture_files(session) if DocumentVersionRow.pictures.key in columns else {}),
        **(pictures.files(session) if PictureRow.__tablename__ in tables else {}),
        **documents.originals(session),
    }
