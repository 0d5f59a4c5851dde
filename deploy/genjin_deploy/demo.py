"""`make demo`: a project's whole story on the real processes, then an audit of the log, then the webhooks counted.

Uses the run that is there or starts one. Exit code 1 where anything answers otherwise than the story expects.
"""

import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from genjin_deploy.demo_file import DemoNotes
from genjin_deploy.demo_story.audit import PAGE_EVENTS, Audit
from genjin_deploy.demo_story.company import Person, StoryBroken, company
from genjin_deploy.demo_story.content import read_content
from genjin_deploy.demo_story.running import run_to_use
from genjin_deploy.demo_story.story import tell
from genjin_deploy.demo_story.telling import TEMPLATE, Telling
from genjin_deploy.demo_story.timeline import WORKSPACE_ZONE, Timeline
from genjin_deploy.demo_story.webhooks import (
    ask_receiver,
    await_arrival,
    differences,
    of_project,
)
from genjin_deploy.demo_story.words import Words
from genjin_deploy.postgres_binaries import PostgresUnavailable
from genjin_deploy.progress import RunFailed
from genjin_deploy.run_settings import read_run_settings


def main() -> None:
    settings = read_run_settings()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with run_to_use(settings) as notes, company(notes) as people:
            demo(notes, people)
    except KeyboardInterrupt:
        sys.exit(130)
    except (StoryBroken, RunFailed, PostgresUnavailable, httpx.HTTPError) as error:
        sys.exit(f"!! {error or type(error).__name__}")


def demo(notes: DemoNotes, people: Mapping[str, Person]) -> None:
    """Raises StoryBroken, or httpx.HTTPError where a process does not answer."""
    timeline = Timeline()
    auditor = people["auditor"]
    words = Words(auditor.get(f"/v1/templates/{TEMPLATE}"))
    content = read_content(datetime.now(WORKSPACE_ZONE).date())
    refused_before = ask_receiver(notes.urls["receiver"]).refused_count
    telling = Telling(people, content, words, timeline)
    tell(telling)
    log = auditor.pages(f"{telling.project}/events", limit=PAGE_EVENTS)
    project_id = telling.project.rpartition("/")[2]
    Audit(auditor, project_id, log, words, timeline).ask()
    timeline.heading("Webhooks", notes.urls["receiver"])
    timeline.passed(verify_webhooks(notes.urls["receiver"], log, refused_before))


def verify_webhooks(url: str, log: Sequence[Mapping[str, Any]], refused_before: int) -> str:
    """The closing line. Raises StoryBroken naming what is not as in the log."""
    received = await_arrival(url, log)
    deliveries = of_project(received, log)
    wrong = differences(log, deliveries)
    if refused := received.refused_count - refused_before:
        wrong.append(f"{refused} deliveries whose signature was not verified")
    if wrong:
        raise StoryBroken("the webhooks are not what the log holds:\n" + "\n".join(wrong))
    return (
        f"{len(log)} events in the log, {len(deliveries)} webhooks received, "
        f"{len(deliveries)} signatures verified, order kept"
    )


if __name__ == "__main__":
    main()
