"""Which functions a route may have."""

from typing import Any

import pytest
from fastapi import BackgroundTasks, Cookie
from fastapi.responses import Response
from fastapi.security import SecurityScopes

from genjin_api.http.reading_body import JsonRoute


def blocking() -> Response:
    return Response()


async def with_a_cookie(token: str = Cookie()) -> Response:
    return Response(token)


async def with_a_response(response: Response) -> Response:
    return response


async def with_background_tasks(tasks: BackgroundTasks) -> Response:
    return Response(background=tasks)


async def with_scopes(scopes: SecurityScopes) -> Response:
    return Response(scopes.scope_str)


@pytest.mark.parametrize(
    "function", [blocking, with_a_cookie, with_a_response, with_background_tasks, with_scopes]
)
def test_a_route_refuses_a_function_that_asks_for_what_it_does_not_give(function: Any) -> None:
    route = JsonRoute("/v1/anything", function, methods=["GET"])
    for _ in range(2):  # it does not pass for built because it was tried once
        with pytest.raises(TypeError, match="is not async, or asks for"):
            _ = route.app
