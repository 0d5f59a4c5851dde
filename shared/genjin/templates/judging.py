"""判断: who judges a stage, with which verdicts, and by which rule their judgements open the gate."""

from typing import ClassVar, Literal

from pydantic import Field

from genjin.templates.words import Frozen, Key, Text


class Verdict(Frozen):
    key: Key
    title: Text


class JudgementRule(Frozen):
    """Who judges a stage, and when their judgements open its gate; only fresh ones count. A judgement is a fact of its
    time: it counts on when whoever gave it has left the role since. Asking for a review has all of them judge anew.

    `all`: every role says `advance`. `any`: one of them does. `quorum`: at least `quorum` of them do. `sequence`: every
    role does, each after those before it. `decisive`: the roles of `decisive` do; the others advise, and the gate
    waits for nobody else.
    """

    ADVANCE: ClassVar[str] = "advance"
    VERDICTS: ClassVar[frozenset[str]] = frozenset({"advance", "hold", "return", "reject"})

    roles: tuple[Key, ...] = Field(min_length=1)
    mode: Literal["all", "any", "quorum", "sequence", "decisive"] = "all"
    quorum: int | None = Field(default=None, ge=1)
    decisive: tuple[Key, ...] = ()
    verdicts: tuple[Verdict, ...]
    comment_on: tuple[Key, ...] = ()
