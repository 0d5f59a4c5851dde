"""What the audit index knows of an event: tags, of which there are few, and hashes of values, of which there are many.

A tag or a hash leads to every event that matches a term, and perhaps to some that do not: who reads the index asks
each event again. Pure.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from genjin.history.filter import Document, change_text, stages_of, subjects_of

# Below this depth a path is known by its beginning alone.
PATH_DEPTH_MAX = 6
TAG_CHARACTERS_MAX = 200
PATHS_MAX = 10_000

# A key of a path that is an id.
_ID_KEY = re.compile(r"(?<=/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)", re.IGNORECASE)

ValueKind = Literal["key", "cause", "before", "after"]
VALUE_KINDS: tuple[ValueKind, ...] = ("key", "cause", "before", "after")
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hashed:
    """A value by its hash. kind: key (an id), cause (of a request, a correlation, a causation), before, after."""

    kind: str
    hash: int


def said_by(document: Document) -> Iterator[Said]:
    """What an event as the API shows it, or its stored body, parsed, says: kinds of things, and each as text. Some of
    it twice. A value of VALUE_KINDS is looked up by its hash, all else by tags_of_said.
    """
    actor, data = document["actor"], document["data"]
    yield "type", document["type"]
    yield "actor", actor["id"]
    yield "actor_type", actor["type"]
    yield "occurred", document["occurred_at"][:10]
    if actor["role"] is not None:
        yield "role", actor["role"]
    for stage in stages_of(data):
        yield "stage", stage
    for subject in subjects_of(document):
        yield "key", subject
    yield "cause", document["request_id"]
    yield "cause", document["correlation_id"]
    if document["causation_id"] is not None:
        yield "cause", document["causation_id"]
    for change in document["changes"]:
        yield "path", change["path"]
        yield "before", change_text(change["before"])
        yield "after", change_text(change["after"])


def tags_of_said(kind: str, text: str) -> tuple[str, ...]:
    match kind:
        case "type":
            return f"type:{text}", f"noun:{text.partition('.')[0]}"
        case "occurred":
            return f"occurred_day:{text}", f"occurred_month:{text[:7]}"
        case "path":
            return _path_tags(_masked(text))
        case _:
            return (tag(kind, text),)


def tags_of(document: Document) -> set[str]:
    """All tags of an event."""
    said = (one for one in said_by(document) if one[0] not in VALUE_KINDS)
    return {found for kind, text in said for found in tags_of_said(kind, text)}


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
    keys = _masked(pattern.removesuffix("/*") if below else pattern).split("/")[1:]
    if len(keys) > PATH_DEPTH_MAX:
        return _below(keys[:PATH_DEPTH_MAX])
    return _below(keys) if below else tag("path", _joined(keys))


def is_whole(tag_text: str) -> bool:
    """Whether every event that has the tag matches what it was made of: nothing in it was cut off or left out."""
    return "#" not in tag_text and "*" not in tag_text


def path_keys(path: str) -> list[str]:
    """The ids in a path: there is no end of them, so tags leave them out."""
    return _ID_KEY.findall(path)


@lru_cache(maxsize=PATHS_MAX)
def _path_tags(masked: str) -> tuple[str, ...]:
    keys = masked.split("/")[1:]
    below = [_below(keys[:depth]) for depth in range(min(len(keys), PATH_DEPTH_MAX + 1))]
    whole = [tag("path", masked)] if len(keys) <= PATH_DEPTH_MAX else []
    return (*below, *whole)


def _masked(path: str) -> str:
    return _ID_KEY.sub("*", path)


def _below(keys: list[str]) -> str:
    return tag("below", _joined(keys))


def _joined(keys: list[str]) -> str:
    return "".join(f"/{key}" for key in keys)
