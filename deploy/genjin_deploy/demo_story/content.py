"""What the story says: story.yaml and forms.yaml, with their days put into the calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict


class Chapter(BaseModel):
    """One visit to a stage. Each beat is a map of one entry: what happens, and the words of it."""

    model_config = ConfigDict(extra="forbid")

    stage: str
    day: date
    beats: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Content:
    """forms maps each form to the values of its copies."""

    header: Mapping[str, str]
    chapters: Sequence[Chapter]
    forms: Mapping[str, Sequence[Mapping[str, Any]]]


def read_content(today: date) -> Content:
    story = _read("story.yaml", today)
    forms = _read("forms.yaml", today)
    return Content(
        header=story["header"],
        chapters=[Chapter.model_validate(chapter) for chapter in story["chapters"]],
        forms={
            key: copies if isinstance(copies, list) else [copies] for key, copies in forms.items()
        },
    )


def _read(name: str, today: date) -> dict[str, Any]:
    """Raises yaml.YAMLError. `!day -30` becomes the text of the day thirty days before today."""

    class Loader(yaml.SafeLoader):
        pass

    def day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return (today + timedelta(days=int(loader.construct_scalar(node)))).isoformat()

    Loader.add_constructor("!day", day)
    text = (files("genjin_deploy.demo_story") / name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader)
    return content
