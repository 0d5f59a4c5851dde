"""An object store on loopback, over real HTTP: it keeps objects by their path, and lets in who signs what they send."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from genjin_api.documents.aws_signature import AccessKey, signed_headers

KEY = AccessKey("AKIATEST", "test-secret", region="eu-test-1")
BUCKET = "genjin-files"


@dataclass
class ObjectServer:
    """objects are by path. answer, where it is set, is given to everybody: a status and a body."""

    objects: dict[str, bytes] = field(default_factory=dict)
    answer: tuple[int, bytes] | None = None
    url: str = ""

    def found(self, request: BaseHTTPRequestHandler, content: bytes) -> tuple[int, bytes]:
        """What a request is answered with."""
        if self.answer is not None:
            return self.answer
        if not _is_signed(request, content):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        if not request.path.startswith(f"/{BUCKET}/"):
            return 404, b"<Error><Code>NoSuchBucket</Code></Error>"
        if request.command == "PUT":
            self.objects[request.path] = content
            return 200, b""
        if request.path not in self.objects:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>"
        return 200, self.objects[request.path]

    def settings(self, **more: str) -> dict[str, str]:
        """The API's."""
        return {
            "GENJIN_FILE_STORE": "s3",
            "GENJIN_S3_ENDPOINT": self.url,
            "GENJIN_S3_REGION": KEY.region,
            "GENJIN_S3_BUCKET": BUCKET,
            "GENJIN_S3_ACCESS_KEY_ID": KEY.key_id,
            "GENJIN_S3_SECRET_ACCESS_KEY": KEY.secret,
            **more,
        }


@contextmanager
def object_server() -> Iterator[ObjectServer]:
    store = ObjectServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(*store.found(self, b""))

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            self._reply(*store.found(self, content))

        def _reply(self, status: int, said: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _is_signed(request: BaseHTTPRequestHandler, content: bytes) -> bool:
    """Whether what arrived is what was signed: the method, the path, the host, the content."""
    moment = datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    host = {"Host": request.headers["host"]}
    content_sha256 = sha256(content).hexdigest()
    assert request.command is not None
    expected = signed_headers(KEY, request.command, request.path, host, content_sha256, moment)
    return all(request.headers[name] == value for name, value in expected.items())
