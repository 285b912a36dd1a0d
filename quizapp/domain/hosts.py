"""Names of hosts that need no lookup."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})  # under which a machine speaks to itself


def in_address(host: str) -> str:
    """Return a host as it stands in an address and in the header Host: IPv6 goes in brackets."""
    return f"[{host}]" if ":" in host else host
