"""What the audit index knows of an event: tags, of which there are few, and hashes of values, of which there are many.

A tag or a hash leads to every event that matches a term, and perhaps to some that do not: who reads the index asks
each event again. Pure.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from genjin.history.filter import Document, change_text, stages_of, subjects_of

# Below this depth a path is known by its beginning alone.
PATH_DEPTH_MAX = 6
TAG_CHARACTERS_MAX = 200

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hashed:
    """A value by its hash. kind: key (an id), cause (of a request, a correlation, a causation), before, after."""

    kind: str
    hash: int


def tags_of(document: Document) -> set[str]:
    """The tags of an event as the API shows it, or of its stored body, parsed."""
    actor = document["actor"]
    occurred_at = document["occurred_at"]
    return {
        f"type:{document['type']}",
        f"noun:{document['type'].partition('.')[0]}",
        f"actor:{actor['id']}",
        tag("actor_type", actor["type"]),
        f"occurred_day:{occurred_at[:10]}",
        f"occurred_month:{occurred_at[:7]}",
        *(tag("role", role) for role in (actor["role"],) if role is not None),
        *(tag("stage", stage) for stage in stages_of(document["data"])),
        *(found for change in document["changes"] for found in _path_tags(change["path"])),
    }


def hashes_of(document: Document) -> set[Hashed]:
    causes = (document["request_id"], document["correlation_id"], document["causation_id"])
    found = {hashed("cause", cause) for cause in causes if cause is not None}
    found.update(hashed("key", subject) for subject in subjects_of(document))
    for change in document["changes"]:
        found.update(hashed("key", key) for key in path_keys(change["path"]))
        found.add(hashed("before", change_text(change["before"])))
        found.add(hashed("after", change_text(change["after"])))
    return found


def hashed(kind: str, value: str) -> Hashed:
    return Hashed(kind, zlib.crc32(f"{kind}:{value}".encode()))


def tag(kind: str, value: str) -> str:
    """A tag of a value whose length nobody has promised."""
    text = f"{kind}:{value}"
    if len(text) <= TAG_CHARACTERS_MAX:
        return text
    return f"{text[:TAG_CHARACTERS_MAX]}#{zlib.crc32(text.encode()):08x}"


def path_tag(pattern: str) -> str:
    """The tag that every event has which changes what a pattern names: a whole path, or a beginning with /*."""
    below = pattern.endswith("/*")
    keys = _masked(pattern.removesuffix("/*") if below else pattern)
    if len(keys) > PATH_DEPTH_MAX:
        return _below(keys[:PATH_DEPTH_MAX])
    return _below(keys) if below else tag("path", _joined(keys))


def is_whole(tag_text: str) -> bool:
    """Whether every event that has the tag matches what it was made of: nothing in it was cut off or left out."""
    return "#" not in tag_text and "*" not in tag_text


def path_keys(path: str) -> Iterator[str]:
    """The ids in a path: there is no end of them, so tags leave them out."""
    return (key for key in path.split("/") if _UUID.fullmatch(key))


def _path_tags(path: str) -> Iterator[str]:
    keys = _masked(path)
    for depth in range(min(len(keys), PATH_DEPTH_MAX + 1)):
        yield _below(keys[:depth])
    if len(keys) <= PATH_DEPTH_MAX:
        yield tag("path", _joined(keys))


def _masked(path: str) -> list[str]:
    return ["*" if _UUID.fullmatch(key) else key for key in path.split("/")[1:]]


def _below(keys: list[str]) -> str:
    return tag("below", _joined(keys))


def _joined(keys: list[str]) -> str:
    return "".join(f"/{key}" for key in keys)
