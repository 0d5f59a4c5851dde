"""Answers about the past: they say which version and position they show, and that they may be kept."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from genjin_api.action import RefusedError
from genjin_api.http.answers import listed, shown
from genjin_api.past.reading import Past
from genjin_api.refusal import not_found

# A day: the past does not change, but a later release may show more of it.
CACHE_CONTROL = "private, max-age=86400, immutable"
# But what can be erased is kept nowhere, nor what the same question has another answer to tomorrow.
NO_STORE = "private, no-store"


def shown_then(value: Any, then: Past, *, personal: bool = False) -> Response:
    return _kept(shown(value, then.project.version), then, personal=personal)


def listed_then(items: Iterable[Any], then: Past, *, personal: bool = False) -> Response:
    return page_then(listed(items), then, personal=personal)


def page_then(page: Response, then: Past, *, personal: bool = False) -> Response:
    """A page of a list as it was."""
    page.headers["ETag"] = f'"{then.project.version}"'
    return _kept(page, then, personal=personal)


def one_then(things: Mapping[str, Any], what: str, identifier: UUID, then: Past) -> Response:
    """One thing of a project by its id, or 404 where it did not stand by then."""
    found = things.get(str(identifier))
    if found is None:
        raise RefusedError(not_found(what, identifier))
    return shown_then(found, then)


def _kept(response: Response, then: Past, *, personal: bool) -> Response:
    place = then.place
    return kept(response, place.position, lasting=place.lasting, personal=personal)


def kept(
    response: Response, position: int, *, lasting: bool = True, personal: bool = False
) -> Response:
    """Mark an answer as one that follows from the log up to a position alone. lasting: the same question has it for
    ever. personal: it may hold opened values.
    """
    response.headers["Genjin-Position"] = str(position)
    response.headers["Cache-Control"] = CACHE_CONTROL if lasting and not personal else NO_STORE
    response.headers["Vary"] = "Authorization, Accept-Language"
    return response


def unkept(response: Response) -> Response:
    """Mark an answer about the present that may hold opened values."""
    response.headers["Cache-Control"] = NO_STORE
    return response
