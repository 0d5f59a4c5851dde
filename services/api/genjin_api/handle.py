"""The one way from a command to the log: load the state, decide, append, answer. Every write of the API passes here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic
from uuid import UUID

import asyncpg

from genjin.canonical import plain_json
from genjin.event import RecordedEvent, stream_of
from genjin.log.append import (
    Append,
    Appended,
    AppendResult,
    ClaimTaken,
    Conflict,
    Duplicate,
    IdempotentAnswer,
    KeyReused,
)
from genjin.log.group_commit import GroupCommit, LogBusyError
from genjin.log.reading import Reading
from genjin.sealing import seal, unseal
from genjin_api.acting import Caller, Decided, Moment, Unsealed
from genjin_api.action import Action, Answer, RefusedError, Request, StaleVersionError
from genjin_api.effects import Effect, effects_of, fold, seen
from genjin_api.idempotency import stored_answer
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.states import States
from genjin_api.streams import State, StreamKind
from genjin_api.subjects.keys import SubjectErasedError, SubjectKeyMissingError, SubjectKeys

DECISIONS_MAX = 20
OK, CREATED = 200, 201
CLOCK_TOLERANCE = timedelta(seconds=5)
_ANSWER = "idempotent-answer"
# What the database holds up itself, for no stream's version shows that another one broke it.
RULES_ACROSS_STREAMS = frozenset({"account_tree"})


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[State]):
    """A decision carried through in memory: the state after it and what would be appended, here and in the streams
    where it has effects. generation is that of the states on which it was decided.
    """

    kind: StreamKind[State]
    state: State
    command: Append
    status: int
    location: str | None
    text: str
    generation: int
    effects: Sequence[Effect[Any]] = ()


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
            if outcome.generation != self._states.generation:  # its state may never have been
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
        result, of_effects = await self._append_whole(workspace_id, outcome)
        match result:
            case Appended():
                generation = outcome.generation
                if command.events:
                    place = outcome.kind, workspace_id, command.stream
                    self._states.keep(*place, outcome.state, result.events, generation)
                for each, appended in zip(outcome.effects, of_effects, strict=True):
                    place = each.kind, workspace_id, each.command.stream
                    self._states.keep(*place, each.state, appended.events, generation)
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

    async def _append_whole(
        self, workspace_id: UUID, outcome: _Outcome[Any]
    ) -> tuple[AppendResult, Sequence[Appended]]:
        """The results of the action's own command and of its effects, which are appended with it or not at all."""
        commands = [outcome.command, *(each.command for each in outcome.effects)]
        try:
            if not outcome.effects:
                return await self._log.append(workspace_id, outcome.command), ()
            results = await self._log.append_together(workspace_id, commands)
        except asyncpg.CheckViolationError as error:
            if error.constraint_name not in RULES_ACROSS_STREAMS:
                raise
            # Another stream changed since the rule was looked at: it is looked at again, as after any conflict.
            return Conflict(outcome.command.expected_version), ()
        return (results[0], results[1:]) if isinstance(results, Sequence) else (results, ())

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
        caller, generation = request.caller, self._states.generation
        stream = action.kind, caller.workspace_id, action.identifier
        state = await seen(self._states, *stream, certain=certain)
        event = self._states.event_of(*stream, state)
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
        actor = caller.actor(decision.role)
        occurred_at = action.occurred_at or moment.now
        place = action.kind, action.identifier
        events, after, past = fold(*place, actor, occurred_at, state, decision.facts)
        text = plain_json(body or action.show(after)).decode()
        rows = action.kind.rows(state, after) | past if events else {}
        command = Append(
            stream=stream_of(action.kind.noun, action.identifier),
            expected_version=version,
            actor=actor,
            request_id=request.request_id,
            correlation_id=request.correlation_id,
            events=events,
            claims=action.kind.claims(state, after),
            rows=rows | action.private_rows,
            answer=self._kept_answer(request, action, status, location, text),
            seen=event,
        )
        effects: Sequence[Effect[Any]] = ()
        if action.consequences is not None and events:
            following = action.consequences(after, events)
            effects = await effects_of(self._states, request, following, moment, certain=certain)
        return _Outcome(action.kind, after, command, status, location, text, generation, effects)

    async def _sealed(self, caller: Caller, decision: Unsealed) -> Decided:
        try:
            keys = await self._subject_keys.obtain(caller.workspace_id, decision.subjects)
        except SubjectErasedError as error:
            refusal = field_refusal("subject_erased", "/subjects", str(error))
            raise RefusedError(refusal) from error
        except SubjectKeyMissingError as error:
            refusal = field_refusal("subject_key_missing", "/subjects", str(error))
            raise RefusedError(refusal) from error
        sealed = decision.seal(keys)
        if isinstance(sealed, Refusal):
            raise RefusedError(sealed)
        return sealed

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
