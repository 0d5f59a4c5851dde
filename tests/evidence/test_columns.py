"""Columns beside what was hashed: a superuser changes one of them, and whoever seals, reads again or exports the log
names the position.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import structlog

from genjin.event import Change
from genjin.log.append import NewEvent
from genjin_notifier.scrubber import Scrubber
from tests.evidence.sealed_log import SealedLog, notifier_settings
from tests.log.log import Log, command, event, new_log
from tests.transfer.files import export_from, parsed

# What another value of each type may be.
OTHER = {
    "uuid": "gen_random_uuid()",
    "text": "coalesce({0}, '') || 'x'",
    "smallint": "{0} + 1000",
    "integer": "{0} + 1000",
    "bigint": "{0} + 1000",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "bytea": "sha256({0})",
}
# That they were changed is not seen by a comparison with the body.
OF_THEIR_OWN = {
    "workspace_id": "there is no event",
    "position": "there is no event",
    "body": "the leaf hash is not that of the event",
    "leaf_hash": "the leaf hash is not that of the event",
}


async def complaint_of_sealer(sealed: SealedLog) -> str:
    with structlog.testing.capture_logs() as said:
        await sealed.seal()
    assert [each["event"] for each in said] == ["log_not_sealed"]
    assert await sealed.checkpoints() == []
    return str(said[0]["reason"]).removeprefix("DamagedLogError: ")


async def finding_of_scrubber(sealed: SealedLog) -> str:
    """The first in the log: it begins somewhere."""
    settings = notifier_settings(sealed.log.database)
    quick = settings.model_copy(update={"scrub_pause_seconds": 0.001})
    with structlog.testing.capture_logs() as said:
        await Scrubber(quick, sealed.notifier_pool).scrub(sealed.workspace_id)
    assert {each["event"] for each in said} == {"log_damaged"}
    reasons = [str(each["reason"]).removeprefix("DamagedLogError: ") for each in said]
    return min(reasons, key=lambda reason: int(reason.split()[1].rstrip(":")))


async def end_of_export(sealed: SealedLog) -> str:
    export = await export_from(sealed.log.database, sealed.workspace_id)
    return str(parsed(export)[-1]["cut_short"]["reason"])


READERS: dict[str, Callable[[SealedLog], Awaitable[str]]] = {
    "the sealer": complaint_of_sealer,
    "the scrubber": finding_of_scrubber,
    "an export": end_of_export,
}


async def columns_of(sealed: SealedLog, table: str) -> dict[str, str]:
    rows = await sealed.superuser.fetch(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'genjin' AND table_name = $1",
        table,
    )
    return {row["column_name"]: row["data_type"] for row in rows}


async def fresh(sealed: SealedLog) -> SealedLog:
    """Another log: 7 events in commits of 4 and 3, none of them sealed."""
    log: Log = new_log(sealed.log.database, sealed.log.pool)
    made = SealedLog(log, sealed.notifier_pool, sealed.superuser)
    await made.append(4, 3)
    return made


@pytest.mark.parametrize("reader", READERS)
async def test_a_change_of_any_column_of_an_event_is_found_and_its_position_named(
    sealed: SealedLog, reader: str
) -> None:
    """A column that a migration adds is one of them: this fails until it is compared too."""
    columns = await columns_of(sealed, "event")
    assert len(columns) >= 15
    for column, type_ in columns.items():
        log = await fresh(sealed)
        change = f"UPDATE genjin.event SET {column} = {OTHER[type_].format(column)}"
        assert await log.tamper(f"{change} WHERE workspace_id = $1 AND position = 6") == 1
        reason = OF_THEIR_OWN.get(column, f"the column {column} is not what the body says")
        assert await READERS[reader](log) == f"position 6: {reason}"


@pytest.mark.parametrize("reader", ["the sealer", "the scrubber"])
async def test_a_change_of_any_column_of_a_commit_is_found_and_its_position_named(
    sealed: SealedLog, reader: str
) -> None:
    """Whoever verifies an export finds them there: see test_tampering."""
    columns = await columns_of(sealed, "commit")
    assert len(columns) >= 6
    for column, type_ in columns.items():
        log = await fresh(sealed)
        await log.append(2)
        other = "first_position + 1" if column == "first_position" else OTHER[type_].format(column)
        change = f"UPDATE genjin.commit SET {column} = {other}"
        assert await log.tamper(f"{change} WHERE workspace_id = $1 AND last_position = 7") == 1
        assert (await READERS[reader](log)).startswith("position 5: "), column


@pytest.mark.parametrize("reader", READERS)
async def test_a_role_that_was_taken_away_is_found(sealed: SealedLog, reader: str) -> None:
    log = await fresh(sealed)
    await log.tamper(
        "UPDATE genjin.event SET actor_role = NULL WHERE workspace_id = $1 AND position = 2"
    )
    reason = "position 2: the column actor_role is not what the body says"
    assert await READERS[reader](log) == reason


@pytest.mark.parametrize("reader", READERS)
async def test_what_is_said_in_the_data_is_not_taken_for_the_envelope(
    sealed: SealedLog, reader: str
) -> None:
    """A change whose value looks like an envelope's members does not vouch for a column."""
    lookalike = {"correlation_id": "other", "data": {}, "role": "other", "type": "other"}
    sound = await fresh(sealed)
    await sound.log.append(command("a", 0, events=[_changing_to(lookalike)]))
    await sound.seal()
    assert [row["size"] for row in await sound.checkpoints()] == [8]
    for column in ("correlation_id", "actor_role", "type"):
        log = await fresh(sealed)
        await log.log.append(command("a", 0, events=[_changing_to(lookalike)]))
        await log.tamper(
            f"UPDATE genjin.event SET {column} = 'other' WHERE workspace_id = $1 AND position = 8"
        )
        reason = f"position 8: the column {column} is not what the body says"
        assert await READERS[reader](log) == reason


def _changing_to(value: Any) -> NewEvent:
    return replace(event("x"), changes=[Change("/text", None, value)])


@pytest.mark.parametrize("text", ['"quoted" \\ /', "汉字 𠮷", "\n\t\x01\x7f\u2028", "", "{}", "é"])
async def test_columns_with_any_text_are_found_to_be_what_the_body_says(
    sealed: SealedLog, text: str
) -> None:
    told = replace(command(f"s {text}", 0, text), request_id=text, correlation_id=text)
    await sealed.log.append(told)
    await sealed.seal()
    assert [row["size"] for row in await sealed.checkpoints()] == [1]
