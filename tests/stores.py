"""On which kind of library a test runs: by itself in a file, and in tests/services once more on a server."""

import pytest

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_both = pytest.mark.parametrize("database", ["sqlite", POSTGRES], indirect=True)
