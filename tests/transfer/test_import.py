"""A workspace moves: what comes in is the same log, its read models follow from it, and it goes on from there."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from genjin.catalog import FACTS, ProjectStreamFact
from genjin.postgres import create_pool
from genjin_api.transfer.kinds import KINDS
from genjin_api.transfer.loading import ImportRefusedError
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_notifier.subscriptions import SubscriptionReader
from tests import fork_server
from tests.api_process import api_process, environment
from tests.databases import Database, copy_migrated
from tests.pursuit import Pursuit
from tests.subjects.registered import LI_SAID
from tests.transfer.files import (
    TABLES,
    bring_in,
    export_of,
    parsed,
    row_count,
    rows_of,
    without_its_time,
)
from tests.world import Person, World


def run(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return fork_server.run("genjin_api", *arguments, env=environment(database), timeout_seconds=100)


@pytest.fixture(scope="module")
async def moved(
    postgres: EmbeddedPostgres, lived_export: bytes, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """An installation of its own with the workspace in it."""
    database = await copy_migrated(postgres)
    imported = await bring_in(database, lived_export, tmp_path_factory.mktemp("moved"))
    assert imported.events == parsed(lived_export)[0]["last_position"]
    return database


async def test_every_row_is_the_same_byte_for_byte(
    lived: World, lived_export: bytes, moved: Database
) -> None:
    # An export is a reading of restricted history: its record is an event of its own, behind what it holds.
    last = parsed(lived_export)[0]["last_position"]
    here = await rows_of(lived.api.database, lived.workspace_id, last)
    there = await rows_of(moved, lived.workspace_id)
    assert [table for table in TABLES if not here[table]] == []
    assert [table for table in TABLES if here[table] != there[table]] == []


async def test_secrets_and_answers_stay_behind(moved: Database, lived: World) -> None:
    rows = await rows_of(moved, lived.workspace_id)
    assert await row_count(moved) == sum(len(of_table) for of_table in rows.values())


async def test_the_notifier_passes_over_a_subscription_without_its_secret(moved: Database) -> None:
    pool = await create_pool(moved.notifier_url, "genjin_notifier", 2)
    try:
        assert await SubscriptionReader(bytes(range(32))).read(pool) == {}
    finally:
        await pool.close()


async def test_an_imported_workspace_is_exported_as_it_came_and_goes_on(
    lived: World, lived_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    path, again = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(lived_export)
    imported = run(fresh_database, "import", str(path))
    assert imported.returncode == 0, imported.stderr
    exported = run(fresh_database, "export", lived.workspace_id, str(again))
    assert exported.returncode == 0, exported.stderr
    assert without_its_time(again.read_bytes()) == without_its_time(lived_export)
    assert again.stat().st_mode & 0o077 == 0


async def test_people_go_on_working_where_the_workspace_went(
    lived: World, lived_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lived_export)
    done = run(fresh_database, "import", str(path), "--owner-key")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    last = parsed(lived_export)[0]["last_position"]
    assert (said["workspace"], said["events"]) == (lived.workspace_id, last)
    async with (
        api_process(fresh_database, tmp_path / "api.log") as api,
        owner_there(api.url, said["owner"], said["key"]) as client,
    ):
        owner = Person(said["owner"], "", said["key"], client)
        projects = (await owner.get("/v1/projects")).json()["items"]
        path_there = f"/v1/projects/{projects[0]['id']}"
        card = await owner.get(path_there)
        version = int(card.headers["etag"].strip('"'))
        requirement = {"title": "新", "text": "新需求", "requested_by": "王工"}
        role = {"role": "marketer", "person_id": said["owner"]}
        assert (await owner.post(f"{path_there}/role-holders", role)).is_success
        written = await owner.post(f"{path_there}/requirements", requirement)
        assert written.status_code == 201, written.text
        assert written.json()["events"][0]["position"] == last + 3
        assert int(written.headers["etag"].strip('"')) == version + 2
        taken = await owner.post(
            "/v1/projects", {"code": projects[0]["code"], "header": {"name": "x"}}
        )
        assert taken.json()["code"] == "project_code_taken"
        whole = await export_of(owner)
    lines = lived_export.splitlines()
    assert whole.splitlines()[1 : len(lines) - 1] == lines[1:-1]
    assert parsed(whole)[-1]["end"]["count"] == last + 3


async def test_files_stay_behind_and_may_be_brought_after_their_documents(
    lived_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lived_export)
    done = run(fresh_database, "import", str(path), "--owner-key")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    async with (
        api_process(fresh_database, tmp_path / "api.log") as api,
        owner_there(api.url, said["owner"], said["key"]) as client,
    ):
        projects = (await client.get("/v1/projects")).json()["items"]
        project = f"/v1/projects/{projects[-1]['id']}"
        [document] = (await client.get(f"{project}/documents")).json()["items"]
        content = f"{project}/documents/{document['id']}/content"
        there = await client.get(content)
        assert (there.status_code, there.json()["code"]) == (410, "file_gone")
        role = {"role": "marketer", "person_id": said["owner"]}
        assert (await client.post(f"{project}/role-holders", json=role)).is_success
        sent = await client.post(f"{project}/files", content=b"agreement")
        assert sent.json()["file"]["sha256"] == document["sha256"]
        assert (await client.get(content)).content == b"agreement"


async def test_personal_values_can_be_read_where_their_keys_went(
    personal: World, personal_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    path, keys, again = tmp_path / "in.jsonl", tmp_path / "keys", tmp_path / "again"
    path.write_bytes(personal_export)
    exporting = ("export", personal.workspace_id, str(tmp_path / "x"), "--keys", str(keys))
    told = run(personal.api.database, *exporting)
    assert told.returncode == 0, told.stderr
    assert keys.stat().st_mode & 0o077 == 0
    assert json.loads(told.stdout)["keys"] == len(keys.read_bytes().splitlines())
    done = run(fresh_database, "import", str(path), "--owner-key", "--keys", str(keys))
    assert done.returncode == 0, done.stderr
    exporting = ("export", personal.workspace_id, str(tmp_path / "y"), "--keys", str(again))
    assert run(fresh_database, *exporting).returncode == 0
    assert again.read_bytes() == keys.read_bytes()
    here = await personal.marketer.get("/v1/projects")
    forms = f"/v1/projects/{here.json()['items'][0]['id']}/forms"
    assert (
        await read_there(fresh_database, tmp_path, done.stdout, forms)
        == (await personal.marketer.get(forms)).json()
    )
    [report] = (await personal.marketer.get(f"{forms}/visit_report")).json()["items"]
    assert LI_SAID in str(report["values"])
    assert report["withheld"] == {"/customer_people/0": "erased"}


async def test_keys_may_come_in_later_and_the_erased_stay_erased(
    personal: World, personal_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    path, keys = tmp_path / "in.jsonl", tmp_path / "keys"
    path.write_bytes(personal_export)
    exporting = ("export", personal.workspace_id, str(tmp_path / "x"), "--keys", str(keys))
    assert run(personal.api.database, *exporting).returncode == 0
    here = await personal.marketer.get("/v1/projects")
    form = f"/v1/projects/{here.json()['items'][0]['id']}/forms/visit_report"
    [report] = (await personal.marketer.get(form)).json()["items"]
    [erased] = [
        one for one, places in report["subjects"].items() if places == ["/customer_people/0"]
    ]
    came = run(fresh_database, "import", str(path), "--owner-key").stdout
    [without] = (await read_there(fresh_database, tmp_path, came, form))["items"]
    reasons = {"/customer_people/0": "erased", "/customer_people/1": "key_missing"}
    assert {place: without["withheld"][place] for place in reasons} == reasons
    assert without["values"]["customer_people"] == [None, None]
    # A file of before the erasure would hold this one too.
    line = {"subject_id": erased, "key": base64.b64encode(bytes(32)).decode()}
    keys.write_bytes(keys.read_bytes() + json.dumps(line).encode() + b"\n")
    bringing = ("import-keys", personal.workspace_id, str(keys))
    brought = run(fresh_database, *bringing)
    assert json.loads(brought.stdout)["keys"] == len(keys.read_bytes().splitlines()) - 1
    [after] = (await read_there(fresh_database, tmp_path, came, form))["items"]
    assert after == report
    assert json.loads(run(fresh_database, *bringing).stdout) == {"keys": 0}


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (b"no JSON", "no subject"),
        (b'{"subject_id":"7","key":""}', "no subject"),
        (b'{"subject_id":"01a201c7-83a6-721a-8a4f-39be3bf13e44","key":"YWJj"}', "32 bytes"),
    ],
    ids=["no JSON", "no id", "too short"],
)
def test_with_a_damaged_file_of_keys_nothing_comes_in(
    lived_export: bytes, fresh_database: Database, tmp_path: Path, damaged: bytes, reason: str
) -> None:
    path, keys = tmp_path / "in.jsonl", tmp_path / "keys"
    path.write_bytes(lived_export)
    keys.write_bytes(damaged)
    refused = run(fresh_database, "import", str(path), "--keys", str(keys))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "line 1" in refused.stderr and reason in refused.stderr
    keys.unlink()
    assert run(fresh_database, "import", str(path)).returncode == 0


async def read_there(database: Database, folder: Path, said: str, path: str) -> Any:
    """What the owner who was told of on the import is answered there."""
    told = json.loads(said)
    async with (
        api_process(database, folder / "api.log") as api,
        owner_there(api.url, told["owner"], told["key"]) as client,
    ):
        return (await client.get(path)).json()


def owner_there(url: str, identifier: str, key: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30)


async def test_a_workspace_that_is_there_is_not_brought_in_again(
    lived_export: bytes, moved: Database, tmp_path: Path
) -> None:
    before = await row_count(moved)
    with pytest.raises(ImportRefusedError, match="here already"):
        await bring_in(moved, lived_export, tmp_path)
    assert await row_count(moved) == before


async def test_a_workspace_comes_in_beside_others(
    moved: Database, world: World, lived: World, tmp_path: Path
) -> None:
    await Pursuit(world, await world.project("XM-1")).open_gate()
    before = await rows_of(moved, lived.workspace_id)
    await bring_in(moved, await export_of(world.owner), tmp_path)
    here = await rows_of(world.api.database, world.workspace_id)
    assert await rows_of(moved, world.workspace_id) == here
    assert await rows_of(moved, lived.workspace_id) == before


def test_an_unknown_workspace_is_not_exported(fresh_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    refused = run(fresh_database, "export", "01a201c7-83a6-721a-8a4f-39be3bf13e44", str(path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no workspace" in refused.stderr
    assert not path.exists()


def test_every_fact_is_of_a_stream_that_an_import_folds() -> None:
    of_projects = {fact.type for fact in ProjectStreamFact.__args__}
    nouns = {type_.partition(".")[0] for type_ in FACTS if type_ not in of_projects}
    assert nouns | {"project"} == set(KINDS)
