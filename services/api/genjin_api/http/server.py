"""uvicorn as the API runs it: it lets long answers end before it waits for them, and cut off a client that stalls."""

import socket
import sys

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from genjin.settings import ApiSettings
from genjin_api.http.streams import ABORT


class Protocol(HttpToolsProtocol):
    """Gives each request the way to end its connection at once."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"abort": self.transport.abort}}


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.services.feed.end_streams()
        await super().shutdown(sockets)


def serve_http(app: FastAPI, settings: ApiSettings) -> None:
    """Until a signal. Exit 3 when it could not start."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Protocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,
        server_header=False,
    )
    server = Server(config, app)
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(3)
