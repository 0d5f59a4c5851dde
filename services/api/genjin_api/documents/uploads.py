"""The door for files: raw bytes of any kind, counted as they come."""

import asyncio
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from genjin_api.documents.naming import MEDIA_TYPE_MAX, UNKNOWN, is_media_type
from genjin_api.http.documents import writes_bytes
from genjin_api.http.problems import ProblemError

UPLOAD_SECONDS_MAX = 300.0

ACCEPTS = (
    "The bytes of the file themselves, no form around them, up to GENJIN_FILE_BYTES_MAX. Content-Type is kept as the "
    "file's media type. The same bytes again are the same file."
)


def uploads(model: Any, *codes: Any) -> dict[str, Any]:
    """Keyword arguments of a route that takes a file."""
    return writes_bytes(model, UNKNOWN, ACCEPTS, *codes)


def media_type_of(request: Request) -> str:
    """What the client says that the file is. Raises ProblemError for what would be kept otherwise than it was meant."""
    media_type = request.headers.get("content-type", "").strip() or UNKNOWN
    if not is_media_type(media_type):
        rule = f"a media type of at most {MEDIA_TYPE_MAX} characters, as application/pdf"
        raise ProblemError("header_invalid", f"Content-Type must be {rule}")
    if media_type.lower().startswith("multipart/"):
        raise ProblemError("header_invalid", "send the file's bytes themselves, not a form")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError("header_invalid", "send the bytes as they are, without Content-Encoding")
    return media_type


async def read_file(request: Request, bytes_max: int) -> bytes:
    """The body, as soon as it is too large no more of it. Raises ProblemError."""
    try:
        async with asyncio.timeout(UPLOAD_SECONDS_MAX):
            content = await _read(request, bytes_max)
    except ClientDisconnect as error:
        raise ProblemError("body_missing", "the body did not come to its end") from error
    except TimeoutError as error:
        detail = f"the body did not come within {UPLOAD_SECONDS_MAX:.0f} seconds"
        raise ProblemError("busy", detail) from error
    if not content:
        raise ProblemError("body_missing", "send the bytes of the file")
    return content


async def _read(request: Request, bytes_max: int) -> bytes:
    announced = request.headers.get("content-length", "")
    chunks: list[bytes] = []
    size = int(announced) if announced.isdecimal() else 0
    if size <= bytes_max:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > bytes_max:
                break
            chunks.append(chunk)
    if size > bytes_max:
        raise ProblemError("body_too_large", f"the file has more than {bytes_max} bytes")
    return b"".join(chunks)
