"""Personal values are in the database nowhere in the clear: not in a row, not in a file of the server, at no time."""

import base64
import json
from pathlib import Path

import asyncpg

from genjin.sealing import unseal
from genjin.subjects.sealed_values import open_places
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import SECRET_KEY, api_process
from tests.databases import Database, copy_migrated
from tests.end_to_end.conftest import notifier_process
from tests.notifier.receiver import Receiver, until
from tests.projections.filled import Installation
from tests.pursuit import done
from tests.stakeholders.inside import new_contact, new_stakeholder, score
from tests.subjects.registered import (
    LI_SAID,
    PROFILE,
    REPORT,
    WANG_SAID,
    Registered,
    profile_of,
    register,
    report_of,
)
from tests.world import World, make_world

# What may be read is found by the same search, so the search finds what there is.
PUBLIC_NAME = "一个谁都可以看的项目名称"
SECRETS = (WANG_SAID, LI_SAID)
# It stood in a large row of the forms that is dead.
OUTDATED = "这句话后来从报告里删去了"

# Rows as they are: nothing compressed, and no dead one cleared away.
_PLAIN_ROWS = """
SELECT format('ALTER TABLE %s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false), ', c.oid::regclass)
       || string_agg(format('ALTER COLUMN %I SET STORAGE EXTERNAL', a.attname), ', ')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text LIKE 'genjin%'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage IN ('x', 'm') GROUP BY c.oid
"""

# The files of a table and of its large values.
_FILES = """
SELECT pg_relation_filenode(oid)::text, pg_relation_filenode(reltoastrelid)::text FROM pg_class
 WHERE oid = 'genjin.form'::regclass
"""

_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


async def rows_with(owner: asyncpg.Connection, text: str) -> set[str]:
    """The tables with a row that holds a text, in plain letters or as JSON may escape them."""
    escaped = json.dumps(text)[1:-1]
    found = set()
    for [table] in await owner.fetch(_TABLES):
        query = (
            f"SELECT count(*) FROM {table} t WHERE strpos(t::text, $1) + strpos(t::text, $2) > 0"
        )
        if await owner.fetchval(query, text, escaped):
            found.add(table)
    return found


