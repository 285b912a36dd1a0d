from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.fetch.addresses import is_public

INSIDE = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "203.0.113.7", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
]
INSIDE_6 = [
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::"),
    *("2002:c0a8:101::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
]


@pytest.mark.parametrize("address", [*INSIDE, *INSIDE_6, "", "localhost", "127.1", "0x7f000001"])
def test_what_is_inside_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.215.14", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"),
        *("64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"),
    ],
)
def test_what_is_open_to_the_world_is_public(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_nothing_is_public_that_python_calls_private(address):
    assert not (is_public(str(address)) and (address.is_private or address.is_multicast or address.is_reserved))


@given(st.ip_addresses(v=6))
def test_no_newer_address_is_public_that_python_calls_private(address):
    assert not (is_public(str(address)) and (address.is_private or address.is_multicast or address.is_link_local))


@given(st.ip_addresses(v=4))
def test_an_older_address_is_worth_the_same_in_every_disguise(address):
    number = int(IPv4Address(address))
    disguises = [0xFFFF << 32 | number, int(IPv6Address("64:ff9b::")) | number, 0x2002 << 112 | number << 80 | 1]

    assert {is_public(str(IPv6Address(disguise))) for disguise in disguises} == {is_public(str(address))}
