"""What a receiver must have got, however often its notifier was interrupted."""

from tests.notifier.receiver import Receiver


def has_more_than(receiver: Receiver, count: int) -> bool:
    return len(receiver.accepted) > count


def assert_in_order_with_equal_duplicates(receiver: Receiver, counts: dict[str, int]) -> None:
    """First arrivals of each project are 1, 2, 3 …; whatever came twice came with the same id and bytes."""
    for project, count in counts.items():
        assert list(dict.fromkeys(receiver.versions(project))) == list(range(1, count + 1))
    bytes_of = {
        (each.project, each.version): (each.headers["webhook-id"], each.body)
        for each in receiver.received
    }
    for each in receiver.received:
        assert bytes_of[each.project, each.version] == (each.headers["webhook-id"], each.body)
