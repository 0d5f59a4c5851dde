"""Who last set each field, against a naive walk over the project's events."""

from typing import Any

from genjin_api.past.blame import value_at
from tests.http.asserting import assert_problem
from tests.http.test_pages import walk
from tests.past.lives import Event
from tests.past.record import Record
from tests.pursuit import Pursuit, done


def naive(events: list[Event], prefix: str = "") -> dict[str, Event]:
    """By path, the last event that set it; what was set anew as a whole takes its parts along."""
    found: dict[str, Event] = {}
    for event in events:
        for change in event["changes"]:
            path = change["path"]
            found = {known: by for known, by in found.items() if not known.startswith(f"{path}/")}
            found[path] = event
    return {
        path: found[path]
        for path in sorted(found)
        if path == prefix or path.startswith(f"{prefix}/")
    }


async def blame(pursuit: Pursuit, limit: int = 37, /, **query: Any) -> list[dict[str, Any]]:
    query = {"limit": limit, **query}
    return await walk(pursuit.world.auditor, f"{pursuit.path}/blame", **query)


async def test_each_field_is_laid_to_the_last_event_that_set_it(
    pursuit: Pursuit, record: Record, events: list[Event]
) -> None:
    for answers in record[::9]:
        wanted = naive(events[: answers.version])
        found = await blame(pursuit, as_of=answers.version)
        assert [item["path"] for item in found] == list(wanted)
        state = answers.by_path["/state"]
        for item in found:
            event = wanted[item["path"]]
            said = {key: event[key] for key in item.keys() & event.keys() - {"path"}}
            assert item == {
                "path": item["path"],
                "value": value_at(state, item["path"]),
                "event_id": event["id"],
                **said,
            }
            assert said.keys() >= {"actor", "recorded_at", "occurred_at", "position", "type"}


async def test_every_field_that_has_a_value_is_laid_to_somebody(
    pursuit: Pursuit, record: Record
) -> None:
    """Nothing is in the state that no event has set."""
    last = record[-1]
    paths = {item["path"] for item in await blame(pursuit, as_of=last.version, limit=200)}
    leaves = [path for path, value in _leaves("", last.by_path["/state"]) if value is not None]
    assert len(leaves) > 100
    unexplained = [path for path in leaves if path not in paths]
    assert unexplained == []


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(path, value)]
    return [
        leaf
        for key, item in value.items()
        for leaf in _leaves(f"{path}/{key.replace('~', '~0').replace('/', '~1')}", item)
    ]


async def test_a_path_narrows_to_the_fields_below_it(
    pursuit: Pursuit, record: Record, events: list[Event]
) -> None:
    version = record[-1].version
    for prefix in ("/header", "/header/region", "/course/visits/initiation:1", "/nowhere", "/head"):
        found = await blame(pursuit, path=prefix, as_of=version, limit=3)
        assert [item["path"] for item in found] == list(naive(events[:version], prefix)), prefix


async def test_a_field_that_was_taken_away_shows_who_did_it(pursuit: Pursuit) -> None:
    marketer = pursuit.world.marketer
    done(await marketer.patch(pursuit.path, {"header": {"quoter": "王芳"}}))
    done(await marketer.patch(pursuit.path, {"header": {"quoter": None}}))
    [item] = await blame(pursuit, path="/header/quoter")
    assert (item["value"], item["type"]) == (None, "project.header_changed")
    assert item["version"] == (await pursuit.card())["version"]
    assert item["actor"]["id"] == marketer.id


async def test_a_walk_stays_at_the_version_where_it_began(pursuit: Pursuit) -> None:
    marketer, path = pursuit.world.marketer, f"{pursuit.path}/blame"
    begun = (await pursuit.card())["version"]

    async def write() -> None:
        done(await marketer.patch(pursuit.path, {"header": {"quoter": str(begun)}}))

    found = await walk(marketer, path, write, limit=50)
    assert max(item["version"] for item in found) <= begun
    assert (await pursuit.card())["version"] > begun


async def test_what_is_no_pointer_is_refused(pursuit: Pursuit) -> None:
    answer = await pursuit.world.auditor.get(f"{pursuit.path}/blame", path="header")
    assert_problem(answer, 422, "validation_failed", "?path")


async def test_a_cursor_is_good_for_its_own_question_alone(pursuit: Pursuit) -> None:
    path = f"{pursuit.path}/blame"
    cursor = (await pursuit.world.auditor.get(path, limit=1)).json()["next_cursor"]
    for query in ({"path": "/header"}, {"as_of": 3}):
        answer = await pursuit.world.auditor.get(path, cursor=cursor, **query)
        assert_problem(answer, 400, "cursor_invalid")
