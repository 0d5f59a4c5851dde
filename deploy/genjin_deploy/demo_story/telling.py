"""The project of the story as it is lived: who acts, when it happened, what the API answered."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from genjin_deploy.demo_story.company import PROJECT_ROLES, Person, StoryBroken, said
from genjin_deploy.demo_story.content import Content
from genjin_deploy.demo_story.timeline import WORKSPACE_ZONE, Timeline
from genjin_deploy.demo_story.words import Words

MORNING = time(9, 0, tzinfo=WORKSPACE_ZONE)
BETWEEN_ACTS = timedelta(minutes=4)
TEMPLATE = "pursuit.8"


class Telling:
    """version and position are those of the last event; ids are those of what the story has named."""

    def __init__(
        self, people: Mapping[str, Person], content: Content, words: Words, timeline: Timeline
    ) -> None:
        self.people = people
        self.content = content
        self.words = words
        self.timeline = timeline
        self.project = ""
        self.code = ""
        self.stage = ""
        self.version = 0
        self.position = 0
        self.ids: dict[str, str] = {}
        self._moment = datetime.now(WORKSPACE_ZONE)

    @property
    def moment(self) -> datetime:
        return self._moment

    def move_to(self, day: date) -> None:
        self._moment = max(self._moment, datetime.combine(day, MORNING))

    def begin(self, day: date) -> None:
        """Create the project with the first free code of the day, and give the four roles away."""
        self._moment = datetime.combine(day, MORNING)
        marketer = self.people["marketer"]
        headers = {"Idempotency-Key": str(uuid4())}
        today = datetime.now(WORKSPACE_ZONE)
        for number in itertools.count(1):
            self.code = f"XM-{today:%Y%m%d}-{number:02d}"
            body = {
                "code": self.code,
                "template": TEMPLATE,
                "header": dict(self.content.header),
                "occurred_at": self._moment.isoformat(),
            }
            answer = marketer.client.post("/v1/projects", json=body, headers=headers)
            if answer.status_code != 409:
                break
        if answer.status_code != 201:
            raise StoryBroken(f"{marketer.name} cannot create the project: {said(answer)}")
        self.project = f"/v1/projects/{answer.json()['project']['id']}"
        self.tell(marketer, f"creates {self.code} {self.content.header['name']}")
        again = marketer.client.post("/v1/projects", json=body, headers=headers)
        if again.headers.get("Idempotent-Replayed") != "true" or again.text != answer.text:
            raise StoryBroken(f"the same request sent twice is not replayed: {said(again)}")
        self.timeline.detail(
            "sent twice under one Idempotency-Key: one project, the same answer", "dim"
        )
        self._give_roles_away(marketer)

    def _give_roles_away(self, marketer: Person) -> None:
        for role in PROJECT_ROLES:
            body = {"role": role, "person_id": self.people[role].id}
            self.act(marketer, "POST", "role-holders", body)
        holders = " · ".join(
            f"{self.words.roles[role]} {self.people[role].name}" for role in PROJECT_ROLES
        )
        self.tell(marketer, f"assigns {holders}")

    def act(
        self,
        who: Person,
        method: str,
        path: str,
        body: Mapping[str, Any],
        refused: str | None = None,
    ) -> dict[str, Any]:
        """One write in the project. The answer's body, or the problem's where a refusal is expected."""
        self._moment += BETWEEN_ACTS
        sent = {**body, "occurred_at": self._moment.isoformat()}
        answer = who.client.request(method, f"{self.project}/{path}".rstrip("/"), json=sent)
        if answer.headers.get("ETag"):
            self.version = int(answer.headers["ETag"].strip('"'))
            self.position = int(answer.headers.get("Genjin-Position", self.position))
        found: dict[str, Any] = answer.json() if answer.content else {}
        got = None if answer.is_success else found.get("code", "nothing")
        if got != refused:
            expected = f"the refusal {refused}" if refused else "success"
            raise StoryBroken(
                f"{who.name}: {method} {path} should end in {expected}, but answers {said(answer)}"
            )
        return found

    def tell(self, who: Person, text: str, style: str = "") -> None:
        self.timeline.act(self._moment, f"{who.name} {self.words.roles[who.role]}", text, style)

    def tell_refusal(
        self, problem: Mapping[str, Any], expected: Sequence[str] | None = None
    ) -> None:
        """The refusal with its blockers in words; their kinds must be the expected ones."""
        said = f"refused: {problem['status']} {problem['code']}"
        if problem.get("blockers"):
            self.tell_blockers(said, problem["blockers"], expected)
        else:
            self.timeline.refused(said, [problem["detail"]])

    def tell_blockers(
        self, said: str, blockers: Sequence[Mapping[str, Any]], expected: Sequence[str] | None
    ) -> None:
        kinds = list(dict.fromkeys(blocker["code"] for blocker in blockers))
        if expected is not None and sorted(kinds) != sorted(expected):
            raise StoryBroken(
                f"in stage {self.stage} the gate should be blocked by {', '.join(expected)}, "
                f"but is by {', '.join(kinds) or 'nothing'}"
            )
        self.timeline.refused(said, list(self.words.blockers(self.stage, blockers)))
