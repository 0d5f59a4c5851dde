"""What a fact of something that projects share says of the form that told it, where one did. Pure."""

from uuid import UUID

from pydantic import Field

from genjin.event import Fact


class ToldByForm(Fact):
    """A project's form told it with this revision; form is its copy, as customer_profile:1. form_details are those that
    the form stands behind from now on. All empty: somebody said it by hand.
    """

    project_id: UUID | None = Field(default=None)
    form: str | None = Field(default=None)
    revision: int | None = Field(default=None)
    form_details: tuple[str, ...] = Field(default=())
