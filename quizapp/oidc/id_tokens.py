"""What an ID token says, once it is believed: OpenID Connect Core 1.0, section 3.1.3.7. Start from `read`."""

from collections.abc import Mapping
from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from quizapp.oidc.calls import Distrusted
from quizapp.oidc.values import Identity

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KINDS = frozenset({"RSA", "EC", "OKP"})  # of keys; none that both sides have
LEEWAY_SECONDS = 60  # by which two clocks may differ
LONGEST_TOKEN, LONGEST_SUBJECT = 32_000, 255


class UnknownKey(Distrusted):
    """None of the keys at hand has signed it; the provider may have others by now."""


def keys(values: Mapping[str, object]) -> KeySet:
    """Return the keys by which a provider signs; those of kinds that we do not know are left out."""
    listed = values.get("keys")
    found = [one for one in listed if _signs(one)] if isinstance(listed, list) else []
    try:
        return KeySet.import_key_set({"keys": found})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Distrusted("keys") from error


def read(token: object, known: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime) -> Identity:
    """Return who a token speaks of; raise Distrusted unless the provider signed it, for us, for this sign-in, not too long ago."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise Distrusted("no token")
    try:
        decoded = jwt.decode(token, known, algorithms=ALGORITHMS)
    except JoseError as error:
        raise UnknownKey("signature") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Distrusted("token") from error
    wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, {"nonce": nonce, "client_id": client_id})
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise Distrusted("claims") from error
    return _identity(claims, issuer)


def _identity(claims: Mapping[str, object], issuer: str) -> Identity:
    subject, email, name = claims.get("sub"), claims.get("email"), claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Distrusted("subject")
    is_theirs = claims.get("email_verified") in (True, "true")  # some write it as a word
    return Identity(
        issuer,
        subject,
        email if is_theirs and isinstance(email, str) else "",
        name if isinstance(name, str) else "",
    )


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KINDS and key.get("use", "sig") == "sig"
