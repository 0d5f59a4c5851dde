"""What the doctor says of one thing it looked at."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fatal"]


@dataclass(frozen=True, slots=True)
class Finding:
    """fatal: the API must not serve like this. reason is what was seen; remedy what to do, empty where all is well."""

    name: str
    level: Level
    reason: str
    remedy: str = ""

    def line(self) -> str:
        return f"{self.name}: {self.reason}" + (f". {self.remedy}" if self.remedy else "")


def ok(name: str, reason: str) -> Finding:
    return Finding(name, "ok", reason)


def warn(name: str, reason: str, remedy: str) -> Finding:
    return Finding(name, "warn", reason, remedy)


def fatal(name: str, reason: str, remedy: str) -> Finding:
    return Finding(name, "fatal", reason, remedy)
