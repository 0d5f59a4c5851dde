"""The keys of persons: one each whoever asks first, none after the erasure, out of everybody else's reach."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from genjin.postgres import connection_settings, create_pool, plain_url
from genjin_api.subjects.keys import SubjectErasedError, SubjectKeyMissingError, SubjectKeys
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated

SECRET = bytes(range(32))
DESTROY = "SELECT genjin_keys.destroy($1, $2::uuid[])"


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> Database:
    return await copy_migrated(postgres)


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(database.api_url, "genjin_api", 8)
    yield pool
    await pool.close()


@pytest.fixture
def keys(pool: asyncpg.Pool) -> SubjectKeys:
    return SubjectKeys(pool, SECRET)


@pytest.fixture
def workspace_id() -> UUID:
    return uuid4()


async def test_many_who_ask_at_once_get_the_same_keys(
    keys: SubjectKeys, workspace_id: UUID
) -> None:
    subjects = [str(uuid4()) for _ in range(5)]
    asked = [subjects[number % 3 :] for number in range(24)]
    got = await asyncio.gather(*(keys.obtain(workspace_id, each) for each in asked))
    whole = await keys.obtain(workspace_id, subjects)
    assert len(set(whole.values())) == 5
    for each, found in zip(asked, got, strict=True):
        assert found == {subject: whole[subject] for subject in each}


async def test_a_destroyed_key_is_gone_and_never_made_anew(
    pool: asyncpg.Pool, keys: SubjectKeys, workspace_id: UUID
) -> None:
    subject, other = str(uuid4()), str(uuid4())
    before = await keys.obtain(workspace_id, [subject, other])
    await pool.execute(DESTROY, workspace_id, [subject])
    assert await keys.find(workspace_id, [subject, other]) == {subject: None, other: before[other]}
    with pytest.raises(SubjectErasedError, match=subject):
        await keys.obtain(workspace_id, [other, subject])
    assert await keys.add(workspace_id, before) == 0
    assert (await keys.find(workspace_id, [subject]))[subject] is None
    assert [one async for one in keys.all(workspace_id)] == [(UUID(other), before[other])]


async def test_who_was_erased_before_there_was_a_key_gets_none(
    pool: asyncpg.Pool, keys: SubjectKeys, workspace_id: UUID
) -> None:
    subject = str(uuid4())
    await pool.execute(DESTROY, workspace_id, [subject])
    with pytest.raises(SubjectErasedError):
        await keys.obtain(workspace_id, [subject])


async def test_another_workspace_has_other_keys_for_the_same_id(
    keys: SubjectKeys, workspace_id: UUID
) -> None:
    subject = str(uuid4())
    here = await keys.obtain(workspace_id, [subject])
    assert await keys.find(uuid4(), [subject]) == {}
    assert await keys.obtain(uuid4(), [subject]) != here


async def test_keys_rest_sealed_under_the_installations_key(
    database: Database, keys: SubjectKeys, workspace_id: UUID
) -> None:
    subject = str(uuid4())
    [key] = (await keys.obtain(workspace_id, [subject])).values()
    owner = await asyncpg.connect(database.admin_url)
    row = await owner.fetchval(
        "SELECT t::text FROM genjin_keys.subject_key t WHERE subject_id = $1", subject
    )
    await owner.close()
    assert subject in row
    assert key.hex() not in row


async def test_a_key_that_came_back_is_not_found_for_an_erased_person(
    database: Database, keys: SubjectKeys, workspace_id: UUID
) -> None:
    subject = str(uuid4())
    await keys.obtain(workspace_id, [subject])
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute(
        "INSERT INTO genjin.subject VALUES ($1, $2, 'x', now(), $2, 1)", workspace_id, subject
    )
    await owner.close()
    assert await keys.find(workspace_id, [subject]) == {subject: None}
    with pytest.raises(SubjectErasedError):
        await keys.obtain(workspace_id, [subject])


async def test_no_new_key_is_made_for_whom_values_are_kept_already(
    database: Database, keys: SubjectKeys, workspace_id: UUID
) -> None:
    """As where a workspace came in without its keys: under another key the old values would be lost for good."""
    subject = uuid4()
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute(
        "INSERT INTO genjin.form (workspace_id, project_id, form, copy, state, revision, body)"
        " VALUES ($1, $2::uuid, 'visit_report', 1, 'draft', 1,"
        " jsonb_build_object('subjects', jsonb_build_object($2::uuid::text, 1)))",
        workspace_id,
        subject,
    )
    await owner.close()
    with pytest.raises(SubjectKeyMissingError, match=str(subject)):
        await keys.obtain(workspace_id, [str(subject)])
    assert await keys.is_known(workspace_id, subject)
    assert not await keys.is_known(workspace_id, uuid4())


@pytest.mark.parametrize("statement", ["SELECT * FROM", "DELETE FROM", "TRUNCATE"])
@pytest.mark.parametrize("role", ["genjin_api", "genjin_notifier"])
async def test_no_service_touches_the_table_itself(
    database: Database, role: str, statement: str
) -> None:
    url = database.api_url if role == "genjin_api" else database.notifier_url
    connection = await asyncpg.connect(plain_url(url), server_settings=connection_settings(role))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"{statement} genjin_keys.subject_key")
    await connection.close()


@pytest.mark.parametrize(
    "call",
    [
        "find($1, ARRAY[$1])",
        "page($1, NULL, 9)",
        "make($1, ARRAY[$1], ARRAY['x'])",
        "destroy($1, ARRAY[$1])",
    ],
)
async def test_the_notifier_cannot_ask_for_keys(database: Database, call: str) -> None:
    connection = await asyncpg.connect(
        plain_url(database.notifier_url), server_settings=connection_settings("genjin_notifier")
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"SELECT genjin_keys.{call}".replace("$1", f"'{uuid4()}'::uuid"))
    await connection.close()


async def test_for_a_delivery_it_gets_those_that_one_event_names_if_a_subscription_is_granted_them(
    database: Database,
) -> None:
    owner = await asyncpg.connect(database.admin_url)
    workspace_id, subscription, known, erased, unknown, other = (uuid4() for _ in range(6))
    await owner.execute(
        "INSERT INTO genjin.webhook_subscription (workspace_id, id, url, event_types, description, active, deleted,"
        " start_position, created_by, version, created_at, updated_at)"
        " VALUES ($1, $2, '', '{}', '', true, false, 0, $2, 1, now(), now())",
        *(workspace_id, subscription),
    )
    make = "SELECT genjin_keys.make($1, $2::uuid[], ARRAY['x', 'y', 'z'])"
    await owner.execute(make, workspace_id, [known, erased, other])
    await owner.execute(DESTROY, workspace_id, [erased])
    for position, named in enumerate(([known, erased, unknown], [other], [], None), start=1):
        subjects = None if named is None else {str(one): ["/name"] for one in named}
        await owner.execute(
            "INSERT INTO genjin.event (workspace_id, position, stream, version, id, type, schema_version, actor_id,"
            " occurred_at, recorded_at, request_id, correlation_id, body, leaf_hash)"
            " VALUES ($1, $2, 'contact', $2::bigint, $3, 'contact.created', 1, $1, now(), now(), '', '', $4, '')",
            *(workspace_id, position, uuid4(), json.dumps({"data": {"subjects": subjects}})),
        )
    connection = await asyncpg.connect(
        plain_url(database.notifier_url), server_settings=connection_settings("genjin_notifier")
    )

    async def found(change: str = "description = ''", position: int = 1) -> dict[UUID, str | None]:
        granted = "classes = '{restricted}', version = 1, active = true, event_types = '{*}'"
        for each in (granted, change):
            await owner.execute(
                f"UPDATE genjin.webhook_subscription SET {each} WHERE id = $1", subscription
            )
        rows = await connection.fetch(
            "SELECT * FROM genjin_keys.find_for_delivery($1, $2, $3, $4)",
            *(workspace_id, subscription, 1, position),
        )
        return {row["subject_id"]: row["sealed"] for row in rows}

    expected = {known: "x", erased: None}
    for types in ("contact.*", "contact.created", "risk.*,contact.created"):
        assert await found(f"event_types = '{{{types}}}'") == expected, types
    for types in ("contact", "contact.changed", "risk.*,contact.create", "contact.created.*"):
        assert await found(f"event_types = '{{{types}}}'") == {}, types
    assert [await found(position=each) for each in (1, 2, 3, 4, 5)] == [
        *(expected, {other: "z"}, {}, {}, {})
    ]
    for change in ("version = 2", "active = false", "classes = '{}'", "deleted = true"):
        assert await found(change) == {}, change
    await connection.close()
    await owner.close()


async def test_a_role_that_is_no_superuser_owns_them(database: Database) -> None:
    owner = await asyncpg.connect(database.admin_url)
    rows = await owner.fetch(
        "SELECT r.rolname, r.rolsuper, r.rolcanlogin FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.oid = 'genjin_keys.subject_key'::regclass"
        " UNION SELECT r.rolname, r.rolsuper, r.rolcanlogin FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE p.pronamespace = 'genjin_keys'::regnamespace"
    )
    await owner.close()
    assert [tuple(row) for row in rows] == [("genjin_keys", False, False)]
