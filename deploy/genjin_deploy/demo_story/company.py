"""The people of the demo workspace, each with their own key, and what the story does when an answer is another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from genjin_deploy.demo_file import DemoNotes

HTTP_TIMEOUT_SECONDS = 30.0
PROJECT_ROLES = ("marketer", "dept_head", "sales_manager", "general_manager")


class StoryBroken(Exception):
    """An answer is not the one that the story expects; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Person:
    """role: the project role, or auditor, that the person plays."""

    id: str
    name: str
    role: str
    client: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON, which must be a success."""
        answer = self.client.get(path, params=query or None)
        if answer.status_code != 200:
            raise StoryBroken(f"{self.name}: GET {path} answers {said(answer)}")
        return answer.json()

    def pages(self, path: str, **query: Any) -> list[Any]:
        """All items of a list, page after page."""
        page = self.get(path, **query)
        items = list(page["items"])
        while page["next_cursor"]:
            page = self.get(path, **query, cursor=page["next_cursor"])
            items += page["items"]
        return items


@contextmanager
def company(notes: DemoNotes) -> Iterator[Mapping[str, Person]]:
    """The demo people by the role that they play."""
    people: dict[str, Person] = {}
    try:
        for noted in notes.people:
            role = noted["role"] or noted["workspace_role"]
            client = httpx.Client(
                base_url=notes.urls["api"],
                headers={
                    "Authorization": f"Bearer {noted['key']}",
                    "Accept-Language": "en",
                },
                trust_env=False,
                timeout=HTTP_TIMEOUT_SECONDS,
            )
            people[role] = Person(noted["id"], noted["name"], role, client)
        if missing := {*PROJECT_ROLES, "auditor"} - people.keys():
            raise StoryBroken(
                f"this run has no demo person as {', '.join(sorted(missing))}: "
                "the story needs the workspace that `make run` adds to an empty database"
            )
        yield people
    finally:
        for person in people.values():
            person.client.close()


def said(answer: httpx.Response) -> str:
    """An answer in one line, for a message."""
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = answer.json()
        fields = "; ".join(f"{e['pointer']} {e['detail']}" for e in problem.get("errors", ()))
        blockers = ", ".join(f"{b['code']} {b['subject']}" for b in problem.get("blockers", ()))
        about = " · ".join(text for text in (problem["detail"], fields, blockers) if text)
        return f"{answer.status_code} {problem['code']}: {about}"
    return f"{answer.status_code}"
