"""The content of files in a bucket of an S3-compatible object store: <workspace>/<hash>."""

import asyncio
import hashlib
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from genjin.settings import ApiSettings
from genjin_api.documents.aws_signature import AccessKey, signed_headers

ANSWER_SECONDS_MAX = 60.0
CONNECTIONS_MAX = 32
_NOTHING = hashlib.sha256(b"").hexdigest()
_SHOWN_MAX = 300


class ObjectStoreError(ConnectionError):
    """The store is away, or refuses: the client may try again."""


class ObjectStore:
    """endpoint is as https://s3.example.com; the bucket is named in the path, as every such store takes it."""

    def __init__(self, endpoint: str, bucket: str, key: AccessKey) -> None:
        self._host = urlsplit(endpoint).netloc
        self._endpoint = endpoint
        self._bucket = bucket
        self._key = key
        self._client = httpx.AsyncClient(
            timeout=10.0,
            trust_env=False,
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        )

    async def put(self, workspace_id: UUID, sha256: bytes, content: bytes) -> None:
        """Raises ObjectStoreError."""
        request = self._request("PUT", workspace_id, sha256, content, sha256.hex())
        status, said = await self._answer(request, _SHOWN_MAX)
        if status != httpx.codes.OK:
            raise _refused(request, status, said)

    async def get(self, workspace_id: UUID, sha256: bytes, size: int) -> bytes | None:
        """None where the bucket has it not. Raises ObjectStoreError."""
        request = self._request("GET", workspace_id, sha256, b"", _NOTHING)
        status, said = await self._answer(request, max(size + 1, _SHOWN_MAX))
        if status == httpx.codes.NOT_FOUND and b"NoSuchBucket" not in said:
            return None
        if status != httpx.codes.OK:
            raise _refused(request, status, said)
        return said[: size + 1]

    async def close(self) -> None:
        await self._client.aclose()

    def _request(
        self, method: str, workspace_id: UUID, sha256: bytes, content: bytes, content_sha256: str
    ) -> httpx.Request:
        path = f"/{self._bucket}/{workspace_id}/{sha256.hex()}"
        headers = signed_headers(
            self._key, method, path, {"Host": self._host}, content_sha256, datetime.now(UTC)
        )
        return self._client.build_request(
            method, f"{self._endpoint}{path}", content=content, headers=headers
        )

    async def _answer(self, request: httpx.Request, bytes_max: int) -> tuple[int, bytes]:
        """The status, and of the body so much."""
        said = bytearray()
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                response = await self._client.send(request, stream=True)
                try:
                    async for chunk in response.aiter_raw():
                        said += chunk
                        if len(said) >= bytes_max:
                            break
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError) as error:
            raise ObjectStoreError(f"{request.method} {request.url}: {error!r}") from error
        return response.status_code, bytes(said[:bytes_max])


def _refused(request: httpx.Request, status: int, said: bytes) -> ObjectStoreError:
    text = said[:_SHOWN_MAX].decode(errors="replace")
    return ObjectStoreError(f"{request.method} {request.url}: {status} {text}")


def object_store(settings: ApiSettings) -> ObjectStore | None:
    """None where the settings name none."""
    secret = settings.s3_secret_access_key
    if not (settings.s3_endpoint and settings.s3_bucket and settings.s3_access_key_id and secret):
        return None
    key = AccessKey(settings.s3_access_key_id, secret.get_secret_value(), settings.s3_region)
    return ObjectStore(settings.s3_endpoint.rstrip("/"), settings.s3_bucket, key)
