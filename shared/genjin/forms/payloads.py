"""What the outside is told of a form: everything, but the values of a restricted one."""

from typing import Any


def form_payload(event: dict[str, Any]) -> dict[str, Any]:
    """Restricted forms hold personal data of customers' staff (attitudes, relations): values and changes stay inside,
    `restricted` says that something is missing.
    """
    data = event["data"]
    if not data.get("restricted"):
        return event
    return event | {"data": {**data, "values": None}, "changes": []}
