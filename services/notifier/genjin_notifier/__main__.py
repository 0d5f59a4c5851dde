"""`python -m genjin_notifier` runs the notifier until SIGTERM; with --check it says whether one is alive."""

import argparse
import asyncio
import signal
import sys

import uvloop

from genjin.json_log import log_json_to_stderr
from genjin.settings import NotifierSettings, read_settings
from genjin.working_days import working_days
from genjin_notifier.heartbeat import beat, heartbeat_file, is_alive
from genjin_notifier.notifier import Notifier


def main() -> None:
    parser = argparse.ArgumentParser(prog="genjin-notifier", description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 0 if a notifier is alive here")
    arguments = parser.parse_args()
    settings = read_settings(NotifierSettings)
    if arguments.check:
        sys.exit(0 if is_alive(heartbeat_file(settings.notifier_database_url)) else 1)
    working_days(settings.calendar)  # an unknown one is told of at the start
    log_json_to_stderr(settings.log_level)
    uvloop.run(run(settings))


async def run(settings: NotifierSettings) -> None:
    stopping = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stopping.set)
    beating = asyncio.create_task(beat(heartbeat_file(settings.notifier_database_url)))
    try:
        await Notifier(settings).run(stopping)
    finally:
        beating.cancel()


if __name__ == "__main__":
    main()
