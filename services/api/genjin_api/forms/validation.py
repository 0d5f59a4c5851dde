"""What is wrong with a form's values: the place, the rule, words for the reader. Pure; compiled schemas are kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from jsonschema_rs import Draft202012Validator, ValidationError

from genjin.documents.links import FORMAT, Link, link_of
from genjin.templates import form_schemas
from genjin.templates.model import FormSpec
from genjin_api.documents.state import Documents
from genjin_api.forms.fields import fields_of, is_hidden, title_of
from genjin_api.forms.rule_words import Rule, rule_of, words_of_keyword, words_of_rule
from genjin_api.refusal import FieldError, pointer

PROBLEMS_MAX = 50


@dataclass(frozen=True, slots=True)
class FormProblem:
    """pointer leads into the form's document, so those of values begin with /values; that of what is missing says where
    it belongs. A hint keeps nobody from signing. title is the field's.
    """

    pointer: str
    rule: Rule
    severity: Literal["blocks_signing", "hint"]
    title: str
    text: str

    def as_error(self) -> FieldError:
        return FieldError(
            self.pointer, self.rule, f"{self.title}: {self.text}" if self.title else self.text
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A form's values, and what they are held against. body_hash is the hash of the form's template; hidden are the
    JSON Pointers into the values of what is not shown, so nothing is said of it.
    """

    body_hash: str
    form: str
    spec: FormSpec
    values: Mapping[str, Any]
    documents: Documents
    hidden: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Spec:
    """A form's specification on its way through the cache, which knows it by its template's hash and its name."""

    of: FormSpec = field(compare=False, hash=False)


@lru_cache(maxsize=512)
def _compiled(_body_hash: str, _form: str, spec: _Spec) -> Draft202012Validator:
    return form_schemas.compiled(spec.of)


def blocking(checked: Checked, language: str) -> list[FormProblem]:
    """What keeps the values from being complete, and so from being signed: PROBLEMS_MAX at most."""
    return list(islice(_blocking(checked, language), PROBLEMS_MAX))


def problems(checked: Checked, language: str) -> Iterator[FormProblem]:
    """Hints too, after all that blocks."""
    yield from _blocking(checked, language)
    yield from _hints(checked, language)


def unknown_fields(
    schema: Mapping[str, Any], values: Mapping[str, Any], language: str
) -> list[FormProblem]:
    """A draft may be incomplete, but a field that the form does not have is refused by name at once."""
    unknown = sorted(values.keys() - schema["properties"].keys())
    return [_problem(schema, [key], "unknown_field", language) for key in unknown[:PROBLEMS_MAX]]


def _blocking(checked: Checked, language: str) -> Iterator[FormProblem]:
    validator = _compiled(checked.body_hash, checked.form, _Spec(checked.spec))
    schema = checked.spec.json_schema
    for error in validator.iter_errors(checked.values):
        for problem in _of_keyword(schema, error, language):
            if not is_hidden(problem.pointer, checked.hidden):
                yield problem
    yield from _of_links(checked, language)


def _of_keyword(
    schema: Mapping[str, Any], error: ValidationError, language: str
) -> Iterator[FormProblem]:
    keyword = error.kind.name
    text = words_of_keyword(keyword, _schema_at(schema, error.schema_path[:-1]), language)
    for keys in _places(error):
        title = title_of(schema, keys, language)
        yield FormProblem(pointer("values", *keys), rule_of(keyword), "blocks_signing", title, text)


def _places(error: ValidationError) -> Iterator[list[str | int]]:
    """What is missing or unknown is named itself, not the object that should have it or should not."""
    above = list(error.instance_path)
    missing = getattr(error.kind, "property", None)
    unexpected: Sequence[str] = getattr(error.kind, "unexpected", ())
    if missing is not None:
        yield [*above, missing]
    elif unexpected and error.kind.name.endswith("Properties"):
        yield from ([*above, key] for key in unexpected)
    else:
        yield above


def _schema_at(schema: Any, path: Sequence[str | int]) -> Mapping[str, Any]:
    """Where a keyword stands, by its path from the root of the schema."""
    for step in path:
        try:
            schema = schema[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return schema if isinstance(schema, dict) else {}


def _of_links(checked: Checked, language: str) -> Iterator[FormProblem]:
    schema = checked.spec.json_schema
    for one in fields_of(schema, checked.values):
        link = link_of(one.value) if one.schema.get("format") == FORMAT else None
        if link and (rule := broken(link, checked.documents)):
            yield _problem(schema, one.keys, rule, language)


def broken(link: Link, documents: Documents) -> Rule | None:
    """What is wrong with a link to a document of the project."""
    document = documents.get(link.document_id)
    if document is None:
        return "document_unknown"
    if document.sha256 != link.sha256:
        return "document_changed"
    return "document_withdrawn" if document.status == "withdrawn" else None


def _hints(checked: Checked, language: str) -> Iterator[FormProblem]:
    """Text of spaces alone, and fields marked x-recommended that are not filled in."""
    schema = checked.spec.json_schema
    for one in fields_of(schema, checked.values):
        if is_hidden(one.place, checked.hidden):
            continue
        if isinstance(one.value, str) and one.value and not one.value.strip():
            yield _problem(schema, one.keys, "blank", language, "hint")
        if isinstance(one.value, dict):
            for key, below in one.schema.get("properties", {}).items():
                wanted = isinstance(below, dict) and below.get("x-recommended") is True
                if wanted and one.value.get(key) in (None, "", [], {}):
                    yield _problem(schema, (*one.keys, key), "recommended", language, "hint")


def _problem(
    schema: Mapping[str, Any],
    keys: Sequence[str | int],
    rule: Rule,
    language: str,
    severity: Literal["blocks_signing", "hint"] = "blocks_signing",
) -> FormProblem:
    title = title_of(schema, keys, language)
    return FormProblem(
        pointer("values", *keys), rule, severity, title, words_of_rule(rule, language)
    )
