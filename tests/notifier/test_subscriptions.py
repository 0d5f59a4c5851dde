"""Which events a subscription asks for: by their types, and by its phrase on what the outside is told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from genjin.canonical import canonical_json
from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase
from genjin.sealing import seal
from genjin_notifier.log_pages import Commit
from genjin_notifier.signing import Signer
from genjin_notifier.subscriptions import Subscription, signer_of
from genjin_notifier.tail import Outgoing


def subscription(types: list[str], phrase: str | None = None) -> Subscription:
    asked = None if phrase is None else parse_phrase(phrase)
    assert asked is None or isinstance(asked, EventFilter)
    identifier = UUID(int=1)
    return Subscription(
        identifier, identifier, "", tuple(types), 0, 1, Signer(Webhook("whsec_c2VjcmV0")), asked
    )


def outgoing(event_type: str, body: dict[str, Any] | None = None) -> Outgoing:
    text = "not JSON" if body is None else canonical_json(body | {"type": event_type})
    event = RecordedEvent(1, "project-x", 1, event_type, text, b"")
    return Outgoing(event, Commit(1, 1, b"", b""))


def event(**data: Any) -> dict[str, Any]:
    return {
        "actor": {"type": "person", "id": "x", "name": "王芳", "role": "marketer"},
        "stream": "project-x",
        "data": data,
        "changes": [{"path": "/forms/a/values/attitude", "before": None, "after": "supports"}],
    }


@pytest.mark.parametrize(
    ("patterns", "event_type", "covered"),
    [
        (["*"], "stage.advanced", True),
        (["stage.advanced"], "stage.advanced", True),
        (["stage.advanced"], "stage.advanced_back", False),
        (["stage.*"], "stage.advanced", True),
        (["stage.*"], "stages.advanced", False),
        (["stage.*"], "stage", False),
        (["risk.*", "stage.judged"], "stage.judged", True),
        (["risk.*", "stage.judged"], "stage.advanced", False),
        ([], "stage.advanced", False),
    ],
)
def test_a_pattern_is_a_type_or_its_beginning(
    patterns: list[str], event_type: str, covered: bool
) -> None:
    """The body, which is no JSON here, is not looked at."""
    assert subscription(patterns).wants(outgoing(event_type)) is covered


def test_a_phrase_is_asked_of_the_events_whose_type_fits() -> None:
    wanted = subscription(["stage.*"], "role:marketer -stage:s2")
    assert wanted.wants(outgoing("stage.judged", event(stage="s1")))
    assert not wanted.wants(outgoing("stage.judged", event(stage="s2")))
    assert not wanted.wants(outgoing("risk.closed", event(stage="s1")))


def test_what_is_restricted_cannot_be_guessed_by_a_phrase() -> None:
    wanted = subscription(["form.*"], "after:supports")
    values = {"attitude": "supports"}
    assert wanted.wants(outgoing("form.completed", event(restricted=False, values=values)))
    assert not wanted.wants(outgoing("form.completed", event(restricted=True, values=values)))


def test_what_is_told_to_nobody_is_not_wanted() -> None:
    assert not subscription(["*"], "role:marketer").wants(outgoing("person.added", event()))


def test_an_event_that_cannot_be_put_into_words_is_wanted_so_that_its_attempt_shows_it() -> None:
    assert subscription(["*"], "role:marketer").wants(outgoing("stage.judged"))


def test_a_secret_of_before_that_cannot_be_opened_or_has_run_out_does_not_stop_the_newest() -> None:
    key, now = bytes(32), datetime.now(UTC)
    later, newest, before = now + timedelta(hours=1), "whsec_bmV3ZXN0", "whsec_YmVmb3Jl"
    purpose = f"webhook-secret:{UUID(int=1)}"
    of_another_key, opens = seal(bytes([1] * 32), before, purpose), seal(key, before, purpose)
    signed = {secret: Webhook(secret).sign("m", now, "{}") for secret in (newest, before)}
    for previous, until, expected in [
        (None, None, [newest]),
        (opens, later, [newest, before]),
        (of_another_key, later, [newest]),
        (of_another_key, now, [newest]),
        (opens, now, [newest]),
    ]:
        stored = seal(key, newest, purpose), previous, until
        signatures = signer_of(key, UUID(int=1), *stored, now).sign("m", now, "{}")
        assert signatures == " ".join(signed[secret] for secret in expected)
