"""The command on a workspace's signing keys."""

from genjin.evidence.events import LogKeyRotationRequested
from genjin_api.acting import Decided, Decision
from genjin_api.fields import Command, Prose, example


class RequestRotation(Command):
    model_config = example(reason="年度更换签名密钥")

    reason: Prose


def request_rotation(command: RequestRotation) -> Decision:
    return Decided([LogKeyRotationRequested(reason=command.reason)])
