"""How questions name a level of health."""

from typing import Annotated

from fastapi import Query

from genjin_api.fields import Key

_DESCRIPTION = (
    "only projects whose health was last said to be on this level, one of their template's"
)

HealthLevel = Annotated[Key | None, Query(description=_DESCRIPTION)]
