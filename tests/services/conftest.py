import pytest

from tests.stores import POSTGRES


@pytest.fixture(params=["sqlite", POSTGRES])
def database(request):
    """A real library, once in a file and once on a server."""
    return request.getfixturevalue(f"{request.param}_database")
