"""What may be asked of the people inside a project's customer, with its limits."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from genjin_api.fields import Command, Count, Day, Line, OptionalProse, Prose, example

DIMENSIONS_MAX = 20

Role = Literal[
    "handler",
    "coach",
    "decision_maker",
    "project_owner",
    "evaluator",
    "influencer",
    "user",
    "technical",
    "purchaser",
]


def _each_once(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    if len(set(roles)) < len(roles):
        raise ValueError("must name each role once")
    return tuple(sorted(roles))


Roles = Annotated[tuple[Role, ...], Field(max_length=9), AfterValidator(_each_once)]
Level = Annotated[Count, Field(ge=1, le=5)]


class Attitude(Command):
    """What is restricted of a stakeholder. stance goes from -2, opposes, to +2, supports; note is the coach's (SPY)
    notes and whatever else is to be known.
    """

    stance: Annotated[Count, Field(ge=-2, le=2)] | None = None
    influence: Level | None = None
    relation_level: Level | None = None
    concerns: OptionalProse | None = None
    evidence: OptionalProse | None = None
    assessed_on: Day | None = None
    decision_power: Literal["final", "veto", "recommend"] | None = None
    agenda: OptionalProse | None = None
    personal_win: OptionalProse | None = None
    rival_ties: OptionalProse | None = None
    access_path: OptionalProse | None = None
    note: OptionalProse | None = None


class IdentifyStakeholder(Attitude):
    model_config = example(
        contact_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e13",
        roles=["handler", "coach"],
        stance=1,
        influence=3,
    )

    contact_id: UUID
    roles: Roles = ()
    reports_to: UUID | None = Field(None, description="another stakeholder of the project")


class ChangeStakeholder(Attitude):
    """A JSON merge patch: null takes a value away."""

    model_config = example(stance=2, reports_to=None)

    roles: Roles | None = None
    reports_to: UUID | None = None


class DimensionScore(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    dimension: Line
    score: Level


def _dimensions_once(scores: tuple[DimensionScore, ...]) -> tuple[DimensionScore, ...]:
    if len({one.dimension for one in scores}) < len(scores):
        raise ValueError("must name each dimension once")
    return scores


class ScoreRelationship(Command):
    """How the relationship stands by the dimensions of the form 客户关系评估分析表, 1 to 5 each."""

    model_config = example(
        assessed_on="2026-11-20",
        scores=[{"dimension": "信任", "score": 4}, {"dimension": "互动频率", "score": 3}],
        relation_stage="trusted",
        evidence="主动告知评标小组名单",
    )

    assessed_on: Day
    scores: Annotated[
        tuple[DimensionScore, ...],
        Field(min_length=1, max_length=DIMENSIONS_MAX),
        AfterValidator(_dimensions_once),
    ]
    relation_stage: Literal["unknown", "acquainted", "trusted", "supporting", "allied"] | None = (
        None
    )
    gap: OptionalProse = ""
    evidence: Prose


class RemoveStakeholder(Command):
    """Do not name the person in the reason: it stays."""

    model_config = example(reason="已调离，不再参与本项目")

    reason: Prose


def attitude_of(command: Attitude) -> dict[str, Any]:
    """What was said, null too; an empty text says null."""
    names = Attitude.model_fields.keys() - Command.model_fields.keys()
    said = command.model_dump(mode="json", include=names & command.model_fields_set)
    return {name: None if said[name] == "" else said[name] for name in sorted(said)}
