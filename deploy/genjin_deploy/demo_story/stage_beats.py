"""Beats of a stage: its record, forms, judgements, follow-ups, gate, and the moves between stages."""

from datetime import date
from typing import Any

from genjin_deploy.demo_story.company import PROJECT_ROLES, StoryBroken
from genjin_deploy.demo_story.telling import Telling
from genjin_deploy.demo_story.words import counted


def day(telling: Telling, text: str) -> None:
    telling.move_to(date.fromisoformat(text))


def actual(telling: Telling, text: str) -> None:
    marketer = telling.people["marketer"]
    telling.act(marketer, "POST", "actuals", {"text": text})
    telling.tell(marketer, f"实际情况: {text}")


def refused_actual(telling: Telling, beat: dict[str, Any]) -> None:
    marketer = telling.people[beat["by"]]
    problem = telling.act(
        marketer, "POST", "actuals", {"text": beat["text"]}, refused=beat["refused"]
    )
    telling.tell(marketer, f"实际情况: {beat['text']}")
    telling.tell_refusal(problem)


def conditions(telling: Telling, evidence: dict[str, str]) -> None:
    marketer = telling.people["marketer"]
    for key, words in evidence.items():
        telling.act(marketer, "PUT", f"conditions/{key}", {"met": True, "evidence": words})
    shown = "；".join(evidence.values())
    telling.tell(marketer, f"{counted(len(evidence), 'condition')} met: {shown}")


def forms(telling: Telling, keys: list[str]) -> None:
    """Fill and sign them, every copy."""
    marketer = telling.people["marketer"]
    signers: set[str] = set()
    for key in keys:
        for number, values in enumerate(telling.content.forms[key], start=1):
            if "project_code" in values:
                values = {**values, "project_code": telling.code}
            body = {"values": values, "complete": True, "copy_number": number}
            telling.act(marketer, "PUT", f"forms/{key}", body)
            signers |= _sign(telling, key, copy_number=number, revision=1)
    titles = "、".join(telling.words.forms[key] for key in keys)
    count = f"{len(keys)} forms: " if len(keys) > 2 else ""
    telling.tell(marketer, f"fills {count}{titles}{_signed_by(telling, signers)}")


def revise(telling: Telling, beat: dict[str, Any]) -> None:
    key = beat["form"]
    marketer = telling.people["marketer"]
    values = {**telling.content.forms[key][0], **beat["values"]}
    body = {"values": values, "complete": True, "reason": beat["reason"]}
    form = telling.act(marketer, "PUT", f"forms/{key}", body)["form"]
    signers = _sign(telling, key, copy_number=1, revision=form["revision"])
    title = f"{telling.words.forms[key]}, revision {form['revision']}"
    telling.tell(marketer, f"revises {title} ({beat['reason']}){_signed_by(telling, signers)}")


def judge(telling: Telling, comments: dict[str, str]) -> None:
    """推进 by each role, with its comment."""
    for role, comment in comments.items():
        body = {"role": role, "verdict": "advance", "comment": comment}
        telling.act(telling.people[role], "POST", "judgements", body)
    said = " · ".join(
        f"{telling.people[role].name}“{comment}”" for role, comment in comments.items()
    )
    who = telling.people[next(iter(comments))]
    if len(comments) == 1:
        telling.tell(who, f"判断 推进: {next(iter(comments.values()))}")
    else:
        telling.timeline.detail(f"判断 推进 by {len(comments)} of {len(PROJECT_ROLES)}: {said}")


def judge_otherwise(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["role"]]
    telling.act(who, "POST", "judgements", beat)
    verdict = telling.words.verdicts[beat["verdict"]]
    telling.tell(who, f"判断 {verdict}: {beat['comment']}", "yellow")


def gate(telling: Telling, beat: dict[str, Any]) -> None:
    """What GET gate shows: exactly these kinds of blockers, or among others the only one that is told."""
    blockers = telling.people["marketer"].get(f"{telling.project}/gate")["blockers"]
    kinds = beat.get("blockers")
    if "only" in beat:
        kinds = [beat["only"]]
        blockers = [blocker for blocker in blockers if blocker["code"] == beat["only"]]
    telling.tell_blockers("GET gate: closed", blockers, kinds)


