"""The story from its first chapter to its last."""

from collections.abc import Callable, Mapping
from typing import Any

from genjin_deploy.demo_story import register_beats, stage_beats
from genjin_deploy.demo_story.content import Chapter
from genjin_deploy.demo_story.telling import Telling

Beat = Callable[[Telling, Any], None]

# What a beat in story.yaml is called: what happens.
BEATS: Mapping[str, Beat] = {
    "day": stage_beats.day,
    "actual": stage_beats.actual,
    "refused_actual": stage_beats.refused_actual,
    "conditions": stage_beats.conditions,
    "forms": stage_beats.forms,
    "revise": stage_beats.revise,
    "judge": stage_beats.judge,
    "judge_otherwise": stage_beats.judge_otherwise,
    "gate": stage_beats.gate,
    "advance": stage_beats.advance,
    "return": stage_beats.return_,
    "follow_up": stage_beats.follow_up,
    "complete": stage_beats.complete,
    "suspend": stage_beats.suspend,
    "resume": stage_beats.resume,
    "header": stage_beats.header,
    "close": stage_beats.close,
    "requirement": register_beats.requirement,
    "change": register_beats.change,
    "decide": register_beats.decide,
    "apply": register_beats.apply,
    "risk": register_beats.risk,
    "response": register_beats.response,
    "occur": register_beats.occur,
    "close_risk": register_beats.close_risk,
}


def tell(telling: Telling) -> None:
    """Raises StoryBroken where an answer is not the expected one."""
    telling.begin(telling.content.chapters[0].day)
    visits: dict[str, int] = {}
    for chapter in telling.content.chapters:
        visits[chapter.stage] = visits.get(chapter.stage, 0) + 1
        _head(telling, chapter, visits[chapter.stage])
        for beat in chapter.beats:
            [(kind, words)] = beat.items()
            BEATS[kind](telling, words)


def _head(telling: Telling, chapter: Chapter, visit: int) -> None:
    telling.stage = chapter.stage
    telling.move_to(chapter.day)
    title = telling.words.stages[chapter.stage]
    again = f" · visit {visit}" if visit > 1 else ""
    number = telling.words.stage_numbers[chapter.stage]
    telling.timeline.heading(f"{number} {title['zh']}", f"{title['en']}{again}", str(chapter.day))
