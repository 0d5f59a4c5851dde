"""Short words for files and documents of a project, over HTTP."""

from hashlib import sha256
from typing import Any

from tests.pursuit import Pursuit, done

AGREEMENT = "技术协议（盖章版）.pdf"


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


async def upload(pursuit: Pursuit, content: bytes, media_type: str = "application/pdf") -> str:
    """The marketer brings a file; its hash."""
    answer = await pursuit.world.marketer.client.post(
        f"{pursuit.path}/files", content=content, headers={"Content-Type": media_type}
    )
    file_hash: str = done(answer).json()["file"]["sha256"]
    return file_hash


async def attach(pursuit: Pursuit, file_hash: str, **more: Any) -> dict[str, Any]:
    """The document, as it was answered."""
    body = {"sha256": file_hash, "title": "技术协议", "file_name": AGREEMENT, **more}
    document: dict[str, Any] = (await pursuit.post("documents", body))["document"]
    return document


def content_path(pursuit: Pursuit, document: dict[str, Any]) -> str:
    return f"{pursuit.path}/documents/{document['id']}/content"
