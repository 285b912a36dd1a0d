"""Everything of one person in a file: all of it, and nothing of others."""

import json
import zipfile
from io import BytesIO

from quizapp.db import learners
from quizapp.db.schema import METADATA
from quizapp.domain.jobs import JobStatus
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.services import jobs, own_data, teams
from quizapp.worker import Worker
from tests import make
from tests.make import NOW
from tests.services import assigning, people
from tests.services.assigning import assign, take
from tests.services.teaming import at_home


def opened(session, actor):
    gathered = own_data.gather(session, actor, now=NOW)
    with zipfile.ZipFile(BytesIO(gathered.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tables(files):
    return {table: rows for name in own_data.FILES for table, rows in json.loads(files[name]).items()}


def test_every_table_that_names_people_is_taken_out_or_stays_for_a_reason():
    naming = {
        table.name
        for table in METADATA.tables.values()
        if any(key.column.table.name in {"learner", "account"} for key in table.foreign_keys)
    }
    out = {one.table for _about, parts in own_data.FILES.values() for one in parts} - {"learner"}
    out |= {table for table, _find in own_data.APART.values()}

    assert out & own_data.STAYS.keys() == set()
    assert out | own_data.STAYS.keys() == naming


def test_the_library_leaves_with_its_texts_its_files_and_its_decks(database, owner):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)

        files = opened(session, owner)

    kept = tables(files)
    assert [one["title"] for one in kept["document"]] == ["Cells"]
    assert any(name.startswith("documents/") and data == make.TEXT.encode() for name, data in files.items())
    deck = next(data for name, data in files.items() if name.startswith("decks/"))
    assert json.loads(deck)["format"] == "recto-deck"
    assert all(file in files["README.txt"].decode() for file in own_data.FILES)


def test_what_is_written_is_not_what_opens_doors(database):
    with database.writing() as session:
        ines = people.first(session)

        told = b"".join(opened(session, ines).values())

    assert b"ines@example.org" in told
    assert b"argon2" not in told
    assert b"_hash" not in told.replace(b"text_hash", b"")


def test_answers_in_a_team_are_taken_out_without_what_is_right_and_without_others(database):
    with database.writing() as session:
        team = assigning.a_team(session)
        assigned = assign(session, team)
        take(session, team.mina, assigned, True)
        take(session, team.jonas, assigned, False)

        kept = tables(opened(session, team.mina))
        whole = b"".join(opened(session, team.mina).values())

    assert [one["assignment"] for one in kept["sitting"]] == [kept["sitting"][0]["assignment"]]
    assert len(kept["answer"]) == 1
    assert "share" not in kept["answer"][0]
    assert b"Jonas" not in whole
    assert [(one["role"], one["team"]) for one in kept["membership"]] == [("member", "Platform team")]


def test_a_log_tells_what_one_did_without_naming_whom(database):
    with database.writing() as session:
        mara, jo = (
            Actor(LearnerId(learners.add(session, name=one, time_zone="UTC", now=NOW))) for one in ("Mara", "Jo")
        )
        team_id = teams.create(session, mara, "Crew", now=NOW)
        teams.join(session, team_id, jo.person_id, Role.MEMBER, now=NOW)
        mara = at_home(session, mara)
        teams.change_role(session, mara, team_id, jo.person_id, Role.TRAINER, now=NOW)

        mine, theirs = (tables(opened(session, one))["audit_event"] for one in (mara, jo))

    assert [one["detail"] for one in mine if one["action"] == "changed a role"] == [""]
    assert [one["detail"] for one in theirs if one["action"] == "changed a role"] == ["Jo: trainer"]


def test_a_worker_makes_the_file_that_is_asked_for_once(database, owner):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
        job_id = own_data.ask(session, owner, now=NOW)
        again = own_data.ask(session, owner, now=NOW)

    Worker(database).work_off()

    with database.reading() as session:
        job = jobs.look(session, owner, job_id)
        assert job.status is JobStatus.DONE, job.problem
        made = jobs.made(session, owner, job_id)
    assert again == job_id
    assert zipfile.is_zipfile(BytesIO(made))
    assert job.result["files"] > len(own_data.FILES)
