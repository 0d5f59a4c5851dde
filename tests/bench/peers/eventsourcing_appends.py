"""The library eventsourcing on Postgres, for the table: run by a Python that has it, driven line by line.

usage: python eventsourcing_appends.py, with POSTGRES_DBNAME, _HOST, _PORT, _USER, _PASSWORD
Each line of input is "CALLERS BATCH SECONDS" and is answered with a line: durable events per second.
"""

import json
import os
import sys
import threading
import time
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

CALLERS_MAX = 32
STATE = json.dumps(
    {"project": "P-1", "from": "contact", "to": "proposal", "note": "x" * 380, "actor": "u-1"}
).encode()


def main() -> None:
    names = ("dbname", "host", "port", "user", "password")
    login = {name: os.environ[f"POSTGRES_{name.upper()}"] for name in names}
    datastore = PostgresDatastore(**login, pool_size=CALLERS_MAX, max_overflow=CALLERS_MAX)
    recorder = PostgresApplicationRecorder(datastore, events_table_name="peer_events")
    recorder.create_table()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        callers, batch, seconds = line.split()
        rate = measure(recorder, int(callers), int(batch), float(seconds))
        sys.stdout.write(f"{rate}\n")
        sys.stdout.flush()
    datastore.close()


def measure(
    recorder: PostgresApplicationRecorder, callers: int, batch: int, seconds: float
) -> float:
    counts: list[int] = []
    started = time.perf_counter()

    def caller() -> None:
        stream, count = uuid4(), 0
        while time.perf_counter() < started + seconds:
            recorder.insert_events(
                [
                    StoredEvent(
                        originator_id=stream,
                        originator_version=count + place,
                        topic="StageAdvanced",
                        state=STATE,
                    )
                    for place in range(1, batch + 1)
                ]
            )
            count += batch
        counts.append(count)

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
