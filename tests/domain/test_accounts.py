import pytest

from quizapp.domain.accounts import check_email, check_name, check_password, email_key
from quizapp.errors import InvalidInput

INES = {"email": "ines.moreau@example.org", "name": "Ines Moreau"}


@pytest.mark.parametrize(
    "password",
    ["seven grey herons", "correct horse battery staple", "Zwölf Boxkämpfer", "船舶停泊在码头边等待潮水", "x7#Kd92!qP"],
)
def test_a_password_is_long_and_need_have_no_kinds_of_characters(password):
    assert check_password(password, **INES) == password


@pytest.mark.parametrize(
    "password",
    ["password12", "P4ssw0rd!!", "Passwort2026", "1234567890", "9876543210", "qwertyuiop", "aaaaaaaaaaaa", "abababababab",
     "abcdefghijkl", "letmein!!!!", "iloveyou1234", "ADMINadmin1"],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(password):
    with pytest.raises(InvalidInput, match="Too many people"):
        check_password(password, **INES)


@pytest.mark.parametrize("password", ["ines.moreau@example.org", "Ines Moreau 1", "inesmoreau99", "INES.MOREAU!!"])
def test_a_password_that_is_the_name_or_the_address_is_refused(password):
    with pytest.raises(InvalidInput, match="your name or your e-mail"):
        check_password(password, **INES)


@pytest.mark.parametrize(
    ("password", "why"), [("", "10 characters"), ("herons 12", "10 characters"), ("ab1 " * 251, "1,000")]
)
def test_a_password_has_10_to_1000_characters(password, why):
    with pytest.raises(InvalidInput, match=why):
        check_password(password, **INES)


def test_a_name_without_letters_forbids_no_password():
    assert check_password("4711 0815 33", email="7@8", name="99") == "4711 0815 33"


def test_an_accent_is_the_same_however_the_keyboard_composes_it():
    assert check_password("cafe\u0301 au lait", **INES) == check_password("caf\u00e9 au lait", **INES)


@pytest.mark.parametrize("email", ["ines@example.org", " ines@server ", "ines+recto@münchen.example"])
def test_an_address_is_taken_as_it_is_written(email):
    assert check_email(email) == email.strip()


@pytest.mark.parametrize(
    "email",
    ["", "ines", "ines@", "@example.org", "in es@example.org", "a@b@c", "ines@example.org\n.x", "i" * 251 + "@b.c"],
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(InvalidInput, match="e-mail address"):
        check_email(email)


@pytest.mark.parametrize(
    "email",
    ["eve,ines@example.org", "ines@example.org,eve", "eve<ines@example.org>", "crew:ines@example.org;", "ines(eve)@b.c",
     '"ines"@example.org', "ines@[127.0.0.1]", "ines\\@b.c", "=?utf-8?q?ines=40b.c=2C?=@example.org", "ines@example.org."],
)  # fmt: skip
def test_what_a_mail_program_reads_as_another_address_or_as_several_is_refused(email):
    with pytest.raises(InvalidInput, match="e-mail address"):
        check_email(email)


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\x7f", "\x00", "\u2028", "\ud800", "\ufeff"])
def test_what_nobody_sees_in_an_address_is_refused(sign):
    with pytest.raises(InvalidInput, match="e-mail address"):
        check_email(f"ines{sign}x@example.org")


def test_two_spellings_of_one_address_are_one():
    assert email_key(" Ines@Example.ORG") == email_key("ines@example.org")


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\u202eb", "a\x00b"])
def test_a_name_can_be_read(name):
    with pytest.raises(InvalidInput, match="name of 1 to 100"):
        check_name(name)


def test_a_name_stands_on_one_line():
    assert check_name(" Ines \n Moreau ") == "Ines Moreau"
