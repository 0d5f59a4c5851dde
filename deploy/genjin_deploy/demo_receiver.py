"""A small webhook receiver for `make run`: verifies every delivery, shows it in one line, counts it for scripts.

It checks signatures with the official Standard Webhooks library, as any customer would, and knows nothing of Genjin.
"""

import json
import os
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import uvicorn
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEPT_MAX = 10_000
BODY_BYTES_MAX = 1024 * 1024
SUMMARY_CHARACTERS_MAX = 60


class DemoReceiver:
    """The ASGI application."""

    def __init__(self, secret: str, show: Callable[[str], None] = print) -> None:
        self._webhook = Webhook(secret)
        self._show = show
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT_MAX)
        self._verified_count = 0
        self._refused_count = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        match (scope["type"], scope.get("method"), scope.get("path")):
            case ("http", "POST", "/webhooks"):
                headers = {name.decode(): value.decode() for name, value in scope["headers"]}
                body = await _body(receive)
                await _answer(send, 413 if body is None else self._take(body, headers))
            case ("http", "GET", "/received"):
                await _answer(send, 200, self._received())
            case _:
                await _answer(send, 404)

    def _take(self, body: bytes, headers: dict[str, str]) -> int:
        """The answer's status. Only what is verified is kept; a refused delivery is shown, and counted."""
        try:
            content = self._webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError):
            self._refused_count += 1
            self._show(_line("✗", "not verified", headers, f"{len(body)} bytes"))
            return 401
        self._verified_count += 1
        fields = content if isinstance(content, dict) else {}
        kind = str(fields.get("type", "?"))
        self._kept.append(
            {
                "id": headers.get("webhook-id"),
                "type": kind,
                "position": _number(headers.get("webhook-cursor")),
                "sequence": _number(headers.get("webhook-sequence")),
            }
        )
        self._show(_line("✓", kind, headers, summary(fields.get("data"))))
        return 204

    def _received(self) -> dict[str, Any]:
        ids = {event["id"] for event in self._kept}
        return {
            "verified": self._verified_count,
            "refused": self._refused_count,
            "distinct_kept": len(ids),
            "events": list(self._kept),
        }


def summary(event: Any) -> str:
    """Who did it and to what, as far as the event says so."""
    if not isinstance(event, dict):
        return ""
    actor, data = event.get("actor"), event.get("data")
    by = str(actor.get("name") or actor.get("role") or "") if isinstance(actor, dict) else ""
    fields = data if isinstance(data, dict) else {}
    said = "  ".join(f"{k}={v}" for k, v in fields.items() if isinstance(v, str | int | float))
    text = f"{by}: {said}" if by and said else by or said
    return text if len(text) <= SUMMARY_CHARACTERS_MAX else f"{text[: SUMMARY_CHARACTERS_MAX - 1]}…"


def _line(mark: str, kind: str, headers: dict[str, str], text: str) -> str:
    clock = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    sequence = headers.get("webhook-sequence", "-")
    position = headers.get("webhook-cursor", "-")
    return f"{clock} webhook {mark} {kind:<28} version {sequence:<4} log @{position:<5} {text}"


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


async def _body(receive: Receive) -> bytes | None:
    """None when it is too large."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_BYTES_MAX:
            return None
    return body


async def _answer(send: Send, status: int, content: object = None) -> None:
    body = b"" if content is None else json.dumps(content).encode()
    headers = [(b"content-type", b"application/json")] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    uvicorn.run(
        DemoReceiver(os.environ["DEMO_WEBHOOK_SECRET"]),
        host="127.0.0.1",
        port=int(os.environ.get("GENJIN_RECEIVER_PORT", "8010")),
        lifespan="off",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
