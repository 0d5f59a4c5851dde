"""What a form that is being saved tells of the people inside the customer: whom it may be about is looked up first."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from genjin.event import Fact
from genjin.log.append import NewEvent
from genjin.subjects.sealed_values import Places
from genjin.templates.bindings import binding_of
from genjin.templates.model import Template
from genjin_api.acting import Moment
from genjin_api.action import Consequence, Request
from genjin_api.contacts.projection import OF_SUBJECTS
from genjin_api.contacts.reading import in_hands_of, named
from genjin_api.forms.completed import newest
from genjin_api.forms.decider import Besides, Facts, SaveForm
from genjin_api.forms.provenance import FormRevision
from genjin_api.forms.state import form_key
from genjin_api.http.context import Services
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.form_customer import (
    Elsewhere,
    told_of_account,
    told_of_contacts,
)
from genjin_api.stakeholders.from_forms import Customer, told_by_form
from genjin_api.stakeholders.projection import ACTIVE_IDS

_NOBODY = Customer({}, {})


async def customer_of_form(
    services: Services, write: Request, project_id: UUID, command: SaveForm
) -> Customer:
    """The contacts of the subjects that the form names: the project's stakeholders, and whom the writer may take up."""
    if not command.complete or not command.subjects:
        return _NOBODY
    workspace_id = write.caller.workspace_id
    rows = await services.database.fetch(ACTIVE_IDS, workspace_id, project_id)
    stakeholders = [row["id"] for row in rows]
    found = await services.database.fetch(OF_SUBJECTS, workspace_id, list(command.subjects))
    others = [row["id"] for row in found if row["status"] == "active"]
    allowed = {*stakeholders, *await in_hands_of(services, write.caller, others)}
    contacts: dict[str, UUID] = {}
    for row in sorted(found, key=lambda row: row["id"] not in stakeholders):
        if row["id"] in allowed:
            contacts.setdefault(str(row["subject_id"]), row["id"])
    everybody = {*stakeholders, *contacts.values()}
    return Customer(contacts, await named(services, workspace_id, everybody))


class FormsWord:
    """What one save of a form tells of its customer: facts of stakeholders in the form's own events, and in the same
    commit changes of their contacts and of the account. It is decided anew as often as the form is.
    """

    def __init__(self, write: Request, form: str, command: SaveForm, customer: Customer) -> None:
        self._write, self._form, self._command = write, form, command
        self._customer = customer
        self._elsewhere: list[Elsewhere] = []

    def besides(self, project: Project, template: Template, moment: Moment) -> Besides:
        """What the decision on the form asks with the places of each subject."""
        command, binding = self._command, binding_of(template, self._form)
        key = form_key(self._form, command.copy_number)
        before = newest(project.forms, project.completed_before, key)
        role = acting_role(project, self._write.caller)
        self._elsewhere = []
        if binding is None or not command.complete:
            return lambda _subjects: ()
        schema, record = template.forms[self._form].json_schema, project.forms.get(key)
        form = FormRevision(project.id, key, record.revision + 1 if record else 1)
        words = schema, command.values, before
        of_account = told_of_account(project, binding, form, *words, role)

        def besides(subjects: Places) -> Sequence[Facts] | Refusal:
            told = told_by_form(
                project,
                binding,
                key,
                command.values,
                subjects,
                before,
                self._customer,
                moment.today,
            )
            if isinstance(told, Refusal):
                return told

            def facts(keys: Mapping[str, bytes]) -> Sequence[Fact] | Refusal:
                self._elsewhere = [*of_account, *told_of_contacts(told, form, keys, role)]
                return told.facts(keys)

            return (facts,)

        self._elsewhere = of_account
        return besides if binding.writes else lambda _subjects: ()

    def consequences(
        self, _after: Project, events: Sequence[NewEvent]
    ) -> Sequence[Consequence[Any]]:
        return [tell(events[0].id) for tell in self._elsewhere]
