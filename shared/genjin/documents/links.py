"""A link to a document of the project, as a form's values hold it: its id, and the hash of the content that is meant.

A field holds one where its schema says `"format": "genjin-document"`; the value is `<document id>@sha256:<hash>`. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FORMAT = "genjin-document"
PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@sha256:[0-9a-f]{64}$"
_LINK = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class Link:
    """sha256 is in hexadecimal."""

    document_id: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.document_id}@sha256:{self.sha256}"


def link_of(value: object) -> Link | None:
    """None: it is no link."""
    if not isinstance(value, str) or not _LINK.fullmatch(value):
        return None
    document_id, _, sha256 = value.partition("@sha256:")
    return Link(document_id, sha256)


def links_in(value: Any, place: str = "") -> Iterator[tuple[str, Link]]:
    """Every text within a value that is a link, with its JSON Pointer."""
    if isinstance(value, dict):
        for key, item in value.items():
            token = key.replace("~", "~0").replace("/", "~1")
            yield from links_in(item, f"{place}/{token}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from links_in(item, f"{place}/{index}")
    elif link := link_of(value):
        yield place, link
