"""A refusal: the domain says no. A value with a code, without any HTTP; http/problems.py gives each code its status."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from genjin.event import Fact

RefusalCode = Literal[
    # the field's content
    "field_invalid",
    "form_invalid",
    "scale_invalid",
    "evidence_required",
    "comment_required",
    "reason_required",
    "template_invalid",
    "mapping_incomplete",
    "occurred_at_refused",
    "unknown_person",
    "file_unknown",
    # who
    "role_not_allowed",
    "not_role_holder",
    "second_slot_refused",
    "self_approval",
    "decision_above_authority",
    "own_correction",
    "self_signature",
    "override_not_allowed",
    # what is not there
    "not_found",
    # the state of things
    "project_code_taken",
    "project_suspended",
    "project_not_suspended",
    "project_closed",
    "project_not_closed",
    "role_already_held",
    "role_taken",
    "roles_exclusive",
    "condition_is_computed",
    "already_judged",
    "out_of_turn",
    "facts_changed",
    "gate_closed",
    "skip_refused",
    "exit_closed",
    "blocker_not_waivable",
    "return_refused",
    "at_final_stage",
    "not_at_final_gate",
    "outcome_not_possible",
    "follow_up_already_completed",
    "form_not_repeatable",
    "form_not_complete",
    "form_already_signed",
    "requirement_confirmed",
    "requirement_not_confirmed",
    "change_not_open",
    "change_not_submitted",
    "change_not_approved",
    "change_required",
    "change_base_moved",
    "change_already_submitted",
    "impact_missing",
    "correction_refused",
    "risk_closed",
    "risk_not_assessed",
    "milestone_already_set",
    "milestone_not_open",
    "milestone_of_template",
    "limit_reached",
    "findings_not_kept",
    "finding_closed",
    "finding_not_corrected",
    "finding_already_corrected",
    "document_withdrawn",
    "not_an_engagement",
    "engagement_nested",
    "already_linked",
    "risks_already_linked",
    "project_not_linked",
    "health_not_kept",
    "goal_ended",
    "goal_measured_by_metric",
    "account_archived",
    "contact_archived",
    "reporting_cycle",
    "too_many_documents",
    "key_already_revoked",
    "template_key_reserved",
    "template_retired",
    "too_many_versions",
    "subscription_not_halted",
    "subject_erased",
    "subject_key_missing",
]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that breaks one rule; pointer is a JSON Pointer into the request's body."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. facts are recorded although the command is refused (a refused advance shows where a process hurts);
    role is then the project role that the caller acted in.
    """

    code: RefusalCode
    detail: str
    errors: Sequence[FieldError] = ()
    blockers: Sequence[dict[str, Any]] = ()
    facts: Sequence[Fact] = ()
    role: str | None = None


def pointer(*keys: object) -> str:
    """A JSON Pointer (RFC 6901) to the value that the keys lead to."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def field_refusal(code: RefusalCode, place: str, detail: str) -> Refusal:
    """A refusal that one field of the body is to blame for; place is its JSON Pointer."""
    return Refusal(code, detail, errors=(FieldError(place, code, detail),))


def not_found(what: str, identifier: object) -> Refusal:
    return Refusal("not_found", f"no {what} {identifier}")
