"""Half of a long log is folded by a process of its own, for a fold keeps one processor busy with Python alone.

The process is `python -m genjin_api.projections.second_fold`: it is told on its standard input what to fold, and tells
on its standard output line by line, in JSON, what came of it. It ends when nobody listens any longer.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing, suppress
from typing import Any
from uuid import UUID

import orjson

from genjin_api.projections.encoding import Encoded, encode
from genjin_api.projections.folding import FoldError, StreamRange, fold_streams
from genjin_api.projections.owner import owner_connection
from genjin_api.projections.shadow import CannotRebuildError
from genjin_api.projections.tables import chosen, kinds

# A log with fewer events is folded before a second process would have started.
SPLIT_FROM_EVENTS = 50_000
LINE_BYTES_MAX = 256 * 1024 * 1024
END_SECONDS_MAX = 10

# The stream that holds the event in the middle, in the order of the streams: streams are of very different lengths.
MIDDLE = """
SELECT stream FROM genjin.event WHERE workspace_id = $1 ORDER BY stream, version OFFSET $2 LIMIT 1
"""


async def folded_apart(
    url: str,
    workspace_id: UUID,
    tables: Collection[str],
    streams: StreamRange,
    count: Callable[[int], None],
) -> AsyncGenerator[Encoded, None]:
    """What fold_streams() gives, folded by another process. Raises FoldError, CannotRebuildError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "DATABASE_URL": url},
        limit=LINE_BYTES_MAX,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        task = {
            "workspace_id": str(workspace_id),
            "tables": sorted(tables),
            "after": streams.after,
            "up_to": streams.up_to,
        }
        process.stdin.write(orjson.dumps(task))
        process.stdin.close()
        while line := await process.stdout.readline():
            told = orjson.loads(line)
            if "error" in told:
                raise FoldError(told["error"])
            if "end" in told:
                return
            count(told["events"])
            if told["noun"]:
                yield Encoded(told["noun"], UUID(told["identifier"]), told["rows"])
        raise CannotRebuildError("the second process of the rebuild ended before its work did")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait_for(process.wait(), END_SECONDS_MAX)


async def _work(task: dict[str, Any]) -> None:
    workspace_id, tables = UUID(task["workspace_id"]), task["tables"]
    streams = StreamRange(task["after"], task["up_to"])
    unsaid = 0

    def count(events: int) -> None:
        nonlocal unsaid
        unsaid += events

    async with owner_connection(os.environ["DATABASE_URL"]) as connection:
        known = kinds(chosen(tables))
        folding = fold_streams(connection, workspace_id, known, count, streams, ahead=True)
        async with aclosing(folding) as every:
            async for folded in every:
                encoded = encode(folded, workspace_id, tables)
                _say(
                    noun=encoded.noun,
                    identifier=encoded.identifier,
                    rows=encoded.rows,
                    events=unsaid,
                )
                unsaid = 0
    _say(noun="", identifier="", rows={}, events=unsaid)
    _say(end=True)


def _say(**told: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))


def main() -> None:
    try:
        asyncio.run(_work(orjson.loads(sys.stdin.buffer.read())))
    except FoldError as error:
        _say(error=str(error))
    with suppress(BrokenPipeError):
        sys.stdout.flush()


if __name__ == "__main__":
    main()
