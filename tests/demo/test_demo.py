"""`make demo` as a person starts it: the whole story on real processes."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

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


def test_the_demo_starts_a_run_tells_a_whole_pursuit_and_verifies_its_webhooks(
    tmp_path: Path,
) -> None:
    told = demo(settings(tmp_path))
    assert told.returncode == 0, told.stderr + told.stdout
    assert CLOSING_LINE.search(told.stdout)
    for code in ("gate_closed", "self_approval", "project_suspended"):
        assert code in told.stdout
    assert "judged on facts" in told.stdout
    assert "8 签约成交" in told.stdout
    assert "== stopped the run that the demo had started" in told.stdout
    assert not told.stderr


def test_the_demo_can_be_told_again_on_a_run_that_is_there_and_leaves_it_running(
    tmp_path: Path,
) -> None:
    environment = settings(tmp_path / "data")
    command = [sys.executable, "-m", "genjin_deploy.run"]
    run = Child("run", command, environment, tmp_path / "run.log")
    try:
        while not (tmp_path / "data" / "demo.json").exists():
            assert run.exit_code is None, (tmp_path / "run.log").read_text()
            time.sleep(0.05)
        first, second = demo(environment), demo(environment)
        assert run.exit_code is None
    finally:
        run.stop()
    for number, told in enumerate((first, second), start=1):
        assert told.returncode == 0, told.stderr + told.stdout
        assert CLOSING_LINE.search(told.stdout)
        assert re.search(rf"creates XM-\d{{8}}-0{number} ", told.stdout)


def test_a_run_that_cannot_start_is_named_and_ends_with_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = demo(settings(tmp_path, port))
    assert told.returncode == 1
    assert told.stderr.startswith("!! The run ended.")
    assert f"Port {port} is taken" in told.stderr
