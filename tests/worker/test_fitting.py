from quizapp.domain.jobs import JobStatus
from quizapp.services import jobs, parameters
from quizapp.worker import Worker
from tests.make import NOW
from tests.services.studying import answer_much


def test_a_fit_is_made_by_the_worker_and_offered(database, owner):
    with database.writing() as session:
        answer_much(session, owner)
        job_id = parameters.ask(session, owner, now=NOW)

    Worker(database).work_off()

    with database.reading() as session:
        assert jobs.look(session, owner, job_id).status is JobStatus.DONE
        found = parameters.standing(session, owner)
    assert found.offered.version == 2
    assert found.job is None


def test_too_few_answers_by_the_time_that_a_worker_comes_to_it_are_a_failure_with_a_sentence(database, owner):
    with database.writing() as session:
        answer_much(session, owner)
        job_id = parameters.ask(session, owner, now=NOW)
        session.connection().exec_driver_sql("delete from review where card_id > 1")

    Worker(database).work_off()

    with database.reading() as session:
        job = jobs.look(session, owner, job_id)
    assert job.status is JobStatus.FAILED
    assert "Study 360 more" in job.problem
