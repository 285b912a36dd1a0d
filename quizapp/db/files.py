"""Which files among the media are named by a row, whatever the row is about."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from quizapp.db import documents, jobs


def named(session: Session) -> Mapping[str, str]:
    """Return what each named file belongs to, as a title, by the names of the files."""
    return {**jobs.files(session), **documents.originals(session)}
