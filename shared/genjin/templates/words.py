"""The vocabulary of the template language: keys, words in Chinese and English, where a process was taken from."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
TemplateKey = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=64)
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""In CEL, over the variables of genjin.templates.expressions; true or false."""


class Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, defer_build=True
    )


class Text(Frozen):
    zh: Words
    en: Words


class Source(Frozen):
    """The document that the process was taken from, so that every word can be looked up."""

    document: Words
    lines: Annotated[
        str, StringConstraints(pattern=r"^[0-9]+-[0-9]+(, [0-9]+-[0-9]+)*$", max_length=200)
    ]
    note: Text | None = None


class Choice(Frozen):
    key: Key
    title: Text
