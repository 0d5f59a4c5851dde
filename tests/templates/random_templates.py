"""Random processes: valid templates of few stages that use what the language has, the simplest ones first."""

from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st

from genjin.templates.checking import checked
from genjin.templates.model import Template
from tests.stages.retelling_relations import SAY
from tests.templates.test_model import band, levels, text, titled

Draw = st.DrawFn
Body = dict[str, Any]
Kind = Literal["stage_gate", "loop", "engagement"]
KINDS: tuple[Kind, ...] = ("stage_gate", "stage_gate", "loop", "loop", "engagement")

ROLES = ("seller", "boss", "clerk", "auditor")
FORMS = ("note", "plan")
# What an override may meet; others are never waived.
CODES = (
    "actual_missing",
    "condition_not_met",
    "approval_missing",
    "form_missing",
    "form_incomplete",
    "form_unsigned",
    "judgement_missing",
    "judgement_negative",
    "judgement_stale",
    "risk_unanswered",
    "change_undecided",
    "milestone_open",
    "metric_out_of_band",
    "finding_open",
    "document_missing",
)
# True or false of a project as it goes on; the last one cannot be told before there is an amount.
EXPRESSIONS = (
    "has(header.amount) && double(header.amount) > 1000.0",
    "!has(header.amount)",
    "has(roles.boss)",
    "project.visit == 1",
    "size(risks) == 0",
    "changes.all(change, change.status != 'raised')",
    "double(header.amount) <= 1000.0",
)
OF_RELATIONS = tuple(SAY)
BY_VARIABLE = tuple(
    tuple(told for told in SAY if told.startswith(variable))
    for variable in ("health", "goals", "stakeholders")
)
OF_FORMS = "forms.{form}.exists(copy, copy.state == 'complete')"
RISK = {
    "probability": levels(1, 2),
    "impact": levels(1, 2, 3),
    "bands": [band("low", 1, 3), band("high", 4, 6)],
    "limit": 4,
    "categories": titled("technical"),
    "strategies": titled("avoid"),
}
FORM_SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


@st.composite
def templates(draw: Draw) -> Template:
    """Checked as every template is that somebody publishes."""
    template, mistakes = checked(draw(_bodies()) | {"key": "random", "version": 1})
    assert not mistakes, [f"{mistake.pointer}: {mistake.rule}" for mistake in mistakes]
    assert template is not None
    return template


@st.composite
def _bodies(draw: Draw) -> Body:
    kind: Kind = draw(st.sampled_from(KINDS))
    roles = ROLES[: draw(st.integers(2, len(ROLES)))]
    forms = FORMS[: draw(st.integers(0, len(FORMS)))]
    ways = draw(_ways(kind, draw(st.integers(2, 6))))
    pair = [[roles[0], roles[-1]]]
    body = {
        "kind": kind,
        "title": text("random"),
        "header": [
            {"key": "name", "title": text("name"), "max_length": 20},
            {"key": "amount", "title": text("amount"), "max_length": 20, "format": "money"},
        ],
        "roles": [draw(_roles(role, roles)) for role in titled(*roles)],
        "never_both": pair if draw(_seldom()) else [],
        "exclusive_roles": [[roles[0], roles[1]]] if draw(st.booleans()) else [],
        "judgement": draw(_rules(roles)),
        "risk": RISK,
        "change_deciders": draw(_some(roles)),
        "override_by": draw(_some(roles)),
        "reopen_by": draw(_named(roles)),
        "outcomes": [] if kind == "engagement" else draw(_outcomes(roles, len(ways))),
        **draw(_registers(roles)),
        "stages": [draw(_stages(index, ways, roles, forms)) for index in range(len(ways))],
        "forms": {form: draw(_forms(roles)) for form in forms},
    }
    return body | ({} if kind == "stage_gate" else {"period": {"every": "week"}})


@cache
def _seldom() -> st.SearchStrategy[bool]:
    return st.sampled_from((False, False, False, True))


