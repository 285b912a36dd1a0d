"""Tokens: what a browser, a link or a program shows. They are random, so a plain hash of one is safe to keep.

Those of `sealed` are kept nowhere: a secret says whether one is ours.
"""

import hashlib
import hmac
import re

TOKEN_BYTES = 32
LONGEST_TOKEN = 200  # whatever is longer is none of ours


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sealed(secret: str, purpose: str, number: int) -> str:
    """Return a token that names a person for one purpose, and that nobody can make who has not the secret."""
    seal = hmac.new(secret.encode(), f"{purpose}:{number}".encode(), hashlib.sha256).hexdigest()
    return f"{number}-{seal}"


def unsealed(secret: str, purpose: str, token: str) -> int | None:
    """Return whom a token names, or None if it is not one of ours for this purpose."""
    named = re.fullmatch(r"([0-9]{1,18})-[0-9a-f]{64}", token)
    if named is None or not hmac.compare_digest(sealed(secret, purpose, int(named[1])), token):
        return None
    return int(named[1])
