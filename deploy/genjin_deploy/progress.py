"""How `make run` talks: one line per step, and two ways to end early."""

import threading


class RunFailed(RuntimeError):
    """The run cannot go on; the message is for the person at the terminal."""


class Stopped(Exception):
    """The person wants it to end."""


def say(line: str = "") -> None:
    print(line, flush=True)


def step(stop: threading.Event, text: str) -> None:
    """Announce the next step, unless the run is to end: Ctrl-C takes effect between steps, never inside one."""
    if stop.is_set():
        raise Stopped
    say(f"== {text}")
