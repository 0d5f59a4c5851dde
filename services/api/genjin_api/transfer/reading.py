"""An export as it is read back: every line is checked before anything is made of it. Pure.

What is checked: that each event's bytes have the leaf hash that stands behind them, that positions and versions follow
on, that each commit follows the one before it and is of its events, and that count and root at the end are those of the
events. A file that was cut off, put in another order or changed in any byte does not pass. Whoever writes a whole new
log with new hashes does: against that stand the signed checkpoints, of which here only the form is looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import canonical_json
from genjin.evidence.edge import Edge
from genjin.evidence.merkle import leaf_hash
from genjin.evidence.verify import BadEvidence, parse_note
from genjin.log.chain import commit_hash, genesis_hash
from genjin_api.transfer.export import FORMAT

LINE_BYTES_MAX = 16 * 1024 * 1024
NOTE_CHARACTERS_MAX = 2000

_LEAF_HASH = re.compile(rb',"leaf_hash":"([0-9a-f]{64})"}')
_LEAF_HASH_BYTES = len(b',"leaf_hash":""}') + 64
_COMMIT, _END, _CUT_SHORT = b'{"commit":', b'{"end":', b'{"cut_short":'
_END_MEMBERS = {"count", "last_position", "root", "checkpoint", "earlier_checkpoints"}


class DamagedExportError(Exception):
    """The file is no whole export: in which line, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class _BrokenError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    document: dict[str, Any]
    body: str
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class ExportedCommit:
    """With its events, in order."""

    first_position: int
    last_position: int
    recorded_at: datetime
    previous_hash: bytes
    hash: bytes
    events: list[ExportedEvent]


