"""What a tail keeps in memory is of the log that there is, whoever of its readers notices first that it is another."""

from collections.abc import Awaitable, Callable

import pytest

from genjin.log.reading import ForkedLogError
from genjin_notifier.log_pages import Place
from genjin_notifier.tail import Tail
from tests.notifier.log_writer import LogWriter

PAGE_EVENTS = 100

LOOKS: dict[str, Callable[[Tail, Place], Awaitable[object]]] = {
    "a lane": lambda tail, place: tail.read_lane("project-a", 0, place, PAGE_EVENTS),
    "who waits for room": lambda tail, place: tail.prove(place),
}


@pytest.mark.parametrize("who", LOOKS)
async def test_who_begins_at_a_common_place_is_told_nothing_of_the_log_that_was(
    log: LogWriter, who: str
) -> None:
    tail = Tail(log.database, log.workspace_id, PAGE_EVENTS, lambda: None)
    await log.note("a", 2)
    common = log.position
    await log.note("b")
    page = await tail.read(Place())
    assert [event.stream for event in page] == ["project-a", "project-a", "project-b"]
    await log.put_back(common, {"b": 0}, grow=("c", 1))
    with pytest.raises(ForkedLogError):
        await LOOKS[who](tail, page[-1].place)
    assert [event.stream for event in await tail.read(page[1].place)] == ["project-c"]
