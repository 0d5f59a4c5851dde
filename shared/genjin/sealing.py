"""Sealing of secrets at rest: AES-256-GCM under the installation's key, bound to what the secret belongs to."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class WrongKeyError(Exception):
    """The sealed text was not made with this key, or for something else."""


def seal(key: bytes, plain: str, purpose: str) -> str:
    """Encrypt; purpose (as "webhook-secret:<id>") must be the same when it is opened."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(
        nonce + AESGCM(key).encrypt(nonce, plain.encode(), purpose.encode())
    ).decode()


def unseal(key: bytes, sealed: str, purpose: str) -> str:
    """Decrypt, or raise WrongKeyError."""
    raw = base64.b64decode(sealed)
    try:
        plain = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except InvalidTag as error:
        raise WrongKeyError(f"{purpose}: sealed with another GENJIN_SECRET_KEY") from error
    return plain.decode()
