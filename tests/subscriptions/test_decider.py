"""What a change of a webhook subscription leaves of its grant."""

from datetime import UTC, datetime
from uuid import UUID

from genjin.subscriptions.events import SubscriptionChanged
from genjin_api.acting import Decided
from genjin_api.subscriptions.decider import ChangeSubscription, change
from genjin_api.subscriptions.state import Subscription

HERE, THERE = "https://here.example/in", "https://there.example/in"


def granted(*, active: bool) -> Subscription:
    identifier, now = UUID(int=1), datetime(2026, 3, 2, tzinfo=UTC)
    made = (identifier, HERE, ("*",), "", active, 0, identifier, now, now, 1)
    return Subscription(*made, classes=("restricted",))


def test_at_another_url_a_grant_holds_only_where_it_is_said_again() -> None:
    for active in (True, False):
        before = granted(active=active)
        for asked, left in [
            (ChangeSubscription(url=THERE), ()),
            (ChangeSubscription(url=THERE, active=True), ()),
            (ChangeSubscription(url=THERE, classes=("restricted",)), ("restricted",)),
            (ChangeSubscription(url=HERE, description="CRM"), ("restricted",)),
            (ChangeSubscription(active=not active), ("restricted",)),
            (ChangeSubscription(classes=()), ()),
        ]:
            decided = change(before, before.id, asked, allow_http=False)
            assert isinstance(decided, Decided)
            [fact] = decided.facts
            assert isinstance(fact, SubscriptionChanged)
            assert fact.classes == left, asked
