"""Signed checkpoints as C2SP writes them (tlog-checkpoint in a signed-note), signed with Ed25519.

Three extension lines may stand below the root: `commit` is the hash of the commit that ends at size, `time` when it
was sealed, and `next-key` the verifier key to which the signing key hands over; such a note is signed by both.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from genjin.canonical import instant
from genjin.evidence.verify import Note, key_id, verifier_key

# The type of the event at whose checkpoint the signing key hands over.
ROTATION_REQUESTED = "log_key.rotation_requested"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says. origin names the log: it is the key's name too."""

    origin: str
    size: int
    root: bytes
    commit_hash: bytes
    sealed_at: datetime
    next_key: str | None = None

    def text(self) -> str:
        lines = [
            self.origin,
            str(self.size),
            base64.b64encode(self.root).decode(),
            f"commit {self.commit_hash.hex()}",
            f"time {instant(self.sealed_at)}",
        ]
        if self.next_key is not None:
            lines.append(f"next-key {self.next_key}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A workspace's signing key; number counts from 1."""

    number: int
    name: str
    private: Ed25519PrivateKey

    @classmethod
    def generate(cls, number: int, name: str) -> Self:
        return cls(number, name, Ed25519PrivateKey.generate())

    @property
    def public_bytes(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        return verifier_key(self.name, self.public_bytes)


def origin_of(prefix: str, workspace_id: UUID) -> str:
    return f"{prefix}/{workspace_id}"


def sign(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> str:
    """The note: the text, a blank line, and a signature line for each key."""
    text = checkpoint.text()
    lines = []
    for key in keys:
        raw = key_id(key.name, key.public_bytes) + key.private.sign(text.encode())
        lines.append(f"— {key.name} {base64.b64encode(raw).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def signed_by(note: Note, name: str, public_key: bytes) -> bool:
    """Whether one of the note's signatures is this key's."""
    identifier = key_id(name, public_key)
    for signer, raw in note.signatures:
        if (signer, raw[:4]) == (name, identifier):
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(raw[4:], note.text.encode())
            except InvalidSignature:
                continue
            return True
    return False
