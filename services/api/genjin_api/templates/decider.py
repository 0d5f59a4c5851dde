"""Commands on a workspace's own templates: save a draft, publish it, retire a version."""

from typing import Any

from pydantic import Field

from genjin.templates.catalog import body_hash, shipped
from genjin.templates.checking import checked
from genjin.templates.events import TemplateDrafted, TemplatePublished, TemplateRetired
from genjin.templates.model import Template
from genjin_api.acting import Decided, Decision
from genjin_api.fields import Command, Prose, example
from genjin_api.refusal import FieldError, Refusal, field_refusal, not_found
from genjin_api.templates.state import OwnTemplate

VERSIONS_MAX = 100


class SaveDraft(Command):
    """The whole draft. What is wrong with it is said in the answer, and keeps nobody from saving it."""

    model_config = example(body={"key": "delivery.3", "title": {"zh": "交付", "en": "Delivery"}})

    body: dict[str, Any] = Field(max_length=100, description="see GET /v1/template-language")


class PublishTemplate(Command):
    """The draft as it stands becomes the next version."""

    model_config = example()


class RetireTemplate(Command):
    model_config = example(reason="已由新版本取代")

    reason: Prose


def save_draft(template: OwnTemplate | None, key: str, command: SaveDraft) -> Decision:
    if key in {known for known, _ in shipped()}:
        detail = f"{key} ships with Genjin: give a process of your own another key"
        return Refusal("template_key_reserved", detail)
    if command.body.get("key", key) != key:
        return field_refusal("field_invalid", "/body/key", f"must be {key}, or be left out")
    if template and template.draft and template.draft.body == command.body:
        return Decided([])
    return Decided([TemplateDrafted(key=key, body=command.body)])


def publish(template: OwnTemplate | None, key: str) -> Decision:
    if template is None or template.draft is None:
        return not_found("draft of template", key)
    if template.next_version > VERSIONS_MAX:
        return Refusal("too_many_versions", f"a template has at most {VERSIONS_MAX} versions")
    read = drafted(template)
    if isinstance(read, Refusal):
        return read
    fact = TemplatePublished(
        key=key, version=read.version, body=numbered(template), body_hash=body_hash(read)
    )
    return Decided([fact])


def drafted(template: OwnTemplate) -> Template | Refusal:
    """The draft as the template that publishing would make of it, or all that is wrong with it."""
    read, mistakes = checked(numbered(template))
    if read is None or mistakes:
        errors = [FieldError(one.pointer, "template_invalid", one.rule) for one in mistakes]
        return Refusal("template_invalid", "the draft is no template yet", errors=errors)
    return read


def retire(
    template: OwnTemplate | None, key: str, version: int, command: RetireTemplate
) -> Decision:
    known = template.versions.get(str(version)) if template else None
    if known is None:
        return not_found("template", f"{key} version {version}")
    if known.retired_at is not None:
        return Refusal("template_retired", f"{key} version {version} is retired already")
    return Decided([TemplateRetired(key=key, version=version, reason=command.reason)])


def numbered(template: OwnTemplate) -> dict[str, Any]:
    """The draft with the key and the version that publishing gives it."""
    assert template.draft is not None, "asked of a template that has a draft"
    return {**template.draft.body, "key": template.key, "version": template.next_version}
