"""Of a file that means no good, nothing is stored."""

import re

import pytest

from quizapp.domain.jobs import JobStatus
from quizapp.services import jobs, library
from quizapp.services.tasks import ToRead
from quizapp.worker import Worker
from tests.ingest.hostile import HOSTILE
from tests.make import NOW


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["billion laughs, Word file", "text of zeros", "nested divisions", "one entry of zeros"]
)
def test_nothing_of_a_hostile_file_is_stored(database, owner, name):
    file = HOSTILE[name]
    data = file.build(file.size)
    with database.writing() as session:
        job_id = jobs.ask(session, owner, ToRead(file.filename).task(data), data=data, now=NOW)

    Worker(database).work_off()

    with database.reading() as session:
        job = jobs.look(session, owner, job_id)
        assert job.status is JobStatus.FAILED
        assert re.fullmatch(r"[A-Z].*[.]", job.problem)
        assert library.documents(session, owner) == []
