"""What `make run` prints when everything is up: addresses, keys, and lines to paste."""

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

# The body of the third line to paste: a project that any demo person with the right to create one may create.
EXAMPLE_PROJECT: dict[str, Any] = {
    "code": "DEMO-001",
    "template": "pursuit.8",
    "header": {"name": "滨海新区污水处理厂", "region": "天津"},
}
# Pasted twice, the same key gives the same answer and makes no second project.
EXAMPLE_IDEMPOTENCY_KEY = "my-first-project"


def what_to_try(
    api_url: str, receiver_url: str | None, people: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Line by line."""
    yield f"API          {api_url}/v1"
    yield f"Docs         {api_url}/docs"
    if receiver_url:
        yield f"Receiver     {receiver_url}/received"
    if not people:
        yield ""
        yield "This database was not empty, so no demo people were added: use your own keys."
        return
    yield ""
    yield "Keys"
    for person in people:
        yield f"  {person['key']}  {person['name']} ({person.get('role') or person.get('workspace_role')})"
    yield ""
    yield "Try"
    for command in curl_commands(api_url, str(people[0]["key"])):
        yield f"  {command}"


def curl_commands(api_url: str, key: str) -> Iterator[str]:
    """Each in one line, ready to paste."""
    login = f"-H {shlex.quote(f'Authorization: Bearer {key}')}"
    body = shlex.quote(json.dumps(EXAMPLE_PROJECT, ensure_ascii=False))
    yield f"curl -s {login} {api_url}/v1/me"
    yield f"curl -s {login} {api_url}/v1/projects"
    yield (
        f"curl -s {login} -H 'Content-Type: application/json' "
        f"-H 'Idempotency-Key: {EXAMPLE_IDEMPOTENCY_KEY}' -d {body} {api_url}/v1/projects"
    )
