"""Customer accounts over HTTP."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from genjin_api.accounts.decider import DEPTH_MAX
from genjin_api.handle import RULES_ACROSS_STREAMS
from tests.http.asserting import assert_problem
from tests.pursuit import done
from tests.stakeholders.inside import ACCOUNT, new_account
from tests.world import World


async def test_an_account_is_changed_by_a_merge_patch_and_remembers_what_it_was(
    world: World,
) -> None:
    marketer = world.marketer
    account = f"/v1/accounts/{await new_account(marketer)}"
    body = {"name": "滨海水务有限公司", "industry": None, "size": "3000人"}
    changed = done(await marketer.patch(account, body, if_match='"1"'))
    details = {"region": "天津", "size": "3000人"}
    assert changed.json()["account"]["details"] == details
    again = done(await marketer.patch(account, {"size": "3000人"})).json()
    assert again["events"] == []
    assert_problem(await marketer.patch(account, body, if_match='"1"'), 412, "version_stale")
    now = done(await marketer.get(account)).json()
    assert (now["name"], now["details"], now["version"]) == ("滨海水务有限公司", details, 2)
    then = done(await marketer.get(account, as_of="1"))
    assert then.json()["name"] == ACCOUNT["name"]
    assert "immutable" in then.headers["cache-control"]
    assert_problem(await marketer.get(account, as_of="3"), 400, "point_in_future")
    assert_problem(await marketer.get(account, as_of="@1"), 404, "not_found")


async def test_the_list_is_filtered_and_turned_page_by_page(world: World) -> None:
    marketer = world.marketer
    group = await new_account(marketer)
    parts = [
        await new_account(marketer, name=f"第{number}分公司", parent_id=group, region="河北")
        for number in range(3)
    ]
    done(await marketer.post(f"/v1/accounts/{parts[1]}/archivings", {"reason": "已注销"}))

    async def ids(**query: object) -> list[str]:
        answer = done(await marketer.get("/v1/accounts", **query)).json()
        return [one["id"] for one in answer["items"]]

    assert await ids(parent_id=group) == parts
    assert await ids(status="archived") == [parts[1]]
    assert await ids(search="第2") == [parts[2]]
    assert await ids(region="天津", industry="水务") == [group]
    first = done(await marketer.get("/v1/accounts", region="河北", limit=2))
    rest = done(await marketer.get(first.links["next"]["url"])).json()
    seen = [*first.json()["items"], *rest["items"]]
    assert ([one["id"] for one in seen], rest["next_cursor"]) == (parts, None)


async def test_an_account_is_no_part_of_itself(world: World) -> None:
    marketer = world.marketer
    top = await new_account(marketer)
    below = await new_account(marketer, parent_id=top)
    for parent in (top, below):
        answer = await marketer.patch(f"/v1/accounts/{top}", {"parent_id": parent})
        assert_problem(answer, 422, "field_invalid", "/parent_id")


async def test_a_project_names_its_account_and_the_account_knows_its_projects(
    world: World,
) -> None:
    marketer, project = world.marketer, await world.project()
    first, second = [await new_account(marketer) for _ in range(2)]
    before = done(await marketer.get(f"{project}/account")).json()
    for account in (first, second):
        done(await marketer.put(f"{project}/account", {"account_id": account}))
    [event] = done(
        await marketer.get(f"{project}/events", type="project.account_named", order="desc", limit=1)
    ).json()["items"]
    assert event["data"] == {"account_id": second}
    assert before["account_id"] is None
    assert done(await marketer.get(f"{project}/account")).json()["account_id"] == second
    version = event["version"] - 1
    then = done(await marketer.get(f"{project}/account", as_of=version)).json()
    assert then["account_id"] == first
    [known] = done(await marketer.get(f"/v1/accounts/{second}/projects")).json()["items"]
    assert project.endswith(known["id"])
    done(await marketer.put(f"{project}/account", {"account_id": None}))
    for account in (first, second):
        listed = done(await marketer.get(f"/v1/accounts/{account}/projects")).json()
        assert listed["items"] == []
    answer = await world.outsider.put(f"{project}/account", {"account_id": first})
    assert_problem(answer, 403, "role_not_allowed")


async def test_who_works_with_an_account_changes_its_details_and_who_made_it_its_place(
    world: World,
) -> None:
    marketer, judge, project = world.marketer, world.dept_head, await world.project()
    account, group = [await new_account(marketer) for _ in range(2)]
    path = f"/v1/accounts/{account}"
    assert_problem(await judge.patch(path, {"size": "3000人"}), 403, "role_not_allowed")
    done(await marketer.put(f"{project}/account", {"account_id": account}))
    done(await judge.patch(path, {"size": "3000人"}))
    refused = [
        await world.outsider.patch(path, {"size": "1人"}),
        await judge.patch(path, {"parent_id": group}),
        await judge.post(f"{path}/archivings", {"reason": "已注销"}),
        await judge.post(f"{path}/restorations", {"reason": "恢复"}),
    ]
    for answer in refused:
        assert_problem(answer, 403, "role_not_allowed")
    done(await marketer.patch(path, {"parent_id": group}))
    done(await world.owner.post(f"{path}/archivings", {"reason": "已注销"}))


async def test_accounts_that_are_moved_at_once_never_come_to_stand_above_themselves(
    world: World,
) -> None:
    marketer = world.marketer
    accounts = [await new_account(marketer) for _ in range(4)]
    below = [await new_account(marketer, parent_id=account) for account in accounts]
    for _ in range(3):
        moves = [
            marketer.patch(f"/v1/accounts/{account}", {"parent_id": below[number - 1]})
            for number, account in enumerate(accounts)
        ]
        answers = await asyncio.gather(*moves)
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 422]
        for answer in answers:
            if not answer.is_success:
                assert_problem(answer, 422, "field_invalid", "/parent_id")
        items = done(await marketer.get("/v1/accounts")).json()["items"]
        parents = {one["id"]: one["parent_id"] for one in items}
        for account in accounts:
            above, here = [], parents[account]
            while here is not None:
                above.append(here)
                assert account not in above
                here = parents[here]
        for account in accounts:
            done(await marketer.patch(f"/v1/accounts/{account}", {"parent_id": None}))


async def test_an_account_brings_those_below_it_to_the_limit_of_depth(world: World) -> None:
    marketer = world.marketer
    chain = [await new_account(marketer)]
    for _ in range(DEPTH_MAX - 1):
        chain.append(await new_account(marketer, parent_id=chain[-1]))
    top = await new_account(marketer)
    middle = await new_account(marketer, parent_id=top)
    answer = await marketer.patch(f"/v1/accounts/{chain[0]}", {"parent_id": middle})
    assert_problem(answer, 422, "field_invalid", "/parent_id")
    done(await marketer.patch(f"/v1/accounts/{chain[0]}", {"parent_id": top}))
    answer = await marketer.post("/v1/accounts", {"name": "班组", "parent_id": chain[-1]})
    assert_problem(answer, 422, "field_invalid", "/parent_id")


async def test_the_database_refuses_a_circle_that_nobody_looked_for(world: World) -> None:
    top = await new_account(world.marketer)
    below = await new_account(world.marketer, parent_id=top)
    row = "ROW(1, $2::uuid, 'x', null, null, $3::uuid, 'active', 9, '{}')::genjin.account_row"
    write = f"SELECT genjin.write_account_rows($1, ARRAY[true], ARRAY[{row}])"
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await owner.execute(write, UUID(world.workspace_id), UUID(top), UUID(below))
    finally:
        await owner.close()
    assert refused.value.constraint_name in RULES_ACROSS_STREAMS
