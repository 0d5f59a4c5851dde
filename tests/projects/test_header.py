"""Amounts in headers: what a project says is refused or counted, and what is in a log already stops nobody."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from genjin_api.acting import Decided
from genjin_api.projects import decider
from genjin_api.projects.decider import ChangeHeader, CreateProject
from genjin_api.projects.projection import past_rows, rows
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from tests.specification import MARKETER, TEMPLATE, created
from tests.specification import given as given_facts

ODD = (
    "约一千万",
    "NaN",
    "-Infinity",
    "1e5",
    "-5",
    "-0",
    "+5",
    " 5",
    "1_000",
    "٣",
    "5\n",
    "9" * 16,
    ".5",
    "5.",
)
ANYTHING = (
    st.sampled_from(ODD)
    | st.text(max_size=20)
    | st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{0,5})?", fullmatch=True)
)


def counted(project: Project) -> set[str | None]:
    """The amounts of all rows that a project has in tables that reports sum up."""
    found = {**rows(None, project), **past_rows(None, project)}
    tables = ("project", "project_past", "project_standing", "project_standing_past")
    return {row["expected_amount"] for table in tables for row in found[table]}


@settings(max_examples=200)
@given(ANYTHING)
def test_an_amount_is_refused_by_its_field_or_counts_as_what_it_says(text: str) -> None:
    command = CreateProject(code="XM-1", header={"name": "某项目", "expected_amount": text})
    decision = decider.create(command, TEMPLATE, "hash")
    [amount] = counted(given_facts(created(expected_amount=text)).now)
    if isinstance(decision, Refusal):
        assert [error.pointer for error in decision.errors] == ["/header/expected_amount"]
        assert amount is None
    else:
        assert isinstance(decision, Decided)
        assert amount is not None
        assert Decimal(amount) == Decimal(text)
        assert 0 <= Decimal(amount) < 10**15


def test_what_is_surely_no_amount_is_refused() -> None:
    for text in ODD:
        command = CreateProject(code="XM-1", header={"name": "某项目", "expected_amount": text})
        assert isinstance(decider.create(command, TEMPLATE, "hash"), Refusal), text


def test_an_amount_that_an_old_rule_let_in_is_in_the_way_of_no_other_field() -> None:
    old = given_facts(created(expected_amount="约一千万")).now
    other = ChangeHeader(header={"name": "另一项目"})
    decision = decider.change_header(old, TEMPLATE, other, MARKETER)
    assert isinstance(decision, Decided)
    assert [fact.header for fact in decision.facts] == [{"name": "另一项目"}]  # type: ignore[attr-defined]
    same = ChangeHeader(header={"expected_amount": "约两千万"})
    assert isinstance(decider.change_header(old, TEMPLATE, same, MARKETER), Refusal)
