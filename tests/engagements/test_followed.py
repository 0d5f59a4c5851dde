"""Following a business over HTTP: goals, health, cadences, now and as they were."""

from datetime import date, timedelta

from genjin.templates.catalog import latest
from tests.engaged import GOAL, engaged, new_engagement
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import World

ENGAGEMENT = latest("engagement")


async def test_a_goal_is_followed_by_its_metric_or_by_its_own_progress(world: World) -> None:
    engagement = await new_engagement(world)
    measured = {**GOAL, "metric": "market_share", "due_on": "2027-12-31"}
    first = (await engagement.post("goals", measured))["goal"]
    assert (first["value"], first["is_reached"]) == (None, None)
    await engagement.post("metrics/market_share/values", {"value": 41.5, "on": "2026-03-31"})
    by_metric = done(await world.marketer.get(f"{engagement.path}/goals/{first['id']}")).json()
    assert (by_metric["value"], by_metric["valued_on"]) == (41.5, "2026-03-31")
    assert by_metric["is_reached"] is True

    path = (
        f"goals/{(await engagement.post('goals', {**GOAL, 'direction': 'at_most'}))['goal']['id']}"
    )
    for value, on in ((41.0, "2026-03-02"), (39.0, "2026-03-09"), (45.0, "2026-03-01")):
        body = {"value": value, "on": on, "note": "投诉数"}
        goal = (await engagement.post(f"{path}/progress", body))["goal"]
    assert (goal["value"], goal["is_reached"], goal["progress_count"]) == (39.0, True, 3)
    adjusted = {"target": 30.0, "due_on": None, "reason": "市场变化"}
    goal = (await engagement.post(f"{path}/adjustments", adjusted))["goal"]
    assert (goal["is_reached"], goal["adjustments"]) == (False, 1)
    version = (await engagement.card())["version"]
    await engagement.post(f"{path}/endings", {"outcome": "abandoned", "reason": "业务调整"})
    assert await engagement.items("goals", status="open") == [by_metric]
    then = await engagement.items("goals", as_of=str(version))
    assert [one["status"] for one in then] == ["open", "open"]
    told = await engagement.items("events", type="goal.progressed", order="asc")
    assert [one["data"]["value"] for one in told] == [41.0, 39.0, 45.0]


async def test_health_is_what_people_say_beside_what_the_record_says(world: World) -> None:
    both = await engaged(world)
    engagement = both.engagement
    path = f"{engagement.path}/health"
    before = done(await world.marketer.get(path)).json()
    assert before == {"said": None, "computed": {"level": "green", "signals": []}}
    await engagement.post("health-assessments", {"level": "growing", "reason": "份额上升"})
    version = (await engagement.card())["version"]
    await both.occur()
    now = done(await world.marketer.get(path)).json()
    assert (now["said"]["level"], now["said"]["role"]) == ("growing", "business_team")
    assert now["computed"] == {
        "level": "red",
        "signals": [{"code": "risk_occurred", "subject": both.cause, "since": None}],
    }
    then = done(await world.marketer.get(path, as_of=str(version))).json()
    assert (then["said"]["level"], then["computed"]["level"]) == ("growing", "green")
    of_project = done(await world.marketer.get(f"{both.project.path}/health")).json()
    assert of_project["computed"] == {
        "level": "amber",
        "signals": [{"code": "risk_awaits_assessment", "subject": both.risk, "since": None}],
    }
    refused = await world.marketer.post(
        f"{engagement.path}/health-assessments", {"level": "green", "reason": "x"}
    )
    assert refused.json()["errors"][0]["pointer"] == "/level"


async def test_an_engagement_shows_how_its_cadences_are_kept(world: World) -> None:
    """One that began some 18 months ago and had one return visit, a year ago."""
    begun, visited = _ago(560), _ago(380)
    body = {"code": f"YW-{begun}", "template": "engagement", "header": {"name": "某客户"}}
    made = done(await world.marketer.post("/v1/projects", {**body, "occurred_at": begun}))
    engagement = type(await new_engagement(world))(world, made.headers["location"])
    await engagement.post("role-holders", {"role": "business_team", "person_id": world.marketer.id})
    form = {
        "values": valid_values(ENGAGEMENT.forms["return_visit"].json_schema),
        "complete": True,
        "occurred_at": visited,
    }
    done(await world.marketer.put(f"{engagement.path}/forms/return_visit", form))
    visits, surveys, _ = await engagement.items("cadences")
    assert (visits["cadence"], visits["form"]) == ("return_visits", "return_visit")
    assert visits["kept"] == 1
    assert visits["kept"] + visits["missed"] == surveys["missed"] >= 4
    assert visits["rate"] == round(1 / surveys["missed"], 4)
    assert (surveys["kept"], surveys["rate"], surveys["last_done_on"]) == (0, 0.0, None)
    newest = surveys["newest"][-1]
    assert (newest["kept"], newest["due_on"]) == (None, surveys["next_due_on"])
    health = done(await world.marketer.get(f"{engagement.path}/health")).json()["computed"]
    assert health["level"] == "red"
    assert [one["code"] for one in health["signals"]] == [
        "customer_silent",
        *["cadence_missed"] * 3,
    ]
    before = await engagement.items("cadences", as_of="3")
    assert before[0]["kept"] == 0


def _ago(days: int) -> str:
    return f"{(date.today() - timedelta(days=days)).isoformat()}T04:00:00Z"
