"""genjin-verify: checks a log's export, a proof or a chain of checkpoints, offline. One file, standard library only.

  genjin-verify export FILE [--checkpoint NOTE]...   an export, and checkpoints that a witness has kept
  genjin-verify proof FILE [--event EVENT]           an inclusion proof, and the event that it is of
  genjin-verify consistency FILE                     a consistency proof
  genjin-verify checkpoints FILE...                  a chain: notes in the order of their sizes, and the proofs between

--key is the first verifier key of the log, as it was told when the log began; --keys a file with the notes by which
later keys took over (the answer of GET /v1/log/keys). A log that moved is signed by other keys from then on: give --key
again with the first one of each place, and --keys with the file of each. Without --key no signature is checked, and
that is said.
Exit 0: all that was checked holds. 1: something does not, and the first bad position is named; or a key was given and
nothing was signed that it could be held against. 2: nothing could be checked. 3: all that is here holds, but the export
was cut short, for the log was damaged behind it.
Memory: one hash per level of the tree, one number per stream, the hashes of one commit.
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256, sha512
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

LINE_BYTES_MAX = 64 * 1024 * 1024
FILE_BYTES_MAX = 256 * 1024 * 1024
# The end line: checkpoints of 21 places, each of at most 2000 characters, of which JSON makes 6 bytes at most.
END_BYTES_MAX = 256 * 1024
NOT_UNDERSTOOD = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
_NO_ROOT = "NOT CHECKED: the root, for this is no export of the whole log"
_CUT_SHORT = "CUT SHORT:"
_NO_SIGNATURE = "NOT CHECKED: any signature, for there is no checkpoint"
_LEAF_HASH = re.compile(rb',"leaf_hash":"([0-9a-f]{64})"}')
_LEAF_HASH_BYTES = len(',"leaf_hash":""}') + 64


class BadEvidence(Exception):
    """What does not hold. position: the first one from which on the log cannot be believed, where that is known."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(f"position {position}: {reason}" if position is not None else reason)
        self.position = position


# --- Ed25519 (RFC 8032 §5.1): verification, in extended coordinates (X, Y, Z, T)

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * _D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: Point) -> Point:
    product: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            product = _plus(product, point)
        point = _plus(point, point)
        scalar >>= 1
    return product


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    if len(encoded) != 32 or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    return (x, y, 1, x * y % _P) if x & 1 == odd else (_P - x, y, 1, (_P - x) * y % _P)


_BASE = _point(bytes.fromhex("58" + "66" * 31))


