"""API keys: gj_live_ + 30 random base62 characters + 6 of checksum. The checksum catches typing errors without a look
into the database and lets scanners recognise a leaked key.
"""

import secrets
import string
from hashlib import sha256
from zlib import crc32

PREFIX = "gj_live_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_CHARACTERS = 30
_CHECK_CHARACTERS = 6
SHOWN_CHARACTERS = len(PREFIX) + 4


def new_key() -> str:
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return f"{PREFIX}{random}{_checksum(random)}"


def is_wellformed(key: str) -> bool:
    rest = key.removeprefix(PREFIX)
    if not key.startswith(PREFIX) or len(rest) != _RANDOM_CHARACTERS + _CHECK_CHARACTERS:
        return False
    return rest.isascii() and _checksum(rest[:_RANDOM_CHARACTERS]) == rest[_RANDOM_CHARACTERS:]


def key_hash(key: str) -> bytes:
    """What is stored. The key has 178 random bits, so nobody can try them all: a slow hash would add nothing."""
    return sha256(key.encode()).digest()


def _checksum(text: str) -> str:
    number = crc32(text.encode())
    digits = ""
    for _ in range(_CHECK_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
