"""Peers of the table: those that are there are asked, those that are not are named."""

import sys
from pathlib import Path

import pytest

from tests.bench.machine import Machine
from tests.bench.peers.peer import Program, open_peers
from tests.bench.row import QUICK, Row
from tests.bench.table import show

ANSWERS = """
import os, sys
print("ready", flush=True)
for line in sys.stdin:
    callers, batch, seconds = line.split()
    print(int(callers) * int(batch) / float(seconds) + int(os.environ["MORE"]), flush=True)
"""
HERE = [Path(sys.executable)]
MACHINE = Machine("a processor", 2, 0.0, "3.11", "18.6", 0.1, "0000000")


def program(name: str, script: str, needs: list[Path]) -> Program:
    return Program(name, [sys.executable, "-c", script], needs)


async def test_a_peer_is_told_its_load_and_where_postgres_is() -> None:
    programs = [program("first", ANSWERS, HERE), program("second", ANSWERS, HERE)]
    async with open_peers(programs, {"MORE": "7"}) as peers:
        assert [await peer.rate(8, 100, 0.5) for peer in peers.values()] == [1607.0, 1607.0]
        assert await peers["second"].rate(1, 1, 1.0) == 8.0


async def test_a_peer_that_lacks_something_is_not_started(tmp_path: Path) -> None:
    missing = program("missing", "raise SystemExit(1)", [*HERE, tmp_path / "package"])
    async with open_peers([missing, program("there", ANSWERS, HERE)], {"MORE": "0"}) as peers:
        assert list(peers) == ["there"]


async def test_a_peer_that_ends_is_named() -> None:
    with pytest.raises(RuntimeError, match="brittle ended with 3"):
        async with open_peers([program("brittle", "raise SystemExit(3)", HERE)], {}):
            pass


def test_the_table_says_which_peer_is_not_installed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Row(what="beside one", unit="events/s", ours=[10.0], baseline=[5.0], baseline_is="one"),
        Row(what="beside another", unit="events/s", ours=[10.0], baseline_is="another"),
        Row(what="alone", unit="events/s", ours=[10.0]),
    ]
    show(MACHINE, QUICK, rows)
    shown = capsys.readouterr().out
    assert "another: not installed" in shown
    assert shown.count("not installed") == 1
    assert "2.00" in shown
