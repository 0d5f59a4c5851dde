"""The API's description as OpenAPI 3.1."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from genjin_api.http.documents import CREDENTIALS, DeliveryDocument, ProblemDocument


def describe(app: FastAPI) -> None:
    """Add to OpenAPI what routes do not say: the problem's shape, the webhook's, the credential's."""

    @app.webhooks.post("event", summary="An event, as it is delivered to a webhook subscription")
    def deliver(body: DeliveryDocument) -> None:
        """Headers: webhook-id, webhook-timestamp, webhook-signature (Standard Webhooks), webhook-sequence (the
        project's version), webhook-previous-sequence (that of the event sent before it), webhook-cursor (the position),
        and once the log is sealed webhook-checkpoint: base64 of its newest signed checkpoint, a C2SP note. Keep some of
        them: with GET /v1/log/proofs/consistency they show that no event before them was changed since.

        After a secret rotation webhook-signature holds two signatures for a time, parted by a space: one must fit. Take
        a delivery with 2xx; anything else is tried again later, but 410 disables the subscription.

        Of contacts, stakeholders and restricted forms you are told that something was said, never what, unless the
        subscription is granted the class `restricted`: then data.data has the values in the clear as this attempt finds
        them, and where they are null data.data.withheld says why by place (`erased`: the person's data is gone for
        good). Of these events changes are always empty, and leaf_hash is that of the event in the log.
        """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                routes=app.routes,
                webhooks=app.webhooks.routes,
            )
            template = "#/components/schemas/{model}"
            problem = ProblemDocument.model_json_schema(ref_template=template)
            definitions = problem.pop("$defs", {})
            schema["components"]["schemas"].update({**definitions, "Problem": problem})
            schema["components"]["securitySchemes"] = CREDENTIALS
            for item in schema["paths"].values():
                _name_query(item)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to change the document


def _name_query(item: dict[str, Any]) -> None:
    """OpenAPI 3.1 knows no operation of the method QUERY (3.2 does): it stands as an extension beside the others."""
    operation = item.pop("query", None)
    if operation is not None:
        body = {"schema": {"$ref": "#/components/schemas/Question"}}
        operation["requestBody"] = {"required": True, "content": {"application/json": body}}
        item["x-query"] = operation
