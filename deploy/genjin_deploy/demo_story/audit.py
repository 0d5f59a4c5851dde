"""What an auditor asks of the log when the project is over, with nothing but their own key and GET /v1/events."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from genjin.canonical import canonical_json
from genjin_deploy.demo_story.company import Person, StoryBroken
from genjin_deploy.demo_story.timeline import Timeline
from genjin_deploy.demo_story.words import Words

PAGE_EVENTS = 200
# What a passed gate rests on, by the type of the event, in the order of telling.
FACTS = {
    "stage.actual_recorded": "实际",
    "stage.condition_marked": "条件",
    "form.completed": "表单",
    "form.revised": "表单",
    "form.signed": "签字",
    "stage.judged": "判断",
    "follow_up.set": "跟进",
    "follow_up.completed": "跟进",
    "risk.assessed": "风险",
    "risk.response_planned": "应对",
    "change.decided": "变更",
}

Event = Mapping[str, Any]


class Audit:
    """log: every event of the project, in its order."""

    def __init__(
        self,
        auditor: Person,
        project_id: str,
        log: Sequence[Event],
        words: Words,
        timeline: Timeline,
    ) -> None:
        self.auditor = auditor
        self.project_id = project_id
        self.log = {event["id"]: event for event in log}
        self.words = words
        self.timeline = timeline

    def ask(self) -> None:
        """Raises StoryBroken where the log does not hold what the story did."""
        name = f"{self.auditor.name} {self.words.roles[self.auditor.role]}"
        self.timeline.heading("审计", f"{name} asks the log")
        self._who_said_no()
        self._what_gates_rest_on()
        self._who_changed_the_amount()
        self._leaf_hashes()

    def _events(self, phrase: str) -> list[Event]:
        query = {"project": self.project_id, "phrase": phrase, "limit": PAGE_EVENTS}
        return self.auditor.pages("/v1/events", **query)

    def _who_said_no(self) -> None:
        phrase = "type:stage.judged after:hold,return,reject"
        self._question("Who did not say 推进, and why?", phrase)
        found = self._events(phrase)
        _expect("judgements other than 推进", len(found), 2)
        for event in found:
            data = event["data"]
            verdict, stage = self.words.verdicts[data["verdict"]], self.words.stage(data["stage"])
            self._answer(event, f"{verdict} on {stage}: {data['comment']}")

    def _what_gates_rest_on(self) -> None:
        phrase = "type:stage.advanced,project.closed"
        self._question("Which facts did each passed gate rest on?", phrase)
        passed = self._events(phrase)
        _expect("passed gates", len(passed), 10)
        for event in passed:
            receipt = event["data"]["receipt"]
            rested_on = {name for check in receipt["checks"] for name in check["events"]}
            if unknown := rested_on - self.log.keys():
                raise StoryBroken(f"a receipt names events that the log does not hold: {unknown}")
            stage = f"{self.words.stage(receipt['stage'])} {receipt['visit']}"
            kinds = Counter(self.log[name]["type"] for name in rested_on)
            self._answer(event, f"{stage}: {_facts(kinds)}")

    def _who_changed_the_amount(self) -> None:
        path = "/header/expected_amount"
        phrase = f"path:{path} -before:null"
        self._question(f"Who changed {self.words.fields['expected_amount']}?", phrase)
        found = self._events(phrase)
        _expect("changes of the amount", len(found), 3)
        for event in found:
            [change] = [change for change in event["changes"] if change["path"] == path]
            self._answer(event, f"{change['before']} → {change['after']}")

    def _leaf_hashes(self) -> None:
        """SHA-256 of a zero byte and the event's canonical JSON, made again from what the API shows."""
        for event in self.log.values():
            body = canonical_json({key: event[key] for key in event if key != "leaf_hash"})
            leaf = hashlib.sha256(b"\x00" + body.encode()).hexdigest()
            if leaf != event["leaf_hash"]:
                raise StoryBroken(f"the leaf hash of event {event['id']} is not that of its body")
        self._question("Is every event what was hashed?", "leaf_hash = SHA-256(0x00 ‖ body)")
        self.timeline.passed(f"{len(self.log)} leaf hashes recomputed, all equal")

    def _question(self, text: str, query: str) -> None:
        self.timeline.plain(f"  {text}  [{query}]", "bold")

    def _answer(self, event: Event, text: str) -> None:
        actor = event["actor"]
        who = f"{actor['name']} {self.words.roles.get(actor['role'], '')}".rstrip()
        self.timeline.at(event["occurred_at"], who, f"@{event['position']} {text}")


def _facts(kinds: Mapping[str, int]) -> str:
    """How many of each, as 判断4 表单2; a type without a word of its own is told as it is."""
    numbers: Counter[str] = Counter()
    for kind in sorted(kinds, key=lambda kind: [*FACTS, kind].index(kind)):
        numbers[FACTS.get(kind, kind)] += kinds[kind]
    return " ".join(f"{word}{number}" for word, number in numbers.items())


def _expect(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise StoryBroken(f"the log holds {found} {what}, the story made {expected}")
