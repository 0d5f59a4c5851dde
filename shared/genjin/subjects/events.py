"""Facts of a data subject (stream subject-<id>): a person outside the workspace, of whom its forms hold personal data.

Who the person is stands nowhere but in sealed values: a subject is known by its id alone.
"""

from typing import ClassVar

from genjin.event import Fact


class SubjectErased(Fact):
    """The subject's key was destroyed with this fact: nothing sealed under it can be read again, by anybody."""

    type: ClassVar[str] = "subject.erased"
    reason: str


SubjectFact = SubjectErased
