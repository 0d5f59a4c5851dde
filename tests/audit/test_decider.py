"""What is recorded of a reading: what was asked, and never what it might have shown."""

import pytest

from genjin.audit.events import HistoryRead
from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase
from genjin_api.acting import Decided
from genjin_api.audit.decider import RecordReading, record


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        ('type:form.* -after:"王 芳",李雷', "type:form.* -after:withheld"),
        ("path:/values/note before:王芳", "path:/values/note before:withheld"),
        ("after:王芳 -after:李雷 position:1..9", "after:withheld -after:withheld position:1..9"),
        ("role:marketer subject:visit_report", "role:marketer subject:visit_report"),
    ],
)
def test_the_values_that_were_looked_for_are_not_recorded(asked: str, recorded: str) -> None:
    filter_ = parse_phrase(asked)
    assert isinstance(filter_, EventFilter)
    decision = record(RecordReading(filter_, False, [7], [{"restricted": True}]))
    assert isinstance(decision, Decided)
    [fact] = decision.facts
    assert isinstance(fact, HistoryRead)
    assert fact.phrase == recorded
