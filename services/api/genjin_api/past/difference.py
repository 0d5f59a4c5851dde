"""What lies between two states of a project: as a JSON Patch (RFC 6902), and line by line for people. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genjin.canonical import canonical_json
from genjin_api.field_changes import field_changes
from genjin_api.past.labels import label
from genjin_api.past.reader import Reader
from genjin_api.past.value_texts import value_text
from genjin_api.projects.state import Project
from genjin_api.refusal import pointer

Operation = dict[str, Any]


def json_patch(before: Any, after: Any, path: str = "") -> Iterator[Operation]:
    """The operations that make one document of another. Lists change as a whole, as they do in an event's changes."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        if canonical_json(before) != canonical_json(after):
            yield {"op": "replace", "path": path, "value": after}
        return
    for key in before:
        if key not in after:
            yield {"op": "remove", "path": path + pointer(key)}
    for key, value in after.items():
        if key in before:
            yield from json_patch(before[key], value, path + pointer(key))
        else:
            yield {"op": "add", "path": path + pointer(key), "value": value}


@dataclass(frozen=True, slots=True)
class Line:
    """A field before and after, with the positions of the events that touched it, oldest first; null: too many.

    text is the whole for people, "Risk “Competitor price” · exposure: 6 → 12"; label is what the field is called there.
    Both are in the language of the answer.
    """

    path: str
    label: str
    text: str
    before: Any
    after: Any
    events: list[int] | None


def lines(
    before: Project,
    after: Project,
    reader: Reader,
    events_by_path: Mapping[str, list[int]] | None,
) -> Iterator[Line]:
    """Every field that differs, in the order of the document."""
    for change in field_changes(before, after):
        path, called = change.path, label(reader, change.path)
        texts = [value_text(reader, path, value) for value in (change.before, change.after)]
        colon = reader.word(("：", ": "))
        events = None if events_by_path is None else _events(path, events_by_path)
        text = f"{called}{colon}{texts[0]} → {texts[1]}"
        yield Line(path, called, text, change.before, change.after, events)


def _events(path: str, by_path: Mapping[str, list[int]]) -> list[int]:
    """Those that changed the field itself, or something that it is a part of."""
    parts = path.split("/")
    above = ("/".join(parts[:length]) for length in range(2, len(parts) + 1))
    return sorted({position for one in above for position in by_path.get(one, ())})
