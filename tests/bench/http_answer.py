"""Reads HTTP/1.1 answers off a connection that carries one request at a time."""


class UnreadableAnswerError(Exception):
    """Not HTTP/1.1, or an answer whose end cannot be told."""


class AnswerReader:
    """feed() takes bytes as they come and returns the status when the answer is whole. Bodies are passed over."""

    __slots__ = ("_head", "_missing_bytes", "_status")

    def __init__(self) -> None:
        self._head = b""
        self._status: int | None = None
        self._missing_bytes = 0

    def feed(self, data: bytes) -> int | None:
        if self._status is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._status = _status(self._head)
            length = 0 if self._status in (204, 304) else _content_length(self._head[: end + 2])
            self._missing_bytes = length - (len(self._head) - end - 4)
            self._head = b""
        else:
            self._missing_bytes -= len(data)
        if self._missing_bytes < 0:
            raise UnreadableAnswerError("more bytes than were announced")
        if self._missing_bytes > 0:
            return None
        status, self._status = self._status, None
        return status


def _status(head: bytes) -> int:
    if not head.startswith(b"HTTP/1.1 ") or not head[9:12].isdigit():
        raise UnreadableAnswerError(head[:40].decode("latin-1"))
    return int(head[9:12])


def _content_length(head: bytes) -> int:
    name = b"\r\ncontent-length:"
    start = head.lower().find(name)
    if start < 0:
        raise UnreadableAnswerError("an answer without Content-Length")
    value = head[start + len(name) : head.index(b"\r\n", start + 2)].strip()
    if not value.isdigit():
        raise UnreadableAnswerError(f"Content-Length: {value.decode('latin-1')}")
    return int(value)