@dataclass(slots=True)
class ExportReader:
    """Reads one export to its end. workspace_id and last_position are known once the first line was read; checkpoints,
    those of earlier places first, and the number of the end's line when all is read.
    """

    workspace_id: UUID
    last_position: int
    _head: bytes
    checkpoints: list[str] = field(default_factory=list)
    end_line: int = 0
    _edge: Edge = field(default_factory=Edge)
    _versions: dict[str, int] = field(default_factory=dict)
    _open: list[ExportedEvent] = field(default_factory=list)

    @classmethod
    def opened(cls, lines: Iterator[bytes]) -> "ExportReader":
        """Reads the first line. Raises DamagedExportError."""
        try:
            opening = _parsed(next(lines, b""))
            if opening.get("export") != FORMAT:
                raise _BrokenError(f"the first line is not that of an export {FORMAT}")
            if opening["filters"] is not None or opening["first_position"] != 1:
                raise _BrokenError("this is a part of a log: only a whole one can be brought in")
            workspace_id = UUID(opening["workspace_id"])
            if opening["workspace_id"] != str(workspace_id):
                raise _BrokenError("workspace_id must be a UUID in its usual form")
            return cls(workspace_id, _integer(opening["last_position"]), genesis_hash(workspace_id))
        except (_BrokenError, *_NOT_UNDERSTOOD) as error:
            raise DamagedExportError(1, _reason(error)) from error

    def commits(self, lines: Iterable[bytes]) -> Iterator[ExportedCommit]:
        """The commits of the lines behind the first, to the end line and nothing behind it. Raises DamagedExportError,
        at the latest when the last commit has been told: so nothing may be kept of them before.
        """
        number, ended = 1, False
        for number, line in enumerate(lines, start=2):
            try:
                if ended:
                    raise _BrokenError("something stands behind the end")
                if line.startswith(_COMMIT):
                    yield self._commit(_parsed(line)["commit"])
                elif line.startswith(_END):
                    self._end(_parsed(line)["end"])
                    ended, self.end_line = True, number
                elif line.startswith(_CUT_SHORT):
                    reason = _parsed(line)["cut_short"]["reason"]
                    raise _BrokenError(
                        f"the export was cut short, for the log was damaged: {reason}"
                    )
                else:
                    self._open.append(self._event(line))
            except (_BrokenError, *_NOT_UNDERSTOOD) as error:
                raise DamagedExportError(number, _reason(error)) from error
        if not ended:
            raise DamagedExportError(number + 1, "the file is cut off: there is no end line")

    @property
    def _position(self) -> int:
        return self._edge.size + len(self._open)

    def _event(self, line: bytes) -> ExportedEvent:
        told = _LEAF_HASH.fullmatch(_whole(line), max(0, len(line) - 1 - _LEAF_HASH_BYTES))
        if told is None:
            raise _BrokenError("an event has its leaf hash at its end")
        body = line[: told.start()] + b"}"
        computed = leaf_hash(body)
        if told[1] != computed.hex().encode():
            raise _BrokenError("the leaf hash is not that of the event")
        document = _parsed(body + b"\n")
        if canonical_json(document).encode() != body:
            raise _BrokenError("the event is not canonical JSON, as the log writes it")
        stream, place = document["stream"], self._position + 1
        if document["workspace_id"] != str(self.workspace_id):
            raise _BrokenError("the event is another workspace's")
        if document["position"] != place:
            raise _BrokenError(f"position {place} comes here, not {document['position']}")
        version = self._versions.get(stream, 0) + 1
        if document["version"] != version:
            raise _BrokenError(f"version {version} of {stream} comes here")
        self._versions[stream] = version
        return ExportedEvent(document, body.decode(), computed)

    def _commit(self, told: dict[str, Any]) -> ExportedCommit:
        first, last, events = self._edge.size + 1, self._position, self._open
        if not events or (told["first_position"], told["last_position"]) != (first, last):
            raise _BrokenError(f"the commit is not that of the positions {first} to {last}")
        if told["previous_hash"] != self._head.hex():
            raise _BrokenError("the commit does not follow the one before it")
        leaves = [event.leaf_hash for event in events]
        computed = commit_hash(self._head, first, last, leaves)
        if told["hash"] != computed.hex():
            raise _BrokenError("the commit's hash is not that of its events")
        if {event.document["recorded_at"] for event in events} != {told["recorded_at"]}:
            raise _BrokenError("the commit was recorded at another time than its events")
        recorded_at = datetime.fromisoformat(told["recorded_at"])
        commit = ExportedCommit(first, last, recorded_at, self._head, computed, events)
        self._head, self._open = computed, []
        self._edge.add(leaves)
        return commit

    def _end(self, told: dict[str, Any]) -> None:
        if self._open:
            raise _BrokenError("no commit stands behind the last events")
        size = self._edge.size
        if (told["count"], told["last_position"]) != (size, size) or size != self.last_position:
            raise _BrokenError(f"here are {size} events, and that is not what was promised")
        if told["root"] != self._edge.root().hex():
            raise _BrokenError("the root is not that of the events")
        if "checkpoint" not in told or not told.keys() <= _END_MEMBERS:
            raise _BrokenError("the end must say whether there is a checkpoint, and nothing else")
        newest = [] if told["checkpoint"] is None else [told["checkpoint"]]
        self.checkpoints = [*told.get("earlier_checkpoints", []), *newest]
        for text in self.checkpoints:
            self._checkpoint(text)

    def _checkpoint(self, text: str) -> None:
        if len(text) > NOTE_CHARACTERS_MAX:
            raise _BrokenError(f"a checkpoint has more than {NOTE_CHARACTERS_MAX} characters")
        try:
            note = parse_note(text)
        except BadEvidence as error:
            raise _BrokenError(str(error)) from error
        if note.origin.rpartition("/")[2] != str(self.workspace_id):
            raise _BrokenError("a checkpoint is another workspace's")
        if not 0 < note.size <= self.last_position:
            raise _BrokenError(f"a checkpoint is of {note.size} events")


# What a document that is not as it must be brings about.
_NOT_UNDERSTOOD = (ValueError, KeyError, TypeError, AttributeError)


def _reason(error: Exception) -> str:
    if isinstance(error, _BrokenError):
        return str(error)
    return f"the line is not understood: {type(error).__name__} {error}"[:300]


def _whole(line: bytes) -> bytes:
    """A line without its end, which it must have."""
    if len(line) >= LINE_BYTES_MAX:
        raise _BrokenError(f"the line has more than {LINE_BYTES_MAX} bytes")
    if not line.endswith(b"\n"):
        raise _BrokenError("the file is cut off within this line")
    return line[:-1]


def _parsed(line: bytes) -> dict[str, Any]:
    document = orjson.loads(_whole(line))
    if not isinstance(document, dict):
        raise _BrokenError("the line is no JSON object")
    return document


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise _BrokenError("last_position must be a number")
    return value
