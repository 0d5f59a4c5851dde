"""The OpenAPI document says what the API does, refusals included."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from genjin_api.http.problems import PROBLEMS
from tests.http.openapi import READS, Operation

# Answered where no operation is: a path with another method.
OF_NO_OPERATION = {"method_not_allowed"}
OF_EVERY_REQUEST = {"unauthorized", "internal_error", "busy", "validation_failed"}
OF_EVERY_WRITE = {"workspace_role_not_allowed", "version_stale", "idempotency_key_reused"}
OF_EVERY_UPLOAD = {"workspace_role_not_allowed", "body_missing", "body_too_large", "header_invalid"}
OF_EVERY_BODY = {"malformed_json", "body_missing", "body_too_large", "unsupported_media_type"}


@pytest.fixture
def behind_a_key(operations: list[Operation]) -> list[Operation]:
    return [one for one in operations if one.path.startswith("/v1/")]


def writes_events(operation: Operation) -> bool:
    """An upload is no event yet: the same bytes come to the same, however often they are sent."""
    return operation.method not in READS and not operation.takes_bytes


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for({**schema, "components": document["components"]})


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> str | None:
    """What of a value does not fit a schema of the document."""
    try:
        validator(document, schema).validate(value)
    except jsonschema_rs.ValidationError as error:
        return str(error)
    return None


def test_every_operation_documents_its_refusals(behind_a_key: list[Operation]) -> None:
    missing = {}
    for operation in behind_a_key:
        wanted = set(OF_EVERY_REQUEST)
        wanted |= OF_EVERY_WRITE if writes_events(operation) else set()
        wanted |= OF_EVERY_UPLOAD if operation.takes_bytes else set()
        wanted |= OF_EVERY_BODY if operation.example is not None else set()
        wanted |= {"not_found"} if "{" in operation.path else set()
        wanted |= (
            {"cursor_invalid"}
            if "cursor" in str(operation.description.get("parameters"))
            else set()
        )
        missing[operation.name] = wanted - operation.codes()
    assert {name: codes for name, codes in missing.items() if codes} == {}


def test_every_refusal_is_documented_by_an_operation(operations: list[Operation]) -> None:
    documented = {code for operation in operations for code in operation.codes()}
    assert set(PROBLEMS) - documented == OF_NO_OPERATION
    assert documented - set(PROBLEMS) == set()


def test_every_example_of_a_refusal_fits_and_stands_under_its_status(
    document: dict[str, Any], behind_a_key: list[Operation]
) -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    fitting = validator(document, problem)
    seen = 0
    for operation in behind_a_key:
        for status, response in operation.description["responses"].items():
            content = response["content"].get("application/problem+json")
            if content is None:
                assert status in ("200", "201"), operation.name
                continue
            assert content["schema"] == problem
            for code, example in content["examples"].items():
                assert (example["value"]["code"], str(example["value"]["status"])) == (code, status)
                assert fitting.is_valid(example["value"]), (operation.name, code)
                seen += 1
    assert seen > 500


def test_every_example_of_a_body_fits_its_schema(
    document: dict[str, Any], behind_a_key: list[Operation]
) -> None:
    for operation in behind_a_key:
        if operation.example is None:
            continue
        content = operation.description["requestBody"]["content"]["application/json"]
        assert fits(document, content["schema"], operation.example) is None, operation.name


def test_every_operation_has_a_summary_and_a_name_of_its_own(operations: list[Operation]) -> None:
    names = Counter(operation.description["operationId"] for operation in operations)
    assert [name for name, times in names.items() if times > 1] == []
    assert [one.name for one in operations if not one.description.get("summary")] == []


def test_every_operation_behind_a_key_says_so(behind_a_key: list[Operation]) -> None:
    assert [one.name for one in behind_a_key if not one.description.get("security")] == []


def test_every_write_documents_the_headers_it_takes(behind_a_key: list[Operation]) -> None:
    for operation in behind_a_key:
        parameters = operation.description.get("parameters", [])
        headers = {one["name"] for one in parameters if one["in"] == "header"}
        if writes_events(operation):
            assert headers == {"idempotency-key", "if-match", "correlation-id"}, operation.name


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    references = set(_references(document))
    assert len(references) > 20
    for reference in references:
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target.get(part)
            assert target is not None, reference


def test_every_schema_is_a_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        ), name


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
