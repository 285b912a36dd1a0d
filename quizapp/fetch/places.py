"""Addresses as people write them, checked and taken apart. Start from `place`."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from quizapp.errors import InvalidInput
from quizapp.translations import figure

PORTS = {"http": 80, "https": 443}
MOST_CHARACTERS = 2_000
LONGEST_NAME = 253
NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")
# Names that mean something only inside a network, clouds' places for secrets among them.
INSIDE = re.compile(r".*\.(?:localhost|local|internal|lan|home|corp|intranet|home\.arpa|onion|alt)")
PLAIN = "/%:@!$&'()*+,;=~-._"  # characters that stay as they are in a path


@dataclass(frozen=True)
class Place:
    """Where something is to be asked for."""

    scheme: str
    host: str  # in ASCII and small letters; a number of the newer kind without its brackets
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.target

    @property
    def is_number(self) -> bool:
        return ":" in self.host or NUMBER.fullmatch(self.host.rpartition(".")[2]) is not None


def is_url(text: str) -> bool:
    """Say whether a text means to be the address of a page."""
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def place(url: str) -> Place:
    """Return the place that an address names; refuse what no page that is open to all is found at."""
    if len(url) > MOST_CHARACTERS:
        raise InvalidInput(
            "This address is longer than %(most_characters)s characters. Give a shorter one.",
            most_characters=figure(MOST_CHARACTERS),
        )
    if any(ord(character) <= 32 or ord(character) == 127 for character in url) or "\\" in url:
        raise _unusable()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _unusable() from None
    if parts.scheme not in PORTS:
        raise InvalidInput("Recto fetches pages from the web only. Give an address that begins with https://.")
    if "[" in parts.netloc and ":" not in (parts.hostname or ""):
        raise _unusable()
    if "@" in parts.netloc:
        raise InvalidInput("This address holds a name or password, which Recto does not send. Give it without.")
    if port is not None and port not in PORTS.values():
        raise InvalidInput("Recto fetches from the usual ports of the web only, not from %(port)s.", port=port)
    return Place(parts.scheme, _host(parts.hostname or ""), port or PORTS[parts.scheme], _target(parts))


def place_beyond(here: Place, written: str) -> Place:
    """Return the place that an address names which is written in full or as seen from here, checked as any other."""
    try:
        url = urljoin(here.url, written)
    except ValueError:
        raise _unusable() from None
    return place(url)


def _host(written: str) -> str:
    """Return the name or number of a host in the one way of writing it."""
    if ":" in written:
        try:
            found = IPv6Address(written)
        except AddressValueError:
            raise _unusable() from None
        if found.scope_id is not None:  # which names a plug of this machine
            raise _unusable()
        return found.compressed
    name = _in_ascii(written).removesuffix(".")
    if NUMBER.fullmatch(name.rpartition(".")[2]):
        return _four_numbers(name)
    if name == "localhost" or INSIDE.fullmatch(name):
        raise InvalidInput(
            "%(name)s is a name inside a network. Recto fetches only what is open to the whole world.", name=name
        )
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise _unusable()
    return name


def _in_ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (UnicodeError, idna.IDNAError):
        raise _unusable() from None


def _four_numbers(name: str) -> str:
    """Return a number as four; programs take other forms, too, each its own way."""
    try:
        return str(IPv4Address(name))
    except AddressValueError:
        raise _unusable() from None


def _target(parts: SplitResult) -> str:
    target = quote(parts.path or "/", safe=PLAIN)
    return f"{target}?{quote(parts.query, safe=PLAIN + '?')}" if parts.query else target


def _unusable() -> InvalidInput:
    return InvalidInput("This is no address of a page. Copy it from your browser, as in https://example.org/page.")
