"""The keys that sign a workspace's checkpoints, as they are stored: of the key in use the private half too, sealed."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from genjin.evidence.note import SigningKey
from genjin.log.reading import DamagedLogError
from genjin.sealing import seal, unseal

_NEWEST = """
SELECT key.number, key.name, key.public_key, secret.sealed
  FROM genjin.log_key key
  LEFT JOIN genjin.log_key_secret secret ON secret.workspace_id = key.workspace_id AND secret.number = key.number
 WHERE key.workspace_id = $1 ORDER BY key.number DESC LIMIT 1
"""

_ADD = """
INSERT INTO genjin.log_key (workspace_id, number, name, public_key, from_size, created_at, note)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_ADD_SECRET = "INSERT INTO genjin.log_key_secret (workspace_id, number, sealed) VALUES ($1, $2, $3)"

# What nobody has, nobody can steal: the key's checkpoints are verified by its public half.
_DESTROY_SECRET = "DELETE FROM genjin.log_key_secret WHERE workspace_id = $1 AND number = $2"


async def newest_key(connection: Any, workspace_id: UUID, secret_key: bytes) -> SigningKey | None:
    """The key in use; None before the first. Raises WrongKeyError where it was sealed with another installation's key,
    DamagedLogError where the stored halves are not of one key.
    """
    row = await connection.fetchrow(_NEWEST, workspace_id)
    if row is None:
        return None
    if row["sealed"] is None:
        raise DamagedLogError(f"the private half of signing key {row['number']} is gone")
    raw = base64.b64decode(unseal(secret_key, row["sealed"], _purpose(workspace_id, row["number"])))
    key = SigningKey(row["number"], row["name"], Ed25519PrivateKey.from_private_bytes(raw))
    if key.public_bytes != row["public_key"]:
        raise DamagedLogError(f"the public half of signing key {key.number} was replaced")
    return key


async def add_key(
    connection: Any,
    workspace_id: UUID,
    secret_key: bytes,
    key: SigningKey,
    *,
    from_size: int,
    created_at: datetime,
    note: str | None,
) -> None:
    """note: the one by which the key before handed over to it."""
    values = key.number, key.name, key.public_bytes, from_size, created_at, note
    await connection.execute(_ADD, workspace_id, *values)
    raw = base64.b64encode(key.private.private_bytes_raw()).decode()
    sealed = seal(secret_key, raw, _purpose(workspace_id, key.number))
    await connection.execute(_ADD_SECRET, workspace_id, key.number, sealed)


async def destroy_secret(connection: Any, workspace_id: UUID, number: int) -> None:
    await connection.execute(_DESTROY_SECRET, workspace_id, number)


def _purpose(workspace_id: UUID, number: int) -> str:
    return f"log-key:{workspace_id}:{number}"
