"""Which addresses are open to the whole world. Start from `is_public`."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# What IANA sets apart, and one that Microsoft's cloud keeps for the machines in it.
NOT_FOR_ALL = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
        ),
    )
)
# Of the newer addresses only a part has been given out; within it are protocols, tunnels and examples.
GIVEN_OUT = IPv6Network("2000::/3")
SET_APART = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48")))
TRANSLATED = IPv6Network("64:ff9b::/96")  # an older address in the last four bytes, for networks without such


def is_public(address: str) -> bool:
    """Say whether an address, as the system writes it, is open to the whole world."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(found) if isinstance(found, IPv4Address) else _is_public_6(found)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in NOT_FOR_ALL)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    older = address.ipv4_mapped or address.sixtofour
    if address in TRANSLATED:
        older = IPv4Address(address.packed[-4:])
    if older is not None:
        return _is_public_4(older)
    return address in GIVEN_OUT and not any(address in network for network in SET_APART)