@cache
def _some(items: tuple[str, ...], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Some of them, in any order."""
    return st.lists(st.sampled_from(items), min_size=least, max_size=len(items), unique=True)


@cache
def _named(roles: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Mostly nobody in particular."""
    return st.one_of(*[st.just([])] * 3, _some(roles))


@cache
def _maybe(expressions: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.none(), st.none(), st.sampled_from(expressions))


@st.composite
def _ways(draw: Draw, kind: Kind, count: int) -> list[list[int]]:
    """Where each stage leads: every one is reached from an earlier one, and some have a further way."""
    ways: list[list[int]] = [[] for _ in range(count)]
    for index in range(1, count):
        ways[max(0, index - draw(st.integers(1, 2)))].append(index)
    for index, targets in enumerate(ways):
        further = draw(st.integers(0, count - 1))
        if further not in targets and (
            further > index or (kind != "stage_gate" and draw(_seldom()))
        ):
            targets.append(further)
    if kind != "stage_gate":
        for targets in ways[:-1]:
            targets.extend([] if targets else [0])
        ways[-1] = [0]
    return ways


@st.composite
def _stages(
    draw: Draw, index: int, ways: list[list[int]], roles: tuple[str, ...], forms: tuple[str, ...]
) -> Body:
    attached = tuple(draw(_some(forms, least=0))) if forms else ()
    conditions = draw(_conditions(roles, attached))
    cut = draw(st.integers(0, len(conditions)))
    parts = [part for part in (conditions[:cut], conditions[cut:]) if part] or [[]]
    told = (*EXPRESSIONS, *OF_RELATIONS, *(OF_FORMS.format(form=form) for form in forms))
    stage: Body = {
        "key": _key(index),
        "title": text(_key(index)),
        "parts": [
            {
                "key": f"p{number}",
                "title": text("part"),
                "success": text("done"),
                "conditions": part,
            }
            for number, part in enumerate(parts)
        ],
        "actual_by": draw(_some(roles)),
        "follow_up_by": draw(_some(roles, least=0)),
        "forms": list(attached),
        "exits": [{"to": _key(to), "when": draw(_maybe(told))} for to in ways[index]],
        "allow_return": not draw(_seldom()),
        "return_by": draw(_named(roles)),
        "waivable": draw(_some(CODES, least=0)) if draw(_seldom()) else list(CODES),
    }
    if not draw(_seldom()):
        by = draw(_some(roles)) if draw(st.booleans()) else list(roles)
        stage["skip"] = {"by": by, "when": draw(_maybe(told))}
    if index and draw(_seldom()):
        stage["return_to"] = draw(_some(tuple(_key(earlier) for earlier in range(index))))
    if draw(st.booleans()):
        stage["judgement"] = draw(_rules(roles))
    return stage


@st.composite
def _conditions(draw: Draw, roles: tuple[str, ...], attached: tuple[str, ...]) -> list[Body]:
    kinds: list[Body] = [
        {"evidence": draw(_seldom()), "by": draw(_some(roles, least=0))},
        {
            "kind": "approval",
            "by": draw(_some(roles)),
            "mode": draw(st.sampled_from(("any", "all"))),
        },
        {"kind": "field", "expr": draw(st.sampled_from(EXPRESSIONS))},
        *({"kind": "field", "expr": draw(st.sampled_from(some))} for some in BY_VARIABLE),
        {"kind": "risk", "assessed": True},
        {"kind": "risk", "max_score": 3, "categories": ["technical"]},
        {"kind": "change"},
        *draw(_register_conditions()),
        *({"kind": "form", "form": form} for form in attached),
        *({"kind": "approval", "by": [roles[0]], "form": form} for form in attached),
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(kinds))), max_size=3, unique=True))
    return [
        {"key": f"c{number}", "text": text("met"), "waivable": not draw(_seldom()), **kinds[index]}
        for number, index in enumerate(chosen)
    ]


@st.composite
def _register_conditions(draw: Draw) -> list[Body]:
    return [
        {"kind": "milestone", "milestone": draw(st.sampled_from((None, "built")))},
        {
            "kind": "metric",
            "metric": "quality",
            "expr": "value >= target",
            "each_visit": draw(st.booleans()),
        },
        {"kind": "finding", "severities": draw(st.sampled_from(([], ["major"])))},
        {"kind": "document", "document": "contract", "each_visit": draw(st.booleans())},
    ]


@st.composite
def _registers(draw: Draw, roles: tuple[str, ...]) -> Body:
    """What the conditions on registers ask for."""
    [metric] = titled("quality")
    return {
        "health": titled("good", "poor"),
        "milestones": titled("built"),
        "metrics": [
            {
                **metric,
                "target": 80.0,
                "target_by": draw(_named(roles)),
                "recorded_by": draw(_some(roles)),
            }
        ],
        "documents": titled("contract"),
        "findings": {
            "severities": titled("minor", "major"),
            "raised_by": draw(_some(roles)),
            "corrected_by": draw(_some(roles)),
            "closed_by": draw(_some(roles)),
        },
    }


@st.composite
def _rules(draw: Draw, roles: tuple[str, ...]) -> Body:
    mode = draw(st.sampled_from(("all", "any", "quorum", "sequence", "decisive")))
    judges = draw(_some(roles))
    rule: Body = {
        "roles": judges,
        "mode": mode,
        "verdicts": titled("advance", "hold"),
        "comment_on": ["hold"] if draw(_seldom()) else [],
    }
    if mode == "quorum":
        rule["quorum"] = draw(st.integers(1, len(judges)))
    if mode == "decisive":
        rule["decisive"] = draw(_some(tuple(judges)))
    return rule


@st.composite
def _roles(draw: Draw, role: Body, roles: tuple[str, ...]) -> Body:
    """The last one may be an outside party."""
    return {
        **role,
        "single": draw(st.booleans()),
        "appointed_by": draw(_named(roles)),
        "outside": role["key"] == roles[-1] and draw(_seldom()),
    }


@st.composite
def _forms(draw: Draw, roles: tuple[str, ...]) -> Body:
    return {
        "title": text("form"),
        "required": draw(st.booleans()),
        "repeatable": draw(_seldom()),
        "each_visit": draw(st.booleans()),
        "four_eyes": draw(st.booleans()),
        "by": draw(_named(roles)),
        "signed_by": draw(_some(roles, least=0)),
        "schema": FORM_SCHEMA,
    }


@st.composite
def _outcomes(draw: Draw, roles: tuple[str, ...], count: int) -> list[Body]:
    stages = tuple(_key(index) for index in range(count))
    won, lost, expired = titled("won", "lost", "expired")
    return [
        {**won, "final_gate_only": True, "at": draw(_some(stages, least=0))},
        {**lost, "by": draw(_some(roles, least=0)), "reason_required": draw(st.booleans())},
        {**expired, "when": draw(st.sampled_from((*EXPRESSIONS, *OF_RELATIONS)))},
    ]


def _key(index: int) -> str:
    return f"s{index}"
