"""A run to tell the story on: the one that is there, or one of our own that ends with the story."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from genjin_deploy.demo_file import DemoFile, DemoNotes
from genjin_deploy.processes import Child, find_noted, log_tail
from genjin_deploy.progress import RunFailed, say
from genjin_deploy.run import answers
from genjin_deploy.run_settings import RunSettings

START_TIMEOUT_SECONDS = 180.0
STARTING_TIMEOUT_SECONDS = 60.0
SERVICES = ("runner", "api", "receiver", "notifier")


@contextmanager
def run_to_use(settings: RunSettings) -> Iterator[DemoNotes]:
    """Raises RunFailed."""
    file = settings.folder / "demo.json"
    runner = DemoFile(file).notes.processes.get("runner")
    if runner and find_noted(runner):
        notes = _await_services(settings, None, STARTING_TIMEOUT_SECONDS)
        say(f"== using the run on {notes.urls['api']} (process {runner.pid})")
        yield notes
        return
    say(f"== nothing runs on {settings.folder}: starting a run, this takes some seconds")
    settings.logs.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "genjin_deploy.run"]
    child = Child("run", command, os.environ, settings.logs / "demo_run.log")
    try:
        yield _await_services(settings, child, START_TIMEOUT_SECONDS)
    finally:
        child.stop()
        say("== stopped the run that the demo had started")


def _await_services(
    settings: RunSettings, child: Child | None, timeout_seconds: float
) -> DemoNotes:
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if child is not None and child.exit_code is not None:
            raise RunFailed(f"The run ended. The end of its log:\n{log_tail(child.log_file)}")
        notes = DemoFile(settings.folder / "demo.json").notes
        if not (missing := _missing(notes)):
            return notes
        time.sleep(0.1)
    raise RunFailed(
        f"The run on {settings.folder} has no {', '.join(missing)} that answers after "
        f"{timeout_seconds:.0f} seconds."
    )


def _missing(notes: DemoNotes) -> list[str]:
    """What does not live, or does not answer."""
    dead = [
        name
        for name in SERVICES
        if name not in notes.processes or find_noted(notes.processes[name]) is None
    ]
    if dead:
        return dead
    paths = {"api": "/readyz", "receiver": "/received"}
    return [
        name
        for name, path in paths.items()
        if name not in notes.urls or not answers(urlsplit(notes.urls[name]).port or 80, path)
    ]
