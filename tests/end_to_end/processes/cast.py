"""Who plays which role of a process: as few people as its rules allow."""

from collections.abc import Mapping, Sequence

from genjin.templates.model import Template
from tests.world import Person


def cast(template: Template, people: Sequence[Person]) -> Mapping[str, Person]:
    """A person for each role. Nobody gets two roles that one person must not have, in the project or at one gate."""
    apart = _apart(template)
    played: dict[str, Person] = {}
    for role in (role.key for role in template.roles):
        taken = [played[other].id for other in played if {role, other} in apart]
        free = [person for person in people if person.id not in taken]
        assert free, f"{template.key} needs more people: nobody is left for {role}"
        played[role] = min(free, key=lambda one: list(played.values()).count(one))
    return played


def _apart(template: Template) -> list[set[str]]:
    rules = [template.judgement_of(stage.key).roles for stage in template.stages]
    sets = [*template.never_both, *template.exclusive_roles, *rules]
    return [{one, other} for roles in sets for one in roles for other in roles if one != other]
