"""The sound part of a damaged log ends right before the first damaged event, wherever in a page or commit that is."""

from pathlib import Path

import pytest

from genjin_api.feed import log_pages
from genjin_api.transfer import sound_part
from tests.evidence.sealed_log import SealedLog, verify
from tests.transfer.files import export_from, parsed

CHANGE = "UPDATE genjin.event SET body = replace(body, '{}', '{}') WHERE workspace_id = $1 AND position = {}"


@pytest.mark.parametrize("page_events", [7, 500])
async def test_everything_before_the_first_damaged_event_is_there_and_holds(
    sealed: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page_events: int
) -> None:
    for module in (log_pages, sound_part):
        monkeypatch.setattr(module, "PAGE_EVENTS_MAX", page_events)
    await sealed.append(1, 5, 40, 14)
    for position in (1, 2, 7, 8, 30, 60):
        assert await sealed.tamper(CHANGE.format("fact", "fake", position)) == 1
        export = await export_from(sealed.log.database, sealed.workspace_id, 1_000_000)
        assert await sealed.tamper(CHANGE.format("fake", "fact", position)) == 1
        (tmp_path / "export").write_bytes(export)
        assert verify("export", tmp_path / "export") == 3
        lines = parsed(export)
        assert [line["position"] for line in lines if "leaf_hash" in line] == list(
            range(1, position)
        )
        assert lines[-1]["cut_short"]["position"] == position
    whole = parsed(await export_from(sealed.log.database, sealed.workspace_id, 1_000_000))
    assert whole[-1]["end"]["count"] == 60
