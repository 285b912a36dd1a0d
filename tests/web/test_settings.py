import pytest


def test_without_a_choice_the_system_decides(visitor):
    assert '<html lang="en">' in visitor.visit("/").html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_there_from_the_first_byte_of_the_next_page(visitor, theme):
    visitor.visit("/")

    visitor.send("/theme", theme=theme)

    assert f'<html lang="en" data-theme="{theme}">' in visitor.visit("/decks").html


def test_the_system_decides_again_when_asked_to(visitor):
    visitor.send("/theme", theme="dark")

    visitor.send("/theme", theme="system")

    assert '<html lang="en">' in visitor.visit("/").html


def test_a_forged_theme_is_ignored(visitor):
    visitor.client.set_cookie("theme", '"><script>')

    assert '<html lang="en">' in visitor.visit("/").html


def test_switching_leads_back_to_the_page(visitor):
    response = visitor.send("/theme", theme="dark", headers={"Referer": "http://localhost/decks?page=2"})

    assert response.headers["Location"] == "/decks?page=2"


def test_the_keys_have_a_page_of_their_own(visitor):
    page = visitor.visit("/keys")

    assert "Space" in page.text
    assert "show the answer" in page.text
