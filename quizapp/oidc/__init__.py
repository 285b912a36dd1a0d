"""Signing in with an account that people have elsewhere, by OpenID Connect: the calls to that provider, and what is believed of its answers.

The provider is named by whoever runs Recto, and may stand in their own network, so `fetch`, which
asks only what is open to the whole world, is not the way to it. Start from `provider.Provider`:
it is loaded where a provider is named, so that no other site pays for its libraries.
"""

from quizapp.oidc.values import Flow, Identity

__all__ = ["Flow", "Identity"]
