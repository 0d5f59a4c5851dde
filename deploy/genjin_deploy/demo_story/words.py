"""The words of the process template, and a closed gate's blockers told with them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class Words:
    """Chinese titles by key, English ones for the stages too. template: its document as the API shows it."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.stages = {stage["key"]: stage["title"] for stage in template["stages"]}
        self.stage_numbers = {key: number for number, key in enumerate(self.stages, start=1)}
        self.roles = _titles(template["roles"]) | {"auditor": "审计"}
        self.verdicts = _titles(template["judgement"]["verdicts"])
        self.outcomes = _titles(template["outcomes"])
        self.fields = _titles(template["header"])
        self.bands = _titles(template["risk"]["bands"])
        self.strategies = _titles(template["risk"]["strategies"])
        self.forms = {key: form["title"]["zh"] for key, form in template["forms"].items()}
        self.signers = {key: form["signed_by"] for key, form in template["forms"].items()}
        self.conditions = {
            (stage["key"], condition["key"]): condition["text"]["zh"]
            for stage in template["stages"]
            for part in stage["parts"]
            for condition in part["conditions"]
        }

    def stage(self, key: str) -> str:
        return str(self.stages[key]["zh"])

    def blockers(self, stage: str, blockers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """One line for each kind of blocker."""
        by_code: dict[str, list[Mapping[str, Any]]] = {}
        for blocker in blockers:
            by_code.setdefault(blocker["code"], []).append(blocker)
        for code, found in by_code.items():
            yield self._blocker(stage, code, found)

    def _blocker(self, stage: str, code: str, found: Sequence[Mapping[str, Any]]) -> str:
        subjects = [blocker["subject"] for blocker in found]
        value = found[0]["value"]
        roles = "、".join(self.roles.get(subject, subject) for subject in subjects)
        forms = "、".join(self.forms.get(subject, subject) for subject in subjects)
        match code:
            case "actual_missing":
                return "实际情况 is not written"
            case "condition_not_met":
                texts = "；".join(self.conditions[stage, key] for key in subjects)
                return f"{counted(len(found), 'condition')} not met: {texts}"
            case "form_missing" | "form_incomplete" | "form_unsigned":
                return f"{code.replace('_', ' ')}: {forms}"
            case "judgement_missing":
                return f"no judgement yet by {roles}"
            case "judgement_negative":
                return f"{roles} says {self.verdicts[value]}"
            case "judgement_stale":
                return f"judged on facts {value['judged']}, now at {value['now']}: {roles}"
            case "risk_unanswered":
                return f"a risk with score {value} has no planned response"
            case "change_undecided":
                return f"a change request that touches this stage is undecided ({value})"
            case _:
                return f"{code.replace('_', ' ')}: {', '.join(subjects)}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _titles(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {item["key"]: item["title"]["zh"] for item in items}
