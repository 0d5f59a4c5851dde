"""Beats of what runs beside the stages: requirements, change requests, risks."""

from typing import Any

from genjin_deploy.demo_story.company import StoryBroken
from genjin_deploy.demo_story.telling import Telling


def requirement(telling: Telling, beat: dict[str, Any]) -> None:
    """Captured, given its priority, and confirmed where the customer has done so."""
    who = telling.people[beat["by"]]
    body = _of(beat, "title", "text", "requested_by")
    made = telling.act(who, "POST", "requirements", body)["requirement"]
    telling.ids[beat["name"]] = made["id"]
    path = f"requirements/{made['id']}"
    telling.act(who, "PATCH", path, {"priority": beat["priority"]})
    confirmed = ""
    if "confirmed_by" in beat:
        body = _of(beat, "confirmed_by", "confirmed_on", "evidence")
        telling.act(who, "POST", f"{path}/confirmations", body)
        confirmed = f" · confirmed by {beat['confirmed_by']}"
    telling.tell(who, f"需求 {beat['title']} ({beat['priority']}){confirmed}: {beat['text']}")


def change(telling: Telling, beat: dict[str, Any]) -> None:
    """Raised, assessed in all six respects, submitted."""
    who = telling.people[beat["by"]]
    words = ("title", "reason", "proposed_title", "proposed_text", "stages", "requested_by")
    body = {**_of(beat, *words), "requirement_id": telling.ids[beat["requirement"]]}
    made = telling.act(who, "POST", "change-requests", body)["change_request"]
    telling.ids[beat["name"]] = made["id"]
    path, impact = f"change-requests/{made['id']}", beat["impact"]
    telling.act(who, "POST", f"{path}/assessments", impact)
    telling.act(who, "POST", f"{path}/submissions", {})
    effect = f"+{impact['days']} days, +{impact['cost']} CNY"
    telling.tell(who, f"变更申请 {beat['title']} ({effect}): {beat['reason']}")


def decide(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    body = {**_of(beat, "decision", "comment"), "conditions": beat.get("conditions", [])}
    path = f"change-requests/{telling.ids[beat['name']]}/decisions"
    answer = telling.act(who, "POST", path, body, refused=beat.get("refused"))
    decision = beat["decision"].replace("_", " ")
    telling.tell(who, f"decision on the change: {decision}, {beat['comment']}")
    if "refused" in beat:
        telling.tell_refusal(answer)


def apply(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    change = telling.ids[beat["name"]]
    events = telling.act(who, "POST", f"change-requests/{change}/applications", {})["events"]
    new = [event["data"] for event in events if event["type"] == "requirement.superseded"]
    if len(new) != 1 or new[0]["revision"] != 2:
        raise StoryBroken("an applied change should put revision 2 of the requirement in force")
    telling.tell(who, f"applies it: requirement revision 2 {new[0]['title']}, {new[0]['text']}")


def risk(telling: Telling, beat: dict[str, Any]) -> None:
    """Identified and assessed on the template's scale."""
    who = telling.people[beat["by"]]
    owner = telling.people[beat["owner"]]
    body = {**_of(beat, "category", "cause", "event", "effect"), "owner_id": owner.id}
    made = telling.act(who, "POST", "risks", body)["risk"]
    telling.ids[beat["name"]] = made["id"]
    body = _of(beat, "probability", "impact", "rationale")
    made = telling.act(who, "POST", f"risks/{made['id']}/assessments", body)["risk"]
    band = telling.words.bands[made["band"]]
    score = f"{beat['probability']} × {beat['impact']} = {made['score']} {band}"
    telling.tell(who, f"风险 {score}: {beat['cause']}，{beat['event']}，{beat['effect']}")


def response(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    owner = telling.people[beat["owner"]]
    body = {**_of(beat, "strategy", "actions", "trigger", "contingency"), "owner_id": owner.id}
    telling.act(who, "POST", f"risks/{telling.ids[beat['name']]}/responses", body)
    strategy = telling.words.strategies[beat["strategy"]]
    telling.tell(who, f"风险应对 {strategy} ({owner.name}): {beat['actions']}")


def occur(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    body = _of(beat, "description", "measures")
    telling.act(who, "POST", f"risks/{telling.ids[beat['name']]}/occurrences", body)
    telling.tell(who, f"风险发生: {beat['description']}；{beat['measures']}", "yellow")


def close_risk(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    body = {
        "reason": beat["reason"],
        "residual_probability": beat["probability"],
        "residual_impact": beat["impact"],
    }
    answer = telling.act(who, "POST", f"risks/{telling.ids[beat['name']]}/closures", body)
    [closed] = answer["events"]
    score = closed["data"]["residual_score"]
    band = telling.words.bands[closed["data"]["residual_band"]]
    telling.tell(who, f"风险关闭, {score} {band} remains: {beat['reason']}")


def _of(beat: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: beat[key] for key in keys}