def ed25519_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    key, commitment = _point(public_key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or _BASE is None or len(signature) != 64 or s >= _L:
        return False
    digest = sha512(signature[:32] + public_key + message).digest()
    left = _times(s, _BASE)
    right = _plus(commitment, _times(int.from_bytes(digest, "little") % _L, key))
    return all((left[i] * right[2] - right[i] * left[2]) % _P == 0 for i in (0, 1))


# --- the Merkle tree of RFC 9162: what a proof comes to


def _above(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def inclusion_root(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root of the tree in which the path puts this leaf (§2.1.3.2)."""
    if not 0 <= index < size:
        raise BadEvidence(f"leaf {index} is not in a tree of {size}")
    place, last, root = index, size - 1, leaf
    for sibling in path:
        left = _is_left(place, last)
        root = _above(sibling, root) if left else _above(root, sibling)
        place, last = _up(place, last, left)
    if last:
        raise BadEvidence("the path is too short")
    return root


def consistency_roots(
    first: int, second: int, first_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The roots of the trees of sizes first and second that the path speaks of (§2.1.4.2)."""
    if first == second and not path:
        return first_root, first_root
    hashes = [first_root, *path] if first & (first - 1) == 0 else [*path]
    if not 0 < first < second or not hashes:
        raise BadEvidence(f"this path does not lead from size {first} to size {second}")
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        left = _is_left(place, last)
        old = _above(sibling, old) if left else old
        new = _above(sibling, new) if left else _above(new, sibling)
        place, last = _up(place, last, left)
    if last:
        raise BadEvidence("the path is too short")
    return old, new


def _is_left(place: int, last: int) -> bool:
    """Whether the sibling of the node at this place, in a level whose last node is `last`, stands on its left."""
    if last == 0:
        raise BadEvidence("the path is too long")
    return place & 1 == 1 or place == last


def _up(place: int, last: int, left: bool) -> tuple[int, int]:
    """One level up, and past the levels where a node at the right edge has no sibling."""
    while left and place and not place & 1:
        place, last = place >> 1, last >> 1
    return place >> 1, last >> 1


class Frontier:
    """A growing tree's complete subtrees, the largest first: at most one per level."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self._roots.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right, left = self._roots.pop(), self._roots.pop()
            self._roots.append(_above(left, right))

    def root(self) -> bytes:
        if not self._roots:
            return sha256(b"").digest()
        root = self._roots[-1]
        for left in self._roots[-2::-1]:
            root = _above(left, root)
        return root


# --- signed checkpoints (C2SP tlog-checkpoint in a signed-note) and the keys that sign them


@dataclass(frozen=True)
class Note:
    """A checkpoint: the tree of this size has this root. text is what the signatures are over."""

    text: str
    origin: str
    size: int
    root: bytes
    extensions: dict[str, str]
    signatures: tuple[tuple[str, bytes], ...]  # key name, 4 bytes of key id and the signature


def parse_note(note: str) -> Note:
    text, gap, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < 3 or not all(lines) or not signatures.endswith("\n"):
        raise BadEvidence("this is no signed checkpoint")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise BadEvidence("the checkpoint's second line is no size")
    signed = []
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch(r"\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        if match is None:
            raise BadEvidence("a signature line of the checkpoint is not understood")
        signed.append((match[1], _base64(match[2])))
    extensions = dict(line.partition(" ")[::2] for line in lines[3:])
    root = _base64(lines[2])
    return Note(text + "\n", lines[0], int(lines[1]), root, extensions, tuple(signed))


def key_id(name: str, public_key: bytes) -> bytes:
    return sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """A public key as signed-note writes it: name+key id+base64 of type 1 and the key."""
    encoded = base64.b64encode(b"\x01" + public_key).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{encoded}"


@dataclass
class _Key:
    """A key signs checkpoints of the sizes first to last."""

    name: str
    public: bytes
    first: int = 0
    last: int | None = None

    @classmethod
    def parse(cls, text: str, first: int = 0) -> "_Key":
        name, _, rest = text.strip().partition("+")
        raw = _base64(rest.partition("+")[2])
        if len(raw) != 33 or verifier_key(name, raw[1:]) != text.strip():
            raise BadEvidence("this is no verifier key: it must be name+key id+base64")
        return cls(name, raw[1:], first)

    def is_named_in(self, note: Note) -> bool:
        """Whether one of the note's signatures says that it is this key's."""
        mine = self.name, key_id(self.name, self.public)
        return any((name, raw[:4]) == mine for name, raw in note.signatures)

    def signed(self, note: Note) -> bool:
        mine = key_id(self.name, self.public)
        return any(
            name == self.name
            and raw[:4] == mine
            and ed25519_holds(self.public, note.text.encode(), raw[4:])
            for name, raw in note.signatures
        )

    def signs_at(self, size: int) -> bool:
        return self.first <= size <= (self.last or size)


class KeyRing:
    """Keys that are trusted, and behind each of them those to which it handed over in turn, by these notes."""

    def __init__(self, *trusted: str) -> None:
        self._lines = [[_Key.parse(text)] for text in trusted]
        self._held: set[int] = set()
        self.hand_overs: list[Note] = []

    def knows(self, note: Note) -> bool:
        """Whether it says that a key signed it which is here."""
        return any(key.is_named_in(note) for line in self._lines for key in line)

    def check(self, note: Note) -> None:
        """Signed by a key that stood at its size; where it hands over, by the next key too, which then stands."""
        for number, line in enumerate(self._lines):
            standing = [key for key in line if key.signs_at(note.size)]
            if any(key.name == note.origin and key.signed(note) for key in standing):
                self._held.add(number)
                if "next-key" in note.extensions:
                    self._hand_over(line, note)
                return
        raise BadEvidence(
            f"the checkpoint of size {note.size} is not signed by a key that stood then"
        )

    def forget(self) -> None:
        """What was checked so far told of keys alone."""
        self._held.clear()

    def unheld(self) -> list[str]:
        """The names of the trusted keys that nothing was held against, neither they nor those that they handed over to.

        An attacker who rewrites what such a key signed, and leaves its signatures out, would not be noticed.
        """
        return [line[0].name for number, line in enumerate(self._lines) if number not in self._held]

    def _hand_over(self, line: list[_Key], note: Note) -> None:
        heir = _Key.parse(note.extensions["next-key"], note.size)
        newest = line[-1]
        if any(key.public == heir.public for key in line):
            return
        if heir.name != note.origin or not newest.signed(note) or not heir.signed(note):
            raise BadEvidence(f"the hand-over at size {note.size} is not signed by both keys")
        newest.last = note.size
        line.append(heir)
        self.hand_overs.append(note)


# --- an export: events in order, each commit's line behind its events, an end line


@dataclass
class Export:
    """What has been read of an export that goes to position `last`. head is the last commit's hash, if known."""

    workspace_id: str
    whole: bool
    filtered: bool
    position: int
    last: int
    head: bytes | None
    notes: dict[int, list[Note]]
    frontier: Frontier = field(default_factory=Frontier)
    versions: dict[str, int] = field(default_factory=dict)
    open_leaves: list[bytes] = field(default_factory=list)
    open_recorded_at: str = ""
    events: int = 0
    commits: int = 0
    proven: int = 0  # size of the last checkpoint whose root was met
    is_cut_short: bool = False
    damage: str = ""  # why it was cut short: a text of whoever wrote the export

    def event(self, line: bytes) -> None:
        place = self.position + 1
        body, leaf = _body_and_leaf(line)
        event = _document(body)
        if not self.filtered and event["position"] != place:
            raise BadEvidence(f"the event here says that it stands at {event['position']}", place)
        if event["position"] < place:
            raise BadEvidence("positions do not grow", event["position"])
        self.position = place = event["position"]
        if sha256(b"\x00" + body).digest() != leaf:
            raise BadEvidence("the leaf hash is not that of the event", place)
        if event["workspace_id"] != self.workspace_id:
            raise BadEvidence("the event is another workspace's", place)
        stream, version = event["stream"], event["version"]
        if self.whole and version != self.versions.get(stream, 0) + 1:
            raise BadEvidence(f"version {version} of {stream} does not follow", place)
        if self.open_leaves and event["recorded_at"] != self.open_recorded_at:
            begun = place - len(self.open_leaves)
            raise BadEvidence(f"no commit ends before {place}, recorded at another time", begun)
        if not self.filtered:
            self.versions[stream], self.open_recorded_at = version, event["recorded_at"]
            self.open_leaves.append(leaf)
            self.frontier.add(leaf)
        self.events += 1

    def progress(self, progress: dict[str, Any]) -> None:
        """How far a filter has looked: every event that matched up to there stands before."""
        if not self.position <= progress["position"] <= self.last:
            raise BadEvidence("progress does not grow", self.position + 1)
        self.position = progress["position"]

    def commit(self, commit: dict[str, Any]) -> None:
        first, last = commit["first_position"], commit["last_position"]
        begun = self.position - len(self.open_leaves) + 1
        if (first, last) != (begun, self.position) or not self.open_leaves:
            raise BadEvidence(f"a commit of {first} to {last} stands behind {begun} to here", begun)
        previous, head = _hash(commit["previous_hash"]), _hash(commit["hash"])
        if self.head is not None and previous != self.head:
            raise BadEvidence("the commit does not follow the one before it", first)
        place = first.to_bytes(8, "big") + last.to_bytes(8, "big")
        if sha256(previous + place + b"".join(self.open_leaves)).digest() != head:
            raise BadEvidence("the commit's hash is not that of its events", first)
        recorded_at = datetime.fromisoformat(commit["recorded_at"])
        if recorded_at != datetime.fromisoformat(self.open_recorded_at):
            raise BadEvidence("the commit was recorded at another time than its events", first)
        self.head, self.open_leaves, self.commits = head, [], self.commits + 1
        for note in self.notes.pop(last, ()):
            self._meets(note)

    def _meets(self, note: Note) -> None:
        root, commit = self.frontier.root(), (self.head or b"").hex()
        if note.root != root or note.extensions.get("commit", commit) != commit:
            signed = f"events {self.proven + 1} to {note.size} are not those that were signed"
            raise BadEvidence(f"{signed} at size {note.size}", self.proven + 1)
        self.proven = note.size

    def end(self, end: dict[str, Any]) -> None:
        if self.open_leaves and not self.filtered:
            raise BadEvidence("no commit follows", self.position - len(self.open_leaves) + 1)
        if end["count"] != self.events:
            first = None if self.filtered else self.position - self.events + 1
            place = None if first is None else first + max(0, min(end["count"], self.events))
            raise BadEvidence(f"the end says {end['count']} events, here are {self.events}", place)
        here = end["last_position"] if self.filtered else self.position
        if not here == end["last_position"] == self.last or "checkpoint" not in end:
            raise BadEvidence(f"the end is at {end['last_position']}", self.position + 1)
        if self.whole and end["root"] != self.frontier.root().hex():
            raise self._wrong_end()
        for size in sorted(self.notes if self.whole else ()):
            if size > self.position:
                raise BadEvidence(f"cut off: events were signed up to {size}", self.position + 1)
            raise BadEvidence("events were signed up to here, but no commit ends here", size)

    def cut_short(self, end: dict[str, Any]) -> None:
        """The log was damaged behind this, says whoever wrote it: what is here must hold all the same."""
        here = end["last_position"] if self.filtered else self.position
        if end["count"] != self.events or not self.position <= here == end["last_position"]:
            raise BadEvidence(f"the last line says {end['count']} events", self.position + 1)
        if end["position"] != here + 1 or here >= self.last or "checkpoint" not in end:
            raise BadEvidence("it was not cut short at what comes next", self.position + 1)
        if self.whole and end["root"] != self.frontier.root().hex():
            raise self._wrong_end()
        for size in sorted(self.notes if self.whole else ()):
            if size <= here:
                raise BadEvidence("events were signed up to here, but no commit ends here", size)
        if not isinstance(end["reason"], str) or not end["reason"].strip():
            raise BadEvidence("it does not say why it was cut short", self.position + 1)
        self.position, self.is_cut_short, self.damage = here, True, end["reason"]

    def _wrong_end(self) -> BadEvidence:
        said, proven, here = (
            "the end's root is not that of these events",
            self.proven,
            self.position,
        )
        if proven == here:
            return BadEvidence(f"{said}, which are those that were signed up to {here}", here + 1)
        return BadEvidence(
            f"{said}: they differ between positions {proven + 1} and {here}", proven + 1
        )


def check_export(path: Path, ring: KeyRing | None, witnessed: Sequence[Note]) -> list[str]:
    with path.open("rb") as file:
        newest, earlier = _notes_at_the_end(file)
        unknown = [note for note in earlier if ring is not None and not ring.knows(note)]
        notes = [*witnessed, *newest, *(note for note in earlier if note not in unknown)]
        lines = _lines(file)
        export = _opened(json.loads(next(lines, b"null")), ring, notes, unknown)
        if witnessed and not export.whole:
            raise ValueError("a checkpoint can be compared with an export of the whole log alone")
        _read_on(export, lines)
    kind = "filtered events" if export.filtered else f"{export.commits} commits"
    said = [f"{export.events} events, {kind}, up to position {export.position}"]
    if export.is_cut_short:
        behind = f"it is damaged behind {export.position}: {export.damage}"
        said.append(f"{_CUT_SHORT} the log goes to {export.last}, but {behind}")
        if ring is not None:
            ring.forget()  # what was signed of more than is here
    if export.open_leaves:
        said.append(f"the commit of the last {len(export.open_leaves)} events is not whole")
    if not export.whole:
        return [*said, _NO_ROOT]
    beyond = [note for note in notes if note.size > export.position]
    notes = [note for note in notes if note not in beyond]
    if beyond:
        sizes = ", ".join(str(note.size) for note in beyond)
        more = f"which are of more events than the {export.position} that are here"
        said.append(f"NOT CHECKED: the checkpoints {sizes}, {more}")
    said += [f"root {export.frontier.root().hex()}", *_compared(notes, ring)]
    if unknown:
        sizes = ", ".join(str(note.size) for note in unknown)
        said.append(
            f"NOT CHECKED: the signatures of the earlier checkpoints {sizes}, for no --key is theirs"
        )
    signed = max((note.size for note in notes), default=0)
    if ring is not None and 0 < signed < export.position:
        said.append(f"not signed yet: events {signed + 1} to {export.position}")
    return said


def _opened(
    header: Any, ring: KeyRing | None, notes: Sequence[Note], unknown: Sequence[Note]
) -> Export:
    """The roots of all notes will be compared. unknown: those of keys that are not here."""
    if not isinstance(header, dict) or header.get("export") != "genjin.log/1":
        raise ValueError("the first line is not that of an export genjin.log/1")
    workspace_id, first = header["workspace_id"], header["first_position"]
    filtered = header["filters"] is not None
    whole = not filtered and first == 1
    head = sha256(f"genjin.log {workspace_id}".encode()).digest() if whole else None
    by_size: dict[int, list[Note]] = {}
    for note in sorted([*notes, *unknown], key=lambda note: note.size):
        if note.origin.rpartition("/")[2] != workspace_id:
            raise BadEvidence(f"the checkpoint of {note.origin} is not this workspace's")
        if ring is not None and note in notes:
            ring.check(note)
        by_size.setdefault(note.size, []).append(note)
    last = header["last_position"]
    for note in ring.hand_overs if ring is not None else ():
        if note.size <= last:
            by_size.setdefault(note.size, []).append(note)
    return Export(workspace_id, whole, filtered, first - 1, last, head, by_size)


def _read_on(export: Export, lines: Iterator[bytes]) -> None:
    for line in lines:
        try:
            if line.startswith(b'{"end":'):
                export.end(json.loads(line)["end"])
                if next(lines, None) is not None:
                    raise BadEvidence("something stands behind the end")
                return
            if line.startswith(b'{"cut_short":'):
                export.cut_short(json.loads(line)["cut_short"])
                if next(lines, None) is not None:
                    raise BadEvidence("something stands behind the end")
                return
            if line.startswith(b'{"commit":'):
                export.commit(json.loads(line)["commit"])
            elif line.startswith(b'{"progress":') and export.filtered:
                export.progress(json.loads(line)["progress"])
            else:
                export.event(line)
        except NOT_UNDERSTOOD as error:
            reason = f"this line is not understood: {type(error).__name__} {error}"
            raise BadEvidence(reason[:300], export.position + 1) from error
    raise BadEvidence("cut off: there is no end line", export.position + 1)


def _body_and_leaf(line: bytes) -> tuple[bytes, bytes]:
    """The stored bytes of an event, and the leaf hash that was put behind them."""
    match = _LEAF_HASH.fullmatch(line, max(0, len(line) - _LEAF_HASH_BYTES))
    if match is None:
        raise ValueError("there is no leaf_hash at its end")
    return line[: match.start()] + b"}", bytes.fromhex(match[1].decode())


def _document(body: bytes) -> dict[str, Any]:
    document = json.loads(body, object_pairs_hook=_sorted_members)
    if not isinstance(document, dict) or type(document["position"]) is not int:
        raise ValueError("it is no event")
    return document


def _sorted_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if any(before[0] >= after[0] for before, after in pairwise(pairs)):
        raise ValueError("members are not in order, or stand twice")
    return dict(pairs)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while line := file.readline(LINE_BYTES_MAX):
        yield line.removesuffix(b"\n")


def _notes_at_the_end(file: BinaryIO) -> tuple[list[Note], list[Note]]:
    """The newest checkpoint, and those of the places where the log was before."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES_MAX))
    last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        line = json.loads(last)
        end = line["cut_short"] if "cut_short" in line else line["end"]
        newest, earlier = end["checkpoint"], end.get("earlier_checkpoints", [])
    except (ValueError, KeyError, TypeError, AttributeError):
        return [], []  # reading on will say that the end is missing
    return [] if newest is None else [parse_note(newest)], [parse_note(note) for note in earlier]


# --- proofs and chains

Tree = tuple[int, str]  # size and root


def check_proof(path: Path, ring: KeyRing | None, event: Path | None) -> list[str]:
    proof = json.loads(_read(path))
    position, leaf = proof["position"], _hash(proof["leaf_hash"])
    said = "NOT CHECKED: what the leaf is, for no --event is given"
    if event is not None:
        body, told = _body_and_leaf(_read(event).encode().strip())
        if not sha256(b"\x00" + body).digest() == told == leaf:
            raise BadEvidence("the proof is not of this event", position)
        said = "the event is the leaf"
    if proof["leaf_index"] != position - 1 or (event and _document(body)["position"] != position):
        raise BadEvidence("the leaf is not that of the position", position)
    root = inclusion_root(position - 1, proof["size"], leaf, _hashes(proof["path"]))
    notes = _note_fits(proof["size"], root, proof["root"], proof["checkpoint"], position)
    place = f"position {position} is in the tree of size {proof['size']}, root {root.hex()}"
    return [place, said, *_compared(notes, ring)]


def check_consistency(path: Path, ring: KeyRing | None) -> list[str]:
    proof = json.loads(_read(path))
    notes = _consistent(proof)
    sizes = f"the tree of size {proof['to']} begins with that of size {proof['from']}"
    return [sizes, *_compared(notes, ring)]


def check_chain(paths: Sequence[Path], ring: KeyRing | None) -> list[str]:
    notes: list[Note] = []
    proven: set[tuple[Tree, Tree]] = set()
    for text in map(_read, paths):
        if text.lstrip().startswith("{"):
            proof = json.loads(text)
            notes += _consistent(proof)
            proven.add(((proof["from"], proof["from_root"]), (proof["to"], proof["to_root"])))
        else:
            notes.append(parse_note(text))
    notes.sort(key=lambda note: note.size)
    for before, after in pairwise(notes):
        if before.origin.rpartition("/")[2] != after.origin.rpartition("/")[2]:
            raise BadEvidence(f"{before.origin} and {after.origin} are different logs")
        trees = (before.size, before.root.hex()), (after.size, after.root.hex())
        if before.size == after.size and before.root != after.root:
            raise _split_view(*trees, proven)
        if before.size != after.size and trees not in proven:
            missing = f"no proof that size {after.size} begins with size {before.size}"
            raise BadEvidence(missing, before.size + 1)
    return [f"{len(notes)} checkpoints in one line of history", *_compared(notes, ring)]


def _split_view(one: Tree, other: Tree, proven: set[tuple[Tree, Tree]]) -> BadEvidence:
    """The views agree up to the largest tree with which both are proven to begin."""
    of_one, of_other = ({old for old, new in proven if new == tree} for tree in (one, other))
    first = max((size for size, _ in of_one & of_other), default=0) + 1
    said = f"two roots were signed for size {one[0]}: a split view"
    return BadEvidence(f"{said}, they differ between positions {first} and {one[0]}", first)


def _consistent(proof: dict[str, Any]) -> list[Note]:
    first, second = proof["from"], proof["to"]
    claimed = _hash(proof["from_root"])
    old, new = consistency_roots(first, second, claimed, _hashes(proof["path"]))
    return [
        *_note_fits(first, old, proof["from_root"], proof["from_checkpoint"], 1),
        *_note_fits(second, new, proof["to_root"], proof["to_checkpoint"], min(first + 1, second)),
    ]


def _note_fits(size: int, root: bytes, claimed: str, text: str | None, begin: int) -> list[Note]:
    """root is what the path comes to, claimed what it is said to be; text the note that is said to sign it. From
    position begin on it is in doubt where one of them is another.
    """
    doubt = f"in doubt is what stands between positions {begin} and {size}"
    if root.hex() != claimed:
        raise BadEvidence(f"the path does not lead to the root of size {size}: {doubt}", begin)
    if text is None:
        return []
    note = parse_note(text)
    if (note.size, note.root) != (size, root):
        said = f"the checkpoint is not that of size {size} and this root"
        raise BadEvidence(f"{said}: {doubt}", begin)
    return [note]


def _compared(notes: Sequence[Note], ring: KeyRing | None) -> list[str]:
    sizes = ", ".join(str(note.size) for note in notes)
    if not notes:
        return [_NO_SIGNATURE]
    if ring is None:
        return [f"NOT CHECKED: the signatures of the checkpoints {sizes}, for no --key is given"]
    for note in notes:
        ring.check(note)
    return [f"signed by the log's key: the checkpoints {sizes}"]


def _hash(text: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise BadEvidence("a hash is not 64 lower-case hexadecimal digits")
    return bytes.fromhex(text)


def _hashes(path: Sequence[str]) -> list[bytes]:
    return [_hash(text) for text in path]


def _base64(text: str) -> bytes:
    """One text for each value: spare bits must be zero."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadEvidence("this is no base64") from error
    if base64.b64encode(raw).decode() != text:
        raise BadEvidence("this is no canonical base64")
    return raw


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(FILE_BYTES_MAX).decode()


# --- the command line


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    if len(given.files) > 1 and given.what != "checkpoints":
        parser.error(f"{given.what} takes one FILE")
    try:
        ring = _ring(given.key, given.keys)
        checks: dict[str, Callable[[], list[str]]] = {
            "export": lambda: check_export(
                given.files[0], ring, [parse_note(_read(each)) for each in given.checkpoint]
            ),
            "proof": lambda: check_proof(given.files[0], ring, given.event),
            "consistency": lambda: check_consistency(given.files[0], ring),
            "checkpoints": lambda: check_chain(given.files, ring),
        }
        said = checks[given.what]()
    except BadEvidence as error:
        _say(f"FAILED at {error}" if error.position else f"FAILED: {error}")
        return 1
    except (OSError, *NOT_UNDERSTOOD) as error:
        sys.stderr.write(f"genjin-verify: {type(error).__name__}: {error}\n")
        return 2
    useless = ring is not None and not {_NO_ROOT, _NO_SIGNATURE}.isdisjoint(said)
    unheld = ring.unheld() if ring is not None else []
    if useless:
        end = "NOT VERIFIED: a key was given, and nothing here could be held against it"
    elif unheld:
        end = f"NOT VERIFIED: nothing here could be held against the key of {', '.join(unheld)}"
    elif any(line.startswith("NOT CHECKED") for line in said):
        end = "OK, but for what was not checked"
    else:
        end = "OK"
    _say(*said, end)
    if useless or unheld:
        return 1
    return 3 if any(line.startswith(_CUT_SHORT) for line in said) else 0


def _say(*lines: str) -> None:
    """Some of it is from the files: that must not make a line of its own, or speak to a terminal."""
    for line in lines:
        shown = (each if each.isprintable() else ascii(each)[1:-1] for each in line)
        sys.stdout.write("".join(shown) + "\n")


def _ring(trusted: Sequence[str], keys: Sequence[Path]) -> KeyRing | None:
    """Later keys are taken from the notes by which they took over; whatever else the file says is not believed."""
    if not trusted:
        return None
    ring = KeyRing(*trusted)
    listed = [item["checkpoint"] for path in keys for item in json.loads(_read(path))["items"]]
    for note in sorted(map(parse_note, filter(None, listed)), key=lambda note: note.size):
        ring.check(note)
    ring.forget()
    return ring


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="genjin-verify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("export", "proof", "consistency", "checkpoints"))
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        help="the log's first verifier key: name+key id+base64; again for each place where it was",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        action="append",
        default=[],
        help="the answer of GET /v1/log/keys; again for each place where it was",
    )
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--event", type=Path, help="the event as GET /v1/events/{id} answers it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
