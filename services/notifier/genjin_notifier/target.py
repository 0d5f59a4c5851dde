"""A subscription's URL, taken apart and made safe to put on the wire."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

# What may stand unescaped in a request target. A percent sign stays: the URL was escaped by its owner.
_SAFE = "/%:=&?~+!$,;'@()*[]"


class UnusableUrlError(Exception):
    """Not a URL that webhooks are delivered to."""


@dataclass(frozen=True, slots=True)
class Target:
    """host is what is resolved and, under TLS, what the certificate must name."""

    tls: bool
    host: str
    port: int
    host_header: str
    request_target: str

    @property
    def origin(self) -> tuple[bool, str, int]:
        return self.tls, self.host, self.port


@lru_cache(4096)
def target_of(url: str, allow_http: bool) -> Target:
    """Raises UnusableUrlError."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError as error:
        raise UnusableUrlError(str(error)) from error
    if parts.scheme not in (("https", "http") if allow_http else ("https",)):
        raise UnusableUrlError(f"{parts.scheme or 'no scheme'}: only https:// is delivered to")
    if not host or any(sign <= " " or sign == "\x7f" for sign in host):
        raise UnusableUrlError("no host")
    if parts.username is not None or parts.password is not None:
        raise UnusableUrlError("a URL with a user name in it")
    tls = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return Target(
        tls=tls,
        host=host,
        port=port or (443 if tls else 80),
        host_header=f"{shown}:{port}" if port else shown,
        request_target=path + query,
    )
