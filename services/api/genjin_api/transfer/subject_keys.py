"""The keys of personal values on their way to another installation: a file of their own, a JSON line each.

They are in the clear there, for the other installation has another key of its own. Destroyed keys are not among them.
"""

import base64
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

import orjson

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


def check_keys(path: Path) -> None:
    """DamagedExportError names the first line that is no key."""
    for _ in _read(path):
        pass


async def import_keys(keys: SubjectKeys, workspace_id: UUID, path: Path) -> int:
    """How many were read. A key that is there already, or was destroyed, stays as it is: the file may come in twice."""
    count = 0
    lines = _read(path)
    while found := dict(islice(lines, KEYS_AT_ONCE)):
        await keys.add(workspace_id, found)
        count += len(found)
    return count


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
