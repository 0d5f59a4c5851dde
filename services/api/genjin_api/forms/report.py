"""A form's validation report: what is wrong with its values, and what is missing before it is signed. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from genjin.templates.model import Template
from genjin_api.forms.fields import is_hidden
from genjin_api.forms.state import FormRecord
from genjin_api.forms.validation import PROBLEMS_MAX, Checked, FormProblem, problems
from genjin_api.projects.state import Project

_DOCUMENT_RULES = ("document_unknown", "document_changed", "document_withdrawn")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the form is not signed by all whom its template names. field and document: pointer says
    where. completion: it is a draft. signature: of a role. signer: nobody may sign for this role as things stand, for
    nobody holds it, or who saved this revision alone does and may not.
    """

    kind: Literal["field", "document", "completion", "signature", "signer"]
    text: str
    pointer: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """fits: the values satisfy the form. signable: signatures are taken, or would be, as the form stands. Problems come
    in the order of the form's rules, hints last, at most 50 of them; more: there are others. unchecked are the JSON
    Pointers of personal values that were not shown to the reader, of which nothing is said.
    """

    form: str
    copy_number: int
    revision: int
    state: Literal["draft", "complete"]
    fits: bool
    signable: bool
    problems: list[FormProblem]
    more: bool
    missing: list[Missing]
    unchecked: list[str]


def report(
    project: Project, template: Template, record: FormRecord, checked: Checked, language: str
) -> ValidationReport:
    """Of a form as it was saved; checked holds its values as the reader may see them."""
    found = list(islice(problems(checked, language), PROBLEMS_MAX + 1))
    shown = found[:PROBLEMS_MAX]
    fits = not any(one.severity == "blocks_signing" for one in found)
    return ValidationReport(
        form=record.form,
        copy_number=record.copy_number,
        revision=record.revision,
        state=record.state,
        fits=fits,
        signable=fits and record.state == "complete" and bool(checked.spec.signed_by),
        problems=shown,
        more=len(found) > PROBLEMS_MAX,
        missing=[
            *_of_values(shown, checked),
            *_of_signing(project, template, record, language),
        ],
        unchecked=[f"/values{place}" for place in sorted(checked.hidden)],
    )


def without(document: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """A report's document for a reader who is not shown what stands at these JSON Pointers into the values."""

    def is_shown(one: Mapping[str, Any]) -> bool:
        return one["pointer"] is None or not is_hidden(one["pointer"], hidden)

    return {
        **document,
        "problems": [one for one in document["problems"] if is_shown(one)],
        "missing": [one for one in document["missing"] if is_shown(one)],
        "unchecked": [f"/values{place}" for place in sorted(hidden)],
    }


def _of_values(found: list[FormProblem], checked: Checked) -> Iterator[Missing]:
    for one in found:
        text = one.as_error().detail
        if one.rule in _DOCUMENT_RULES:
            yield Missing("document", text, pointer=one.pointer)
        elif one.rule == "required":
            yield Missing("field", text, pointer=one.pointer)


def _of_signing(
    project: Project, template: Template, record: FormRecord, language: str
) -> Iterator[Missing]:
    zh = language == "zh"
    if record.state == "draft":
        yield Missing("completion", "须作为完整内容保存" if zh else "must be saved as complete")
    spec = template.forms[record.form]
    titles = {role.key: role.title.zh if zh else role.title.en for role in template.roles}
    for role in spec.signed_by:
        if role in record.signatures:
            continue
        title = titles.get(role, role)
        text = f"须由{title}签字" if zh else f"{title} must sign"
        yield Missing("signature", text, role=role)
        holders = {holder.person_id for holder in project.role_holders.get(role, ())}
        if not holders:
            text = f"尚无人担任{title}" if zh else f"nobody is {title}"
            yield Missing("signer", text, role=role)
        elif spec.four_eyes and holders == {record.author_id}:
            text = (
                f"保存本版的人不得签字，须由另一位{title}签字"
                if zh
                else f"who saved this revision does not sign it: another {title} must"
            )
            yield Missing("signer", text, role=role)
