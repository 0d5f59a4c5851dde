"""Did the receiver get what the log holds? Counted, compared, and in order."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx

ARRIVAL_TIMEOUT_SECONDS = 30.0
ASKED_EVERY_SECONDS = 0.2
NAMED_MAX = 5

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiver has kept (verified deliveries alone), oldest first, and how many it refused."""

    events: Sequence[Event]
    refused_count: int


def ask_receiver(url: str) -> Received:
    answer = httpx.get(f"{url}/received", trust_env=False, timeout=10).raise_for_status().json()
    return Received(answer["events"], answer["refused"])


def await_arrival(url: str, log: Sequence[Event]) -> Received:
    """What the receiver has when it has every event of the log, or when the time is up."""
    wanted = {event["id"] for event in log}
    deadline = time.monotonic() + ARRIVAL_TIMEOUT_SECONDS
    while True:
        received = ask_receiver(url)
        if wanted <= {event["id"] for event in received.events} or time.monotonic() > deadline:
            return received
        time.sleep(ASKED_EVERY_SECONDS)


def of_project(received: Received, log: Sequence[Event]) -> list[Event]:
    """The deliveries of these events, each once: a delivery may come again, its first counts."""
    wanted = {event["id"] for event in log}
    first: dict[str, Event] = {}
    for event in received.events:
        if event["id"] in wanted:
            first.setdefault(event["id"], event)
    return list(first.values())


def differences(log: Sequence[Event], deliveries: Sequence[Event]) -> list[str]:
    """Between the log of one project and what was received of it; empty when they are the same, in the same order."""
    by_id = {event["id"]: event for event in deliveries}
    found = []
    for event in log:
        delivery = by_id.get(event["id"])
        name = f"{event['type']} (version {event['version']}, position {event['position']})"
        if delivery is None:
            found.append(f"not received: {name}")
        elif _told(delivery) != (event["type"], event["position"], event["version"]):
            found.append(f"received otherwise: {name} as {_told(delivery)}")
    order = [event["sequence"] for event in deliveries]
    for before, after in pairwise(order):
        if after <= before:
            found.append(f"out of order: version {after} after version {before}")
    if len(found) > NAMED_MAX:
        found[NAMED_MAX:] = [f"and {len(found) - NAMED_MAX} more"]
    return found


def _told(delivery: Event) -> tuple[Any, Any, Any]:
    return delivery["type"], delivery["position"], delivery["sequence"]
