"""A file that is not a whole export is refused with the line where it fails, and leaves nothing behind."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin.evidence.merkle import leaf_hash
from genjin_api.transfer.reading import DamagedExportError, ExportReader
from tests.databases import Database
from tests.transfer.files import bring_in, export_of, row_count
from tests.world import World

Lines = list[bytes]


def first_event(lines: Lines, words: bytes = b'"leaf_hash"') -> int:
    """Its index, behind the first commits."""
    return next(at for at, line in enumerate(lines) if at > 20 and words in line)


def first_commit(lines: Lines) -> int:
    return next(at for at, line in enumerate(lines) if at > 20 and line.startswith(b'{"commit"'))


def changed(at: int, before: bytes, after: bytes) -> Callable[[Lines], tuple[Lines, int]]:
    def change(lines: Lines) -> tuple[Lines, int]:
        number = at % len(lines)
        assert before in lines[number]
        line = lines[number].replace(before, after, 1)
        return [*lines[:number], line, *lines[number + 1 :]], number + 1

    return change


def altered_event(lines: Lines) -> tuple[Lines, int]:
    at = first_event(lines)
    return changed(at, b'"occurred_at":"20', b'"occurred_at":"21')(lines)


def event_in_another_form(lines: Lines) -> tuple[Lines, int]:
    """The same event with a space in it, and the hash of that: questions to the history rest on the log's own form."""
    at = first_event(lines)
    end = lines[at].index(b',"leaf_hash"')
    body = lines[at][:end].replace(b'"actor":', b'"actor": ', 1) + b"}"
    leaf = leaf_hash(body).hex().encode()
    line = body[:-1] + b',"leaf_hash":"' + leaf + b'"}\n'
    return [*lines[:at], line, *lines[at + 1 :]], at + 1


def event_left_out(lines: Lines) -> tuple[Lines, int]:
    at = first_event(lines)
    return [*lines[:at], *lines[at + 1 :]], at + 1


def event_twice(lines: Lines) -> tuple[Lines, int]:
    at = first_event(lines)
    return [*lines[: at + 1], *lines[at:]], at + 2


def events_exchanged(lines: Lines) -> tuple[Lines, int]:
    at = first_event(lines)
    later = next(n for n, line in enumerate(lines) if n > at and b'"leaf_hash"' in line)
    other = list(lines)
    other[at], other[later] = lines[later], lines[at]
    return other, at + 1


def commit_left_out(lines: Lines) -> tuple[Lines, int]:
    at = first_commit(lines)
    later = next(n for n, line in enumerate(lines) if n > at and line.startswith(b'{"commit"'))
    return [*lines[:at], *lines[at + 1 :]], later


def commit_of_another_time(lines: Lines) -> tuple[Lines, int]:
    return changed(first_commit(lines), b'"recorded_at":"20', b'"recorded_at":"21')(lines)


def end_left_out(lines: Lines) -> tuple[Lines, int]:
    return lines[:-1], len(lines)


def cut_within_a_line(lines: Lines) -> tuple[Lines, int]:
    at = first_event(lines)
    return [*lines[:at], lines[at][:-9]], at + 1


def cut_behind_a_commit(lines: Lines) -> tuple[Lines, int]:
    at = first_commit(lines)
    return [*lines[: at + 1], lines[-1]], at + 2


def something_behind(lines: Lines) -> tuple[Lines, int]:
    return [*lines, b"{}\n"], len(lines) + 1


WAYS = {
    "the event was altered": (altered_event, "leaf hash is not that"),
    "an event is in another form": (event_in_another_form, "not canonical JSON"),
    "an event is missing": (event_left_out, "comes here|not that of the positions"),
    "an event stands twice": (event_twice, "comes here"),
    "two events changed places": (events_exchanged, "comes here"),
    "a commit is missing": (commit_left_out, "not that of the positions"),
    "a commit was recorded at another time": (commit_of_another_time, "at another time"),
    "the end is missing": (end_left_out, "no end line"),
    "the file is cut within a line": (cut_within_a_line, "cut off within this line"),
    "the file was cut and ended": (cut_behind_a_commit, "not what was promised"),
    "something stands behind the end": (something_behind, "behind the end"),
    "the root is another": (changed(-1, b'"root":"', b'"root":"0'), "the root is not"),
    "the count is another": (changed(-1, b'"count":', b'"count":1'), "not what was promised"),
    "it is another format": (changed(0, b"log/1", b"log/2"), "not that of an export"),
    "it is filtered": (changed(0, b'"filters":null', b'"filters":{}'), "only a whole one"),
    "it is another workspace's": (
        lambda lines: (
            [
                re.sub(rb'"workspace_id":"........', b'"workspace_id":"00000000', lines[0]),
                *lines[1:],
            ],
            2,
        ),
        "another workspace's",
    ),
    "it is no JSON": (lambda lines: ([b"hello\n", *lines], 1), "not understood"),
    "it is empty": (lambda _lines: ([], 1), "not understood|cut off"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_it_is_refused_and_leaves_nothing(
    lived_export: bytes, fresh_database: Database, tmp_path: Path, way: str
) -> None:
    damage, reason = WAYS[way]
    lines, number = damage(lived_export.splitlines(keepends=True))
    before = await row_count(fresh_database)
    with pytest.raises(DamagedExportError, match=reason) as refused:
        await bring_in(fresh_database, b"".join(lines), tmp_path)
    assert refused.value.line == number
    assert before == await row_count(fresh_database) == 0


def read(export: bytes) -> int:
    """How many events a reader finds in it."""
    lines = iter(export.splitlines(keepends=True))
    reader = ExportReader.opened(lines)
    return sum(len(commit.events) for commit in reader.commits(lines))


def test_the_whole_is_read_and_no_changed_byte_passes(lived_export: bytes) -> None:
    told = re.search(rb'"exported_at":"[^"]*"', lived_export)
    assert told is not None
    assert read(lived_export) > 60
    chance = random.Random(3)
    for _ in range(300):
        place = chance.randrange(len(lived_export))
        if told.start() <= place < told.end():  # when it was made is all that nothing proves
            continue
        byte = (lived_export[place] ^ (1 << chance.randrange(8))).to_bytes(1, "big")
        damaged = lived_export[:place] + byte + lived_export[place + 1 :]
        with pytest.raises(DamagedExportError):
            read(damaged)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_order_of_the_lines_but_their_own_passes(
    lived_export: bytes, data: st.DataObject
) -> None:
    lines = lived_export.splitlines(keepends=True)
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))
    lines[first], lines[second] = lines[second], lines[first]
    with pytest.raises(DamagedExportError):
        read(b"".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_beginning_of_the_file_passes(lived_export: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(lived_export) - 1))
    with pytest.raises(DamagedExportError):
        read(lived_export[:length])


async def test_an_export_of_less_than_the_whole_log_is_refused(
    lived: World, fresh_database: Database, tmp_path: Path
) -> None:
    part = await export_of(lived.owner, type="*")
    with pytest.raises(DamagedExportError, match="only a whole one"):
        await bring_in(fresh_database, part, tmp_path)
    assert await row_count(fresh_database) == 0
