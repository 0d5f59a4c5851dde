"""The rows of a large portfolio put into the tables that reports count, set by set, as superuser and without a log."""

from dataclasses import dataclass
from importlib.resources import files
from random import Random
from uuid import UUID, uuid4

import asyncpg
import orjson

from genjin.templates.catalog import latest
from genjin_api.reports.completing import TABLES

TEMPLATE = latest("pursuit.8")
VARIANTS = 9_973  # of what was given and judged in a stage
PEOPLE = 2_000
_STATEMENTS = files("tests.bench.made_portfolio").joinpath("rows.sql")


@dataclass(frozen=True, slots=True)
class MadePortfolio:
    """middle is a position at about half of its history; person_id is one of its PEOPLE."""

    workspace_id: UUID
    person_id: UUID
    projects: int
    middle: int


async def make_portfolio(url: str, projects: int, variants: int = VARIANTS) -> MadePortfolio:
    """Of a workspace of its own. Each project is in one of the eight stages, every fifth is closed, every tenth was
    suspended once, many were given or judged something of their own. url is the superuser's.
    """
    workspace_id = uuid4()
    numbers = {":projects": projects, ":people": PEOPLE, ":variants": variants}
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "CREATE TEMPORARY TABLE given (place integer, variant integer, stage text, given text, judged text)"
        )
        await connection.copy_records_to_table("given", records=_given(Random(1), variants))
        for statement in _STATEMENTS.read_text().split("\n\n"):
            text = statement.replace(":workspace", f"'{workspace_id}'::uuid")
            for name, number in numbers.items():
                text = text.replace(name, str(number))
            await connection.execute(text)
        tables = ", ".join(f"genjin.{table}" for table in (*TABLES, "project", "follow_up"))
        await connection.execute(f"VACUUM (ANALYZE) {tables}")
        person = await connection.fetchval("SELECT md5('person 7')::uuid")
    finally:
        await connection.close()
    return MadePortfolio(workspace_id, person, projects, middle=8 * projects)


def _given(chance: Random, variants: int) -> list[tuple[int, int, str, str, str]]:
    """What people may have given, and judged: forms of the stages before, some of this stage's, not all of them
    complete and signed; some judgements.
    """
    found = []
    for place, stage in enumerate(TEMPLATE.stages, start=1):
        before = [form for one in TEMPLATE.stages[: place - 1] for form in one.forms]
        for variant in range(variants):
            own = {form for form in stage.forms if chance.random() < 0.5}
            roles = [role for role in TEMPLATE.judgement.roles if chance.random() < 0.5]
            chance.shuffle(roles)
            forms = [_copy(chance, form, own) for form in sorted({*before, *own})]
            judged = [[role, chance.choice(("advance", "advance", "hold"))] for role in roles]
            given = orjson.dumps({"approved": [], "forms": forms}).decode()
            found.append((place, variant, stage.key, given, orjson.dumps(judged).decode()))
    return found


def _copy(chance: Random, form: str, own: set[str]) -> list[object]:
    signers = _signers(form)
    if form not in own:
        return [form, 1, 0, chance.random() < 0.95, False, signers]
    signed = sorted(chance.sample(signers, chance.randint(0, len(signers))))
    return [form, 1, 0, chance.random() < 0.8, True, signed]


def _signers(form: str) -> list[str]:
    return sorted(TEMPLATE.forms[form].signed_by)
