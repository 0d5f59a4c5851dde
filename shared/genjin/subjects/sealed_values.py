"""Personal values sealed where they stand in a form: AES-256-GCM under the key of the subject they are about. Pure.

The nonce is made of the value and its context, so the same value at the same place gives the same sealed text: what is
saved again unchanged is no change. Who holds no key learns that two values are equal and about how long they are.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from genjin.canonical import canonical_json

KEY_BYTES = 32
_NONCE_BYTES = 12
# Values are filled up with spaces to a multiple of this, which hides whether a name has two or three characters.
_PADDED_BYTES = 32

# By subject id, the JSON Pointers into a form's values at which the subject's data stands. No place lies in another.
Places = Mapping[str, Sequence[str]]

# By subject id; None where the key was destroyed, no entry where it is not in this installation.
Keys = Mapping[str, bytes | None]

# Why a value is not shown. damaged: what stands there was not sealed for this place under this key. restricted: the
# reader may not see it.
Withheld = Literal["erased", "key_missing", "damaged", "restricted"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Values in the clear; null where they are withheld, with the reason by place."""

    values: dict[str, Any]
    withheld: dict[str, Withheld]


def seal_places(
    values: Mapping[str, Any], places: Places, keys: Mapping[str, bytes], context: str
) -> dict[str, Any]:
    """The values with a sealed text at every place. context says which form they are of: they open nowhere else."""
    sealed = _copy(values)
    for subject, of_subject in places.items():
        cipher = _Cipher(keys[subject])
        for place in of_subject:
            _put(sealed, place, cipher.seal(value_at(sealed, place), _context(context, place)))
    return sealed


def open_places(values: Mapping[str, Any], places: Places, keys: Keys, context: str) -> Opened:
    """The values as they were before they were sealed, as far as they can be opened."""
    opened = _copy(values)
    withheld: dict[str, Withheld] = {}
    for subject, of_subject in places.items():
        key = keys.get(subject)
        cipher = _Cipher(key) if key is not None else None
        no_key: Withheld = "erased" if subject in keys else "key_missing"
        for place in of_subject:
            sealed, value = value_at(opened, place), None
            if sealed is None:
                withheld[place] = "erased"
            elif cipher is None:
                withheld[place] = no_key
            else:
                try:
                    value = cipher.open(sealed, _context(context, place))
                except (InvalidTag, ValueError, TypeError):
                    withheld[place] = "damaged"
            _put(opened, place, value)
    return Opened(opened, withheld)


def withhold(values: Mapping[str, Any], places: Places, reason: Withheld) -> Opened:
    """Nothing opened at all, for this reason; what was erased says so."""
    every = [place for of_subject in places.values() for place in of_subject]
    erased = {place for place in every if value_at(values, place) is None}
    withheld: dict[str, Withheld] = {
        place: "erased" if place in erased else reason for place in every
    }
    return Opened(clear_places(values, every), withheld)


def clear_places(values: Mapping[str, Any], places: Iterable[str]) -> dict[str, Any]:
    """The values with null at every place."""
    cleared = _copy(values)
    for place in places:
        _put(cleared, place, None)
    return cleared


def value_at(document: Any, place: str) -> Any:
    """What stands at a place, which must be there (KeyError, IndexError)."""
    for token in place.split("/")[1:]:
        key = _unescaped(token)
        document = document[key] if isinstance(document, Mapping) else document[int(key)]
    return document


def _copy(values: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = orjson.loads(orjson.dumps(values))
    return copy


def _put(document: Any, place: str, value: Any) -> None:
    """Another value at a place that is there."""
    above, _, token = place.rpartition("/")
    parent, key = value_at(document, above), _unescaped(token)
    parent[key if isinstance(parent, dict) else int(key)] = value


def _unescaped(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


class _Cipher:
    """One key in use: half of what is derived from it seals, the other half makes nonces."""

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(hmac.digest(key, b"genjin seal", hashlib.sha256))
        self._nonce_key = hmac.digest(key, b"genjin nonce", hashlib.sha256)

    def seal(self, value: Any, context: bytes) -> str:
        plain = canonical_json(value).encode()
        plain += b" " * (-len(plain) % _PADDED_BYTES)
        told = len(context).to_bytes(4) + context + plain
        nonce = hmac.digest(self._nonce_key, told, hashlib.sha256)[:_NONCE_BYTES]
        return base64.b64encode(nonce + self._aes.encrypt(nonce, plain, context)).decode()

    def open(self, sealed: str, context: bytes) -> Any:
        raw = base64.b64decode(sealed)
        return orjson.loads(self._aes.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context))


def _context(context: str, place: str) -> bytes:
    return f"{context}#{place}".encode()
