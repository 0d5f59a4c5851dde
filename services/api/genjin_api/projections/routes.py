"""State attestations over HTTP: what the read models were found to hold, and where the log stood then."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices
from genjin_api.http.documents import page_of, reads
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projections.attestation import latest_attestations

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=JsonRoute)


class LogRootDocument(BaseModel):
    """What stands for the whole log up to a position: commit_hash is the chained hash of the commit that ends there."""

    commit_hash: str


class ProjectionDocument(BaseModel):
    """A projection's last attestation. content_hash is the SHA-256 of its rows of this workspace in canonical form."""

    projection: str
    position: int
    log_root: LogRootDocument
    rows: int
    content_hash: str
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
