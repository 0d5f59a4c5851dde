"""`make run`: everything on this machine, from an empty checkout to an API that answers.

Starts PostgreSQL, migrates, adds a demo workspace, starts the API, a receiver and the notifier, prints what to try,
and runs until Ctrl-C. What a killed run left behind, the next one stops first.
"""

import fcntl
import http.client
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from genjin_deploy.demo_database import (
    ensure_demo_workspace,
    environment,
    prepare_database,
    start_postgres,
)
from genjin_deploy.demo_file import DemoFile
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.ports import HOST, port_is_free
from genjin_deploy.postgres_binaries import PostgresUnavailable
from genjin_deploy.processes import Child, log_tail, own_command, stop_leftovers
from genjin_deploy.progress import RunFailed, Stopped, say, step
from genjin_deploy.run_settings import RunSettings, read_run_settings
from genjin_deploy.what_to_try import what_to_try

READY_TIMEOUT_SECONDS = 60
# In the order of stopping: the notifier before the receiver, so that no delivery fails only because the run ends.
SERVICES = ("notifier", "receiver", "api")


def main() -> None:
    settings = read_run_settings()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        with only_run(settings.folder), ExitStack() as started:
            Run(settings, stop, started).go()
    except Stopped:
        pass
    except (RunFailed, PostgresUnavailable) as error:
        sys.exit(f"!! {error}")


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """One run per data folder. The lock is the system's: it goes with the process, however that ends."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            runner = DemoFile(folder / "demo.json").notes.processes.get("runner")
            who = f" (process {runner.pid})" if runner else ""
            raise RunFailed(
                f"Genjin already runs on {folder}{who}: stop it with Ctrl-C, "
                "or set GENJIN_DATA, GENJIN_PORT and GENJIN_RECEIVER_PORT for a second one."
            ) from None
        yield


class Run:
    """One run: what it started, it stops, in the opposite order."""

    def __init__(self, settings: RunSettings, stop: threading.Event, started: ExitStack) -> None:
        self.settings = settings
        self.stop = stop
        self.started = started
        self.file = DemoFile(settings.folder / "demo.json")
        self.postgres: EmbeddedPostgres | None = None
        self.children: list[Child] = []
        self.environment: dict[str, str] = {}

    def go(self) -> None:
        """Raises Stopped or RunFailed; never returns otherwise."""
        self.clear_the_way()
        self.started.callback(self.file.forget_processes)
        self.started.callback(say, "== stopped")
        self.prepare()
        self.start_services()
        self.started.callback(say, "\n== stopping")
        say()
        for line in what_to_try(self.settings.api_url, self.receiver_url, self.file.notes.people):
            say(line)
        say("\nEvents arrive below as the receiver sees them. Ctrl-C stops everything.")
        self.watch()

    def clear_the_way(self) -> None:
        """What a killed run left is stopped; a port that someone else holds is named with its setting."""
        for name in stop_leftovers(self.file.notes.processes, SERVICES):
            say(f"== stopped the {name} that an earlier run left behind")
        self.file.forget_processes()
        self.file.note_process("runner", *own_command())
        for port, variable in (
            (self.settings.port, "GENJIN_PORT"),
            (self.settings.receiver_port, "GENJIN_RECEIVER_PORT"),
        ):
            if not port_is_free(port):
                raise RunFailed(f"Port {port} is taken: set {variable} to a free one.")

    def prepare(self) -> None:
        self.postgres = start_postgres(self.settings, self.stop, self.started)
        if self.postgres is not None and self.postgres.pid is not None:
            self.file.note_process("postgres", self.postgres.pid, [])
        admin_dsn = self.postgres.dsn() if self.postgres else str(self.settings.database_url)
        databases = prepare_database(self.settings, self.stop, admin_dsn)
        urls = {"api": self.settings.api_url, "receiver": self.settings.receiver_url}
        self.file.note_addresses(urls, databases)
        self.environment = environment(self.settings, databases)
        ensure_demo_workspace(self.settings, self.stop, self.file, self.environment)

    def start_services(self) -> None:
        step(self.stop, "starting the API")
        api = self.start("api", "genjin_api")
        self.wait_for(api, self.settings.port, "/readyz")
        if self.receiver_url is not None:
            step(self.stop, "starting the webhook receiver")
            secret = str(self.file.notes.subscription["secret"])
            receiver = self.start(
                "receiver", "genjin_deploy.demo_receiver", DEMO_WEBHOOK_SECRET=secret
            )
            self.wait_for(receiver, self.settings.receiver_port, "/received")
        step(self.stop, "starting the notifier")
        self.start("notifier", "genjin_notifier")

    @property
    def receiver_url(self) -> str | None:
        """None without a demo subscription: a delivery that nobody can verify is not worth showing."""
        return self.settings.receiver_url if "secret" in self.file.notes.subscription else None

    def start(self, name: str, module: str, **extra: str) -> Child:
        command = [sys.executable, "-m", module]
        log_file = self.settings.logs / f"{name}.log"
        child = Child(name, command, self.environment | extra, log_file)
        self.started.callback(child.stop)
        self.children.append(child)
        self.file.note_process(name, child.pid, command)
        return child

    def wait_for(self, child: Child, port: int, path: str) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            self.raise_if_something_ended()
            if answers(port, path):
                return
            self.pause(0.1)
        tail = log_tail(child.log_file)
        raise RunFailed(f"The {child.name} does not answer {path}. The end of its log:\n{tail}")

    def watch(self) -> None:
        shown = [child for child in self.children if child.name == "receiver"]
        while True:
            self.raise_if_something_ended()
            for child in shown:
                print(child.new_output(), end="", flush=True)
            self.pause(0.1)

    def pause(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise Stopped

    def raise_if_something_ended(self) -> None:
        if self.postgres is not None and not self.postgres.running:
            raise _ended("PostgreSQL", self.postgres.exit_code, self.postgres.log_file)
        for child in self.children:
            if child.exit_code is not None:
                raise _ended(f"The {child.name}", child.exit_code, child.log_file)


def _ended(name: str, exit_code: int | None, log_file: Path) -> RunFailed:
    return RunFailed(
        f"{name} ended unexpectedly (exit code {exit_code}). The end of {log_file}:\n"
        f"{log_tail(log_file)}"
    )


def answers(port: int, path: str) -> bool:
    """Whether something there says 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            return connection.getresponse().status == 200
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
