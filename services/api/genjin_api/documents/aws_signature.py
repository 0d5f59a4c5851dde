"""AWS Signature Version 4, as S3-compatible stores ask for it, in the header of one request. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """secret is shown nowhere."""

    key_id: str
    secret: str = field(repr=False)
    region: str


def signed_headers(
    key: AccessKey,
    method: str,
    path: str,
    headers: Mapping[str, str],
    content_sha256: str,
    moment: datetime,
) -> dict[str, str]:
    """The headers with those that a signed request has besides. path is encoded as it is sent, and has no query;
    headers has Host. content_sha256, in hexadecimal, is that of the request's body.
    """
    at = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    signed = {**headers, "x-amz-content-sha256": content_sha256, "x-amz-date": at}
    by_name = sorted((name.lower(), value.strip()) for name, value in signed.items())
    names = ";".join(name for name, _ in by_name)
    lines = "".join(f"{name}:{value}\n" for name, value in by_name)
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{content_sha256}"
    scope = f"{at[:8]}/{key.region}/s3/aws4_request"
    text = f"{_ALGORITHM}\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = _hmac(_signing_key(key, at[:8]), text).hex()
    said = f"Credential={key.key_id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**signed, "Authorization": f"{_ALGORITHM} {said}"}


def _signing_key(key: AccessKey, day: str) -> bytes:
    found = f"AWS4{key.secret}".encode()
    for part in (day, key.region, "s3", "aws4_request"):
        found = _hmac(found, part)
    return found


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
