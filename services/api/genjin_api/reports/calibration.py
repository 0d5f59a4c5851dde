"""How each judge's verdicts compare with what became of the projects.

A judge's first word in a visit counts, for in a gate that everybody must open all last words are the same. It is held
against the outcome of a project that is closed; of the others nobody knows yet who was right.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, closed, counted, standing
from genjin_api.reports.numbers import FEW, interval, ratio
from genjin_api.reports.stages import Versions
from genjin_api.reports.win_rate import counts_as

End = Literal["won", "lost", "neither", "open"]


# First words by their judge and the end of their project, null: it goes on. Where all projects are asked for, only the
# closed ones are looked up.
def _query(asked: Asked) -> str:
    period = Asked(since=asked.since, until=asked.until, position=asked.position)
    projects = f"JOIN ({standing(asked)})" if asked.is_narrowed else f"LEFT JOIN ({closed(asked)})"
    return f"""
    SELECT j.role, j.person_id, j.verdict = 'advance' AS advance, s.template_key, s.template_version, s.outcome,
           count(*) AS judgements
      FROM genjin.judgement j
     {projects} AS s ON s.project_id = j.project_id
     WHERE j.first_word AND {counted("j", period, "judged_at")}
     GROUP BY j.role, j.person_id, advance, s.template_key, s.template_version, s.outcome
    """


@dataclass(frozen=True, slots=True)
class FirstWords:
    """So many of one judge. ended_as: template key, version and outcome of the projects; None: they go on."""

    role: str
    person_id: UUID
    advance: bool
    ended_as: tuple[str, int, str] | None
    judgements: int


async def first_words(database: asyncpg.Pool, workspace_id: UUID, asked: Asked) -> list[FirstWords]:
    rows = await ask(database, _query(asked), asked.values(workspace_id))
    return [_first_words(row) for row in rows]


def _first_words(row: asyncpg.Record) -> FirstWords:
    role, person_id, advance, *ended_as, judgements = row
    return FirstWords(
        role, person_id, advance, tuple(ended_as) if row["outcome"] else None, judgements
    )


@dataclass(slots=True)
class _Verdicts:
    """How many first words met which end."""

    met: dict[End, int] = field(default_factory=dict)

    def add(self, end: End, judgements: int) -> None:
        self.met[end] = self.met.get(end, 0) + judgements

    def share(self, end: End) -> dict[str, Any]:
        """Of those whose projects were won or lost, the share that met this end."""
        right, judged = self.met.get(end, 0), self.met.get("won", 0) + self.met.get("lost", 0)
        bounds = interval(right, judged)
        return {
            "judgements": judged,
            end: right,
            "share": ratio(right, judged),
            "low": bounds[0] if bounds else None,
            "high": bounds[1] if bounds else None,
            "few": judged < FEW,
        }


@dataclass(slots=True)
class _Judge:
    advance: _Verdicts = field(default_factory=_Verdicts)
    against: _Verdicts = field(default_factory=_Verdicts)

    @property
    def judgements(self) -> int:
        return sum(sum(side.met.values()) for side in (self.advance, self.against))

    def document(self) -> dict[str, Any]:
        return {
            "advance": self.advance.share("won"),
            "against": self.against.share("lost"),
            "left_out": {
                end: self.advance.met.get(end, 0) + self.against.met.get(end, 0)
                for end in ("open", "neither")
            },
        }


def calibration(found: Iterable[FirstWords], versions: Versions, limit: int) -> Any:
    """The judges with the most judgements, limit of them; and all judges together, to compare them with."""
    everybody, judges = _Judge(), dict[tuple[str, UUID], _Judge]()
    ends: dict[tuple[str, int, str] | None, End] = {None: "open"}
    for one in found:
        if one.ended_as is not None and one.ended_as not in ends:
            ends[one.ended_as] = counts_as(versions, *one.ended_as)
        end = ends[one.ended_as]
        for judge in (everybody, judges.setdefault((one.role, one.person_id), _Judge())):
            (judge.advance if one.advance else judge.against).add(end, one.judgements)
    ordered = sorted(judges, key=lambda key: (-judges[key].judgements, key[0], str(key[1])))
    return {
        "everybody": everybody.document(),
        "judges": [
            {"role": role, "person_id": person_id, **judges[role, person_id].document()}
            for role, person_id in ordered[:limit]
        ],
        "judges_left_out": max(0, len(ordered) - limit),
    }
