"""The keys of data subjects: made when the first value of a subject is sealed, destroyed with the subject's erasure.

They are read anew for every request and kept nowhere: what is destroyed is gone in every process at once. At rest each
is sealed under the installation's key.
"""

import base64
import os
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

from genjin.log.reading import Reading
from genjin.sealing import seal, unseal
from genjin.subjects.sealed_values import KEY_BYTES

PAGE_KEYS = 1000

_FIND = "SELECT subject_id, sealed FROM genjin_keys.find($1, $2::uuid[])"
_MAKE = "SELECT genjin_keys.make($1, $2::uuid[], $3::text[])"
_DESTROY = "SELECT genjin_keys.destroy($1, ARRAY[$2::uuid])"
_PAGE = "SELECT subject_id, sealed FROM genjin_keys.page($1, $2, $3)"

# Whether a subject is known, and when its key was destroyed.
_STANDING = "SELECT destroyed_at FROM genjin_keys.find($1, ARRAY[$2::uuid])"


class SubjectErasedError(Exception):
    """Something was to be sealed for a subject whose key was destroyed."""

    def __init__(self, subject_id: str) -> None:
        super().__init__(f"the subject {subject_id} was erased: nothing more can be kept of it")
        self.subject_id = subject_id


class SubjectKeys:
    def __init__(self, database: Reading, secret_key: bytes) -> None:
        self._database = database
        self._secret_key = secret_key

    async def find(self, workspace_id: UUID, subjects: Collection[str]) -> dict[str, bytes | None]:
        """The keys of those subjects that are known here; None where it was destroyed."""
        if not subjects:
            return {}
        rows = await self._database.fetch(_FIND, workspace_id, list(subjects))
        return {str(row[0]): self._opened(*row) for row in rows}

    async def obtain(self, workspace_id: UUID, subjects: Collection[str]) -> dict[str, bytes]:
        """The keys of all these subjects, made where there is none yet. SubjectErasedError where one was destroyed.

        A new key is committed before anything is sealed under it, and one of two writers' is kept: no value can end up
        under a key that is not there.
        """
        found = await self.find(workspace_id, subjects)
        if missing := sorted(set(subjects) - found.keys()):
            await self._database.execute(_MAKE, workspace_id, missing, self._new_keys(missing))
            found = await self.find(workspace_id, subjects)
        keys = {subject: key for subject, key in found.items() if key is not None}
        if erased := sorted(found.keys() - keys.keys()):
            raise SubjectErasedError(erased[0])
        return keys

    async def destroyed_at(self, workspace_id: UUID, subject_id: UUID) -> datetime | None:
        """When a subject's key was destroyed, None: not yet. LookupError for a subject that nobody knows."""
        row = await self._database.fetchrow(_STANDING, workspace_id, subject_id)
        if row is None:
            raise LookupError(subject_id)
        at: datetime | None = row[0]
        return at

    async def destroy(self, workspace_id: UUID, subject_id: UUID) -> None:
        """For good. Nothing happens where it was destroyed before."""
        await self._database.execute(_DESTROY, workspace_id, subject_id)

    async def all(self, workspace_id: UUID) -> AsyncIterator[tuple[UUID, bytes]]:
        """Every key of a workspace that was not destroyed, in the order of the subjects."""
        after = None
        while rows := await self._database.fetch(_PAGE, workspace_id, after, PAGE_KEYS):
            for subject_id, sealed in rows:
                yield subject_id, self._open(subject_id, sealed)
            after = rows[-1][0]

    async def add(self, workspace_id: UUID, keys: dict[str, bytes]) -> None:
        """Keys from another installation, where there is none and none was destroyed."""
        sealed = [self._seal(subject, key) for subject, key in keys.items()]
        await self._database.execute(_MAKE, workspace_id, list(keys), sealed)

    def _new_keys(self, subjects: Collection[str]) -> list[str]:
        return [self._seal(subject, os.urandom(KEY_BYTES)) for subject in subjects]

    def _seal(self, subject_id: str, key: bytes) -> str:
        return seal(self._secret_key, base64.b64encode(key).decode(), _purpose(subject_id))

    def _opened(self, subject_id: UUID, sealed: str | None) -> bytes | None:
        return None if sealed is None else self._open(subject_id, sealed)

    def _open(self, subject_id: UUID, sealed: str) -> bytes:
        return base64.b64decode(unseal(self._secret_key, sealed, _purpose(str(subject_id))))


def _purpose(subject_id: str) -> str:
    return f"subject-key:{subject_id}"
