"""The shapes of the evidence that the API answers with. Hashes are 64 hexadecimal digits."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class CheckpointDocument(BaseModel):
    """note is the C2SP signed note (tlog-checkpoint); the other members say what is in it."""

    size: int
    root: Hash
    commit_hash: Hash
    key_number: int
    sealed_at: datetime
    note: str


class InclusionDocument(BaseModel):
    """RFC 9162 §2.1.3: the event at position is leaf leaf_index of the tree of this size. checkpoint is the signed one
    of just this size, or null. The event's bytes are not in it: hash them yourself.
    """

    position: int
    leaf_index: int
    leaf_hash: Hash
    size: int
    root: Hash
    path: list[Hash]
    checkpoint: str | None


class ConsistencyDocument(BaseModel):
    """RFC 9162 §2.1.4: the tree of size `to` begins with that of size `from`."""

    from_: int = Field(alias="from")
    to: int
    from_root: Hash
    to_root: Hash
    path: list[Hash]
    from_checkpoint: str | None
    to_checkpoint: str | None


class LogKeyDocument(BaseModel):
    """The key signs the checkpoints of from_size to until_size (null: it stands). checkpoint is the one by which the
    key before it handed over: signed by both, naming this one. Keep the first key: it vouches for all later ones.
    """

    number: int
    verifier_key: str
    from_size: int
    until_size: int | None
    created_at: datetime
    checkpoint: str | None


class RotationDocument(BaseModel):
    """The new key stands at the next checkpoint."""

    reason: str
    requested_at: datetime
