"""How the site is reached: under its public address, through a proxy that speaks https where that says so."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, current_app, request

from quizapp.domain.hosts import in_address

PREFIX = 64  # bits of an IPv6 address that one household has


class Secured:
    """Tells the site that people speak https to the proxy: the server itself cannot know."""

    def __init__(self, site: WSGIApplication, host: str) -> None:
        self._site, self._host = site, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_HOST", "").lower() == self._host:
            environ["wsgi.url_scheme"] = "https"
        return self._site(environ, start_response)


def init_app(app: Flask, public_url: str, *, sends: bool) -> None:
    """Know the public address, without one it is the one that a request came to; and whether letters are sent."""
    app.config.update(PUBLIC_URL=public_url, SENDS=sends)
    app.context_processor(lambda: {"sends": sends})
    parts = urlsplit(public_url)
    app.config["BEHIND_PROXY"] = parts.scheme == "https"
    if parts.scheme == "https":
        app.wsgi_app = Secured(app.wsgi_app, parts.netloc)  # type: ignore[method-assign]  # as Flask says it is done


def hosts(public_url: str) -> frozenset[str]:
    """Return the name in the public address."""
    name = urlsplit(public_url).hostname
    return frozenset({in_address(name)}) if name else frozenset()


def link(path: str) -> str:
    """Return a path as an address to be given to others."""
    return (current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")) + path


def sends() -> bool:
    """Say whether Recto writes to people by mail."""
    is_set_up: bool = current_app.config["SENDS"]
    return is_set_up


def sender() -> str:
    """Return where a request comes from, as far as it can be told: an address, or the network of a household.

    A proxy says last whom it speaks for. Without https there need not be one, and then anybody could say so.
    """
    told: Any = request.remote_addr or ""
    if current_app.config["BEHIND_PROXY"] and (listed := request.headers.get("X-Forwarded-For")):
        told = listed.rpartition(",")[2].strip()
    try:
        address = ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (address.max_prefixlen - PREFIX))
    return str(getattr(address, "ipv4_mapped", None) or address)
