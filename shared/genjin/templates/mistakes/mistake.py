"""A mistake in a template: where, and the rule that it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """path leads from the template's body to the place."""

    path: Path
    rule: str

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer (RFC 6901)."""
        steps = (str(step).replace("~", "~0").replace("/", "~1") for step in self.path)
        return "".join(f"/{step}" for step in steps)


def unknown(path: Path, noun: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Mistake]:
    """Names that are not known, or that stand more than once."""
    known = set(known)
    for name, count in Counter(names).items():
        if name not in known:
            yield Mistake(path, f"no {noun} '{name}'")
        elif count > 1:
            yield Mistake(path, f"'{name}' stands {count} times")


def twice(path: Path, keys: Iterable[object]) -> Iterator[Mistake]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Mistake(path, f"'{key}' stands {count} times")
