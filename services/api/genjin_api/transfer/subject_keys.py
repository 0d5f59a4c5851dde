"""The keys of personal values on their way to another installation: a file of their own, a JSON line each.

They are in the clear there, for the other installation has another key of its own. Destroyed keys are not among them.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

import orjson

from genjin.log.reading import Reading
from genjin.subjects.sealed_values import KEY_BYTES
from genjin_api.subjects.keys import SubjectKeys
from genjin_api.transfer.new_file import new_file
from genjin_api.transfer.reading import DamagedExportError

LINE_BYTES_MAX = 1000
KEYS_AT_ONCE = 500


async def export_keys(keys: SubjectKeys, workspace_id: UUID, path: Path) -> int:
    """How many were written."""
    count = 0
    with new_file(path) as file:
        async for subject_id, key in keys.all(workspace_id):
            line = {"subject_id": str(subject_id), "key": base64.b64encode(key).decode()}
            file.write(orjson.dumps(line) + b"\n")
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class SubjectKeysFile:
    """A file as export_keys wrote it, and this installation's key, under which they will rest."""

    path: Path
    secret_key: bytes


async def import_keys(database: Reading, workspace_id: UUID, file: SubjectKeysFile) -> int:
    """How many were new. One that is there already stays as it is, one of an erased person stays destroyed: the file
    may come in twice. DamagedExportError names the line.
    """
    keys = SubjectKeys(database, file.secret_key)
    lines, added = _read(file.path), 0
    while found := dict(islice(lines, KEYS_AT_ONCE)):
        added += await keys.add(workspace_id, found)
    return added


def _read(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX), b""), start=1):
            try:
                document = orjson.loads(line)
                subject_id, key = UUID(document["subject_id"]), base64.b64decode(document["key"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DamagedExportError(number, f"no subject and its key: {error!r}") from error
            if len(key) != KEY_BYTES:
                raise DamagedExportError(number, f"a key has {KEY_BYTES} bytes")
            yield str(subject_id), key
