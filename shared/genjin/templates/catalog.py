"""The templates that ship with Genjin, read once from the YAML files beside this module."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

import yaml

from genjin.canonical import canonical_json
from genjin.templates.model import Template


@cache
def shipped() -> dict[tuple[str, int], Template]:
    """Every shipped template by key and version."""
    found: dict[tuple[str, int], Template] = {}
    folder = files("genjin.templates") / "shipped"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            read = Template.model_validate(_body(file.read_text(encoding="utf-8")))
            if (read.key, read.version) in found:
                raise ValueError(f"{file.name}: {read.key} version {read.version} is shipped twice")
            found[read.key, read.version] = read
    return found


def _body(text: str) -> Any:
    """Read by libyaml, since the parser in Python takes seconds for all of them, and every process waits for it."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def template(key: str, version: int) -> Template:
    """KeyError when no such template is shipped."""
    return shipped()[key, version]


def latest(key: str) -> Template:
    """The shipped template with the highest version. KeyError when there is none of this key."""
    versions = [version for shipped_key, version in shipped() if shipped_key == key]
    if not versions:
        raise KeyError(f"no template '{key}' is shipped")
    return template(key, max(versions))


def body_hash(template: Template) -> str:
    """SHA-256, in hex, of the template as canonical JSON.

    Defaults are left out, so that a new optional field in the language leaves every published
    template its hash. The default of a field must therefore never change.
    """
    body = template.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


@cache
def shipped_hash(key: str, version: int) -> str:
    """body_hash of a shipped template, which never changes: dumping it takes milliseconds."""
    return body_hash(template(key, version))


def template_id(workspace_id: UUID, key: str) -> UUID:
    """The stream of a workspace's own template. A key has one stream, so that nothing need be looked up."""
    return uuid5(workspace_id, f"template {key}")
