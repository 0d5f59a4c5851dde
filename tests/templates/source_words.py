"""The kept words of the documents that shipped templates were taken from, and which of them a template says."""

import re
from collections.abc import Iterator
from pathlib import Path

from genjin.templates.model import Template

SOURCES = Path(__file__).parent / "sources"


def source(key: str) -> str:
    return (SOURCES / f"{key}.txt").read_text(encoding="utf-8")


def unspaced(words: str) -> str:
    return re.sub(r"\s", "", words)


def sections(text: str, heading: str) -> dict[str, str]:
    """What stands under each heading, by its title: the first group of the pattern, which is matched line by line."""
    found: dict[str, str] = {}
    title = ""
    for line in text.splitlines():
        if match := re.match(heading, line):
            title = match[1].strip()
            found.setdefault(title, "")
        elif title:
            found[title] += line + "\n"
    return found


def sentences(template: Template) -> Iterator[str]:
    """The Chinese of every success criterion, line by line, and of every condition."""
    for stage in template.stages:
        for part in stage.parts:
            yield from part.success.zh.splitlines()
        for condition in stage.conditions():
            yield condition.text.zh


def said_of(template: Template, words: str) -> list[str]:
    """Those sentences of the template that stand in these words."""
    there = unspaced(words)
    return [sentence for sentence in sentences(template) if unspaced(sentence) in there]
