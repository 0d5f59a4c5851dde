"""Creating a project, over HTTP."""

from tests.world import World


async def test_a_project_begins_in_the_first_stage_with_its_events_in_the_answer(
    world: World,
) -> None:
    body = {"code": "XM-1", "header": {"name": "某项目", "region": "天津"}}
    made = await world.marketer.post("/v1/projects", body)
    assert made.status_code == 201, made.text
    assert made.json()["project"]["stage"] == "initiation"
    assert [event["type"] for event in made.json()["events"]] == [
        "project.created",
        "stage.entered",
    ]
    assert made.headers["etag"] == '"2"'
    read = await world.dept_head.get(made.headers["location"])
    assert read.json() == made.json()["project"]
    assert read.headers["etag"] == '"2"'
