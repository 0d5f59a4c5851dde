"""What people call a field of a project's state: the words of its template. Pure."""

from collections.abc import Iterable
from typing import Any

from genjin.templates.model import FormSpec, Template
from genjin.templates.words import Text


def label(template: Template, path: str, language: str) -> str | None:
    """The template's words for what a JSON Pointer leads to, in zh or en; None where it has none."""
    match [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]:
        case ["header", key, *_]:
            return _title(template.header, key, language)
        case ["role_holders", role, *_]:
            return _title(template.roles, role, language)
        case ["course", "visits", visit, *rest]:
            return _of_stage(template, visit.partition(":")[0], rest, language)
        case ["forms", copy, *rest]:
            form = template.forms.get(copy.partition(":")[0])
            return _of_form(form, rest, language) if form else None
        case _:
            return None


def _of_stage(template: Template, stage: str, rest: list[str], language: str) -> str | None:
    found = next((known for known in template.stages if known.key == stage), None)
    if found is None:
        return None
    words = [_said(found.title, language)]
    match rest:
        case ["conditions", key, *_]:
            words += [_said(one.text, language) for one in found.conditions() if one.key == key]
        case ["judgements", role, *_]:
            words += [title] if (title := _title(template.roles, role, language)) else []
        case _:
            pass
    return " · ".join(words)


def _of_form(form: FormSpec, rest: list[str], language: str) -> str:
    words = [_said(form.title, language)]
    match rest:
        case ["values", field, *_]:
            schema = form.json_schema.get("properties", {}).get(field, {})
            title = schema.get("title" if language == "zh" else "x-title-en")
            words += [title] if title else []
        case _:
            pass
    return " · ".join(words)


def _title(items: Iterable[Any], key: str, language: str) -> str | None:
    return next((_said(item.title, language) for item in items if item.key == key), None)


def _said(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en
