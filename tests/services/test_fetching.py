import pytest

from quizapp.errors import InvalidInput
from quizapp.services import fetching


@pytest.mark.slow
@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/"])
def test_a_child_fetches_nothing_that_is_inside_a_network(url):
    with pytest.raises(InvalidInput, match="private network"):
        fetching.fetched(url)


@pytest.mark.slow
def test_what_waits_can_call_it_off(monkeypatch):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetching.fetched("http://127.0.0.1/", on_wait=stop)


def test_switched_off_it_says_what_to_do_instead():
    with pytest.raises(InvalidInput, match="Save the page"):
        fetching.chosen(may_fetch=False)("https://example.org/")

    assert fetching.chosen(may_fetch=True) is fetching.fetched
