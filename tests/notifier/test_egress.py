"""The way out, against receivers that misbehave."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from genjin_notifier.egress import Answer, Egress
from genjin_notifier.outcome import Outcome
from tests.notifier.receiver import Receiver, Reply

LOOPBACK = (ip_network("127.0.0.0/8"),)


def egress_with(**changes: Any) -> Egress:
    settings: dict[str, Any] = {
        "allow_http": True,
        "allowed_networks": LOOPBACK,
        "timeout_seconds": 0.5,
        "answer_bytes_max": 4096,
    }
    return Egress(**(settings | changes))


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    async with egress_with() as made:
        yield made


async def post(egress: Egress, receiver: Receiver, reply: Reply) -> Answer:
    receiver.reply = lambda _: reply
    return await egress.post(receiver.url, {"webhook-id": "1"}, b"{}")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_is_accepted(egress: Egress, receiver: Receiver, status: int) -> None:
    answer = await post(egress, receiver, Reply(status, body=b""))
    assert (answer.outcome, answer.status) == (Outcome.ACCEPTED, status)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 409, 410, 413, 429, 500, 502, 599])
async def test_anything_else_is_refused(egress: Egress, receiver: Receiver, status: int) -> None:
    answer = await post(egress, receiver, Reply(status, body=b""))
    assert (answer.outcome, answer.status) == (Outcome.REFUSED, status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(egress: Egress, receiver: Receiver, status: int) -> None:
    answer = await post(egress, receiver, Reply(status, {"location": f"{receiver.url}?elsewhere"}))
    assert (answer.outcome, answer.status) == (Outcome.REFUSED, status)
    assert [each.path for each in receiver.received] == ["/hook"]


async def test_a_body_that_drips_is_cut_at_the_deadline(egress: Egress, receiver: Receiver) -> None:
    started = time.monotonic()
    answer = await post(egress, receiver, Reply(200, body=b"x" * 1000, drip_seconds=0.05))
    assert answer.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - started < 2


async def test_a_receiver_that_says_nothing_times_out(egress: Egress, receiver: Receiver) -> None:
    assert (await post(egress, receiver, Reply(wait_seconds=5))).outcome is Outcome.TIMED_OUT


async def test_no_more_of_an_answer_is_read_than_may_be(egress: Egress, receiver: Receiver) -> None:
    answer = await post(egress, receiver, Reply(500, body=b"x" * 10_000_000))
    assert answer.outcome is Outcome.REFUSED
    assert answer.snippet == "x" * 2000
    assert (await post(egress, receiver, Reply(200))).outcome is Outcome.ACCEPTED


async def test_a_snippet_is_text_that_postgres_takes(egress: Egress, receiver: Receiver) -> None:
    answer = await post(egress, receiver, Reply(500, body=b"a\x00b\xff\xed\xa0\x80"))
    assert answer.snippet is not None
    assert answer.snippet.startswith("ab")
    assert "\x00" not in answer.snippet
    answer.snippet.encode()


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "7", 7),
        (503, " 120 ", 120),
        (500, "7", None),
        (200, "7", None),
        (429, "soon", None),
        (429, "-1", None),
    ],
)
async def test_retry_after_is_believed_on_429_and_503(
    egress: Egress, receiver: Receiver, status: int, header: str, seconds: float | None
) -> None:
    answer = await post(egress, receiver, Reply(status, {"Retry-After": header}))
    assert answer.retry_after_seconds == seconds


async def test_retry_after_may_be_a_date(egress: Egress, receiver: Receiver) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    answer = await post(egress, receiver, Reply(503, {"Retry-After": date}))
    assert answer.retry_after_seconds is not None
    assert 80 < answer.retry_after_seconds <= 90


async def test_a_connection_is_kept_and_used_again(egress: Egress, receiver: Receiver) -> None:
    for _ in range(5):
        await post(egress, receiver, Reply())
    assert len(receiver.received) == 5
    assert receiver.connections == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", Outcome.INVALID_ANSWER),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 30_000, Outcome.INVALID_ANSWER),
        (b"", Outcome.CONNECTION_FAILED),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", Outcome.CONNECTION_FAILED),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Outcome.ACCEPTED),
        (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Outcome.ACCEPTED),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
            Outcome.INVALID_ANSWER,
        ),
    ],
)
async def test_what_is_hardly_http_is_named(
    egress: Egress, answer: bytes, outcome: Outcome
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await egress.post(f"http://127.0.0.1:{port}/", {}, b"{}")).outcome is outcome


async def test_nobody_listening_is_a_failed_connection(egress: Egress) -> None:
    assert (await egress.post("http://127.0.0.1:1/", {}, b"")).outcome is Outcome.CONNECTION_FAILED


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://user:pass@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http:///path",
        "http://[broken/",
        "127.0.0.1",
    ],
)
async def test_an_address_or_url_that_is_none_of_ours_is_forbidden(
    egress: Egress, url: str
) -> None:
    assert (await egress.post(url, {}, b"")).outcome is Outcome.FORBIDDEN_ADDRESS


async def test_plain_http_needs_the_setting(receiver: Receiver) -> None:
    async with egress_with(allow_http=False) as strict:
        assert (await strict.post(receiver.url, {}, b"")).outcome is Outcome.FORBIDDEN_ADDRESS
    assert receiver.received == []


async def test_a_name_that_does_not_resolve_is_a_failed_look_up(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genjin_notifier.resolution.look_up", lambda _: [])
    assert (await egress.post("http://nowhere.example/", {}, b"")).outcome is Outcome.DNS_FAILED


@pytest.fixture
async def tls_port(tmp_path: Path) -> AsyncIterator[int]:
    """A receiver for hooks.example, with a certificate of its own making in tmp_path/cert.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"host: hooks.example:" in head
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_tls_is_verified_for_the_name_while_the_vetted_address_is_connected_to(
    tls_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genjin_notifier.resolution.look_up", lambda _: [ip_address("127.0.0.1")])
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    async with egress_with(allow_http=False, tls_context=trusting) as known:
        fine = await known.post(f"https://hooks.example:{tls_port}/", {}, b"{}")
        other = await known.post(f"https://other.example:{tls_port}/", {}, b"{}")
    async with egress_with(allow_http=False) as unknown:
        untrusted = await unknown.post(f"https://hooks.example:{tls_port}/", {}, b"{}")
    assert fine.outcome is Outcome.ACCEPTED
    assert other.outcome is Outcome.TLS_FAILED
    assert untrusted.outcome is Outcome.TLS_FAILED
