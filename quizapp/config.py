"""Settings: the one place that reads the environment and knows where files live.

Start at `Settings.from_environment()`. Every setting is named in docs/settings.md.
"""

import os
import secrets
import sys
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs

from quizapp.domain.hosts import LOOPBACK
from quizapp.errors import Unavailable


@dataclass(frozen=True)
class OidcClient:
    """What was agreed with a provider of OpenID Connect, where people can sign in with the account that they have there."""

    issuer: str  # as it writes itself
    client_id: str
    client_secret: str = field(default="", repr=False)  # "": a public client
    name: str = ""  # for people; "": the host of the issuer


@dataclass(frozen=True)
class Settings:
    """Where Recto keeps things, and the secret that signs its cookies."""

    database_url: str
    data_dir: Path
    secret_key: str = field(repr=False)
    log: Path | None = None  # None: to stderr
    may_fetch: bool = True  # from the web, what a person names
    smtp_url: str | None = field(default=None, repr=False)  # the mail server that takes our letters
    mail_from: str = ""  # who they are from
    public_url: str = ""  # where people open the site, without a slash at its end; "": where it is served
    oidc: OidcClient | None = None  # None: people sign in here alone
    team: bool = False  # people sign in; else there is one owner, on this machine alone

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings; the data folder and the secret are made on first use."""
        given = os.environ.get("QUIZAPP_DATA_DIR")
        try:
            data_dir = Path(given).expanduser() if given else platformdirs.user_data_path("quizapp", appauthor=False)
        except RuntimeError as error:
            raise Unavailable(
                "QUIZAPP_DATA_DIR names no folder: %(given)s. Write its whole path.", given=given
            ) from error
        settings = cls.in_folder(
            data_dir.absolute(),
            database_url=os.environ.get("QUIZAPP_DATABASE_URL"),
            secret_key=os.environ.get("QUIZAPP_SECRET_KEY"),
            log=os.environ.get("QUIZAPP_LOG"),
            may_fetch=may_fetch(),
            smtp_url=os.environ.get("QUIZAPP_SMTP_URL"),
            mail_from=os.environ.get("QUIZAPP_MAIL_FROM", ""),
            public_url=public_url(os.environ.get("QUIZAPP_URL", "")),
        )
        return replace(settings, oidc=oidc_client())

    @classmethod
    def in_folder(
        cls,
        data_dir: Path,
        *,
        database_url: str | None = None,
        secret_key: str | None = None,
        log: str | None = None,
        may_fetch: bool = True,
        smtp_url: str | None = None,
        mail_from: str = "",
        public_url: str = "",
    ) -> "Settings":
        """Return settings that keep in the folder whatever is not given; the log "-" is stderr."""
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(
                database_url=database_url or f"sqlite:///{quote(str(data_dir / 'recto.db'))}",
                data_dir=data_dir,
                secret_key=secret_key or _kept_secret(data_dir / "secret-key"),
                log=None if log == "-" else Path(log or data_dir / "quizapp.log").absolute(),
                may_fetch=may_fetch,
                smtp_url=smtp_url or None,
                mail_from=mail_from,
                public_url=public_url,
            )
        except OSError as error:
            reason = (error.strerror or "it cannot be used").lower()
            raise Unavailable(
                "Recto cannot use its data folder %(data_dir)s: %(reason)s. Set QUIZAPP_DATA_DIR to a folder of yours.",
                data_dir=data_dir,
                reason=reason,
            ) from error


def may_fetch() -> bool:
    """Say whether pages may be fetched from the web; a setting that says neither is no consent."""
    told = os.environ.get("QUIZAPP_FETCH", "").strip().lower()
    if told not in {"", "on", "off"}:
        raise Unavailable("QUIZAPP_FETCH is neither on nor off. Set it to one of them.")
    return told != "off"


def public_url(given: str) -> str:
    """Return the address under which people open the site; it has no path, and its end no slash."""
    told = given.strip().rstrip("/")
    parts = urlsplit(told)
    if told and not (
        parts.scheme in {"http", "https"} and parts.hostname and told == f"{parts.scheme}://{parts.netloc}"
    ):
        raise Unavailable(
            "QUIZAPP_URL is no address of a site: %(given)s. Write it like https://recto.example.org, without a path.",
            given=given,
        )
    return told.lower()


def oidc_client() -> OidcClient | None:
    """Return the provider with whose accounts people can sign in, or None; half of one is refused."""
    issuer, client_id = (os.environ.get(name, "").strip() for name in ("QUIZAPP_OIDC_ISSUER", "QUIZAPP_OIDC_CLIENT_ID"))
    if not issuer and not client_id:
        return None
    if not issuer or not client_id:
        raise Unavailable("QUIZAPP_OIDC_ISSUER and QUIZAPP_OIDC_CLIENT_ID belong together. Set both, or neither.")
    try:
        parts = urlsplit(issuer)
        is_safe = bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOOPBACK)
    except ValueError:
        parts, is_safe = urlsplit(""), False
    if not is_safe or parts.scheme not in {"http", "https"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise Unavailable(
            "QUIZAPP_OIDC_ISSUER is no address of a provider: %(issuer)s. Write it as the provider does, with https://.",
            issuer=issuer,
        )
    secret, name = os.environ.get("QUIZAPP_OIDC_CLIENT_SECRET", ""), os.environ.get("QUIZAPP_OIDC_NAME", "")
    return OidcClient(issuer, client_id, secret.strip(), " ".join(name.split()))


def beside(name: str) -> Path:
    """Return the folder `migrations` or `seeds`: inside the installed package, else in the checkout."""
    package = Path(str(files("quizapp")))
    packed = package / f"_{name}"
    return packed if packed.is_dir() else package.parent / name


def cache_dir() -> Path:
    """Return the folder for what can be made again at any time."""
    return platformdirs.user_cache_path("quizapp", appauthor=False)


def local_time_zone() -> str:
    """Return the IANA name of this machine's time zone, or "UTC" when it does not say."""
    told = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    for name in (told, linked):
        if name and _is_time_zone(name):
            return name
    return "UTC"


def has_display() -> bool:
    """Say whether a browser window can be opened here; a text browser would take over the terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _kept_secret(path: Path) -> str:
    """Return the secret in the file, which is made first if there is none."""
    if not path.exists():
        _publish_secret(path)
    try:
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise Unavailable(
            "The file %(path)s is damaged. Delete it; Recto makes a new one at its next start.", path=path
        ) from None


def _publish_secret(path: Path) -> None:
    """Write a new secret that only its owner can read; of two at a time, one wins whole."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
