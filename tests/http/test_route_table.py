"""The route table finds what asking the routes one after the other finds."""

from typing import Any

from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match

from genjin_api.app import ROUTERS
from genjin_api.http.route_table import RouteTable

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
TABLE = RouteTable(ROUTES)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "QUERY")
SEGMENTS = sorted({segment for route in ROUTES for segment in route.path.split("/")} | {"", "项目"})


def scope_of(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": ""}


def found(scope: dict[str, Any]) -> APIRoute | None:
    match, of_route = TABLE.matches(scope)
    return of_route["route"] if match is Match.FULL else None


def first_of_all(scope: dict[str, Any]) -> APIRoute | None:
    return next((route for route in ROUTES if route.matches(scope)[0] is Match.FULL), None)


@given(st.data())
def test_a_path_leads_to_the_route_that_was_added_first(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(ROUTES)).path.split("/")
    filled = [
        data.draw(st.sampled_from(SEGMENTS)) if name.startswith("{") else name for name in template
    ]
    scope = scope_of(data.draw(st.sampled_from(METHODS)), "/".join(filled))
    assert found(scope) is first_of_all(scope)


def test_every_route_is_found_under_its_own_path() -> None:
    for route in ROUTES:
        for method in route.methods or ():
            path = route.path.replace("{", "").replace("}", "")
            assert found(scope_of(method, path)) is route, (method, route.path)


def test_a_path_that_no_route_has_is_left_to_the_routes() -> None:
    assert TABLE.matches(scope_of("GET", "/v1/nowhere")) == (Match.NONE, {})
    assert TABLE.matches(scope_of("DELETE", "/v1/projects")) == (Match.NONE, {})
