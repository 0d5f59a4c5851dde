"""The API's operations as its own OpenAPI document tells them, and plausible requests made of their examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

# Operations that want one of several parameters, which OpenAPI cannot say.
ONE_OF = {"/v1/log/proofs/inclusion": {"position": "1"}}
BYTES = "application/octet-stream"
METHODS = ("get", "put", "post", "patch", "delete")
READS = ("get", "query")
# What OpenAPI 3.1 has no place for.
EXTENSIONS = {"query": "x-query"}


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    description: dict[str, Any]
    example: dict[str, Any] | None

    @property
    def takes_bytes(self) -> bool:
        """Of any kind, where others take JSON."""
        return BYTES in self.description.get("requestBody", {}).get("content", {})

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    def required_query(self) -> dict[str, str]:
        required = {
            parameter["name"]: "1" if parameter["schema"].get("type") == "integer" else "any reason"
            for parameter in self.description.get("parameters", ())
            if parameter["in"] == "query" and parameter["required"]
        }
        return required | ONE_OF.get(self.path, {})

    def codes(self) -> set[str]:
        """The refusals that it documents."""
        return {
            code
            for response in self.description["responses"].values()
            for code in response["content"].get("application/problem+json", {}).get("examples", ())
        }

    async def send(
        self, client: httpx.AsyncClient, ids: dict[str, str], own: dict[str, str] | None = None
    ) -> httpx.Response:
        """ids fill the path; own ones replace those in the example's body."""
        body = None if self.example is None else self.example | _replaced(self.example, own or {})
        path = self.path.format_map(ids)
        if self.takes_bytes:
            return await client.request(self.method.upper(), path, content=b"any file")
        return await client.request(
            self.method.upper(), path, json=body, params=self.required_query()
        )


def _replaced(example: dict[str, Any], own: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in own.items() if name in example}


def operations(document: dict[str, Any]) -> list[Operation]:
    return list(_operations(document))


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in (*METHODS, *EXTENSIONS):
            described = item.get(EXTENSIONS.get(method, method))
            if described is not None:
                yield Operation(method, path, described, _example(document, described))


def _example(document: dict[str, Any], description: dict[str, Any]) -> dict[str, Any] | None:
    content = description.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema = content["application/json"]["schema"]
    name = schema["$ref"].rpartition("/")[2]
    examples = document["components"]["schemas"][name].get("examples", [{}])
    example: dict[str, Any] = examples[0]
    return example
