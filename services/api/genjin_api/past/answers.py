"""Answers about the past: they say which version and position they show, and that they may be kept."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from genjin_api.action import RefusedError
from genjin_api.http.answers import listed, shown
from genjin_api.past.reading import Past, Place
from genjin_api.refusal import not_found

# A day: the past does not change, but a later release may show more of it.
CACHE_CONTROL = "private, max-age=86400, immutable"
# But what can be erased is kept nowhere.
NO_STORE = "private, no-store"


def shown_then(value: Any, then: Past, *, personal: bool = False) -> Response:
    return kept(shown(value, then.project.version), then.place, personal=personal)


def listed_then(items: Iterable[Any], then: Past, *, personal: bool = False) -> Response:
    response = listed(items)
    response.headers["ETag"] = f'"{then.project.version}"'
    return kept(response, then.place, personal=personal)


def one_then(things: Mapping[str, Any], what: str, identifier: UUID, then: Past) -> Response:
    """One thing of a project by its id, or 404 where it did not stand by then."""
    found = things.get(str(identifier))
    if found is None:
        raise RefusedError(not_found(what, identifier))
    return shown_then(found, then)


def kept(response: Response, place: Place, *, personal: bool = False) -> Response:
    """Mark an answer as one that follows from the log up to a place alone. personal: it may hold opened values."""
    response.headers["Genjin-Position"] = str(place.position)
    response.headers["Cache-Control"] = NO_STORE if personal else CACHE_CONTROL
    response.headers["Vary"] = "Authorization, Accept-Language"
    return response


def unkept(response: Response) -> Response:
    """Mark an answer about the present that may hold opened values."""
    response.headers["Cache-Control"] = NO_STORE
    return response
