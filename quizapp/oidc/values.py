"""Who somebody is at a provider, and what ties an answer of it to the browser that asked."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider: issuer and subject never change, the rest may."""

    issuer: str
    subject: str
    email: str  # "" unless the provider vouches that it is theirs
    name: str


@dataclass(frozen=True)
class Flow:
    """What ties an answer of the provider to the browser that asked."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Flow":
        """Return a flow that nobody can guess."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))
