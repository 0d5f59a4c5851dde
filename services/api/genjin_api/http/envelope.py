"""Around every request: its id, a log line, a problem where everything else failed. Pure ASGI, so that a client that
goes away cancels nothing half-way.
"""

import re
import time
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genjin.identifiers import new_id
from genjin_api.http.failures import failure_response
from genjin_api.http.metrics import observe

_log = structlog.get_logger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Envelope:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception:
            _log.exception("request_failed", request_id=request_id, path=scope["path"])
            if status:
                raise
            detail = "the failure is logged under this request id"
            response = failure_response(Request(scope), "internal_error", detail)
            await response(scope, receive, send_marked)
        finally:
            _finished(scope, request_id, status, time.perf_counter() - started)


def _request_id(scope: Scope) -> str:
    """The caller's Request-Id (or X-Request-Id) where it is fit to be kept, else a new one."""
    for name, value in scope["headers"]:
        if name in (b"request-id", b"x-request-id"):
            text: str = value.decode("latin-1")
            if _REQUEST_ID.fullmatch(text):
                return text
    return str(new_id())


def _finished(scope: Scope, request_id: str, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    template = getattr(route, "path", "unknown")
    observe(scope["method"], template, status, seconds)
    _log.debug(
        "request",
        request_id=request_id,
        method=scope["method"],
        route=template,
        status=status,
        milliseconds=round(seconds * 1000, 2),
    )
