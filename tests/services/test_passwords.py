from threading import BoundedSemaphore, Event, Thread
from time import sleep

import pytest
from argon2 import PasswordHasher

from quizapp.errors import Unavailable
from quizapp.services import passwords
from tests.services.people import PASSWORD


@pytest.fixture
def hashed(monkeypatch):
    """How often something is hashed, which is what takes time."""
    counted = []
    for name in ("hash", "verify"):
        real = getattr(PasswordHasher, name)
        monkeypatch.setattr(
            PasswordHasher, name, lambda *given, real=real, name=name: counted.append(name) or real(*given)
        )
    return counted


def test_a_password_matches_what_was_kept_of_it_and_nothing_else():
    kept = passwords.digest(PASSWORD)

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert passwords.digest(PASSWORD) != kept
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, PASSWORD + " ")
    assert not passwords.matches("no hash", PASSWORD)


def test_an_accent_is_the_same_however_the_keyboard_composes_it():
    assert passwords.matches(passwords.digest("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_an_account_that_is_not_there_costs_as_much_as_one_that_is(hashed):
    kept = passwords.digest(PASSWORD)
    passwords.matches(None, PASSWORD)
    hashed.clear()

    passwords.matches(kept, "wrong")
    known = hashed.copy()
    hashed.clear()
    passwords.matches(None, "wrong")

    assert known == hashed == ["verify"]


def test_nobody_s_password_opens_nothing():
    assert not passwords.matches(None, "nobody's")


def test_what_was_kept_at_another_cost_is_outdated():
    assert not passwords.is_outdated(passwords.digest(PASSWORD))
    assert passwords.is_outdated(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD))


def test_a_few_work_at_once_some_wait_and_the_rest_are_told(monkeypatch):
    going, begun, most = Event(), [], passwords.AT_ONCE + passwords.WAITING

    class Slow:
        def hash(self, _password):
            begun.append(1)
            going.wait(30)
            return "kept"

    class Counted(BoundedSemaphore):
        taken = 0

        def acquire(self, **how):
            Counted.taken += 1
            return super().acquire(**how)

    monkeypatch.setattr(passwords, "HASHER", Slow())
    monkeypatch.setattr(passwords, "QUEUE", Counted(most))
    threads = [Thread(target=passwords.digest, args=(PASSWORD,)) for _ in range(most)]
    for thread in threads:
        thread.start()
    while Counted.taken < most:
        sleep(0.01)

    with pytest.raises(Unavailable, match="Too many people"):
        passwords.digest(PASSWORD)
    at_work = len(begun)
    going.set()
    for thread in threads:
        thread.join(30)

    assert at_work <= passwords.AT_ONCE
    assert len(begun) == most
    assert passwords.digest(PASSWORD) == "kept"
