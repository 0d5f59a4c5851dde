"""What a form that is being saved tells of the people inside the customer: whom it may be about is looked up first."""

from collections.abc import Sequence
from uuid import UUID

from genjin.subjects.sealed_values import Places
from genjin.templates.bindings import binding_of
from genjin.templates.model import Template
from genjin_api.acting import Moment
from genjin_api.action import Request
from genjin_api.contacts.projection import OF_SUBJECTS
from genjin_api.contacts.reading import named, visible
from genjin_api.forms.decider import Besides, Facts, SaveForm
from genjin_api.forms.state import form_key
from genjin_api.http.context import Services
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.from_forms import Customer, told_by_form
from genjin_api.stakeholders.projection import ACTIVE_IDS

NOBODY = Customer({}, {})


async def customer_of_form(
    services: Services, write: Request, project_id: UUID, command: SaveForm
) -> Customer:
    """The contacts of the subjects that the form names: the project's own stakeholders, and whom the writer may see."""
    if not command.complete or not command.subjects:
        return NOBODY
    workspace_id = write.caller.workspace_id
    rows = await services.database.fetch(ACTIVE_IDS, workspace_id, project_id)
    stakeholders = [row["id"] for row in rows]
    found = await services.database.fetch(OF_SUBJECTS, workspace_id, list(command.subjects))
    others = [row["id"] for row in found if row["status"] == "active"]
    allowed = {*stakeholders, *await visible(services, write.caller, others)}
    contacts: dict[str, UUID] = {}
    for row in sorted(found, key=lambda row: row["id"] not in stakeholders):
        if row["id"] in allowed:
            contacts.setdefault(str(row["subject_id"]), row["id"])
    return Customer(contacts, await named(services, workspace_id, stakeholders))


def besides_of_form(
    project: Project,
    template: Template,
    form: str,
    command: SaveForm,
    customer: Customer,
    moment: Moment,
) -> Besides:
    """What the decision on the form asks with the places of each subject."""
    binding = binding_of(template, form)

    def besides(subjects: Places) -> Sequence[Facts] | Refusal:
        if binding is None or not binding.writes or customer is NOBODY:
            return ()
        before = project.forms.get(form_key(form, command.copy_number))
        told = told_by_form(
            project, binding, command.values, subjects, before, customer, moment.today
        )
        return told if isinstance(told, Refusal) else (told.facts,)

    return besides
