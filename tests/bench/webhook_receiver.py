"""A fast receiver in a process of its own: answers every webhook with 204 and notes its id and the time.
`python -m tests.bench.webhook_receiver` with RECEIVER_PORT; GET /received shows [[id, seconds since 1970], …].
"""

import asyncio
import json
import os
import time
from typing import cast

import httptools
import uvloop

from genjin_deploy.ports import HOST

_NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
_received: list[tuple[str, float]] = []


class Receiving(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self._parser = httptools.HttpRequestParser(self)
        self._webhook_id = ""

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"webhook-id":
            self._webhook_id = value.decode()

    def on_message_complete(self) -> None:
        if self._parser.get_method() == b"GET":
            body = json.dumps(_received).encode()
            self._transport.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                % len(body)
            )
            self._transport.write(body)
        else:
            _received.append((self._webhook_id, time.time()))
            self._transport.write(_NO_CONTENT)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Receiving, HOST, int(os.environ["RECEIVER_PORT"]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
