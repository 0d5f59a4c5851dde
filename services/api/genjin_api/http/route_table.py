"""Finds a request's route by the segments of its path. To ask a hundred routes one after the other takes longer than
most of them.
"""

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_ANY = "{}"  # stands for a parameter


class _Place:
    """A place in the tree of paths: what may follow it, and the routes that end here, by method."""

    __slots__ = ("after", "routes")

    def __init__(self) -> None:
        self.after: dict[str, _Place] = {}
        self.routes: dict[str, APIRoute] = {}


class RouteTable(BaseRoute):
    """Stands before the routes that it holds. A request that it finds none for goes on to them: they know 404 and 405.

    A segment that is spelt out goes before a parameter in its place. Parameters are whole segments.
    """

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._root = _Place()
        for route in routes:
            place = self._root
            for segment in route.path.split("/"):
                name = _ANY if segment.startswith("{") else segment
                place = place.after.setdefault(name, _Place())
            for method in route.methods or ():
                place.routes.setdefault(method, route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            route = _find(self._root, scope["path"].split("/"), 0, scope["method"])
            if route is not None:
                return route.matches(scope)
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


def _find(place: _Place, segments: list[str], index: int, method: str) -> APIRoute | None:
    if index == len(segments):
        return place.routes.get(method)
    for name in (segments[index], _ANY):
        after = place.after.get(name)
        if after is not None:
            route = _find(after, segments, index + 1, method)
            if route is not None:
                return route
    return None
