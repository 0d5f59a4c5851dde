"""The whole audit index of a workspace held against its log, at once."""

from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from genjin.event_index.checking import (
    Block,
    Difference,
    MovedError,
    block_after,
    difference_of_block,
    difference_of_bounds,
)
from genjin.event_index.writing import rows_of_log
from genjin.log.reading import DamagedLogError
from genjin_api.projections.folding import LogHead
from genjin_api.projections.progress import Progress

DIFFERENCES_SHOWN_MAX = 20


@dataclass(slots=True)
class Verified:
    """differences: the first of them, one of each block; different counts them all."""

    workspace_id: UUID
    blocks: int = 0
    different: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference | None) -> None:
        if difference is not None:
            self.different += 1
            if len(self.differences) < DIFFERENCES_SHOWN_MAX:
                self.differences.append(difference)


async def verify_index(pool: asyncpg.Pool, head: LogHead, progress: Progress) -> Verified:
    """As far as the index has come. Raises DamagedLogError where the log itself is to blame."""
    found = Verified(head.workspace_id)
    found.add(await difference_of_bounds(pool, head.workspace_id))
    position = 0
    # What the reader's place says beyond the end of the log has no events that it could be held against.
    while (
        block := await block_after(pool, head.workspace_id, position)
    ) and block.end <= head.position:
        if await _is_checked(pool, head.workspace_id, block, found):
            progress.count(block.end - position)
            position = block.end
    return found


async def _is_checked(
    pool: asyncpg.Pool, workspace_id: UUID, block: Block, found: Verified
) -> bool:
    """No: the block was merged meanwhile, and is looked for again."""
    try:
        wanted = await rows_of_log(pool, workspace_id, block.start, block.level, 0.0)
        difference = await difference_of_block(pool, workspace_id, block, wanted)
    except MovedError:
        return False
    except DamagedLogError as error:
        raise DamagedLogError(f"workspace {workspace_id}: {error}") from error
    found.blocks += 1
    found.add(difference)
    return True
