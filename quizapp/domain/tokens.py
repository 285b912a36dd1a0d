"""Tokens: what a browser, a link or a program shows. They are random, so a plain hash of one is safe to keep."""

import hashlib

TOKEN_BYTES = 32
LONGEST_TOKEN = 200  # whatever is longer is none of ours


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