async def files_with(owner: asyncpg.Connection, data: Path, text: str) -> list[str]:
    """The files of the database on disk, dead rows and all, that hold a text. A large value is stored in pieces: one
    may end within the text, but not within both of its halves.
    """
    await owner.execute("CHECKPOINT")
    oid = await owner.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    files = [path for path in (data / "base" / str(oid)).iterdir() if path.is_file()]
    assert files
    halves = [half.encode() for half in (text[: len(text) // 2], text[len(text) // 2 :])]
    stored = ((path.name, path.read_bytes()) for path in files)
    return [name for name, content in stored if any(half in content for half in halves)]


async def live(registered: Registered) -> None:
    """Every way in which a value may get about: keys of requests, refusals, readings of the past, long streams."""
    pursuit, world = registered.first, registered.world
    named = {registered.li: ["/preferences"]}
    draft = {"values": profile_of(LI_SAID), "reason": "更正", "subjects": named}
    path = f"{pursuit.path}/forms/{PROFILE}"
    for body in (draft, {**draft, "complete": True}):
        headers = {"Idempotency-Key": f"key-{body.get('complete')}"}
        done(await world.marketer.client.put(path, json=body, headers=headers))
    await outdate(registered)
    refused = await world.marketer.put(path, {"values": {"name": [WANG_SAID]}, "complete": True})
    assert refused.status_code == 422
    await know(registered)
    for number in range(210):
        done(await world.marketer.patch(pursuit.path, {"header": {"region": f"第{number}区"}}))
    for name in ("state", "blame", "forms", "diff"):
        done(await world.auditor.get(f"{pursuit.path}/{name}"))
    await look_for(world)
    done(await world.marketer.patch(pursuit.path, {"header": {"name": PUBLIC_NAME}}))


async def outdate(registered: Registered) -> None:
    """A report becomes long and then short again."""
    named = {registered.wang: ["/customer_people/0"], registered.li: ["/customer_people/1"]}
    report = report_of(WANG_SAID, LI_SAID)
    for facts in (f"{OUTDATED}。{'现场一切正常。' * 400}", report["facts"]):
        body = {"values": {**report, "facts": facts}, "complete": True, "reason": "更正"}
        path = f"{registered.first.path}/forms/{REPORT}"
        done(await registered.world.marketer.put(path, {**body, "subjects": named}))


async def know(registered: Registered) -> None:
    """As a contact and a stakeholder, scored, in forms and refusals."""
    pursuit, world = registered.first, registered.world
    known = await new_contact(world.marketer, name=WANG_SAID, subject_id=registered.wang)
    made = await new_stakeholder(pursuit, contact_id=known["id"], note=WANG_SAID)
    path = f"stakeholders/{made['id']}"
    await pursuit.post(f"{path}/scores", {**score("2026-03-02", trust=2), "evidence": WANG_SAID})
    body = {"note": WANG_SAID, "reports_to": made["id"]}
    assert (await world.marketer.patch(f"{pursuit.path}/{path}", body)).status_code == 409
    for asked in ("stakeholders", f"{path}/scores", "forms/stakeholder_roles/prefill"):
        done(await world.auditor.get(f"{pursuit.path}/{asked}"))


async def look_for(world: World) -> None:
    """In the history, for what was said: the pages hold restricted events, so who looked is recorded."""
    phrase = f'type:form.* -after:"{WANG_SAID}"'
    body = {"type": ["form.*"], "phrase": f"-before:{LI_SAID}"}
    asked = (
        world.auditor.get("/v1/events", phrase=phrase),
        world.auditor.client.request("QUERY", "/v1/events", json=body),
    )
    for each in asked:
        assert done(await each).json()["items"]
    looks = done(await world.owner.get("/v1/events", type="audit.read", limit=200)).json()["items"]
    recorded = {"type:form.* -after:withheld", "type:form.* -before:withheld"}
    assert recorded <= {look["data"]["phrase"] for look in looks}


async def rebuild(database: Database, folder: Path) -> None:
    """The tables of before are kept."""
    ended = await Installation(database, folder).projections(
        "rebuild", "--switch", "--report", "r.json"
    )
    assert ended.exit_code == 0, ended.err


async def nothing_opens(owner: asyncpg.Connection, registered: Registered) -> None:
    """With every key that is left, nothing of the erased persons in the log opens."""
    kept = await owner.fetch("SELECT * FROM genjin_keys.subject_key WHERE sealed IS NOT NULL")
    assert {str(row["subject_id"]) for row in kept}.isdisjoint({registered.wang, registered.li})
    key = base64.urlsafe_b64decode(SECRET_KEY)
    keys = {
        base64.b64decode(
            unseal(key, row["sealed"], f"subject-key:{row['workspace_id']}:{row['subject_id']}")
        )
        for row in kept
    }
    project = registered.first.path.split("/")[-1]
    bodies = await owner.fetch(
        "SELECT body FROM genjin.event WHERE stream = $1 AND type LIKE 'form.%'",
        f"project-{project}",
    )
    tried = 0
    for [body] in bodies:
        data = json.loads(body)["data"]
        for subject, places in data.get("subjects", {}).items():
            if subject in (registered.wang, registered.li):
                context = f"{project}/{data['form']}:{data['copy_number']}"
                for each in keys:
                    opened = open_places(
                        data["values"], {subject: places}, {subject: each}, context
                    )
                    assert opened.withheld.keys() == set(places)
                    tried += 1
    assert tried


async def test_no_row_no_file_and_no_log_holds_a_personal_value_in_the_clear(
    postgres: EmbeddedPostgres, tmp_path: Path, receiver: Receiver
) -> None:
    database = await copy_migrated(postgres)
    api_log, notifier_log = tmp_path / "api.log", tmp_path / "notifier.log"
    owner = await asyncpg.connect(database.admin_url)
    for [statement] in await owner.fetch(_PLAIN_ROWS):
        await owner.execute(statement)
    form_files = set(await owner.fetchrow(_FILES) or ())
    async with (
        api_process(database, api_log) as api,
        notifier_process(database, notifier_log),
        make_world(api) as world,
    ):
        subscription = {"url": receiver.url, "event_types": ["*"]}
        done(await world.owner.post("/v1/webhook-subscriptions", subscription))
        registered = await register(world)
        await live(registered)
        await rebuild(database, tmp_path)
        version = (await registered.first.card())["version"]
        project = registered.first.path.split("/")[-1]
        await until(lambda: version in receiver.versions(project), 60)
        assert await rows_with(owner, PUBLIC_NAME) >= {"genjin.event", "genjin.project"}
        assert await files_with(owner, postgres.data_dir, PUBLIC_NAME)
        assert await rows_with(owner, OUTDATED) == {"genjin.event"}
        assert form_files.intersection(await files_with(owner, postgres.data_dir, OUTDATED))
        assert "genjin.stream_snapshot" in await rows_with(owner, registered.wang)
        for step in ("before", "after"):
            for secret in SECRETS:
                assert await rows_with(owner, secret) == set(), step
                assert await files_with(owner, postgres.data_dir, secret) == [], step
            if step == "before":
                for subject in (registered.wang, registered.li):
                    await registered.erase(subject)
        assert "genjin.stream_snapshot" not in await rows_with(owner, registered.wang)
        await nothing_opens(owner, registered)
    await owner.close()
    told = "".join(each.body.decode() for each in receiver.received)
    assert PUBLIC_NAME in told
    assert not any(secret in told for secret in SECRETS)
    for log in (api_log, notifier_log, postgres.log_file):
        assert not any(secret in log.read_text(errors="replace") for secret in SECRETS), log
