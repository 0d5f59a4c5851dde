"""The processes of `make run`: started, watched, stopped; also those that a killed run left behind."""

import contextlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from genjin_deploy.demo_file import NotedProcess
from genjin_deploy.process_end import has_ended, wait_for_end

STOP_TIMEOUT_SECONDS = 15.0


class Child:
    """One process of ours, in a session of its own (the terminal's Ctrl-C is for the runner), its output in a log."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], log_file: Path
    ) -> None:
        self.name = name
        self.command = command
        self.log_file = log_file
        self._shown_bytes = log_file.stat().st_size if log_file.exists() else 0
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """SIGTERM, then SIGKILL for it and whatever it started."""
        if self.exit_code is None:
            stop_process(psutil.Process(self.pid))
        self._process.wait()

    def new_output(self) -> str:
        """What it has written since the last call, in whole lines."""
        with self.log_file.open("rb") as log:
            log.seek(self._shown_bytes)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._shown_bytes += len(whole)
        return whole.decode(errors="replace")


def stop_process(process: psutil.Process) -> None:
    """SIGTERM; then SIGKILL for what is left of it and of those it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        process.terminate()
        wait_for_end([process], STOP_TIMEOUT_SECONDS)
        for straggler in wait_for_end(family, timeout_seconds=0.5):
            with contextlib.suppress(psutil.NoSuchProcess):
                straggler.kill()
        wait_for_end(family, timeout_seconds=5)


def own_command() -> tuple[int, list[str]]:
    """This process, as a note of it looks."""
    process = psutil.Process()
    return process.pid, process.cmdline()


def find_noted(noted: NotedProcess) -> psutil.Process | None:
    """The live process of a note. A pid is used again after a while, so the command line must be the same too."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(noted.pid)
        if process.cmdline() == noted.command and not has_ended(process):
            return process
    return None


def stop_leftovers(noted: Mapping[str, NotedProcess], names: tuple[str, ...]) -> list[str]:
    """Stop those of these names that still run; their names."""
    stopped = []
    for name in names:
        if name in noted and (process := find_noted(noted[name])):
            stop_process(process)
            stopped.append(name)
    return stopped


def log_tail(path: Path, lines: int = 20) -> str:
    """The end of a log, for a message; empty when there is none."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
