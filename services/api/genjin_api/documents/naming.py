"""What a file may be called, and what kind of content it may be said to have."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, Field, StringConstraints

MEDIA_TYPE_MAX = 127
UNKNOWN = "application/octet-stream"
SHA256 = r"^[0-9a-f]{64}$"

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE = re.compile(
    rf'{_TOKEN}/{_TOKEN}(?:[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|"[ -!#-\[\]-~]*"))*'
)
# They make a name look like another one: "exe.fdp" for "pdf.exe".
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_media_type(text: str) -> bool:
    """As RFC 9110 writes it, with parameters or without."""
    return len(text) <= MEDIA_TYPE_MAX and _MEDIA_TYPE.fullmatch(text) is not None


def _media_type(text: str) -> str:
    if not is_media_type(text):
        raise ValueError("must be a media type, as application/pdf")
    return text


def _file_name(text: str) -> str:
    if text in (".", "..") or any(character in "/\\" for character in text):
        raise ValueError("must be a name without a folder")
    if any(unicodedata.category(one) == "Cc" or one in _TURNING for one in text):
        raise ValueError("must not contain control characters")
    return text


FileName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_file_name),
    Field(examples=["技术协议.pdf"]),
]
MediaType = Annotated[
    str, StringConstraints(max_length=MEDIA_TYPE_MAX), AfterValidator(_media_type)
]


def disposition(file_name: str) -> str:
    """The value of Content-Disposition (RFC 6266): a browser saves the file under its name and never shows it."""
    plain = re.sub(r"[^ !#-\[\]-~]", "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
