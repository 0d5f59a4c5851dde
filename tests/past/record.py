"""What a project's reads answered at each version."""

from dataclasses import dataclass
from typing import Any

from tests.pursuit import Pursuit, done

LISTS = (
    *("role-holders", "stages", "gate", "judgements", "forms", "requirements", "change-requests"),
    *("risks", "risk-matrix", "milestones", "metrics", "findings", "follow-ups", "state"),
    *("corrections", "documents", "goals", "engagements", "linked-projects", "warnings", "account"),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """version is the project's; by_path holds each read's body, by what follows the project's path."""

    version: int
    by_path: dict[str, Any]


Record = list[Answers]


async def recorded(pursuit: Pursuit) -> Answers:
    card = await pursuit.card()
    found = {"": card}
    for name in LISTS:
        found[f"/{name}"] = await _read(pursuit, f"/{name}")
    for name in (
        "requirements",
        "change-requests",
        "risks",
        "milestones",
        "documents",
    ):
        for item in found[f"/{name}"]["items"][:2]:
            path = f"/{name}/{item['id']}"
            found[path] = await _read(pursuit, path)
    for item in found["/forms"]["items"][:2]:
        found[f"/forms/{item['form']}"] = await _read(pursuit, f"/forms/{item['form']}")
    found["/follow-ups?status=open"] = await _read(pursuit, "/follow-ups?status=open")
    found["/milestones?status=open"] = await _read(pursuit, "/milestones?status=open")
    found["/risks?status=open"] = await _read(pursuit, "/risks?status=open")
    found["/documents?status=attached"] = await _read(pursuit, "/documents?status=attached")
    return Answers(card["version"], found)


async def _read(pursuit: Pursuit, path: str) -> Any:
    return done(await pursuit.world.auditor.client.get(f"{pursuit.path}{path}")).json()
