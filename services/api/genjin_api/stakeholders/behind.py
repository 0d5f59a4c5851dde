"""Which forms stand behind what is known of a stakeholder, so that each takes back its own word alone. Pure.

A place that no form stands behind was said by hand: a form that says the same again does not make it its own.
"""

from genjin.stakeholders.events import StakeholderChanged, StakeholderIdentified

# A place of a stakeholder, and the copy of a form that says what stands there; sorted.
FromForms = tuple[tuple[str, str], ...]

LINE = "/reports_to"


def role_place(role: str) -> str:
    return f"/roles/{role}"


def value_place(name: str) -> str:
    return f"/values/{name}"


def behind(known: FromForms, fact: StakeholderIdentified | StakeholderChanged) -> FromForms:
    """After a form told of the person: it stands behind all that it says now, and behind nothing else."""
    if fact.form is None:
        return known
    others = {pair for pair in known if pair[1] != fact.form}
    return tuple(sorted(others | {(place, fact.form) for place in fact.form_places}))


def forms_at(known: FromForms, place: str) -> set[str]:
    return {form for at, form in known if at == place}
