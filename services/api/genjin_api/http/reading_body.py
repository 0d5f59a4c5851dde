"""The door for bodies: size, media type, JSON syntax, depth and storable text, each refused with its own problem."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path, get_name, request_response

from genjin_api.http.arguments import arguments, refuse_unsupported
from genjin_api.http.authentication import authenticate
from genjin_api.http.problems import ProblemError
from genjin_api.refusal import FieldError, pointer


class JsonRequest(Request):
    """A request whose JSON is read once, within the limits of the settings."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            limit = self.app.state.services.settings.body_bytes_max
            chunks: list[bytes] = []
            size = 0
            try:
                async for chunk in self.stream():
                    size += len(chunk)
                    if size > limit:
                        detail = f"the body has more than {limit} bytes"
                        raise ProblemError("body_too_large", detail)
                    chunks.append(chunk)
            except ClientDisconnect as error:
                raise ProblemError("malformed_json", "the body did not come to its end") from error
            self._body = b"".join(chunks)
            self._refuse_media_type()
        return self._body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            body = await self.body()
            try:
                parsed = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise ProblemError("malformed_json", str(error)[:300]) from error
            _check(parsed, self.app.state.services.settings.body_depth_max)
            _PAIRS.decode(body.decode())
            self._json = parsed
        return self._json

    def _refuse_media_type(self) -> None:
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._body and media_type not in ("application/json", "application/merge-patch+json"):
            raise ProblemError(
                "unsupported_media_type", f"the body came as {media_type[:100] or 'nothing'}"
            )


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    """Of a name that stands twice in one object, parsers choose one or the other: nobody knows what was meant."""
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ProblemError("malformed_json", f"the field {repeated[:200]} stands twice")


_PAIRS = json.JSONDecoder(object_pairs_hook=_refuse_repeated)


def _check(value: Any, depth: int, place: str = "") -> None:
    """Refuse what is nested too deeply, and the character NUL, which Postgres cannot keep in JSON or text."""
    if isinstance(value, str):
        if "\x00" in value:
            raise _not_storable(place)
    elif isinstance(value, dict | list):
        if depth == 0:
            raise ProblemError("body_too_deep", f"nested too deeply at {place[:200]}")
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            if isinstance(key, str):
                _check(key, depth, place)
            _check(item, depth - 1, place + pointer(key))


def _not_storable(place: str) -> ProblemError:
    error = FieldError(place, "text_not_storable", "must not contain the character U+0000")
    return ProblemError("text_not_storable", "text must not contain U+0000", errors=(error,))


def _check_address(request: Request) -> None:
    """Refuse the character NUL in the path and in query parameters."""
    for name, value in request.path_params.items():
        if "\x00" in value:
            raise _not_storable(f":{name}")
    if b"%00" in request.scope["query_string"]:
        for name, value in request.query_params.multi_items():
            if "\x00" in name or "\x00" in value:
                raise _not_storable(f"?{name[:200]}")


def _refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter that is dropped answers another question than was asked."""
    if not request.scope["query_string"]:
        return
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        errors = [
            FieldError(f"?{name[:200]}", "unknown_parameter", "there is no such query parameter")
            for name in unknown[:20]
        ]
        raise ProblemError("validation_failed", "see errors", errors=errors)


class JsonRoute(APIRoute):
    """A route behind the credential: first who asks, then what. Its function answers with a Response.

    It is built when it is first asked for more than its address, so at its first request, or all at once for OpenAPI:
    to look into what each function takes and gives is the longest part of a start.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.name = options.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in options.get("methods") or ("GET",)}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._options = options

    def __getattr__(self, name: str) -> Any:
        """Only called for what is not there yet."""
        options = self.__dict__.pop("_options", None)
        if options is None:
            raise AttributeError(name)
        try:
            self._build(options)
        except BaseException:
            self._options = options
            raise
        return getattr(self, name)

    def _build(self, options: dict[str, Any]) -> None:
        super().__init__(self.path, self.endpoint, **options)
        self.app = request_response(self.get_route_handler())

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        refuse_unsupported(self.dependant)
        dependant, answer = self.dependant, self.endpoint
        known = frozenset(
            parameter.alias
            for parameter in get_flat_params(dependant)
            if not isinstance(parameter.field_info, params.Path | params.Header | params.Cookie)
        )

        async def handler(plain: Request) -> Response:
            request = JsonRequest(plain.scope, plain.receive)
            request.state.caller = await authenticate(request)
            _check_address(request)
            _refuse_unknown(request, known)
            response: Response = await answer(**await arguments(dependant, request))
            return response

        return handler
