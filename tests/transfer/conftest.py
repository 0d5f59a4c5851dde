"""An API that reads the log in small pages, and a workspace on it in which much has happened."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import ApiProcess, api_process
from tests.control import REQUIREMENT, new_change, new_milestone, risk_owned_by
from tests.databases import copy_migrated
from tests.documents.attaching import attach, upload
from tests.engaged import engaged
from tests.pursuit import Pursuit, done
from tests.small_registers import keep_registers
from tests.stakeholders.inside import new_contact, new_stakeholder
from tests.subjects.registered import erase_somebody, save_and_erase
from tests.transfer.files import export_of
from tests.world import World, make_world


@pytest.fixture(scope="session")
async def transfer_api(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    database = await copy_migrated(postgres)
    log: Path = tmp_path_factory.mktemp("transfer") / "api.log"
    async with api_process(database, log, GENJIN_STREAM_BUFFER_BYTES="4096") as process:
        yield process


@pytest.fixture
async def world(transfer_api: ApiProcess) -> AsyncIterator[World]:
    async with make_world(transfer_api) as made:
        yield made


@pytest.fixture(scope="session")
async def lived(transfer_api: ApiProcess) -> AsyncIterator[World]:
    """A workspace with rows in every read model."""
    async with make_world(transfer_api) as made:
        for code in ("XM-1", "XM-2"):
            pursuit = Pursuit(made, await made.project(code, occurred_at="2020-01-01T08:00:00Z"))
            await pursuit.open_gate()
            await pursuit.advance()
            await pursuit.post("requirements", REQUIREMENT)
            await new_change(pursuit)
            await pursuit.post("risks", risk_owned_by(made.marketer.id))
            await new_milestone(pursuit)
            await keep_registers(pursuit)
            await attach(pursuit, await upload(pursuit, b"agreement"))
            due = {
                "role": "marketer",
                "action": "回访",
                "owner_id": made.marketer.id,
                "due_on": "2030-01-01",
            }
            await pursuit.post("follow-ups", due)
        contact = await new_contact(made.marketer)
        done(
            await made.marketer.put(
                f"{pursuit.path}/account", {"account_id": contact["account_id"]}
            )
        )
        await new_stakeholder(pursuit, contact_id=contact["id"])
        both = await engaged(made)
        await both.occur()
        await both.assess()
        await erase_somebody(made)
        subscription = {"url": "https://example.com", "event_types": ["*"]}
        for _ in range(2):
            answer = done(await made.owner.post("/v1/webhook-subscriptions", subscription))
        identifier = answer.json()["webhook_subscription"]["id"]
        done(await made.owner.delete(f"/v1/webhook-subscriptions/{identifier}"))
        key = await made.owner.post("/v1/api-keys", {"person_id": made.owner.id, "name": "旧"})
        done(await made.owner.delete(f"/v1/api-keys/{key.json()['api_key']['id']}", reason="旧"))
        await pursuit.post("suspensions", {"reason": "业主暂停"}, by="general_manager")
        yield made


@pytest.fixture(scope="session")
async def lived_export(lived: World) -> bytes:
    return await export_of(lived.owner)


@pytest.fixture(scope="session")
async def personal(transfer_api: ApiProcess) -> AsyncIterator[World]:
    """A workspace with one project, in a form of which a person was erased and another not."""
    async with make_world(transfer_api) as made:
        await save_and_erase(Pursuit(made, await made.project("XM-2")))
        yield made


@pytest.fixture(scope="session")
async def personal_export(personal: World) -> bytes:
    return await export_of(personal.owner)
