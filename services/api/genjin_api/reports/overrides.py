"""How often gates were passed by an override: overridden ones divided by all that were passed, by stage and by role."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, counted
from genjin_api.reports.numbers import FEW, ratio
from genjin_api.reports.stages import StageKey, Stages


# Gates that were passed, by who overrode them, null: nobody.
def _query(asked: Asked) -> str:
    return f"""
    SELECT template_key, template_version, stage, override_role, count(*) AS gates
      FROM genjin.stage_exit x
     WHERE passed AND {counted("x", asked, "left_at")}
     GROUP BY template_key, template_version, stage, override_role
    """


@dataclass(frozen=True, slots=True)
class PassedGates:
    key: StageKey
    override_role: str | None
    gates: int


async def passed_gates(
    database: asyncpg.Pool, workspace_id: UUID, asked: Asked
) -> list[PassedGates]:
    rows = await ask(database, _query(asked), asked.values(workspace_id))
    return [PassedGates(StageKey(*row[:3]), row[3], row[4]) for row in rows]


@dataclass(slots=True)
class _Counts:
    gates: int = 0
    by_role: dict[str, int] = field(default_factory=dict)

    def add(self, passed: PassedGates) -> None:
        self.gates += passed.gates
        if passed.override_role is not None:
            of_role = self.by_role.get(passed.override_role, 0)
            self.by_role[passed.override_role] = of_role + passed.gates

    def document(self) -> dict[str, Any]:
        overridden = sum(self.by_role.values())
        return {
            "gates_passed": self.gates,
            "overridden": overridden,
            "override_rate": ratio(overridden, self.gates),
            "few": self.gates < FEW,
        }


def overrides(found: Iterable[PassedGates], stages: Stages) -> Any:
    whole, by_stage = _Counts(), dict[StageKey, _Counts]()
    for passed in found:
        whole.add(passed)
        by_stage.setdefault(passed.key, _Counts()).add(passed)
    return {
        "total": whole.document(),
        "stages": [
            {
                **stages.named(key),
                **by_stage[key].document(),
                "roles": [
                    {
                        "role": role,
                        "title": stages.role_title(key.template, key.version, role),
                        "overridden": gates,
                        "override_rate": ratio(gates, by_stage[key].gates),
                    }
                    for role, gates in sorted(by_stage[key].by_role.items())
                ],
            }
            for key in sorted(by_stage, key=stages.place)
        ],
    }
