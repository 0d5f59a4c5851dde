"""Valid values for a form, made from its JSON Schema: the same schema always gives the same values.

Every field is filled, the optional ones too, with words that a Chinese sales office could have written.
"""

import re
from typing import Any

WORDS = "已与客户核实，记录在案。"
BY_FORMAT = {
    "date": "2026-03-16",
    "date-time": "2026-03-16T09:30:00+08:00",
    "time": "09:30:00+08:00",
    "email": "wang.fang@example.cn",
    "uri": "https://example.cn/biao-dan",
}
# What a pattern in a schema may stand for: an amount, a currency, a share, a code, a telephone number.
BY_PATTERN = ("1250000.00", "CNY", "0.85", "XM-2026-001", "xm_001", "13800138000", "2026-03")


def valid_values(schema: dict[str, Any]) -> dict[str, Any]:
    """The values of a whole form. ValueError where a schema asks for what this module does not know."""
    values = valid_value(schema)
    if not isinstance(values, dict):
        raise ValueError("a form's schema describes an object")
    return values


def valid_value(schema: dict[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return valid_value(schema[choice][0])
    match schema.get("type"):
        case "object":
            return {key: valid_value(part) for key, part in schema.get("properties", {}).items()}
        case "array":
            return [valid_value(schema["items"])] * max(1, schema.get("minItems", 0))
        case "string":
            return _text(schema)
        case "integer" | "number":
            return schema.get("minimum", min(1, schema.get("maximum", 1)))
        case "boolean":
            return True
        case other:
            raise ValueError(f"no value for the type {other!r}")


def _text(schema: dict[str, Any]) -> str:
    if "format" in schema:
        return BY_FORMAT[schema["format"]]
    if "pattern" in schema:
        return _matching(schema["pattern"])
    text = f"{schema.get('title', '')}：{WORDS}"
    while len(text) < schema.get("minLength", 0):
        text += WORDS
    return text[: schema.get("maxLength", len(text))]


def _matching(pattern: str) -> str:
    for text in BY_PATTERN:
        if re.search(pattern, text):
            return text
    raise ValueError(f"no text for the pattern {pattern}")
