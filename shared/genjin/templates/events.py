"""Facts of a workspace's own process templates (stream template-<id>, one for each key)."""

from typing import Any, ClassVar

from genjin.event import Fact


class TemplateDrafted(Fact):
    """The draft as a whole, whatever is wrong with it still."""

    type: ClassVar[str] = "template.drafted"
    key: str
    body: dict[str, Any]


class TemplatePublished(Fact):
    """One version for ever; body is the template itself, body_hash that of genjin.templates.catalog.body_hash."""

    type: ClassVar[str] = "template.published"
    key: str
    version: int
    body: dict[str, Any]
    body_hash: str


class TemplateRetired(Fact):
    """No new project begins with this version; those that run go on."""

    type: ClassVar[str] = "template.retired"
    key: str
    version: int
    reason: str


TemplateFact = TemplateDrafted | TemplatePublished | TemplateRetired


def template_payload(event: dict[str, Any]) -> dict[str, Any]:
    """What the outside is told: the event without the body, which GET /v1/templates gives whole."""
    data = {key: value for key, value in event["data"].items() if key != "body"}
    return event | {"data": data}
