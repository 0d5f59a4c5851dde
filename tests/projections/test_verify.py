"""`genjin-api projections verify`: the live rows beside a fold of the whole log."""

import json

import pytest

from genjin_api.projections import folding, shadow
from tests.projections.filled import Installation
from tests.specification import WORKSPACE_ID


async def test_rows_that_the_log_tells_verify(installation: Installation) -> None:
    before = await installation.tables()
    done = await installation.projections("verify", "--report", "report.json")
    assert (done.exit_code, await installation.tables()) == (0, before), done.err
    report = json.loads((installation.folder / "report.json").read_text())
    assert report["differences"] == 0
    rows = {table["table"]: table["folded_rows"] for table in report["tables"]}
    assert rows == {table["table"]: table["live_rows"] for table in report["tables"]}
    assert [table for table, count in rows.items() if count == 0] == []
    heads = {head["workspace_id"]: head["position"] for head in report["heads"]}
    assert len(heads) == 2
    assert sum(heads.values()) == await installation.value("SELECT count(*) FROM genjin.event")


async def test_streams_that_are_longer_than_a_page_and_rows_of_many_batches_verify(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "PAGE_EVENTS_MAX", 7)
    monkeypatch.setattr(shadow, "BATCH_CHARACTERS_MAX", 300)
    done = await installation.projections("verify", "--report", "report.json")
    assert done.exit_code == 0, done.out
    report = json.loads((installation.folder / "report.json").read_text())
    assert report["events_read"] == await installation.value("SELECT count(*) FROM genjin.event")


async def test_each_kind_of_difference_is_found_and_named(installation: Installation) -> None:
    await installation.execute("UPDATE genjin.project SET name = '改名', region = '某地'")
    await installation.execute('UPDATE genjin.risk SET body = body || \'{"cause": "改写"}\'')
    await installation.execute("DELETE FROM genjin.api_key")
    await installation.execute(
        "INSERT INTO genjin.requirement SELECT workspace_id, gen_random_uuid(), id, priority, status, body"
        " FROM genjin.requirement LIMIT 1"
    )
    done = await installation.projections("verify", "--report", "report.json")
    assert done.exit_code == 1
    report = json.loads((installation.folder / "report.json").read_text())
    found = {table["table"]: table for table in report["tables"]}
    kinds = {
        table: (one["missing"], one["extra"], one["different"] > 0)
        for table, one in found.items()
        if one["missing"] or one["extra"] or one["different"]
    }
    assert kinds == {
        "api_key": (1, 0, False),
        "project": (0, 0, True),
        "requirement": (0, 1, False),
        "risk": (0, 0, True),
    }
    [project] = found["project"]["samples"]
    assert project["kind"] == "different"
    changed = {column["column"]: column for column in project["columns"]}
    assert set(changed) == {"name", "region"}
    assert changed["name"]["live"] == '"改名"' != changed["name"]["folded"]
    assert [sample["kind"] for sample in found["api_key"]["samples"]] == ["missing"]
    assert [sample["kind"] for sample in found["requirement"]["samples"]] == ["extra"]


async def test_a_number_with_another_scale_is_a_difference(installation: Installation) -> None:
    await installation.execute(
        "UPDATE genjin.project SET expected_amount = coalesce(expected_amount, 5) * 1.0000000"
    )
    done = await installation.projections("verify", "--only", "project")
    assert done.exit_code == 1


async def test_the_differing_rows_values_are_not_shown_on_the_terminal(
    installation: Installation,
) -> None:
    await installation.execute("UPDATE genjin.project SET name = '不可外传'")
    done = await installation.projections("verify")
    assert "name" in done.out
    assert "不可外传" not in done.out + done.err


async def test_one_workspace_can_be_verified_alone(installation: Installation) -> None:
    await installation.execute("UPDATE genjin.person SET name = '改名'")
    alone = await installation.projections("verify", "--workspace", str(WORKSPACE_ID))
    every = await installation.projections("verify")
    assert (alone.exit_code, every.exit_code) == (0, 1)


async def test_a_workspace_that_does_not_exist_is_not_verified(installation: Installation) -> None:
    unknown = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"
    done = await installation.projections("verify", "--workspace", unknown)
    assert done.exit_code == 1
    assert unknown in done.err


async def test_an_event_that_cannot_be_folded_is_named_with_its_place(
    installation: Installation,
) -> None:
    """As a release that is older than its log meets it."""
    await installation.execute(
        """
        ALTER TABLE genjin.event DISABLE TRIGGER insert_only;
        UPDATE genjin.event SET type = 'project.unheard_of'
         WHERE stream LIKE 'project-%' AND version = 3;
        ALTER TABLE genjin.event ENABLE TRIGGER insert_only;
        """
    )
    done = await installation.projections("verify")
    assert done.exit_code == 1
    assert "project.unheard_of" in done.err
    assert str(WORKSPACE_ID) in done.err
    assert "Traceback" not in done.err
