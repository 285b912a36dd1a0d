"""Signing in with an account that people have elsewhere, by OpenID Connect: the calls to that provider, and what is believed of its answers.

The provider is named by whoever runs Recto, and may stand in their own network, so `fetch`, which
asks only what is open to the whole world, is not the way to it. Start from `Provider`.
"""

from quizapp.oidc.id_tokens import Identity
from quizapp.oidc.provider import Flow, Provider

__all__ = ["Flow", "Identity", "Provider"]
