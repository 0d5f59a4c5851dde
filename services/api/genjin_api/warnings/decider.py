"""The command on warnings: who was warned says that they know."""

from uuid import UUID

from genjin.warnings.events import WarningAcknowledged
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, OptionalProse, example
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, not_found


class AcknowledgeWarning(Command):
    model_config = example(note="已通知项目组，暂停采购")

    note: OptionalProse = ""


def acknowledge(
    project: Project, warning_id: UUID, command: AcknowledgeWarning, caller: Caller
) -> Decision:
    """Once each; a second time changes nothing. In a closed project as well: it waits for them there too."""
    warning = project.warnings.get(str(warning_id))
    if warning is None:
        return not_found("warning", warning_id)
    role, seen = acting_role(project, caller), warning.people.get(str(caller.person_id))
    if seen is None:
        return Refusal("role_not_allowed", "only those who were warned acknowledge it")
    if seen.acknowledged_at is not None:
        return Decided([], role)
    fact = WarningAcknowledged(warning_id=warning_id, person_id=caller.person_id, note=command.note)
    return Decided([fact], role)
