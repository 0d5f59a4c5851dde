"""The verifier's Ed25519, in plain Python, against RFC 8032 §7.1 and against a library."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin.evidence.verify import ed25519_holds

# public key, message, signature
RFC_8032 = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
}


@pytest.mark.parametrize("name", RFC_8032)
def test_the_vectors_of_the_rfc_hold(name: str) -> None:
    public_key, message, signature = (bytes.fromhex(text) for text in RFC_8032[name])
    assert ed25519_holds(public_key, message, signature)
    assert not ed25519_holds(public_key, message + b"\x00", signature)


@given(st.binary(max_size=200), st.integers(0, 63), st.integers(1, 255))
@settings(max_examples=25, deadline=None)
def test_what_the_library_signed_holds_until_a_byte_is_changed(
    message: bytes, at: int, change: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(os.urandom(32))
    public_key = key.public_key().public_bytes_raw()
    signature = key.sign(message)
    assert ed25519_holds(public_key, message, signature)
    changed = bytearray(signature)
    changed[at] ^= change
    assert not ed25519_holds(public_key, message, bytes(changed))


def test_a_signature_with_the_order_of_the_group_added_does_not_hold() -> None:
    key = Ed25519PrivateKey.generate()
    signature = key.sign(b"checkpoint")
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order
    forged = signature[:32] + scalar.to_bytes(32, "little")
    public_key = key.public_key().public_bytes_raw()
    assert not ed25519_holds(public_key, b"checkpoint", forged)


@pytest.mark.parametrize("length", [0, 31, 63, 65])
def test_a_signature_of_another_length_does_not_hold(length: int) -> None:
    public_key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not ed25519_holds(public_key, b"", bytes(length))
