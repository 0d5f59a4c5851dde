"""Given facts, when a command is decided, then facts or a refusal: the language of the deciders' tests.

given(A_PROJECT, by(DEPT_HEAD, judged)).when(lambda project: judge(project, …)).then(fact)
given(A_PROJECT).when(lambda project: suspend(project, …)).refused("role_not_allowed")
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from genjin.catalog import ProjectStreamFact
from genjin.event import Fact, Stamp
from genjin.projects.events import ProjectCreated, RoleAssigned, TemplateReference
from genjin.stages.events import StageEntered
from genjin.templates.catalog import body_hash, latest
from genjin_api.acting import Caller, Decided, Decision, Moment, Unsealed, WorkspaceRole
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, RefusalCode

TEMPLATE = latest("pursuit.8")
WORKSPACE_ID = UUID(int=0xA)
PROJECT_ID = UUID(int=0xB)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY = date(2026, 3, 16)
MOMENT = Moment(datetime(2026, 3, 16, 2, tzinfo=UTC), "Asia/Shanghai")
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def _caller(number: int, name: str, workspace_role: WorkspaceRole = "member") -> Caller:
    return Caller(WORKSPACE_ID, UUID(int=number), name, workspace_role, "Asia/Shanghai")


OWNER = _caller(1, "陈建国", "owner")
MARKETER = _caller(2, "王芳")
DEPT_HEAD = _caller(3, "李强")
SALES_MANAGER = _caller(4, "赵敏")
GENERAL_MANAGER = _caller(5, "孙总")
OUTSIDER = _caller(6, "吴外")
HOLDERS = {
    "marketer": MARKETER,
    "dept_head": DEPT_HEAD,
    "sales_manager": SALES_MANAGER,
    "general_manager": GENERAL_MANAGER,
}


@dataclass(frozen=True, slots=True)
class By:
    """A fact with who brought it about; a bare fact is the marketer's."""

    caller: Caller
    fact: Fact


def by(caller: Caller, fact: Fact) -> By:
    return By(caller, fact)


Given = Fact | By


def created(**header: str) -> list[Given]:
    """A new project without role holders."""
    reference = TemplateReference(
        key=TEMPLATE.key, version=TEMPLATE.version, body_hash=body_hash(TEMPLATE)
    )
    return [
        ProjectCreated(code="XM-1", template=reference, header={"name": "某项目", **header}),
        StageEntered(stage="initiation", visit=1, from_stage=None),
    ]


def holds(role: str, caller: Caller) -> RoleAssigned:
    return RoleAssigned(role=role, person_id=caller.person_id, person_name=caller.name)


A_PROJECT: list[Given] = [*created(), *(holds(role, who) for role, who in HOLDERS.items())]


def key_of(subject: str) -> bytes:
    """A subject's key, as good as any."""
    return sha256(subject.encode()).digest()


def sealed(decision: Decision) -> Decided | Refusal:
    """A decision on personal values carried through, as the writer does it with real keys."""
    if isinstance(decision, Unsealed):
        return decision.seal({subject: key_of(subject) for subject in decision.subjects})
    return decision


@dataclass(slots=True)
class Story:
    """A project as it goes on: every fact of it with its stamp, and every command that was decided on the way. A fact
    is a minute after the one before it; waited is what has passed besides.
    """

    project: Project | None = None
    project_id: UUID = PROJECT_ID
    told: list[tuple[Fact, Stamp]] = field(default_factory=list)
    decided: list[tuple[Caller, Callable[[Project], Decision]]] = field(default_factory=list)
    waited: timedelta = timedelta()

    @property
    def now(self) -> Project:
        assert self.project is not None, "nothing was given"
        return self.project

    def tell(self, caller: Caller, facts: Iterable[Fact], role: str | None = None) -> None:
        for fact in facts:
            version = len(self.told) + 1
            at = START + timedelta(minutes=version) + self.waited
            stamp = Stamp(UUID(int=version), self.project_id, version, at, caller.actor(role))
            self.project = evolve(self.project, fact, stamp)  # type: ignore[arg-type]
            self.told.append((fact, stamp))

    def do(self, caller: Caller, decide: Callable[[Project], Decision]) -> Decided | Refusal:
        """Decide, and go on with what follows from it: a recorded refusal is told too."""
        self.decided.append((caller, decide))
        decision = sealed(decide(self.now))
        self.tell(caller, decision.facts, decision.role)
        return decision

    def did(self, caller: Caller, decide: Callable[[Project], Decision]) -> None:
        """Do what must not be refused."""
        decision = self.do(caller, decide)
        assert isinstance(decision, Decided), decision

    def when(self, decide: Callable[[Project], Decision]) -> "Outcome":
        return Outcome(sealed(decide(self.now)))

    def refold(self) -> Project | None:
        project: Project | None = None
        for fact, stamp in self.told:
            project = evolve(project, fact, stamp)  # type: ignore[arg-type]
        return project


@dataclass(frozen=True, slots=True)
class Outcome:
    decision: Decision

    def then(self, *facts: ProjectStreamFact, role: str | None = "marketer") -> None:
        assert isinstance(self.decision, Decided), self.decision
        assert list(self.decision.facts) == list(facts)
        assert self.decision.role == role

    def then_nothing(self) -> None:
        assert isinstance(self.decision, Decided), self.decision
        assert list(self.decision.facts) == []

    def refused(self, code: RefusalCode, *pointers: str) -> Refusal:
        assert isinstance(self.decision, Refusal), self.decision
        assert self.decision.code == code, self.decision
        assert [error.pointer for error in self.decision.errors] == list(pointers)
        return self.decision


def given(*facts: Given | Sequence[Given], project_id: UUID = PROJECT_ID) -> Story:
    story = Story(project_id=project_id)
    for one in facts:
        for item in [one] if isinstance(one, Fact | By) else one:
            told = item if isinstance(item, By) else By(MARKETER, item)
            story.tell(told.caller, [told.fact])
    return story
