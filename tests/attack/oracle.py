"""What a reader was served, held against what the writers were told."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.attack.schemes import Seen


@dataclass(frozen=True, slots=True)
class Verdict:
    """lost: acknowledged and never served. invented: served and never acknowledged. repeated: served twice.
    inverted: served before an earlier event of its stream. late: acknowledged and not served while a foreign
    transaction was open.
    """

    acknowledged: int
    lost: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    inverted: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not (self.lost or self.invented or self.repeated or self.inverted or self.late)

    def faults(self) -> dict[str, int]:
        names = ("lost", "invented", "repeated", "inverted", "late")
        return {name: len(getattr(self, name)) for name in names if getattr(self, name)}


def judge(acknowledged: Sequence[str], served: Sequence[Seen], late: Sequence[str] = ()) -> Verdict:
    told, texts = set(acknowledged), [seen.text for seen in served]
    return Verdict(
        acknowledged=len(acknowledged),
        lost=tuple(text for text in acknowledged if text not in set(texts)),
        invented=tuple(text for text in texts if text not in told),
        repeated=tuple(sorted({text for text in texts if texts.count(text) > 1})),
        inverted=tuple(_inverted(served)),
        late=tuple(late),
    )


def _inverted(served: Sequence[Seen]) -> list[str]:
    """Of each stream those that came after a later one, or after a gap."""
    versions: dict[str, int] = {}
    found = []
    for seen in served:
        if seen.version != versions.get(seen.stream, 0) + 1:
            found.append(seen.text)
        versions[seen.stream] = max(versions.get(seen.stream, 0), seen.version)
    return found
