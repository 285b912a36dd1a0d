"""What an account is made of: an e-mail, a name, a password, and how they are written. Start from the `check_` functions."""

import re
import unicodedata
from itertools import pairwise

from quizapp.errors import InvalidInput

LONGEST_EMAIL, LONGEST_NAME = 254, 100
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1_000
FEWEST_DIFFERENT = 4  # characters in a password

# What people choose most who must choose something long, without what they put before and behind it.
_COMMON = """
password passwort passwd kennwort contrasena motdepasse mypassword yourpassword passwordpassword secret topsecret geheim
qwertyuiop qwertyuiopasdfghjklzxcvbnm qwertzuiop qwerty qwertz qwertyqwerty asdfghjkl zxcvbnm qazwsxedc qazwsx azertyuiop
letmein letmeinplease welcome willkommen changeme changemenow whatever trustno default master administrator admin
adminadmin user username guest login test testtest tester testing computer internet hallo hallohallo hello helloworld
iloveyou iloveyouforever ichliebedich sunshine princess superman batman spiderman starwars football baseball basketball
monkey dragon freedom abcdefghij abcdefghijk abcdefghijkl recto quizapp rectorecto quizquiz woaini woaiwojia mima
"""
COMMON = frozenset(_COMMON.split())
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


# An address as people have them. What mail programs read as a name, a remark, or several addresses in one is none.
_EMAIL = re.compile(r"""[^@\s,;:<>()\[\]"\\]+@[^@\s,;:<>()\[\]"\\]*[^@\s,;:<>()\[\]"\\.]""")


def email_key(email: str) -> str:
    """Return what two spellings of one address have in common."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def check_email(text: str) -> str:
    """Return an e-mail address without the blanks around it; only its post office knows whether it is one."""
    email = text.strip()
    is_one = _EMAIL.fullmatch(email) and email.isprintable() and "=?" not in email  # which begins a coded word
    if len(email) > LONGEST_EMAIL or not is_one:
        raise InvalidInput("Write an e-mail address, like ines@example.org.")
    return email


def check_name(text: str) -> str:
    """Return a person's name on one line."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput("Write a name of 1 to %(longest)s characters.", longest=LONGEST_NAME)
    return name


def spelled(password: str) -> str:
    """Return the one spelling of a password, however a keyboard composes its accents."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, email: str, name: str) -> str:
    """Return the password as it is to be hashed, or say what is wrong with it.

    Length is what counts, so no kinds of characters are asked for (NIST SP 800-63B, 5.1.1.2).
    """
    chosen = spelled(password)
    if len(chosen) < SHORTEST_PASSWORD:
        raise InvalidInput(
            "Choose a password of %(shortest)s characters or more. A few words that only you would put together are good.",
            shortest=SHORTEST_PASSWORD,
        )
    if len(chosen) > LONGEST_PASSWORD:
        raise InvalidInput("A password can have %(longest)s characters at most.", longest=f"{LONGEST_PASSWORD:,}")
    if len(set(chosen)) < FEWEST_DIFFERENT or _is_row(chosen) or _bare(chosen) in COMMON:
        raise InvalidInput("Too many people use this password, so it is guessed first. Choose another.")
    if (bare := _bare(chosen)) and bare in {_bare(one) for one in (email, email.partition("@")[0], name)}:
        raise InvalidInput("This password is your name or your e-mail address. Choose another.")
    return chosen


def _bare(text: str) -> str:
    """Return the letters of a text, without digits and signs around them, and with those between read as letters."""
    folded = text.casefold()
    kept = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded).translate(LOOKALIKES)
    return re.sub(r"[\W\d_]", "", kept)


def _is_row(text: str) -> bool:
    """Say whether each character is the next one after that before it: 1234567890, abcdefghij, 9876543210."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}
