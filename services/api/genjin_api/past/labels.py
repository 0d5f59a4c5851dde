"""What people call a field of a project's state: in the words of its template, with the title of its thing. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from genjin.templates.model import FormSpec
from genjin_api.past.field_words import FIELDS, NOUNS, Noun
from genjin_api.past.reader import Reader
from genjin_api.projects.state import Project

TITLE_MAX = 60
_SEPARATOR = " · "
# What stands in a project's state by its id.
_THINGS: Mapping[str, Noun] = {
    "requirements": "requirement",
    "change_requests": "change_request",
    "risks": "risk",
    "milestones": "milestone",
    "findings": "finding",
    "corrections": "correction",
    "documents": "document",
    "linked_projects": "linked_project",
    "engagements": "engagement",
    "goals": "goal",
    "warnings": "warning",
    "stakeholders": "stakeholder",
}


def parts_of(path: str) -> list[str]:
    """The names that a JSON Pointer is made of."""
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def shortened(text: str, length_max: int) -> str:
    """On one line."""
    line = " ".join(text.split())
    return line if len(line) <= length_max else f"{line[: length_max - 1]}…"


def label(reader: Reader, path: str) -> str:
    """What a JSON Pointer into a project's state leads to."""
    match parts_of(path):
        case ["header", key]:
            words = [reader.titled(reader.template.header, key)]
        case ["role_holders", role]:
            words = [reader.titled(reader.template.roles, role)]
        case ["course", "visits", visit, *rest]:
            words = [_visit(reader, visit), *_visit_fields(reader, visit, rest)]
        case ["course", "follow_ups", identifier, *rest]:
            words = [thing(reader, "follow_up", identifier), *_fields(reader, "follow_up", rest)]
        case ["forms", copy, *rest]:
            words = _form(reader, copy, rest)
        case ["metrics", key, *rest]:
            words = [reader.titled(reader.template.metrics, key), *_fields(reader, "metric", rest)]
        case ["risks", identifier, "links", _, *rest]:
            words = [thing(reader, "risk", identifier), *_fields(reader, "risk", ["links", *rest])]
        case ["warnings", identifier, "people", person, *rest]:
            known = reader.persons.get(person, person)
            words = [thing(reader, "warning", identifier), known, *_fields(reader, "warning", rest)]
        case [register, identifier, *rest] if register in _THINGS:
            noun = _THINGS[register]
            words = [thing(reader, noun, identifier), *_fields(reader, noun, rest)]
        case rest:
            words = [reader.word(NOUNS["project"]), *_fields(reader, "project", rest)]
    return _SEPARATOR.join(words)


def thing(reader: Reader, noun: Noun, identifier: str) -> str:
    """What kind of thing it is and which: Risk “Competitor price”."""
    if noun == "stakeholder":
        title = _stakeholder(reader, identifier)
    else:
        titles = (_title(state, noun, identifier) for state in reader.states)
        title = next(filter(None, titles), None)
    space = reader.word(("", " "))
    return f"{reader.word(NOUNS[noun])}{space}“{shortened(title or identifier, TITLE_MAX)}”"


def _stakeholder(reader: Reader, identifier: str) -> str | None:
    """By name to whoever may know it, else by the place among those that the project knows."""
    if name := reader.persons.get(identifier):
        return name
    for state in reader.states:
        if identifier in state.stakeholders:
            place = list(state.stakeholders).index(identifier) + 1
            return reader.word((f"第{place}位", f"no. {place}"))
    return None


def _title(state: Project, noun: Noun, identifier: str) -> str | None:
    match noun:
        case "follow_up":
            follow_up = state.course.follow_ups.get(identifier)
            return follow_up.action if follow_up else None
        case "risk":
            risk = state.risks.get(identifier)
            return risk.event if risk else None
        case "requirement":
            requirement = state.requirements.get(identifier)
            return requirement.title if requirement else None
        case "change_request":
            change = state.change_requests.get(identifier)
            return change.title if change else None
        case "milestone":
            milestone = state.milestones.get(identifier)
            return milestone.title if milestone else None
        case "finding":
            finding = state.findings.get(identifier)
            return finding.title if finding else None
        case "correction":
            correction = state.corrections.get(identifier)
            return correction.reason if correction else None
        case "document":
            document = state.documents.get(identifier)
            return document.title if document else None
        case _:
            return _title_of_engagement(state, noun, identifier)


def _title_of_engagement(state: Project, noun: Noun, identifier: str) -> str | None:
    match noun:
        case "linked_project":
            project = state.linked_projects.get(identifier)
            return project.code if project else None
        case "engagement":
            engagement = state.engagements.get(identifier)
            return engagement.code if engagement else None
        case "goal":
            goal = state.goals.get(identifier)
            return goal.title if goal else None
        case "warning":
            warning = state.warnings.get(identifier)
            return warning.cause_risk_event if warning else None
        case _:
            return None


def _fields(reader: Reader, noun: Noun, names: Iterable[str]) -> list[str]:
    known = FIELDS[noun]
    return [reader.word(known[name]) if name in known else name for name in names]


def _visit(reader: Reader, visit: str) -> str:
    key, _, number = visit.partition(":")
    numbered = (
        "" if number in ("", "1") else reader.word((f"（第{number}次）", f" (visit {number})"))
    )
    return reader.titled(reader.template.stages, key) + numbered


def _visit_fields(reader: Reader, visit: str, names: list[str]) -> list[str]:
    match names:
        case ["conditions", key, *rest]:
            words = _condition(reader, visit, key)
            return [
                *_fields(reader, "visit", ["conditions"]),
                words,
                *_fields(reader, "visit", rest),
            ]
        case ["judgements", role, *rest]:
            title = reader.titled(reader.template.roles, role)
            return [
                *_fields(reader, "visit", ["judgements"]),
                title,
                *_fields(reader, "visit", rest),
            ]
        case _:
            return _fields(reader, "visit", names)


def _condition(reader: Reader, visit: str, key: str) -> str:
    stages = (one for one in reader.template.stages if one.key == visit.partition(":")[0])
    known = (one for stage in stages for one in stage.conditions() if one.key == key)
    return next((shortened(reader.say(one.text), TITLE_MAX) for one in known), key)


def _form(reader: Reader, copy: str, names: list[str]) -> list[str]:
    key, _, number = copy.partition(":")
    form = reader.template.forms.get(key)
    numbered = (
        "" if number in ("", "1") else reader.word((f"（第{number}份）", f" (copy {number})"))
    )
    words = [(reader.say(form.title) if form else key) + numbered]
    match names:
        case ["values", *keys]:
            return words + _values(reader, form, keys)
        case ["signatures", role, *rest]:
            words += [*_fields(reader, "form", ["signatures"])]
            return [
                *words,
                reader.titled(reader.template.roles, role),
                *_fields(reader, "form", rest),
            ]
        case _:
            return words + _fields(reader, "form", names)


def _values(reader: Reader, form: FormSpec | None, keys: Iterable[str]) -> list[str]:
    """As deep as the form's schema has titles; further down, and in a draft's own fields, by their keys."""
    schema: Any = form.json_schema if form else {}
    words = []
    for key in keys:
        schema = schema.get("properties", {}).get(key, {})
        schema = schema if isinstance(schema, dict) else {}  # true is a schema as well
        title = schema.get("title" if reader.language == "zh" else "x-title-en")
        words.append(title or key)
    return words
