"""The one way from a command to the log: load the state, decide, append, answer. Every write of the API passes here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic

from genjin.canonical import plain_json
from genjin.event import RecordedEvent, Stamp, stream_of
from genjin.identifiers import new_id
from genjin.log.append import (
    Append,
    Appended,
    ClaimTaken,
    Conflict,
    Duplicate,
    IdempotentAnswer,
    KeyReused,
    NewEvent,
)
from genjin.log.group_commit import GroupCommit, LogBusyError
from genjin.log.reading import Reading
from genjin.sealing import seal, unseal
from genjin_api.acting import Caller, Decided, Moment, Unsealed
from genjin_api.action import Action, Answer, RefusedError, Request, StaleVersionError
from genjin_api.field_changes import field_changes
from genjin_api.idempotency import stored_answer
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.states import States
from genjin_api.streams import Rows, State, StreamKind
from genjin_api.subjects.keys import SubjectErasedError, SubjectKeyMissingError, SubjectKeys

DECISIONS_MAX = 20
OK, CREATED = 200, 201
CLOCK_TOLERANCE = timedelta(seconds=5)
_ANSWER = "idempotent-answer"


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[State]):
    """A decision carried through in memory: the state after it and what would be appended."""

    kind: StreamKind[State]
    state: State
    command: Append
    status: int
    location: str | None
    text: str


class Writer:
    """Carries actions out. refusal_body gives the status and body that a recorded refusal is answered with."""

    def __init__(
        self,
        database: Reading,
        states: States,
        log: GroupCommit,
        secret_key: bytes,
        subject_keys: SubjectKeys,
        refusal_body: Callable[[Refusal, Request], tuple[int, dict[str, Any]]],
    ) -> None:
        self._database = database
        self._states = states
        self._log = log
        self._secret_key = secret_key
        self._subject_keys = subject_keys
        self._refusal_body = refusal_body

    async def handle(self, request: Request, action: Action[State]) -> Answer:
        """The answer of a write, or RefusedError, StaleVersionError, KeyReusedError, LogBusyError.

        The first decision is made on the state as it was last seen: the append finds out when that is no longer the
        newest, and says so as well when the key was answered before. Only what would not reach the log (a refusal,
        nothing to change) is looked up there before it is said.
        """
        certain = False
        for _ in range(DECISIONS_MAX):
            try:
                outcome = await self._decide(request, action, certain=certain)
            except (RefusedError, StaleVersionError):
                if replay := await self._replay(request):
                    return replay
                if certain:
                    raise
                certain = True
                continue
            if not outcome.command.events and request.idempotency is None:
                if certain:
                    return _answer(outcome, outcome.command.expected_version, ())
                certain = True
                continue
            answer = await self._append(request, outcome)
            if answer is not None:
                return answer
            certain = True
        raise LogBusyError("the state changed faster than the command could be decided")

    async def _append(self, request: Request, outcome: _Outcome[Any]) -> Answer | None:
        """None when the state has moved on and the command must be decided again."""
        workspace_id, command = request.caller.workspace_id, outcome.command
        result = await self._log.append(workspace_id, command)
        match result:
            case Appended():
                if command.events:
                    place = outcome.kind, workspace_id, command.stream
                    self._states.keep(*place, outcome.state, result.events[-1].leaf_hash)
                return _answer(outcome, result.version, result.events)
            case Conflict():
                return None
            case Duplicate():
                return await self._replay(request)
            case KeyReused():
                return await self._replay(
                    request
                )  # it says so, unless the answer is of another time
            case ClaimTaken():
                raise RefusedError(_claim_refusal(result.scope))

    async def _replay(self, request: Request) -> Answer | None:
        if request.idempotency is None:
            return None
        caller = request.caller
        stored = await stored_answer(
            self._database, caller.workspace_id, caller.person_id, request.idempotency
        )
        if stored is None:
            return None
        row, text = stored.row, stored.row["answer"]
        if not text.startswith("{"):
            text = unseal(self._secret_key, text, _ANSWER)
        return Answer(
            row["status"], text, row["location"], row["version"], stored.events, replayed=True
        )

    async def _decide(
        self, request: Request, action: Action[State], *, certain: bool
    ) -> _Outcome[State]:
        """certain: on the newest state, whatever is kept in memory."""
        caller = request.caller
        place = action.kind, caller.workspace_id, action.identifier
        state = None if certain else self._states.last_seen(*place)
        if state is None:
            state = await self._states.load(*place)
        version = action.kind.version(state) if state is not None else 0
        if request.if_match is not None and request.if_match != version:
            raise StaleVersionError(version)
        moment = moment_in(caller.time_zone)
        if refusal := _refuse_time(action.occurred_at, moment):
            raise RefusedError(refusal)
        if action.prepare is not None:
            await action.prepare(state)
        decision = action.decide(state, moment)
        if isinstance(decision, Unsealed):
            decision = await self._sealed(caller, decision)
        status, location, body = action.status, action.location, None
        if isinstance(decision, Refusal):
            if not decision.facts:
                raise RefusedError(decision)
            status, body = self._refusal_body(decision, request)
            location = None
            decision = Decided(decision.facts, decision.role)
        if not decision.facts and status == CREATED:
            status = OK  # nothing was made
        events, after, past = _fold(request, action, state, version, decision, moment)
        text = plain_json(body or action.show(after)).decode()
        rows = action.kind.rows(state, after) | past if events else {}
        command = Append(
            stream=stream_of(action.kind.noun, action.identifier),
            expected_version=version,
            actor=caller.actor(decision.role),
            request_id=request.request_id,
            correlation_id=request.correlation_id,
            events=events,
            claims=action.kind.claims(state, after),
            rows=rows | action.private_rows,
            answer=self._kept_answer(request, action, status, location, text),
        )
        return _Outcome(action.kind, after, command, status, location, text)

    async def _sealed(self, caller: Caller, decision: Unsealed) -> Decided:
        try:
            keys = await self._subject_keys.obtain(caller.workspace_id, decision.subjects)
        except SubjectErasedError as error:
            refusal = field_refusal("subject_erased", "/subjects", str(error))
            raise RefusedError(refusal) from error
        except SubjectKeyMissingError as error:
            refusal = field_refusal("subject_key_missing", "/subjects", str(error))
            raise RefusedError(refusal) from error
        return decision.seal(keys)

    def _kept_answer(
        self, request: Request, action: Action[Any], status: int, location: str | None, text: str
    ) -> IdempotentAnswer | None:
        if request.idempotency is None:
            return None
        kept = seal(self._secret_key, text, _ANSWER) if action.confidential else text
        key = request.idempotency
        return IdempotentAnswer(key.key, key.fingerprint, status, location, kept)


def moment_in(time_zone: str) -> Moment:
    return Moment(datetime.now(UTC), time_zone)


def _fold(
    request: Request,
    action: Action[State],
    state: State | None,
    version: int,
    decision: Decided,
    moment: Moment,
) -> tuple[list[NewEvent], State, Rows]:
    """The events that the facts become, each with its field changes; the state after them; the rows of the past that
    each of them adds.
    """
    events = []
    past: Rows = {}
    actor = request.caller.actor(decision.role)
    occurred_at = action.occurred_at or moment.now
    for offset, fact in enumerate(decision.facts, start=1):
        stamp = Stamp(new_id(), action.identifier, version + offset, occurred_at, actor)
        after = action.kind.evolve(state, fact, stamp)
        events.append(NewEvent(stamp.event_id, fact, occurred_at, field_changes(state, after)))
        for table, rows in action.kind.past_rows(state, after).items():
            past.setdefault(table, []).extend(rows)
        state = after
    if state is None:
        raise AssertionError("a decision on nothing makes at least one fact")
    return events, state, past


def _answer(outcome: _Outcome[Any], version: int, events: Sequence[RecordedEvent]) -> Answer:
    return Answer(outcome.status, outcome.text, outcome.location, version, events)


def _refuse_time(occurred_at: datetime | None, moment: Moment) -> Refusal | None:
    if occurred_at is not None and occurred_at > moment.now + CLOCK_TOLERANCE:
        return field_refusal("occurred_at_refused", "/occurred_at", "must not be in the future")
    return None


def _claim_refusal(scope: str) -> Refusal:
    match scope:
        case "project_code":
            return field_refusal("project_code_taken", "/code", "another project has this code")
        case other:
            raise AssertionError(f"no refusal for a taken {other}")
