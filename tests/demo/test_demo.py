"""`make demo` as a person starts it: the whole story on real processes."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from genjin_deploy.demo_file import DemoFile
from genjin_deploy.ports import HOST, free_port
from genjin_deploy.processes import Child

DEMO_TIMEOUT_SECONDS = 60
CLOSING_LINE = re.compile(
    r"✓ (\d+) events in the log, \1 webhooks received, \1 signatures verified, order kept"
)


def settings(data: Path, port: int | None = None) -> dict[str, str]:
    """The environment of a run of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {
        "GENJIN_DATA": str(data),
        "GENJIN_PORT": str(port or free_port()),
        "GENJIN_RECEIVER_PORT": str(free_port()),
    }


def demo(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "genjin_deploy.demo"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEMO_TIMEOUT_SECONDS,
    )


class Telling(NamedTuple):
    environment: dict[str, str]
    told: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def first_telling(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    """On an empty folder; what it leaves there is there for the next."""
    environment = settings(tmp_path_factory.mktemp("demo") / "data")
    return Telling(environment, demo(environment))


def test_the_demo_starts_a_run_tells_a_whole_pursuit_and_verifies_its_webhooks(
    first_telling: Telling,
) -> None:
    told = first_telling.told
    assert told.returncode == 0, told.stderr + told.stdout
    assert CLOSING_LINE.search(told.stdout)
    for code in ("gate_closed", "self_approval", "project_suspended"):
        assert code in told.stdout
    assert "judged on facts" in told.stdout
    assert "8 签约成交" in told.stdout
    assert re.search(r"creates XM-\d{8}-01 ", told.stdout)
    assert "== stopped the run that the demo had started" in told.stdout
    assert not told.stderr


def test_the_demo_can_be_told_again_on_a_run_that_is_there_and_leaves_it_running(
    first_telling: Telling, tmp_path: Path
) -> None:
    environment = first_telling.environment
    file = Path(environment["GENJIN_DATA"]) / "demo.json"
    command = [sys.executable, "-m", "genjin_deploy.run"]
    run = Child("run", command, environment, tmp_path / "run.log")
    try:
        while "runner" not in DemoFile(file).notes.processes:
            assert run.exit_code is None, (tmp_path / "run.log").read_text()
            time.sleep(0.05)
        told = demo(environment)
        assert run.exit_code is None
    finally:
        run.stop()
    assert told.returncode == 0, told.stderr + told.stdout
    assert "== using the run on" in told.stdout
    assert CLOSING_LINE.search(told.stdout)
    assert re.search(r"creates XM-\d{8}-02 ", told.stdout)


def test_a_run_that_cannot_start_is_named_and_ends_with_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = demo(settings(tmp_path, port))
    assert told.returncode == 1
    assert told.stderr.startswith("!! The run ended.")
    assert f"Port {port} is taken" in told.stderr
