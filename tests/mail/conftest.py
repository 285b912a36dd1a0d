import pytest

from tests.mailbox import mailbox


@pytest.fixture
def box():
    with mailbox() as box:
        yield box
