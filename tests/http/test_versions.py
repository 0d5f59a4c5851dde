"""ETag and If-Match: a write on what the caller has not seen is refused."""

import asyncio

from tests.http.asserting import assert_problem, nothing_written
from tests.world import World


async def test_the_etag_follows_the_version_and_a_stale_one_is_refused(
    house: World, project: str
) -> None:
    seen = (await house.marketer.get(project)).headers["etag"]
    version = int(seen.strip('"'))
    done = await house.marketer.patch(project, {"header": {"region": f"v{version}"}}, if_match=seen)
    assert done.status_code == 200, done.text
    assert done.headers["etag"] == f'"{version + 1}"'
    read = await house.marketer.get(project)
    assert read.headers["etag"] == done.headers["etag"]
    assert read.json()["version"] == version + 1
    async with nothing_written(house):
        for stale in (seen, str(version), '"0"', f'"{version + 2}"'):
            answer = await house.marketer.patch(
                project, {"header": {"region": "stale"}}, if_match=stale
            )
            assert_problem(answer, 412, "version_stale")


async def test_the_position_of_a_write_is_that_of_its_last_event(
    house: World, project: str
) -> None:
    version = (await house.marketer.get(project)).json()["version"]
    done = await house.marketer.patch(project, {"header": {"region": f"position {version}"}})
    [event] = done.json()["events"]
    assert done.headers["genjin-position"] == str(event["position"])


async def test_of_many_writes_on_one_version_one_is_carried_out(house: World, project: str) -> None:
    seen = (await house.marketer.get(project)).headers["etag"]
    answers = await asyncio.gather(
        *(
            house.marketer.patch(project, {"header": {"quoter": f"{seen} {number}"}}, if_match=seen)
            for number in range(20)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 19]


async def test_without_if_match_all_of_many_writes_are_carried_out(
    house: World, project: str
) -> None:
    before = (await house.marketer.get(project)).json()["version"]
    answers = await asyncio.gather(
        *(
            house.marketer.patch(project, {"header": {"quoter": f"{before} {number}"}})
            for number in range(20)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    versions = sorted(event["version"] for answer in answers for event in answer.json()["events"])
    assert versions == list(range(before + 1, before + 21))


async def test_each_noun_with_a_stream_of_its_own_has_versions(house: World) -> None:
    path = "/v1/webhook-subscriptions"
    made = await house.owner.post(path, {"url": "https://example.com", "event_types": ["*"]})
    assert made.headers["etag"] == '"1"'
    one = made.headers["location"]
    changed = await house.owner.patch(one, {"description": "x"}, if_match='"1"')
    assert changed.headers["etag"] == '"2"'
    assert (await house.owner.get(one)).headers["etag"] == '"2"'
    assert_problem(
        await house.owner.patch(one, {"description": "y"}, if_match='"1"'), 412, "version_stale"
    )
