"""A real PostgreSQL for `make run` and the tests: no Docker, no installation, no root needed.

Durable like a production server (fsync and synchronous_commit on, checksums); small in memory; on 127.0.0.1 only, with
a random password. Beside the data folder stand `postgres.password`, `postgres.port` and `postgres.log`.
"""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from genjin_deploy import postgres_binaries, postmaster
from genjin_deploy.ports import HOST, free_port, port_is_free
from genjin_deploy.postgres_binaries import PostgresUnavailable
from genjin_deploy.postgres_data import SUPERUSER, make_data
from genjin_deploy.private_files import kept, write_private

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 20.0

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %a ",
}


class EmbeddedPostgres:
    """One server on one data folder. Start it again after anything, also kill -9: it recovers."""

    def __init__(self, data_dir: Path, port: int | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.log_file = self.data_dir.parent / "postgres.log"
        self._password_file = self.data_dir.parent / "postgres.password"
        self._port_file = self.data_dir.parent / "postgres.port"
        self._fixed_port = port
        self._port: int | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it accepts connections. A server that a killed run left on this folder is shut down first."""
        if self.running:
            return
        make_data(self.data_dir, self._password_file)
        orphan = postmaster.find_postmaster(self.data_dir)
        if orphan is not None:
            postmaster.shut_down(orphan, STOP_TIMEOUT_SECONDS)
        postmaster.remove_stale_file(self.data_dir)
        self._port = self._choose_port()
        self._server = self._launch(self._port)
        self._wait_until_ready(self._server)

    def stop(self) -> None:
        """Orderly: open transactions are rolled back, the next start needs no recovery."""
        self._shut_down(postmaster.FAST_SHUTDOWN, postmaster.IMMEDIATE_SHUTDOWN)

    def discard(self) -> None:
        """For a server whose data nobody wants any more: no last checkpoint, which syncs every file of every database;
        then the data goes.
        """
        self._shut_down(postmaster.IMMEDIATE_SHUTDOWN)
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _shut_down(self, *ways: signal.Signals) -> None:
        if self._server is not None:
            if self.running:
                process = psutil.Process(self._server.pid)
                postmaster.shut_down(process, STOP_TIMEOUT_SECONDS, ways)
            self._server.wait()
            self._server = None

    def kill(self) -> None:
        """kill -9, as fault tests need it. Committed rows survive."""
        if self._server is not None:
            if self.running:
                postmaster.kill_with_backends(psutil.Process(self._server.pid))
            self._server.wait()
            self._server = None

    def restart(self) -> None:
        """Stop and start; the port stays."""
        self.stop()
        self.start()

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._server is None else self._server.poll()

    @property
    def pid(self) -> int | None:
        return None if self._server is None else self._server.pid

    @property
    def port(self) -> int:
        if self._port is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._port

    def dsn(self, database: str = "postgres") -> str:
        """The superuser's URL."""
        return f"postgresql://{SUPERUSER}:{self._password()}@{HOST}:{self.port}/{database}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _password(self) -> str:
        return self._password_file.read_text(encoding="utf-8").strip()

    def _choose_port(self) -> int:
        """The port of the last start if it is still free, so that connection strings people noted go on working."""
        if self._fixed_port is not None:
            return self._fixed_port
        noted = kept(self._port_file, lambda: str(free_port()))
        if noted.isdigit() and port_is_free(int(noted)):
            return int(noted)
        port = free_port()
        write_private(self._port_file, f"{port}\n")
        return port

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        """A session of its own, so that Ctrl-C in the terminal reaches only the runner, which stops things in order."""
        if not port_is_free(port):
            raise PostgresUnavailable(f"Port {port} is taken on {HOST}; PostgreSQL needs it.")
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, "port": port}.items()]
        server = [str(postgres_binaries.program("postgres")), "-D", str(self.data_dir), *settings]
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                postgres_binaries.as_owner(server, self.data_dir),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data_dir,
                start_new_session=True,
            )

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            found = postmaster.read_postmaster_file(self.data_dir)
            if found is not None and found.pid == server.pid and found.ready:
                return
            time.sleep(0.02)
        self.kill()
        tail = "\n".join(self.log_file.read_text(errors="replace").splitlines()[-15:])
        raise PostgresUnavailable(f"PostgreSQL did not start. The end of {self.log_file}:\n{tail}")
