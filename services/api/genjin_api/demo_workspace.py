"""The demo workspace of the one-machine runner, when the database has none: python -m genjin_api.demo_workspace.

Prints what was made as JSON on standard output: the workspace, its people with their keys, the webhook subscription
with its secret. Prints null when the database has a workspace already.
"""

import asyncio
import os
import sys
from typing import Any

import orjson

from genjin.settings import ApiSettings
from genjin_api.acting import WorkspaceRole
from genjin_api.app import open_services
from genjin_api.http.context import Services
from genjin_api.installation import NewPerson, add_person, create_workspace
from genjin_api.subscriptions.creation import create_subscription
from genjin_api.subscriptions.decider import CreateSubscription

# Name, workspace role, and the project role of pursuit.8 that they play in the demo.
OWNER = ("陈建国", "general_manager")
PEOPLE: tuple[tuple[str, WorkspaceRole, str | None], ...] = (
    ("王芳", "member", "marketer"),
    ("李强", "member", "dept_head"),
    ("赵敏", "member", "sales_manager"),
    ("周正", "auditor", None),
)


async def main() -> None:
    async with open_services(ApiSettings()) as services:
        made = await _make(services)
    sys.stdout.write(orjson.dumps(made).decode() + "\n")


async def _make(services: Services) -> dict[str, Any] | None:
    if await services.database.fetchval("SELECT EXISTS (SELECT FROM genjin.workspace)"):
        return None
    owner = await create_workspace(services, "演示工作区", OWNER[0], "Asia/Shanghai")
    people = [_document(owner, OWNER[1])]
    for name, workspace_role, project_role in PEOPLE:
        person = await add_person(services, owner.caller, name, workspace_role)
        people.append(_document(person, project_role))
    url = os.environ["GENJIN_DEMO_WEBHOOK_URL"]
    command = CreateSubscription(url=url, event_types=["*"], description="demo receiver")
    subscription_id, secret = await create_subscription(services, owner.caller, command)
    return {
        "workspace": str(owner.caller.workspace_id),
        "people": people,
        "subscription": {"id": str(subscription_id), "url": url, "secret": secret},
    }


def _document(person: NewPerson, project_role: str | None) -> dict[str, Any]:
    return {
        "id": str(person.caller.person_id),
        "name": person.caller.name,
        "workspace_role": person.caller.workspace_role,
        "role": project_role,
        "key": person.key,
    }


if __name__ == "__main__":
    asyncio.run(main())
