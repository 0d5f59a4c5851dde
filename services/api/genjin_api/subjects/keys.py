"""The keys of data subjects: made when the first value of a subject is sealed, destroyed with the subject's erasure.

They are read anew for every request and kept nowhere: what is destroyed is gone in every process at once. At rest each
is sealed under the installation's key.
"""

import base64
import os
from collections.abc import AsyncIterator, Collection, Mapping
from uuid import UUID

import asyncpg
import structlog

from genjin.log.reading import Reading
from genjin.sealing import seal, unseal
from genjin.subjects.sealed_values import KEY_BYTES

PAGE_KEYS = 1000

_log = structlog.get_logger(__name__)

# Who was erased has no key, also when one came back with a backup.
_FIND = """
SELECT k.subject_id, CASE WHEN s.id IS NULL THEN k.sealed END AS sealed
  FROM genjin_keys.find($1, $2::uuid[]) k
  LEFT JOIN genjin.subject s ON s.workspace_id = $1 AND s.id = k.subject_id
"""
_MAKE = "SELECT genjin_keys.make($1, $2::uuid[], $3::text[])"
_DESTROY = "SELECT genjin_keys.destroy($1, ARRAY[$2::uuid])"
_PAGE = """
SELECT k.subject_id, k.sealed FROM genjin_keys.page($1, $2, $3) k ORDER BY k.subject_id
"""

# Those of some subjects of whom a form, a contact or a stakeholder holds values: their key was made once.
_NAMED = """
SELECT asked.id FROM unnest($2::text[]) AS asked (id)
 WHERE EXISTS (SELECT FROM genjin.form f WHERE f.workspace_id = $1
                  AND jsonb_path_query_array(f.body::jsonb, '$.subjects.keyvalue().key') ? asked.id)
    OR EXISTS (SELECT FROM genjin.contact c WHERE c.workspace_id = $1 AND c.subject_id = asked.id::uuid)
    OR EXISTS (SELECT FROM genjin.stakeholder s WHERE s.workspace_id = $1 AND s.subject_id = asked.id::uuid
                  AND jsonb_path_exists(s.body, '$.**.subjects.keyvalue()'))
"""

# What is left of destroyed keys in the pages of the table goes with them. Without the right to it (MAINTAIN, from
# PostgreSQL 17 on) the server says so and passes over the table.
_REWRITE = "VACUUM (FULL) genjin_keys.subject_key"


class SubjectErasedError(Exception):
    """Something was to be sealed for a subject whose key was destroyed."""

    def __init__(self, subject_id: str) -> None:
        super().__init__(f"the subject {subject_id} was erased: nothing more can be kept of it")
        self.subject_id = subject_id


class SubjectKeyMissingError(Exception):
    """Something was to be sealed for a subject whose key is not in this installation, though its values are."""

    def __init__(self, subject_id: str) -> None:
        super().__init__(
            f"the key of the subject {subject_id} did not come with the workspace: bring it in, or erase the subject"
        )
        self.subject_id = subject_id


class SubjectKeys:
    def __init__(self, database: Reading, secret_key: bytes) -> None:
        self._database = database
        self._secret_key = secret_key

    async def find(self, workspace_id: UUID, subjects: Collection[str]) -> dict[str, bytes | None]:
        """The keys of those subjects that are known here; None where the subject was erased."""
        if not subjects:
            return {}
        rows = await self._database.fetch(_FIND, workspace_id, list(subjects))
        return {
            str(subject_id): None
            if sealed is None
            else self._open(workspace_id, subject_id, sealed)
            for subject_id, sealed in rows
        }

    async def obtain(self, workspace_id: UUID, subjects: Collection[str]) -> dict[str, bytes]:
        """The keys of all these subjects, made for those of whom nothing was kept yet. Raises SubjectErasedError,
        SubjectKeyMissingError.

        A new key is committed before anything is sealed under it, and one of two writers' is kept: no value can end up
        under a key that is not there.
        """
        found = await self.find(workspace_id, subjects)
        if missing := sorted(set(subjects) - found.keys()):
            if named := await self._database.fetch(_NAMED, workspace_id, missing):
                raise SubjectKeyMissingError(named[0][0])
            await self.add(workspace_id, {one: os.urandom(KEY_BYTES) for one in missing})
            found = await self.find(workspace_id, subjects)
        keys = {subject: key for subject, key in found.items() if key is not None}
        if erased := sorted(found.keys() - keys.keys()):
            raise SubjectErasedError(erased[0])
        return keys

    async def is_known(self, workspace_id: UUID, subject_id: UUID) -> bool:
        """Whether anything was ever kept of a subject, as far as this installation can tell."""
        asked = [str(subject_id)]
        found = await self._database.fetch(_FIND, workspace_id, asked)
        return bool(found or await self._database.fetch(_NAMED, workspace_id, asked))

    async def destroy(self, workspace_id: UUID, subject_id: UUID) -> None:
        """For good. Nothing happens where it was destroyed before."""
        await self._database.execute(_DESTROY, workspace_id, subject_id)

    async def forget_destroyed(self) -> None:
        """Write the table anew without what destroyed keys left in its pages; they rest sealed there, too."""
        try:
            await self._database.execute(_REWRITE)
        except (TimeoutError, asyncpg.PostgresError) as error:
            _log.warning("subject_keys_not_rewritten", reason=str(error))

    async def all(self, workspace_id: UUID) -> AsyncIterator[tuple[UUID, bytes]]:
        """Every key of a workspace that was not destroyed, in the order of the subjects."""
        after = None
        while rows := await self._database.fetch(_PAGE, workspace_id, after, PAGE_KEYS):
            for subject_id, sealed in rows:
                yield subject_id, self._open(workspace_id, subject_id, sealed)
            after = rows[-1][0]

    async def add(self, workspace_id: UUID, keys: Mapping[str, bytes]) -> int:
        """Keys where there is none and none was destroyed; how many these were."""
        sealed = [self._seal(workspace_id, subject, key) for subject, key in keys.items()]
        added: int = await self._database.fetchval(_MAKE, workspace_id, list(keys), sealed)
        return added

    def _seal(self, workspace_id: UUID, subject_id: str, key: bytes) -> str:
        return seal(
            self._secret_key, base64.b64encode(key).decode(), _purpose(workspace_id, subject_id)
        )

    def _open(self, workspace_id: UUID, subject_id: UUID, sealed: str) -> bytes:
        purpose = _purpose(workspace_id, str(subject_id))
        return base64.b64decode(unseal(self._secret_key, sealed, purpose))


def _purpose(workspace_id: UUID, subject_id: str) -> str:
    return f"subject-key:{workspace_id}:{subject_id}"
