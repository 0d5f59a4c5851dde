"""Refusals of documents."""

from genjin_api.documents.decider import DOCUMENTS_MAX
from tests.documents.attaching import AGREEMENT, attach, hash_of, upload
from tests.pursuit import Pursuit
from tests.refusals.asking import Ask, Provocation, asked


def _attaching(pursuit: Pursuit, file_hash: str) -> Ask:
    body = {"sha256": file_hash, "title": "技术协议", "file_name": AGREEMENT}
    return asked(pursuit, "documents", body)


async def _attaching_what_nobody_uploaded(pursuit: Pursuit) -> Ask:
    return _attaching(pursuit, hash_of(b"never uploaded"))


async def _one_document_too_many(pursuit: Pursuit) -> Ask:
    file_hash = await upload(pursuit, b"agreement")
    for _ in range(DOCUMENTS_MAX):
        await attach(pursuit, file_hash)
    return _attaching(pursuit, file_hash)


async def _withdrawing_twice(pursuit: Pursuit) -> Ask:
    document = await attach(pursuit, await upload(pursuit, b"agreement"))
    name = f"documents/{document['id']}/withdrawals"
    await pursuit.post(name, {"reason": "扫描不全"})
    return asked(pursuit, name, {"reason": "扫描不全"})


PROVOCATIONS = {
    "file_unknown": Provocation(422, _attaching_what_nobody_uploaded, "/sha256"),
    "too_many_documents": Provocation(409, _one_document_too_many),
    "document_withdrawn": Provocation(409, _withdrawing_twice),
}
