"""Golden events: one file per type and schema_version ever written.

event is a stored body, as the log wrote it. fact is what this release must make of its data. shape is the JSON Schema
of the class when the file was written, without titles and descriptions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from genjin.event import Fact

FOLDER = Path(__file__).parent / "events"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Golden:
    event: Document
    fact: Document
    shape: Document

    @property
    def key(self) -> tuple[str, int]:
        return self.event["type"], self.event["schema_version"]

    def write(self) -> None:
        document = {"event": self.event, "fact": self.fact, "shape": self.shape}
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        FOLDER.mkdir(exist_ok=True)
        path_of(*self.key).write_bytes(text + b"\n")


def path_of(type_: str, schema_version: int) -> Path:
    return FOLDER / f"{type_}.{schema_version}.json"


def read(path: Path) -> Golden:
    return Golden(**orjson.loads(path.read_bytes()))


def all_golden() -> dict[tuple[str, int], Golden]:
    found = [read(path) for path in sorted(FOLDER.glob("*.json"))]
    return {golden.key: golden for golden in found}


def shape_of(fact: type[Fact]) -> Document:
    """What decoding a class' data depends on. Words that only explain it may change."""
    shape: Document = _bare(fact.model_json_schema())
    return shape


def _bare(value: Any, *, names: bool = False) -> Any:
    """names: the keys of this object are names of fields, and one may be called title."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _bare(item, names=key in ("properties", "$defs"))
        for key, item in value.items()
        if names or key not in ("title", "description")
    }


def extends(old: Document, new: Document) -> bool:
    """Whether a shape is another one with optional fields more: the one change that keeps the schema_version."""
    before, after = old["properties"], new["properties"]
    added = after.keys() - before.keys()
    rest = {**new, "properties": {key: after[key] for key in after if key not in added}}
    definitions = {key: item for key, item in new.get("$defs", {}).items() if key in _defs(old)}
    if "$defs" in rest:
        rest["$defs"] = definitions
    if not definitions:
        rest.pop("$defs", None)
    return rest == old and all("default" in after[key] for key in added)


def _defs(shape: Document) -> Document:
    definitions: Document = shape.get("$defs", {})
    return definitions
