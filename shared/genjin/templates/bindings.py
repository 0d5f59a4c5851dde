"""The bindings that ship beside templates whose hash was settled before the language knew any."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from genjin.templates.binding import Bindings, FormBinding
from genjin.templates.model import Template

_SHIPPED = TypeAdapter(dict[str, FormBinding])


@cache
def _beside(key: str, version: int) -> Bindings:
    """Those in the file of a shipped template's version; none where there is no file."""
    file = files("genjin.templates") / "bindings_beside" / f"{key}.{version}.yaml"
    if not file.is_file():
        return {}
    body: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return _SHIPPED.validate_python(body)


def binding_of(template: Template, form: str) -> FormBinding | None:
    """What a form of the template reads and writes: as the form says itself, else as it is said beside."""
    spec = template.forms.get(form)
    if spec is None:
        return None
    return spec.stakeholders or _beside(template.key, template.version).get(form)
