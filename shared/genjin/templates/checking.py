"""Whether a document is a template that can be published: the whole check, with the place of every mistake."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from genjin.templates import blockers, expressions, form_schemas, known_fields
from genjin.templates.mistakes import Mistake, course
from genjin.templates.model import Template, TemplateMistakesError

MISTAKES_MAX = 100


def checked(document: Mapping[str, Any]) -> tuple[Template | None, list[Mistake]]:
    """The template, and what is wrong with the document: at most MISTAKES_MAX, in the order of their finding.

    None where it does not even have a template's shape.
    """
    try:
        template = Template.model_validate(document)
    except ValidationError as error:
        details = [detail for detail in error.errors() if not _follows(detail, error)]
        found = [one for detail in details for one in _mistakes(detail, document)]
        return None, found[:MISTAKES_MAX]
    found = [
        *form_schemas.mistakes(template),
        *expressions.mistakes(template),
        *blockers.mistakes(template),
        *known_fields.mistakes(template),
        *course.before_publishing(template),
    ]
    return template, found[:MISTAKES_MAX]


def _follows(detail: ErrorDetails, error: ValidationError) -> bool:
    """Whether a list is only called too short because items of it are wrong, which are named themselves."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place
        for other in error.errors()
    )


def _mistakes(detail: ErrorDetails, document: Mapping[str, Any]) -> Iterator[Mistake]:
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, TemplateMistakesError):
        yield from error.mistakes
    else:
        yield Mistake(_path(detail["loc"], document), detail["msg"])


def _path(steps: tuple[str | int, ...], document: Any) -> tuple[str | int, ...]:
    """The steps without those that only name which kind of thing was tried there; the last one may be missing."""
    path: list[str | int] = []
    at = document
    for index, step in enumerate(steps):
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            if index < len(steps) - 1:
                continue
        path.append(step)
    return tuple(path)
