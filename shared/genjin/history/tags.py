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
_ID_KEY = re.compile(r"(?<=/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/|$)", re.IGNORECASE)
_ID_HYPHENS = 4

ValueKind = Literal["key", "cause", "before", "after"]
VALUE_KINDS: tuple[ValueKind, ...] = ("key", "cause", "before", "after")
# Values before and after that very many changes have: each has a tag, which says of an event exactly this.
CONSTANTS = frozenset({"null", "true", "false"})
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hashed:
    """A value by its hash. kind: key (an id), cause (of a request, a correlation, a causation), before, after."""

    kind: str
    hash: int


def said_by(document: Document) -> Iterator[Said]:
    """What an event as the API shows it, or its stored body, parsed, says: kinds of things, and each as text. Some of
    it twice. What is_hashed is looked up by its hash, all else by tags_of_said; a path
    by what mask makes of it.
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
        case "masked_path":
            return _path_tags(text)
        case _:
            return (tag(kind, text),)


def is_hashed(kind: str, text: str) -> bool:
    return kind in VALUE_KINDS and not (text in CONSTANTS and kind in ("before", "after"))


def hashed(kind: str, value: str) -> Hashed:
    return Hashed(kind, hash_of(kind, value))


def hash_of(kind: str, value: str) -> int:
    """32 bits."""
    return zlib.crc32(f"{kind}:{value}".encode())


def tag(kind: str, value: str) -> str:
    """A tag of a value whose length nobody has promised."""
    text = f"{kind}:{value}"
    if len(text) <= TAG_CHARACTERS_MAX:
        return text
    return f"{text[:TAG_CHARACTERS_MAX]}#{zlib.crc32(text.encode()):08x}"


def path_tag(pattern: str) -> str:
    """The tag that every event has which changes what a pattern names: a whole path, or a beginning with /*."""
    below = pattern.endswith("/*")
    masked, _ = mask(pattern.removesuffix("/*") if below else pattern)
    keys = masked.split("/")[1:]
    if len(keys) > PATH_DEPTH_MAX:
        return _below(keys[:PATH_DEPTH_MAX])
    return _below(keys) if below else tag("path", _joined(keys))


def is_whole(tag_text: str) -> bool:
    """Whether every event that has the tag matches what it was made of: nothing in it was cut off or left out."""
    return "#" not in tag_text and "*" not in tag_text


def mask(path: str) -> tuple[str, list[str]]:
    """The path with stars for the ids in it, and the ids: there is no end of them, so tags leave them out."""
    if path.count("-") < _ID_HYPHENS:  # sooner answered than by looking for them
        return path, []
    parts = _ID_KEY.split(path)
    return "*".join(parts[::2]), parts[1::2]


@lru_cache(maxsize=PATHS_MAX)
def _path_tags(masked: str) -> tuple[str, ...]:
    keys = masked.split("/")[1:]
    below = [_below(keys[:depth]) for depth in range(min(len(keys), PATH_DEPTH_MAX + 1))]
    whole = [tag("path", masked)] if len(keys) <= PATH_DEPTH_MAX else []
    return (*below, *whole)


def _below(keys: list[str]) -> str:
    return tag("below", _joined(keys))


def _joined(keys: list[str]) -> str:
    return "".join(f"/{key}" for key in keys)
