"""When a day of a workspace begins, and the day of a moment there."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def beginning(day: date, time_zone: str) -> datetime:
    """In UTC. At the ends of the calendar a zone may lead out of it: then the day as UTC has it."""
    try:
        return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time.min, UTC)


def in_zone(moment: datetime, time_zone: str) -> datetime:
    """The moment by a workspace's clocks; where the zone would lead out of the calendar, by those of UTC."""
    try:
        return moment.astimezone(ZoneInfo(time_zone))
    except OverflowError:
        return moment