def advance(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    answer = telling.act(who, "POST", "stage-advances", {}, refused=beat.get("refused"))
    if "refused" in beat:
        telling.tell(who, "tries to advance")
        telling.tell_refusal(answer, beat["blockers"])
        return
    [receipt] = [e["data"]["receipt"] for e in answer["events"] if e["type"] == "stage.advanced"]
    to_stage = telling.words.stage(answer["project"]["stage"])
    telling.tell(who, f"→ {to_stage}  {_receipt(telling, receipt)}", "green")


def return_(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    body = {"to_stage": beat["to"], "reason": beat["reason"]}
    project = telling.act(who, "POST", "stage-returns", body)["project"]
    to_stage = f"{telling.words.stage(beat['to'])}, visit {project['visit']}"
    telling.tell(who, f"returns it to {to_stage}: {beat['reason']}", "yellow")


def follow_up(telling: Telling, beat: dict[str, Any]) -> None:
    who, owner = telling.people[beat["role"]], telling.people[beat["owner"]]
    body = {
        "role": beat["role"],
        "action": beat["action"],
        "owner_id": owner.id,
        "due_on": beat["due"],
    }
    answer = telling.act(who, "POST", "follow-ups", body)
    telling.ids[beat["name"]] = answer["follow_up"]["id"]
    telling.tell(who, f"跟进措施 for {owner.name}, due {beat['due'][5:]}: {beat['action']}")


def complete(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    path = f"follow-ups/{telling.ids[beat['name']]}/completion"
    follow_up = telling.act(who, "PUT", path, {"result": beat["result"]})["follow_up"]
    if follow_up["days_late"]:
        raise StoryBroken(
            f"a follow-up done before its due date counts {follow_up['days_late']} days late"
        )
    telling.tell(who, f"跟进完成, in time: {beat['result']}")


def suspend(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    body = {"reason": beat["reason"], "until": beat["until"]}
    telling.act(who, "POST", "suspensions", body)
    telling.tell(who, f"suspends it until {beat['until'][5:]}: {beat['reason']}", "yellow")


def resume(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    telling.act(who, "POST", "resumptions", {"note": beat["note"]})
    telling.tell(who, f"resumes it: {beat['note']}")


def header(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    changes = telling.act(who, "PATCH", "", {"header": beat["set"]})["events"][0]["changes"]
    for change in changes:
        part, _, name = change["path"].rpartition("/")
        if part != "/header":  # as the facts that judgements rest on
            continue
        field = telling.words.fields[name]
        telling.tell(who, f"{field}: {change['before']} → {change['after']}")


def close(telling: Telling, beat: dict[str, Any]) -> None:
    who = telling.people[beat["by"]]
    outcome = telling.words.outcomes[beat["outcome"]]
    body = {"outcome": beat["outcome"], "reason": beat.get("reason", "")}
    answer = telling.act(who, "POST", "closings", body, refused=beat.get("refused"))
    if "refused" in beat:
        telling.tell(who, f"tries to close it as {outcome}")
        telling.tell_refusal(answer, beat["blockers"])
        return
    telling.tell(who, f"closes it as {outcome}: {beat['reason']}", "bold green")
    receipt = answer["events"][0]["data"]["receipt"]
    telling.timeline.detail(_receipt(telling, receipt), "green")


def _sign(telling: Telling, form: str, *, copy_number: int, revision: int) -> set[str]:
    signers = telling.words.signers[form]
    for role in signers:
        body = {"role": role, "revision": revision, "copy_number": copy_number}
        telling.act(telling.people[role], "POST", f"forms/{form}/signatures", body)
    return set(signers)


def _signed_by(telling: Telling, signers: set[str]) -> str:
    names = "、".join(telling.people[role].name for role in PROJECT_ROLES if role in signers)
    return f", signed by {names}" if names else ""


def _receipt(telling: Telling, receipt: dict[str, Any]) -> str:
    events = {event for check in receipt["checks"] for event in check["events"]}
    return (
        f"receipt: {counted(len(receipt['checks']), 'check')} on {counted(len(events), 'event')}"
        f" · version {telling.version} · position {telling.position}"
    )
