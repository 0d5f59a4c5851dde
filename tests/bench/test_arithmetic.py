"""The bench's arithmetic, and how its load reads answers."""

from collections.abc import Sequence

import pytest

from tests.bench.arithmetic import percentile, ratio, spread
from tests.bench.http_answer import AnswerReader, UnreadableAnswerError
from tests.bench.http_client import request
from tests.bench.http_load import Outcome
from tests.bench.rounds import by_turns

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = list(range(100, 0, -1))
    assert [percentile(hundred, share) for share in (0.01, 0.5, 0.99, 1)] == [1, 50, 99, 100]
    assert percentile([7.0], 0.5) == 7.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0), ([1.0], 1.01)])
def test_a_percentile_of_nothing_or_of_no_share_is_refused(
    values: Sequence[float], share: float
) -> None:
    with pytest.raises(ValueError):
        percentile(values, share)


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratio([10, 40, 90], [10, 20, 30]) == 2
    assert ratio([1, 2], [0, 1]) == 2
    assert ratio([1], [0]) is None
    assert spread([3, 1, 2]) == (1, 3)


async def test_every_other_round_goes_backwards() -> None:
    order = []

    async def side(name: str) -> str:
        order.append(name)
        return name

    ours, bare = await by_turns(3, 0.0, lambda _: side("ours"), lambda _: side("bare"))
    assert order == ["ours", "bare", "bare", "ours", "ours", "bare"]
    assert (ours, bare) == (["ours"] * 3, ["bare"] * 3)


@pytest.mark.parametrize("piece_bytes", [1, 2, 7, len(CREATED)])
def test_an_answer_is_whole_at_its_last_byte_however_it_comes(piece_bytes: int) -> None:
    reader = AnswerReader()
    for _ in range(2):
        pieces = [CREATED[at : at + piece_bytes] for at in range(0, len(CREATED), piece_bytes)]
        assert [reader.feed(piece) for piece in pieces] == [None] * (len(pieces) - 1) + [201]


def test_no_content_has_no_body() -> None:
    assert AnswerReader().feed(b"HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n") == 204


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\nhello",
        CREATED + b"H",
    ],
)
def test_an_answer_whose_end_cannot_be_told_is_unreadable(answer: bytes) -> None:
    with pytest.raises(UnreadableAnswerError):
        AnswerReader().feed(answer)


def test_a_request_announces_the_bytes_of_its_body() -> None:
    text = request("POST", "/x", {"A": "b"}, {"text": "王芳"})
    head, _, body = text.partition("\r\n\r\n")
    assert head.split("\r\n")[0] == "POST /x HTTP/1.1"
    assert f"Content-Length: {len(body.encode())}" in head.split("\r\n")
    assert "A: b" in head.split("\r\n")


def test_only_answers_of_success_count_as_work() -> None:
    outcome = Outcome(2.0, {"201": 10, "204": 2, "503": 3, "lost": 1}, p50_ms=1, p99_ms=2)
    assert (outcome.succeeded, outcome.rate) == (12, 6.0)
    assert outcome.errors == {"503": 3, "lost": 1}
