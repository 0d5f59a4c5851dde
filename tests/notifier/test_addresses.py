"""Where webhooks may not go."""

from ipaddress import ip_address, ip_network

import pytest

from genjin_notifier.addresses import Address, is_forbidden
from genjin_notifier.resolution import DnsFailedError, ForbiddenAddressError, Resolver

FORBIDDEN = (
    "0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 "
    "127.255.0.1 168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 "
    "192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 "
    "198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: "
    "::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 "
    "64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 "
    "2001:0:4136:e378::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 "
    "fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 ff02::1 "
)
PUBLIC = (
    "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.167.1.1 "
    "223.255.255.255 2606:4700::1111 2001:4860:4860::8888 ::ffff:8.8.8.8 "
    "64:ff9b::8.8.8.8 "
)


def test_what_is_not_public_is_forbidden() -> None:
    assert [text for text in FORBIDDEN.split() if not is_forbidden(ip_address(text))] == []


def test_what_is_public_is_allowed() -> None:
    assert [text for text in PUBLIC.split() if is_forbidden(ip_address(text))] == []


def test_an_installation_may_allow_a_network_of_its_own() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd12::/16")]
    assert not is_forbidden(ip_address("10.1.2.3"), allowed)
    assert not is_forbidden(ip_address("::ffff:10.1.2.3"), allowed)
    assert not is_forbidden(ip_address("fd12::1"), allowed)
    assert is_forbidden(ip_address("10.2.0.1"), allowed)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    def look_up(_host: str) -> list[Address]:
        return [ip_address(answer) for answer in answers]

    monkeypatch.setattr("genjin_notifier.resolution.look_up", look_up)


async def test_one_forbidden_address_among_a_name_s_refuses_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.1"):
        await Resolver(()).resolve("mixed.example")


async def test_a_name_with_public_addresses_resolves_to_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, "8.8.8.8", "2606:4700::1111")
    assert await Resolver(()).resolve("fine.example") == [
        ip_address("8.8.8.8"),
        ip_address("2606:4700::1111"),
    ]


async def test_a_name_without_an_address_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch)
    with pytest.raises(DnsFailedError):
        await Resolver(()).resolve("nothing.example")


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost"])
async def test_other_spellings_of_loopback_are_forbidden(host: str) -> None:
    with pytest.raises((ForbiddenAddressError, DnsFailedError)):
        await Resolver(()).resolve(host)
