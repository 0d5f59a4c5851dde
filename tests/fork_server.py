"""Starts services as processes of their own, from a process that has imported them already: most of a start is that.

Such a process differs from `python -m genjin_api` in nothing but that: it has its environment, its output and its
process id, it runs the service's __main__, and it ends by signals and with exit codes as every process does.
"""

import atexit
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from tempfile import TemporaryFile
from typing import IO

IMPORTED = {"genjin_api": "genjin_api.command_line", "genjin_notifier": "genjin_notifier.notifier"}
_PID_BYTES = 4


@dataclass(slots=True)
class Forked:
    pid: int
    _ending: socket.socket
    _returncode: int | None = None

    @property
    def returncode(self) -> int | None:
        """As subprocess has it: None while it runs, negative after a signal."""
        return self.wait(0)

    def wait(self, timeout_seconds: float) -> int | None:
        if self._returncode is None and select.select([self._ending], [], [], timeout_seconds)[0]:
            self._returncode = int(self._ending.recv(16))
            self._ending.close()
        return self._returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it ends at this moment
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork(
    service: str, *arguments: str, env: Mapping[str, str], out: IO[bytes], error: IO[bytes]
) -> Forked:
    """A process of genjin_api or genjin_notifier. Its end is to be waited for."""
    ours, theirs = socket.socketpair()
    control, lock = _server(service)
    with TemporaryFile("w+") as order, theirs:
        json.dump({"arguments": arguments, "environment": dict(env)}, order)
        order.flush()
        passed = [each.fileno() for each in (theirs, order, out, error)]
        with lock:
            socket.send_fds(control, [b"!"], passed)
    return Forked(int.from_bytes(ours.recv(_PID_BYTES)), ours)


def run(
    service: str, *arguments: str, env: Mapping[str, str], timeout_seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """As subprocess.run with its output captured."""
    with TemporaryFile() as out, TemporaryFile() as error:
        process = fork(service, *arguments, env=env, out=out, error=error)
        if (returncode := process.wait(timeout_seconds)) is None:
            process.kill()
            process.wait(timeout_seconds)
            raise subprocess.TimeoutExpired([service, *arguments], timeout_seconds)
        out.seek(0)
        error.seek(0)
        printed = out.read().decode(), error.read().decode()
    return subprocess.CompletedProcess([service, *arguments], returncode, *printed)


@cache
def _server(service: str) -> tuple[socket.socket, threading.Lock]:
    """One for each service, for a process is to have the modules of its own alone. It ends with this process."""
    control, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", "tests.fork_server", service, str(theirs.fileno())]
        server = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL)

    def end() -> None:
        control.close()
        server.wait()

    atexit.register(end)
    return control, threading.Lock()


def _wait_for_order(control: socket.socket) -> list[str]:
    """Returns in a new process only, with its arguments; in the server itself it ends with the tests."""
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a keyboard's is for the tests, which then end this
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _tell_of_ends(running)
        if control in ready:
            _, descriptors, _, _ = socket.recv_fds(control, 1, 4)
            if not descriptors:
                sys.exit()
            asking, order = socket.socket(fileno=descriptors[0]), descriptors[1:]
            if pid := os.fork():
                asking.sendall(pid.to_bytes(_PID_BYTES))
                running[pid] = asking
                for descriptor in order:
                    os.close(descriptor)
            else:
                for ours in (control, woken, wake, asking, *running.values()):
                    ours.close()
                return _become(*order)


def _tell_of_ends(running: dict[int, socket.socket]) -> None:
    for pid in list(running):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with (
                running.pop(pid) as asking,
                suppress(BrokenPipeError),
            ):  # nobody waits for it any more
                asking.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(order: int, out: int, error: int) -> list[str]:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, standard in ((out, 1), (error, 2)):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    with os.fdopen(order) as file:
        file.seek(0)
        ordered = json.load(file)
    os.environ.clear()
    os.environ.update(ordered["environment"])
    return list(ordered["arguments"])


if __name__ == "__main__":
    import_module(IMPORTED[sys.argv[1]])
    service, control = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    sys.argv = [service, *_wait_for_order(control)]
    runpy.run_module(service, run_name="__main__", alter_sys=True)
