"""A provider of OpenID Connect on this machine: says of whoever comes what the test wants."""

import hmac
import json
import secrets
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from authlib.common.encoding import urlsafe_b64encode
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from quizapp.clock import utcnow
from quizapp.config import OidcClient

CLIENT, SECRET, NAME = "recto", "s3cret+%:", "Harbour ID"
BACK = "/sign-in/provider/back"


@cache
def key(kid: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    """Who comes, what is told of them, and how it is signed."""

    person: dict[str, object] = field(
        default_factory=lambda: {
            "sub": "ines-1",
            "email": "ines@example.org",
            "email_verified": True,
            "name": "Ines at the harbour",
        }
    )
    claims: dict[str, object] = field(default_factory=dict)  # put over what is right
    left_out: set[str] = field(default_factory=set)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    signed_by: Callable[[], object] = key
    keys: list[dict[str, object]] = field(default_factory=lambda: [key().as_dict(private=False)])
    metadata: dict[str, object] = field(default_factory=dict)  # put over what is right
    asks: bool = False  # a page, before it sends people back
    token: Callable[[str], Response] | None = None  # what the token endpoint answers instead
    port: int = 0
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> OidcClient:
        return OidcClient(self.issuer, CLIENT, SECRET, NAME)

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.asked.append(request.path)
        answers = {
            "/.well-known/openid-configuration": self._discovery,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": lambda _request: told({"keys": self.keys}),
        }
        answer = answers.get(request.path, lambda _request: Response(status=204))
        return answer(request)(environ, start_response)

    def come_back(self, address: str) -> str:
        """Return with what a browser comes back from an address to which we sent it."""
        parts = urlsplit(address)
        request = Request(EnvironBuilder(path=parts.path, query_string=parts.query).get_environ())
        return str(self._authorize(request, asks=False).headers["Location"])

    def _discovery(self, _request: Request) -> Response:
        return told(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.metadata,
            }
        )

    def _authorize(self, request: Request, *, asks: bool | None = None) -> Response:
        given = request.args
        assert (given["response_type"], given["client_id"]) == ("code", CLIENT)
        assert given["code_challenge_method"] == "S256"
        assert urlsplit(given["redirect_uri"]).path == BACK
        code = secrets.token_urlsafe(8)
        self._codes[code] = dict(given.items())
        back = f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
        if self.asks if asks is None else asks:
            page = f'<!doctype html><html lang="en"><title>{NAME}</title><h1>{NAME}</h1><a href="{back}">I am Ines</a>'
            return Response(page.replace("&state", "&amp;state"), content_type="text/html")
        return Response(status=302, headers={"Location": back})

    def _token(self, request: Request) -> Response:
        if self.token is not None:
            return self.token(request.form["code"])
        begun = self._codes.pop(request.form["code"], None)  # once
        challenge = urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest()).decode()
        proof = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        if proof != f"{CLIENT}:s3cret%2B%25%3A":
            return told({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED)
        same = begun and (begun["redirect_uri"], begun["code_challenge"]) == (request.form["redirect_uri"], challenge)
        if not same:
            return told({"error": "invalid_grant"}, HTTPStatus.BAD_REQUEST)
        return told({"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(begun["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(utcnow().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if name not in self.left_out}
        if self.header["alg"] in {"none", "HS256"}:
            return forged(self.header, claims)
        return jwt.encode(self.header, claims, self.signed_by(), algorithms=[self.header["alg"]])


def forged(header: dict[str, str], claims: dict[str, object]) -> str:
    """Return a token that is signed by nobody, or by who takes the provider's public key for a secret."""
    body = b".".join(urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims))
    seal = hmac.digest(key().as_pem(private=False), body, "sha256") if header["alg"] == "HS256" else b""
    return f"{body.decode()}.{urlsafe_b64encode(seal).decode()}"


def told(values: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(json.dumps(values), status, content_type="application/json")


def served():
    """Give a provider that answers on a port of this machine; for a fixture."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
