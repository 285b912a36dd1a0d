import io
import sys

from quizapp.cli import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def drawn(monkeypatch, **given):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress.shown(**given) as on_progress:
        on_progress(0.5, "Writing notes")
    return sys.stderr.getvalue()


def test_a_bar_shows_how_much_is_done(monkeypatch):
    assert "████████████░░░░░░░░░░░░ Writing notes" in drawn(monkeypatch)


def test_what_is_done_soon_shows_no_bar(monkeypatch):
    assert "Writing notes" not in drawn(monkeypatch, after_seconds=3600)


def test_nobody_is_told_where_nobody_watches(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    with progress.shown() as on_progress:
        assert on_progress is None

    assert not sys.stderr.getvalue()
