"""What a route's function is called with: FastAPI's own reading of path, query, headers and body, without what no route
here asks for (cookies, forms, generators, dependencies shared or replaced), which takes it longer than the rest.
"""

from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticUndefined

_NOT_SUPPORTED = (
    "cookie_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
    "concurrency",
)


def refuse_unsupported(dependant: Dependant) -> None:
    """Raises TypeError, when the route is built, for a function that asks for more."""
    asked = [name for name in _NOT_SUPPORTED if getattr(dependant, name)]
    if asked or not iscoroutinefunction(dependant.call):
        raise TypeError(f"{dependant.call} is not async, or asks for {asked}")
    for dependency in dependant.dependencies:
        refuse_unsupported(dependency)


async def arguments(dependant: Dependant, request: Request) -> dict[str, Any]:
    """By name. A body that is no JSON is refused first, then what a dependency refuses; a RequestValidationError has
    all that is wrong with the rest.
    """
    body = PydanticUndefined
    if dependant.body_params and await request.body():
        body = await request.json()
    values, errors = await _read(dependant, request, body)
    if errors:
        raise RequestValidationError(errors)
    return values


async def _read(
    dependant: Dependant, request: Request, body: Any
) -> tuple[dict[str, Any], list[Any]]:
    values: dict[str, Any] = {}
    errors: list[Any] = []
    for dependency in dependant.dependencies:
        asked, wrong = await _read(dependency, request, body)
        errors += wrong
        if not wrong and dependency.call is not None and dependency.name is not None:
            values[dependency.name] = await dependency.call(**asked)
    if dependant.request_param_name:
        values[dependant.request_param_name] = request
    for fields, source in (
        (dependant.path_params, "path_params"),
        (dependant.query_params, "query_params"),
        (dependant.header_params, "headers"),
    ):
        if fields:
            read, wrong = request_params_to_args(fields, getattr(request, source))
            values |= read
            errors += wrong
    if dependant.body_params:
        read, wrong = await request_body_to_args(
            body_fields=dependant.body_params, received_body=body, embed_body_fields=False
        )
        values |= read
        errors += wrong
    return values, errors
