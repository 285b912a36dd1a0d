from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks import crowds, harness, teams
from benchmarks.__main__ import BENCHMARKS
from benchmarks.harness import Row
from quizapp.clock import utcnow
from quizapp.db import study_days
from quizapp.db.engine import Database
from quizapp.db.study_days import StudySumRow
from quizapp.services import checking
from tests.web import harbour

FOLDER = Path(harness.__file__).parent


def test_a_row_is_compared_with_its_peer():
    row = Row("Export", 3.0, "s", 2.0, "genanki", most_times=1.3)

    assert row.cells == ("Export", "3.00 s", "2.00 s, genanki", "1.50", "at most 1.3 times", "**no**")


@pytest.mark.parametrize(("kilobytes", "reached"), [(149.0, True), (151.0, False)])
def test_a_row_without_a_peer_has_an_amount_for_a_goal(kilobytes, reached):
    assert Row("First load", kilobytes, "KB", most=150.0).reached is reached


def test_a_row_without_a_goal_claims_nothing():
    assert Row("Start", 1.0, "s", 0.5, "Python").cells[-2:] == ("", "")


def test_the_columns_of_the_table_line_up():
    drawn = harness.table([Row("A", 1.0, "s"), Row("A longer one", 1234.5, "ms", 2.0, "a peer", 1.5)])

    assert len({len(line) for line in drawn.splitlines()}) == 1


def test_those_that_are_compared_take_turns():
    order = []

    harness.in_turns(lambda: order.append("ours"), lambda: order.append("theirs"), rounds=2)

    assert order == ["theirs", "ours", "ours", "theirs"]


def test_every_benchmark_is_run():
    written = {path.stem for path in FOLDER.glob("*.py") if "def rows(" in path.read_text()}

    assert written == set(BENCHMARKS)


def test_a_crowd_is_as_recto_would_have_made_it(tmp_path):
    there = crowds.made(Database(f"sqlite:///{tmp_path / 'team.db'}"), [harbour.reading()], people=10, cards=40)
    kept = select(StudySumRow.__table__).order_by(*StudySumRow.__table__.primary_key)

    with there.database.reading() as session:
        assert checking.check(session, now=utcnow()).faults == ()
        before = session.execute(kept).all()
    with there.database.writing() as session:
        for person in there.people:
            study_days.count_anew(session, person)
        assert session.execute(kept).all() == before != []


def test_every_page_of_a_crowd_is_shown(tmp_path):
    there = crowds.made(Database(f"sqlite:///{tmp_path / 'team.db'}"), [harbour.reading()], people=10, cards=40)
    clients = teams.signed_in(there)

    answers = {name: clients[who].get(path).status_code for name, (who, path) in teams.shown(there).items()}

    assert answers == dict.fromkeys(answers, 200)
