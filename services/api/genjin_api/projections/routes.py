"""State attestations over HTTP: what the read models were found to hold, and where the log stood then."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.evidence.documents import Hash
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices
from genjin_api.http.documents import page_of, reads
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projections.attestation import latest_attestations

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=JsonRoute)


class SignedTreeDocument(BaseModel):
    """The first signed tree of the log that the position is in; its note is the signed checkpoint of this size."""

    size: int
    root: Hash


class ProjectionDocument(BaseModel):
    """A projection's last attestation. commit_hash is the chained hash of the commit that ends at position, signed_tree
    null until the log is sealed so far. content_hash is the SHA-256 of its rows of this workspace in canonical form.
    """

    projection: str
    position: int
    commit_hash: Hash
    signed_tree: SignedTreeDocument | None
    rows: int
    content_hash: Hash
    attested_at: datetime


@router.get(
    "/projections",
    summary="The projections with their last state attestation (owners, admins, auditors)",
    **reads(page_of("Projection", ProjectionDocument), "workspace_role_not_allowed"),
)
async def list_projections(services: CurrentServices, caller: CurrentCaller) -> Response:
    """Attestations are made by `genjin-api projections attest`; a projection that has none yet is not listed."""
    if caller.workspace_role == "member":
        raise ProblemError("workspace_role_not_allowed", "members do not read attestations")
    made = await latest_attestations(services.database, caller.workspace_id)
    return listed(attestation.document() for attestation in made)
