"""Signatures are those of the examples that AWS publishes for Amazon S3 (Signature Version 4 in a header)."""

from datetime import UTC, datetime
from hashlib import sha256

from genjin_api.documents.aws_signature import AccessKey, signed_headers

KEY = AccessKey(
    "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1"
)
HOST = "examplebucket.s3.amazonaws.com"
MOMENT = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = sha256(b"").hexdigest()


def test_getting_an_object_is_signed_as_published() -> None:
    headers = {"Host": HOST, "Range": "bytes=0-9"}
    signed = signed_headers(KEY, "GET", "/test.txt", headers, NOTHING, MOMENT)
    assert signed["x-amz-date"] == "20130524T000000Z"
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_putting_an_object_is_signed_as_published() -> None:
    headers = {
        "Host": HOST,
        "Date": "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }
    content = sha256(b"Welcome to Amazon S3.").hexdigest()
    signed = signed_headers(KEY, "PUT", "/test%24file.text", headers, content, MOMENT)
    assert signed["Authorization"].endswith(
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )


def test_the_secret_is_not_shown() -> None:
    assert KEY.secret not in repr(KEY)
