"""A provider of OpenID Connect, by authorization code with PKCE. Start from `Provider.leave` and `Provider.identify`."""

import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from quizapp.errors import InvalidInput, Unavailable
from quizapp.oidc import id_tokens
from quizapp.oidc.calls import Calls, Distrusted
from quizapp.oidc.id_tokens import UnknownKey
from quizapp.oidc.values import Flow, Identity
from quizapp.translations import marked

KEPT_SECONDS = 3_600  # that what a provider says of itself, and its keys, are believed
ANEW_SECONDS = 60  # between two looks for other keys
SCOPE = "openid email profile"
LONGEST_CODE = 4_000
REFUSED = marked("%(name)s did not confirm who you are. Begin again.")
DAMAGED = marked("What %(name)s answered cannot be believed, so nobody was signed in. Tell whoever runs this Recto.")


class Provider:
    """Where people have an account besides ours."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str, name: str) -> None:
        """Take what was agreed with the provider; a client without a secret is a public one."""
        self.issuer, self.name = issuer, name or urlsplit(issuer).hostname or issuer
        self._client_id, self._client_secret = client_id, client_secret
        self._calls = Calls(issuer, self.name)
        self._mutex = threading.Lock()
        self._metadata: tuple[float, Mapping[str, object]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def leave(self, flow: Flow, *, redirect_uri: str, again: bool = False) -> str:
        """Return the address where the provider asks a person who they are, and with `again` even if it knows."""
        try:
            address = self._calls.require(self._told().get("authorization_endpoint"))
        except Distrusted as error:
            raise Unavailable(DAMAGED, name=self.name) from error
        more = {"prompt": "login"} if again else {}
        challenge = create_s256_code_challenge(flow.verifier)
        return str(
            prepare_grant_uri(
                address,
                client_id=self._client_id,
                response_type="code",
                redirect_uri=redirect_uri,
                scope=SCOPE,
                state=flow.state,
                nonce=flow.nonce,
                code_challenge=challenge,
                code_challenge_method="S256",
                **more,
            )
        )

    def identify(self, code: str, flow: Flow, *, redirect_uri: str, now: datetime) -> Identity:
        """Return who the provider says has come back with this code; raise InvalidInput, Unavailable."""
        if not 0 < len(code) <= LONGEST_CODE:
            raise InvalidInput(REFUSED, name=self.name)
        try:
            token = self._redeemed(code, flow, redirect_uri)
            try:
                return self._read(token, self._known_keys(), flow, now)
            except UnknownKey:
                return self._read(token, self._known_keys(for_seconds=ANEW_SECONDS), flow, now)
        except Distrusted as error:
            raise InvalidInput(DAMAGED, name=self.name) from error

    def _read(self, token: object, known: KeySet, flow: Flow, now: datetime) -> Identity:
        return id_tokens.read(token, known, issuer=self.issuer, client_id=self._client_id, nonce=flow.nonce, now=now)

    def _redeemed(self, code: str, flow: Flow, redirect_uri: str) -> object:
        """Return the ID token that the provider gives for a code, once."""
        told = self._told()
        wanted = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
        }
        headers, more = self._proof(told)
        answer = self._calls.ask(told.get("token_endpoint"), form=urlencode({**wanted, **more}), headers=headers)
        if answer.status != HTTPStatus.OK:
            raise InvalidInput(REFUSED, name=self.name)
        return answer.values.get("id_token")

    def _proof(self, told: Mapping[str, object]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return by which headers and fields we prove who we are (RFC 6749, 2.3.1): in fields where that alone is taken."""
        ways = told.get("token_endpoint_auth_methods_supported")
        if not self._client_secret:
            return {}, {"client_id": self._client_id}
        if isinstance(ways, list) and "client_secret_basic" not in ways:
            return {}, {"client_id": self._client_id, "client_secret": self._client_secret}
        pair = ":".join(quote(one, safe="") for one in (self._client_id, self._client_secret))
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, {}

    def _told(self) -> Mapping[str, object]:
        """Return what the provider says of itself (OpenID Connect Discovery 1.0)."""
        with self._mutex:
            kept = self._metadata
        if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        answer = self._calls.ask(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if answer.status != HTTPStatus.OK or answer.values.get("issuer") != self.issuer:
            raise Distrusted("issuer")
        with self._mutex:
            self._metadata = time.monotonic(), answer.values
        return answer.values

    def _known_keys(self, *, for_seconds: float = KEPT_SECONDS) -> KeySet:
        """Return the provider's keys, not older than that."""
        with self._mutex:
            kept = self._keys
        if kept is not None and time.monotonic() - kept[0] < for_seconds:
            return kept[1]
        answer = self._calls.ask(self._told().get("jwks_uri"))
        if answer.status != HTTPStatus.OK:
            raise Distrusted("keys")
        found = id_tokens.keys(answer.values)
        with self._mutex:
            self._keys = time.monotonic(), found
        return found
