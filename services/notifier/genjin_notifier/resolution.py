"""Names to addresses that may be reached. One forbidden address among a name's answers refuses the name."""

import asyncio
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from genjin_notifier.addresses import Address, Network, is_forbidden

RESOLVE_SECONDS_MAX = 5.0
KEPT_SECONDS = 30.0
NAMES_KEPT_MAX = 2000


class DnsFailedError(Exception):
    """The name has no address, or nobody said so in time."""


class ForbiddenAddressError(Exception):
    """The name leads, at least in part, to where webhooks must not go."""


class Resolver:
    """Looks names up on threads of its own: a name server that hangs blocks nobody else's work."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="resolver")
        self._kept: dict[str, tuple[float, list[Address]]] = {}

    async def resolve(self, host: str) -> list[Address]:
        """Every address of the host, all of them vetted. Raises DnsFailedError, ForbiddenAddressError."""
        addresses = await self._addresses(host)
        for address in addresses:
            if is_forbidden(address, self._allowed):
                raise ForbiddenAddressError(
                    f"{host} has the address {address}, which is not public"
                )
        return addresses

    async def _addresses(self, host: str) -> list[Address]:
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        known = self._kept.get(host)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        addresses = await self._ask(host)
        if len(self._kept) >= NAMES_KEPT_MAX:
            self._kept.clear()
        self._kept[host] = (time.monotonic() + KEPT_SECONDS, addresses)
        return addresses

    async def _ask(self, host: str) -> list[Address]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(RESOLVE_SECONDS_MAX):
                answers = await loop.run_in_executor(self._threads, look_up, host)
        except TimeoutError:
            raise DnsFailedError(f"{host}: no answer in {RESOLVE_SECONDS_MAX:g} s") from None
        except OSError as error:
            raise DnsFailedError(f"{host}: {error.strerror or error}") from error
        if not answers:
            raise DnsFailedError(f"{host}: no address")
        return answers

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def look_up(host: str) -> list[Address]:
    """Blocks. The addresses in the order in which they should be tried."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(answer[4][0]) for answer in answers]
