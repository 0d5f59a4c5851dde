"""Refusals of what concerns the stage where a project stands, its moves and its forms."""

import asyncpg

from tests.forms.values import valid_values
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.refusals.asking import Ask, Provocation, asked

APPLICATION = "forms/initiation_application"
VALUES = valid_values(TEMPLATE.forms["initiation_application"].json_schema)


async def _complete(pursuit: Pursuit, values: dict[str, object]) -> None:
    body = {"values": values, "complete": True}
    done(await pursuit.world.marketer.put(f"{pursuit.path}/{APPLICATION}", body))


def _put(pursuit: Pursuit, name: str, body: dict[str, object]) -> Ask:
    return Ask(pursuit.world.marketer, "PUT", f"{pursuit.path}/{name}", body)


async def _condition_without_evidence(pursuit: Pursuit) -> Ask:
    return _put(pursuit, "conditions/c3", {"met": True})


async def _condition_that_a_form_meets(pursuit: Pursuit) -> Ask:
    return _put(pursuit, "conditions/c1", {"met": True, "evidence": "已填写"})


async def _rejection_without_a_word(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "judgements", {"role": "marketer", "verdict": "reject"})


async def _judging_for_somebody_else(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "judgements", {"role": "general_manager", "verdict": "advance"})


async def _judging_in_two_slots(pursuit: Pursuit) -> Ask:
    holder = {"role": "dept_head", "person_id": pursuit.world.marketer.id}
    await pursuit.post("role-holders", holder)
    await pursuit.post("judgements", {"role": "marketer", "verdict": "advance"})
    return asked(pursuit, "judgements", {"role": "dept_head", "verdict": "advance"})


async def _judging_twice(pursuit: Pursuit) -> Ask:
    await pursuit.post("judgements", {"role": "marketer", "verdict": "advance"})
    return asked(pursuit, "judgements", {"role": "marketer", "verdict": "advance"})


async def _judging_on_old_facts(pursuit: Pursuit) -> Ask:
    await pursuit.post("actuals", {"text": "客户更换了联系人"})
    body = {"role": "marketer", "verdict": "advance", "facts_version": 0}
    return asked(pursuit, "judgements", body)


async def _advancing_through_a_closed_gate(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "stage-advances", {})


async def _skipping_a_stage(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "stage-advances", {"to_stage": "signing"})


async def _returning_forwards(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "stage-returns", {"to_stage": "contact", "reason": "客户要求"})


async def _advancing_from_the_last_stage(pursuit: Pursuit) -> Ask:
    await pursuit.advance_to("signing")
    return asked(pursuit, "stage-advances", {})


async def _completing_a_follow_up_twice(pursuit: Pursuit) -> Ask:
    owner = pursuit.world.marketer
    due = {"action": "约见设备科", "owner_id": owner.id, "due_on": "2027-01-15"}
    made = await pursuit.post("follow-ups", {"role": "marketer", **due})
    name = f"follow-ups/{made['follow_up']['id']}/completion"
    done(await owner.put(f"{pursuit.path}/{name}", {"result": "已见面"}))
    return _put(pursuit, name, {"result": "又见面"})


async def _completing_a_form_with_a_wrong_value(pursuit: Pursuit) -> Ask:
    values = {**VALUES, "expected_amount": "面议"}
    return _put(pursuit, APPLICATION, {"values": values, "complete": True})


async def _second_copy_of_a_single_form(pursuit: Pursuit) -> Ask:
    return _put(pursuit, APPLICATION, {"values": {}, "copy_number": 2})


async def _signing_a_draft(pursuit: Pursuit) -> Ask:
    draft = {"values": {key: VALUES[key] for key in VALUES if key != "region"}}
    done(await pursuit.world.marketer.put(f"{pursuit.path}/{APPLICATION}", draft))
    return asked(pursuit, f"{APPLICATION}/signatures", {"role": "marketer", "revision": 1})


async def _signing_twice(pursuit: Pursuit) -> Ask:
    await _complete(pursuit, VALUES)
    signature = {"role": "marketer", "revision": 1}
    await pursuit.post(f"{APPLICATION}/signatures", signature)
    return asked(pursuit, f"{APPLICATION}/signatures", signature)


async def _saving_of_an_erased_person(pursuit: Pursuit) -> Ask:
    body = {"values": valid_values(TEMPLATE.forms["contact_profile"].json_schema)}
    path = f"{pursuit.path}/forms/contact_profile"
    saved = done(await pursuit.world.marketer.put(path, body)).json()
    subject = saved["form"]["own_subject"]
    erasure = {"reason": "本人要求删除"}
    done(await pursuit.world.owner.post(f"/v1/subjects/{subject}/erasures", erasure))
    return _put(pursuit, "forms/contact_profile", {**body, "subjects": {subject: ["/name"]}})


async def _saving_without_the_key(pursuit: Pursuit) -> Ask:
    body: dict[str, object] = {
        "values": valid_values(TEMPLATE.forms["contact_profile"].json_schema)
    }
    path = f"{pursuit.path}/forms/contact_profile"
    saved = done(await pursuit.world.marketer.put(path, body)).json()
    owner = await asyncpg.connect(pursuit.world.api.database.admin_url)
    query = "DELETE FROM genjin_keys.subject_key WHERE subject_id = $1"
    await owner.execute(query, saved["form"]["own_subject"])
    await owner.close()
    # The newest event is one that anybody may look at without a trace.
    done(await pursuit.world.marketer.patch(pursuit.path, {"header": {"region": "华北"}}))
    return _put(pursuit, "forms/contact_profile", body)


PROVOCATIONS = {
    "evidence_required": Provocation(422, _condition_without_evidence, "/evidence"),
    "condition_is_computed": Provocation(409, _condition_that_a_form_meets),
    "comment_required": Provocation(422, _rejection_without_a_word, "/comment"),
    "not_role_holder": Provocation(403, _judging_for_somebody_else),
    "second_slot_refused": Provocation(403, _judging_in_two_slots),
    "already_judged": Provocation(409, _judging_twice),
    "facts_changed": Provocation(412, _judging_on_old_facts),
    "gate_closed": Provocation(409, _advancing_through_a_closed_gate),
    "skip_refused": Provocation(409, _skipping_a_stage),
    "return_refused": Provocation(409, _returning_forwards),
    "at_final_stage": Provocation(409, _advancing_from_the_last_stage),
    "follow_up_already_completed": Provocation(409, _completing_a_follow_up_twice),
    "form_invalid": Provocation(
        422, _completing_a_form_with_a_wrong_value, "/values/expected_amount"
    ),
    "form_not_repeatable": Provocation(409, _second_copy_of_a_single_form),
    "form_not_complete": Provocation(409, _signing_a_draft, "/values/region"),
    "form_already_signed": Provocation(409, _signing_twice),
    "subject_erased": Provocation(409, _saving_of_an_erased_person, "/subjects"),
    "subject_key_missing": Provocation(409, _saving_without_the_key, "/subjects"),
}
