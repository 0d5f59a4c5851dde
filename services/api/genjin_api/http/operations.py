"""Operations: is the process alive, is it ready, what does it measure. No credential, no workspace data."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from genjin_api.http.answers import shown

router = APIRouter(tags=["operations"])


@router.get("/livez", summary="The process answers")
async def live() -> Response:
    return shown({"status": "ok"})


@router.get(
    "/readyz",
    summary="The database answers, has the schema of this release, and keeps what is written",
    responses={
        503: {"description": "Not ready; `reason` says why", "content": {"application/json": {}}}
    },
)
async def ready(request: Request) -> Response:
    problem = await request.app.state.readiness.problem()
    if problem is None:
        return shown({"status": "ok"})
    response = shown({"status": "not ready", "reason": problem})
    response.status_code = 503
    return response


@router.get("/metrics", summary="Measurements in the Prometheus format", include_in_schema=False)
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
