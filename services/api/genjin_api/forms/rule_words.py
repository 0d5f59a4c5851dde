"""What a rule of a form asks for, in the reader's words. They never say what a value was: it may be personal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from genjin.documents.links import FORMAT

Rule = Literal[
    "required",
    "unknown_field",
    "wrong_type",
    "not_a_choice",
    "wrong_format",
    "wrong_pattern",
    "too_long",
    "too_short",
    "too_large",
    "too_small",
    "not_a_multiple",
    "too_many",
    "too_few",
    "not_unique",
    "does_not_fit",
    "document_unknown",
    "document_changed",
    "document_withdrawn",
    "blank",
    "recommended",
]
CHOICES_MAX = 20

# By keyword of JSON Schema: the rule, and its words with the keyword's value as {limit}.
_KEYWORDS: Mapping[str, tuple[Rule, str, str]] = {
    "required": ("required", "必须填写", "must be filled in"),
    "additionalProperties": ("unknown_field", "表单没有此项", "the form has no such field"),
    "unevaluatedProperties": ("unknown_field", "表单没有此项", "the form has no such field"),
    "type": ("wrong_type", "应为{limit}", "must be {limit}"),
    "enum": ("not_a_choice", "须为以下之一：{limit}", "must be one of: {limit}"),
    "const": ("not_a_choice", "须为：{limit}", "must be: {limit}"),
    "format": ("wrong_format", "应为{limit}", "must be {limit}"),
    "pattern": ("wrong_pattern", "写法须符合 {limit}", "must be written as {limit}"),
    "maxLength": ("too_long", "最多{limit}个字", "has {limit} characters at most"),
    "minLength": ("too_short", "至少{limit}个字", "has {limit} characters at least"),
    "maximum": ("too_large", "不得大于{limit}", "is {limit} at most"),
    "exclusiveMaximum": ("too_large", "须小于{limit}", "is less than {limit}"),
    "minimum": ("too_small", "不得小于{limit}", "is {limit} at least"),
    "exclusiveMinimum": ("too_small", "须大于{limit}", "is more than {limit}"),
    "multipleOf": ("not_a_multiple", "须为{limit}的倍数", "is a multiple of {limit}"),
    "maxItems": ("too_many", "最多{limit}项", "has {limit} entries at most"),
    "minItems": ("too_few", "至少{limit}项", "has {limit} entries at least"),
    "maxProperties": ("too_many", "最多{limit}项", "has {limit} fields at most"),
    "minProperties": ("too_few", "至少{limit}项", "has {limit} fields at least"),
    "uniqueItems": ("not_unique", "各项不得重复", "has no entry twice"),
}
_OTHERS: tuple[Rule, str, str] = ("does_not_fit", "不符合表单的规定", "does not fit the form")

_TYPES = {
    "string": ("文字", "text"),
    "integer": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "boolean": ("是或否", "true or false"),
    "array": ("列表", "a list"),
    "object": ("一组字段", "an object"),
    "null": ("空", "null"),
}
_FORMATS = {
    "date": ("日期，如 2026-03-16", "a date, as 2026-03-16"),
    "time": ("时间，如 09:30:00+08:00", "a time, as 09:30:00+08:00"),
    "date-time": (
        "日期和时间，如 2026-03-16T09:30:00+08:00",
        "a date and time, as 2026-03-16T09:30:00+08:00",
    ),
    "email": ("电子邮箱地址", "an e-mail address"),
    "uri": ("网址", "a URI"),
    FORMAT: ("文件链接：文件编号@sha256:哈希值", "a link: <document id>@sha256:<hash>"),
}
_WORDS: Mapping[Rule, tuple[str, str]] = {
    "unknown_field": _KEYWORDS["additionalProperties"][1:],
    "document_unknown": ("项目没有此文件", "the project has no such document"),
    "document_changed": (
        "文件内容与链接的哈希值不符",
        "the document's content has another hash than the link",
    ),
    "document_withdrawn": ("文件已撤回", "the document was withdrawn"),
    "blank": ("只有空白", "is blank"),
    "recommended": ("建议填写", "should be filled in"),
}


def rule_of(keyword: str) -> Rule:
    return _KEYWORDS.get(keyword, _OTHERS)[0]


def words_of_keyword(keyword: str, schema: Mapping[str, Any], language: str) -> str:
    """Of a keyword that a value breaks, in the schema that it stands in."""
    _, zh, en = _KEYWORDS.get(keyword, _OTHERS)
    limit = _limit(keyword, schema.get(keyword), schema, language)
    return (zh if language == "zh" else en).replace("{limit}", limit)


def words_of_rule(rule: Rule, language: str) -> str:
    """Of a rule that no keyword says."""
    return _WORDS[rule][0 if language == "zh" else 1]


def _limit(keyword: str, value: Any, schema: Mapping[str, Any], language: str) -> str:
    match keyword:
        case "type":
            types = value if isinstance(value, list) else [value]
            joint = "或" if language == "zh" else " or "
            return joint.join(_named(_TYPES, str(one), language) for one in types)
        case "format":
            return _named(_FORMATS, str(value), language)
        case "enum":
            return _choices(value, schema.get("x-titles"), language)
        case _:
            return str(value)[:200]


def _named(names: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    return names[key][0 if language == "zh" else 1] if key in names else key


def _choices(values: Sequence[Any], titles: Any, language: str) -> str:
    known = titles if isinstance(titles, dict) else {}
    shown = [str(known.get(str(one), {}).get(language, one))[:40] for one in values[:CHOICES_MAX]]
    more = ["…"] if len(values) > CHOICES_MAX else []
    return ("、" if language == "zh" else ", ").join([*shown, *more])
