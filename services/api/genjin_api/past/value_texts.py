"""The values of a project's state as people say them: in the words of its template, times in their own zone. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from genjin.templates.model import Template
from genjin_api.past.field_words import VALUES
from genjin_api.past.labels import parts_of, shortened, thing
from genjin_api.past.reader import Reader
from genjin_api.past.register_words import BUYING_ROLES

TEXT_MAX = 120
NOTHING = "—"
_YES, _NO = ("是", "yes"), ("否", "no")
_PERSONS = frozenset(
    {
        *("person_id", "owner_id", "created_by", "recorded_by", "marked_by", "set_by"),
        *("captured_by", "identified_by", "requester_id", "decider_id", "raised_by"),
        *("responsible_id", "attached_by", "withdrawn_by", "linked_by", "scored_by", "named_by"),
    }
)


def value_text(reader: Reader, path: str, value: Any) -> str:
    """What stands at a path of the state, on one line of at most TEXT_MAX characters."""
    return shortened(_text(reader, parts_of(path), value), TEXT_MAX) or NOTHING


def _text(reader: Reader, parts: list[str], value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    match parts:
        case ["header", *_] | ["forms", _, "values", *_]:
            return _free(reader, value)
        case ["role_holders", _]:
            return _listed(reader, [holder["person_name"] for holder in value])
        case [_, _, *_, "subjects", _]:
            return reader.word((f"{len(value)}处", f"{len(value)} places"))
        case ["course", "visits", _, "receipt", *_, "checks"]:
            return reader.word((f"{len(value)}项", f"{len(value)} of them"))
        case [*_, name]:
            return _field(reader, parts[0], name, value)
        case _:
            return _free(reader, value)


def _field(reader: Reader, noun: str, name: str, value: Any) -> str:
    if name in _PERSONS:
        return reader.persons.get(value, value)
    if name in VALUES:
        words = VALUES[name].get(value)
        return reader.word(words) if words else str(value)
    if name.endswith("_at") or name in ("at", "since"):
        return _moment(reader, value)
    return _of_template(reader, noun, name, value)


def _of_template(reader: Reader, noun: str, name: str, value: Any) -> str:
    template = reader.template
    if items := _items(template).get(name):
        return reader.titled(items, value)
    match name:
        case "stages":
            return _listed(reader, [reader.titled(template.stages, stage) for stage in value])
        case "form":
            form = template.forms.get(value)
            return reader.say(form.title) if form else str(value)
        case "roles" if noun == "stakeholders":
            return _listed(reader, [reader.word(BUYING_ROLES[role]) for role in value])
        case "reports_to":
            return thing(reader, "stakeholder", value)
        case "requirement_id":
            return thing(reader, "requirement", value)
        case "superseded_by":
            return thing(reader, "change_request", value)
        case "probability" | "impact" if noun == "risks":
            return _level(reader, name, value)
        case _:
            return _free(reader, value)


def _items(template: Template) -> Mapping[str, Sequence[Any]]:
    """What the template has titles for, by the name of the field that holds the key of one."""
    risk, stages, findings = template.risk, template.stages, template.findings
    return {
        "severity": findings.severities if findings else (),
        "stage": stages,
        "left_to": stages,
        "role": template.roles,
        "verdict": template.judgement.verdicts,
        "outcome": template.outcomes,
        "reason_code": [reason for outcome in template.outcomes for reason in outcome.reasons],
        "category": risk.categories,
        "strategy": risk.strategies,
        "band": risk.bands,
        "residual_band": risk.bands,
        "document": template.documents,
        "level": template.health,
        "metric": template.metrics,
    }


def _level(reader: Reader, name: str, value: int) -> str:
    scale = reader.template.risk
    levels = scale.probability if name == "probability" else scale.impact
    title = next((reader.say(level.title) for level in levels if level.value == value), None)
    return f"{value} ({title})" if title else str(value)


def _free(reader: Reader, value: Any) -> str:
    """What has no words of its own, as it stands."""
    if isinstance(value, bool):
        return reader.word(_YES if value else _NO)
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_free(reader, item)}" for key, item in value.items())
        return "; ".join(pairs)
    if isinstance(value, list):
        return _listed(reader, [_free(reader, item) for item in value])
    return NOTHING if value is None else str(value)


def _listed(reader: Reader, texts: list[str]) -> str:
    return reader.word(("、", ", ")).join(texts)


def _moment(reader: Reader, value: str) -> str:
    moment = datetime.fromisoformat(value)
    try:
        local = moment.astimezone(ZoneInfo(reader.time_zone))
    except OverflowError:  # at the ends of the calendar a zone leads out of it
        local = moment
    return local.isoformat(" ", "minutes")[:16]
